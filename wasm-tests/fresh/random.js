// Inputs that are random enough, and the same everywhere.

/** Numbers from -1 to 1: a 32-bit generator with additive steps and mixing (Mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** `n` rows of `dim` values and of length 1, as token embeddings are. */
export function unitRows(next, n, dim) {
  const rows = Float32Array.from({ length: n * dim }, next);
  for (let start = 0; start < rows.length; start += dim) {
    const row = rows.subarray(start, start + dim);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let i = 0; i < dim; i++) row[i] /= norm;
  }
  return rows;
}
