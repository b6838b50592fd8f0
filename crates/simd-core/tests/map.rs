//! Maps of slices, on every instruction set.

use kernels_testing::{Guarded, Random, each_isa};
use simd_core::{Element, Kernel, MAX_LANES, Simd, dispatch_on, map, map_in_place};

/// Twice each value and 1, `N` vectors at a time.
struct TwiceAndOne<'a, T, const N: usize> {
    xs: &'a [T],
    out: &'a mut [T],
    in_place: &'a mut [T],
}

impl<T: Element, const N: usize> Kernel for TwiceAndOne<'_, T, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (two, one) = (simd.splat(T::from_f64(2.0)), simd.splat(T::from_f64(1.0)));
        let f = |xs: [T::Vector<S>; N]| xs.map(|x| x * two + one);
        map(simd, self.xs, self.out, f);
        map_in_place(simd, self.in_place, f);
    }
}

fn check<T: Element, const N: usize>(xs: &[T], want: &[T]) {
    each_isa("map", |isa| {
        for len in (0..=xs.len()).step_by(if cfg!(miri) { 11 } else { 1 }) {
            for offset in 0..if cfg!(miri) { 2 } else { MAX_LANES } {
                let mut out = Guarded::new(len, offset, T::from_f64(7.0));
                let mut in_place = Guarded::copy(&xs[..len], offset, T::from_f64(7.0));
                let kernel =
                    TwiceAndOne::<T, N> { xs: &xs[..len], out: out.middle(), in_place: in_place.middle() };
                dispatch_on(isa, kernel).unwrap();
                assert_eq!(out.check(), &want[..len], "{isa}, {len} values");
                assert_eq!(in_place.check(), &want[..len], "{isa}, {len} values in place");
            }
        }
    });
}

#[test]
fn every_value_is_mapped_once_and_nothing_else_is_written() {
    let len = 4 * 4 * MAX_LANES / if cfg!(miri) { 4 } else { 1 } + 1;
    let xs: Vec<f32> = Random::new(1).uniform(len);
    let want: Vec<f32> = xs.iter().map(|x| x * 2.0 + 1.0).collect();
    check::<f32, 1>(&xs, &want);
    check::<f32, 4>(&xs, &want);
    let xs: Vec<f64> = xs.into_iter().map(f64::from).collect();
    let want: Vec<f64> = xs.iter().map(|x| x * 2.0 + 1.0).collect();
    check::<f64, 1>(&xs, &want);
    check::<f64, 3>(&xs, &want);
}

#[test]
#[should_panic(expected = "as many results as values")]
fn lengths_must_be_equal() {
    let kernel = TwiceAndOne::<f32, 1> { xs: &[1.0; 8], out: &mut [0.0; 9], in_place: &mut [] };
    dispatch_on(simd_core::Isa::Scalar, kernel).unwrap();
}
