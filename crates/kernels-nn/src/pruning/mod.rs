//! Leaving weights out, and products with what is left.
//!
//! - [`Magnitude`] sets the smallest weights of some [`Layer`]s to zero, and reports what that saves
//! - [`SparseMatrix`] holds the weights that are not zero, and multiplies by them
//! - [`PrunedMatrix`] is such a matrix where that is faster, and a plain one elsewhere
//!
//! ```
//! use kernels_nn::pruning::{Layer, Magnitude, PrunedMatrix};
//! let (mut up, mut head) = (vec![0.1, -2.0, 0.3, 0.0, 1.0, -0.2, 0.05, 0.1], vec![0.1, 0.2]);
//! let mut layers = [Layer::new("up", &mut up, 2), Layer::new("head", &mut head, 1)];
//! let report = Magnitude::new(0.75).leave_out(&["head"]).prune(&mut layers)?;
//! assert_eq!(report.layers[0].weights.density(), 0.25);
//! assert_eq!((report.layers[1].pruned, report.total.zeros), (false, 6));
//! assert_eq!(up, [0.0, -2.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
//!
//! let weights = PrunedMatrix::new(&up, 2, 4)?;
//! assert_eq!(weights.gemv(&[1.0, 10.0, 100.0, 1000.0])?, [-20.0, 1.0]);
//! # Ok::<(), kernels_nn::Error>(())
//! ```

mod magnitude;
mod pruned;
mod report;
mod sparse;

pub use magnitude::{Layer, Magnitude};
pub use pruned::{PrunedMatrix, break_even};
pub use report::{LayerReport, PruningReport, WeightCounts};
pub use sparse::SparseMatrix;
