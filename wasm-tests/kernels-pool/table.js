// What there is: for each pooling its function and its name in sentence-transformers.

export const POOLINGS = {
  clsPool: "cls",
  lastTokenPool: "lasttoken",
  maxPool: "max",
  meanPool: "mean",
  meanSqrtLenPool: "mean_sqrt_len_tokens",
  weightedMeanPool: "weightedmean",
};

/** For each comparison its search, the kind of its rows, and the metric that `Vectors` calls it. */
export const COMPARISONS = {
  dot: { search: "searchDot", precision: "float32", metric: "dot" },
  cosine: { search: "searchCosine", precision: "float32", metric: "cosine" },
  l2Squared: { search: "searchL2Squared", precision: "float32", metric: "l2Squared", smallest: true },
  dotInt8: { search: "searchInt8", precision: "int8", metric: "dot" },
  hamming: { search: "searchHamming", precision: "ubinary", metric: "hamming", smallest: true },
  dotBinary: { search: "searchBinary", precision: "ubinary", metric: "dot" },
};

/** Codes of each kind, and what makes them floats again. */
export const CODES = {
  quantizeInt8: { back: "dequantizeInt8", Codes: Int8Array, ranges: true },
  quantizeUint8: { back: "dequantizeUint8", Codes: Uint8Array, ranges: true },
  quantizeBinary: { back: "dequantizeBinary", Codes: Int8Array, ranges: false },
  quantizeUbinary: { back: "dequantizeUbinary", Codes: Uint8Array, ranges: false },
};

/** The rows and a query for a comparison, of vectors of floats. */
export function inputs(kernel, name, x, query, dim) {
  const { precision } = COMPARISONS[name];
  if (precision === "float32") return [query, x];
  if (precision === "ubinary") {
    const rows = kernel.quantizeUbinary(x, dim);
    return [name === "hamming" ? kernel.quantizeUbinary(query, dim) : query, rows];
  }
  const ranges = kernel.Ranges.fromSample(x, dim);
  const both = [query, x].map((values) => kernel.quantizeInt8(values, dim, ranges));
  ranges.free();
  return both;
}

/** The indices of the best scores, the best first: a sort. */
export function ranked(scores, smallest, k) {
  const sign = smallest ? 1 : -1;
  const order = Array.from(scores, (_, i) => i).sort((a, b) => sign * (scores[a] - scores[b]) || a - b);
  return order.slice(0, k);
}
