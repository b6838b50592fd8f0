// transformers.js: what it does with the embeddings of a model. Its engines are not used, and package.json leaves one
// of them out.

import { Tensor, cos_sim, dot, mean_pooling, quantize_embeddings } from "@huggingface/transformers";
import { single } from "./case.mjs";

const TYPES = { Float32Array: "float32", BigInt64Array: "int64" };

function tensor(given, name) {
  const values = given.array(name);
  return new Tensor(TYPES[values.constructor.name], values, given.shape(name));
}

/** A function of some inputs, which gives a tensor. */
function of(call, ...names) {
  return (given) => {
    const inputs = names.map((name) => tensor(given, name));
    let found;
    return { run: () => (found = call(...inputs)), values: () => found?.data };
  };
}

/** A function of two vectors, which is called for each row. */
function each(call) {
  return (given) => {
    const [query, all] = given.arrays("query", "rows");
    const [n, dim] = given.shape("rows");
    const rows = Array.from({ length: n }, (_, i) => all.subarray(i * dim, (i + 1) * dim));
    let found;
    return { run: () => (found = rows.map((row) => call(query, row))), values: () => found };
  };
}

const OPERATIONS = {
  mean_pool: of((tokens, mask) => mean_pooling(tokens, mask).normalize_(2, -1), "tokens", "mask"),
  l2_normalize: of((x) => x.normalize(2, -1), "x"),
  quantize_ubinary: of((x) => quantize_embeddings(x, "ubinary"), "x"),
  dot: each(dot),
  cosine: each(cos_sim),
};

export const load = () => single("@huggingface/transformers", OPERATIONS);
