//! Runs an operation of a kernel, for callgrind to count its instructions: `cargo xtask count`.
//!
//! What is to be counted happens in [`counted`]; before it, the operation runs once, for what is only done the first time.

use anyhow::{Result, bail};
use kernels_indicators as indicators;
use kernels_maxsim::{Docs, PackedQuery, maxsim_batch_into};
use kernels_nn::{Activation, AttentionShape, Gemm, PackedMatrix, RowNorm, Softmax, attention, gemv_into};
use kernels_pool as pool;
use kernels_testing::Random;
use simd_core::Isa;
use std::hint::black_box;

/// An operation, and how it is called.
type Operation = (&'static str, Box<dyn FnMut()>);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (kernel, name) = match arguments.as_slice() {
        [kernel] => (kernel, None),
        [kernel, name] => (kernel, Some(name)),
        _ => bail!("name a kernel, and one of its operations for it to run"),
    };
    let operations = match kernel.as_str() {
        "maxsim" => maxsim(),
        "indicators" => series(),
        "nn" => layers(),
        "pool" => vectors(),
        _ => bail!("no kernel is called `{kernel}`; there are: indicators, maxsim, nn, pool"),
    };
    let Some(name) = name else {
        // What the counts depend on, and what can be counted.
        println!("{}", Isa::detect());
        operations.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(());
    };
    let Some((_, mut operation)) = operations.into_iter().find(|(other, _)| other == name) else {
        bail!("{kernel} has no operation `{name}`");
    };
    operation();
    counted(&mut *operation);
    Ok(())
}

/// The only function whose instructions count.
#[inline(never)]
fn counted(operation: &mut dyn FnMut()) {
    operation();
    // Nothing may be left to do after the call, or it would be a jump, and no call of this function.
    black_box(());
}

fn operation(name: &'static str, call: impl FnMut() + 'static) -> Operation {
    (name, Box::new(call))
}

fn maxsim() -> Vec<Operation> {
    let of = |tokens: usize, dim: usize| -> Box<dyn FnMut()> {
        let query = PackedQuery::new(&Random::new(7).unit_rows(tokens, dim), dim).expect("valid");
        let (docs, lens, mut scores) = (Random::new(1).unit_rows(400, dim), vec![20; 20], vec![0.0; 20]);
        Box::new(move || {
            let docs = Docs::new(black_box(&docs), &lens, dim).expect("valid");
            maxsim_batch_into(&query, docs, &mut scores).expect("valid");
        })
    };
    vec![("maxsim_batch 32x128", of(32, 128)), ("maxsim_batch 13x48", of(13, 48))]
}

fn series() -> Vec<Operation> {
    let of = |name, call: fn(&[f64], &mut [f64]) -> Result<(), indicators::Error>| {
        let (close, mut out) = (Random::new(11).price_walk(10_000), vec![0.0; 10_000]);
        operation(name, move || call(black_box(&close), &mut out).expect("valid"))
    };
    vec![
        of("smma", |x, out| indicators::smma_into(x, 14, out)),
        of("ema", |x, out| indicators::ema_into(x, 14, out)),
        of("sma", |x, out| indicators::sma_into(x, 14, out)),
        of("wma", |x, out| indicators::wma_into(x, 14, out)),
        of("alma", |x, out| indicators::alma_into(x, 9, 0.85, 6.0, out)),
        of("stddev", |x, out| indicators::stddev_into(x, 20, out)),
        of("hma", |x, out| indicators::hma_into(x, 16, out)),
        of("rsi", |x, out| indicators::rsi_into(x, 14, out)),
    ]
}

fn layers() -> Vec<Operation> {
    let [rows, dim] = [32, 768];
    let x: Vec<f32> = Random::new(1).uniform(rows * dim).iter().map(|x| 4.0 * x).collect();
    let of_values = |name, call: fn(&[f32], &mut [f32])| {
        let (x, mut out) = (x.clone(), vec![0.0; rows * dim]);
        operation(name, move || call(black_box(&x), &mut out))
    };
    let (m, k, n) = (48, 384, 96);
    let (a, b, mut product) =
        (Random::new(1).uniform(m * k), Random::new(2).uniform(k * n), vec![0.0; m * n]);
    let packed = PackedMatrix::new(&b, k, n).expect("valid");
    let (matrix, vector, mut image) = (b.clone(), Random::new(3).uniform(n), vec![0.0; k]);
    let shape = AttentionShape { batch: 1, heads: 2, kv_heads: 2, q_len: 64, kv_len: 64, head_dim: 32 };
    let q = Random::new(4).uniform(2 * 64 * 32);
    vec![
        operation("gemm, packed", move || {
            Gemm::new(&packed).run_into(black_box(&a), m, &mut product).expect("valid");
        }),
        operation("gemv", move || gemv_into(black_box(&matrix), &vector, k, n, &mut image).expect("valid")),
        of_values("exp", |x, out| Activation::Exp.apply_into(x, out).expect("valid")),
        of_values("gelu", |x, out| Activation::Gelu.apply_into(x, out).expect("valid")),
        of_values("softmax", |x, out| Softmax::new(768).run_into(x, out).expect("valid")),
        of_values("rms_norm", |x, out| {
            RowNorm::rms(&[1.0; 768], 1e-5).and_then(|norm| norm.run_into(x, out)).expect("valid");
        }),
        operation("attention", move || {
            drop(black_box(attention(black_box(&q), &q, &q, shape, false).expect("valid")));
        }),
    ]
}

fn vectors() -> Vec<Operation> {
    let [rows, dim] = [100, 384];
    let x = Random::new(6).unit_rows(rows, dim);
    let ranges = pool::Ranges::from_sample(&x, dim).expect("valid");
    let codes = pool::quantize_int8(&x, dim, &ranges).expect("valid");
    let bits = pool::quantize_ubinary(&x, dim).expect("valid");
    let mask = vec![1_i64; rows];
    let mut values = vec![0.0; rows * dim];
    let (mut bytes, mut binary) = (vec![0; rows * dim], vec![0; rows * dim / 8]);
    let (mut mean, mut dots, mut sums, mut distances) =
        (vec![0.0; dim], vec![0.0; rows], vec![0; rows], vec![0; rows]);
    let [pooled, normal, quantized, packed, rows_of] = [(); 5].map(|()| x.clone());
    vec![
        operation("mean_pool", move || {
            let tokens = pool::Tokens::masked(black_box(&pooled), &mask, 1, rows, dim).expect("valid");
            pool::Pooler::new(pool::Pooling::Mean).pool_into(tokens, &mut mean).map(drop).expect("valid");
        }),
        operation("l2_normalize", move || {
            pool::l2_normalize_into(black_box(&normal), dim, &mut values).expect("valid");
        }),
        operation("quantize_int8", move || {
            pool::quantize_int8_into(black_box(&quantized), dim, &ranges, &mut bytes).expect("valid");
        }),
        operation("quantize_ubinary", move || {
            pool::quantize_ubinary_into(black_box(&packed), dim, &mut binary).expect("valid");
        }),
        operation("dot", move || {
            pool::dot_into(black_box(&rows_of[..dim]), &rows_of, &mut dots).expect("valid");
        }),
        operation("dot_int8", move || {
            pool::dot_int8_into(black_box(&codes[..dim]), &codes, &mut sums).expect("valid");
        }),
        operation("hamming", move || {
            pool::hamming_into(black_box(&bits[..dim / 8]), &bits, &mut distances).expect("valid");
        }),
    ]
}
