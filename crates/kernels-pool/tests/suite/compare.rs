//! One query and many rows: every set against the `f64` reference, within the documented bounds.

use crate::data::{TINY, U, assert_within};
use kernels_pool::*;
use kernels_testing::{Guarded, Random, each_isa, reference, small};

fn dims() -> Vec<usize> {
    if cfg!(miri) {
        vec![1, 37]
    } else if small() {
        vec![1, 3, 8, 17, 35, 129]
    } else {
        (1..=70).chain([95, 96, 97, 127, 128, 129, 384, 768, 1024, 1030, 4096]).collect()
    }
}

/// Rows round every tile.
fn counts() -> Vec<usize> {
    if cfg!(miri) { vec![5] } else { vec![0, 1, 2, 3, 4, 5, 7, 8, 9] }
}

/// Sums of the sizes of products, by which bounds of `dot` go.
fn sizes(query: &[f32], rows: &[f32]) -> Vec<f64> {
    let abs = |x: &[f32]| -> Vec<f32> { x.iter().map(|x| x.abs()).collect() };
    reference::pool::dot(&abs(query), &abs(rows))
}

/// All three comparisons of floats.
#[track_caller]
fn check(query: &[f32], rows: &[f32]) {
    let dim = query.len();
    let by = dim as f64 / 16.0;
    let dots = reference::pool::dot(query, rows).into_iter().zip(sizes(query, rows));
    let dots: Vec<_> = dots.map(|(want, size)| (want, (by + 6.0) * U * size + dim as f64 * TINY)).collect();
    let cosines = reference::pool::cosine(query, rows).into_iter();
    let cosines: Vec<_> = cosines.map(|want| (want, (dim as f64 / 8.0 + 16.0) * U)).collect();
    let distances = reference::pool::l2_squared(query, rows).into_iter();
    let distances: Vec<_> = distances.map(|want| (want, (by + 8.0) * U * want)).collect();
    each_isa("compare", |isa| {
        let (mut guarded_query, mut guarded) =
            (Guarded::copy(query, dim % 8, 7.0), Guarded::copy(rows, 3, 7.0));
        let mut out = Guarded::new(dots.len(), 5, 7.0);
        dot_into_on(isa, guarded_query.middle(), guarded.middle(), out.middle()).unwrap();
        assert_within(out.check(), &dots, (isa, "dot", dim));
        cosine_into_on(isa, guarded_query.middle(), guarded.middle(), out.middle()).unwrap();
        assert_within(out.check(), &cosines, (isa, "cosine", dim));
        l2_squared_into_on(isa, guarded_query.middle(), guarded.middle(), out.middle()).unwrap();
        assert_within(out.check(), &distances, (isa, "l2_squared", dim));
    });
}

#[test]
fn floats_agree_with_the_reference() {
    let mut random = Random::new(1);
    for dim in dims() {
        for n in counts() {
            check(&random.uniform(dim), &random.uniform(n * dim));
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn bounds_hold_where_roundings_add_up() {
    for dim in if small() { vec![65] } else { vec![100, 768, 1024, 4096, 10_007] } {
        // Equal products: every addition of a run rounds the same way.
        check(&vec![0.1; dim], &vec![0.7; 2 * dim]);
        check(&vec![-0.3; dim], &vec![0.3; 2 * dim]);
        // A large one first, and then such as are just below half of its last place.
        let first = |i: usize| if i < 64 { 1.0 } else { 2.0_f32.powi(-24).next_down() };
        check(&vec![1.0; dim], &(0..2 * dim).map(|i| first(i % dim)).collect::<Vec<_>>());
        // Products that cancel.
        let turns = |i: usize| if i.is_multiple_of(2) { 1e5 } else { -1e5 + i as f32 };
        check(&vec![1.1; dim], &(0..2 * dim).map(turns).collect::<Vec<_>>());
    }
}

#[test]
fn values_from_tiny_to_huge_have_cosines() {
    let mut random = Random::new(2);
    for dim in if cfg!(miri) { vec![9] } else { vec![2, 17, 768] } {
        let query = random.uniform(dim);
        let rows = random.uniform(dim);
        for (of_query, of_rows) in [(1e-15, 1e15), (1e15, 1e15), (1e-15, 1e-15), (1.0, 1e-12), (1e12, 1e-12)]
        {
            let scaled = |x: &[f32], by: f32| -> Vec<f32> {
                // No value is less than 1e-15, but for zeros.
                let scale = |x: &f32| if x.abs() < 0.1 { x.signum() * by } else { x * by * 5.0 };
                x.iter().map(scale).collect()
            };
            let (query, rows) = (scaled(&query, of_query), scaled(&rows, of_rows));
            let want: Vec<_> = reference::pool::cosine(&query, &rows)
                .iter()
                .map(|want| (*want, (dim as f64 / 8.0 + 16.0) * U))
                .collect();
            each_isa("cosine", |isa| {
                let mut out = [7.0];
                cosine_into_on(isa, &query, &rows, &mut out).unwrap();
                assert_within(&out, &want, (isa, of_query, of_rows));
            });
        }
    }
}

#[test]
fn a_zero_vector_has_the_cosine_0() {
    for dim in [1, 7, 8, 33] {
        let (zeros, ones) = (vec![0.0; dim], vec![1.0; dim]);
        let rows = [&zeros[..], &ones[..], &zeros.iter().map(|_| -0.0).collect::<Vec<_>>()].concat();
        each_isa("cosine", |isa| {
            let mut out = [7.0; 3];
            cosine_into_on(isa, &zeros, &rows, &mut out).unwrap();
            assert_eq!(out, [0.0; 3], "{isa}");
            cosine_into_on(isa, &ones, &rows, &mut out).unwrap();
            assert_eq!([out[0], out[2]], [0.0; 2], "{isa}");
        });
    }
}

#[test]
fn bytes_have_exact_dot_products() {
    let mut random = Random::new(3);
    for dim in dims() {
        for n in counts() {
            let mut bytes = |n: usize| -> Vec<i8> { (0..n).map(|_| random.bits() as i8).collect() };
            let (query, rows) = (bytes(dim), bytes(n * dim));
            let want = reference::pool::dot_int8(&query, &rows);
            each_isa("dot_int8", |isa| {
                let mut out = Guarded::new(n, 3, 77);
                let mut guarded = Guarded::copy(&rows, dim % 8, 77);
                dot_int8_into_on(isa, Guarded::copy(&query, 1, 77).middle(), guarded.middle(), out.middle())
                    .unwrap();
                assert!(
                    out.check().iter().map(|dot| i64::from(*dot)).eq(want.iter().copied()),
                    "{isa}, {n} x {dim}"
                );
            });
        }
    }
}

#[test]
fn the_largest_products_of_bytes_fit() {
    for dim in if cfg!(miri) { vec![17] } else { vec![1000, 131_071] } {
        for (a, b) in [(-128, -128), (-128, 127), (127, 127)] {
            let (query, rows) = (vec![a; dim], vec![b; 5 * dim]);
            each_isa("dot_int8", |isa| {
                let mut out = [7; 5];
                dot_int8_into_on(isa, &query, &rows, &mut out).unwrap();
                assert_eq!(out.map(i64::from), [i64::from(a) * i64::from(b) * dim as i64; 5], "{isa}");
            });
        }
    }
}

#[test]
fn bits_are_counted_and_weighed() {
    let mut random = Random::new(4);
    for dim in dims() {
        let bytes = dim.div_ceil(8);
        for n in counts() {
            let mut bits = |n: usize| -> Vec<u8> { (0..n).map(|_| random.bits() as u8).collect() };
            let (bit_query, rows) = (bits(dim), bits(n * dim));
            let want = reference::pool::hamming(&bit_query, &rows);
            let (query, packed) = (random.uniform(dim), &rows[..n * bytes]);
            let dots = reference::pool::dot_binary(&query, packed);
            let size = query.iter().map(|x| f64::from(x.abs())).sum::<f64>();
            let bound = (dim as f64 / 16.0 + 6.0) * U * size;
            let dots: Vec<_> = dots.into_iter().map(|want| (want, bound)).collect();
            let prepared = BinaryQuery::new(&query).unwrap();
            assert_eq!(prepared.dim(), dim);
            each_isa("bits", |isa| {
                let mut out = Guarded::new(n, 3, 77);
                let mut guarded = Guarded::copy(&rows, dim % 8, 77);
                hamming_into_on(
                    isa,
                    Guarded::copy(&bit_query, 1, 77).middle(),
                    guarded.middle(),
                    out.middle(),
                )
                .unwrap();
                assert_eq!(out.check(), want, "{isa}, {n} x {dim}");
                let mut out = Guarded::new(n, 3, 7.0);
                dot_binary_into_on(isa, &prepared, packed, out.middle()).unwrap();
                assert_within(out.check(), &dots, (isa, dim));
            });
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn the_dot_product_with_bits_keeps_its_bound_where_roundings_add_up() {
    for dim in if small() { vec![65] } else { vec![768, 1024, 4099] } {
        for query in
            [vec![0.1_f32; dim], (0..dim).map(|i| if i < 64 { 1.0 } else { 5.9e-8 }).collect::<Vec<_>>()]
        {
            let rows =
                [vec![0xFF; dim.div_ceil(8)], vec![0; dim.div_ceil(8)], vec![0b1011_0110; dim.div_ceil(8)]]
                    .concat();
            let size = query.iter().map(|x| f64::from(x.abs())).sum::<f64>();
            let bound = (dim as f64 / 16.0 + 6.0) * U * size;
            let want: Vec<_> =
                reference::pool::dot_binary(&query, &rows).into_iter().map(|want| (want, bound)).collect();
            each_isa("dot_binary", |isa| {
                let mut out = [7.0; 3];
                dot_binary_into_on(isa, &BinaryQuery::new(&query).unwrap(), &rows, &mut out).unwrap();
                assert_within(&out, &want, (isa, dim));
            });
        }
    }
}

#[test]
fn all_forms_agree() {
    let (dim, isa) = (21, Isa::active().unwrap());
    let mut random = Random::new(5);
    let (query, rows) = (random.uniform(dim), random.uniform(6 * dim));
    macro_rules! check {
        ($($f:ident, $into:ident, $on:ident($query:expr; $prepared:expr, $rows:expr);)*) => {$(
            let want = $f($query, $rows).unwrap();
            let (mut out, mut named) = (want.clone(), want.clone());
            out.fill(Default::default());
            named.fill(Default::default());
            $into($prepared, $rows, &mut out).unwrap();
            $on(isa, $prepared, $rows, &mut named).unwrap();
            assert_eq!((&out, &named), (&want, &want));
        )*};
    }
    let bytes: Vec<i8> = (0..6 * dim).map(|_| random.bits() as i8).collect();
    let bits: Vec<u8> = (0..6 * dim).map(|_| random.bits() as u8).collect();
    let prepared = BinaryQuery::new(&query).unwrap();
    check! {
        dot, dot_into, dot_into_on(&query; &query, &rows);
        cosine, cosine_into, cosine_into_on(&query; &query, &rows);
        l2_squared, l2_squared_into, l2_squared_into_on(&query; &query, &rows);
        dot_int8, dot_int8_into, dot_int8_into_on(&bytes[..dim]; &bytes[..dim], &bytes);
        hamming, hamming_into, hamming_into_on(&bits[..dim]; &bits[..dim], &bits);
        dot_binary, dot_binary_into, dot_binary_into_on(&query; &prepared, &bits);
    }
}

#[test]
fn cosines_of_tiny_and_huge_vectors_are_right() {
    each_isa("cosine", |isa| {
        let cosine = |query: &[f32], row: &[f32]| {
            let mut out = [7.0];
            cosine_into_on(isa, query, row, &mut out).unwrap();
            out[0]
        };
        assert_eq!(cosine(&[0.0], &[1e20]), 0.0);
        assert_eq!(cosine(&[1e20], &[0.0]), 0.0);
        for (query, row) in [(1e30, 1e10), (1e-35, 1e-12), (f32::MAX, 1e-45), (1e-40, f32::MAX), (1.0, 1e-30)]
        {
            for dim in [1, 2, 9, 40] {
                let angle = cosine(&vec![query; dim], &vec![row; dim]);
                assert!((angle - 1.0).abs() < 1e-6, "{isa}: {angle} of {query:e} and {row:e}, {dim} values");
            }
        }
    });
}
