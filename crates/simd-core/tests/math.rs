//! exp, tanh, erf and the others: their errors, and that a lane depends on nothing but itself. All 2^32 arguments are checked
//! by `cargo xtask exhaustive`.

use kernels_testing::reference::nn::activations::Bounded;
use kernels_testing::{each_isa, small};
use simd_core::{Isa, Kernel, Simd, dispatch_on, map, map_in_place, math};

/// Values that are computed at a time.
const CHUNK: usize = if cfg!(miri) { 64 } else { 1 << 12 };

/// A function of `N` vectors, of whole chunks.
struct Of<'a, const N: usize> {
    name: &'static str,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl<const N: usize> Kernel for Of<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        macro_rules! among {
            ($($function:ident)*) => {
                match self.name {
                    $(stringify!($function) => simd.vectorize(
                        #[inline(always)]
                        || map::<S, f32, N>(
                            simd,
                            self.x,
                            self.out,
                            #[inline(always)]
                            |x| math::$function(simd, x),
                        ),
                    ),)*
                    name => unreachable!("{name}"),
                }
            };
        }
        among!(exp tanh sigmoid silu erf gelu gelu_tanh softplus);
    }
}

fn of<const N: usize>(isa: Isa, name: &'static str, x: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    dispatch_on(isa, Of::<N> { name, x, out: &mut out }).unwrap();
    out
}

/// Checks a function at each `step`th of the floats whose bits, without the sign, are in a range.
fn check(function: &Bounded, isa: Isa, sizes: std::ops::Range<u32>, step: usize) {
    let mut bits = sizes.step_by(step).flat_map(|size| [size, size | 1 << 31]);
    loop {
        let x: Vec<f32> = bits.by_ref().take(CHUNK).map(f32::from_bits).collect();
        if x.is_empty() {
            return;
        }
        for (x, y) in x.iter().zip(of::<4>(isa, function.name, &x)) {
            let (error, bound) = (function.error(*x, y), function.bound(isa));
            assert!(error <= bound, "{isa}: {}({x:e}) = {y:e}: {error:.2} units", function.name);
        }
    }
}

fn function(name: &str) -> &'static Bounded {
    const { &Bounded::ALL }.iter().find(|function| function.name == name).unwrap()
}

macro_rules! errors {
    ($($test:ident $name:literal;)*) => {
        $(#[test]
        fn $test() {
            let function = function($name);
            each_isa($name, |isa| {
                // From where results are no longer those of 0 to where they are those of infinity, and, less densely,
                // everywhere.
                let (dense, sparse) = if cfg!(miri) {
                    (1_000_003, 20_000_003)
                } else if small() {
                    (5_003, 500_009)
                } else {
                    (7, 50_021)
                };
                check(function, isa, (2_f32.powi(-14)).to_bits()..128_f32.to_bits(), dense);
                check(function, isa, 0..1 << 31, sparse);
            });
        })*
    };
}
errors! {
    exp_is_within_its_bound "exp";
    tanh_is_within_its_bound "tanh";
    sigmoid_is_within_its_bound "sigmoid";
    silu_is_within_its_bound "silu";
    erf_is_within_its_bound "erf";
    gelu_is_within_its_bound "gelu";
    gelu_tanh_is_within_its_bound "gelu_tanh";
    softplus_is_within_its_bound "softplus";
}

#[test]
fn special_values_are_as_documented() {
    let (inf, zero) = (f32::INFINITY, 0.0);
    let least = f32::from_bits(1);
    for (name, x, want) in [
        ("exp", inf, inf),
        ("exp", -inf, zero),
        ("exp", zero, 1.0),
        ("exp", -zero, 1.0),
        ("exp", 89.0, inf),
        ("exp", -103.97, least),
        ("exp", -103.98, zero),
        ("tanh", inf, 1.0),
        ("tanh", -inf, -1.0),
        ("tanh", zero, zero),
        ("tanh", -zero, -zero),
        ("tanh", -least, -least),
        ("sigmoid", inf, 1.0),
        ("sigmoid", -inf, zero),
        ("sigmoid", -zero, 0.5),
        ("sigmoid", -103.97, least),
        ("silu", inf, inf),
        ("silu", -inf, -zero),
        ("silu", zero, zero),
        ("silu", -zero, -zero),
        ("silu", f32::MAX, f32::MAX),
        ("silu", f32::MIN, -zero),
        ("erf", inf, 1.0),
        ("erf", -inf, -1.0),
        ("erf", zero, zero),
        ("erf", -zero, -zero),
        ("gelu", inf, inf),
        ("gelu", -inf, -zero),
        ("gelu", zero, zero),
        ("gelu", -zero, -zero),
        ("gelu", f32::MIN, -zero),
        ("gelu_tanh", inf, inf),
        ("gelu_tanh", -inf, -zero),
        ("gelu_tanh", zero, zero),
        ("gelu_tanh", -zero, -zero),
        ("gelu_tanh", f32::MAX, f32::MAX),
        ("softplus", inf, inf),
        ("softplus", -inf, zero),
        ("softplus", 100.0, 100.0),
        ("softplus", -103.97, least),
    ] {
        each_isa(name, |isa| {
            let got = of::<1>(isa, name, &[x])[0];
            assert_eq!(got.to_bits(), want.to_bits(), "{isa}: {name}({x:e}) = {got:e}, expected {want:e}");
        });
    }
    for name in Bounded::ALL.map(|function| function.name) {
        each_isa(name, |isa| {
            for nan in [f32::NAN, -f32::NAN, f32::from_bits(0x7F80_0001), f32::from_bits(u32::MAX)] {
                assert!(of::<1>(isa, name, &[nan])[0].is_nan(), "{isa}: {name}");
            }
        });
    }
}

/// The bits, but for NaN, whose own are nobody's promise.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|y| if y.is_nan() { !0 } else { y.to_bits() }).collect()
}

/// What is easy and what is hard, side by side.
fn mixed(len: usize) -> Vec<f32> {
    let values =
        [0.3, -87.1, 5.0, -5.0, 300.0, f32::NAN, -1e-3, 9.95, -12.5, f32::INFINITY, 43.6, -100.0, -0.0, 1.0];
    values.into_iter().cycle().take(len).collect()
}

#[test]
#[cfg_attr(miri, ignore = "slow there, and runs no other code than the others")]
fn a_lane_depends_on_nothing_but_itself() {
    for name in Bounded::ALL.map(|function| function.name) {
        each_isa(name, |isa| {
            let x = mixed(if cfg!(miri) { 40 } else { 100 });
            // Nothing but zeros beside it.
            let alone: Vec<f32> = x.iter().map(|&x| of::<1>(isa, name, &[x])[0]).collect();
            assert_eq!(bits(&of::<1>(isa, name, &x)), bits(&alone), "{isa}: {name}, one vector");
            assert_eq!(bits(&of::<2>(isa, name, &x)), bits(&alone), "{isa}: {name}, two vectors");
            assert_eq!(bits(&of::<4>(isa, name, &x)), bits(&alone), "{isa}: {name}, four vectors");
        });
    }
}

/// Every function on what every other one gives: no two of them disturb each other where one kernel has them all.
struct Chain<'a>(&'a mut [f32]);

impl Kernel for Chain<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        map_in_place::<S, f32, 3>(
            simd,
            self.0,
            #[inline(always)]
            |x| math::tanh(simd, math::softplus(simd, math::exp(simd, x))),
        );
    }
}

#[test]
fn functions_can_be_composed() {
    each_isa("composed functions", |isa| {
        let mut x = mixed(3 * 8 + 3);
        let want = ["exp", "softplus", "tanh"].iter().fold(x.clone(), |x, name| of::<4>(isa, name, &x));
        dispatch_on(isa, Chain(&mut x)).unwrap();
        assert_eq!(bits(&x), bits(&want), "{isa}");
    });
}
