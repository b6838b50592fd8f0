//! Recursive means: `y += (x - y) / n` and its like, from their seed on.

use super::lanes::two_sum;
use super::scan::Scan;
use simd_core::{Element, Simd, Vector};

/// A recursive mean that begins at the mean of its first values. A value that is not finite leaves it as it is, and is
/// NaN in the output.
#[derive(Clone, Copy, Debug)]
pub struct Average<T> {
    scan: Scan<T>,
    /// Values still to be left out before the seed.
    skip: usize,
    /// Values still to come for the seed.
    missing: usize,
    /// What the sum of the seed's values is divided by.
    divisor: usize,
    /// Whether the bar that completes the seed shows it.
    shown: bool,
    /// What the seed's values count relative to, if not to the first of them.
    origin: Option<T>,
    /// Their sum, and what rounding took from it.
    sum: [T; 2],
}

impl<T: Element> Average<T> {
    /// `y += (x - y) / n`, from the mean of `n` values on: Wilder's. For values that vary round some level.
    pub(crate) fn wilder(n: usize) -> Self {
        Self::new(n, Scan::of_levels(1.0 / n as f64))
    }

    /// As [`wilder`](Self::wilder), for values that vary round 0, or decay to it.
    pub(crate) fn wilder_of_moves(n: usize) -> Self {
        Self::new(n, Scan::of_moves(1.0 / n as f64))
    }

    /// The `n`-th part of Wilder's sum, which begins with the sum of `n - 1` values: `s += v - s / n`.
    pub(crate) fn wilder_sum(n: usize) -> Self {
        Self { missing: n - 1, shown: false, origin: Some(T::ZERO), ..Self::wilder_of_moves(n) }
    }

    /// `y += 2 (x - y) / (n + 1)`, from the mean of `n` values on. For values that vary round some level.
    pub(crate) fn exponential(n: usize) -> Self {
        Self::new(n, Scan::of_levels(2.0 / (n as f64 + 1.0)))
    }

    /// As [`exponential`](Self::exponential), for values that vary round 0.
    pub(crate) fn exponential_of_moves(n: usize) -> Self {
        Self::new(n, Scan::of_moves(2.0 / (n as f64 + 1.0)))
    }

    fn new(n: usize, scan: Scan<T>) -> Self {
        Self { scan, skip: 0, missing: n, divisor: n, shown: true, origin: None, sum: [T::ZERO; 2] }
    }

    /// What a new value counts for.
    pub(crate) fn weight(&self) -> T {
        self.scan.weight()
    }

    /// The average at the bar before.
    pub(crate) fn value(&self) -> T {
        self.scan.value()
    }

    /// Whether the seed still wants values.
    pub(crate) fn is_seeding(&self) -> bool {
        self.missing > 0
    }

    /// The same, `skip` values later.
    pub(crate) fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// Takes values relative to `origin` from now on, and goes on as if all had been: for an average of moves.
    #[inline(always)]
    pub(crate) fn move_origin(&mut self, origin: T) {
        self.scan.move_origin(origin);
    }

    /// Goes on as if all values had been less by `by`: for an average of moves.
    #[inline(always)]
    pub(crate) fn lower(&mut self, by: T) {
        self.origin = self.origin.map(|origin| origin - by);
        self.scan.lower(by);
    }

    /// Goes on over `xs`, and writes the average at each bar: NaN before the seed is complete.
    #[inline(always)]
    pub(crate) fn advance<S: Simd>(&mut self, simd: S, xs: &[T], out: &mut [T]) {
        let seeding = if self.missing == 0 { 0 } else { self.seed(simd, xs, out) };
        self.scan.advance(simd, &xs[seeding..], &mut out[seeding..]);
    }

    /// Takes what the seed still wants; the number of bars that it took.
    #[inline(never)]
    fn seed<S: Simd>(&mut self, simd: S, xs: &[T], out: &mut [T]) -> usize {
        let mut at = 0;
        while at < xs.len() && self.missing > 0 {
            out[at] = T::NAN;
            let x = xs[at];
            at += 1;
            if !x.is_finite() {
                continue;
            }
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            let origin = *self.origin.get_or_insert(x);
            self.add(x - origin);
            self.missing -= 1;
            // Most of a long seed at once, where no value is missing.
            let run = self.missing.saturating_sub(1).min(xs.len() - at).min(Self::RUN);
            if run > 16 {
                let sum = simd.vectorize(
                    #[inline(always)]
                    || sum_relative(simd, &xs[at..at + run], origin),
                );
                if sum.is_finite() {
                    out[at..at + run].fill(T::NAN);
                    at += run;
                    self.add(sum);
                    self.missing -= run;
                }
            }
        }
        if self.missing == 0 {
            let mean = (self.sum[0] + self.sum[1]) / T::from_f64(self.divisor as f64);
            self.scan.begin(self.origin.unwrap_or(T::ZERO), mean);
            if self.shown {
                out[at - 1] = self.scan.value();
            }
        }
        at
    }

    /// Values that are summed at once.
    const RUN: usize = 1024;

    /// Adds to the sum.
    fn add(&mut self, x: T) {
        let [sum, rest] = two_sum(self.sum[0], x);
        self.sum = [sum, self.sum[1] + rest];
    }
}

/// The sum of what `xs` are more than `origin`.
#[inline(always)]
fn sum_relative<S: Simd, T: Element>(simd: S, xs: &[T], origin: T) -> T {
    let lanes = T::Vector::<S>::LANES;
    let from = simd.splat(origin);
    let mut sums = [simd.splat(T::ZERO); 4];
    let blocks = xs.chunks_exact(4 * lanes);
    let rest = blocks.remainder();
    for block in blocks {
        for (sum, xs) in sums.iter_mut().zip(block.chunks_exact(lanes)) {
            *sum = *sum + (simd.load(xs) - from);
        }
    }
    let sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    let sum = sum.to_array().as_ref().iter().fold(T::ZERO, |sum, x| sum + *x);
    rest.iter().fold(sum, |sum, x| sum + (*x - origin))
}
