//! Pruned matrices times vectors, over their density, beside the same with all weights.

use kernels_benches::measure::{Rows, Work, calls, largest_error, side_by_side};
use kernels_nn::pruning::{Layer, Magnitude, PrunedMatrix, SparseMatrix};
use kernels_nn::{Isa, gemv_into_on};
use kernels_testing::{Random, reference::nn::gemm as reference};
use std::hint::black_box;

/// Matrices: from memory, and from the caches.
const SHAPES: [[usize; 2]; 2] = [[1024, 4096], [768, 768]];

/// Weights of a hundred that are left.
const DENSITIES: [usize; 7] = [1, 2, 5, 10, 20, 30, 50];

/// What a product of numbers from -1 to 1 may be off by, for each step.
const BOUND: f64 = 1e-6;

pub(crate) fn all(rows: &mut Rows) {
    for isa in Isa::available() {
        for shape in SHAPES {
            densities(rows, isa, shape);
        }
    }
}

fn densities(rows: &mut Rows, isa: Isa, [m, k]: [usize; 2]) {
    let mut random = Random::new(1);
    let (a, x) = (random.uniform(m * k), &random.uniform(k)[..]);
    let pruned: Vec<_> = DENSITIES.iter().map(|percent| pruned(a.clone(), m, *percent)).collect();
    let mut out = vec![0.0; m];
    let mut work: Vec<Work<'_>> = Vec::new();
    let mut errors = Vec::new();
    for (a, percent) in pruned.iter().zip(DENSITIES) {
        let sparse = SparseMatrix::new(a, m, k).expect("valid");
        sparse.gemv_into_on(isa, x, &mut out).expect("valid");
        let max_error = largest_error(&out, &reference::gemm(a, x, m, k, 1));
        assert!(max_error <= BOUND * k as f64, "{percent} % of {m}x{k} on {isa}: off by {max_error:e}");
        let mut out = vec![0.0; m];
        work.push(calls(move || sparse.gemv_into_on(isa, black_box(x), &mut out).expect("valid")));
        errors.push(max_error);
    }
    work.push(calls(move || gemv_into_on(isa, black_box(&a), x, m, k, &mut out).expect("valid")));
    let ns = side_by_side(&mut work);
    for (((a, percent), max_error), &ns_of_it) in pruned.iter().zip(DENSITIES).zip(errors).zip(&ns) {
        let chosen = PrunedMatrix::new_on(isa, a, m, k).expect("valid");
        let case =
            format!("{m}x{k} {percent} %{}", if chosen.is_sparse() { "" } else { " (dense is chosen)" });
        let mut row = rows.row("gemv, sparse", &case, isa, ns_of_it);
        row.ns_per_element = Some(ns_of_it / (m * k * percent) as f64 * 100.0);
        row.limit = Some("dense".to_owned());
        row.limit_fraction = Some(ns[DENSITIES.len()] / ns_of_it);
        row.max_error = Some(max_error);
        rows.push(row);
    }
}

/// So many weights of a hundred.
fn pruned(mut a: Vec<f32>, m: usize, percent: usize) -> Vec<f32> {
    let pruning = Magnitude::new(1.0 - percent as f64 / 100.0);
    pruning.prune(&mut [Layer::new("layer", &mut a, m)]).expect("valid");
    a
}
