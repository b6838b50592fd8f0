//! What goes from floats to other numbers and back, and products of bytes, on every instruction set.

use half::{bf16, f16};
use kernels_testing::{Guarded, Random, each_isa, small};
use simd_core::{ByteProducts, Isa, Kernel, Simd, Vector, dispatch_on};

/// The most lanes of any set.
const WIDEST: usize = 8;

/// All bits of 16, or some of them where each takes long.
fn bits() -> Vec<u16> {
    let step = if cfg!(miri) {
        4001
    } else if small() {
        251
    } else {
        1
    };
    let special = [1, 0x3FF, 0x400, 0x7BFF, 0x7C00, 0x7C01, 0x7E00, 0x8000, 0xFC00, 0xFFFF];
    let mut bits: Vec<u16> = (0..=u16::MAX).step_by(step).chain(special).collect();
    bits.resize(bits.len().next_multiple_of(WIDEST), 0);
    bits
}

/// Floats of all sizes, those between two halves among them.
fn floats() -> Vec<f32> {
    let mut random = Random::new(1);
    let between = bits().into_iter().flat_map(|bits| {
        let (x, y) = (f16::from_bits(bits).to_f32_const(), bf16::from_bits(bits).to_f32_const());
        [x, x.next_up(), (x + f16::from_bits(bits.wrapping_add(1)).to_f32_const()) / 2.0, y, y.next_down()]
    });
    let mut floats: Vec<f32> = between.flat_map(|x| [x, f32::from_bits(random.bits() as u32)]).collect();
    let middles: Vec<f32> =
        floats.iter().map(|x| f32::from_bits(x.to_bits() & 0xFFFF_0000 | 0x8000)).collect();
    floats.extend(middles);
    floats.extend([0.0, -0.0, 65519.99, 65520.0, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, f32::NAN]);
    floats.resize(floats.len().next_multiple_of(WIDEST), 0.0);
    floats
}

/// Loads all halves, and stores all floats as halves.
struct Halves<'a> {
    bits: &'a [u16],
    floats: &'a [f32],
}

/// The values of the bits as `f16` and as `bf16`, and the bits of the floats.
type Converted = ([Vec<f32>; 2], [Vec<u16>; 2]);

impl Kernel for Halves<'_> {
    type Output = Converted;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Converted {
        let (n, mut loaded, mut stored) = (S::F32::LANES, [vec![], vec![]], [vec![], vec![]]);
        for bits in self.bits.chunks_exact(n) {
            loaded[0].extend(simd.load_f16(bits).to_array().as_ref());
            loaded[1].extend(simd.load_bf16(bits).to_array().as_ref());
        }
        for floats in self.floats.chunks_exact(n) {
            let mut out = [0; WIDEST];
            simd.store_f16(simd.load(floats), &mut out);
            stored[0].extend(&out[..n]);
            simd.store_bf16(simd.load(floats), &mut out);
            stored[1].extend(&out[..n]);
        }
        (loaded, stored)
    }
}

#[test]
fn halves_are_the_nearest() {
    let (bits, floats) = (bits(), floats());
    each_isa("halves", |isa| {
        let (loaded, stored) = dispatch_on(isa, Halves { bits: &bits, floats: &floats }).unwrap();
        for (i, &bits) in bits.iter().enumerate() {
            let want = [f16::from_bits(bits).to_f32_const(), bf16::from_bits(bits).to_f32_const()];
            for (want, got) in want.into_iter().zip(&loaded) {
                let same = want.to_bits() == got[i].to_bits() || want.is_nan() && got[i].is_nan();
                assert!(same, "{isa}: {bits:x} is {}, expected {want}", got[i]);
            }
        }
        for (i, &x) in floats.iter().enumerate() {
            let (got, want) = (f16::from_bits(stored[0][i]), f16::from_f32_const(x));
            let same = want.to_bits() == got.to_bits() || want.is_nan() && got.is_nan();
            assert!(same, "{isa}: {x:e} becomes {got}, expected {want}");
            let (got, want) = (bf16::from_bits(stored[1][i]), bf16::from_f32_const(x));
            let same = want.to_bits() == got.to_bits() || want.is_nan() && got.is_nan();
            assert!(same, "{isa}: {x:e} becomes {got}, expected {want}");
        }
    });
}

/// Widens, narrows, and stores and loads bytes.
struct Bytes<'a> {
    xs: &'a [f32],
}

impl Kernel for Bytes<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let n = S::F32::LANES;
        for xs in self.xs.windows(4 * n) {
            let halves = simd.widen(simd.load(xs));
            for (half, xs) in halves.iter().zip(xs.chunks_exact(n / 2)) {
                let want: Vec<_> = xs.iter().map(|&x| f64::from(x).to_bits()).collect();
                let got: Vec<_> = half.to_array().as_ref().iter().map(|x| x.to_bits()).collect();
                assert_eq!(got, want, "{}: widen", S::ISA);
            }
            let third = simd.splat(1.0 / 3.0_f64);
            let narrow = simd.narrow([halves[0] * third, halves[1] * third]);
            for (got, x) in narrow.to_array().as_ref().iter().zip(xs) {
                assert_eq!(*got, (f64::from(*x) * (1.0 / 3.0)) as f32, "{}: narrow", S::ISA);
            }
            let vectors = [0, 1, 2, 3].map(|i| simd.load(&xs[i * n..]));
            for offset in 0..3 {
                let mut out = Guarded::new(4 * n, offset, 77);
                let sure = simd.store_u8(vectors, out.middle());
                assert!(sure || xs.iter().any(|x| x.abs() >= 32_768.0), "{}: {xs:?}", S::ISA);
                let want: Vec<_> = xs.iter().map(|&x| x as u8).collect();
                assert_eq!(out.check(), want, "{}: store_u8 of {xs:?}", S::ISA);
            }
        }
        let bytes: Vec<u8> = (0..=255).collect();
        for bytes in bytes.windows(n) {
            let want: Vec<_> = bytes.iter().copied().map(f32::from).collect();
            assert_eq!(simd.load_u8(bytes).to_array().as_ref(), want);
            let halves = [|x: u8| x & 15, |x: u8| x >> 4];
            for (half, got) in halves.into_iter().zip(simd.load_u4(bytes)) {
                let want: Vec<_> = bytes.iter().map(|&x| f32::from(half(x))).collect();
                assert_eq!(got.to_array().as_ref(), want, "{}: load_u4 of {bytes:?}", S::ISA);
            }
        }
    }
}

#[test]
fn bytes_are_cut_off_and_kept_within_their_range() {
    let mut random = Random::new(2);
    let special = [-1e9, -1.0, -0.5, -0.0, 0.999, 1.0, 254.999, 255.0, 255.5, 256.0, 65_535.0, 65_536.0, 1e9];
    let mut xs: Vec<f32> = special.to_vec();
    xs.extend(random.uniform(if small() { 30 } else { 1000 }).iter().map(|x| x * 300.0));
    each_isa("bytes", |isa| dispatch_on(isa, Bytes { xs: &xs }).unwrap());
    let nan = [f32::NAN; 4 * WIDEST];
    struct OfNan<'a>(&'a [f32]);
    impl Kernel for OfNan<'_> {
        type Output = Vec<u8>;
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Vec<u8> {
            let mut out = vec![7; 4 * S::F32::LANES];
            let sure = simd.store_u8([simd.load(self.0); 4], &mut out);
            assert_eq!(sure, S::ISA != Isa::Avx2);
            let large = simd.splat(f32::INFINITY);
            let sure = simd.store_u8([simd.splat(1.0_f32), large, large, large], &mut [0; 4 * WIDEST]);
            assert_eq!(sure, S::ISA != Isa::Avx2);
            out
        }
    }
    each_isa("bytes", |isa| {
        assert!(dispatch_on(isa, OfNan(&nan)).unwrap().iter().all(|&byte| byte == 0), "{isa}");
    });
}

/// The sum of the products of two slices, of a whole number of steps.
struct Products<'a>(&'a [i8], &'a [i8]);

impl Kernel for Products<'_> {
    type Output = i32;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> i32 {
        let step = S::I32::BYTES;
        let mut sums = S::I32::zero(simd);
        for (a, b) in self.0.chunks_exact(step).zip(self.1.chunks_exact(step)) {
            sums = sums.add(S::I32::load(simd, a), b);
        }
        sums.total()
    }
}

#[test]
fn products_of_bytes_are_exact() {
    let mut random = Random::new(3);
    let mut slices: Vec<Vec<i8>> = vec![vec![-128; 160], vec![127; 160]];
    for _ in 0..if small() { 2 } else { 50 } {
        slices.push((0..160).map(|_| random.bits() as i8).collect());
    }
    let check = |a: &[i8], b: &[i8]| {
        let want: i32 = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        each_isa("byte_products", |isa| assert_eq!(dispatch_on(isa, Products(a, b)), Ok(want), "{isa}"));
    };
    for a in &slices {
        for b in &slices {
            check(&a[1..129], &b[3..131]);
        }
    }
    // As many steps as there may be, of the largest products.
    each_isa("byte_products", |isa| {
        let n = dispatch_on(isa, Most).unwrap();
        for x in [-128, 127] {
            let (a, b) = (vec![-128; n], vec![x; n]);
            let want = n as i32 * -128 * i32::from(x);
            assert_eq!(dispatch_on(isa, Products(&a, &b)), Ok(want), "{isa}");
        }
    });
}

/// How many bytes may be added.
struct Most;

impl Kernel for Most {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, _: S) -> usize {
        S::I32::MAX_STEPS * S::I32::BYTES
    }
}

/// Masks as bits.
struct Bits<'a>(&'a [f32]);

impl Kernel for Bits<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        use simd_core::Mask;
        let (zero, n) = (simd.splat(0.0_f32), S::F32::LANES);
        for xs in self.0.windows(4 * n) {
            let bytes = simd.pack_bits([0, 1, 2, 3].map(|i| zero.lt(simd.load(&xs[i * n..])))).to_le_bytes();
            for (xs, byte) in xs.chunks_exact(8).zip(bytes) {
                let want = xs.iter().fold(0, |bits, x| bits << 1 | u8::from(*x > 0.0));
                assert_eq!(byte, want, "{}: {xs:?}", S::ISA);
            }
        }
        for xs in self.0.windows(S::F32::LANES) {
            let want = xs.iter().enumerate().map(|(i, x)| u32::from(*x > 0.0) << i).sum::<u32>();
            assert_eq!(zero.lt(simd.load(xs)).bits(), want, "{}: {xs:?}", S::ISA);
            let wide: Vec<_> = xs[..S::F64::LANES].iter().copied().map(f64::from).collect();
            let want = want & ((1 << S::F64::LANES) - 1);
            assert_eq!(simd.splat(0.0_f64).lt(simd.load(&wide)).bits(), want, "{}: {wide:?}", S::ISA);
        }
    }
}

#[test]
fn a_mask_has_a_bit_for_each_lane() {
    let xs = Random::new(4).uniform(if small() { 20 } else { 600 });
    each_isa("mask_bits", |isa| dispatch_on(isa, Bits(&xs)).unwrap());
}
