//! Pruning by magnitude.

use super::report::{PruningReport, WeightCounts};
use crate::error::{Error, multiple, positive};
use std::slice;

/// A layer's weights, by their name.
#[derive(Debug)]
pub struct Layer<'a> {
    name: &'a str,
    weights: &'a mut [f32],
    rows: usize,
}

impl<'a> Layer<'a> {
    /// `weights: [rows, k]`, row-major.
    #[must_use]
    pub const fn new(name: &'a str, weights: &'a mut [f32], rows: usize) -> Self {
        Self { name, weights, rows }
    }
}

/// Sets the smallest weights, by their size without the sign, to zero: the share `ratio` of them, rounded to a whole
/// number. Of equal ones the first go first. Weights that are zero already count; NaN counts as larger than all else.
///
/// Each layer loses that share, or, [`together`](Self::together), all of them lose it, and those with small weights more.
/// [`leave_out`](Self::leave_out) names layers that stay as they are, and do not count.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Magnitude<'a> {
    ratio: f64,
    together: bool,
    left_out: &'a [&'a str],
}

impl<'a> Magnitude<'a> {
    /// Prunes each layer by itself; `ratio` is from 0 to 1.
    pub const fn new(ratio: f64) -> Self {
        Self { ratio, together: false, left_out: &[] }
    }

    /// Compares the weights of all layers with one another.
    pub const fn together(self) -> Self {
        Self { together: true, ..self }
    }

    /// Leaves the layers of these names as they are.
    pub const fn leave_out(self, names: &'a [&'a str]) -> Self {
        Self { left_out: names, ..self }
    }

    /// Prunes some layers, and reports on all of them.
    ///
    /// # Errors
    /// If the ratio is not from 0 to 1, a layer has no whole rows or no weights, no layer has a name that is to be left out,
    /// or there is no memory. No weight has changed then.
    pub fn prune(&self, layers: &mut [Layer<'_>]) -> Result<PruningReport, Error> {
        let Self { ratio, together, left_out } = *self;
        if !(0.0..=1.0).contains(&ratio) {
            return Err(Error::Share { what: "ratio", expected: "a number from 0 to 1", got: ratio });
        }
        for layer in &*layers {
            positive(&[("rows", layer.rows), ("weights", layer.weights.len())])?;
            multiple("weights", layer.rows, layer.weights.len())?;
        }
        // A name that is misspelt would otherwise be pruned.
        if let Some(index) = left_out.iter().position(|name| layers.iter().all(|layer| layer.name != *name)) {
            return Err(Error::Unknown { what: "leave_out", index, expected: "the name of a layer" });
        }

        let loses = |layer: &Layer<'_>| !left_out.contains(&layer.name);
        let pruned = layers.iter().filter(|layer| loses(layer)).map(|layer| layer.weights.len());
        // Before anything changes, all memory is there.
        let most = if together { pruned.sum() } else { pruned.max().unwrap_or(0) };
        let mut sizes = Vec::new();
        sizes.try_reserve_exact(most).map_err(|_| Error::OutOfMemory { what: "sizes" })?;
        let mut report = PruningReport::of_names(layers.iter().map(|layer| (layer.name, loses(layer))))?;

        if together {
            prune(ratio, &mut sizes, layers, loses);
        } else {
            for layer in &mut *layers {
                prune(ratio, &mut sizes, slice::from_mut(layer), loses);
            }
        }
        for (layer, entry) in layers.iter().zip(&mut report.layers) {
            entry.weights = WeightCounts::new(layer.weights, layer.rows, layer.weights.len() / layer.rows);
            report.total.add(entry.weights);
        }
        Ok(report)
    }
}

/// The bits of a number's size, which are in the order of the sizes.
const fn size(x: f32) -> u32 {
    x.abs().to_bits()
}

/// Prunes those layers that lose weights, as one. There is room for the sizes.
fn prune(ratio: f64, sizes: &mut Vec<u32>, layers: &mut [Layer<'_>], loses: impl Fn(&Layer<'_>) -> bool) {
    sizes.clear();
    for layer in layers.iter().filter(|layer| loses(layer)) {
        sizes.extend(layer.weights.iter().map(|x| size(*x)));
    }
    let count = (ratio * sizes.len() as f64).round() as usize;
    let Some(last) = count.checked_sub(1) else { return };
    let (less, &mut largest, _) = sizes.select_nth_unstable(last);
    // Of those of the largest size that goes, some may stay.
    let mut equal = count - less.iter().filter(|size| **size < largest).count();
    for x in layers.iter_mut().filter(|layer| loses(layer)).flat_map(|layer| layer.weights.iter_mut()) {
        if size(*x) < largest {
            *x = 0.0;
        } else if size(*x) == largest && equal > 0 {
            equal -= 1;
            *x = 0.0;
        }
    }
}
