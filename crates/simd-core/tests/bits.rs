//! Operations on the bits of floats, on every instruction set.

use kernels_testing::each_isa;
use simd_core::{Kernel, Simd, Vector, dispatch_on};

/// The most lanes of any set.
const WIDEST: usize = 8;

/// What the two operations make of the same lanes.
struct Bits<'a> {
    a: &'a [f32],
    b: &'a [f32],
}

impl Kernel for Bits<'_> {
    type Output = [Vec<u32>; 2];

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> [Vec<u32>; 2] {
        let mut results = [vec![], vec![]];
        for (a, b) in self.a.chunks_exact(S::F32::LANES).zip(self.b.chunks_exact(S::F32::LANES)) {
            let (a, b) = (simd.load(a), simd.load(b));
            for (result, lanes) in results.iter_mut().zip([simd.add_exponents(a, b), simd.copy_signs(a, b)]) {
                result.extend(lanes.to_array().as_ref().iter().map(|x| x.to_bits()));
            }
        }
        results
    }
}

fn check(a: &[f32], b: &[f32], what: usize, want: &[u32]) {
    each_isa("operations on bits", |isa| {
        assert_eq!(dispatch_on(isa, Bits { a, b }).unwrap()[what], want, "{isa}");
    });
}

#[test]
fn exponents_are_added() {
    let (mut x, mut powers, mut want) = (vec![], vec![], vec![]);
    for n in -126..=127 {
        for y in [1.0, -1.5, 1.999] {
            x.push(y);
            // As they come of rounding.
            powers.push(12_582_912.0 + n as f32);
            // Not by `powi`, which Miri makes inexact.
            want.push((y * f32::from_bits(((n + 127) as u32) << 23)).to_bits());
        }
    }
    // Only the last nine bits count, and what runs over is lost.
    x.extend([1.0, f32::MAX, -0.0]);
    powers.extend([f32::from_bits(0xABCD_EE01), f32::from_bits(1), f32::from_bits(1 << 8)]);
    want.extend([0x4000_0000, 0x7FFF_FFFF, 0]);
    let whole = x.len().next_multiple_of(WIDEST);
    x.resize(whole, 1.0);
    powers.resize(whole, 0.0);
    want.resize(whole, 1_f32.to_bits());
    check(&x, &powers, 0, &want);
}

#[test]
fn signs_are_copied() {
    let special = [0.0, -0.0, 1.5, -1.5, f32::INFINITY, f32::NEG_INFINITY, 1e-40, -1e-40];
    let nan = [f32::from_bits(0x7FC0_0001), f32::from_bits(0xFFC0_0002)];
    let values: Vec<f32> = special.into_iter().chain(nan).collect();
    let (mut magnitudes, mut signs) = (vec![], vec![]);
    for magnitude in &values {
        for sign in &values {
            magnitudes.push(*magnitude);
            signs.push(*sign);
        }
    }
    let whole = magnitudes.len().next_multiple_of(WIDEST);
    magnitudes.resize(whole, 1.0);
    signs.resize(whole, -1.0);
    let want: Vec<u32> = magnitudes
        .iter()
        .zip(&signs)
        .map(|(magnitude, sign)| (magnitude.to_bits() & 0x7FFF_FFFF) | (sign.to_bits() & 0x8000_0000))
        .collect();
    check(&magnitudes, &signs, 1, &want);
}
