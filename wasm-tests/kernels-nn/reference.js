// The layers in 64 bits, as plain loops: what results are compared with.

/** `2 / sqrt(pi) e^(-x^2) (x + 2 x^3 / 3 + …)`: all terms have one sign. */
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Each activation of one value. */
export const ACTIVATIONS = {
  relu: (x) => (x < 0 ? 0 : x),
  leakyRelu: (x, slope = Math.fround(0.01)) => (x < 0 ? slope * x : x),
  gelu: (x) => (x < -38 ? -0 : (x * (1 + erf(x / Math.SQRT2))) / 2),
  geluTanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  silu: (x) => (x === -Infinity ? -0 : x * sigmoid(x)),
  sigmoid,
  tanh: Math.tanh,
  exp: Math.exp,
  erf,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** `a: [m, k]` times `b: [k, n]`. */
export function gemm(a, b, m, k, n) {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l];
      for (let j = 0; j < n; j++) out[i * n + j] += x * b[l * n + j];
    }
  }
  return out;
}

/** `x: [rows, columns]` as `[columns, rows]`, of so many values each. */
function transposed(x, rows, columns, each = 1) {
  const out = new Float64Array(x.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let d = 0; d < each; d++) out[(j * rows + i) * each + d] = x[(i * columns + j) * each + d];
    }
  }
  return out;
}

/** `a: [m, k]` times the transpose of `b: [n, k]`. */
export const gemmBt = (a, b, m, k, n) => gemm(a, transposed(b, n, k), m, k, n);

/** Calls for each row of `dim` values, and puts its results where they belong. */
function rows(x, dim, call) {
  const out = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += dim) {
    out.set(call(Float64Array.from(x.subarray(start, start + dim))), start);
  }
  return out;
}

const sum = (row) => row.reduce((sum, x) => sum + x, 0);

export const logSoftmax = (x, dim) =>
  rows(x, dim, (row) => {
    const largest = row.reduce((max, x) => Math.max(max, x), -Infinity);
    const logarithm = Math.log(sum(row.map((x) => Math.exp(x - largest))));
    return row.map((x) => x - largest - logarithm);
  });

export const softmax = (x, dim) => logSoftmax(x, dim).map(Math.exp);

export const layerNorm = (x, weight, bias, eps) =>
  rows(x, weight.length, (row) => {
    const mean = sum(row) / row.length;
    const variance = sum(row.map((x) => (x - mean) ** 2)) / row.length;
    return row.map((x, i) => ((x - mean) / Math.sqrt(variance + eps)) * weight[i] + bias[i]);
  });

export const rmsNorm = (x, weight, eps) =>
  rows(x, weight.length, (row) => {
    const squares = sum(row.map((x) => x * x)) / row.length;
    return row.map((x, i) => (x / Math.sqrt(squares + eps)) * weight[i]);
  });

export const embedding = (ids, table, dim) =>
  Float64Array.from(Array.from(ids, Number).flatMap((id) => Array.from(table.subarray(id * dim, (id + 1) * dim))));

/** Of one head. A query that sees no key does not come up. */
function head(q, k, v, queries, keys, dim, causal) {
  const scores = gemmBt(q, k, queries, dim, keys).map((score, i) => {
    const isHidden = causal && i % keys > Math.floor(i / keys);
    return isHidden ? -Infinity : score / Math.sqrt(dim);
  });
  return gemm(softmax(scores, keys), v, queries, keys, dim);
}

/** `q: [batch, heads, qLen, headDim]`, `k` and `v: [batch, kvHeads, kvLen, headDim]`. */
export function attention(q, k, v, { batch = 1, heads, kvHeads = heads, qLen, kvLen = qLen, headDim, causal = false }) {
  const out = new Float64Array(q.length);
  for (let i = 0; i < batch * heads; i++) {
    const of = Math.floor(i / heads) * kvHeads + Math.floor((i % heads) / (heads / kvHeads));
    const part = (x, i, len) => x.subarray(i * len * headDim, (i + 1) * len * headDim);
    const [own, keys, values] = [part(q, i, qLen), part(k, of, kvLen), part(v, of, kvLen)];
    out.set(head(own, keys, values, qLen, kvLen, headDim, causal), i * qLen * headDim);
  }
  return out;
}

/** `activation(x W^T + bias)`, of `weight: [out, in]`. */
export function linear(x, weight, bias, inDim, activation = (x) => x) {
  const [m, n] = [x.length / inDim, weight.length / inDim];
  return gemmBt(x, weight, m, inDim, n).map((x, i) => activation(x + (bias ? bias[i % n] : 0)));
}

/** An encoder layer, of texts of which each is the tokens between two offsets. */
export function encoderLayer(x, offsets, o) {
  const dim = o.attentionNormWeight.length;
  const by = (name, x, inDim, activation) => linear(x, o[`${name}Weight`], o[`${name}Bias`], inDim, activation);
  const norm = (name, x) => layerNorm(x, o[`${name}Weight`], o[`${name}Bias`], o.eps ?? 1e-5);
  const added = (a, b) => Float64Array.from(a, (x, i) => x + b[i]);
  const width = o.queryWeight.length / dim;
  const headDim = width / o.heads;
  const kvHeads = o.keyWeight.length / dim / headDim;
  const attend = (x) => {
    const texts = offsets.slice(1).map((end, i) => {
      const [text, len] = [x.subarray(offsets[i] * dim, end * dim), end - offsets[i]];
      const [q, k, v] = [["query", o.heads], ["key", kvHeads], ["value", kvHeads]].map(([name, heads]) =>
        transposed(by(name, text, dim), len, heads, headDim),
      );
      const sizes = { heads: o.heads, kvHeads, qLen: len, headDim, causal: o.causal };
      return Array.from(transposed(attention(q, k, v, sizes), o.heads, len, headDim));
    });
    return by("output", Float64Array.from(texts.flat()), width);
  };
  const activation = (x) => ACTIVATIONS[o.activation ?? "gelu"](x, o.slope);
  const mlp = (x) => by("down", by("up", x, dim, activation), o.downWeight.length / dim);
  if (o.order === "pre") {
    const hidden = added(x, attend(norm("attentionNorm", x)));
    return added(hidden, mlp(norm("mlpNorm", hidden)));
  }
  const hidden = norm("attentionNorm", added(x, attend(x)));
  return norm("mlpNorm", added(hidden, mlp(hidden)));
}
