//! A dot product, written once and run on every instruction set of this machine: `cargo run --example dot`.

use simd_core::{Isa, Kernel, Simd, UnavailableIsa, Vector, dispatch_on, reduce};

/// The sum of `a[i] * b[i]`.
struct Dot<'a> {
    a: &'a [f32],
    b: &'a [f32],
}

impl Kernel for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f32 {
        let lanes = S::F32::LANES;
        let (a, b) = (self.a.chunks_exact(lanes), self.b.chunks_exact(lanes));
        let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
        let mut sum = simd.splat(0.0_f32);
        for (a, b) in a.zip(b) {
            sum = simd.load(a).mul_add(simd.load(b), sum);
        }
        reduce::sum(simd, sum.to_array().as_ref()) + rest
    }
}

fn main() -> Result<(), UnavailableIsa> {
    let a: Vec<f32> = (0..1000).map(|i| i as f32 / 1000.0).collect();
    let b: Vec<f32> = a.iter().map(|x| 1.0 - x).collect();
    for isa in Isa::available() {
        println!("{isa:>12}: {}", dispatch_on(isa, Dot { a: &a, b: &b })?);
    }
    println!("used by default: {}", Isa::active()?);
    Ok(())
}
