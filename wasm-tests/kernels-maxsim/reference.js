// MaxSim in f64, as plainly as its formula: JavaScript's numbers are f64.

/** The similarity of a query token with a document token. */
export function similarity(query, q, doc, d, dim) {
  let sum = 0;
  for (let i = 0; i < dim; i++) sum += query[q * dim + i] * doc[d * dim + i];
  return sum;
}

/** The score of one document. */
export function maxsim(query, doc, dim) {
  let sum = 0;
  for (let q = 0; q < query.length / dim; q++) {
    let max = -Infinity;
    for (let d = 0; d < doc.length / dim; d++) {
      const x = similarity(query, q, doc, d, dim);
      // NaN stays.
      if (!(x <= max) && !Number.isNaN(max)) max = x;
    }
    sum += max;
  }
  return sum;
}

/** Each document of several that lie one after another. */
export function split(docs, docLens, dim) {
  let at = 0;
  return Array.from(docLens, (len) => docs.subarray(at, (at += len * dim)));
}

/** The score of each. */
export function maxsimBatch(query, docs, docLens, dim) {
  return split(docs, docLens, dim).map((doc) => maxsim(query, doc, dim));
}
