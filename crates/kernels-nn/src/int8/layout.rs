//! Weights as the hot loop reads them.

use super::matrix::Int8Matrix;
use crate::error::{Error, length, positive, product};
use simd_core::{ColumnSums, Isa, Kernel, Simd, dispatch_on};

/// Vectors of a panel.
pub(super) const VECTORS: usize = 2;

/// How many bits a weight has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WeightBits {
    /// From -127 to 127.
    #[default]
    Eight,
    /// From -63 to 63: half as fine, and faster with AVX2 and relaxed-simd.
    Seven,
}

impl WeightBits {
    /// The largest weight.
    pub(super) const fn most(self) -> i8 {
        match self {
            Self::Eight => 127,
            Self::Seven => 63,
        }
    }
}

/// What depends on the instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns of a panel.
    pub(super) width: usize,
    /// Neighbours of a column that lie together.
    pub(super) step: usize,
    /// Added to each weight.
    pub(super) offset: i8,
}

struct LayoutOf(WeightBits);

impl Kernel for LayoutOf {
    type Output = Layout;

    fn run<S: Simd>(self, _: S) -> Layout {
        match self.0 {
            WeightBits::Eight => Layout::of::<S::Sums>(),
            WeightBits::Seven => Layout::of::<S::NarrowSums>(),
        }
    }
}

impl Layout {
    const fn of<T: ColumnSums>() -> Self {
        Self { width: VECTORS * T::BYTES / T::STEP, step: T::STEP, offset: T::COLUMN_OFFSET }
    }

    pub(super) fn on(isa: Isa, bits: WeightBits) -> Result<Self, Error> {
        Ok(dispatch_on(isa, LayoutOf(bits))?)
    }

    /// Columns, whole panels of them.
    pub(super) const fn columns(self, n: usize) -> usize {
        n.next_multiple_of(self.width)
    }

    /// Bytes of all panels. There are as many: a matrix of so many values is in memory.
    pub(super) fn len(self, k: usize, n: usize) -> Result<usize, Error> {
        product("b", &[self.columns(n), k.next_multiple_of(self.step)])
    }
}

/// That a matrix has values for its shape, and that its sums fit.
pub(super) fn check(len: usize, k: usize, n: usize) -> Result<(), Error> {
    positive(&[("n", n)])?;
    crate::error::between("k", 1, Int8Matrix::MOST_STEPS, k)?;
    length("b", product("b", &[k, n])?, len)
}

/// Packs columns, and adds each up: `weight(i, j)` is that of row `i` and column `j`.
pub(super) fn pack(
    layout: Layout,
    (k, n): (usize, usize),
    weight: impl Fn(usize, usize) -> i8,
    panels: &mut [i8],
    sums: &mut [i32],
) {
    let Layout { width, step, offset } = layout;
    panels.fill(offset);
    sums.fill(0);
    for (p, panel) in panels.chunks_exact_mut(width * k.next_multiple_of(step)).enumerate() {
        for column in p * width..n.min((p + 1) * width) {
            let mut sum = 0;
            for i in 0..k {
                let weight = weight(i, column);
                sum += i32::from(weight);
                panel[(i / step * width + column - p * width) * step + i % step] =
                    weight.wrapping_add(offset);
            }
            sums[column] = sum;
        }
    }
}
