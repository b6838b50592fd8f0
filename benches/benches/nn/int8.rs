//! Products with weights of eight and of seven bits, against the same with `f32`.

use kernels_benches::measure::{Rows, calls, largest_error, side_by_side};
use kernels_nn::{Gemm, Int8Gemm, Int8Matrix, Isa, PackedMatrix, Scratch, WeightBits};
use kernels_testing::{Random, reference::nn::gemm as reference};
use std::hint::black_box;

pub(crate) fn all(rows: &mut Rows) {
    for isa in Isa::available() {
        for shape in super::gemm::SHAPES.into_iter().chain([[1, 384, 1536], [16, 384, 1536]]) {
            products(rows, isa, shape);
        }
    }
}

fn products(rows: &mut Rows, isa: Isa, [m, k, n]: [usize; 3]) {
    let mut random = Random::new(1);
    let (a, b) = (&random.uniform(m * k)[..], &random.uniform(k * n)[..]);
    let packed = PackedMatrix::new_on(isa, b, k, n).expect("valid");
    let [eight, seven] = &[WeightBits::Eight, WeightBits::Seven]
        .map(|bits| Int8Matrix::new_on(isa, b, k, n, bits).expect("valid"));
    let mut outs = vec![vec![0.0; m * n]; 3];
    let mut scratch = [(); 2].map(|()| Scratch::with_limit(1 << 24));
    let mut errors = Vec::new();
    for (matrix, out) in [eight, seven].into_iter().zip(&mut outs[1..]) {
        Int8Gemm::new(matrix).run_into(a, m, out, &mut scratch[0]).expect("valid");
        let held = matrix.dequantize().expect("valid");
        let max_error = largest_error(out, &reference::gemm(a, &held, m, k, n));
        // Half a step of a row, of which 255 make two, for each weight, which is one at most.
        assert!(max_error <= 0.004 * k as f64, "int8 {m}x{k}x{n} on {isa} is off by {max_error:e}");
        errors.push(max_error);
    }

    let ([out, out8, out7], [scratch8, scratch7]) = (&mut outs[..], &mut scratch) else {
        unreachable!("there are three outputs");
    };
    let ns = side_by_side(&mut [
        calls(|| Gemm::new(&packed).run_into(black_box(a), m, out).expect("valid")),
        calls(|| Int8Gemm::new(eight).run_into(black_box(a), m, out8, scratch8).expect("valid")),
        calls(|| Int8Gemm::new(seven).run_into(black_box(a), m, out7, scratch7).expect("valid")),
    ]);
    for (i, bits) in ["8 bits", "7 bits"].into_iter().enumerate() {
        let mut row = rows.row("gemm, int8", &format!("{m}x{k}x{n} {bits}"), isa, ns[i + 1]);
        row.gflops = Some((2 * m * k * n) as f64 / ns[i + 1]);
        row.limit = Some("f32".to_owned());
        row.limit_fraction = Some(ns[0] / ns[i + 1]);
        row.max_error = Some(errors[i]);
        rows.push(row);
    }
}
