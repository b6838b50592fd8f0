// Reads safetensors: a JSON header and little-endian numbers.

/**
 * @param {ArrayBuffer} archive
 * @returns {Record<string, { shape: number[], values: Float64Array | Float32Array | Int32Array | Uint32Array }>}
 */
export function tensors(archive) {
  const length = Number(new DataView(archive).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(archive, 8, length)));
  delete header.__metadata__;
  const entries = Object.entries(header).map(([name, { dtype, shape, data_offsets: [start, end] }]) => {
    // A copy, which is aligned.
    const bytes = archive.slice(8 + length + start, 8 + length + end);
    return [name, { shape, values: TYPES[dtype](bytes) }];
  });
  return Object.fromEntries(entries);
}

const TYPES = {
  F64: (bytes) => new Float64Array(bytes),
  F32: (bytes) => new Float32Array(bytes),
  I32: (bytes) => new Int32Array(bytes),
  U32: (bytes) => new Uint32Array(bytes),
  F16: (bytes) => Float32Array.from(new Uint16Array(bytes), half),
};

/** Half precision, exactly. `Float16Array` is not everywhere yet. */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
