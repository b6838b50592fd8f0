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

/** Of a class whose `subarray` does something else first. */
export const before = (action) => (values) => {
  const Plain = like(values);
  class Own extends Plain {
    subarray(start, end) {
      action(this);
      return new Plain(this.buffer, this.byteOffset + this.BYTES_PER_ELEMENT * start, end - start);
    }
  }
  return new Own(values);
};

/** Of a class that says another length of itself. */
export const lying = (length) => (values) => {
  class Liar extends like(values) {
    get length() {
      return length;
    }
  }
  return new Liar(values.slice().buffer);
};

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
