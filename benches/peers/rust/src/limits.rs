//! What the machine does at most: multiply-adds, and reading and copying as much memory as a case has.

use anyhow::{Result, bail};
use bench_contest::serve::{Prepared, Work};
use kernels_benches::peak::{Read, fma_round};
use simd_core::{Isa, dispatch_on};
use std::hint::black_box;

pub(crate) const NAMES: [&str; 3] = ["fma", "read", "copy"];

/// Enough that a call of it is not all that is timed, and no more than any machine has.
const BYTES: [f64; 2] = [4096.0, 512.0 * 1024.0 * 1024.0];

struct Limit<F>(F);

impl<F: FnMut()> Work for Limit<F> {
    fn run(&mut self) {
        (self.0)();
    }

    fn results(&self) -> Vec<f64> {
        Vec::new()
    }
}

pub(crate) fn prepare(name: &str, bytes: f64) -> Result<Prepared<'static>> {
    let isa = Isa::detect();
    let mut memory = vec![1.0_f32; (bytes.clamp(BYTES[0], BYTES[1]) / 8.0) as usize * 2];
    let bytes = size_of_val(memory.as_slice()) as f64;
    Ok(match name {
        "fma" => limit(fma_round(isa)?, move || _ = fma_round(isa)),
        "read" => {
            let read = move || {
                dispatch_on(isa, Read(&[black_box(memory.as_slice())])).expect("it was detected");
            };
            limit(bytes, read)
        }
        "copy" => limit(bytes, move || {
            let half = memory.len() / 2;
            let (to, from) = memory.split_at_mut(half);
            black_box(to).copy_from_slice(black_box(from));
        }),
        _ => bail!("limits are {}, not {name}", NAMES.join(", ")),
    })
}

/// A limit of which a call is so many operations or bytes.
fn limit(count: f64, run: impl FnMut() + 'static) -> Prepared<'static> {
    Prepared { billions: Some(1e-9 * count), ..Prepared::new(Limit(run)) }
}
