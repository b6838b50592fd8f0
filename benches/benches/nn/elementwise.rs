//! Activations, softmax and norms. What they can take at least is a matter of the formula, so the unit is what a multiply-add
//! takes: how many the core could do in the time of one value.

use kernels_benches::measure::{Peaks, Rows, Work, calls, side_by_side};
use kernels_nn::{Activation, Error, Isa, RowNorm, Softmax};
use kernels_testing::Random;
use std::hint::black_box;

/// Rows, and their values: those of 128 tokens in a model of 768.
const SHAPE: (usize, usize) = (128, 768);

/// A function on a set: from values to results.
type Run<'a> = Box<dyn Fn(&[f32], &mut [f32]) -> Result<(), Error> + 'a>;

pub(crate) fn all(rows: &mut Rows) {
    let mut random = Random::new(1);
    let x: Vec<f32> = random.uniform(SHAPE.0 * SHAPE.1).iter().map(|x| 4.0 * x).collect();
    let (weight, bias) = (random.uniform(SHAPE.1), random.uniform(SHAPE.1));
    for isa in Isa::available() {
        let mut functions: Vec<(&str, Run<'_>)> = Vec::new();
        for activation in Activation::ALL {
            let run = move |x: &[f32], out: &mut [f32]| activation.apply_into_on(isa, x, out);
            functions.push((activation.name(), Box::new(run)));
        }
        let (soft, log) = (Softmax::new(SHAPE.1).on(isa), Softmax::log(SHAPE.1).on(isa));
        functions.push(("softmax", Box::new(move |x, out| soft.run_into(x, out))));
        functions.push(("log_softmax", Box::new(move |x, out| log.run_into(x, out))));
        let layer = RowNorm::layer(&weight, &bias, 1e-5).expect("valid").on(isa);
        let rms = RowNorm::rms(&weight, 1e-5).expect("valid").on(isa);
        functions.push(("layer_norm", Box::new(move |x, out| layer.run_into(x, out))));
        functions.push(("rms_norm", Box::new(move |x, out| rms.run_into(x, out))));
        measure(rows, isa, &x, &functions);
    }
}

/// All of a set in one run, with a copy of the same memory and the peak.
fn measure(rows: &mut Rows, isa: Isa, x: &[f32], functions: &[(&str, Run<'_>)]) {
    let peaks = Peaks::default();
    let mut copy = x.to_vec();
    let mut work: Vec<Work<'_>> =
        vec![peaks.rounds(), calls(|| black_box(&mut copy).copy_from_slice(black_box(x)))];
    for (_, run) in functions {
        let mut out = x.to_vec();
        work.push(calls(move || run(black_box(x), black_box(&mut out)).expect("valid")));
    }
    let ns = side_by_side(&mut work);
    drop(work);
    let slots_per_ns = peaks.gflops() / 2.0;
    for ((name, _), &ns_of_it) in functions.iter().zip(&ns[2..]) {
        let ns_per_element = ns_of_it / x.len() as f64;
        let mut row = rows.row(name, &format!("{}x{}", SHAPE.0, SHAPE.1), isa, ns_of_it);
        row.ns_per_element = Some(ns_per_element);
        row.limit = Some(if *name == "relu" { "memcpy" } else { "fma slot" }.to_owned());
        let fraction = if *name == "relu" { ns[1] / ns_of_it } else { 1.0 / (ns_per_element * slots_per_ns) };
        row.limit_fraction = Some(fraction);
        rows.push(row);
    }
}
