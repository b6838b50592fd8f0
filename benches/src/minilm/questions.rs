//! Texts as token ids, and what the model is known to make of them.

use super::load::DIM;
use crate::archive::{Archive, read};
use anyhow::{Context, Result, ensure};
use std::ops::Range;
use std::path::Path;

/// Some questions.
#[derive(Debug)]
pub struct Questions {
    ids: Vec<u32>,
    offsets: Vec<usize>,
    embeddings: Vec<f32>,
}

impl Questions {
    /// Where those of this project are.
    #[must_use]
    pub fn default_file() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/minilm/questions.safetensors"))
    }

    /// Reads `input_ids`, `offsets` and `embeddings`.
    ///
    /// # Errors
    /// If the file is missing or damaged: names it, what was expected, what it has.
    pub fn load(file: &Path) -> Result<Self> {
        let parse = || -> Result<Self> {
            let bytes = read(file)?;
            let archive = Archive::parse(&bytes)?;
            let (tokens, texts) = (archive.count("input_ids")?, archive.count("offsets")?.saturating_sub(1));
            let ids = archive.integers("input_ids", [tokens])?;
            let ids = ids.into_iter().map(u32::try_from).collect::<Result<_, _>>()?;
            let offsets = archive.integers("offsets", [texts + 1])?;
            ensure!(
                texts > 0
                    && offsets[0] == 0
                    && offsets[texts] == tokens
                    && offsets.is_sorted_by(|a, b| a < b),
                "tensor `offsets`: expected numbers that grow from 0 to {tokens}, got {offsets:?}"
            );
            let embeddings = archive.floats("embeddings", [texts, DIM])?;
            Ok(Self { ids, offsets, embeddings })
        };
        parse().with_context(|| file.display().to_string())
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// False: there is one at least.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The token ids of some of them, and where each begins, from 0 on, and last the number of ids.
    #[must_use]
    pub fn tokens(&self, texts: Range<usize>) -> (&[u32], Vec<usize>) {
        let offsets = &self.offsets[texts.start..=texts.end];
        (
            &self.ids[offsets[0]..offsets[texts.len()]],
            offsets.iter().map(|offset| offset - offsets[0]).collect(),
        )
    }

    /// What the model is known to make of one.
    #[must_use]
    pub fn embedding(&self, text: usize) -> &[f32] {
        &self.embeddings[text * DIM..][..DIM]
    }
}
