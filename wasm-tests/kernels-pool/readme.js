// The examples of the README.

import { equal, near, ok, sameNumbers } from "../check.js";

export const readme = {
  "pooling": ({ kernel: { meanPool } }) => {
    const x = new Float32Array([1, 2, 3, 4, 5, 6, 0, 4, 6, 4, 99, 99]);
    const mask = new BigInt64Array([1n, 1n, 1n, 1n, 1n, 0n]);
    sameNumbers(meanPool(x, mask, 2, 3, 2), [3, 4, 3, 4]);
    near(meanPool(x, mask, 2, 3, 2, { normalize: true }), [0.6, 0.8, 0.6, 0.8], 1e-7);
    sameNumbers(meanPool(x, mask, 2, 3, 2, { k: 1 }), [3, 3]);
    sameNumbers(meanPool(x, Uint8Array.from(mask, Number), ...[2, 3, 2]), [3, 4, 3, 4]);
  },

  "a search in two steps": ({ kernel: { Ranges, Vectors, quantizeInt8, quantizeUbinary } }) => {
    const dim = 4;
    const vectors = new Float32Array([0.9, 0.1, -0.3, -0.3, 0.1, 0.9, 0.3, -0.3, -0.5, -0.5, 0.5, 0.5]);
    const ranges = Ranges.fromSample(vectors, dim);
    const bits = new Vectors(dim, "ubinary");
    bits.append(quantizeUbinary(vectors, dim));
    const bytes = new Vectors(dim, "int8");
    bytes.append(quantizeInt8(vectors, dim, ranges));
    const query = new Float32Array([0.2, 0.9, 0.1, -0.2]);
    const near = bits.search(quantizeUbinary(query, dim), { k: 2 });
    sameNumbers(near.indices, [1, 0]);
    sameNumbers(near.scores, [0, 1]);
    const best = bytes.rescore(quantizeInt8(query, dim, ranges), near.indices, { k: 1 });
    ok(best.indices instanceof Uint32Array, "no Uint32Array");
    sameNumbers(best.indices, [1]);
    for (const object of [ranges, bits, bytes]) object.free();
  },

  "long documents": ({ kernel: { ChunkPooler, windows } }) => {
    equal(JSON.stringify(windows(10, 4, 1)), "[[0,4],[3,7],[6,10]]", "windows");
    const pooler = new ChunkPooler("lengthWeighted", 2, { normalize: true });
    pooler.add(new Float32Array([3, 0]), 4);
    pooler.add(new Float32Array([0, 8]), 2);
    near(pooler.finish(), [0.6, 0.8], 1e-7);
    pooler.free();
  },
};
