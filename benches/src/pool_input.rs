//! What the benchmarks of pooling and comparing work on.

use kernels_testing::Random;

/// The dimension of most models of sentences.
pub const DIM: usize = 384;

/// Padded texts.
#[derive(Clone, Debug)]
pub struct Texts<T> {
    /// `[lens.len(), seq, DIM]`.
    pub x: Vec<T>,
    /// `[lens.len(), seq]`: 1 for a token, 0 for padding, which is to the right.
    pub mask: Vec<i64>,
    /// How many tokens each has.
    pub lens: Vec<usize>,
    /// How many it is padded to.
    pub seq: usize,
}

impl Texts<f32> {
    /// Texts of these lengths.
    #[must_use]
    pub fn new(lens: Vec<usize>, seq: usize) -> Self {
        let mask = lens.iter().flat_map(|&len| (0..seq).map(move |token| i64::from(token < len))).collect();
        Self { x: Random::new(3).uniform(lens.len() * seq * DIM), mask, lens, seq }
    }

    /// 32 texts of up to 128 tokens, about 60 % of it no padding.
    #[must_use]
    pub fn batch() -> Self {
        let mut random = Random::new(60);
        Self::new((0..32).map(|_| 26 + random.below(103)).collect(), 128)
    }
}

/// One unit vector, and 10,000 that it is compared with.
#[must_use]
pub fn query_and_rows() -> (Vec<f32>, Vec<f32>) {
    (Random::new(5).unit_rows(1, DIM), Random::new(6).unit_rows(10_000, DIM))
}
