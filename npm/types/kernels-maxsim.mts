// A project that calls all of kernels-maxsim, as its compiler sees it.

import * as kernel from "kernels-maxsim";
import { Documents, F32Buffer, type Ranking, type SearchOptions } from "kernels-maxsim";

const [query, docs] = [new Float32Array(4), new Float32Array(8)];
const options: SearchOptions = { k: 1 };
const scores: number[] = [kernel.maxsim(query, docs, 4), kernel.maxsimMean(query, docs, 4)];
const arrays: Float32Array[] = [
  kernel.maxsimBatch(query, docs, [1, 1], 4),
  kernel.maxsimBatch(query, docs, [1, 1] as const, 4, null),
  kernel.maxsimMeanBatch(query, docs, Uint32Array.of(1, 1), 4, new Float32Array(2)),
];
const rows: Int32Array = kernel.maxsimArgmax(query, docs, 4);
const best: Uint32Array = kernel.topK(new Float32Array(2), 1);
const ranking: Ranking = kernel.search(query, docs, [1, 1], 4, options);
export const results: [number[], Float32Array[], Int32Array, Uint32Array, Uint32Array, Float32Array] = [
  scores,
  arrays,
  rows,
  best,
  ranking.indices,
  ranking.scores,
];

{
  using buffer = new F32Buffer(4);
  buffer.view().set(query);
  kernel.maxsimBatchInto(buffer, buffer, [1], buffer.length, buffer);
  kernel.maxsimMeanBatchInto(buffer, buffer, Uint32Array.of(1), 4, buffer);
  const bytes: number = buffer.byteLength;
  buffer.free();

  using documents = new Documents(4);
  documents.append(docs, [1, 1]);
  arrays.push(documents.scores(query), documents.scores(query, new Float32Array(2)));
  const found: Ranking = documents.search(query, options);
  scores.push(bytes, documents.dim, documents.length, documents.byteLength, found.indices.length);
  documents.free();

  // @ts-expect-error: a buffer is no Float32Array
  kernel.maxsim(buffer, docs, 4);
  // @ts-expect-error: a Float32Array is no buffer
  kernel.maxsimBatchInto(query, buffer, [1], 4, buffer);
  // @ts-expect-error: nor are documents
  kernel.maxsimMeanBatchInto(buffer, documents, [1], 4, buffer);
  // @ts-expect-error: it cannot be set
  documents.length = 2;
  // @ts-expect-error: lengths are given
  documents.append(docs);
  // @ts-expect-error: `k` is an option
  documents.search(query, 1);
  // @ts-expect-error: a list is no Float32Array
  documents.scores([1, 2, 3, 4]);
}

// @ts-expect-error: not twice as precise
kernel.maxsimMean(new Float64Array(4), docs, 4);
// @ts-expect-error: no dimension
kernel.maxsim(query, docs);
// @ts-expect-error: lengths are whole numbers
kernel.maxsimBatch(query, docs, Float32Array.of(1, 1), 4);
// @ts-expect-error: nor are they texts
kernel.maxsimMeanBatch(query, docs, ["1"], 4);
// @ts-expect-error: how many?
kernel.search(query, docs, [1, 1], 4, {});
// @ts-expect-error: how many?
kernel.topK(new Float32Array(2));
// @ts-expect-error: a text is no dimension
kernel.maxsimArgmax(query, docs, "4");
// @ts-expect-error: nor a number of values
new F32Buffer("4");
// @ts-expect-error: documents have a dimension
new Documents();
