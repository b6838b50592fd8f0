// Pooling, normalising, quantising and comparing in JavaScript: what the package's results are checked against, and what
// its speed is compared with. Plain loops.

/** The mean of each text's tokens that count, made one of length 1. Padding is skipped. */
export function meanPool(x, mask, batch, seq, hidden, out) {
  for (let b = 0; b < batch; b++) {
    const start = b * hidden;
    for (let i = start; i < start + hidden; i++) out[i] = 0;
    let count = 0;
    for (let t = b * seq; t < (b + 1) * seq; t++) {
      if (mask[t] === 0) continue;
      count += 1;
      const at = t * hidden;
      for (let i = 0; i < hidden; i++) out[start + i] += x[at + i];
    }
    let squares = 0;
    for (let i = start; i < start + hidden; i++) {
      out[i] /= count;
      squares += out[i] * out[i];
    }
    const norm = Math.sqrt(squares);
    for (let i = start; i < start + hidden; i++) out[i] /= norm;
  }
}

export function l2Normalize(x, dim, out) {
  for (let start = 0; start < x.length; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += x[i] * x[i];
    const norm = Math.sqrt(squares);
    for (let i = start; i < start + dim; i++) out[i] = x[i] / norm;
  }
}

export function quantizeInt8(x, dim, min, step, out) {
  for (let start = 0; start < x.length; start += dim) {
    for (let i = 0; i < dim; i++) {
      const code = Math.floor(Math.fround(Math.fround(x[start + i] - min[i]) / step[i]));
      out[start + i] = Math.min(Math.max(code, 0), 255) - 128;
    }
  }
}

export function dotInt8(query, rows, out) {
  const dim = query.length;
  for (let r = 0; r < out.length; r++) {
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += query[i] * rows[r * dim + i];
    out[r] = sum;
  }
}

/** Four bytes at a time: the bits of each pair are counted in parallel. */
export function hamming(query, rows, out) {
  const words = query.length / 4;
  const a = new Uint32Array(query.buffer, query.byteOffset, words);
  const b = new Uint32Array(rows.buffer, rows.byteOffset, rows.length / 4);
  for (let r = 0; r < out.length; r++) {
    let distance = 0;
    for (let i = 0; i < words; i++) {
      let x = a[i] ^ b[r * words + i];
      x -= (x >>> 1) & 0x55555555;
      x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
      distance += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    out[r] = distance;
  }
}

/** Numbers from -1 to 1, the same in every run: xorshift32 (Marsaglia, 2003). */
export function random(seed) {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x / 2 ** 31;
  };
}

/** A mask of texts that are padded to the right: `active` of all tokens count, about. */
export function paddedMask(next, batch, seq, active) {
  const mask = new Uint8Array(batch * seq);
  for (let b = 0; b < batch; b++) {
    const len = Math.round(seq * (active + (1 - active) * next()));
    mask.fill(1, b * seq, b * seq + len);
  }
  return mask;
}
