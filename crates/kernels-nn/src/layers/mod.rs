//! Layers: weights, made ready once, and a `forward_into` that allocates nothing once its [`Scratch`] has grown.
//!
//! Rows are tokens, `[tokens, …]`, those of all texts one after another. Weights are given as most frameworks store them:
//! those of a linear layer `[out, in]`.
//!
//! ```
//! use kernels_nn::Scratch;
//! use kernels_nn::layers::{Linear, Mlp};
//! let up = Linear::new(&[1.0, 0.0, 0.0, 1.0, 1.0, 1.0], Some(&[0.0, 0.0, -1.0]), 2)?;
//! let down = Linear::new(&[1.0, 1.0, 1.0], None, 3)?;
//! let mlp = Mlp::new(up.activation("relu".parse()?), down)?;
//! let (mut out, mut scratch) = ([0.0], Scratch::with_limit(1 << 20));
//! mlp.forward_into(&[1.0, -1.0], &mut out, &mut scratch)?;
//! assert_eq!(out, [1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attention;
mod encoder;
mod linear;
mod mlp;
mod norm;
mod weights;

pub use attention::Attention;
pub use encoder::{EncoderLayer, NormOrder};
pub use linear::Linear;
pub use mlp::Mlp;
pub use norm::LayerNorm;
pub use weights::LinearWeights;

use crate::error::{Error, length, product};
use simd_core::{Frame, Scratch, ScratchError};

/// Working memory of several parts: how many values each has, which may be too many to count.
#[derive(Clone, Copy, Debug)]
struct Bytes(usize);

impl Bytes {
    const NONE: Self = Self(0);

    /// With an array of these sizes too.
    fn and(self, sizes: &[usize]) -> Self {
        let len = sizes.iter().try_fold(1_usize, |len, &size| len.checked_mul(size));
        self.plus(len.map_or(usize::MAX, Scratch::bytes::<f32>))
    }

    fn plus(self, bytes: usize) -> Self {
        Self(self.0.saturating_add(bytes))
    }

    /// Where only one of the two is needed at a time.
    fn or(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}

/// Takes an array of these sizes, which were counted before.
fn take<'a>(frame: &mut Frame<'a>, sizes: &[usize]) -> Result<&'a mut [f32], ScratchError> {
    frame.take(sizes.iter().product())
}

/// How many rows of `dim` values `x` and `out` have.
fn rows(x: &[f32], dim: usize, out: &[f32], out_dim: usize) -> Result<usize, Error> {
    let rows = crate::error::some_rows("x", x.len(), ("in_dim", dim))?;
    length("out", product("out", &[rows, out_dim])?, out.len())?;
    Ok(rows)
}
