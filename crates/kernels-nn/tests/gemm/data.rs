//! What is multiplied, and what should come of it.

use kernels_testing::reference::nn::gemm::{gemm, gemm_of_sizes, transpose};
use kernels_testing::{Random, small};

/// Two matrices.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) m: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
    /// `[m, k]`
    pub(crate) a: Vec<f32>,
    /// `[k, n]`
    pub(crate) b: Vec<f32>,
    /// `[n, k]`
    pub(crate) bt: Vec<f32>,
}

impl Case {
    pub(crate) fn new([m, k, n]: [usize; 3]) -> Self {
        let mut random = Random::new((m * 1000 + k * 100 + n) as u64);
        let (a, b) = (random.uniform(m * k), random.uniform(k * n));
        Self { m, k, n, bt: transpose(&b, k, n), a, b }
    }

    /// That a result is within the documented bound.
    #[track_caller]
    pub(crate) fn check(&self, what: &str, got: &[f32]) {
        let Self { m, k, n, a, b, .. } = self;
        let (want, sizes) = (gemm(a, b, *m, *k, *n), gemm_of_sizes(a, b, *m, *k, *n));
        assert_eq!(got.len(), want.len());
        for (i, ((got, want), size)) in got.iter().zip(&want).zip(&sizes).enumerate() {
            let bound = *k as f64 * f64::from(f32::EPSILON) * size;
            let error = (f64::from(*got) - want).abs();
            assert!(
                error <= bound,
                "{what} {m}x{k}x{n} [{}, {}]: {got}, expected {want} within {bound:e}",
                i / n,
                i % n
            );
        }
    }
}

/// Sizes round those of tiles, panels and blocks.
pub(crate) fn shapes() -> Vec<[usize; 3]> {
    if cfg!(miri) {
        return vec![[7, 5, 17], [2, 513, 3], [1, 3, 67]];
    }
    let most = if small() { 5 } else { 17 };
    let mut shapes = Vec::new();
    for m in 1..=most {
        for k in 1..=most {
            shapes.extend((1..=most).map(|n| [m, k, n]));
        }
    }
    // Every way to split rows, and columns round those of panels and of what is packed at once.
    shapes.extend((1..=if small() { 14 } else { 40 }).map(|m| [m, 3, 18]));
    shapes.extend((15..=if small() { 18 } else { 70 }).map(|n| [7, 4, n]));
    shapes.extend((60..=68).map(|n| [1, 9, n]));
    // Steps and rows round those of blocks.
    shapes.extend([[8, 511, 17], [7, 512, 16], [13, 513, 33], [1, 1025, 67], [3, 600, 1]]);
    if !small() {
        shapes.extend([
            [127, 20, 5],
            [128, 7, 33],
            [129, 20, 17],
            [133, 530, 18],
            [260, 3, 16],
            [257, 1030, 3],
        ]);
    }
    shapes
}
