// The scores in f64, from the files as they are: a second reading of them, apart from the page's own.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const DATA = new URL("../../benches/data/rust-book/", import.meta.url);
export const DIM = 128;

const json = async (name) => JSON.parse(await readFile(new URL(name, DATA), "utf8"));

/** The passages, the questions, and the score of each passage for each question. */
export async function reference() {
  const file = await readFile(fileURLToPath(new URL("tokens.safetensors", DATA)));
  const begin = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString("utf8", 8, begin));
  const part = (name) => file.subarray(begin + header[name].data_offsets[0], begin + header[name].data_offsets[1]);
  const offsets = (name) => Array.from({ length: part(name).length / 4 }, (_, i) => part(name).readUInt32LE(4 * i));
  const rows = (name) => {
    const bytes = part(name);
    return Float64Array.from({ length: bytes.length / 2 }, (_, i) => half(bytes.readUInt16LE(2 * i)));
  };
  const [docs, queries] = [rows("doc_embeddings"), rows("query_embeddings")];
  const [docOffsets, queryOffsets] = [offsets("doc_offsets"), offsets("query_offsets")];

  const score = (question, passage) => {
    let sum = 0;
    for (let q = queryOffsets[question]; q < queryOffsets[question + 1]; q++) {
      let best = -Infinity;
      for (let d = docOffsets[passage]; d < docOffsets[passage + 1]; d++) {
        let dot = 0;
        for (let i = 0; i < DIM; i++) dot += queries[q * DIM + i] * docs[d * DIM + i];
        best = Math.max(best, dot);
      }
      sum += best;
    }
    return sum;
  };
  const [passages, questions] = [await json("passages.json"), await json("queries.json")];
  const scores = questions.map((_, q) => passages.map((_, p) => score(q, p)));
  return { passages, questions, scores, expected: (await json("expected_scores_5x8.json")).scores };
}

/** Half precision: numbers below 2^-14 have no leading one. */
function half(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
