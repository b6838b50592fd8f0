//! What must hold for any input.

use crate::data::{Batch, assert_same};
use kernels_pool::*;
use kernels_testing::{Random, small};
use proptest::prelude::*;

fn cases() -> ProptestConfig {
    let cases = if cfg!(miri) {
        0
    } else if small() {
        8
    } else {
        256
    };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Padded texts.
fn batch() -> impl Strategy<Value = Batch> {
    (1..4_usize, 1..40_usize, 1..70_usize, any::<u64>(), 0.0..1.0_f64).prop_map(
        |(batch, seq, hidden, seed, share)| {
            let mut random = Random::new(seed);
            let mask = (0..batch * seq).map(|_| (random.below(1000) as f64) < 1000.0 * share).collect();
            Batch::random(&mut random, mask, [batch, seq, hidden])
        },
    )
}

fn pooling() -> impl Strategy<Value = Pooling> {
    prop::sample::select(Pooling::ALL.to_vec())
}

fn tokens(batch: &Batch) -> Tokens<'_> {
    Tokens::masked(&batch.x, &batch.mask, batch.batch, batch.seq, batch.hidden).unwrap()
}

/// Any bit pattern: subnormals, infinities and NaN among them.
fn any_floats(len: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(prop::num::f32::ANY, len)
}

fn finite() -> impl Strategy<Value = f32> {
    prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_padding_holds_does_not_matter(batch in batch(), pooling in pooling(), seed in any::<u64>()) {
        let (mut other, mut random) = (batch.clone(), Random::new(seed));
        for (row, _) in other.x.chunks_mut(batch.hidden).zip(&batch.mask).filter(|(_, mask)| !**mask) {
            row.iter_mut().for_each(|x| *x = f32::from_bits(random.bits() as u32));
        }
        for isa in Isa::available() {
            let pooler = Pooler::new(pooling).on(isa);
            let (got, want) = (pooler.pool(tokens(&other)).unwrap(), pooler.pool(tokens(&batch)).unwrap());
            assert_same(&got, &want, (isa, pooling));
        }
    }

    /// Padding before, behind and between the tokens, in any order: only weights by position see gaps.
    #[test]
    fn where_padding_is_does_not_matter(batch in batch(), pooling in pooling()) {
        let rows: Vec<&[f32]> = batch.x.chunks(batch.hidden).collect();
        let (mut ragged, mut lens) = (Vec::<f32>::new(), Vec::new());
        for (text, mask) in batch.mask.chunks(batch.seq).enumerate() {
            let first = mask.iter().position(|mask| *mask).unwrap_or(batch.seq);
            let end = mask.iter().rposition(|mask| *mask).map_or(first, |last| last + 1);
            let whole = pooling == Pooling::WeightedMean && mask[first..end].contains(&false);
            if whole {
                return Ok(());
            }
            let active: Vec<usize> = (0..batch.seq).filter(|token| mask[*token]).collect();
            lens.push(active.len());
            ragged.extend(active.iter().flat_map(|token| rows[text * batch.seq + token]));
        }
        let together = Tokens::ragged(&ragged, &lens, batch.hidden).unwrap();
        for isa in Isa::available() {
            let pooler = Pooler::new(pooling).on(isa);
            let (got, want) = (pooler.pool(tokens(&batch)).unwrap(), pooler.pool(together).unwrap());
            for (got, want) in got.iter().zip(&want) {
                // Values up to 1, of which at most seven are put together in another order.
                prop_assert!((got - want).abs() <= 40.0 * f32::EPSILON, "{isa}, {pooling}: {got} for {want}");
            }
        }
    }

    /// A text is pooled the same, bit by bit, whatever is beside it.
    #[test]
    fn texts_do_not_meet(batch in batch(), pooling in pooling()) {
        for isa in Isa::available() {
            let pooler = Pooler::new(pooling).on(isa);
            let together = pooler.pool(tokens(&batch)).unwrap();
            let (n, hidden) = (batch.seq, batch.hidden);
            for (text, together) in together.chunks(hidden).enumerate() {
                let (x, mask) = (&batch.x[text * n * hidden..][..n * hidden], &batch.mask[text * n..][..n]);
                let alone = pooler.pool(Tokens::masked(x, mask, 1, n, hidden).unwrap()).unwrap();
                assert_same(&alone, together, (isa, pooling));
            }
        }
    }

    #[test]
    fn fused_codes_are_the_steps(batch in batch(), pooling in pooling(), cut in any::<prop::sample::Index>(), unit in any::<bool>()) {
        let k = cut.index(batch.hidden) + 1;
        let ranges = Ranges::new(&vec![-0.3; k], &vec![0.25; k]).unwrap();
        for isa in Isa::available() {
            let mut pooler = Pooler::new(pooling).truncated(k).on(isa);
            let mut rows = Pooler::new(pooling).on(isa).pool(tokens(&batch)).unwrap();
            rows = rows.chunks(batch.hidden).flat_map(|row| &row[..k]).copied().collect();
            if unit {
                pooler = pooler.normalized();
                l2_normalize_in_place_on(isa, &mut rows, k).unwrap();
            }
            let (mut codes, mut bits) = (vec![0; rows.len()], vec![0; batch.batch * k.div_ceil(8)]);
            pooler.pool_int8_into(tokens(&batch), &ranges, &mut codes).unwrap();
            pooler.pool_ubinary_into(tokens(&batch), &mut bits).unwrap();
            prop_assert_eq!(codes, quantize_int8(&rows, k, &ranges).unwrap());
            prop_assert_eq!(bits, quantize_ubinary(&rows, k).unwrap());
        }
    }

    /// Within half a step, and what `f32` rounds, of any value in its range.
    #[test]
    fn codes_come_back_within_half_a_step(
        ends in prop::collection::vec((finite(), finite()), 1..40),
        places in prop::collection::vec(0.0..=1.0_f32, 40),
    ) {
        let (min, max): (Vec<f32>, Vec<f32>) = ends.iter().map(|(a, b)| (a.min(*b), a.max(*b))).unzip();
        let Ok(ranges) = Ranges::new(&min, &max) else { return Ok(()) };
        let dim = min.len();
        let x: Vec<f32> = (0..dim).map(|i| (min[i] + places[i] * (max[i] - min[i])).clamp(min[i], max[i])).collect();
        let back = dequantize_uint8(&quantize_uint8(&x, dim, &ranges).unwrap(), dim, &ranges).unwrap();
        for i in 0..dim {
            let step = f64::from(ranges.step()[i]);
            let largest = f64::from(min[i].abs().max(max[i].abs()));
            let off = (f64::from(back[i]) - f64::from(x[i])).abs();
            let bound = 0.5 * step + 2.0_f64.powi(-22) * (largest + step) + 255.0 * 2.0_f64.powi(-149);
            prop_assert!(off <= bound, "{} became {}: steps of {step:e} from {}", x[i], back[i], min[i]);
        }
    }

    #[test]
    fn codes_are_those_of_the_formula(
        ends in prop::collection::vec((finite(), finite()), 1..70),
        x in any_floats(70),
    ) {
        let (min, max): (Vec<f32>, Vec<f32>) = ends.iter().map(|(a, b)| (a.min(*b), a.max(*b))).unzip();
        let Ok(ranges) = Ranges::new(&min, &max) else { return Ok(()) };
        let dim = min.len();
        let want = kernels_testing::reference::pool::Ranges { min, max };
        let want = kernels_testing::reference::pool::quantize_uint8(&x[..dim], dim, &want);
        for isa in Isa::available() {
            let mut codes = vec![7; dim];
            quantize_uint8_into_on(isa, &x[..dim], dim, &ranges, &mut codes).unwrap();
            prop_assert_eq!(&codes, &want, "{}", isa);
        }
    }

    #[test]
    fn a_larger_value_has_no_smaller_code(ends in (finite(), finite()), mut x in any_floats(50)) {
        let (min, max) = (ends.0.min(ends.1), ends.0.max(ends.1));
        let Ok(ranges) = Ranges::new(&[min], &[max]) else { return Ok(()) };
        x.retain(|x| !x.is_nan());
        x.sort_by(f32::total_cmp);
        prop_assume!(!x.is_empty());
        prop_assert!(quantize_uint8(&x, 1, &ranges).unwrap().is_sorted());
    }

    #[test]
    fn distances_are_counted_bits(query in prop::collection::vec(any::<u8>(), 1..100), n in 0..9_usize, seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let rows: Vec<u8> = (0..n * query.len()).map(|_| random.bits() as u8).collect();
        let count = |row: &[u8]| row.iter().zip(&query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
        let want: Vec<u32> = rows.chunks(query.len()).map(count).collect();
        for isa in Isa::available() {
            let mut out = vec![7; n];
            hamming_into_on(isa, &query, &rows, &mut out).unwrap();
            prop_assert_eq!(&out, &want);
        }
    }

    /// Of signs, the distance and the dot product say the same.
    #[test]
    fn the_dot_product_with_signs_is_what_agrees_less_what_differs(dim in 1..200_usize, n in 1..6_usize, seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let mut signs = |n: usize| -> Vec<f32> { (0..n).map(|_| if random.below(2) == 0 { 1.0 } else { -1.0 }).collect() };
        let (query, rows) = (signs(dim), signs(n * dim));
        let bits = quantize_ubinary(&rows, dim).unwrap();
        let distances = hamming(&quantize_ubinary(&query, dim).unwrap(), &bits).unwrap();
        let dots: Vec<f32> = distances.iter().map(|&distance| dim as f32 - 2.0 * distance as f32).collect();
        prop_assert_eq!(&dot_binary(&query, &bits).unwrap(), &dots);
        prop_assert_eq!(&dot(&query, &rows).unwrap(), &dots);
    }

    #[test]
    fn merged_calibrations_are_one(x in prop::collection::vec(finite(), 3..90), at in any::<prop::sample::Index>()) {
        let rows = x.len() / 3;
        let x = &x[..3 * rows];
        let (head, tail) = x.split_at(3 * at.index(rows + 1));
        let mut all = Calibration::new(3).unwrap();
        let (mut one, mut other) = (all.clone(), all.clone());
        all.add(x).unwrap();
        if !head.is_empty() {
            one.add(head).unwrap();
        }
        if !tail.is_empty() {
            other.add(tail).unwrap();
        }
        let mut turned = other.clone();
        turned.merge(&one).unwrap();
        one.merge(&other).unwrap();
        prop_assert_eq!(&one, &all);
        prop_assert_eq!(&turned, &all);
        prop_assert_eq!(one.ranges(), Ranges::from_sample(x, 3));
    }

    #[test]
    fn the_best_are_the_first_in_order(
        query in prop::collection::vec(-2..3_i8, 1..9),
        rows in prop::collection::vec(-2..3_i8, 0..800),
        k in 0..60_usize,
    ) {
        let rows = &rows[..rows.len() / query.len() * query.len()];
        let scores = dot_int8(&query, rows).unwrap();
        let order = kernels_testing::reference::pool::top_k(&scores, k);
        let want: Vec<_> = order.iter().map(|&index| Hit { index, score: scores[index] }).collect();
        prop_assert_eq!(&search_int8(&query, rows, k).unwrap(), &want);
        let all: Vec<usize> = (0..scores.len()).rev().collect();
        prop_assert_eq!(&rescore_int8(&query, rows, &all, k).unwrap(), &want);
        let floats = |x: &[i8]| -> Vec<f32> { x.iter().map(|&x| x.into()).collect() };
        let found = search_dot(&floats(&query), &floats(rows), k).unwrap();
        prop_assert!(found.iter().map(|hit| hit.index).eq(order));
    }

    #[test]
    fn lengths_are_one_or_none(x in prop::collection::vec(finite(), 1..200), dim in 1..40_usize) {
        let x = &x[..x.len() / dim * dim];
        prop_assume!(!x.is_empty());
        for (row, unit) in x.chunks(dim).zip(l2_normalize(x, dim).unwrap().chunks(dim)) {
            let length = unit.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
            let want = if row.iter().all(|x| *x == 0.0) { 0.0 } else { 1.0 };
            prop_assert!((length - want).abs() < 1e-6, "{length} of {row:?}");
        }
    }

    #[test]
    fn nothing_panics(
        x in any_floats(0..80),
        mask in prop::collection::vec(0..3_u8, 0..20),
        lens in prop::collection::vec(prop_oneof![0..9_usize, any::<usize>()], 0..9),
        [batch, seq, hidden, k] in [0, 1, 2, 3].map(|_| prop_oneof![0..9_usize, any::<usize>()]),
        pooling in pooling(),
    ) {
        let mut pooler = Pooler::new(pooling).truncated(k).normalized();
        for tokens in [
            Tokens::masked(&x, &mask, batch, seq, hidden),
            Tokens::padded(&x, &lens, seq, hidden),
            Tokens::ragged(&x, &lens, hidden),
        ].into_iter().flatten() {
            let mut out = vec![7; tokens.batch().saturating_mul(k.div_ceil(8)).min(100)];
            prop_assert_eq!(pooler.pool(tokens).is_ok(), (1..=hidden).contains(&k));
            let _ = pooler.pool_ubinary_into(tokens, &mut out);
        }
        let rows = hidden > 0 && !x.is_empty() && x.len().is_multiple_of(hidden);
        prop_assert_eq!(l2_normalize(&x, hidden).is_ok(), rows);
        prop_assert_eq!(truncate(&x, hidden, k).is_ok(), rows && (1..=hidden).contains(&k));
        prop_assert_eq!(quantize_ubinary(&x, hidden).is_ok(), rows);
        let _ = (dequantize_ubinary(&mask, hidden), Ranges::from_sample(&x, hidden));
        let _ = (pack_padded(&[1; 9], &lens, 0, PaddingSide::Left), hamming(&mask, &mask), windows(batch, seq, k).map(drop));
        let query = &x[..x.len().min(hidden)];
        let _ = (search_cosine(query, &x, k), search_l2_squared(query, &x, k), search_binary(query, &mask, k));
        let _ = (rescore_dot(query, &x, &lens, k), two_step_dot(&mask, &mask, query, &x, batch, k));
    }
}
