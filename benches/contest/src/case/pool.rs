//! From token embeddings to stored vectors, and comparing them.

use super::{Plan, Work, items};
use crate::Array;
use kernels_testing::{Random, reference::pool as reference};

const DIM: usize = 384;

pub(super) fn plans(quick: bool) -> Vec<Plan> {
    let mut plans = vec![mean_pool(32, 128)];
    plans.extend(["l2_normalize", "quantize_int8", "quantize_ubinary"].map(|name| rows(name, 1000)));
    for operation in ["dot", "cosine", "dot_int8", "hamming"] {
        let sizes: &[usize] = if quick { &[100, 1_000] } else { &[100, 1_000, 10_000, 100_000] };
        plans.extend(sizes.iter().map(|&n| compare(operation, n).growing("vectors of 384", n)));
    }
    plans
}

fn work(count: usize, of: &str, want: Vec<f64>, inputs: Vec<(&'static str, Array, Vec<usize>)>) -> Work {
    Work {
        items: items(count, of),
        flops: None,
        bound: 1e-5,
        parameters: Vec::new(),
        inputs,
        unread_bytes: 0.0,
        out_bytes: 4.0,
        want: vec![want],
    }
}

fn mean_pool(batch: usize, seq: usize) -> Plan {
    Plan::new(["pool", "mean_pool"], format!("{batch}x{seq}x{DIM}, made to length 1"), move || {
        let mut random = Random::new(5);
        let x = random.uniform(batch * seq * DIM);
        let mut active = vec![false; batch * seq];
        for text in active.chunks_exact_mut(seq) {
            let len = seq / 4 + random.below(seq - seq / 4);
            text[..=len.min(seq - 1)].fill(true);
        }
        let pooled = reference::mean_pool(&x, &active, batch, seq, DIM);
        let mask = active.iter().map(|active| i64::from(*active)).collect();
        let inputs = vec![
            ("tokens", Array::F32(x), vec![batch, seq, DIM]),
            ("mask", Array::I64(mask), vec![batch, seq]),
        ];
        let padding = active.iter().filter(|active| !**active).count();
        Work {
            unread_bytes: (padding * DIM * size_of::<f32>()) as f64,
            ..work(batch, "texts", reference::l2_normalize(&pooled, DIM), inputs)
        }
    })
}

/// What is done to each of so many vectors.
fn rows(operation: &'static str, n: usize) -> Plan {
    Plan::new(["pool", operation], format!("{n}x{DIM}"), move || {
        let x = Random::new(6).unit_rows(n, DIM);
        let ranges = reference::ranges(&x, DIM);
        let numbers = |codes: Vec<f64>, bytes: f64, bound: f64| Work {
            out_bytes: bytes,
            bound,
            ..work(n, "vectors", codes, Vec::new())
        };
        let mut done = match operation {
            "l2_normalize" => numbers(reference::l2_normalize(&x, DIM), 4.0, 1e-5),
            "quantize_int8" => {
                let codes = reference::quantize_int8(&x, DIM, &ranges);
                // None of these values is so close to the next code that 32 bits would find that.
                numbers(codes.into_iter().map(f64::from).collect(), 1.0, 0.0)
            }
            _ => {
                let bytes = reference::quantize_ubinary(&x, DIM);
                numbers(bytes.into_iter().map(f64::from).collect(), 1.0, 0.0)
            }
        };
        done.inputs.push(("x", Array::F32(x), vec![n, DIM]));
        if operation == "quantize_int8" {
            done.inputs.push(("min", Array::F32(ranges.min), vec![DIM]));
            done.inputs.push(("max", Array::F32(ranges.max), vec![DIM]));
        }
        done
    })
}

/// A query, and so many vectors that it is compared with.
fn compare(operation: &'static str, n: usize) -> Plan {
    Plan::new(["pool", operation], format!("{n}x{DIM}"), move || {
        let (query, rows) = (Random::new(8).unit_rows(1, DIM), Random::new(9).unit_rows(n, DIM));
        let ranges = reference::ranges(&rows, DIM);
        let floats = |query, rows| {
            vec![("query", Array::F32(query), vec![DIM]), ("rows", Array::F32(rows), vec![n, DIM])]
        };
        match operation {
            "dot" => work(n, "vectors", reference::dot(&query, &rows), floats(query, rows)),
            "cosine" => work(n, "vectors", reference::cosine(&query, &rows), floats(query, rows)),
            "dot_int8" => {
                let [query, rows] = [query, rows].map(|x| reference::quantize_int8(&x, DIM, &ranges));
                let want = reference::dot_int8(&query, &rows).into_iter().map(|x| x as f64).collect();
                let inputs =
                    vec![("query", Array::I8(query), vec![DIM]), ("rows", Array::I8(rows), vec![n, DIM])];
                Work { bound: 0.0, ..work(n, "vectors", want, inputs) }
            }
            _ => {
                let [query, rows] = [query, rows].map(|x| reference::quantize_ubinary(&x, DIM));
                let want = reference::hamming(&query, &rows).into_iter().map(f64::from).collect();
                let inputs = vec![
                    ("query", Array::U8(query), vec![DIM / 8]),
                    ("rows", Array::U8(rows), vec![n, DIM / 8]),
                ];
                Work { bound: 0.0, ..work(n, "vectors", want, inputs) }
            }
        }
    })
}
