//! NaN and infinities: in padding they are nothing, in a token they are values.

use crate::data::assert_same;
use half::{bf16, f16};
use kernels_pool::{Pooler, Pooling, Tokens, mean_pool_into};
use kernels_testing::{Random, each_isa, small};

/// Whatever padding holds, the results are the same, bit by bit.
#[test]
fn padding_has_no_effect() {
    let (batch, seq, hidden) = if cfg!(miri) {
        (1, 5, 3)
    } else if small() {
        (2, 9, 5)
    } else {
        (3, 20, 37)
    };
    let mut random = Random::new(1);
    let mask: Vec<u8> = (0..batch * seq).map(|i| u8::from(i % 3 != 1 && i % 7 != 2)).collect();
    let clean = random.uniform(batch * seq * hidden);
    let bads = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN];
    for bad in bads.into_iter().take(if cfg!(miri) { 1 } else { 5 }) {
        let mut x = clean.clone();
        for (row, _) in x.chunks_mut(hidden).zip(&mask).filter(|(_, mask)| **mask == 0) {
            row.fill(bad);
        }
        for pooling in Pooling::ALL {
            each_isa("pool_padding", |isa| {
                let pooler = Pooler::new(pooling).on(isa);
                let of =
                    |x: &[f32]| pooler.pool(Tokens::masked(x, &mask, batch, seq, hidden).unwrap()).unwrap();
                assert_same(&of(&x), &of(&clean), (isa, pooling, bad));
            });
        }
    }
}

/// NaN in a token that counts is in its dimension of its row, and nowhere else.
#[test]
fn a_nan_reaches_its_dimension() {
    let (batch, hidden) = (
        2,
        if cfg!(miri) {
            3
        } else if small() {
            9
        } else {
            21
        },
    );
    let mut random = Random::new(2);
    for seq in if cfg!(miri) {
        vec![2]
    } else if small() {
        vec![2, 9]
    } else {
        vec![1, 2, 7, 8, 9, 17]
    } {
        let x = random.uniform(batch * seq * hidden);
        let mask: Vec<bool> = (0..batch * seq).map(|i| seq == 1 || i % 4 != 1).collect();
        for (token, column) in (0..seq).flat_map(|token| (0..hidden).map(move |column| (token, column))) {
            let mut bad = x.clone();
            bad[(seq + token) * hidden + column] = f32::NAN;
            for pooling in Pooling::ALL {
                each_isa("pool_nan", |isa| {
                    let pooler = Pooler::new(pooling).on(isa);
                    let of = |x: &[f32]| {
                        pooler.pool(Tokens::masked(x, &mask, batch, seq, hidden).unwrap()).unwrap()
                    };
                    let active: Vec<usize> = (0..seq).filter(|token| mask[seq + token]).collect();
                    let reaches = match pooling {
                        Pooling::Cls => active[0] == token,
                        Pooling::LastToken => active[active.len() - 1] == token,
                        _ => active.contains(&token),
                    };
                    let mut want = of(&x);
                    if reaches {
                        want[hidden + column] = f32::NAN;
                    }
                    assert_same(&of(&bad), &want, (isa, pooling, seq, token, column));
                });
            }
        }
    }
}

#[test]
fn infinities_are_ordinary_values() {
    let inf = f32::INFINITY;
    // Three of these add up to less than the largest number, in any order.
    let big = f32::MAX / 4.0;
    // Columns: one infinite value, all of them, both signs, large numbers.
    let x = [1.0, -inf, inf, big, -inf, -inf, -inf, -big, 2.0, -inf, 5.0, big];
    let wants = [
        (Pooling::Cls, [1.0, -inf, inf, big]),
        (Pooling::LastToken, [2.0, -inf, 5.0, big]),
        (Pooling::Max, [2.0, -inf, inf, big]),
        (Pooling::Mean, [-inf, -inf, f32::NAN, big / 3.0]),
    ];
    for (pooling, want) in wants {
        each_isa("pool_infinite", |isa| {
            let got = Pooler::new(pooling).on(isa).pool(Tokens::ragged(&x, &[3], 4).unwrap()).unwrap();
            assert_same(&got, &want, (isa, pooling));
        });
    }
    each_isa("pool_infinite", |isa| {
        let got = Pooler::new(Pooling::Max)
            .normalized()
            .on(isa)
            .pool(Tokens::ragged(&[3.0, inf], &[1], 2).unwrap());
        assert_same(&got.unwrap(), &[0.0, f32::NAN], isa);
    });
}

/// A token of the largest negative values is larger than none.
#[test]
fn the_maximum_of_negative_values_is_negative() {
    for hidden in [1, 8, 17] {
        for tokens in if cfg!(miri) { vec![3] } else { (1..20).collect::<Vec<_>>() } {
            let x: Vec<f32> = (0..tokens * hidden).map(|i| -1e30 - (i as f32) * 1e25).collect();
            each_isa("pool_max", |isa| {
                let got =
                    Pooler::new(Pooling::Max).on(isa).pool(Tokens::ragged(&x, &[tokens], hidden).unwrap());
                assert_same(&got.unwrap(), &x[..hidden], (isa, hidden, tokens));
            });
        }
    }
}

#[test]
fn halves_that_are_no_numbers_stay_so() {
    let x = [f16::NAN, f16::INFINITY, f16::NEG_INFINITY, f16::from_bits(1)];
    let brain = [bf16::NAN, bf16::INFINITY, bf16::NEG_INFINITY, bf16::from_bits(1)];
    for pooling in Pooling::ALL {
        each_isa("pool_halves", |isa| {
            let pooler = Pooler::new(pooling).on(isa);
            let got = pooler.pool(Tokens::ragged(&x, &[1], 4).unwrap()).unwrap();
            assert_same(&got, &x.map(f16::to_f32_const), (isa, pooling));
            let got = pooler.pool(Tokens::ragged(&brain, &[1], 4).unwrap()).unwrap();
            assert_same(&got, &brain.map(bf16::to_f32_const), (isa, pooling));
        });
    }
}

/// Zeros for a text of padding only, also where the output held something else; and how many there are.
#[test]
fn texts_of_padding_are_zeros_and_counted() {
    let x = [f32::NAN; 4 * 3 * 2];
    for (masks, empty) in [([0, 0, 0, 0], 4), ([1, 0, 1, 0], 2), ([1, 1, 1, 1], 0)] {
        let mask: Vec<i64> = masks.iter().flat_map(|mask| [0, *mask, 0]).collect();
        for pooling in Pooling::ALL {
            each_isa("pool_empty", |isa| {
                for pooler in [Pooler::new(pooling).on(isa), Pooler::new(pooling).normalized().on(isa)] {
                    let mut out = [7.0; 8];
                    let tokens = Tokens::masked(&x, &mask, 4, 3, 2).unwrap();
                    let pooled = pooler.pool_into(tokens, &mut out).unwrap();
                    assert_eq!(pooled.empty_rows, empty);
                    for (row, mask) in out.chunks(2).zip(masks) {
                        let want = if mask == 0 { 0.0 } else { f32::NAN };
                        assert_same(row, &[want; 2], (isa, pooling));
                    }
                }
            });
        }
        let mut out = [7.0; 8];
        assert_eq!(mean_pool_into(&x, &mask, 4, 3, 2, &mut out).unwrap().empty_rows, empty);
    }
}
