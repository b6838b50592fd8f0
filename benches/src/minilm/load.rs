//! The model: its weights, made ready, and its layers one after another.

use crate::archive::{Archive, read};
use anyhow::{Context, Result, ensure};
use kernels_nn::layers::{Attention, EncoderLayer, LayerNorm, Linear, Mlp, NormOrder};
use kernels_nn::{
    Activation, HalfFormat, HalfMatrix, Int4Groups, Int4Matrix, Scratch, ScratchStats, WeightBits,
    embedding_add_into, embedding_into,
};

use kernels_pool::{Pooler, Pooling, Tokens};
use std::cell::Cell;
use std::fmt;
use std::path::Path;

/// The sizes that the model's own configuration gives.
pub(super) const DIM: usize = 384;
const HEADS: usize = 12;
const LAYERS: usize = 6;
const MLP_DIM: usize = 1536;
const VOCABULARY: usize = 30_522;
const POSITIONS: usize = 512;
const EPS: f32 = 1e-12;

/// What the weights of the linear layers are held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As they are published.
    F32,
    /// In 16 bits.
    F16,
    /// In eight bits or seven.
    Int8(WeightBits),
    /// In four bits, in groups of 32.
    Int4,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::F32, Self::F16, Self::Int8(WeightBits::Eight), Self::Int8(WeightBits::Seven), Self::Int4];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Int8(WeightBits::Eight) => "int8",
            Self::Int8(WeightBits::Seven) => "int8, 7 bits",
            Self::Int4 => "int4",
        })
    }
}

/// A model that is ready to run.
#[derive(Debug)]
pub struct Model {
    words: Vec<f32>,
    positions: Vec<f32>,
    /// The segment that all tokens are of.
    segment: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<EncoderLayer>,
    /// The memory that the weights of the linear layers take.
    bytes: usize,
    /// The rows that a layer takes, and those that it gives.
    hidden: [Vec<f32>; 2],
    scratch: Scratch,
}

impl Model {
    /// Reads `model.safetensors` of all-MiniLM-L6-v2.
    ///
    /// # Errors
    /// If the file is missing or damaged, or is of another model: names it, what was expected, what it has.
    pub fn load(file: &Path, format: Format, scratch_limit: usize) -> Result<Self> {
        let parse = || -> Result<Self> {
            let bytes = read(file)?;
            let weights = Weights { archive: Archive::parse(&bytes)?, format, bytes: Cell::new(0) };
            let mut segment = weights.archive.floats("embeddings.token_type_embeddings.weight", [2, DIM])?;
            segment.truncate(DIM);
            Ok(Self {
                words: weights.archive.floats("embeddings.word_embeddings.weight", [VOCABULARY, DIM])?,
                positions: weights
                    .archive
                    .floats("embeddings.position_embeddings.weight", [POSITIONS, DIM])?,
                segment,
                norm: weights.norm("embeddings.LayerNorm")?,
                layers: (0..LAYERS).map(|i| weights.layer(i)).collect::<Result<_>>()?,
                bytes: weights.bytes.get(),
                hidden: Default::default(),
                scratch: Scratch::with_limit(scratch_limit),
            })
        };
        parse().with_context(|| file.display().to_string())
    }

    /// The embeddings `[texts, 384]` of texts of these token ids, text `i` being the ids from `offsets[i]` up to
    /// `offsets[i + 1]`: the mean of their tokens, of length 1.
    ///
    /// # Errors
    /// If an id is unknown, a text is longer than the model takes or empty, or the scratch's limit is too small.
    pub fn embed(&mut self, ids: &[u32], offsets: &[usize], out: &mut [f32]) -> Result<()> {
        let positions: Vec<u32> = offsets.windows(2).flat_map(|pair| 0..(pair[1] - pair[0]) as u32).collect();
        let len = ids.len() * DIM;
        self.hidden.iter_mut().for_each(|rows| rows.resize(len, 0.0));
        let [x, y] = &mut self.hidden;
        embedding_into(ids, &self.words, DIM, y)?;
        embedding_add_into(&positions, &self.positions, DIM, y)?;
        embedding_add_into(&vec![0_u32; ids.len()], &self.segment, DIM, y)?;
        self.norm.forward_into(y, x, &mut self.scratch)?;
        for layer in &self.layers {
            layer.forward_into(x, offsets, y, &mut self.scratch)?;
            std::mem::swap(x, y);
        }
        let lens: Vec<_> = offsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let pooled =
            Pooler::new(Pooling::Mean).normalized().pool_into(Tokens::ragged(x, &lens, DIM)?, out)?;
        ensure!(
            pooled.empty_rows == 0,
            "texts: expected at least one token in each, got none in {}",
            pooled.empty_rows
        );
        Ok(())
    }

    /// The memory that the weights of the linear layers take.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Working memory used so far.
    #[must_use]
    pub const fn scratch(&self) -> ScratchStats {
        self.scratch.stats()
    }

    /// Multiply-adds of matrix products, attention's too, for one text of so many tokens.
    #[must_use]
    pub const fn multiply_adds(tokens: usize) -> usize {
        LAYERS * tokens * (4 * DIM * DIM + 2 * DIM * MLP_DIM + 2 * tokens * DIM)
    }
}

/// The parts of the model, by the names that they are stored under.
struct Weights<'a> {
    archive: Archive<'a>,
    format: Format,
    /// Taken so far by those of linear layers.
    bytes: Cell<usize>,
}

impl Weights<'_> {
    fn linear(&self, name: &str, out_dim: usize, in_dim: usize) -> Result<Linear> {
        let weight = self.archive.floats(&format!("{name}.weight"), [out_dim, in_dim])?;
        let bias = self.archive.floats(&format!("{name}.bias"), [out_dim])?;
        let half = |format| HalfMatrix::from_transposed(&weight, out_dim, in_dim, format);
        let int4 = || Int4Matrix::from_transposed(&weight, out_dim, in_dim, Int4Groups::symmetric(32));
        let linear = match self.format {
            Format::F32 => Linear::new(&weight, Some(&bias), in_dim)?,
            Format::F16 => Linear::with_weights(half(HalfFormat::F16)?, Some(&bias))?,
            Format::Int8(bits) => Linear::int8(&weight, Some(&bias), in_dim, bits)?,
            Format::Int4 => Linear::with_weights(int4()?, Some(&bias))?,
        };
        self.bytes.set(self.bytes.get() + linear.bytes());
        Ok(linear)
    }

    fn norm(&self, name: &str) -> Result<LayerNorm> {
        let [weight, bias] =
            ["weight", "bias"].map(|part| self.archive.floats(&format!("{name}.{part}"), [DIM]));
        Ok(LayerNorm::new(&weight?, &bias?, EPS)?)
    }

    fn layer(&self, i: usize) -> Result<EncoderLayer> {
        let name = |part: &str| format!("encoder.layer.{i}.{part}");
        let square = |part: &str| self.linear(&name(part), DIM, DIM);
        let attention = Attention::new(
            [
                square("attention.self.query")?,
                square("attention.self.key")?,
                square("attention.self.value")?,
                square("attention.output.dense")?,
            ],
            HEADS,
        )?;
        let mlp = Mlp::new(
            self.linear(&name("intermediate.dense"), MLP_DIM, DIM)?.activation(Activation::Gelu),
            self.linear(&name("output.dense"), DIM, MLP_DIM)?,
        )?;
        Ok(EncoderLayer::new(
            attention,
            self.norm(&name("attention.output.LayerNorm"))?,
            mlp,
            self.norm(&name("output.LayerNorm"))?,
            NormOrder::Post,
        )?)
    }
}
