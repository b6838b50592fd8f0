"""Writes goldens.json, what the tests of kernels-pool compare with. By hand: python3 make_goldens.py

Needs numpy and nothing else. The formulas are the published ones, in float64 unless said otherwise:
- pooling: the module Pooling of sentence-transformers (modes cls, lasttoken, max, mean, mean_sqrt_len_tokens,
  weightedmean), then torch's normalize, and the first dimensions only for Matryoshka embeddings
- int8, uint8, binary, ubinary: quantize_embeddings of sentence-transformers, which computes in float32
- f16, bf16: IEEE 754's conversion to the nearest value, ties to even
- principal components: eigenvectors of the covariance matrix

Where kernels-pool goes another way than sentence-transformers 6.2, it is said below with DEVIATES.
"""

import json
from pathlib import Path

import numpy as np

f32, f64 = np.float32, np.float64


def values(n, seed, size=1.0):
    """n random numbers from -size to size. The goldens have them too: nobody need draw the same."""
    return np.random.default_rng(seed).uniform(-size, size, n).astype(f32)


def flat(array):
    """A list whose numbers read back as they were: Python prints the shortest text that does."""
    return np.asarray(array).ravel().tolist()


# Pooling


def pooled(x, mask):
    """x [batch, seq, hidden] and mask [batch, seq], both float64: each mode's [batch, hidden]."""
    batch, seq, _ = x.shape
    m = mask[:, :, None]
    count = np.clip(m.sum(1), 1e-9, None)
    first = mask.argmax(1)
    # From the first active token on, gaps included: as version 6.2 does, and older ones did not.
    weight = m * (np.arange(1, seq + 1)[None, :, None] - first[:, None, None])
    last = seq - 1 - mask[:, ::-1].argmax(1)
    results = {
        "cls": x[np.arange(batch), first],
        "lasttoken": x[np.arange(batch), last],
        "max": np.where(m == 0, -np.inf, x).max(1),
        "mean": (x * m).sum(1) / count,
        "mean_sqrt_len_tokens": (x * m).sum(1) / np.sqrt(count),
        "weightedmean": (x * weight).sum(1) / np.clip(weight.sum(1), 1e-9, None),
    }
    # DEVIATES for masks without a token: cls would be the padding's first, max -infinity. All are zeros.
    some = mask.any(1)[:, None]
    return {mode: np.where(some, result, 0.0) for mode, result in results.items()}


def normalized(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)


def pooling():
    batch, seq, hidden, k = 3, 6, 9, 5
    masks = {
        "padding on the right": ["111111", "111100", "100000"],
        "padding on the left": ["111111", "001111", "000001"],
        "gaps": ["101101", "010010", "001100"],
        "nothing active": ["000000", "110000", "000000"],
    }
    for seed, (name, rows) in enumerate(masks.items()):
        mask = np.array([[int(bit) for bit in row] for row in rows])
        x = values(batch * seq * hidden, seed).reshape(batch, seq, hidden)
        # Whoever lets padding in will see it.
        x[mask == 0] = 1e30
        results = pooled(x.astype(f64), mask.astype(f64))
        yield {
            "name": name, "batch": batch, "seq": seq, "hidden": hidden, "k": k, "x": flat(x), "mask": flat(mask),
            "pooled": {mode: flat(result) for mode, result in results.items()},
            "normalized": {mode: flat(normalized(result)) for mode, result in results.items()},
            "truncated": {mode: flat(normalized(result[:, :k])) for mode, result in results.items()},
        }


# Quantisation


def scalar():
    dim = 11
    sample = values(40 * dim, 10).reshape(-1, dim)
    sample[:, 3] = 0.25  # a constant dimension
    sample[:, 4] *= f32(1e-6)
    sample[:, 5] += f32(1000)
    low, high = sample.min(0), sample.max(0)
    step = (high - low) / f32(255)
    step = np.where(step == 0, f32(1), step)
    # Values of the sample, values up to twice as large, and where steps begin: there the last bit of a division counts.
    starts = low + np.arange(0, 256, 5, dtype=f32)[:, None] * step
    x = np.concatenate([sample[:8], f32(2) * sample[8:16], starts, low[None], high[None]])
    assert low.dtype == step.dtype == x.dtype == f32
    codes = np.clip(np.floor((x - low) / step), 0, 255)
    # sentence-transformers cannot undo it: the middle of the step.
    middle = low.astype(f64) + (codes.astype(f64) + 0.5) * step.astype(f64)
    return {
        "dim": dim, "sample": flat(sample), "min": flat(low), "max": flat(high), "x": flat(x),
        "uint8": flat(codes.astype(np.uint8)), "int8": flat((codes - 128).astype(np.int8)),
        "dequantized": flat(middle),
    }


def binary():
    for dim in [1, 8, 13, 16, 27]:
        x = values(5 * dim, dim).reshape(5, dim)
        x[0, : dim // 2] = 0.0
        x[1, : dim // 2] = -0.0
        # Each row begins with a byte of its own, whatever the dimension.
        bits = np.packbits(x > 0, axis=-1)
        yield {
            "dim": dim, "x": flat(x), "ubinary": flat(bits),
            "binary": flat((bits.astype(int) - 128).astype(np.int8)),
            "signs": flat(np.where(x > 0, 1, -1)),
        }


def half():
    """As bits: JSON has no NaN and no infinity. What NaN becomes is any NaN."""

    def bits_of(x):
        return np.asarray(x, dtype=f32).view(np.uint32).astype(np.int64)

    def with_neighbours(bits):
        return np.concatenate([bits - 1, bits, bits + 1])

    special = [0, np.inf, np.nan, 1, 3.4028235e38, 1e-40, 1e-45]
    # Halfway between two f16: normal ones, subnormal ones, zero and the smallest, the largest and what would follow.
    ties = [2049, 2051, 1 + 2**-11, 1 + 3 * 2**-11, 2**-14 - 2**-25, 5 * 2**-25, 7 * 2**-25, 2**-25, 65520]
    # Halfway between two bf16, which are the upper halves of float32, from the smallest to the largest.
    halves = [0x0000_8000, 0x0001_8000, 0x007F_8000, 0x0080_8000, 0x3F80_8000, 0x3F81_8000, 0x7F7F_8000]
    # NaNs whose upper half alone is infinity's, or overflows.
    nans = [0x7F80_0001, 0x7FFF_FFFF]
    bits = [bits_of(values(50, 20, 100.0)), bits_of(values(50, 21, 2.0**-14)), bits_of(special), nans]
    bits = np.concatenate([*bits, with_neighbours(bits_of(ties)), with_neighbours(np.array(halves))])
    bits = np.concatenate([bits, bits ^ 0x8000_0000])
    x = bits.astype(np.uint32).view(f32)
    with np.errstate(over="ignore", invalid="ignore"):
        f16 = x.astype(np.float16).view(np.uint16)
    # numpy has no bfloat16. Add just less than half of what is cut off, and one more if what stays is odd.
    bf16 = np.where(np.isnan(x), 0x7FC0, (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)
    return {"x_bits": flat(bits), "f16_bits": flat(f16), "bf16_bits": flat(bf16)}


# Comparison


def similarity():
    dim = 21
    query, rows = values(dim, 30), values(6 * dim, 31).reshape(6, dim)
    rows[2] = 0.0
    rows[3] = query
    rows[4] = f32(-3) * query
    q, r = query.astype(f64), rows.astype(f64)
    dot, lengths = r @ q, np.linalg.norm(q) * np.linalg.norm(r, axis=1)
    cosine = np.divide(dot, lengths, out=np.zeros_like(dot), where=lengths > 0)
    return {
        "query": flat(query), "rows": flat(rows), "dot": flat(dot), "cosine": flat(cosine),
        "l2_squared": flat(((r - q) ** 2).sum(1)),
    }


def int8():
    dim = 37
    codes = np.floor(values(7 * dim, 40, 129.0)).clip(-128, 127).astype(np.int8).reshape(7, dim)
    codes[:4, :4] = -128  # The one whose product with itself takes a bit more than all others.
    query, rows = codes[0], codes[1:]
    return {"query": flat(query), "rows": flat(rows), "dot": flat(rows.astype(np.int64) @ query.astype(np.int64))}


def bits():
    dim = 37
    query, rows = values(dim, 50), values(6 * dim, 51).reshape(6, dim)
    rows[1] = query
    rows[2] = -query
    packed_query, packed = np.packbits(query > 0), np.packbits(rows > 0, axis=-1)
    differing = np.unpackbits(packed ^ packed_query, axis=-1).sum(1, dtype=int)
    # DEVIATES: when it ranks again, sentence-transformers takes documents as 0 and 1 (the same order only for documents
    # with as many ones). kernels-pool takes them as -1 and 1.
    signs = 2.0 * np.unpackbits(packed, axis=-1)[:, :dim] - 1.0
    return {
        "query": flat(query), "ubinary_query": flat(packed_query), "ubinary_rows": flat(packed),
        "hamming": flat(differing), "dot": flat(signs @ query.astype(f64)),
    }


# Long documents and projections


def chunks():
    dim, lens = 9, [128, 128, 128, 31]
    x = values(4 * dim, 60).reshape(4, dim)
    of = x.astype(f64)
    welch = (np.arange(4) + 1) * (4 - np.arange(4))
    return {
        "dim": dim, "x": flat(x), "lens": lens, "mean": flat(of.mean(0)), "max": flat(of.max(0)),
        "length_weighted": flat(np.average(of, axis=0, weights=lens)),
        "centre_weighted": flat(np.average(of, axis=0, weights=welch)),
    }


def pca():
    hidden, k = 6, 4
    # Stretched differently in each direction, none of which is an axis.
    stretch, turn = 0.7 ** np.arange(hidden), values(hidden * hidden, 71).reshape(hidden, hidden)
    sample = ((values(30 * hidden, 70).reshape(-1, hidden) * stretch) @ turn + 0.5).astype(f32)
    mean = sample.astype(f64).mean(0)
    centred = sample.astype(f64) - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / len(sample))
    variances, components = variances[::-1][:k], vectors.T[::-1][:k].copy()
    # Either sign is right: the entry that is largest in size is positive.
    for component in components:
        component *= np.sign(component[np.abs(component).argmax()])
    bias = -components @ mean
    return {
        "hidden": hidden, "k": k, "sample": flat(sample), "components": flat(components), "bias": flat(bias),
        "variances": flat(variances), "projected": flat(sample[:5].astype(f64) @ components.T + bias),
    }


def main():
    goldens = {
        "pooling": list(pooling()), "scalar": scalar(), "binary": list(binary()), "half": half(),
        "similarity": similarity(), "int8": int8(), "bits": bits(), "chunks": chunks(), "pca": pca(),
    }
    # A line for each array, for a diff to show which have changed.
    text = json.dumps(goldens, allow_nan=False).replace(', "', ',\n"').replace("{", "{\n").replace("}", "\n}")
    Path(__file__).with_name("goldens.json").write_text(text + "\n")


main()
