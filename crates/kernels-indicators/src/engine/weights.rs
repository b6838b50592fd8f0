//! Windows whose bars have weights of their own.

use super::lanes::finite_or_nan;
use simd_core::{Element, Simd, Vector};

/// Weights that are worked out at a time.
const TAPS: usize = 256;

/// Vectors of bars that are computed at a time.
const VECTORS: usize = 8;

/// Writes the weighted sums of the windows that end at the bars from `from` on; `weight(i)` is that of a window's bar
/// `i`, the oldest being 0.
#[inline(always)]
pub(crate) fn fill<S: Simd, T: Element>(
    simd: S,
    period: usize,
    weight: impl Fn(usize) -> f64,
    data: &[T],
    from: usize,
    out: &mut [T],
) {
    let mut taps = [T::ZERO; TAPS];
    for first in (0..period).step_by(TAPS) {
        let taps = &mut taps[..TAPS.min(period - first)];
        for (i, tap) in taps.iter_mut().enumerate() {
            *tap = T::from_f64(weight(first + i));
        }
        // From the first bar that these weights are for in the first window.
        let data = &data[from + 1 + first - period..];
        simd.vectorize(
            #[inline(always)]
            || add(simd, taps, data, out, Turn { first: first == 0, last: first + TAPS >= period }),
        );
    }
}

/// Which of the weights' turns it is.
#[derive(Clone, Copy)]
struct Turn {
    first: bool,
    last: bool,
}

/// Adds the products of `taps` with the bars from each one of `data` on.
#[inline(always)]
fn add<S: Simd, T: Element>(simd: S, taps: &[T], data: &[T], out: &mut [T], turn: Turn) {
    let lanes = T::Vector::<S>::LANES;
    let mut at = 0;
    while at < out.len() {
        let rest = out.len() - at;
        let bars = &data[at..];
        if rest >= VECTORS * lanes {
            sums::<S, T, VECTORS>(simd, taps, bars, &mut out[at..], turn);
            at += VECTORS * lanes;
        } else if rest >= lanes {
            sums::<S, T, 1>(simd, taps, bars, &mut out[at..], turn);
            at += lanes;
        } else {
            let before = if turn.first { T::ZERO } else { out[at] };
            out[at] = finite_or_nan(taps.iter().zip(bars).fold(before, |sum, (tap, x)| sum + *tap * *x));
            at += 1;
        }
    }
}

#[inline(always)]
fn sums<S: Simd, T: Element, const N: usize>(simd: S, taps: &[T], bars: &[T], out: &mut [T], turn: Turn) {
    let lanes = T::Vector::<S>::LANES;
    let out = &mut out[..N * lanes];
    let mut sums = [simd.splat(T::ZERO); N];
    if !turn.first {
        for (sum, out) in sums.iter_mut().zip(out.chunks_exact(lanes)) {
            *sum = simd.load(out);
        }
    }
    // Taps as far apart as a vector is long, for which each vector of bars is loaded but once: loads, many of them over
    // the border of a cache line, are what limits.
    let pairs = taps.chunks_exact(2 * lanes);
    let (singles, mut from) = (pairs.remainder(), 0);
    for taps in pairs {
        let (near, far) = taps.split_at(lanes);
        for (near, far) in near.iter().zip(far) {
            let (near, far) = (simd.splat(*near), simd.splat(*far));
            let bars = &bars[from..from + (N + 1) * lanes];
            let mut last = simd.load::<T>(bars);
            for (sum, bars) in sums.iter_mut().zip(bars[lanes..].chunks_exact(lanes)) {
                let next = simd.load::<T>(bars);
                *sum = next.mul_add(far, last.mul_add(near, *sum));
                last = next;
            }
            from += 1;
        }
        from += lanes;
    }
    for (tap, bars) in singles.iter().zip(bars[from..].windows(N * lanes)) {
        let tap = simd.splat(*tap);
        for (sum, bars) in sums.iter_mut().zip(bars.chunks_exact(lanes)) {
            *sum = simd.load::<T>(bars).mul_add(tap, *sum);
        }
    }
    if turn.last {
        for sum in &mut sums {
            *sum = finite_or_nan(*sum);
        }
    }
    for (sum, out) in sums.iter().zip(out.chunks_exact_mut(lanes)) {
        sum.store(out);
    }
}
