//! Matrix products, against what the core can multiply and add at most, and against reading the same memory.

use kernels_benches::measure::{Peaks, Rows, Work, calls, largest_error, side_by_side};
use kernels_benches::peak::Read;
use kernels_nn::{Activation, Gemm, Isa, PackedMatrix, gemm_into_on, gemv_into_on};
use kernels_testing::{Random, reference::nn::gemm as reference};
use simd_core::dispatch_on;
use std::hint::black_box;

/// What is asked for: the layers of a small transformer, and squares.
pub(super) const SHAPES: [[usize; 3]; 4] =
    [[128, 384, 1536], [128, 1536, 384], [512, 512, 512], [1024, 1024, 1024]];

/// Matrices times vectors.
const VECTORS: [[usize; 2]; 3] = [[768, 768], [1024, 4096], [384, 1536]];

/// What a product of matrices of numbers from -1 to 1 may be off by, for each step: far more would be a mistake.
const BOUND: f64 = 1e-6;

pub(crate) fn all(rows: &mut Rows) {
    for isa in Isa::available() {
        let fractions = SHAPES.map(|shape| matrices(rows, isa, shape));
        let mean = fractions.iter().sum::<f64>() / fractions.len() as f64;
        let mut row = rows.row("gemm", "mean of packed", isa, 0.0);
        row.limit = Some("fma".to_owned());
        row.limit_fraction = Some(mean);
        rows.push(row);
    }
    for shape in VECTORS {
        vectors(rows, shape);
    }
}

/// Products of one shape. Returns which fraction of the peak the plain one with packed weights reaches.
fn matrices(rows: &mut Rows, isa: Isa, [m, k, n]: [usize; 3]) -> f64 {
    let mut random = Random::new(1);
    let (a, b) = (&random.uniform(m * k), &random.uniform(k * n));
    let (bias, residual) = (&random.uniform(n), &random.uniform(m * n));
    let packed = &PackedMatrix::new_on(isa, b, k, n).expect("valid");
    let plain = Gemm::new(packed);
    let fused = plain.bias(bias).activation(Activation::Gelu);
    let all = fused.residual(residual);

    let want = reference::gemm(a, b, m, k, n);
    let mut outs = vec![vec![0.0; m * n]; 4];
    plain.run_into(a, m, &mut outs[0]).expect("valid");
    let max_error = largest_error(&outs[0], &want);
    assert!(max_error <= BOUND * k as f64, "gemm {m}x{k}x{n} on {isa} is off by {max_error:e}");

    let peaks = Peaks::default();
    let names = ["gemm", "gemm, bias, gelu", "gemm, bias, gelu, residual", "gemm"];
    let [out, fused_out, all_out, plain_out] = &mut outs[..] else { unreachable!("there are four") };
    let mut work: Vec<Work<'_>> = vec![
        peaks.rounds(),
        calls(move || plain.run_into(black_box(a), m, out).expect("valid")),
        calls(move || fused.run_into(black_box(a), m, fused_out).expect("valid")),
        calls(move || all.run_into(black_box(a), m, all_out).expect("valid")),
        calls(move || gemm_into_on(isa, black_box(a), b, m, k, n, plain_out).expect("valid")),
    ];
    let ns = side_by_side(&mut work);
    drop(work);
    let flops = (2 * m * k * n) as f64;
    let fraction = |ns: f64| flops / ns / peaks.gflops();
    for (i, (name, ns_of_it)) in names.into_iter().zip(&ns[1..]).enumerate() {
        let case = format!("{m}x{k}x{n}{}", if i == 3 { "" } else { " packed" });
        let mut row = rows.row(name, &case, isa, *ns_of_it);
        row.gflops = Some(flops / ns_of_it);
        // What is fused is compared with the plain product.
        let fused = i == 1 || i == 2;
        row.limit = Some(if fused { "unfused" } else { "fma" }.to_owned());
        row.limit_fraction = Some(if fused { ns[1] / ns_of_it } else { fraction(*ns_of_it) });
        row.max_error = (!fused).then_some(max_error);
        rows.push(row);
    }
    fraction(ns[1])
}

/// Matrices times vectors, and a read of the matrix.
fn vectors(rows: &mut Rows, [m, k]: [usize; 2]) {
    let mut random = Random::new(2);
    let (a, x) = (&random.uniform(m * k)[..], &random.uniform(k)[..]);
    let want = reference::gemm(a, x, m, k, 1);
    let all = [a];
    let read = || _ = black_box(dispatch_on(Isa::detect(), Read(black_box(&all))).expect("it is there"));
    let mut work = vec![calls(read)];
    let mut errors = Vec::new();
    for isa in Isa::available() {
        let mut out = vec![0.0; m];
        gemv_into_on(isa, a, x, m, k, &mut out).expect("valid");
        let max_error = largest_error(&out, &want);
        assert!(max_error <= BOUND * k as f64, "gemv {m}x{k} on {isa} is off by {max_error:e}");
        errors.push((isa, max_error));
        work.push(calls(move || gemv_into_on(isa, black_box(a), x, m, k, &mut out).expect("valid")));
    }
    let ns = side_by_side(&mut work);
    for ((isa, max_error), &ns_of_it) in errors.into_iter().zip(&ns[1..]) {
        let mut row = rows.row("gemv", &format!("{m}x{k}"), isa, ns_of_it);
        row.ns_per_element = Some(ns_of_it / (m * k) as f64);
        row.gflops = Some((2 * m * k) as f64 / ns_of_it);
        row.limit = Some("read".to_owned());
        // It may be read a little faster than by a plain loop.
        row.limit_fraction = Some((ns[0] / ns_of_it).min(1.0));
        row.max_error = Some(max_error);
        rows.push(row);
    }
}
