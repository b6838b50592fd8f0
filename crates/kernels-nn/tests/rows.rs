//! Softmax and norms, on every instruction set, against `f64`.

use kernels_nn::*;
use kernels_testing::{Guarded, Random, each_isa, reference::nn::rows as reference, small};
use proptest::prelude::*;

/// Half a unit in the last place of 1.
const U: f64 = 1.0 / (1_u64 << 24) as f64;

/// Of every remainder of a block, and around blocks.
fn dims() -> Vec<usize> {
    if cfg!(miri) {
        vec![37]
    } else if small() {
        vec![1, 3, 4, 5, 8, 17, 32, 65]
    } else {
        (1..=70).chain([127, 128, 384, 768, 1001]).collect()
    }
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&x| f64::from(x)).collect()
}

/// Rows of several spreads, one of them of equal values.
fn rows_of(random: &mut Random, dim: usize) -> Vec<f32> {
    let scales = if cfg!(miri) { &[3.0][..] } else { &[1e-3, 1.0, 30.0, 0.0] };
    scales.iter().flat_map(|scale| random.uniform(dim).into_iter().map(move |x| x * scale + scale)).collect()
}

#[track_caller]
fn assert_within(got: f32, want: f64, bound: f64, of: &str) {
    let same = got.is_nan() && want.is_nan() || f64::from(got) == want;
    assert!(
        same || (f64::from(got) - want).abs() <= bound,
        "{of}: {got:e}, expected {want:e} within {bound:e}"
    );
}

/// Calls `test` with a row of results and the range it is in, of both ways to write them.
fn both_ways(
    x: &[f32],
    dim: usize,
    offset: usize,
    into: impl Fn(&[f32], &mut [f32]) -> Result<(), Error>,
    in_place: impl Fn(&mut [f32]) -> Result<(), Error>,
    test: impl Fn(std::ops::Range<usize>, &[f32]),
) {
    let mut out = Guarded::new(x.len(), offset, 7.5);
    into(Guarded::copy(x, offset / 2, 7.5).middle(), out.middle()).unwrap();
    let mut replaced = Guarded::copy(x, offset, 7.5);
    in_place(replaced.middle()).unwrap();
    let bits = |xs: &[f32]| xs.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(out.check()), bits(replaced.check()));
    for (i, row) in out.check().chunks(dim).enumerate() {
        test(i * dim..(i + 1) * dim, row);
    }
}

fn softmax_bound(dim: usize, want: f64) -> f64 {
    let slope = if want > 0.0 { want * want.ln().abs() } else { 0.0 };
    ((dim as f64 / 32.0 + 24.0) * want + slope) * U + 2f64.powi(-125)
}

fn log_softmax_bound(dim: usize, want: f64) -> f64 {
    let dim = dim as f64;
    (dim / 32.0 + 16.0 + 2.0 * want.abs() + 2.0 * dim.ln()) * U
}

#[test]
fn softmax_is_within_its_bound() {
    let mut random = Random::new(1);
    for dim in dims() {
        let x = rows_of(&mut random, dim);
        let mask: Vec<bool> = x.iter().map(|_| random.below(3) > 0).collect();
        for (scale, masked) in [(1.0, false), (-0.25, false), (1.0, true), (4.0, true)] {
            let counts = |range: std::ops::Range<usize>| {
                if masked { mask[range].to_vec() } else { vec![true; dim] }
            };
            let scaled = |range: std::ops::Range<usize>| {
                x[range].iter().map(|x| f64::from(x * scale)).collect::<Vec<_>>()
            };
            each_isa("softmax", |isa| {
                for (name, softmax) in [("softmax", Softmax::new(dim)), ("log_softmax", Softmax::log(dim))] {
                    let softmax = softmax.scale(scale).on(isa);
                    let softmax = if masked { softmax.mask(&mask) } else { softmax };
                    let test = |range: std::ops::Range<usize>, row: &[f32]| {
                        let (x, counts) = (scaled(range.clone()), counts(range));
                        let log = name == "log_softmax";
                        let want = if log { reference::log_softmax } else { reference::softmax }(&x, &counts);
                        for (&got, want) in row.iter().zip(want) {
                            let bound = if log { log_softmax_bound } else { softmax_bound }(dim, want);
                            assert_within(
                                got,
                                want,
                                bound,
                                &format!("{name}, {isa}, dim {dim}, scale {scale}"),
                            );
                        }
                    };
                    let into = |x: &[f32], out: &mut [f32]| softmax.run_into(x, out);
                    both_ways(&x, dim, dim % 5, into, |x| softmax.run_in_place(x), test);
                }
            });
        }
    }
}

#[test]
fn layer_norm_is_within_its_bound() {
    let mut random = Random::new(2);
    for dim in dims() {
        // Far from zero too: what is left of the digits counts.
        let x: Vec<f32> = rows_of(&mut random, dim)
            .into_iter()
            .chain(random.uniform(dim).iter().map(|x| x + 1000.0))
            .collect();
        let (weight, bias) = (random.uniform(dim), random.uniform(dim));
        for eps in [1e-5, 1e-12] {
            each_isa("layer_norm", |isa| {
                let norm = RowNorm::layer(&weight, &bias, eps).unwrap().on(isa);
                let test = |range: std::ops::Range<usize>, row: &[f32]| {
                    let z = reference::standardize(&wide(&x[range]), f64::from(eps));
                    for (i, (&got, z)) in row.iter().zip(z).enumerate() {
                        let (weight, bias) = (f64::from(weight[i]), f64::from(bias[i]));
                        let bound =
                            (dim as f64 / 16.0 + 20.0) * U * ((1.0 + z.abs()) * weight.abs() + bias.abs());
                        assert_within(
                            got,
                            z * weight + bias,
                            bound,
                            &format!("layer_norm, {isa}, dim {dim}"),
                        );
                    }
                };
                let into = |x: &[f32], out: &mut [f32]| norm.run_into(x, out);
                both_ways(&x, dim, dim % 5, into, |x| norm.run_in_place(x), test);
            });
        }
    }
}

#[test]
fn rms_norm_is_within_its_bound() {
    let mut random = Random::new(3);
    for dim in dims() {
        let (x, weight) = (rows_of(&mut random, dim), random.uniform(dim));
        each_isa("rms_norm", |isa| {
            let norm = RowNorm::rms(&weight, 1e-6).unwrap().on(isa);
            let test = |range: std::ops::Range<usize>, row: &[f32]| {
                let want = reference::divide_by_rms(&wide(&x[range]), f64::from(1e-6_f32));
                for ((&got, want), &weight) in row.iter().zip(want).zip(&weight) {
                    let want = want * f64::from(weight);
                    let bound = (dim as f64 / 32.0 + 12.0) * U * want.abs() + 2f64.powi(-149);
                    assert_within(got, want, bound, &format!("rms_norm, {isa}, dim {dim}"));
                }
            };
            let into = |x: &[f32], out: &mut [f32]| norm.run_into(x, out);
            both_ways(&x, dim, dim % 5, into, |x| norm.run_in_place(x), test);
        });
    }
}

/// Equal bit for bit, any NaN to any.
#[track_caller]
fn assert_same(got: &[f32], want: &[f32]) {
    let bits = |xs: &[f32]| xs.iter().map(|x| if x.is_nan() { !0 } else { x.to_bits() }).collect::<Vec<_>>();
    assert_eq!(bits(got), bits(want));
}

type Run<'a> = &'a dyn Fn(&[f32]) -> Result<Vec<f32>, Error>;

#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn rows_have_no_effect_on_each_other() {
    let dim = 19;
    let rows = Random::new(4).uniform(3 * dim);
    let (weight, bias) = (vec![1.0; dim], vec![0.5; dim]);
    each_isa("rows", |isa| {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in [0, 9, dim - 1] {
                let mut x = rows.clone();
                x[dim + at] = bad;
                let norm = RowNorm::layer(&weight, &bias, 1e-5).unwrap().on(isa);
                let rms = RowNorm::rms(&weight, 1e-5).unwrap().on(isa);
                let (soft, log) = (Softmax::new(dim).on(isa), Softmax::log(dim).on(isa));
                let run: [Run<'_>; 4] =
                    [&|x| norm.run(x), &|x| rms.run(x), &|x| soft.run(x), &|x| log.run(x)];
                for (i, run) in run.into_iter().enumerate() {
                    let (got, clean) = (run(&x).unwrap(), run(&rows).unwrap());
                    assert_same(&got[..dim], &clean[..dim]);
                    assert_same(&got[2 * dim..], &clean[2 * dim..]);
                    let row = &got[dim..2 * dim];
                    match (i, bad) {
                        // What is nothing of the sum: 0, or the logarithm of it.
                        (2, f32::NEG_INFINITY) => {
                            assert!(row[at] == 0.0 && row.iter().all(|x| x.is_finite()))
                        }
                        (3, f32::NEG_INFINITY) => assert_eq!(row[at], f32::NEG_INFINITY),
                        // The others are divided by infinity.
                        (1, f32::INFINITY | f32::NEG_INFINITY) => {
                            assert!(row.iter().enumerate().all(|(j, x)| if j == at {
                                x.is_nan()
                            } else {
                                *x == 0.0
                            }));
                        }
                        _ => assert!(row.iter().all(|x| x.is_nan()), "{i}, {bad}: {row:?}"),
                    }
                }
            }
        }
    });
}

#[test]
fn rows_of_nothing_are_zeros() {
    each_isa("softmax", |isa| {
        let none = [false; 21];
        let x = [f32::NAN; 21];
        assert_eq!(Softmax::new(21).mask(&none).on(isa).run(&x).unwrap(), [0.0; 21]);
        assert_eq!(Softmax::log(21).mask(&none).on(isa).run(&x).unwrap(), [f32::NEG_INFINITY; 21]);
        assert_eq!(Softmax::new(3).on(isa).run(&[f32::NEG_INFINITY; 3]).unwrap(), [0.0; 3]);
    });
}

#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn what_is_fused_equals_the_steps() {
    for dim in dims() {
        let mut random = Random::new(dim as u64);
        let (x, residual) = (random.uniform(2 * dim), random.uniform(2 * dim));
        let (weight, bias) = (random.uniform(dim), random.uniform(dim));
        let sum: Vec<f32> = x.iter().zip(&residual).map(|(x, y)| x + y).collect();
        each_isa("norm", |isa| {
            for norm in [RowNorm::layer(&weight, &bias, 1e-5), RowNorm::rms(&weight, 1e-5)] {
                let norm = norm.unwrap().on(isa);
                let want: Vec<f32> = norm.run(&sum).unwrap().iter().map(|x| x.max(0.0)).collect();
                let fused = norm.residual(&residual).activation(Activation::Relu);
                assert_eq!(fused.run(&x).unwrap(), want);
                let mut replaced = x.clone();
                fused.run_in_place(&mut replaced).unwrap();
                assert_eq!(replaced, want);
            }
        });
    }
}

#[test]
fn the_plain_forms_are_those_of_the_builders() {
    let x = Random::new(5).uniform(6);
    let (weight, bias) = ([1.0, 2.0, -1.0], [0.5, 0.0, 1.0]);
    let layer = RowNorm::layer(&weight, &bias, 0.1).unwrap().run(&x).unwrap();
    let rms = RowNorm::rms(&weight, 0.1).unwrap().run(&x).unwrap();
    let (soft, log) = (Softmax::new(3).run(&x).unwrap(), Softmax::log(3).run(&x).unwrap());
    assert_eq!(layer_norm(&x, &weight, &bias, 0.1).unwrap(), layer);
    assert_eq!(rms_norm(&x, &weight, 0.1).unwrap(), rms);
    assert_eq!(softmax(&x, 3).unwrap(), soft);
    assert_eq!(log_softmax(&x, 3).unwrap(), log);
    let into = |f: &dyn Fn(&mut [f32]) -> Result<(), Error>| {
        let mut out = [7.0; 6];
        f(&mut out).unwrap();
        out
    };
    assert_eq!(into(&|out| layer_norm_into(&x, &weight, &bias, 0.1, out)), layer[..]);
    assert_eq!(into(&|out| rms_norm_into(&x, &weight, 0.1, out)), rms[..]);
    assert_eq!(into(&|out| softmax_into(&x, 3, out)), soft[..]);
    assert_eq!(into(&|out| log_softmax_into(&x, 3, out)), log[..]);
    let replaced = |f: &dyn Fn(&mut [f32]) -> Result<(), Error>| {
        let mut x = x.clone();
        f(&mut x).unwrap();
        x
    };
    assert_eq!(replaced(&|x| layer_norm_in_place(x, &weight, &bias, 0.1)), layer);
    assert_eq!(replaced(&|x| rms_norm_in_place(x, &weight, 0.1)), rms);
    assert_eq!(replaced(&|x| softmax_in_place(x, 3)), soft);
    assert_eq!(replaced(&|x| log_softmax_in_place(x, 3)), log);
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let mut out = [7.0; 6];
    let mut check = |result: &dyn Fn(&mut [f32]) -> Result<(), Error>, want: &str| {
        assert_eq!(result(&mut out).unwrap_err().to_string(), want);
        assert_eq!(out, [7.0; 6]);
    };
    let (x, w) = ([1.0; 6], [1.0; 3]);
    check(&|out| softmax_into(&x, 0, out), "dim: expected at least 1, got 0");
    check(&|out| softmax_into(&x, 4, out), "x: expected whole rows of 4 values, got 6 values");
    check(&|out| softmax_into(&[], 3, out), "x: expected whole rows of 3 values, got 0 values");
    check(&|out| softmax_into(&x, 3, &mut out[1..]), "out: expected a length of 6, got 5");
    check(&|out| softmax_in_place(out, 5), "x: expected whole rows of 5 values, got 6 values");
    check(&|out| Softmax::new(3).mask(&[true; 5]).run_into(&x, out), "mask: expected a length of 6, got 5");
    check(
        &|out| Softmax::new(3).scale(f32::NAN).run_into(&x, out),
        "scale: expected a finite number, got NaN",
    );
    check(&|out| layer_norm_into(&x, &w, &w[1..], 0.1, out), "bias: expected a length of 3, got 2");
    check(&|out| layer_norm_into(&x, &[], &[], 0.1, out), "weight: expected at least 1, got 0");
    check(&|out| rms_norm_into(&x, &x[2..], 0.1, out), "x: expected whole rows of 4 values, got 6 values");
    let eps = "eps: expected a finite number, at least 0, got";
    check(&|out| rms_norm_into(&x, &w, -1.0, out), &format!("{eps} -1"));
    check(&|out| rms_norm_into(&x, &w, f32::INFINITY, out), &format!("{eps} inf"));
    let norm = RowNorm::rms(&w, 0.0).unwrap();
    check(&|out| norm.residual(&x[1..]).run_into(&x, out), "residual: expected a length of 6, got 5");
    if let Some(&missing) = Isa::ALL.iter().find(|isa| !Isa::available().any(|there| there == **isa)) {
        let message = missing.require().unwrap_err().to_string();
        check(&|out| norm.on(missing).run_into(&x, out), &message);
        check(&|out| Softmax::new(3).on(missing).run_into(&x, out), &message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: if small() { 4 } else { 256 }, ..ProptestConfig::default() })]

    #[test]
    #[cfg_attr(miri, ignore = "other values of what others run")]
    fn softmax_adds_up_to_one_and_ignores_a_shift(x in prop::collection::vec(-50f32..50.0, 1..100), shift in -8i32..8) {
        let shifted: Vec<f32> = x.iter().map(|x| x + 64.0 * shift as f32).collect();
        let (got, of_shifted) = (softmax(&x, x.len()).unwrap(), softmax(&shifted, x.len()).unwrap());
        prop_assert!((got.iter().map(|&x| f64::from(x)).sum::<f64>() - 1.0).abs() < 1e-5);
        for (a, b) in got.iter().zip(of_shifted) {
            // The shift rounds the values.
            prop_assert!((a - b).abs() <= 1e-4 * a + 1e-30);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "other values of what others run")]
    fn a_mask_is_as_if_the_others_were_not_there(x in prop::collection::vec((-50f32..50.0, any::<bool>()), 1..100)) {
        let (values, mask): (Vec<f32>, Vec<bool>) = x.iter().copied().unzip();
        let kept: Vec<f32> = x.iter().filter(|x| x.1).map(|x| x.0).collect();
        let got = Softmax::new(x.len()).mask(&mask).run(&values).unwrap();
        let want = if kept.is_empty() { vec![] } else { softmax(&kept, kept.len()).unwrap() };
        let mut want = want.into_iter();
        for (got, counts) in got.iter().zip(&mask) {
            let want = if *counts { want.next().unwrap() } else { 0.0 };
            prop_assert!((got - want).abs() <= 1e-5 * want);
        }
    }
}
