// A project that calls all of kernels-pool, as its compiler sees it.

import * as kernel from "kernels-pool";
import {
  Calibration,
  ChunkPooler,
  F32Buffer,
  Projection,
  Ranges,
  Vectors,
  type ChunkOptions,
  type ChunkPooling,
  type Metric,
  type PoolOptions,
  type Pooling,
  type Precision,
  type RaggedOptions,
  type Ranking,
  type ScoreOptions,
  type SearchOptions,
  type TwoStepOptions,
  type VectorSearchOptions,
} from "kernels-pool";

const [x, query] = [new Float32Array(8), new Float32Array(4)];
const [mask, wide] = [new Uint8Array(2), new BigInt64Array(2)];
const [codes, bits] = [new Int8Array(8), new Uint8Array(2)];
const options: PoolOptions = { normalize: true, k: 2 };
const pooling: Pooling = "mean_sqrt_len_tokens";
const ragged: RaggedOptions = { pooling, ...options };
const search: SearchOptions = { k: 1 };
const twoStep: TwoStepOptions = { k: 1, candidates: 2 };

const floats: Float32Array[] = [
  kernel.meanPool(x, mask, 1, 2, 4),
  kernel.meanPool(x, wide, 1, 2, 4, options),
  kernel.maxPool(x, mask, 1, 2, 4, {}, query),
  kernel.clsPool(x, mask, 1, 2, 4, null, null),
  kernel.lastTokenPool(x, mask, 1, 2, 4, undefined, query),
  kernel.meanSqrtLenPool(x, mask, 1, 2, 4),
  kernel.weightedMeanPool(x, mask, 1, 2, 4),
  kernel.poolRagged(x, [1, 1], 4),
  kernel.poolRagged(x, Uint32Array.of(2), 4, ragged, query),
  kernel.l2Normalize(x, 4),
  kernel.l2Normalize(x, 4, new Float32Array(8)),
  kernel.truncate(x, 4, 2),
  kernel.dot(query, x),
  kernel.cosine(query, x, new Float32Array(2)),
  kernel.l2Squared(query, x),
  kernel.dotBinary(query, bits),
  kernel.dequantizeBinary(codes, 8),
  kernel.dequantizeUbinary(bits, 8, new Float32Array(16)),
];
const int8: Int8Array[] = [kernel.quantizeBinary(x, 4)];
const uint8: Uint8Array[] = [kernel.quantizeUbinary(x, 4, new Uint8Array(2))];
const dots: Int32Array = kernel.dotInt8(codes, codes);
const distances: Uint32Array = kernel.hamming(bits, bits);
const byFloats: Ranking<Float32Array>[] = [
  kernel.searchDot(query, x, search),
  kernel.searchCosine(query, x, search),
  kernel.searchL2Squared(query, x, search),
  kernel.searchBinary(query, bits, search),
  kernel.twoStepDot(bits, bits, query, x, twoStep),
];
const byBytes: Ranking<Int32Array>[] = [
  kernel.searchInt8(codes, codes, search),
  kernel.twoStepInt8(bits, bits, codes, codes, twoStep),
];
const byBits: Ranking<Uint32Array> = kernel.searchHamming(bits, bits, search);
const cuts: [number, number][] = kernel.windows(10, 4, 1);
export const results = { dots, distances, byFloats, byBytes, byBits, cuts };

{
  using from = new F32Buffer(8);
  using to = new F32Buffer(4);
  from.view().set(x);
  kernel.meanPoolInto(from, mask, 1, 2, 4, options, to);
  kernel.maxPoolInto(from, wide, 1, 2, 4, {}, to);
  kernel.clsPoolInto(from, wide, 1, 2, 4, null, to);
  kernel.lastTokenPoolInto(from, wide, 1, 2, 4, undefined, to);
  kernel.meanSqrtLenPoolInto(from, wide, 1, 2, 4, {}, to);
  kernel.weightedMeanPoolInto(from, wide, 1, 2, 4, {}, to);
  kernel.l2NormalizeInto(from, 4, to);
  kernel.l2NormalizeInPlace(from, 4);
  const bytes: number = from.byteLength + from.length;

  using ranges = new Ranges(query, query);
  using sampled = Ranges.fromSample(x, 4);
  using calibration = new Calibration(4);
  calibration.add(x);
  using second = new Calibration(4);
  calibration.merge(second);
  const seen: Ranges = calibration.ranges();
  const sizes: number[] = [bytes, calibration.rows, calibration.dim, seen.dim];
  floats.push(ranges.min, sampled.step, kernel.dequantizeInt8(codes, 4, ranges), kernel.dequantizeUint8(bits, 2, ranges));
  int8.push(kernel.quantizeInt8(x, 4, ranges), kernel.quantizeInt8(x, 4, ranges, codes));
  uint8.push(kernel.quantizeUint8(x, 4, ranges));
  seen.free();

  const precision: Precision = "ubinary";
  const metric: Metric = "hamming";
  const scored: ScoreOptions = { metric };
  const found: VectorSearchOptions = { k: 3, metric };
  using vectors = new Vectors(4, precision);
  using plain = new Vectors(4);
  vectors.append(bits);
  const scores: Float32Array | Int32Array | Uint32Array = vectors.scores(bits, scored);
  const best: Ranking = vectors.search(bits, found);
  const again: Ranking = plain.rescore(query, best.indices, { k: 1 });
  vectors.rescore(query, [0], found);
  plain.scores(query);
  plain.scores(query, {}, query);
  sizes.push(scores[0]!, again.scores[0]!, vectors.length, vectors.dim, vectors.byteLength);
  const kind: Precision = vectors.precision;

  const chunks: ChunkPooling = "centreWeighted";
  const normalized: ChunkOptions = { normalize: true };
  using pooler = new ChunkPooler(chunks, 4, normalized);
  pooler.add(query);
  pooler.add(query, 3);
  floats.push(pooler.finish(), pooler.finish(query));
  sizes.push(pooler.chunks, pooler.dim);
  pooler.reset();

  using given = new Projection(x, null, 4, 2);
  using random = Projection.random(4, 2, 42);
  using pca = Projection.pca(x, 4, 1);
  floats.push(given.project(x), random.project(x, query), pca.weights);
  const bias: Float32Array | undefined = pca.bias;
  sizes.push(given.hidden, given.k);
  floats.push(bias ?? query);
  sizes.push(kind.length);

  // @ts-expect-error: a buffer is no Float32Array
  kernel.meanPool(from, mask, 1, 2, 4);
  // @ts-expect-error: a Float32Array is no buffer
  kernel.meanPoolInto(x, mask, 1, 2, 4, {}, to);
  // @ts-expect-error: where do the results go?
  kernel.meanPoolInto(from, mask, 1, 2, 4, {});
  // @ts-expect-error: it cannot be set
  vectors.length = 2;
  // @ts-expect-error: how many?
  vectors.search(bits, {});
  // @ts-expect-error: no such metric
  vectors.search(bits, { k: 1, metric: "manhattan" });
  // @ts-expect-error: ranges are given
  kernel.quantizeInt8(x, 4);
}

// @ts-expect-error: a mask is of bytes or of bigints
kernel.meanPool(x, new Float32Array(2), 1, 2, 4);
// @ts-expect-error: nor is it a list
kernel.meanPool(x, [1, 1], 1, 2, 4);
// @ts-expect-error: no sizes
kernel.meanPool(x, mask);
// @ts-expect-error: no such option
kernel.meanPool(x, mask, 1, 2, 4, { normalise: true });
// @ts-expect-error: no such pooling
kernel.poolRagged(x, [2], 4, { pooling: "average" });
// @ts-expect-error: bits are unsigned
kernel.hamming(codes, codes);
// @ts-expect-error: bytes are signed
kernel.dotInt8(bits, bits);
// @ts-expect-error: not twice as precise
kernel.dot(new Float64Array(4), x);
// @ts-expect-error: no such precision
new Vectors(4, "float16");
// @ts-expect-error: no such pooling of chunks
new ChunkPooler("median", 4);
// @ts-expect-error: the overlap is given
kernel.windows(10, 4);
