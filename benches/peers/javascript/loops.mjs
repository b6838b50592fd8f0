// Layers and comparisons in JavaScript, as one would write them for speed: typed arrays, local variables, nothing made
// in a loop.

/** Row by row of the result, to which each row of `b` is added as often as `a` says: all is read in order. */
export function gemm(a, b, m, k, n, out) {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let p = 0; p < k; p++) {
      const weight = a[i * k + p];
      const from = p * n;
      for (let j = 0; j < n; j++) out[row + j] += weight * b[from + j];
    }
  }
}

/** The product of a vector and each row. */
export function products(query, rows, out) {
  const dim = query.length;
  for (let r = 0; r < out.length; r++) {
    const start = r * dim;
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += query[i] * rows[start + i];
    out[r] = sum;
  }
}

export function cosine(query, rows, out) {
  const dim = query.length;
  let length = 0;
  for (let i = 0; i < dim; i++) length += query[i] * query[i];
  for (let r = 0; r < out.length; r++) {
    const start = r * dim;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < dim; i++) {
      const x = rows[start + i];
      sum += query[i] * x;
      squares += x * x;
    }
    out[r] = sum / Math.sqrt(length * squares);
  }
}

export function relu(x, _dim, out) {
  for (let i = 0; i < x.length; i++) out[i] = x[i] > 0 ? x[i] : 0;
}

export function exp(x, _dim, out) {
  for (let i = 0; i < x.length; i++) out[i] = Math.exp(x[i]);
}

export function tanh(x, _dim, out) {
  for (let i = 0; i < x.length; i++) out[i] = Math.tanh(x[i]);
}

export function sigmoid(x, _dim, out) {
  for (let i = 0; i < x.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]));
}

/** By the error function of Abramowitz and Stegun, 7.1.26, whose error is below 1.5e-7: JavaScript has none. */
export function gelu(x, _dim, out) {
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    const t = 1 / (1 + 0.3275911 * Math.SQRT1_2 * Math.abs(value));
    const series = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
    // The part of the normal distribution beyond the value, on the side that it lies on.
    const tail = 0.5 * t * series * Math.exp(-0.5 * value * value);
    out[i] = value * (value > 0 ? 1 - tail : tail);
  }
}

export function geluTanh(x, _dim, out) {
  const scale = Math.sqrt(2 / Math.PI);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    out[i] = 0.5 * value * (1 + Math.tanh(scale * value * (1 + 0.044715 * value * value)));
  }
}

export function softmax(x, dim, out) {
  for (let start = 0; start < x.length; start += dim) {
    const end = start + dim;
    let max = -Infinity;
    for (let i = start; i < end; i++) if (x[i] > max) max = x[i];
    let sum = 0;
    for (let i = start; i < end; i++) sum += out[i] = Math.exp(x[i] - max);
    const scale = 1 / sum;
    for (let i = start; i < end; i++) out[i] *= scale;
  }
}

export function layerNorm(x, dim, weight, bias, eps, out) {
  for (let start = 0; start < x.length; start += dim) {
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += x[start + i];
    const mean = sum / dim;
    let squares = 0;
    for (let i = 0; i < dim; i++) {
      const apart = x[start + i] - mean;
      squares += apart * apart;
    }
    const scale = 1 / Math.sqrt(squares / dim + eps);
    for (let i = 0; i < dim; i++) out[start + i] = (x[start + i] - mean) * scale * weight[i] + bias[i];
  }
}

export function rmsNorm(x, dim, weight, eps, out) {
  for (let start = 0; start < x.length; start += dim) {
    let squares = 0;
    for (let i = 0; i < dim; i++) squares += x[start + i] * x[start + i];
    const scale = 1 / Math.sqrt(squares / dim + eps);
    for (let i = 0; i < dim; i++) out[start + i] = x[start + i] * scale * weight[i];
  }
}

/** `scores` is room for a number for each key. */
export function attention(q, k, v, heads, len, dim, scores, out) {
  const scale = 1 / Math.sqrt(dim);
  for (let head = 0; head < heads; head++) {
    const start = head * len * dim;
    for (let row = start; row < start + len * dim; row += dim) {
      for (let key = 0; key < len; key++) {
        const at = start + key * dim;
        let sum = 0;
        for (let i = 0; i < dim; i++) sum += q[row + i] * k[at + i];
        scores[key] = sum * scale;
      }
      softmax(scores, len, scores);
      for (let i = row; i < row + dim; i++) out[i] = 0;
      for (let key = 0; key < len; key++) {
        const weight = scores[key];
        const at = start + key * dim;
        for (let i = 0; i < dim; i++) out[row + i] += weight * v[at + i];
      }
    }
  }
}

/** A bit a value, eight to a byte. */
export function quantizeUbinary(x, out) {
  for (let byte = 0; byte < out.length; byte++) {
    let bits = 0;
    for (let i = 8 * byte; i < 8 * byte + 8; i++) bits = (bits << 1) | (x[i] > 0 ? 1 : 0);
    out[byte] = bits;
  }
}
