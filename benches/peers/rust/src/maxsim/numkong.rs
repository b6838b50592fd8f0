//! [NumKong](https://crates.io/crates/numkong), formerly SimSIMD: its packed MaxSim. Not exact, and another formula.
//!
//! It finds the best document token by dot products of vectors rounded to at most 8 bits, and computes in full only
//! that one: where another token is better by less than the rounding, it reports the wrong one. What it returns is the
//! sum over query tokens of `max(0, 1 - cosine)`. For vectors of length 1 that is the number of query tokens minus our
//! score, so its error is told as that of the score that follows. It packs the documents too, into a copy of some
//! 1.3 times their size, and that is not timed. Where there is AVX-512 VNNI, it uses that.

use super::{Input, Peer, Scorer};
use anyhow::{Result, anyhow};
use numkong::{MaxSimPackedMatrix, Tensor};

pub(super) struct NumKong;

impl Peer for NumKong {
    fn name(&self) -> &'static str {
        "numkong"
    }

    fn exact(&self) -> bool {
        false
    }

    /// Packs the query and the documents.
    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>> {
        let query = packed(&input.query, input.dim)?;
        let documents: Vec<_> =
            input.documents().map(|document| packed(document, input.dim)).collect::<Result<_>>()?;
        let tokens = input.tokens() as f64;
        Ok(Box::new(move |scores| {
            for (score, document) in scores.iter_mut().zip(&documents) {
                *score = (tokens - query.score(document)) as f32;
            }
        }))
    }
}

fn packed(rows: &[f32], dim: usize) -> Result<MaxSimPackedMatrix<f32>> {
    let tensor = Tensor::<f32>::try_from_slice(rows, &[rows.len() / dim, dim]);
    let packed = tensor.and_then(|tensor| MaxSimPackedMatrix::try_pack(&tensor.view()));
    packed.map_err(|error| anyhow!("{error:?}"))
}
