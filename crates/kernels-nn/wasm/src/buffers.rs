//! Inputs and outputs among buffers. Borrow them when nothing of JavaScript runs any more.

use kernels_wasm::{F32Buffer, Failure, Result};
use simd_core::AlignedVec;
use std::cell::{Ref, RefMut};

/// A buffer that is read.
pub(crate) fn input(buffer: &F32Buffer) -> Result<Ref<'_, AlignedVec<f32>>> {
    Ok(buffer.input()?)
}

/// One that is written, and that none of the inputs is, by their names; they are borrowed before.
pub(crate) fn output<'a>(buffer: &'a F32Buffer, inputs: &str) -> Result<RefMut<'a, AlignedVec<f32>>> {
    named("out", buffer, inputs, "")
}

/// The same, where there is a function that works in place.
pub(crate) fn output_or<'a>(buffer: &'a F32Buffer, in_place: &str) -> Result<RefMut<'a, AlignedVec<f32>>> {
    named("out", buffer, "an input", &[" (in place works ", in_place, ")"].concat())
}

/// One that is changed in place.
pub(crate) fn change<'a>(buffer: &'a F32Buffer, inputs: &str) -> Result<RefMut<'a, AlignedVec<f32>>> {
    named("x", buffer, inputs, "")
}

fn named<'a>(
    what: &str,
    buffer: &'a F32Buffer,
    inputs: &str,
    hint: &str,
) -> Result<RefMut<'a, AlignedVec<f32>>> {
    let Ok(values) = buffer.output() else {
        return Err(Failure::range(what, &["another buffer than ", inputs, hint].concat(), "the same"));
    };
    Ok(values)
}
