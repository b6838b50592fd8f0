//! Bar by bar, many bars at a time.

use simd_core::{Element, Mask, Simd, Vector};
use std::ops::{Add, Sub};
use std::slice;

/// Writes `of(bar)` for every bar of some series of the same length.
#[inline(always)]
pub(crate) fn map<S: Simd, T: Element, const I: usize, const O: usize>(
    simd: S,
    input: [&[T]; I],
    mut out: [&mut [T]; O],
    of: impl Fn([T::Vector<S>; I]) -> [T::Vector<S>; O],
) {
    let lanes = T::Vector::<S>::LANES;
    let len = out[0].len();
    let whole = len - len % lanes;
    for at in (0..whole).step_by(lanes) {
        let mut bar = [simd.splat(T::ZERO); I];
        for (bar, xs) in bar.iter_mut().zip(input) {
            *bar = simd.load(&xs[at..at + lanes]);
        }
        for (result, out) in of(bar).into_iter().zip(&mut out) {
            result.store(&mut out[at..at + lanes]);
        }
    }
    for at in whole..len {
        let mut bar = [simd.splat(T::ZERO); I];
        for (bar, xs) in bar.iter_mut().zip(input) {
            *bar = simd.splat(xs[at]);
        }
        for (result, out) in of(bar).into_iter().zip(&mut out) {
            out[at] = result.to_array().as_ref()[0];
        }
    }
}

/// As [`map`], where `of` takes the values of a bar and then those of the one before it, of which `last` is that before
/// the first; it becomes the last one.
#[inline(always)]
pub(crate) fn map_with_last<S: Simd, T: Element, const I: usize, const BOTH: usize, const O: usize>(
    simd: S,
    input: [&[T]; I],
    last: &mut [T; I],
    mut out: [&mut [T]; O],
    of: impl Fn([T::Vector<S>; BOTH]) -> [T::Vector<S>; O],
) {
    // A call through a reference to `of` is not always inlined.
    #![expect(clippy::redundant_closure, reason = "closures that are always inlined")]
    const { assert!(BOTH == 2 * I, "a bar and the one before it") };
    let Some(end) = input[0].len().checked_sub(1) else {
        return;
    };
    let (mut first, mut rest) = ([&[][..]; BOTH], [&[][..]; BOTH]);
    for i in 0..I {
        (first[i], first[I + i]) = (&input[i][..1], slice::from_ref(&last[i]));
        (rest[i], rest[I + i]) = (&input[i][1..], &input[i][..end]);
    }
    let head = out.each_mut().map(|out| &mut out[..1]);
    map(
        simd,
        first,
        head,
        #[inline(always)]
        |bars| of(bars),
    );
    map(
        simd,
        rest,
        out.map(|out| &mut out[1..]),
        #[inline(always)]
        |bars| of(bars),
    );
    for (last, input) in last.iter_mut().zip(input) {
        *last = input[end];
    }
}

/// 0, or NaN where `x` is not finite.
#[inline(always)]
#[expect(clippy::eq_op, reason = "the difference of two infinities, or of two NaNs, is NaN")]
pub(crate) fn gap<N: Copy + Sub<Output = N>>(x: N) -> N {
    x - x
}

/// `x`, or NaN where it is infinite.
#[inline(always)]
pub(crate) fn finite_or_nan<N: Copy + Add<Output = N> + Sub<Output = N>>(x: N) -> N {
    x + gap(x)
}

/// The sum, and what rounding took from it (Knuth's two-sum).
#[inline(always)]
pub(crate) fn two_sum<N: Copy + Add<Output = N> + Sub<Output = N>>(a: N, b: N) -> [N; 2] {
    let sum = a + b;
    let added = sum - a;
    [sum, (a - (sum - added)) + (b - added)]
}

/// `100 part / whole`; 0 of nothing.
#[inline(always)]
pub(crate) fn percent<S: Simd, V: Vector<Simd = S>>(simd: S, part: V, whole: V) -> V {
    let zero = V::splat(simd, V::Element::ZERO);
    let percent = part / whole * V::splat(simd, V::Element::from_f64(100.0));
    whole.eq(zero).select(zero, percent)
}

/// The true range: NaN where any value of the bar, or the close before it, is not finite.
#[inline(always)]
pub(crate) fn range_of<S: Simd, V: Vector<Simd = S>>(simd: S, [high, low, close]: [V; 3], before: V) -> V {
    let (range, rise, fall) = (high - low, high - before, low - before);
    // Their product with 0 is 0, or NaN.
    let all = range + (close - before);
    all.mul_add(V::splat(simd, V::Element::ZERO), range.max(rise.abs()).max(fall.abs()))
}
