//! [NumKong](https://crates.io/crates/numkong), formerly SimSIMD: its packed MaxSim. Not exact, and another formula.
//!
//! It finds the best document token by dot products of vectors rounded to at most 8 bits, and computes in full only
//! that one: where another token is better by less than the rounding, it reports the wrong one. What it returns is the
//! sum over query tokens of `max(0, 1 - cosine)`. For vectors of length 1 that is the number of query tokens minus our
//! score, so its error is told as that of the score that follows. It packs the documents too, into a copy of some
//! 1.3 times their size, and that is not timed. Where there is AVX-512 VNNI, it uses that.

use super::Input;
use crate::kernel::Outcome;
use crate::work::filling;
use anyhow::{Result, anyhow};
use bench_contest::serve::{Case, Prepared};
use numkong::{MaxSimPackedMatrix, Tensor};

const NOTE: &str = "finds the best token by vectors rounded to 8 bits or less, so it may take another one";

/// Packs the query and the documents.
pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some(input) = Input::of(case)? else { return Ok(None) };
    let query = packed(input.query, input.dim)?;
    let documents: Vec<_> =
        input.documents().map(|document| packed(document, input.dim)).collect::<Result<_>>()?;
    let tokens = input.tokens() as f64;
    let work = filling(documents.len(), move |scores: &mut [f64]| {
        scores.iter_mut().zip(&documents).for_each(|(out, document)| *out = tokens - query.score(document));
    });
    Ok(Some(Prepared { note: Some(NOTE.to_owned()), ..work }))
}

fn packed(rows: &[f32], dim: usize) -> Result<MaxSimPackedMatrix<f32>> {
    let tensor = Tensor::<f32>::try_from_slice(rows, &[rows.len() / dim, dim]);
    let packed = tensor.and_then(|tensor| MaxSimPackedMatrix::try_pack(&tensor.view()));
    packed.map_err(|error| anyhow!("{error:?}"))
}
