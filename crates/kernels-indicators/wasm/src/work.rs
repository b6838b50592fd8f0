//! The memory into which arrays are copied, kept from one call to the next.

use crate::indicator::{INPUTS, OUTPUTS};
use simd_core::AlignedVec;
use std::cell::Cell;
use std::mem;

/// Room for numbers that is kept, 8 MB: more are given back.
const KEPT: usize = 1 << 20;

/// Memory for the series of a call.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) inputs: [AlignedVec<f64>; INPUTS],
    pub(crate) outputs: [AlignedVec<f64>; OUTPUTS],
}

thread_local! {
    static WORK: Cell<Option<Work>> = const { Cell::new(None) };
}

impl Work {
    /// Lends it to a call. A call from within another, as a subclass of a typed array can make one, gets its own.
    pub(crate) fn lend() -> Lent {
        Lent(WORK.take().unwrap_or_default())
    }
}

/// Goes back to where it was lent from.
#[derive(Debug)]
pub(crate) struct Lent(pub(crate) Work);

impl Drop for Lent {
    fn drop(&mut self) {
        let series = self.0.inputs.iter().chain(&self.0.outputs);
        if series.map(|series| series.capacity()).sum::<usize>() <= KEPT {
            WORK.set(Some(mem::take(&mut self.0)));
        }
    }
}
