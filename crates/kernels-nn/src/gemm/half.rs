//! Matrices in `f16` and `bf16`.

use super::compressed::{Decode, Encoded};
use super::encoded::{Bf16, F16, Halves};
use super::packed::check;
use super::panels::{Matrix, packed_len, shape, width};
use crate::error::{Error, length, positive, product, zeros};
use simd_core::{AlignedVec, Isa, Kernel, Simd, Vector, dispatch_on};

/// A number in 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HalfFormat {
    /// IEEE's binary16: 11 significant bits, sizes from 2^-14 (with fewer bits 2^-24) to 65,504.
    F16,
    /// `f32` without its lower half: eight significant bits, sizes as in `f32`.
    Bf16,
}

/// A matrix, mostly of weights, in `f16` or `bf16`: half the memory of a [`PackedMatrix`](crate::PackedMatrix), and otherwise
/// as that.
///
/// Numbers become the nearest ones, of two the even one: |error| <= 2^-11 |b| in `f16`, and 2^-8 |b| in `bf16`, as long as `b`
/// is in the range of the format's normal numbers; below 2^-14, `f16` is off by 2^-25 at most. What is beyond the largest
/// becomes an infinity.
///
/// ```
/// use kernels_nn::{Gemm, HalfFormat, HalfMatrix};
/// // [2, 3]
/// let b = HalfMatrix::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 0.1], 2, 3, HalfFormat::F16)?;
/// assert_eq!(Gemm::new(&b).run(&[1.0, 10.0], 1)?, [41.0, 52.0, 3.999_755_9]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct HalfMatrix {
    /// Laid out as a packed matrix.
    bits: AlignedVec<u16>,
    k: usize,
    n: usize,
    format: HalfFormat,
    isa: Isa,
}

impl HalfMatrix {
    /// Takes `b: [k, n]`, row-major.
    ///
    /// # Errors
    /// If `k` or `n` is 0, `b` has another length than they call for, it does not fit in memory, or `KERNELS_ISA` names a
    /// set that is not available.
    pub fn new(b: &[f32], k: usize, n: usize, format: HalfFormat) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, b, k, n, format)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn new_on(isa: Isa, b: &[f32], k: usize, n: usize, format: HalfFormat) -> Result<Self, Error> {
        check("b", b, k, n)?;
        let mut half = Self::with_room(isa, k, n, format)?;
        half.repack(b)?;
        Ok(half)
    }

    /// Takes the transpose of `b: [n, k]`, row-major: the weights of a linear layer as most frameworks store them, a row for
    /// each output.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_transposed(b: &[f32], n: usize, k: usize, format: HalfFormat) -> Result<Self, Error> {
        Self::from_transposed_on(Isa::active()?, b, n, k, format)
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
        format: HalfFormat,
    ) -> Result<Self, Error> {
        check("b", b, k, n)?;
        let mut half = Self::with_room(isa, k, n, format)?;
        half.repack_transposed(b)?;
        Ok(half)
    }

    /// Takes numbers that are in the format already: the bits of `b: [k, n]`, row-major, as they are.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_bits(b: &[u16], k: usize, n: usize, format: HalfFormat) -> Result<Self, Error> {
        Self::from_bits_on(Isa::active()?, b, k, n, format)
    }

    /// As [`from_bits`](Self::from_bits), for a named instruction set.
    ///
    /// # Errors
    /// As [`new_on`](Self::new_on).
    pub fn from_bits_on(isa: Isa, b: &[u16], k: usize, n: usize, format: HalfFormat) -> Result<Self, Error> {
        Self::of_bits(isa, b, [k, n], format, |row, column| row * n + column)
    }

    /// As [`from_bits`](Self::from_bits), of the transpose, `b: [n, k]`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_transposed_bits(b: &[u16], n: usize, k: usize, format: HalfFormat) -> Result<Self, Error> {
        Self::from_transposed_bits_on(Isa::active()?, b, n, k, format)
    }

    /// As [`from_transposed_bits`](Self::from_transposed_bits), for a named instruction set.
    ///
    /// # Errors
    /// As [`new_on`](Self::new_on).
    pub fn from_transposed_bits_on(
        isa: Isa,
        b: &[u16],
        n: usize,
        k: usize,
        format: HalfFormat,
    ) -> Result<Self, Error> {
        Self::of_bits(isa, b, [k, n], format, |row, column| column * k + row)
    }

    /// Takes another matrix of the same shape, `[k, n]`. Allocates nothing.
    ///
    /// # Errors
    /// If `b` has another length; the old matrix then stays.
    pub fn repack(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(b, false)
    }

    /// Takes the transpose of another matrix, `[n, k]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`repack`](Self::repack).
    pub fn repack_transposed(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(b, true)
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

    fn with_room(isa: Isa, k: usize, n: usize, format: HalfFormat) -> Result<Self, Error> {
        isa.require()?;
        let len = packed_len(isa, k, n).ok_or(Error::TooLarge { what: "b" })?;
        let mut half = Self { bits: AlignedVec::new(), k, n, format, isa };
        half.bits.try_resize(len).map_err(|_| Error::OutOfMemory { what: "b" })?;
        Ok(half)
    }

    fn fill(&mut self, values: &[f32], transposed: bool) -> Result<(), Error> {
        let Self { k, n, format, isa, .. } = *self;
        check("b", values, k, n)?;
        let matrix = Matrix { values, k, n, transposed };
        Ok(dispatch_on(isa, Narrow { matrix, format, bits: &mut self.bits })?)
    }

    /// `at`: where a row and a column are.
    fn of_bits(
        isa: Isa,
        b: &[u16],
        [k, n]: [usize; 2],
        format: HalfFormat,
        at: impl Fn(usize, usize) -> usize,
    ) -> Result<Self, Error> {
        positive(&[("k", k), ("n", n)])?;
        length("b", product("b", &[k, n])?, b.len())?;
        let mut half = Self::with_room(isa, k, n, format)?;
        let width = width(half.isa);
        for (p, panel) in half.bits.chunks_exact_mut(k * width).enumerate() {
            for (row, group) in panel.chunks_exact_mut(width).enumerate() {
                for (bits, column) in group.iter_mut().zip(p * width..n) {
                    *bits = b[at(row, column)];
                }
            }
        }
        Ok(half)
    }

    shape_and_set! {}

    /// The format of its numbers.
    #[must_use]
    pub const fn format(&self) -> HalfFormat {
        self.format
    }

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.bits)
    }

    pub(super) fn panels(&self) -> Encoded<'_> {
        let bits = &self.bits;
        match self.format {
            HalfFormat::F16 => Encoded::F16(Halves { bits, format: F16 }),
            HalfFormat::Bf16 => Encoded::Bf16(Halves { bits, format: Bf16 }),
        }
    }
}

/// Packs a whole matrix as halves.
struct Narrow<'a> {
    matrix: Matrix<'a>,
    format: HalfFormat,
    bits: &'a mut [u16],
}

impl Kernel for Narrow<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| self.panels::<S, NR>(simd));
    }
}

impl Narrow<'_> {
    #[inline(always)]
    fn panels<S: Simd, const NR: usize>(self, simd: S) {
        /// Rows packed at a time.
        const ROWS: usize = 32;
        let Self { matrix, format, bits } = self;
        let mut room = [[0.0; NR]; ROWS];
        let panels = bits.as_chunks_mut::<NR>().0.chunks_exact_mut(matrix.k);
        for (p, panel) in panels.enumerate() {
            for (i, rows) in panel.chunks_mut(ROWS).enumerate() {
                let values = &mut room[..rows.len()];
                matrix.pack(simd, i * ROWS, p * NR, values);
                let (rows, values) = (rows.as_flattened_mut(), values.as_flattened());
                let vectors = values.chunks_exact(S::F32::LANES).zip(rows.chunks_exact_mut(S::F32::LANES));
                for (values, bits) in vectors {
                    let values = simd.load(values);
                    match format {
                        HalfFormat::F16 => simd.store_f16(values, bits),
                        HalfFormat::Bf16 => simd.store_bf16(values, bits),
                    }
                }
            }
        }
    }
}
