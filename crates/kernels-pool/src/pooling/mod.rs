//! From the token embeddings of a text to one vector.

mod fold;
pub(crate) mod functions;
mod kernel;
mod pooler;

pub(crate) use kernel::BLOCK;
pub use pooler::Pooler;
use std::fmt;
use std::str::FromStr;

/// How the embeddings of a text's tokens become one: the modes of sentence-transformers' `Pooling`, under its names
/// as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pooling {
    /// The first token that counts.
    Cls,
    /// The last token that counts.
    LastToken,
    /// The largest value of each dimension; NaN if one is NaN.
    Max,
    /// The sum, divided by the number of tokens.
    Mean,
    /// The sum, divided by the square root of the number of tokens.
    MeanSqrtLen,
    /// As the mean, each token weighted by its position from 1 on, which is that of the first token that counts.
    WeightedMean,
}

impl Pooling {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Cls, Self::LastToken, Self::Max, Self::Mean, Self::MeanSqrtLen, Self::WeightedMean];

    /// What the sum of some tokens is divided by.
    fn divisor(self, positions: kernel::Positions) -> f64 {
        match self {
            Self::Cls | Self::LastToken | Self::Max => 1.0,
            Self::Mean => positions.count as f64,
            Self::MeanSqrtLen => (positions.count as f64).sqrt(),
            Self::WeightedMean => positions.sum as f64,
        }
    }

    /// Its name in the configuration of sentence-transformers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cls => "cls",
            Self::LastToken => "lasttoken",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::MeanSqrtLen => "mean_sqrt_len_tokens",
            Self::WeightedMean => "weightedmean",
        }
    }
}

impl fmt::Display for Pooling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Pooling {
    type Err = UnknownPooling;

    fn from_str(name: &str) -> Result<Self, UnknownPooling> {
        Self::ALL.into_iter().find(|pooling| pooling.name() == name).ok_or(UnknownPooling(()))
    }
}

/// A name that belongs to no [`Pooling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPooling(());

impl fmt::Display for UnknownPooling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown pooling; there are ")?;
        for (i, pooling) in Pooling::ALL.into_iter().enumerate() {
            write!(f, "{}{pooling}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownPooling {}

/// What a call has met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pooled {
    /// How many texts have no token that counts. Their vectors are zeros.
    pub empty_rows: usize,
}
