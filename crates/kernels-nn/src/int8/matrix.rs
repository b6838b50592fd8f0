//! Matrices of weights that are quantised once.

use super::layout::{Layout, check, pack};
use crate::error::{Error, elements, length, zeros};
use simd_core::{AlignedVec, Isa, Plain};

pub use super::layout::WeightBits;

/// A matrix of weights of eight or seven bits, with a scale for each column: `b[i, j] ~ scale[j] q[i, j]`.
///
/// The scale of a column is its largest absolute value divided by 127, or by 63, so that a weight is off by half of it at
/// most; zero remains zero. A column whose scale would be less than 2^-126 counts as zeros. `k` is at most 65,536. It belongs to an instruction set, as a
/// [`PackedMatrix`](crate::PackedMatrix) does, and takes a quarter of the memory.
///
/// ```
/// use kernels_nn::{Int8Gemm, Int8Matrix, WeightBits};
/// // [2, 2]
/// let weights = Int8Matrix::new(&[1.0, -2.0, 0.5, 2.0], 2, 2, WeightBits::Eight)?;
/// let product = Int8Gemm::new(&weights).run(&[1.0, 3.0], 1)?;
/// assert!((product[0] - 2.5).abs() < 0.02 && (product[1] - 4.0).abs() < 0.02);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Int8Matrix {
    panels: AlignedVec<i8>,
    /// Of columns, as their sums: whole panels of them.
    scales: AlignedVec<f32>,
    sums: AlignedVec<i32>,
    k: usize,
    n: usize,
    bits: WeightBits,
    layout: Layout,
    isa: Isa,
}

impl Int8Matrix {
    /// The most rows that it may have: with more, a sum of products, less what zero points add to it, might not fit into 32 bits.
    pub const MOST_STEPS: usize = 1 << 16;

    /// Quantises `b: [k, n]`, row-major.
    ///
    /// # Errors
    /// If `k` is not 1 to 65,536, `n` is 0, `b` has another length than they call for, a value of it is not finite, it does
    /// not fit in memory, or `KERNELS_ISA` names a set that is not available.
    pub fn new(b: &[f32], k: usize, n: usize, bits: WeightBits) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, b, k, n, bits)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn new_on(isa: Isa, b: &[f32], k: usize, n: usize, bits: WeightBits) -> Result<Self, Error> {
        let mut matrix = Self::of_shape(isa, b.len(), k, n, bits)?;
        matrix.repack(b)?;
        Ok(matrix)
    }

    /// Quantises the transpose of `b: [n, k]`, row-major: the weights of a linear layer as most frameworks store them.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_transposed(b: &[f32], n: usize, k: usize, bits: WeightBits) -> Result<Self, Error> {
        Self::from_transposed_on(Isa::active()?, b, n, k, bits)
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
        bits: WeightBits,
    ) -> Result<Self, Error> {
        let mut matrix = Self::of_shape(isa, b.len(), k, n, bits)?;
        matrix.repack_transposed(b)?;
        Ok(matrix)
    }

    /// Takes weights that were quantised elsewhere: the transpose of `q: [n, k]`, and `scales: [n]`. All eight bits of `q`
    /// count.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `scales` has another length, or one of them is not finite.
    pub fn from_quantized(q: &[i8], scales: &[f32], n: usize, k: usize) -> Result<Self, Error> {
        Self::from_quantized_on(Isa::active()?, q, scales, n, k)
    }

    /// As [`from_quantized`](Self::from_quantized), for a named instruction set.
    ///
    /// # Errors
    /// As [`from_quantized`](Self::from_quantized); if `isa` is not available here.
    pub fn from_quantized_on(isa: Isa, q: &[i8], scales: &[f32], n: usize, k: usize) -> Result<Self, Error> {
        let mut matrix = Self::of_shape(isa, q.len(), k, n, WeightBits::Eight)?;
        length("scales", n, scales.len())?;
        elements("scales", scales, "a finite number", f32::is_finite)?;
        matrix.scales[..n].copy_from_slice(scales);
        pack(matrix.layout, (k, n), |i, j| q[j * k + i], &mut matrix.panels, &mut matrix.sums);
        Ok(matrix)
    }

    /// Takes another matrix of the same shape, `[k, n]`. Allocates nothing.
    ///
    /// # Errors
    /// If `b` has another length, or a value of it is not finite; the old matrix then stays.
    pub fn repack(&mut self, b: &[f32]) -> Result<(), Error> {
        let n = self.n;
        self.quantize(b, |i, j| i * n + j)
    }

    /// Takes the transpose of another matrix, `[n, k]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`repack`](Self::repack).
    pub fn repack_transposed(&mut self, b: &[f32]) -> Result<(), Error> {
        let k = self.k;
        self.quantize(b, |i, j| j * k + i)
    }

    /// The matrix that it stands for, `[k, n]`.
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
        let Self { k, n, .. } = *self;
        length("out", k * n, out.len())?;
        let Layout { width, step, offset } = self.layout;
        for (i, row) in out.chunks_exact_mut(n).enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                let panel = j / width * width * k.next_multiple_of(step);
                let weight = self.panels[panel + (i / step * width + j % width) * step + i % step];
                *value = f32::from(weight.wrapping_sub(offset)) * self.scales[j];
            }
        }
        Ok(())
    }

    shape_and_set! {}

    /// How many bits a weight has.
    #[must_use]
    pub const fn bits(&self) -> WeightBits {
        self.bits
    }

    /// The memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.panels) + size_of_val(&*self.scales) + size_of_val(&*self.sums)
    }

    pub(super) const fn layout(&self) -> Layout {
        self.layout
    }

    pub(super) fn panels(&self) -> &[i8] {
        &self.panels
    }

    /// The scale of each column, whole panels of them.
    pub(super) fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// The sum of each column.
    pub(super) fn sums(&self) -> &[i32] {
        &self.sums
    }

    /// Of no weights yet.
    fn of_shape(isa: Isa, len: usize, k: usize, n: usize, bits: WeightBits) -> Result<Self, Error> {
        check(len, k, n)?;
        let layout = Layout::on(isa, bits)?;
        let (panels, columns) = (layout.len(k, n)?, layout.columns(n));
        Ok(Self {
            panels: room(panels)?,
            scales: room(columns)?,
            sums: room(columns)?,
            k,
            n,
            bits,
            layout,
            isa,
        })
    }

    fn quantize(&mut self, b: &[f32], index: impl Fn(usize, usize) -> usize) -> Result<(), Error> {
        let Self { k, n, bits, .. } = *self;
        check(b.len(), k, n)?;
        elements("b", b, "a finite number", f32::is_finite)?;
        for j in 0..n {
            let largest = (0..k).fold(0.0_f32, |largest, i| largest.max(b[index(i, j)].abs()));
            let scale = largest / f32::from(bits.most());
            // Of columns that are as good as zero, nothing is left.
            self.scales[j] = if scale < f32::MIN_POSITIVE { 0.0 } else { scale };
        }
        let (scales, most) = (&self.scales, f32::from(bits.most()));
        let weight = |i, j| match scales[j] {
            0.0 => 0,
            scale => (b[index(i, j)] / scale).round_ties_even().clamp(-most, most) as i8,
        };
        pack(self.layout, (k, n), weight, &mut self.panels, &mut self.sums);
        Ok(())
    }
}

fn room<T: Plain>(len: usize) -> Result<AlignedVec<T>, Error> {
    let mut room = AlignedVec::new();
    room.try_resize(len).map_err(|_| Error::OutOfMemory { what: "b" })?;
    Ok(room)
}
