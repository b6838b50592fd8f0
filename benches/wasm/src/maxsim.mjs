// MaxSim in JavaScript: what the package's results are checked against, and what its speed is compared with.

/** The scores in 64 bits, as plainly as the formula. */
export function reference(query, docs, docLens, dim) {
  const rows = (values) =>
    Array.from({ length: values.length / dim }, (_, i) => values.subarray(i * dim, (i + 1) * dim));
  const [queryRows, docRows] = [rows(query), rows(docs)];
  let first = 0;
  return Array.from(docLens, (len) => {
    const doc = docRows.slice(first, (first += len));
    return queryRows.reduce((sum, q) => sum + doc.reduce((max, d) => Math.max(max, dot(q, d)), -Infinity), 0);
  });
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** A plain loop, as one would write it in JavaScript for speed: local variables, no array made, no closure. */
export function plainLoop(query, docs, docLens, dim, out) {
  let start = 0;
  for (let i = 0; i < docLens.length; i++) {
    const end = start + docLens[i] * dim;
    let score = 0;
    for (let q = 0; q < query.length; q += dim) {
      let best = -Infinity;
      for (let d = start; d < end; d += dim) {
        let sum = 0;
        for (let k = 0; k < dim; k++) sum += query[q + k] * docs[d + k];
        if (sum > best) best = sum;
      }
      score += best;
    }
    out[i] = score;
    start = end;
  }
}

/** `n` rows of `dim` values and of length 1, the same in every run: xorshift32 (Marsaglia, 2003). */
export function unitRows(seed, n, dim) {
  const values = new Float32Array(n * dim);
  let x = seed;
  for (let start = 0; start < values.length; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      values[i] = x / 2 ** 31;
      squares += values[i] ** 2;
    }
    const norm = Math.sqrt(squares);
    for (let i = start; i < start + dim; i++) values[i] /= norm;
  }
  return values;
}
