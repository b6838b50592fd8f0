//! What comes in front of the layers: embeddings, and rotary position embedding.

use kernels_nn::*;
use kernels_testing::{Guarded, Random, each_isa, small};

#[test]
fn an_embedding_is_the_row_of_its_id() {
    let (dim, table) = (5, Random::new(1).uniform(7 * 5));
    let row = |id: usize| &table[id * dim..][..dim];
    assert_eq!(embedding(&[6_u32, 0, 6], &table, dim).unwrap(), [row(6), row(0), row(6)].concat());
    assert_eq!(embedding(&[3_i64], &table, dim).unwrap(), row(3));
    assert!(embedding::<i32>(&[], &table, dim).unwrap().is_empty());
    let mut out = Guarded::new(2 * dim, 1, 7.0);
    embedding_into(&[1_i32, 2], &table, dim, out.middle()).unwrap();
    embedding_add_into(&[2_u64, 2], &table, dim, out.middle()).unwrap();
    let want: Vec<f32> =
        [row(1), row(2)].concat().iter().zip(row(2).iter().cycle()).map(|(a, b)| a + b).collect();
    assert_eq!(out.check(), want);
}

#[test]
fn bad_ids_are_named_and_nothing_is_written() {
    let mut out = [7.0; 4];
    let mut check = |ids: &[i64], table: &[f32], dim, len: usize, want: &str| {
        assert_eq!(embedding_into(ids, table, dim, &mut out[..len]).unwrap_err().to_string(), want);
        assert_eq!(embedding_add_into(ids, table, dim, &mut out[..len]).unwrap_err().to_string(), want);
        assert_eq!(out, [7.0; 4]);
    };
    check(&[0, 3], &[0.0; 6], 2, 4, "ids[1]: expected 0 to 2, got 3");
    check(&[-1, 0], &[0.0; 6], 2, 4, "ids[0]: expected 0 to 2, got -1");
    check(&[0, i64::MAX], &[0.0; 6], 2, 4, "ids[1]: expected 0 to 2, got 9223372036854775807");
    check(&[0, 1], &[0.0; 6], 2, 3, "out: expected a length of 4, got 3");
    check(&[0, 1], &[0.0; 6], 0, 4, "dim: expected at least 1, got 0");
    check(&[0, 1], &[0.0; 6], 4, 4, "table: expected whole rows of 4 values, got 6 values");
    check(&[0, 1], &[], 4, 4, "table: expected whole rows of 4 values, got 0 values");
}

/// The formula, in `f64`.
fn turned(row: &[f32], position: usize, dim: usize, base: f32, interleaved: bool) -> Vec<f64> {
    let mut row: Vec<f64> = row.iter().map(|&x| x.into()).collect();
    for i in 0..dim / 2 {
        let (a, b) = if interleaved { (2 * i, 2 * i + 1) } else { (i, i + dim / 2) };
        let angle = position as f64 / f64::from(base).powf(2.0 * i as f64 / dim as f64);
        (row[a], row[b]) =
            (row[a] * angle.cos() - row[b] * angle.sin(), row[a] * angle.sin() + row[b] * angle.cos());
    }
    row
}

#[test]
fn pairs_are_turned_by_their_angles() {
    let mut random = Random::new(2);
    let dims: &[(usize, usize)] = if small() {
        &[(2, 2), (18, 20)]
    } else {
        &[(2, 2), (4, 7), (16, 16), (30, 64), (64, 64), (128, 128)]
    };
    for &(dim, head_dim) in dims {
        let shape = RotaryShape { batch: 2, heads: 3, len: 5, head_dim };
        let x = random.uniform(2 * 3 * 5 * head_dim);
        let positions: Vec<u32> = (0..10).map(|_| random.below(40) as u32).collect();
        for (interleaved, given) in [(false, false), (true, false), (false, true), (true, true)] {
            each_isa("rotary", |isa| {
                let rotary = Rotary::new(40, dim, 100.0).unwrap().on(isa);
                let rotary = if interleaved { rotary.interleaved() } else { rotary };
                let rotary = if given { rotary.positions(&positions) } else { rotary };
                let mut out = Guarded::new(x.len(), dim % 8, 7.0);
                rotary.run_into(&x, shape, out.middle()).unwrap();
                let mut in_place = x.clone();
                rotary.run_in_place(&mut in_place, shape).unwrap();
                assert_eq!(out.check(), in_place);
                assert_eq!(rotary.run(&x, shape).unwrap(), in_place);
                for (i, (row, got)) in x.chunks(head_dim).zip(in_place.chunks(head_dim)).enumerate() {
                    let (token, text) = (i % 5, i / 15);
                    let position = if given { positions[text * 5 + token] as usize } else { token };
                    let want = turned(row, position, dim, 100.0, interleaved);
                    for (got, want) in got.iter().zip(&want) {
                        // Two values of at most 1.
                        assert!(
                            (f64::from(*got) - want).abs() < 8.0 / (1 << 24) as f64,
                            "{isa}: {got}, {want}"
                        );
                    }
                    assert_eq!(got[dim..], row[dim..]);
                }
                let tables = |f: fn(f64) -> f64| -> Vec<f32> {
                    let angle = |i: usize| {
                        let pair = i % (dim / 2);
                        (i / (dim / 2)) as f64 * 100f64.powf(-2.0 * pair as f64 / dim as f64)
                    };
                    (0..20 * dim).map(|i| f(angle(i)) as f32).collect()
                };
                let by_tables =
                    Rotary::from_tables(&tables(f64::cos), &tables(f64::sin), dim).unwrap().on(isa);
                let by_tables = if interleaved { by_tables.interleaved() } else { by_tables };
                let by_tables = if given { by_tables.positions(&positions) } else { by_tables };
                assert_eq!(by_tables.run(&x, shape).unwrap(), in_place);
            });
        }
    }
}

#[test]
fn bad_shapes_of_rotary_are_named_and_nothing_is_written() {
    let rotary = Rotary::new(3, 4, 10_000.0).unwrap();
    let shape = RotaryShape { batch: 1, heads: 2, len: 3, head_dim: 4 };
    let mut x = [7.0; 24];
    let mut check = |rotary: &Rotary<'_>, shape, len: usize, want: &str| {
        assert_eq!(rotary.run_in_place(&mut x[..len], shape).unwrap_err().to_string(), want);
        assert_eq!(rotary.run(&x[..len], shape).unwrap_err().to_string(), want);
        assert_eq!(x, [7.0; 24]);
    };
    check(&rotary, RotaryShape { heads: 0, ..shape }, 24, "heads: expected at least 1, got 0");
    check(&rotary, RotaryShape { head_dim: 3, ..shape }, 24, "head_dim: expected at least 4, got 3");
    check(&rotary, shape, 23, "x: expected a length of 24, got 23");
    check(&rotary, RotaryShape { len: 4, heads: 1, ..shape }, 16, "len: expected 1 to 3, got 4");
    let huge = RotaryShape { batch: usize::MAX, ..shape };
    check(&rotary, huge, 24, "x: expected sizes that memory can hold, got a product or sum beyond it");
    check(&rotary.clone().positions(&[0, 1]), shape, 24, "positions: expected a length of 3, got 2");
    check(&rotary.clone().positions(&[0, 3, 1]), shape, 24, "positions[1]: expected 0 to 2, got 3");
    let message = |result: Result<Rotary<'_>, Error>| result.unwrap_err().to_string();
    assert_eq!(message(Rotary::new(0, 4, 1.0)), "positions: expected at least 1, got 0");
    assert_eq!(message(Rotary::new(1, 5, 1.0)), "dim: expected an even number, at least 2, got 5");
    assert_eq!(message(Rotary::new(1, 4, 0.0)), "base: expected a positive number, got 0");
    assert_eq!(
        message(Rotary::from_tables(&[], &[], 4)),
        "cos: expected whole rows of 2 values, got 0 values"
    );
    assert_eq!(message(Rotary::from_tables(&[1.0; 4], &[1.0], 4)), "sin: expected a length of 4, got 1");
}
