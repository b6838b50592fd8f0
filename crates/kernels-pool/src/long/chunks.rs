//! The embedding of a document from those of its chunks, one after another.

use crate::error::{Error, length, positive, vec_of};

/// How the embeddings of a document's chunks become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChunkPooling {
    /// All chunks count alike.
    Mean,
    /// The largest value of each dimension.
    Max,
    /// A chunk counts by its tokens: the mean over chunks of means over tokens is then the mean over all tokens, as
    /// far as chunks do not overlap.
    LengthWeighted,
    /// Chunk `i` of `n`, from 0 on, has the weight `(i + 1)(n - i)`: a parabola, highest in the middle (the window of
    /// Welch, 1967, without its zeros).
    CentreWeighted,
}

/// Pools the embeddings of a document's chunks as they come, in memory that does not grow: two rows of `f64` at most.
///
/// A dimension of the result is `sum(w x) / sum(w)` over the chunks, or their maximum, from sums in `f64`. Only
/// [`new`](Self::new) and [`finish`](Self::finish) allocate.
///
/// [`Max`](ChunkPooling::Max) is exact. Otherwise, with `n` chunks and `u = 2^-53`,
/// |error| <= max(2^-24 |result|, 2^-150) + (2 n + 4) u * sum(w |x|) / sum(w): the first term is the rounding to `f32`.
/// A [`normalized`](Self::normalized) result is that before this rounding, divided by its length with an error of
/// `(dim + 4) u`, and then rounded.
///
/// A NaN reaches its own dimension only, unless the result is normalised; the maximum of numbers and a NaN is NaN.
///
/// ```
/// use kernels_pool::{ChunkPooler, ChunkPooling, windows};
///
/// let mut pooler = ChunkPooler::new(ChunkPooling::LengthWeighted, 2)?;
/// for window in windows(7, 4, 0)? {
///     let embedding = [window.start as f32, 1.0]; // what a model makes of these tokens
///     pooler.add(&embedding, window.len())?;
/// }
/// assert_eq!(pooler.chunks(), 2);
/// assert_eq!(pooler.finish()?, [(4.0 * 0.0 + 3.0 * 4.0) / 7.0, 1.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ChunkPooler {
    pooling: ChunkPooling,
    normalized: bool,
    chunks: usize,
    /// Of all chunks.
    tokens: usize,
    /// The maxima, or the sums of `w x`.
    pooled: Vec<f64>,
    /// The sums of `(i + 1) x`, where chunks count by their place; else empty. With every further chunk the weight of
    /// chunk `i` grows by `i + 1`: these are what `pooled` grows by. So nothing has to be taken out of a sum.
    growth: Vec<f64>,
}

impl ChunkPooler {
    /// For embeddings of `dim` values.
    ///
    /// # Errors
    /// If `dim` is 0, or the sums do not fit in memory.
    pub fn new(pooling: ChunkPooling, dim: usize) -> Result<Self, Error> {
        positive("dim", dim)?;
        let growth = if pooling == ChunkPooling::CentreWeighted { dim } else { 0 };
        let (pooled, growth) = (vec_of("sums", 0.0, dim)?, vec_of("sums", 0.0, growth)?);
        let mut pooler = Self { pooling, normalized: false, chunks: 0, tokens: 0, pooled, growth };
        pooler.reset();
        Ok(pooler)
    }

    /// Makes results have length 1, divided before they are rounded to `f32`. Zeros stay zeros. A NaN in one
    /// dimension makes all of them NaN; beside an infinite one, which becomes NaN, finite ones become 0.
    pub const fn normalized(mut self) -> Self {
        self.normalized = true;
        self
    }

    /// Takes the next chunk: `embedding: [dim]`, made of `tokens` tokens.
    ///
    /// Only [`LengthWeighted`](ChunkPooling::LengthWeighted) looks at `tokens`; a chunk of none then has no effect,
    /// whatever its embedding holds, NaN included.
    ///
    /// # Errors
    /// If `embedding` has another length than `dim`, or the tokens of all chunks are more than `usize` counts. The
    /// chunk is not taken then.
    pub fn add(&mut self, embedding: &[f32], tokens: usize) -> Result<(), Error> {
        length("embedding", self.dim(), embedding.len())?;
        let chunks = self.chunks.checked_add(1).ok_or(Error::TooLarge { what: "chunks" })?;
        if self.pooling == ChunkPooling::LengthWeighted {
            self.tokens = self.tokens.checked_add(tokens).ok_or(Error::TooLarge { what: "tokens" })?;
        }
        self.chunks = chunks;
        let values = self.pooled.iter_mut().zip(embedding.iter().map(|&x| f64::from(x)));
        match self.pooling {
            ChunkPooling::Mean => values.for_each(|(sum, x)| *sum += x),
            ChunkPooling::Max => {
                // No comparison with a NaN is true, so the first one stays.
                values.for_each(|(max, x)| *max = if x > *max || x.is_nan() { x } else { *max });
            }
            ChunkPooling::LengthWeighted if tokens == 0 => {}
            ChunkPooling::LengthWeighted => {
                let weight = tokens as f64;
                values.for_each(|(sum, x)| *sum += weight * x);
            }
            ChunkPooling::CentreWeighted => {
                let weight = chunks as f64;
                for ((sum, x), growth) in values.zip(&mut self.growth) {
                    *growth += weight * x;
                    *sum += *growth;
                }
            }
        }
        Ok(())
    }

    /// Writes the embedding of the chunks so far to `out: [dim]`. Nothing changes: more may follow.
    ///
    /// Zeros if all weights are 0, which is if no chunk has tokens and
    /// [`LengthWeighted`](ChunkPooling::LengthWeighted) counts them.
    ///
    /// # Errors
    /// If there are no chunks, or `out` has another length than `dim`. `out` then stays as it was.
    pub fn finish_into(&self, out: &mut [f32]) -> Result<(), Error> {
        self.some_chunks()?;
        length("out", self.dim(), out.len())?;
        self.write(out);
        Ok(())
    }

    /// The embedding of the chunks so far. Nothing changes: more may follow.
    ///
    /// # Errors
    /// If there are no chunks, or it does not fit in memory.
    pub fn finish(&self) -> Result<Vec<f32>, Error> {
        self.some_chunks()?;
        let mut out = vec_of("embedding", 0.0, self.dim())?;
        self.write(&mut out);
        Ok(out)
    }

    /// Back to no chunks, in the memory that there is.
    pub fn reset(&mut self) {
        (self.chunks, self.tokens) = (0, 0);
        let start = if self.pooling == ChunkPooling::Max { f64::NEG_INFINITY } else { 0.0 };
        self.pooled.fill(start);
        self.growth.fill(0.0);
    }

    /// How many chunks there are so far.
    #[must_use]
    pub const fn chunks(&self) -> usize {
        self.chunks
    }

    /// The length of an embedding.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.pooled.len()
    }

    /// How they are pooled.
    #[must_use]
    pub const fn pooling(&self) -> ChunkPooling {
        self.pooling
    }

    const fn some_chunks(&self) -> Result<(), Error> {
        if self.chunks == 0 { Err(Error::Empty { what: "chunks" }) } else { Ok(()) }
    }

    fn write(&self, out: &mut [f32]) {
        // Sums of no weight are zeros.
        let weight = self.weight().max(f64::MIN_POSITIVE);
        let pooled = || self.pooled.iter().map(|&sum| sum / weight);
        let norm = match self.normalized {
            true => pooled().map(|x| x * x).sum::<f64>().sqrt(),
            false => 1.0,
        };
        let divisor = if norm == 0.0 { 1.0 } else { norm };
        for (out, x) in out.iter_mut().zip(pooled()) {
            *out = (x / divisor) as f32;
        }
    }

    /// What the sums are divided by.
    fn weight(&self) -> f64 {
        let n = self.chunks as f64;
        match self.pooling {
            ChunkPooling::Mean => n,
            ChunkPooling::Max => 1.0,
            ChunkPooling::LengthWeighted => self.tokens as f64,
            // The sum of (i + 1)(n - i).
            ChunkPooling::CentreWeighted => n * (n + 1.0) * (n + 2.0) / 6.0,
        }
    }
}
