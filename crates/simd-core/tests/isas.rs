//! Names, availability, dispatch.

use kernels_testing::record;
use simd_core::{Isa, Kernel, Simd, UnavailableIsa, Vector, dispatch, dispatch_on};

struct Which;

impl Kernel for Which {
    type Output = (Isa, usize, usize);

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Self::Output {
        simd.vectorize(
            #[inline(always)]
            || (S::ISA, S::F32::LANES, S::F64::LANES),
        )
    }
}

#[test]
fn names_are_text_and_back() {
    for &isa in Isa::ALL {
        assert_eq!(isa.to_string(), isa.name());
        assert_eq!(isa.name().parse(), Ok(isa));
    }
    assert_eq!(format!("[{:>8}]", Isa::Avx2), "[    avx2]");
    let error = "mmx".parse::<Isa>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown instruction set; there are avx2, neon, relaxed-simd, simd128, scalar"
    );
}

#[test]
fn every_available_set_runs_and_no_other() {
    for &isa in Isa::ALL {
        let ran = dispatch_on(isa, Which);
        if isa.is_available() {
            let (ran, f32_lanes, f64_lanes) = ran.unwrap();
            assert_eq!((ran, f32_lanes), (isa, 2 * f64_lanes));
            record(isa, "dispatch");
        } else {
            let error: UnavailableIsa = ran.unwrap_err();
            assert_eq!(error.asked(), isa.name());
            let available: Vec<_> = Isa::available().map(Isa::name).collect();
            let message =
                format!("instruction set `{isa}` is not available here; available: {}", available.join(", "));
            assert_eq!(error.to_string(), message);
        }
    }
}

#[test]
fn the_best_set_is_chosen() {
    assert!(Isa::Scalar.is_available());
    assert_eq!(Isa::available().last(), Some(Isa::Scalar));
    assert_eq!(Some(Isa::detect()), Isa::available().next());
    assert_eq!(dispatch(Which).map(|(isa, ..)| isa), Isa::active());
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx2_is_used_where_the_cpu_has_it() {
    let all = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi2");
    assert_eq!(Isa::Avx2.is_available(), all);
}

#[test]
#[cfg(target_arch = "aarch64")]
fn neon_is_always_there() {
    assert_eq!(Isa::detect(), Isa::Neon);
}
