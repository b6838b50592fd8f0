//! A decaying sum, many bars at a time.
//!
//! `u[i] = d u[i-1] + x[i]` is a chain: each step waits for the one before. The scan breaks it. Sums of 1, 2, 4 … bars
//! are built by doubling, `F2m[i] = Fm[i] + d^m Fm[i-m]`, until they hold as many bars `K` as two vectors have
//! lanes; then `u[i] = d^K u[i-K] + FK[i]` joins bars `K` apart, lane by lane.
//!
//! A decay near one does not fit into a number: rounded, it would be another decay, and a long average off by as many
//! last places as it has bars. What is missing is kept beside it. It comes from what is lost, `1 - d^K`, which is built
//! from positive terms alone.

use super::lanes::two_sum;
use simd_core::{Element, MAX_LANES, Simd, Vector};

/// Vectors in a block: chains enough, and no more registers than there are.
const VECTORS: usize = 2;

/// Powers of two of bars: up to the lanes of two of the widest vectors.
const POWERS: usize = (VECTORS * MAX_LANES).ilog2() as usize + 1;

/// A decay, and what it does over powers of two of bars.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decay<T> {
    /// What is kept over 1, 2, 4 … bars.
    kept: [T; POWERS],
    /// What is kept and does not fit into that.
    rest: [T; POWERS],
    /// What is lost over one bar.
    loss: T,
}

impl<T: Element> Decay<T> {
    /// A decay that loses `loss`, from 0 to 1, over a bar.
    pub(crate) fn new(loss: f64) -> Self {
        let mut lost = loss;
        let (mut kept, mut rest) = ([T::ZERO; POWERS], [T::ZERO; POWERS]);
        for (kept, rest) in kept.iter_mut().zip(&mut rest) {
            *kept = T::from_f64(1.0 - lost);
            *rest = T::from_f64((1.0 - kept.to_f64()) - lost);
            // From positive terms: exact however near to one the decay is.
            lost = lost * (2.0 - lost);
        }
        Self { kept, rest, loss: T::from_f64(loss) }
    }

    /// Whether so little is kept over eight bars that what does not fit into the factor has no effect.
    fn is_strong(&self) -> bool {
        self.kept[3] < T::from_f64(0.75)
    }

    /// `u` one bar later.
    #[inline(always)]
    fn step(&self, u: T, x: T) -> T {
        // Where little is kept, the difference would have lost its digits.
        if self.kept[0] < self.loss { u * self.kept[0] + x } else { u + (x - self.loss * u) }
    }
}

/// A decaying sum that goes on from bar to bar: what it writes is `base + weight * u`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan<T> {
    decay: Decay<T>,
    weight: T,
    inverse_weight: T,
    /// What is taken from each value.
    origin: T,
    base: T,
    u: T,
    kind: Kind,
}

/// What becomes of the base from piece to piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Where the last piece ended, for values, too: errors are then fractions of the moves, not of the level, and a
    /// constant series stays exactly constant. What rounding takes from it stays in `u`.
    Level,
    /// Always 0: what decays to nothing keeps its digits.
    Move,
    /// Where the last piece ended, while values count as they are.
    Total,
}

impl<T: Element> Scan<T> {
    /// Bars in a piece: more are faster by little, and stray farther from their base.
    const PIECE: usize = 512;

    fn new(loss: f64, weight: f64, kind: Kind) -> Self {
        let [weight, inverse_weight] = [weight, 1.0 / weight].map(T::from_f64);
        let (origin, base, u) = (T::ZERO, T::ZERO, T::ZERO);
        Self { decay: Decay::new(loss), weight, inverse_weight, origin, base, u, kind }
    }

    /// `y += weight * (x - y)`, for values that vary round some level. With a weight of 1 they are their own average.
    pub(crate) fn of_levels(weight: f64) -> Self {
        Self::new(weight, weight, if weight == 1.0 { Kind::Move } else { Kind::Level })
    }

    /// `y += weight * (x - y)`, for values that vary round 0, or decay to it.
    pub(crate) fn of_moves(weight: f64) -> Self {
        Self::new(weight, weight, Kind::Move)
    }

    /// `y += x`.
    pub(crate) fn total() -> Self {
        Self::new(0.0, 1.0, Kind::Total)
    }

    /// Begins anew from `base + more`.
    pub(crate) fn begin(&mut self, base: T, more: T) {
        (self.base, self.u) = match self.kind {
            Kind::Move => (T::ZERO, ((base - self.origin) + more) * self.inverse_weight),
            _ => (base, more * self.inverse_weight),
        };
        self.settle();
    }

    /// Takes values relative to `origin` from now on, and goes on as if all had been.
    #[inline(always)]
    pub(crate) fn move_origin(&mut self, origin: T) {
        self.lower(origin - self.origin);
        self.origin = origin;
    }

    /// Goes on as if all values had been less by `by`.
    #[inline(always)]
    pub(crate) fn lower(&mut self, by: T) {
        self.u = self.u - by * self.inverse_weight;
    }

    /// What a new value counts for.
    pub(crate) fn weight(&self) -> T {
        self.weight
    }

    /// The value at the bar before.
    pub(crate) fn value(&self) -> T {
        self.base + self.weight * self.u
    }

    /// Goes on over `xs`, and writes the value at each bar. A bar whose value is not finite is left out, and NaN.
    #[inline(always)]
    pub(crate) fn advance<S: Simd>(&mut self, simd: S, xs: &[T], out: &mut [T]) {
        if let ([x], [out]) = (xs, &mut *out) {
            *out = self.step(*x);
            return self.settle();
        }
        let mut at = 0;
        while at < xs.len() {
            at += simd.vectorize(
                #[inline(always)]
                || self.whole_pieces(simd, &xs[at..], &mut out[at..]),
            );
            let end = xs.len().min(at + Self::PIECE);
            self.piece_with_gaps(&xs[at..end], &mut out[at..end]);
            at = end;
        }
    }

    /// Goes on until a piece has a gap; the number of bars.
    #[inline(always)]
    fn whole_pieces<S: Simd>(&mut self, simd: S, xs: &[T], out: &mut [T]) -> usize {
        let mut done = 0;
        for (xs, out) in xs.chunks(Self::PIECE).zip(out.chunks_mut(Self::PIECE)) {
            let before = *self;
            loop {
                self.piece(simd, xs, out);
                if self.kind != Kind::Level || !self.fades(out) {
                    break;
                }
                // What became small was reckoned relative to what is large. Once more, relative to 0.
                (self.u, self.base, self.origin) = (before.value() * self.inverse_weight, T::ZERO, T::ZERO);
            }
            if !self.u.is_finite() {
                *self = before;
                break;
            }
            self.settle();
            done += xs.len();
        }
        done
    }

    /// Whether values become much smaller than the base. It looks at some of them: at more, the faster they can fade. (Out
    /// of line: the loops round it want all registers.)
    #[inline(never)]
    fn fades(&self, out: &[T]) -> bool {
        let every = if self.decay.kept[3] < T::from_f64(0.25) { 2 } else { 16 };
        let mut least = out.last().map_or(T::INFINITY, |last| last.abs());
        for value in out.iter().step_by(every) {
            let size = value.abs();
            least = if size < least { size } else { least };
        }
        // False for NaN, and for a base of 0.
        least < self.base.abs() * T::from_f64(0.25)
    }

    /// One bar after another, as gaps are rare.
    #[cold]
    #[inline(never)]
    fn piece_with_gaps(&mut self, xs: &[T], out: &mut [T]) {
        for (x, out) in xs.iter().zip(out) {
            *out = self.step(*x);
            self.settle();
        }
    }

    /// One bar.
    #[inline(always)]
    fn step(&mut self, x: T) -> T {
        let u = self.decay.step(self.u, x - self.origin);
        if !u.is_finite() {
            return T::NAN;
        }
        self.u = u;
        self.value()
    }

    /// Moves the base to where the scan stands. What does not fit into it stays in `u`.
    #[inline(always)]
    fn settle(&mut self) {
        if self.kind == Kind::Move {
            return;
        }
        let [base, rest] = two_sum(self.base, self.weight * self.u);
        (self.base, self.u) = (base, rest * self.inverse_weight);
        if self.kind == Kind::Level {
            self.origin = base;
        }
    }

    /// Writes a piece. One value that is not finite makes `u` after it not finite.
    #[inline(always)]
    fn piece<S: Simd>(&mut self, simd: S, xs: &[T], out: &mut [T]) {
        let lanes = T::Vector::<S>::LANES;
        let whole = xs.len() - xs.len() % (VECTORS * lanes);
        let (blocks, rest) = xs.split_at(whole);
        let (out, out_rest) = out.split_at_mut(whole);
        if whole > 0 {
            if self.decay.is_strong() {
                self.blocks::<S, false>(simd, blocks, out);
            } else {
                self.blocks::<S, true>(simd, blocks, out);
            }
        }
        for (x, out) in rest.iter().zip(out_rest) {
            self.u = self.decay.step(self.u, *x - self.origin);
            *out = self.value();
        }
    }

    #[inline(always)]
    fn blocks<S: Simd, const EXACT: bool>(&mut self, simd: S, xs: &[T], out: &mut [T]) {
        let lanes = T::Vector::<S>::LANES;
        let log = lanes.trailing_zeros() as usize;
        let zero = simd.splat(T::ZERO);
        let (base, weight) = (simd.splat(self.base), simd.splat(self.weight));
        let origin = simd.splat(self.origin);
        let mut kept = [zero; POWERS];
        for (vector, kept) in kept.iter_mut().zip(self.decay.kept) {
            *vector = simd.splat(kept);
        }
        let (kept_over, rest) = (kept[log + 1], simd.splat(self.decay.rest[log + 1]));

        // All that came before, as if it had come with the last bar.
        let mut before = [T::ZERO; MAX_LANES];
        before[lanes - 1] = self.u;
        let before = simd.load::<T>(&before);
        let (mut lag1, mut lag2, mut lag4, mut vector) = (before, before, before, before);
        let mut u = [zero, before];
        let mut stale = u;
        let block = VECTORS * lanes;
        for (xs, out) in xs.chunks_exact(block).zip(out.chunks_exact_mut(block)) {
            let mut f = [zero; VECTORS];
            for (f, xs) in f.iter_mut().zip(xs.chunks_exact(lanes)) {
                *f = simd.load(xs) - origin;
            }
            lagged(&mut f, &mut lag1, 1, kept[0]);
            if lanes > 2 {
                lagged(&mut f, &mut lag2, 2, kept[1]);
            }
            if lanes > 4 {
                lagged(&mut f, &mut lag4, 4, kept[2]);
            }
            let [a, b] = f;
            f = [vector.mul_add(kept[log], a), a.mul_add(kept[log], b)];
            vector = b;
            if EXACT {
                // One block late, which is off by less than one bit of `rest`, and in nobody's way.
                for (f, stale) in f.iter_mut().zip(stale) {
                    *f = stale.mul_add(rest, *f);
                }
                stale = u;
            }
            for ((u, f), out) in u.iter_mut().zip(f).zip(out.chunks_exact_mut(lanes)) {
                *u = u.mul_add(kept_over, f);
                u.mul_add(weight, base).store(out);
            }
        }
        self.u = u[VECTORS - 1].to_array().as_ref()[lanes - 1];
    }
}

/// From sums of `by` bars to sums of twice as many, where those to add lie within a vector and the one before it.
#[inline(always)]
fn lagged<V: Vector>(f: &mut [V; VECTORS], before: &mut V, by: usize, kept: V) {
    let [a, b] = *f;
    *f = [a.lag(*before, by).mul_add(kept, a), b.lag(a, by).mul_add(kept, b)];
    *before = b;
}
