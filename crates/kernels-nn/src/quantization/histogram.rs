//! Counts of values in bins whose width doubles as the values grow.

use crate::error::{Error, zeros};

/// Bins on each side of 0.
const BINS: usize = 1 << LOG2_BINS;
const LOG2_BINS: i32 = 12;

/// What it holds is the same in whatever order the values came, and however they were split: the width follows from the
/// largest size alone, and two bins always make a wider one.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    /// Bins are `2^exponent` wide.
    exponent: i32,
    /// From 0 up, and from 0 down: by the size of a value.
    above: Vec<u64>,
    below: Vec<u64>,
}

impl Histogram {
    pub(super) fn new() -> Result<Self, Error> {
        let side = || zeros("bins", BINS);
        Ok(Self { exponent: exponent_for(0.0), above: side()?, below: side()? })
    }

    /// Makes room for values up to this size.
    pub(super) fn cover(&mut self, largest: f32) {
        self.widen(exponent_for(largest));
    }

    fn widen(&mut self, exponent: i32) {
        let doublings = exponent - self.exponent;
        if doublings > 0 {
            for side in [&mut self.above, &mut self.below] {
                for bin in 0..BINS {
                    let count = std::mem::take(&mut side[bin]);
                    add(&mut side[widened(bin, doublings)], count);
                }
            }
            self.exponent = exponent;
        }
    }

    /// Takes values for which there is room.
    pub(super) fn count(&mut self, x: &[f32]) {
        let bins_per_unit = power_of_two(-self.exponent);
        for x in x {
            // Exact: only the exponent changes.
            let bin = (f64::from(x.abs()) * bins_per_unit) as usize;
            let side = if *x < 0.0 { &mut self.below } else { &mut self.above };
            add(&mut side[bin], 1);
        }
    }

    /// Takes what another has counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.widen(other.exponent);
        let doublings = self.exponent - other.exponent;
        for (side, other) in [(&mut self.above, &other.above), (&mut self.below, &other.below)] {
            for (bin, count) in other.iter().enumerate() {
                add(&mut side[widened(bin, doublings)], *count);
            }
        }
    }

    pub(super) fn bin_width(&self) -> f64 {
        power_of_two(self.exponent)
    }

    /// What no value but `outside` of them is larger than: the end of a bin.
    pub(super) fn upper(&self, outside: u64) -> f64 {
        self.end(outside, |bin| self.above[bin], &self.below)
    }

    /// What no value but `outside` of them is less than: the end of a bin.
    pub(super) fn lower(&self, outside: u64) -> f64 {
        -self.end(outside, |bin| self.below[bin], &self.above)
    }

    /// What no size of a value but `outside` of them is larger than: the end of a bin.
    pub(super) fn size(&self, outside: u64) -> f64 {
        self.end(outside, |bin| self.above[bin].saturating_add(self.below[bin]), &[])
    }

    /// The outer end of the bin where more than `outside` values have been seen, coming from outside to 0 through `bins`, and
    /// going on through those `beyond`.
    fn end(&self, outside: u64, bins: impl Fn(usize) -> u64, beyond: &[u64]) -> f64 {
        let inwards = (0..BINS).rev().map(|bin| ((bin + 1) as f64, bins(bin)));
        let outwards = beyond.iter().enumerate().map(|(bin, count)| (-(bin as f64), *count));
        let mut seen = 0_u64;
        let last = inwards.chain(outwards).find(|(_, count)| {
            add(&mut seen, *count);
            seen > outside
        });
        last.map_or(0.0, |(end, _)| end * self.bin_width())
    }
}

/// Merging doubles counts as often as one likes: they stop at the largest.
const fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

/// The width for values up to this size: the smallest that `BINS` of cover more than it.
fn exponent_for(largest: f32) -> i32 {
    // Of subnormal numbers, that of the smallest normal one.
    let exponent = ((largest.to_bits() >> 23) & 0xff).max(1).cast_signed() - 127;
    exponent + 1 - LOG2_BINS
}

/// In which bin a bin is after so many doublings of the width.
fn widened(bin: usize, doublings: i32) -> usize {
    bin.checked_shr(doublings.unsigned_abs()).unwrap_or(0)
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + i64::from(exponent)).cast_unsigned()) << 52)
}
