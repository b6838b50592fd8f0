// Arrays that are not what they seem, of any class: each function makes one of the values of another.

/** The same kind of array. */
const like = (values) => values.constructor;

/** A part of a larger one. */
export function part(values) {
  const part = new (like(values))(values.length + 8).subarray(5, 5 + values.length);
  part.set(values);
  return part;
}

/** In shared memory. */
export function shared(values) {
  const array = new (like(values))(new SharedArrayBuffer(values.byteLength));
  array.set(values);
  return array;
}

/** One that can change its length. */
export function resizable(values) {
  const maxByteLength = 2 * values.byteLength;
  const array = new (like(values))(new ArrayBuffer(values.byteLength, { maxByteLength }));
  array.set(values);
  return array;
}

/** One whose memory has gone elsewhere. */
export function detached(values) {
  const array = values.slice();
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** Of a plain subclass. */
export function subclass(values) {
  class Own extends like(values) {}
  return Own.from(values);
}

/** What says another length of itself than the engine does: to be taken for what the engine says. */
export const LENGTHS = [
  ...[0, 1, 2, 3, 4, 5, 8, 10, 1e6, 2 ** 40, -1, 0.5, NaN, Infinity],
  ...["6", null, undefined, 6n, Symbol("6"), {}, { valueOf: () => mine() }],
];

/**
 * Of a class that says another length of itself, and another place, and whose methods throw. It begins in the middle of
 * its memory, which is full of other numbers.
 */
export const lying = (length) => (values) => {
  class Liar extends like(values) {
    get length() {
      return length;
    }
    get byteLength() {
      return length;
    }
    get byteOffset() {
      return 0;
    }
    get buffer() {
      return new ArrayBuffer(8);
    }
    get [Symbol.toStringTag]() {
      return "Liar";
    }
    static get [Symbol.species]() {
      return mine();
    }
  }
  for (const method of ["subarray", "slice", "set", "at", Symbol.iterator]) Liar.prototype[method] = mine;
  const whole = new (like(values))(values.length + 16).fill(values[0]);
  whole.set(values, 8);
  return new Liar(whole.buffer, 8 * values.BYTES_PER_ELEMENT, values.length);
};

const LENGTH = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), "length").get;

/** How long an array is, whatever it says. */
export const lengthOf = (array) => (ArrayBuffer.isView(array) ? LENGTH.call(array) : array.length);

/** A list of these numbers that does something as its first element is read. */
export function listThat(action, [first, ...rest]) {
  return Object.defineProperty([first, ...rest], 0, {
    get() {
      action();
      return first;
    },
  });
}

/** One whose memory goes elsewhere, or of which nothing is left, when it is told to: `[array, end]` of each kind. */
export function ending(values) {
  const going = values.slice();
  // Read twice, it is told twice, and some engines refuse to send away what is gone.
  const leave = () => going.length > 0 && structuredClone(going.buffer, { transfer: [going.buffer] });
  const ends = [[going, leave]];
  if (hasResizable()) {
    const shrinking = resizable(values);
    ends.push([shrinking, () => shrinking.buffer.resize(values.BYTES_PER_ELEMENT)]);
  }
  return ends;
}

export const hasShared = () => typeof SharedArrayBuffer !== "undefined";
export const hasResizable = () => "resizable" in ArrayBuffer.prototype;

export const mine = () => {
  throw new Error("mine");
};

/** What only looks like an array of that class. */
export function impostors(Array) {
  const tagged = { [Symbol.toStringTag]: Array.name };
  const { proxy: revoked, revoke } = Proxy.revocable(new Array(2), {});
  revoke();
  return [
    tagged,
    { ...tagged, length: 2, byteOffset: 0, buffer: new ArrayBuffer(16) },
    { ...tagged, length: 2, byteOffset: 0, buffer: new ArrayBuffer(1) },
    { ...tagged, length: 1e6, byteOffset: -8, buffer: new ArrayBuffer(16), subarray: () => new Array(2) },
    { ...tagged, length: 2, subarray: () => new Array(2) },
    { ...tagged, length: NaN, subarray: () => new Array(2) },
    { ...tagged, length: "2", subarray: () => new Array(2) },
    Object.defineProperty({ ...tagged }, "length", { get: mine }),
    Object.defineProperty({ ...tagged }, "buffer", { get: mine }),
    Object.defineProperty({}, Symbol.toStringTag, { get: mine }),
    Object.create(Array.prototype),
    new Proxy(new Array(2), {}),
    revoked,
  ];
}
