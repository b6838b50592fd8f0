//! The layers of a small transformer, against what the machine needs at least. One thread; every result is checked. Run it by
//! `cargo xtask bench nn`.

#[path = "nn/attention.rs"]
mod attention;
#[path = "nn/elementwise.rs"]
mod elementwise;
#[path = "nn/gemm.rs"]
mod gemm;
#[path = "nn/int8.rs"]
mod int8;
#[path = "nn/mlp.rs"]
mod mlp;
#[path = "nn/sparse.rs"]
mod sparse;
#[path = "nn/weights.rs"]
mod weights;

use anyhow::Result;
use kernels_benches::measure::Rows;

fn main() -> Result<()> {
    let mut rows = Rows::new();
    gemm::all(&mut rows);
    elementwise::all(&mut rows);
    attention::all(&mut rows);
    mlp::all(&mut rows);
    int8::all(&mut rows);
    weights::all(&mut rows);
    sparse::all(&mut rows);
    rows.write()
}
