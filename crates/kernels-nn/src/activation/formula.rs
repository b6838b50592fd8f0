//! Activations as types: a loop that is generic over them is compiled for each by itself, with no branch in it.

use super::Activation;
use simd_core::{Isa, Mask as _, Simd, Vector as _, math};

/// A function of one value, of `N` vectors of them at a time.
pub(crate) trait Formula: Copy {
    fn of<S: Simd, const N: usize>(self, simd: S, x: [S::F32; N]) -> [S::F32; N];
}

/// Whether each lane is a local of its own: a formula that is applied to several vectors side by side is then much code, for
/// no gain.
pub(crate) const fn has_no_vectors(isa: Isa) -> bool {
    matches!(isa, Isa::Scalar) && cfg!(target_family = "wasm")
}

/// What is to be done with whichever it is.
pub(crate) trait WithFormula {
    type Output;

    fn run<F: Formula>(self, formula: F) -> Self::Output;
}

macro_rules! formulas {
    ($($name:ident: $function:ident;)*) => {
        $(
            #[derive(Clone, Copy, Debug)]
            struct $name;

            impl Formula for $name {
                #[inline(always)]
                fn of<S: Simd, const N: usize>(self, simd: S, x: [S::F32; N]) -> [S::F32; N] {
                    math::$function(simd, x)
                }
            }
        )*

        impl Activation {
            /// Hands its formula on: one branch, round all that is done with it. Where that is a loop, it belongs into
            /// a function of its own ([`Simd::vectorize`]), which its registers are its own in.
            #[inline(always)]
            pub(crate) fn with_formula<W: WithFormula>(self, with: W) -> W::Output {
                match self {
                    Self::Relu => with.run(Relu),
                    Self::LeakyRelu { slope } => with.run(LeakyRelu { slope }),
                    $(Self::$name => with.run($name),)*
                }
            }
        }
    };
}

formulas! {
    Gelu: gelu;
    GeluTanh: gelu_tanh;
    Silu: silu;
    Sigmoid: sigmoid;
    Tanh: tanh;
    Exp: exp;
    Erf: erf;
    Softplus: softplus;
}

#[derive(Clone, Copy, Debug)]
struct Relu;

impl Formula for Relu {
    #[inline(always)]
    fn of<S: Simd, const N: usize>(self, simd: S, mut x: [S::F32; N]) -> [S::F32; N] {
        let zero = simd.splat(0.0_f32);
        for x in &mut x {
            // The second, where it is NaN or a zero.
            *x = zero.max(*x);
        }
        x
    }
}

#[derive(Clone, Copy, Debug)]
struct LeakyRelu {
    slope: f32,
}

impl Formula for LeakyRelu {
    #[inline(always)]
    fn of<S: Simd, const N: usize>(self, simd: S, mut x: [S::F32; N]) -> [S::F32; N] {
        let (zero, slope) = (simd.splat(0.0_f32), simd.splat(self.slope));
        for x in &mut x {
            *x = x.lt(zero).select(*x * slope, *x);
        }
        x
    }
}
