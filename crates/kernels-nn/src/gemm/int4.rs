//! Matrices of numbers of four bits.

use super::compressed::{Decode, Encoded};
use super::encoded::{Int4, MIDDLE};
use super::packed::check;
use super::panels::{Matrix, packed_len, shape};
use crate::error::{Error, elements, length, multiple, positive, zeros};
use simd_core::{AlignedVec, Isa, Kernel, Simd, Vector, dispatch_on};

/// How weights become numbers of four bits: each `size` of them that follow one another along `k`, in the same column, are a
/// group, with a step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Int4Groups {
    /// Weights in a group: a divisor of `k`. Often 32, 64 or 128.
    pub size: usize,
    /// Whether a group also has a number of its own that stands for zero, which suits weights that lie on one side of it.
    /// Without, zero is in the middle.
    pub zero_points: bool,
}

impl Int4Groups {
    /// Groups of so many, with zero in the middle.
    #[must_use]
    pub const fn symmetric(size: usize) -> Self {
        Self { size, zero_points: false }
    }

    /// Groups of so many, with a number of their own that stands for zero.
    #[must_use]
    pub const fn with_zero_points(size: usize) -> Self {
        Self { size, zero_points: true }
    }
}

/// A matrix, mostly of weights, in four bits for each, and 32 to 36 for each group: about an eighth of the memory of a
/// [`PackedMatrix`](crate::PackedMatrix), and otherwise as that.
///
/// A weight is a whole number of steps, `(q - zero) * step`, the nearest: |error| <= step / 2, where
/// - symmetric groups: `step` is a seventh of the largest size in the group; `q - zero` is from -7 to 7
/// - with zero points: `step` is a fifteenth of the way from the smallest weight of the group to the largest, zero counted
///   among them; `q` and `zero` are from 0 to 15
///
/// `step` is rounded up to 20 significant bits, so that every weight is exact in `f32`. Zero stays zero.
///
/// ```
/// use kernels_nn::{Gemm, Int4Groups, Int4Matrix};
/// // [4, 1]
/// let b = Int4Matrix::new(&[0.7, 0.32, -0.1, 0.0], 4, 1, Int4Groups::symmetric(4))?;
/// for (held, weight) in b.dequantize()?.iter().zip([0.7_f32, 0.3, -0.1, 0.0]) {
///     assert!((held - weight).abs() < 1e-5);
/// }
/// assert!((Gemm::new(&b).run(&[1.0, 1.0, 1.0, 1.0], 1)?[0] - 0.9).abs() < 1e-5);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Int4Matrix {
    /// As [`Int4`] has them.
    bytes: AlignedVec<u8>,
    scales: AlignedVec<f32>,
    zeros: AlignedVec<u8>,
    k: usize,
    n: usize,
    groups: Int4Groups,
    isa: Isa,
}

/// Sizes up to which steps, and whole numbers of them, are finite.
const LARGEST: f32 = f32::from_bits((126 + 127) << 23);

impl Int4Matrix {
    /// Rounds `b: [k, n]`, row-major.
    ///
    /// # Errors
    /// If `k` or `n` is 0, the size of a group is no divisor of `k`, `b` has another length than they call for, a weight is
    /// NaN or beyond 2^126, it does not fit in memory, or `KERNELS_ISA` names a set that is not available.
    pub fn new(b: &[f32], k: usize, n: usize, groups: Int4Groups) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, b, k, n, groups)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn new_on(isa: Isa, b: &[f32], k: usize, n: usize, groups: Int4Groups) -> Result<Self, Error> {
        Self::of(isa, Matrix { values: b, k, n, transposed: false }, groups)
    }

    /// Rounds the transpose of `b: [n, k]`, row-major: the weights of a linear layer as most frameworks store them, a row for
    /// each output.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_transposed(b: &[f32], n: usize, k: usize, groups: Int4Groups) -> Result<Self, Error> {
        Self::from_transposed_on(Isa::active()?, b, n, k, groups)
    }

    /// As [`from_transposed`](Self::from_transposed), for a named instruction set.
    ///
    /// # Errors
    /// As [`new_on`](Self::new_on).
    pub fn from_transposed_on(
        isa: Isa,
        b: &[f32],
        n: usize,
        k: usize,
        groups: Int4Groups,
    ) -> Result<Self, Error> {
        Self::of(isa, Matrix { values: b, k, n, transposed: true }, groups)
    }

    /// Takes another matrix of the same shape, `[k, n]`. Allocates nothing.
    ///
    /// # Errors
    /// If `b` has another length, or a weight is NaN or beyond 2^126; the old matrix then stays.
    pub fn repack(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(Matrix { values: b, k: self.k, n: self.n, transposed: false })
    }

    /// Takes the transpose of another matrix, `[n, k]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`repack`](Self::repack).
    pub fn repack_transposed(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(Matrix { values: b, k: self.k, n: self.n, transposed: true })
    }

    /// The numbers that it holds: `[k, n]`, row-major.
    ///
    /// # Errors
    /// If there is no memory.
    pub fn dequantize(&self) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.k * self.n)?;
        self.dequantize_into(&mut out)?;
        Ok(out)
    }

    /// As [`dequantize`](Self::dequantize), into `out: [k, n]`. Allocates nothing.
    ///
    /// # Errors
    /// If `out` has another length. It is then as it was.
    pub fn dequantize_into(&self, out: &mut [f32]) -> Result<(), Error> {
        let Self { k, n, isa, .. } = *self;
        length("out", k * n, out.len())?;
        Ok(dispatch_on(isa, Decode { panels: self.panels(), k, n, out })?)
    }

    fn of(isa: Isa, matrix: Matrix<'_>, groups: Int4Groups) -> Result<Self, Error> {
        let Matrix { values, k, n, .. } = matrix;
        check("b", values, k, n)?;
        positive(&[("group", groups.size)])?;
        multiple("k", groups.size, k)?;
        isa.require()?;
        let len = packed_len(isa, k, n).ok_or(Error::TooLarge { what: "b" })?;
        let scales = len / groups.size;
        let (bytes, zeros) = (len / 2, if groups.zero_points { scales / 2 } else { 0 });
        let mut int4 = Self {
            bytes: AlignedVec::new(),
            scales: AlignedVec::new(),
            zeros: AlignedVec::new(),
            k,
            n,
            groups,
            isa,
        };
        let made = int4.bytes.try_resize(bytes).and_then(|()| int4.scales.try_resize(scales));
        made.and_then(|()| int4.zeros.try_resize(zeros)).map_err(|_| Error::OutOfMemory { what: "b" })?;
        int4.fill(matrix)?;
        Ok(int4)
    }

    fn fill(&mut self, matrix: Matrix<'_>) -> Result<(), Error> {
        check("b", matrix.values, self.k, self.n)?;
        elements("b", matrix.values, "a size of at most 2^126", |x| x.abs() <= LARGEST)?;
        let Self { bytes, scales, zeros, groups, isa, .. } = self;
        Ok(dispatch_on(*isa, Quantize { matrix, groups: *groups, bytes, scales, zeros })?)
    }

    shape_and_set! {}

    /// Its groups.
    #[must_use]
    pub const fn groups(&self) -> Int4Groups {
        self.groups
    }

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len() + size_of_val(&*self.scales) + self.zeros.len()
    }

    pub(super) fn panels(&self) -> Encoded<'_> {
        let Self { bytes, scales, zeros, .. } = self;
        let group = self.groups.size;
        Encoded::Int4(Int4 { bytes, scales, zeros, group, groups: self.k / group })
    }
}

/// Rounds and packs a whole matrix.
struct Quantize<'a> {
    matrix: Matrix<'a>,
    groups: Int4Groups,
    bytes: &'a mut [u8],
    scales: &'a mut [f32],
    zeros: &'a mut [u8],
}

impl Kernel for Quantize<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| simd.vectorize(
            #[inline(always)]
            || self.panels::<NR>(S::F32::LANES),
        ));
    }
}

impl Quantize<'_> {
    #[inline(always)]
    fn panels<const NR: usize>(self, lanes: usize) {
        let Self { matrix, groups, bytes, scales, zeros } = self;
        let Matrix { values, k, n, transposed } = matrix;
        let mut zeros = zeros.chunks_exact_mut(NR / 2);
        let per_panel = k / groups.size;
        let groups_of_bytes = bytes.chunks_exact_mut(groups.size * (NR / 2));
        for (g, (bytes, scales)) in groups_of_bytes.zip(scales.as_chunks_mut::<NR>().0).enumerate() {
            let (row, column) = (g % per_panel * groups.size, g / per_panel * NR);
            let columns = NR.min(n - column);
            // What is beyond the matrix counts as zero.
            let at = |i: usize, j: usize| match transposed {
                _ if j >= columns => 0.0,
                true => values[(column + j) * k + row + i],
                false => values[(row + i) * n + column + j],
            };
            // The smallest and the largest, zero among them.
            let mut ends = [(0.0_f32, 0.0_f32); NR];
            for i in 0..groups.size {
                for (j, (least, most)) in ends.iter_mut().enumerate() {
                    *least = least.min(at(i, j));
                    *most = most.max(at(i, j));
                }
            }
            let mut points = [MIDDLE; NR];
            for (j, end) in ends.into_iter().enumerate() {
                let (least, most) = (f64::from(end.0), f64::from(end.1));
                let step = if groups.zero_points { (most - least) / 15.0 } else { most.max(-least) / 7.0 };
                // Rounded up; not to nothing, however small it is.
                let bits = (step as f32).to_bits().max(u32::from(step > 0.0));
                scales[j] = f32::from_bits(bits.next_multiple_of(16));
                if groups.zero_points {
                    points[j] = steps(-end.0, scales[j]) as u8;
                }
            }
            for (i, bytes) in bytes.chunks_exact_mut(NR / 2).enumerate() {
                let mut numbers = [0; NR];
                for j in 0..NR {
                    let number = steps(at(i, j), scales[j]) + f64::from(points[j]);
                    numbers[j] = number.clamp(0.0, 15.0) as u8;
                }
                pack(&numbers, lanes, bytes);
            }
            if let Some(zeros) = zeros.next() {
                pack(&points, lanes, zeros);
            }
        }
    }
}

/// The nearest whole number of steps.
#[inline(always)]
fn steps(x: f32, step: f32) -> f64 {
    if step == 0.0 { 0.0 } else { (f64::from(x) / f64::from(step)).round_ties_even() }
}

/// Two numbers to a byte: a vector's in the lower halves, and the next one's in the upper.
#[inline(always)]
fn pack(numbers: &[u8], lanes: usize, bytes: &mut [u8]) {
    for (numbers, bytes) in numbers.chunks_exact(2 * lanes).zip(bytes.chunks_exact_mut(lanes)) {
        let (low, high) = numbers.split_at(lanes);
        for ((byte, low), high) in bytes.iter_mut().zip(low).zip(high) {
            *byte = low | high << 4;
        }
    }
}
