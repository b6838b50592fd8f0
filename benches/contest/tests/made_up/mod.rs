//! A record that nobody measured, like those of real runs.

use bench_contest::record::{Absent, Case, Contestant, Entry, Growth, Items, Limit, Record, Spread, Times};
use std::collections::BTreeMap;

/// Name, language, how many times our time it takes, and the kernels that it has.
const WHO: [(&str, &str, f64, &str); 14] = [
    ("kernels", "rust", 1.0, "maxsim indicators nn pool"),
    ("kernels, allocating", "rust", 1.14, "maxsim indicators nn pool"),
    ("kernels, scalar", "rust", 6.3, "maxsim indicators nn pool"),
    ("gemm", "rust", 1.12, "maxsim nn"),
    ("matrixmultiply", "rust", 1.31, "maxsim nn"),
    ("diskann-quantization with AVX2", "rust", 0.93, "maxsim pool"),
    ("ta-lib", "rust", 3.1, "indicators"),
    ("plain loop", "rust", 27.0, "maxsim indicators nn pool"),
    ("numpy <with OpenBLAS> & friends", "python", 2.4, "maxsim nn pool"),
    ("pandas", "python", 48.0, "indicators"),
    ("kernels, wasm relaxed-simd", "javascript", 2.1, "maxsim indicators nn pool"),
    ("kernels, wasm scalar", "javascript", 9.0, "maxsim indicators nn pool"),
    ("@tensorflow/tfjs-backend-wasm", "javascript", 5.5, "maxsim nn"),
    ("technicalindicators", "javascript", 300.0, "indicators pool"),
];

/// Kernel, operation, nanoseconds of ours for an item, what an item is, operations of an item or 0, its bytes.
pub(crate) const OPERATIONS: [(&str, &str, f64, &str, f64, f64); 12] = [
    ("maxsim", "maxsim", 150.0, "documents", 16_000.0, 1024.0),
    ("indicators", "smma", 0.38, "bars", 0.0, 16.0),
    ("indicators", "bollinger", 1.8, "bars", 0.0, 32.0),
    ("indicators", "stochastic", 2.4, "bars", 0.0, 40.0),
    ("nn", "gemm", 7.1, "outputs", 768.0, 12.0),
    ("nn", "gelu_tanh", 0.7, "values", 0.0, 8.0),
    ("nn", "layer_norm", 0.6, "values", 0.0, 8.0),
    ("nn", "attention", 13.0, "values", 800.0, 8.0),
    ("pool", "mean_pool", 0.9, "values", 2.0, 4.0),
    ("pool", "quantize_int8", 0.3, "codes", 0.0, 5.0),
    ("pool", "dot_int8", 10.0, "rows", 768.0, 384.0),
    ("pool", "hamming", 1.9, "rows", 0.0, 48.0),
];

/// Another number from 0 to 1 each time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }
}

fn spread(median: f64, noise: &mut Noise) -> Spread {
    Spread {
        low: median * (1.0 - 0.08 * noise.next()),
        median,
        high: median * (1.0 + 0.2 * noise.next() * noise.next()),
    }
}

fn case(operation: usize, size: f64, noise: &mut Noise) -> Case {
    let (kernel, name, ns_of_item, of, flops, bytes) = OPERATIONS[operation];
    let bound = 1e-5;
    let entry = |(index, (who, _, slower, kernels)): (usize, &(&str, &str, f64, &str))| {
        if !kernels.contains(kernel) {
            return None;
        }
        let wrong = index > 0 && (index + operation) % 11 == 8;
        let ratio = if index == 0 { 1.0 } else { slower * (0.6 + 0.8 * noise.next()) };
        let ns = ratio * (80.0 * slower + size * ns_of_item);
        let times = Times {
            samples: 60,
            wall: spread(ns, noise),
            p95: 1.3 * ns,
            cpu: (*who != "pandas").then_some(0.99 * ns),
            ratio: if index == 0 {
                Spread { low: 1.0, median: 1.0, high: 1.0 }
            } else {
                spread(ratio, noise)
            },
        };
        let error = match (wrong, operation % 2) {
            (true, 0) => None,
            (true, _) => Some(0.031),
            _ => Some(1e-7 * noise.next()),
        };
        let note = (*who == "pandas").then(|| "seeded by the first value".to_owned());
        Some(Entry { contestant: (*who).to_owned(), error, times: (!wrong).then_some(times), note })
    };
    let limit = |name: &str, rate: f64, of: &str| Limit { name: name.into(), rate, of: of.into() };
    Case {
        kernel: kernel.into(),
        operation: name.into(),
        name: format!("{size} {of}"),
        growth: Some(Growth { of: of.into(), size }),
        items: Items { count: size, of: of.into() },
        flops: (flops > 0.0).then_some(flops * size),
        bytes: bytes * size,
        bound,
        limits: vec![
            limit("fma", 118.0, "flops"),
            limit("read", 31.0, "bytes"),
            limit("wasm relaxed-simd", 59.0, "flops"),
            limit("wasm scalar", 15.0, "flops"),
        ],
        entries: WHO.iter().enumerate().filter_map(entry).collect(),
    }
}

/// Of a run that computed nothing.
pub(crate) fn empty() -> Record {
    Record {
        schema: 1,
        date: "2026-11-22".into(),
        cpu: "AMD EPYC 9R14 <virtual>".into(),
        cores: 2,
        command: "cargo xtask bench --against all".into(),
        finished: true,
        quick: false,
        versions: BTreeMap::new(),
        contestants: Vec::new(),
        absent: Vec::new(),
        cases: Vec::new(),
    }
}

/// Four kernels, twelve operations of four sizes, and fourteen contestants, some of them wrong.
pub(crate) fn made_up() -> Record {
    let mut noise = Noise(7);
    let ours = |name: &str| name.starts_with("kernels");
    let who = |(i, (name, language, ..)): (usize, &(&str, &str, f64, &str))| Contestant {
        name: (*name).into(),
        language: (*language).into(),
        version: format!("0.{i}.1"),
        ours: ours(name),
    };
    let versions = [("rustc", "1.95.0"), ("python", "3.12.3"), ("node", "20.19.4")];
    let sizes = [100.0, 1000.0, 10_000.0, 100_000.0];
    let cases = (0..OPERATIONS.len()).flat_map(|operation| sizes.map(|size| (operation, size)));
    Record {
        versions: versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into(),
        contestants: WHO.iter().enumerate().map(who).collect(),
        absent: vec![Absent {
            name: "maxsim-cpu".into(),
            reason: "No module named 'maxsim_cpu' & nothing <like> it".into(),
        }],
        cases: cases.map(|(operation, size)| case(operation, size, &mut noise)).collect(),
        ..empty()
    }
}
