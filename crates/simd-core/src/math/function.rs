//! Fast where it is easy, and right everywhere.

use super::vectors::Vectors;
use crate::{MAX_LANES, Simd, Vector as _, map_in_place};

/// A function of one number, in two parts.
pub(super) trait Function: Copy {
    /// How far from 0 a number is at most that [`easy`](Self::easy) is right for.
    const EASY: f32;

    /// Its results for easy numbers.
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N>;

    /// Its results for all others but NaN, which stays NaN.
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N>;
}

/// The function: one branch for all vectors, and out of the way what hardly ever happens.
#[inline(always)]
pub(super) fn evaluate<F: Function, S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    let x = Vectors { simd, lanes: x };
    if x.all_within(F::EASY) {
        return F::easy(x).lanes;
    }
    // By way of memory of their own: what is otherwise in registers would be kept in memory, for this call.
    let mut values = [[0.0; MAX_LANES]; N];
    for (lanes, values) in x.lanes.iter().zip(&mut values) {
        lanes.store(values);
    }
    some_hard::<F, S>(simd, values.as_flattened_mut());
    let mut results = x.lanes;
    for (result, values) in results.iter_mut().zip(&values) {
        *result = simd.load(values);
    }
    results
}

/// Each lane gets what it would in any other company.
#[cold]
#[inline(never)]
fn some_hard<F: Function, S: Simd>(simd: S, values: &mut [f32]) {
    simd.vectorize(
        #[inline(always)]
        || {
            map_in_place::<S, f32, 1>(
                simd,
                values,
                #[inline(always)]
                |lanes| {
                    let x = Vectors { simd, lanes };
                    let easy = x.within(F::EASY);
                    let results = F::easy(x.or(easy, 0.0)).or(easy, F::hard(x));
                    results.or(x.ordered(), x).lanes
                },
            );
        },
    );
}
