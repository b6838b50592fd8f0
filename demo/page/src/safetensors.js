// Tensors of a safetensors archive: a JSON header, then little-endian numbers, row-major.

const BYTES = { F16: 2, U32: 4 };

export class Archive {
  #header;
  #numbers;

  /** @param {ArrayBuffer} buffer the whole file */
  constructor(buffer) {
    try {
      const length = Number(new DataView(buffer).getBigUint64(0, true));
      this.#header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 8, length)));
      this.#numbers = buffer.slice(8 + length);
    } catch (error) {
      throw new Error("damaged, or not a whole safetensors file", { cause: error });
    }
  }

  /** An f16 tensor `[rows, dim]`, widened, and `dim`. */
  embeddings(name) {
    const { bytes, shape } = this.#tensor(name, "F16", [undefined, undefined]);
    const [, dim] = shape;
    const [numbers, table] = [new Uint16Array(bytes), halves()];
    const values = new Float32Array(numbers.length);
    // A visitor waits for this: `Float32Array.from` with a function takes several times as long.
    for (let i = 0; i < values.length; i++) {
      values[i] = table[numbers[i]];
      if (!Number.isFinite(values[i])) throw new Error(`tensor ${name}: expected finite values, got ${values[i]}`);
    }
    return { values, dim };
  }

  /** A u32 tensor of this shape. */
  integers(name, shape) {
    return new Uint32Array(this.#tensor(name, "U32", shape).bytes);
  }

  /** The bytes of a tensor, in a buffer of their own and so aligned. `undefined` in `expected` is any size. */
  #tensor(name, type, expected) {
    const tensor = this.#header[name];
    if (tensor === undefined) throw new Error(`expected a tensor ${name}, got ${Object.keys(this.#header).join(", ")}`);
    const { dtype, shape, data_offsets: [start, end] } = tensor;
    const fits = shape.length === expected.length && shape.every((size, i) => size === (expected[i] ?? size));
    if (dtype !== type || !fits) {
      const sizes = expected.map((size) => size ?? "any").join(", ");
      throw new Error(`tensor ${name}: expected ${type} [${sizes}], got ${dtype} [${shape.join(", ")}]`);
    }
    const bytes = this.#numbers.slice(start, end);
    if (bytes.byteLength !== shape.reduce((product, size) => product * size, BYTES[type])) {
      throw new Error(`tensor ${name}: expected ${shape.join(" × ")} values, got ${bytes.byteLength} bytes`);
    }
    return { bytes, shape };
  }
}

/** The values of all 65,536 half-precision numbers: `Float16Array` is not in every browser yet. */
function halves() {
  return Float32Array.from({ length: 1 << 16 }, (_, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
