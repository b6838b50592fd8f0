//! Products of bytes, summed up for several columns at a time: what matrices of small integers are multiplied with.

use crate::{Simd, sealed::Sealed};
use core::fmt::Debug;
use core::ops::{Add, Mul, Sub};

/// A register of `i32`, one for each column of as many as `F32` has lanes, which adds up products of bytes exactly.
///
/// A step takes [`STEP`](Self::STEP) neighbouring values of a row, which are shared by all columns, and as many of each
/// column. The values of a row are `u8`, and those of columns `i8`; instructions differ in what they want, so that both are
/// shifted when they are packed: by [`ROW_OFFSET`](Self::ROW_OFFSET) down, and by [`COLUMN_OFFSET`](Self::COLUMN_OFFSET) up.
/// What is added up is the products of shifted values. No step saturates, as long as columns have no more bits than
/// [`Simd`]'s type says, and sums wrap around.
pub trait ColumnSums:
    Copy + Debug + Send + Sync + 'static + Sealed + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// The token that it is made from.
    type Simd: Simd;
    /// Some bytes of each column.
    type Columns: Copy + Debug;
    /// Values of a row, and of a column, that are multiplied in a step.
    const STEP: usize;
    /// Bytes of all columns in a step.
    const BYTES: usize;
    /// Taken from the values of rows.
    const ROW_OFFSET: u8;
    /// Added to the values of columns.
    const COLUMN_OFFSET: i8;

    /// A register with `x` in every lane.
    fn splat(simd: Self::Simd, x: i32) -> Self;
    /// The first lanes' worth of `xs`.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    fn load(simd: Self::Simd, xs: &[i32]) -> Self;
    /// Writes the lanes.
    ///
    /// # Panics
    /// If `out` is shorter than that.
    fn store(self, out: &mut [i32]);
    /// The nearest floats, of two the even one.
    fn to_f32(self) -> <Self::Simd as Simd>::F32;
    /// [`BYTES`](Self::BYTES) shifted values: [`STEP`](Self::STEP) of the first column, then those of the next.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    fn columns(simd: Self::Simd, xs: &[i8]) -> Self::Columns;
    /// Adds, in each lane, the products of a row's values, which are packed, with those of the column.
    fn add_products(self, row: u32, columns: Self::Columns) -> Self;

    /// [`STEP`](Self::STEP) values of a row, or fewer and zeros, shifted and packed.
    #[inline(always)]
    fn pack(values: &[u8]) -> u32 {
        let (mut packed, bits) = (0, 32 / Self::STEP);
        for (i, value) in values.iter().enumerate() {
            let value = value.wrapping_sub(Self::ROW_OFFSET);
            packed |= u32::from(value) << (i * bits);
        }
        packed
    }
}
