//! A small perceptron, against reading its weights.

use kernels_benches::measure::{Rows, calls, side_by_side};
use kernels_benches::peak::Read;
use kernels_nn::layers::{Linear, Mlp};
use kernels_nn::{Activation, Isa, Scratch};
use kernels_testing::Random;
use simd_core::dispatch_on;
use std::hint::black_box;

const DIM: usize = 64;
const HIDDEN: usize = 128;

pub(crate) fn all(rows: &mut Rows) {
    let mut random = Random::new(1);
    let (up, down) = (random.uniform(DIM * HIDDEN), random.uniform(DIM * HIDDEN));
    for isa in Isa::available() {
        let up_layer = Linear::new_on(isa, &up, None, DIM).expect("valid").activation(Activation::Gelu);
        let mlp =
            Mlp::new(up_layer, Linear::new_on(isa, &down, None, HIDDEN).expect("valid")).expect("valid");
        for batch in [1, 8] {
            let x = random.uniform(batch * DIM);
            let (mut out, mut scratch) = (vec![0.0; x.len()], Scratch::with_limit(1 << 20));
            let weights = [&up[..], &down[..]];
            let ns = side_by_side(&mut [
                calls(|| {
                    _ = black_box(
                        dispatch_on(Isa::detect(), Read(black_box(&weights))).expect("it is there"),
                    );
                }),
                calls(|| mlp.forward_into(black_box(&x), &mut out, &mut scratch).expect("valid")),
            ]);
            let mut row = rows.row("mlp", &format!("{DIM}-{HIDDEN}-{DIM}, batch {batch}"), isa, ns[1]);
            row.gflops = Some((4 * batch * DIM * HIDDEN) as f64 / ns[1]);
            // Of the weights, once for each row.
            row.limit = Some("read".to_owned());
            row.limit_fraction = Some((batch as f64 * ns[0] / ns[1]).min(1.0));
            rows.push(row);
        }
    }
}
