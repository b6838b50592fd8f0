//! Attention of texts of several lengths, against what the core can multiply and add at most: only its two products count.

use kernels_benches::measure::{Peaks, Rows, calls, side_by_side};
use kernels_nn::{AttentionShape, Isa, ScaledDotProduct, Scratch};
use kernels_testing::Random;
use std::hint::black_box;

const HEADS: usize = 12;
const HEAD_DIM: usize = 32;

pub(crate) fn all(rows: &mut Rows) {
    for isa in Isa::available() {
        let [_, short, long] = [128, 512, 2048].map(|tokens| texts(rows, isa, tokens));
        let mut row = rows.row("attention", "2048 beside 512", isa, 0.0);
        row.limit = Some("512".to_owned());
        row.limit_fraction = Some(long / short);
        rows.push(row);
    }
}

/// One text of so many tokens. Returns which fraction of the peak is reached.
fn texts(rows: &mut Rows, isa: Isa, tokens: usize) -> f64 {
    let shape = AttentionShape {
        batch: 1,
        heads: HEADS,
        kv_heads: HEADS,
        q_len: tokens,
        kv_len: tokens,
        head_dim: HEAD_DIM,
    };
    let attention = ScaledDotProduct::new(shape).expect("valid").on(isa);
    let [q, k, v] = [1, 2, 3].map(|seed| Random::new(seed).uniform(HEADS * tokens * HEAD_DIM));
    let (mut out, mut scratch) = (vec![0.0; q.len()], Scratch::with_limit(attention.scratch_bytes()));
    let peaks = Peaks::default();
    let ns = side_by_side(&mut [
        peaks.rounds(),
        calls(|| attention.run_into(black_box(&q), &k, &v, &mut out, &mut scratch).expect("valid")),
    ]);
    let gflops = (4 * HEADS * tokens * tokens * HEAD_DIM) as f64 / ns[1];
    let fraction = gflops / peaks.gflops();
    let mut row = rows.row("attention", &format!("{HEADS}x{HEAD_DIM}, {tokens} tokens"), isa, ns[1]);
    row.gflops = Some(gflops);
    row.limit = Some("fma".to_owned());
    row.limit_fraction = Some(fraction);
    rows.push(row);
    fraction
}
