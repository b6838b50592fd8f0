#!/usr/bin/env python3
"""The coefficients of this folder's polynomials: `python3 fit.py` prints them (needs mpmath). Not part of any build.

Each is a minimax fit by Remez' exchange, with a weight that turns an error of the polynomial into one of the result.
Coefficients become `f32` one by one, from the constant on, the least forgiving one, and each time the rest is fitted
anew; all at once where 0 is amid the range and the weight not 0 there, so that the rest could mend nothing. The printed error is that of the rounded polynomial, computed exactly.
"""

from mpmath import mp, mpf, exp, expm1, log, log1p, sqrt, cos, pi, erf, erfc, matrix, lu_solve
import struct

mp.dps = 40
GRID = 400


def single(x):
    """The nearest f32."""
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def remez(f, weight, low, high, powers, known):
    """The coefficients of `powers` that make the largest weighted error smallest, those of `known` being given."""
    n = len(powers)
    xs = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * GRID)) for i in range(GRID)][::-1]
    rest = [f(x) - sum(c * x**k for k, c in known.items()) for x in xs]
    weights = [weight(x) for x in xs]
    at = [i * (GRID - 1) // n for i in range(n + 1)]
    for _ in range(30):
        rows = matrix(n + 1, n + 1)
        for row, i in enumerate(at):
            for column, k in enumerate(powers):
                rows[row, column] = xs[i] ** k
            rows[row, n] = (-1) ** row / weights[i]
        solution = lu_solve(rows, matrix([rest[i] for i in at]))
        errors = [(rest[i] - sum(solution[j] * xs[i] ** k for j, k in enumerate(powers))) * weights[i] for i in range(GRID)]
        peaks = [0]
        for i in range(1, GRID):
            if (errors[i] < 0) != (errors[peaks[-1]] < 0):
                peaks.append(i)
            elif abs(errors[i]) > abs(errors[peaks[-1]]):
                peaks[-1] = i
        while len(peaks) > n + 1:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        if len(peaks) < n + 1 or peaks == at:
            break
        at = peaks
    return [solution[j] for j in range(n)]


def fit(name, f, weight, low, high, degree, one_by_one=True):
    low, high = mpf(low), mpf(high)
    known = {}
    for k in range(degree + 1):
        rest = remez(f, weight, low, high, list(range(k, degree + 1)), known)
        if not one_by_one:
            known = {i: single(c) for i, c in enumerate(rest)}
            break
        known[k] = single(rest[0])
    xs = [low + (high - low) * i / GRID for i in range(GRID + 1)]
    error = max(abs(f(x) - sum(c * x**k for k, c in known.items())) * weight(x) for x in xs)
    print(f"// {name}: 2^{float(log(error, 2)):.1f}")
    print("[" + ", ".join(repr_single(known[k]) for k in range(degree, -1, -1)) + "]")


def repr_single(x):
    """The shortest decimal number that is this f32."""
    for digits in range(1, 10):
        text = f"{float(x):.{digits}g}"
        if single(mpf(text)) == x:
            return text if "e" in text or "." in text else text + ".0"


ROOT2 = sqrt(mpf(2))
LN2 = log(mpf(2))


def phi(t):
    """The share of a normal distribution that is below -t."""
    return erfc(t / ROOT2) / 2


def ln_1p(z):
    return taylor(lambda z: log1p(z) / z, lambda z: 1 - z / 2, z)


def taylor(f, series, x):
    """f, or its series where f would cancel."""
    return series(x) if abs(x) < mpf("1e-6") else f(x)


if __name__ == "__main__":
    half = LN2 / 2 * mpf("1.0001")
    fit(
        "exp.rs SECOND: (e^r - 1 - r) / r^2, relative to e^r",
        lambda r: taylor(lambda r: (expm1(r) - r) / r**2, lambda r: mpf(1) / 2 + r / 6 + r**2 / 24, r),
        lambda r: r**2 / exp(r) + mpf("1e-9"),
        -half, half, 4,
    )
    fit(
        "exp.rs EXP2: (2^f - 1) / f, relative to 2^f",
        lambda f: taylor(lambda f: expm1(f * LN2) / f, lambda f: LN2 + LN2**2 / 2 * f, f),
        lambda f: abs(f) / exp(f * LN2) + mpf("1e-9"),
        mpf("-.50001"), mpf(".50001"), 5,
    )
    fit(
        "erf.rs ODD: erf(x) / x - 1 of x^2, relative to erf(x) / x",
        lambda u: taylor(lambda u: erf(sqrt(u)) / sqrt(u) - 1, lambda u: 2 / sqrt(pi) * (1 - u / 3) - 1, u),
        lambda u: 1 / taylor(lambda u: erf(sqrt(u)) / sqrt(u), lambda u: 2 / sqrt(pi), u),
        0, mpf(".93") ** 2, 5,
    )
    fit(
        "erf.rs MISSING: log2(1 - erf(t)), absolute of erf",
        lambda t: log(erfc(t)) / LN2,
        lambda t: erfc(t) * LN2,
        ".92", "3.97", 6,
    )
    fit(
        # Where the share is next to nothing, its logarithm must still be no larger than it may be, and no less than -126.
        "erf.rs BELOW: log2 of the share below -t, absolute of the share",
        lambda t: log(phi(t)) / LN2,
        lambda t: (phi(t) + mpf("3e-9")) * LN2,
        0, 12, 8,
    )
    middle = mpf("0.451171875")
    fit(
        "softplus.rs LN_1P: ln(1 + z) / z of z - MIDDLE, relative",
        lambda w: ln_1p(w + middle),
        lambda w: 1 / ln_1p(w + middle),
        -middle, 1 - middle, 9, one_by_one=False,
    )
