//! Layers of networks: one file per peer. To add one: its file, and a line in `PEERS`.

mod gemm;
mod matrixmultiply;

use crate::side_by_side;
use anyhow::{Result, ensure};
use bench_rows::time;
use kernels_benches::measure::{Rows, largest_error};
use kernels_nn::{Gemm, PackedMatrix, gemv_into};
use kernels_testing::{Random, reference::nn::gemm as reference};
use simd_core::Isa;
use std::hint::black_box;

const PEERS: [&dyn Peer; 2] = [&gemm::Gemm, &matrixmultiply::MatrixMultiply];

/// Rows of A, steps, and columns of B; of one column, our side is the product of a matrix and a vector, and of others that with
/// packed weights. The peers have no weights to pack.
const SHAPES: [[usize; 3]; 7] = [
    [128, 384, 1536],
    [128, 1536, 384],
    [512, 512, 512],
    [1024, 1024, 1024],
    [768, 768, 1],
    [1024, 4096, 1],
    [384, 1536, 1],
];

/// What a product of matrices of numbers from -1 to 1 may be off by, for each step.
const BOUND: f64 = 1e-6;

/// Another way to multiply matrices.
trait Peer {
    /// Its crate.
    fn name(&self) -> &'static str;

    /// Writes the product of `a: [m, k]` and `b: [k, n]`, row-major, to `out: [m, n]`.
    fn multiply(&self, a: &[f32], b: &[f32], shape: [usize; 3], out: &mut [f32]);
}

/// Adds a row for each shape and peer: our time, and how many times as fast as the peer we are. The error is the peer's; both
/// are within the bound, or this fails.
pub(crate) fn compare(rows: &mut Rows) -> Result<()> {
    for shape in SHAPES {
        let [m, k, n] = shape;
        let mut random = Random::new(1);
        let (a, b) = (random.uniform(m * k), random.uniform(k * n));
        let packed = PackedMatrix::new(&b, k, n)?;
        let product = Gemm::new(&packed);
        let want = reference::gemm(&a, &b, m, k, n);
        let (kernel, size) = match n {
            1 => ("gemv", format!("{m}x{k}")),
            _ => ("gemm", format!("{m}x{k}x{n}")),
        };
        for peer in PEERS {
            let case = format!("{size} vs {}", peer.name());
            let (mut our_out, mut their_out) = (vec![0.0; m * n], vec![0.0; m * n]);
            let [ours, theirs] = side_by_side::times(
                || match n {
                    1 => gemv_into(black_box(&a), &b, m, k, &mut our_out).expect("valid"),
                    _ => product.run_into(black_box(&a), m, &mut our_out).expect("valid"),
                },
                || peer.multiply(black_box(&a), &b, shape, &mut their_out),
            );
            let [our_error, their_error] = [&our_out, &their_out].map(|out| largest_error(out, &want));
            let bound = BOUND * k as f64;
            ensure!(our_error <= bound, "{kernel} {case}: we are off by {our_error:e}");
            ensure!(their_error <= bound, "{kernel} {case}: {} is off by {their_error:e}", peer.name());
            println!(
                "{kernel} {case}: {} to {}, {:.2} times as fast, errors {our_error:.0e} and {their_error:.0e}",
                time(ours),
                time(theirs),
                theirs / ours
            );
            let mut row = rows.row(kernel, &case, Isa::detect(), ours);
            row.gflops = Some((2 * m * k * n) as f64 / ours);
            row.limit = Some(format!("peer:{}", peer.name()));
            row.limit_fraction = Some(theirs / ours);
            row.max_error = Some(their_error);
            rows.push(row);
        }
    }
    Ok(())
}
