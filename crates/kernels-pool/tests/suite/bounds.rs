//! The bounds that the documentation states for sums over many tokens, where they are hardest to keep.

use crate::data::{U, assert_within, want};
use half::f16;
use kernels_pool::{Pooler, Pooling, Tokens};
use kernels_testing::{Random, each_isa, small};

const SUMS: [Pooling; 3] = [Pooling::Mean, Pooling::MeanSqrtLen, Pooling::WeightedMean];

const fn power(exponent: i32) -> f32 {
    f32::from_bits(((127 + exponent) as u32) << 23)
}

/// Eight values of which every sum of two halves is rounded down by as much as there is, and then all again.
fn rounded_down() -> [f32; 8] {
    let half = power(-24).next_down();
    [1.0, half, 1.0 + power(-23), half, 1.0, half, 1.0 + power(-22), half]
}

/// Columns of values, each a way in which sums lose digits.
fn columns(n: usize) -> Vec<Vec<f32>> {
    let mut random = Random::new(1);
    let noise = random.uniform(n);
    let mut shuffled: Vec<f32> = (0..n).map(|i| rounded_down()[i % 8]).collect();
    for i in (1..n).rev() {
        shuffled.swap(i, random.below(i + 1));
    }
    let up = |x: f32| x.next_up();
    vec![
        vec![0.1; n],
        vec![1.0 + power(-23); n],
        (0..n).map(|i| rounded_down()[i % 8]).collect(),
        (0..n).map(|i| -rounded_down()[(i + 3) % 8]).collect(),
        shuffled,
        // A large one and many that are just below half of its last place.
        (0..n).map(|i| if i == 0 { 1.0 } else { power(-24).next_down() }).collect(),
        (0..n).map(|i| if i % 2 == 0 { 1.0 } else { up(power(-24)) }).collect(),
        // Nothing but roundings is left of these.
        (0..n).map(|i| if i % 2 == 0 { 1e6 + noise[i] } else { -1e6 }).collect(),
        (0..n).map(|i| if i < n / 2 { 1e7 } else { -1e7 + noise[i] }).collect(),
        noise.iter().map(|x| 1e-38 * x).collect(),
        noise.iter().map(|x| 4e37 * x).collect(),
        noise,
    ]
}

#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn sums_of_many_tokens_keep_their_bounds() {
    for n in if small() { vec![100] } else { vec![8, 63, 1000, 8191, 8192] } {
        let columns = columns(n);
        let hidden = columns.len();
        let x: Vec<f32> = (0..n).flat_map(|token| columns.iter().map(move |column| column[token])).collect();
        for pooling in SUMS {
            // The weights would make too much of the largest values.
            let x = match pooling {
                Pooling::WeightedMean => x.iter().map(|x| x * power(-16)).collect(),
                _ => x.clone(),
            };
            let want = want(pooling, &x, &vec![true; n], [1, n, hidden], hidden);
            each_isa("pool_bounds", |isa| {
                let got =
                    Pooler::new(pooling).on(isa).pool(Tokens::ragged(&x, &[n], hidden).unwrap()).unwrap();
                assert_within(&got, &want, (isa, pooling, n));
            });
        }
    }
}

/// The same with gaps: groups are then put together of single tokens.
#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn sums_with_gaps_keep_their_bounds() {
    let n = if small() { 100 } else { 8192 };
    let columns = columns(n);
    let hidden = columns.len();
    let mask: Vec<bool> = (0..n).map(|token| token % 7 != 0 && token % 11 != 3).collect();
    let x: Vec<f32> =
        (0..n).flat_map(|token| columns.iter().map(move |column| column[token] * power(-16))).collect();
    for pooling in SUMS {
        let want = want(pooling, &x, &mask, [1, n, hidden], hidden);
        each_isa("pool_bounds", |isa| {
            let tokens = Tokens::masked(&x, &mask, 1, n, hidden).unwrap();
            assert_within(&Pooler::new(pooling).on(isa).pool(tokens).unwrap(), &want, (isa, pooling));
        });
    }
}

#[test]
#[cfg_attr(miri, ignore = "many tokens")]
fn a_million_tokens_keep_their_bounds() {
    let n = if small() { 1000 } else { 1_000_000 };
    let x = vec![0.1; n];
    for pooling in SUMS {
        let want = want(pooling, &x, &vec![true; n], [1, n, 1], 1);
        each_isa("pool_bounds", |isa| {
            let got = Pooler::new(pooling).on(isa).pool(Tokens::ragged(&x, &[n], 1).unwrap()).unwrap();
            assert_within(&got, &want, (isa, pooling));
        });
    }
}

/// No sum of the largest halves is too large.
#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn halves_do_not_overflow() {
    let n = if small() { 20 } else { 5000 };
    let x = vec![f16::MAX; n];
    each_isa("pool_bounds", |isa| {
        for pooling in [Pooling::Mean, Pooling::WeightedMean] {
            let got = Pooler::new(pooling).on(isa).pool(Tokens::ragged(&x, &[n], 1).unwrap()).unwrap();
            assert_within(&got, &[(65504.0, 5.0 * U * 65504.0)], (isa, pooling));
        }
    });
}

/// The exact results of exact sums, however many tokens there are.
#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn integers_are_pooled_exactly() {
    let (n, hidden) = (64, 21);
    let mut random = Random::new(2);
    let x: Vec<f32> = (0..n * hidden).map(|_| random.below(2001) as f32 - 1000.0).collect();
    let sum = |i: usize| x.iter().skip(i).step_by(hidden).map(|x| *x as f64).sum::<f64>();
    each_isa("pool_exact", |isa| {
        for (pooling, divisor) in [(Pooling::Mean, n as f64), (Pooling::MeanSqrtLen, (n as f64).sqrt())] {
            let got = Pooler::new(pooling).on(isa).pool(Tokens::ragged(&x, &[n], hidden).unwrap()).unwrap();
            for (i, got) in got.iter().enumerate() {
                // Within what the inverse of the divisor and the two last roundings can change.
                assert!(
                    (f64::from(*got) - sum(i) / divisor).abs() <= 1.001 * 2.0_f64.powi(-24) * sum(i).abs()
                );
            }
        }
    });
}
