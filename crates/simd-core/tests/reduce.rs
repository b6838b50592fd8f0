//! Reductions against plain loops, for all small lengths.

use kernels_testing::{Random, each_isa, small};
use simd_core::{Element, Isa, Kernel, Simd, dispatch_on, reduce};

struct Reductions<'a, T>(&'a [T]);

impl<T: Element> Kernel for Reductions<'_, T> {
    /// Sum, maximum, minimum.
    type Output = [T; 3];

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> [T; 3] {
        [reduce::sum(simd, self.0), reduce::max(simd, self.0), reduce::min(simd, self.0)]
    }
}

fn lengths() -> impl Iterator<Item = usize> {
    (0..if cfg!(miri) { 20 } else { 150 }).step_by(if cfg!(miri) { 3 } else { 1 })
}

#[test]
fn sums_and_extremes() {
    let mut random = Random::new(1);
    for len in lengths() {
        let xs = random.uniform(len);
        let wide: Vec<f64> = xs.iter().copied().map(f64::from).collect();
        let sum: f64 = wide.iter().sum();
        let magnitude: f64 = wide.iter().map(|x| x.abs()).sum();
        let max = wide.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let min = wide.iter().copied().fold(f64::INFINITY, f64::min);
        each_isa("reduce", |isa| {
            let got = dispatch_on(isa, Reductions(&xs)).unwrap().map(f64::from);
            let bound = (len as f64 + 32.0) * 2.0_f64.powi(-24) * magnitude;
            assert!((got[0] - sum).abs() <= bound, "{isa}: {len} values, {} for {sum}", got[0]);
            assert_eq!(got[1..], [max, min], "{isa}: {len} values");
            let got = dispatch_on(isa, Reductions(&wide)).unwrap();
            assert!((got[0] - sum).abs() <= bound * 1e-8, "{isa}: {len} values, {} for {sum}", got[0]);
            assert_eq!(got[1..], [max, min], "{isa}: {len} values");
        });
    }
}

#[test]
fn long_sums_keep_the_documented_bound() {
    // Equal values: every addition to an accumulator rounds the same way.
    let n = if small() { 500 } else { 100_000 };
    let xs = vec![0.1_f32; n];
    each_isa("reduce", |isa| {
        let lanes = if isa == Isa::Avx2 { 8.0 } else { 4.0 };
        for start in 0..3 {
            let [sum, ..] = dispatch_on(isa, Reductions(&xs[start..])).unwrap();
            let exact = (n - start) as f64 * f64::from(0.1_f32);
            let bound = (n as f64 / (8.0 * lanes) + 2.0 * lanes + 16.0) * 2.0_f64.powi(-24) * exact;
            let error = f64::from(sum) - exact;
            assert!(error.abs() <= bound, "{isa}: off by {error}, bound {bound}");
        }
    });
}

#[test]
fn a_nan_anywhere_is_the_result() {
    for len in lengths() {
        for at in 0..len {
            let mut xs = vec![1.0_f32; len];
            xs[at] = f32::NAN;
            each_isa("reduce", |isa| {
                let got = dispatch_on(isa, Reductions(&xs)).unwrap();
                assert!(got.iter().all(|x| x.is_nan()), "{isa}: {got:?}, NaN at {at} of {len}");
            });
        }
    }
}
