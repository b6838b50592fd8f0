//! The weights that a linear layer can have.

use super::Bytes;
use crate::error::Error;
use crate::gemm::{Epilogue, Gemm, HalfMatrix, Int4Matrix, PackedMatrix};
use crate::int8::{Int8Gemm, Int8Matrix};
use simd_core::{Frame, Isa};

macro_rules! linear_weights {
    ($($(#[$doc:meta])* $name:ident($matrix:ident),)*) => {
        /// The weights of a [`Linear`](super::Linear): a matrix of 32, 16, 8 or 4 bits.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum LinearWeights {
            $($(#[$doc])* $name($matrix),)*
        }

        $(impl From<$matrix> for LinearWeights {
            fn from(matrix: $matrix) -> Self {
                Self::$name(matrix)
            }
        })*

        impl LinearWeights {
            /// The length of a row that they are multiplied with.
            pub(super) const fn k(&self) -> usize {
                match self { $(Self::$name(matrix) => matrix.k(),)* }
            }

            /// The length of a row that they give.
            pub(super) const fn n(&self) -> usize {
                match self { $(Self::$name(matrix) => matrix.n(),)* }
            }

            pub(super) const fn isa(&self) -> Isa {
                match self { $(Self::$name(matrix) => matrix.isa(),)* }
            }

            /// The memory that they take, in bytes.
            pub(super) fn bytes(&self) -> usize {
                match self { $(Self::$name(matrix) => matrix.bytes(),)* }
            }
        }
    };
}

linear_weights! {
    /// In `f32`.
    Packed(PackedMatrix),
    /// In `f16` or `bf16`.
    Half(HalfMatrix),
    /// In eight or seven bits, and rows in eight.
    Int8(Int8Matrix),
    /// In four bits.
    Int4(Int4Matrix),
}

impl LinearWeights {
    /// The working memory for so many rows.
    pub(super) fn scratch(&self, rows: usize) -> Bytes {
        match self {
            Self::Int8(matrix) => Bytes::NONE.plus(Int8Gemm::new(matrix).scratch_bytes(rows)),
            Self::Packed(_) | Self::Half(_) | Self::Int4(_) => Bytes::NONE,
        }
    }

    /// Multiplies `rows` rows, whose shapes the callers have checked.
    pub(super) fn run(
        &self,
        epilogue: Epilogue<'_>,
        x: &[f32],
        rows: usize,
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Packed(matrix) => Gemm::with(matrix, epilogue).run_into(x, rows, out),
            Self::Half(matrix) => Gemm::with(matrix, epilogue).run_into(x, rows, out),
            Self::Int4(matrix) => Gemm::with(matrix, epilogue).run_into(x, rows, out),
            Self::Int8(matrix) => Int8Gemm::with(matrix, epilogue).run_in(x, rows, out, frame),
        }
    }
}
