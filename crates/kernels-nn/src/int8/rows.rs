//! Rows as the hot loop reads them: bytes, shifted and packed, and what is to be done to their sums.

use super::integer::Byte;
use crate::quantization::QuantizationParams;
use simd_core::{ColumnSums, MAX_LANES, Simd, Vector};

/// Vectors that become bytes together.
const TOGETHER: usize = 4;

/// What steps smaller than this make is taken for zero: with some, one divided by the step is infinite.
const NARROWEST: f32 = 1.0e-35;

/// What a row's sums start with, and what else they need.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    /// What the columns' offset adds, taken away.
    pub(super) start: i32,
    /// To be multiplied by the sum of the column, and added: the row's offset less its zero point.
    pub(super) offset: i32,
    /// The sum of `q - zero_point`, of integers.
    pub(super) total: i32,
    /// What a step is worth.
    pub(super) scale: f32,
}

impl Terms {
    /// Of a row whose shifted bytes add up to `sum`.
    #[inline(always)]
    fn new<T: ColumnSums>(sum: i32, zero_point: i32, scale: f32) -> Self {
        let offset = i32::from(T::ROW_OFFSET) - zero_point;
        Self { start: -i32::from(T::COLUMN_OFFSET) * sum, offset, total: 0, scale }
    }
}

/// Rows that can be packed.
pub(super) trait Rows: Copy {
    /// Packs a row.
    fn pack<S: Simd, T: ColumnSums<Simd = S>>(self, simd: S, row: usize, packed: &mut [u32]) -> Terms;
}

/// Rows of bytes.
#[derive(Clone, Copy)]
pub(super) struct Integers<'a, A> {
    /// `[m, k]`
    pub(super) a: &'a [A],
    pub(super) k: usize,
    /// None, one, or one for each row.
    pub(super) zero_points: &'a [A],
}

impl<A: Byte> Rows for Integers<'_, A> {
    #[inline(always)]
    fn pack<S: Simd, T: ColumnSums<Simd = S>>(self, _: S, row: usize, packed: &mut [u32]) -> Terms {
        let Self { a, k, zero_points } = self;
        let mut sum = 0;
        for (packed, values) in packed.iter_mut().zip(a[row * k..][..k].chunks(T::STEP)) {
            let mut bytes = [T::ROW_OFFSET; 4];
            for (byte, value) in bytes.iter_mut().zip(values) {
                *byte = value.shifted();
                sum += i32::from(*byte) - i32::from(T::ROW_OFFSET);
            }
            *packed = T::pack(&bytes[..T::STEP]);
        }
        let terms = Terms::new::<T>(sum, super::integer::zero_point(zero_points, row), 1.0);
        Terms { total: sum + k as i32 * terms.offset, ..terms }
    }
}

/// Rows of floats, each quantised by its own range, unless all are by the same.
#[derive(Clone, Copy)]
pub(super) struct Floats<'a> {
    /// `[m, k]`
    pub(super) a: &'a [f32],
    pub(super) k: usize,
    pub(super) params: Option<QuantizationParams<u8>>,
}

impl Rows for Floats<'_> {
    #[inline(always)]
    fn pack<S: Simd, T: ColumnSums<Simd = S>>(self, simd: S, row: usize, packed: &mut [u32]) -> Terms {
        let row = &self.a[row * self.k..][..self.k];
        let own = range(simd, row).and_then(|[min, max]| QuantizationParams::affine(min, max).ok());
        let Some(own) = own else {
            // Of a row that is not finite, all of the row of the output, and of no other.
            packed.fill(0);
            return Terms { scale: f32::NAN, ..Terms::default() };
        };
        let QuantizationParams { scale, zero_point } = self.params.unwrap_or(own);
        let (scale, factor) = if scale < NARROWEST { (0.0, 0.0) } else { (scale, 1.0 / scale) };
        let (factor, half) = (simd.splat(factor), simd.splat(f32::from(zero_point) + 0.5));
        // Beyond 2^31, AVX2 would make zeros of them.
        let most = simd.splat(255.5_f32);

        let lanes = TOGETHER * S::F32::LANES;
        let mut bytes = [0; TOGETHER * MAX_LANES];
        let bytes = &mut bytes[..lanes];
        let mut sum = 0;
        for (values, packed) in row.chunks(lanes).zip(packed.chunks_mut(lanes / T::STEP)) {
            let mut whole = [0.0; TOGETHER * MAX_LANES];
            let values = if values.len() == lanes {
                values
            } else {
                whole[..values.len()].copy_from_slice(values);
                &whole[..lanes]
            };
            let mut x = [factor; TOGETHER];
            for (x, values) in x.iter_mut().zip(values.chunks_exact(S::F32::LANES)) {
                *x = simd.load(values).mul_add(factor, half).min(most);
            }
            simd.store_u8(x, bytes);
            for (packed, bytes) in packed.iter_mut().zip(bytes.chunks_exact(T::STEP)) {
                *packed = T::pack(bytes);
            }
            if T::COLUMN_OFFSET != 0 {
                // Those that fill the last step up too: the columns are filled up with their offset.
                for byte in &bytes[..packed.len() * T::STEP] {
                    sum += i32::from(*byte) - i32::from(T::ROW_OFFSET);
                }
            }
        }
        Terms::new::<T>(sum, zero_point.into(), scale)
    }
}

/// The smallest and the largest of a row and zero, if it is finite.
#[inline(always)]
fn range<S: Simd>(simd: S, row: &[f32]) -> Option<[f32; 2]> {
    let zero = simd.splat(0.0_f32);
    let (mut smallest, mut largest, mut none) = ([zero; TOGETHER], [zero; TOGETHER], [zero; TOGETHER]);
    let lanes = S::F32::LANES;
    let mut groups = row.chunks_exact(TOGETHER * lanes);
    for values in &mut groups {
        for (i, values) in values.chunks_exact(lanes).enumerate() {
            let x = simd.load(values);
            smallest[i] = x.min(smallest[i]);
            largest[i] = x.max(largest[i]);
            // Zero, but for NaN and infinities.
            none[i] = x.mul_add(zero, none[i]);
        }
    }
    let (mut low, mut high, mut nothing) = (0.0_f32, 0.0_f32, 0.0_f32);
    for i in 0..TOGETHER {
        let (smallest, largest, none) = (smallest[i].to_array(), largest[i].to_array(), none[i].to_array());
        for lane in 0..lanes {
            low = low.min(smallest.as_ref()[lane]);
            high = high.max(largest.as_ref()[lane]);
            nothing += none.as_ref()[lane];
        }
    }
    for &x in groups.remainder() {
        low = low.min(x);
        high = high.max(x);
        nothing += x * 0.0;
    }
    (nothing == 0.0).then_some([low, high])
}
