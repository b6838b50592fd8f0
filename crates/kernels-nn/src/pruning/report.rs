//! What pruning did, and what it saves.

use super::sparse::sparse_bytes;
use crate::error::Error;

/// What [`Magnitude::prune`](super::Magnitude::prune) did.
#[derive(Clone, Debug, PartialEq)]
pub struct PruningReport {
    /// Each layer, in the order in which they came.
    pub layers: Vec<LayerReport>,
    /// All of them together.
    pub total: WeightCounts,
}

impl PruningReport {
    /// Of layers by name, and whether they are pruned, before their weights are counted.
    pub(super) fn of_names<'a>(
        layers: impl ExactSizeIterator<Item = (&'a str, bool)>,
    ) -> Result<Self, Error> {
        let no_memory = |_| Error::OutOfMemory { what: "report" };
        let weights = WeightCounts::default();
        let mut report = Self { layers: Vec::new(), total: weights };
        report.layers.try_reserve_exact(layers.len()).map_err(no_memory)?;
        for (of, pruned) in layers {
            let mut name = String::new();
            name.try_reserve_exact(of.len()).map_err(no_memory)?;
            name.push_str(of);
            report.layers.push(LayerReport { name, pruned, weights });
        }
        Ok(report)
    }
}

/// What became of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// The layer's name.
    pub name: String,
    /// Whether it was not left out.
    pub pruned: bool,
    /// Its weights.
    pub weights: WeightCounts,
}

/// How many weights there are, how many of them are zero, and the memory that they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightCounts {
    /// All weights.
    pub weights: usize,
    /// Those that are zero.
    pub zeros: usize,
    /// Bytes of all weights in `f32`.
    pub dense_bytes: usize,
    /// Bytes of a [`SparseMatrix`](super::SparseMatrix) of each layer.
    pub sparse_bytes: usize,
    /// Bytes where each layer is in the form that takes fewer.
    pub smallest_bytes: usize,
}

impl WeightCounts {
    /// Of `m` rows of `k` weights.
    pub(super) fn new(weights: &[f32], m: usize, k: usize) -> Self {
        let zeros = weights.iter().filter(|x| **x == 0.0).count();
        let (dense_bytes, sparse_bytes) = (size_of_val(weights), sparse_bytes(m, k, weights.len() - zeros));
        let smallest_bytes = dense_bytes.min(sparse_bytes);
        Self { weights: weights.len(), zeros, dense_bytes, sparse_bytes, smallest_bytes }
    }

    pub(super) const fn add(&mut self, other: Self) {
        self.weights += other.weights;
        self.zeros += other.zeros;
        self.dense_bytes += other.dense_bytes;
        self.sparse_bytes = self.sparse_bytes.saturating_add(other.sparse_bytes);
        self.smallest_bytes += other.smallest_bytes;
    }

    /// The share of the weights that are not zero; 1 where there are none at all.
    #[must_use]
    pub fn density(&self) -> f64 {
        if self.weights == 0 { 1.0 } else { (self.weights - self.zeros) as f64 / self.weights as f64 }
    }

    /// How many times smaller the memory is with each layer in the form that takes less; 1 where there is nothing.
    #[must_use]
    pub fn compression(&self) -> f64 {
        if self.weights == 0 { 1.0 } else { self.dense_bytes as f64 / self.smallest_bytes as f64 }
    }
}
