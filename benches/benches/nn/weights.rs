//! Products with weights in fewer bits: of one row against reading them, and of many against the same with `f32`.

use kernels_benches::measure::{Rows, Work, calls, largest_error, side_by_side};
use kernels_benches::peak::Read;
use kernels_nn::{Gemm, HalfFormat, HalfMatrix, Int4Groups, Int4Matrix, Isa, PackedMatrix, Weights};
use kernels_testing::{Random, reference::nn::gemm as reference};
use simd_core::dispatch_on;
use std::hint::black_box;

/// Matrices times vectors: rows and columns of the matrix.
const VECTORS: [[usize; 2]; 3] = [[768, 768], [1024, 4096], [384, 1536]];

/// Products of few rows and of many: m x k x n.
const MATRICES: [[usize; 3]; 3] = [[8, 768, 768], [128, 384, 1536], [512, 512, 512]];

/// Weights that share a scale.
const GROUP: usize = 32;

/// What a product of numbers from -1 to 1 may be off by, for each step, beyond what the weights are off by.
const BOUND: f64 = 1e-6;

pub(crate) fn all(rows: &mut Rows) {
    for isa in Isa::available() {
        for [n, k] in VECTORS {
            products(rows, isa, [1, k, n]);
        }
        for shape in MATRICES {
            products(rows, isa, shape);
        }
    }
}

fn products(rows: &mut Rows, isa: Isa, [m, k, n]: [usize; 3]) {
    let mut random = Random::new(1);
    let (a, b) = (&random.uniform(m * k)[..], &random.uniform(k * n)[..]);
    let packed = PackedMatrix::from_transposed_on(isa, b, n, k).expect("valid");
    let halves = [HalfFormat::F16, HalfFormat::Bf16]
        .map(|format| HalfMatrix::from_transposed_on(isa, b, n, k, format).expect("valid"));
    let groups = [Int4Groups::symmetric(GROUP), Int4Groups::with_zero_points(GROUP)];
    let int4s = groups.map(|groups| Int4Matrix::from_transposed_on(isa, b, n, k, groups).expect("valid"));
    let [f16, bf16] = &halves;
    let [int4, int4_zeros] = &int4s;
    let named: [(&str, Weights<'_>, Vec<f32>); 5] = [
        ("f32", (&packed).into(), reference::transpose(b, n, k)),
        ("f16", f16.into(), f16.dequantize().expect("valid")),
        ("bf16", bf16.into(), bf16.dequantize().expect("valid")),
        ("int4", int4.into(), int4.dequantize().expect("valid")),
        ("int4, zero points", int4_zeros.into(), int4_zeros.dequantize().expect("valid")),
    ];

    let mut outs = vec![vec![0.0; m * n]; named.len()];
    let mut errors = Vec::new();
    for ((name, weights, held), out) in named.iter().zip(&mut outs) {
        Gemm::new(*weights).run_into(a, m, out).expect("valid");
        let max_error = largest_error(out, &reference::gemm(a, held, m, k, n));
        assert!(max_error <= BOUND * k as f64, "{name} {m}x{k}x{n} on {isa} is off by {max_error:e}");
        errors.push(max_error);
    }

    // As many bytes as the weights take.
    let memory: Vec<_> = named.iter().map(|(_, weights, _)| vec![1.0_f32; weights.bytes() / 4]).collect();
    let mut work: Vec<Work<'_>> = Vec::new();
    for ((_, weights, _), out) in named.iter().zip(&mut outs) {
        let gemm = Gemm::new(*weights);
        work.push(calls(move || gemm.run_into(black_box(a), m, out).expect("valid")));
    }
    if m == 1 {
        for memory in &memory {
            work.push(calls(move || {
                let all = [&memory[..]];
                _ = black_box(dispatch_on(Isa::detect(), Read(black_box(&all))).expect("it is there"));
            }));
        }
    }
    let ns = side_by_side(&mut work);
    drop(work);
    for (i, (name, _, _)) in named.iter().enumerate() {
        let (kernel, case) = match m {
            1 => ("gemv", format!("{n}x{k} {name}")),
            _ => ("gemm", format!("{m}x{k}x{n} {name}")),
        };
        let mut row = rows.row(&format!("{kernel}, weights"), &case, isa, ns[i]);
        row.ns_per_element = (m == 1).then_some(ns[i] / (k * n) as f64);
        row.gflops = Some((2 * m * k * n) as f64 / ns[i]);
        (row.limit, row.limit_fraction) = match m {
            1 => (Some("read".to_owned()), Some((ns[named.len() + i] / ns[i]).min(1.0))),
            _ => (Some("f32".to_owned()), Some(ns[0] / ns[i])),
        };
        row.max_error = Some(errors[i]);
        rows.push(row);
    }
}
