//! Formulas over several vectors.

use crate::{Mask as _, Simd, Vector as _};
use core::ops::{Add, Div, Mul, Sub};

/// `N` vectors in lock-step: each operation is applied to all of them before the next one, so that none waits for its own
/// last result.
///
/// Loops, throughout: `array::map` is not always inlined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors<S: Simd, const N: usize> {
    pub(super) simd: S,
    pub(super) lanes: [S::F32; N],
}

/// A truth value for each lane of [`Vectors`].
pub(super) type Masks<S, const N: usize> = [<<S as Simd>::F32 as crate::Vector>::Mask; N];

/// What an operation can be done with: [`Vectors`], or a number for all lanes.
pub(super) trait Operand<S: Simd, const N: usize>: Copy {
    fn at(self, simd: S, i: usize) -> S::F32;
}

impl<S: Simd, const N: usize> Operand<S, N> for Vectors<S, N> {
    #[inline(always)]
    fn at(self, _: S, i: usize) -> S::F32 {
        self.lanes[i]
    }
}

impl<S: Simd, const N: usize> Operand<S, N> for f32 {
    #[inline(always)]
    fn at(self, simd: S, _: usize) -> S::F32 {
        simd.splat(self)
    }
}

impl<S: Simd, const N: usize> Vectors<S, N> {
    /// `x` in every lane.
    #[inline(always)]
    pub(super) fn splat(simd: S, x: f32) -> Self {
        Self { simd, lanes: [simd.splat(x); N] }
    }

    /// `self * factor + summand`, as [`Vector::mul_add`](crate::Vector::mul_add).
    #[inline(always)]
    pub(super) fn mul_add(mut self, factor: impl Operand<S, N>, summand: impl Operand<S, N>) -> Self {
        for (i, lanes) in self.lanes.iter_mut().enumerate() {
            *lanes = lanes.mul_add(factor.at(self.simd, i), summand.at(self.simd, i));
        }
        self
    }

    /// The polynomial of these coefficients, that of the highest power first, by Horner's scheme.
    #[inline(always)]
    pub(super) fn horner<const K: usize>(self, coefficients: [f32; K]) -> Self {
        let mut sum = Self::splat(self.simd, coefficients[0]);
        for coefficient in &coefficients[1..] {
            sum = sum.mul_add(self, *coefficient);
        }
        sum
    }

    /// The same by two chains, for the even and the odd powers: two multiplications more, and half as long to wait. Worth it
    /// from degree 5 on: compilers put the steps of one vector after another, and a core can look only so far ahead.
    #[inline(always)]
    pub(super) fn polynomial<const K: usize>(self, coefficients: [f32; K]) -> Self {
        let square = self * self;
        let mut chains = [Self::splat(self.simd, coefficients[0]), Self::splat(self.simd, coefficients[1])];
        for (i, coefficient) in coefficients.iter().enumerate().skip(2) {
            chains[i % 2] = chains[i % 2].mul_add(square, *coefficient);
        }
        // The last coefficient is that of power 0.
        chains[K % 2].mul_add(self, chains[1 - K % 2])
    }

    /// As [`Simd::add_exponents`].
    #[inline(always)]
    pub(super) fn add_exponents(mut self, powers: Self) -> Self {
        for (lanes, powers) in self.lanes.iter_mut().zip(powers.lanes) {
            *lanes = self.simd.add_exponents(*lanes, powers);
        }
        self
    }

    /// As [`Simd::copy_signs`].
    #[inline(always)]
    pub(super) fn copy_signs(mut self, signs: Self) -> Self {
        for (lanes, signs) in self.lanes.iter_mut().zip(signs.lanes) {
            *lanes = self.simd.copy_signs(*lanes, signs);
        }
        self
    }

    /// Without the sign.
    #[inline(always)]
    pub(super) fn abs(mut self) -> Self {
        for lanes in &mut self.lanes {
            *lanes = lanes.abs();
        }
        self
    }

    /// With a minus.
    #[inline(always)]
    pub(super) fn negative(self) -> Self {
        self.copy_signs(Self::splat(self.simd, -0.0))
    }

    /// At least `least`; NaN stays NaN.
    #[inline(always)]
    pub(super) fn at_least(mut self, least: f32) -> Self {
        for lanes in &mut self.lanes {
            *lanes = self.simd.splat(least).max(*lanes);
        }
        self
    }

    /// At most `most`; NaN stays NaN.
    #[inline(always)]
    pub(super) fn at_most(mut self, most: f32) -> Self {
        for lanes in &mut self.lanes {
            *lanes = self.simd.splat(most).min(*lanes);
        }
        self
    }

    /// Where `self` is less than `other`. False for NaN.
    #[inline(always)]
    pub(super) fn lt(self, other: impl Operand<S, N>) -> Masks<S, N> {
        let mut masks = [self.lanes[0].eq(self.lanes[0]); N];
        for (i, mask) in masks.iter_mut().enumerate() {
            *mask = self.lanes[i].lt(other.at(self.simd, i));
        }
        masks
    }

    /// Where `self` is at most `limit` from 0. False for NaN.
    #[inline(always)]
    pub(super) fn within(self, limit: f32) -> Masks<S, N> {
        let mut masks = [self.lanes[0].eq(self.lanes[0]); N];
        for (mask, lanes) in masks.iter_mut().zip(self.abs().lanes) {
            *mask = lanes.le(self.simd.splat(limit));
        }
        masks
    }

    /// Where `self` is not NaN.
    #[inline(always)]
    pub(super) fn ordered(self) -> Masks<S, N> {
        let mut masks = [self.lanes[0].eq(self.lanes[0]); N];
        for (mask, lanes) in masks.iter_mut().zip(self.lanes) {
            *mask = lanes.eq(lanes);
        }
        masks
    }

    /// Whether all are.
    #[inline(always)]
    pub(super) fn all_within(self, limit: f32) -> bool {
        let masks = self.within(limit);
        let mut all = masks[0];
        for mask in &masks[1..] {
            all = all & *mask;
        }
        all.all()
    }

    /// `self` where the masks are set, `clear` elsewhere.
    #[inline(always)]
    pub(super) fn or(mut self, masks: Masks<S, N>, clear: impl Operand<S, N>) -> Self {
        for (i, lanes) in self.lanes.iter_mut().enumerate() {
            *lanes = masks[i].select(*lanes, clear.at(self.simd, i));
        }
        self
    }
}

macro_rules! operator {
    ($trait:ident $method:ident) => {
        impl<S: Simd, const N: usize, T: Operand<S, N>> $trait<T> for Vectors<S, N> {
            type Output = Self;
            #[inline(always)]
            fn $method(mut self, other: T) -> Self {
                for (i, lanes) in self.lanes.iter_mut().enumerate() {
                    *lanes = lanes.$method(other.at(self.simd, i));
                }
                self
            }
        }
    };
}
operator!(Add add);
operator!(Sub sub);
operator!(Mul mul);
operator!(Div div);
