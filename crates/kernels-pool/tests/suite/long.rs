//! Windows of long documents, and the embeddings of their chunks pooled again.

use kernels_pool::{ChunkPooler, ChunkPooling, Error, windows};
use kernels_testing::{Random, small};
use std::ops::Range;

const ALL: [ChunkPooling; 4] =
    [ChunkPooling::Mean, ChunkPooling::Max, ChunkPooling::LengthWeighted, ChunkPooling::CentreWeighted];

/// Window by window, until one reaches the end.
fn reference_windows(len: usize, window: usize, overlap: usize) -> Vec<Range<usize>> {
    let (mut cuts, mut start) = (Vec::new(), 0);
    while cuts.last().is_none_or(|last: &Range<usize>| last.end < len) && len > 0 {
        cuts.push(start..len.min(start + window));
        start += window - overlap;
    }
    cuts
}

#[test]
fn windows_follow_the_definition() {
    let end = if cfg!(miri) { 6 } else { 24 };
    for (len, window) in (0..end).flat_map(|len| (1..end / 2).map(move |window| (len, window))) {
        for overlap in 0..window {
            let (cuts, want) =
                (windows(len, window, overlap).unwrap(), reference_windows(len, window, overlap));
            assert_eq!(cuts.len(), want.len());
            assert_eq!(cuts.clone().collect::<Vec<_>>(), want, "{len}, {window}, {overlap}");
            assert!(cuts.clone().rev().eq(want.iter().rev().cloned()));
            for n in 0..=want.len() {
                assert_eq!(cuts.clone().nth(n), want.get(n).cloned());
            }
        }
    }
}

#[test]
fn windows_of_any_size_are_fine() {
    const MAX: usize = usize::MAX;
    assert!(windows(MAX, MAX, MAX - 1).unwrap().eq([0..MAX; 1]));
    assert_eq!(windows(MAX, MAX - 1, 0).unwrap().collect::<Vec<_>>(), [0..MAX - 1, MAX - 1..MAX]);
    let cuts = windows(MAX, 2, 1).unwrap();
    assert_eq!((cuts.len(), cuts.clone().next_back()), (MAX - 1, Some(MAX - 2..MAX)));
    assert_eq!(windows(MAX, 1, 0).unwrap().nth(MAX - 1), Some(MAX - 1..MAX));
    assert_eq!(windows(3, MAX, MAX / 2).unwrap().collect::<Vec<_>>(), [0..3; 1]);
}

#[test]
fn windows_that_cannot_be_are_errors() {
    let error = |window, overlap| windows(9, window, overlap).unwrap_err().to_string();
    assert_eq!(error(0, 0), "window: expected at least 1, got 0");
    assert_eq!(error(4, 4), "overlap: expected 0 to 3, got 4");
    assert_eq!(error(1, usize::MAX), format!("overlap: expected 0 to 0, got {}", usize::MAX));
}

/// Chunks and their tokens.
fn chunks(n: usize, dim: usize, seed: u64) -> Vec<(Vec<f32>, usize)> {
    let mut random = Random::new(seed);
    (0..n).map(|_| (random.uniform(dim), random.below(5))).collect()
}

fn add_all(pooler: &mut ChunkPooler, chunks: &[(Vec<f32>, usize)]) {
    for (embedding, tokens) in chunks {
        pooler.add(embedding, *tokens).unwrap();
    }
}

/// One dimension of the result, all at once, and of the magnitudes.
fn reference_pool(pooling: ChunkPooling, chunks: &[(Vec<f32>, usize)], dim: usize) -> (f64, f64) {
    let values = || chunks.iter().map(|(embedding, _)| f64::from(embedding[dim]));
    let n = chunks.len();
    let weights: Vec<f64> = match pooling {
        ChunkPooling::Max => return (values().fold(f64::NEG_INFINITY, f64::max), 0.0),
        ChunkPooling::LengthWeighted => chunks.iter().map(|(_, tokens)| *tokens as f64).collect(),
        ChunkPooling::CentreWeighted => (0..n).map(|i| ((i + 1) * (n - i)) as f64).collect(),
        _ => vec![1.0; n],
    };
    let weight: f64 = weights.iter().sum();
    let mean = |f: fn(f64) -> f64| values().zip(&weights).map(|(x, w)| f(x) * w).sum::<f64>();
    if weight == 0.0 { (0.0, 0.0) } else { (mean(|x| x) / weight, mean(f64::abs) / weight) }
}

#[test]
fn streaming_pools_as_all_at_once_after_every_chunk() {
    let (most, dims) = if cfg!(miri) { (3, 1..3) } else { (20, 1..18) };
    for (pooling, dim) in ALL.into_iter().flat_map(|pooling| dims.clone().map(move |dim| (pooling, dim))) {
        let chunks = chunks(most, dim, dim as u64);
        let mut pooler = ChunkPooler::new(pooling, dim).unwrap();
        let mut out = vec![0.0; dim];
        for n in 1..=most {
            add_all(&mut pooler, &chunks[n - 1..n]);
            pooler.finish_into(&mut out).unwrap();
            assert_eq!(pooler.finish().unwrap(), out);
            assert_eq!((pooler.chunks(), pooler.dim(), pooler.pooling()), (n, dim, pooling));
            for (d, &got) in out.iter().enumerate() {
                let (want, magnitude) = reference_pool(pooling, &chunks[..n], d);
                let bound = 0.5 * f64::from(f32::EPSILON) * want.abs() + 1e-15 * magnitude;
                assert!((f64::from(got) - want).abs() <= bound, "{pooling:?}, {n} chunks: {got} for {want}");
            }
        }
    }
}

#[test]
fn many_chunks_keep_the_bound() {
    let n = if small() { 50 } else { 20_000 };
    // The ends are large, where the weights of the centre are small.
    let ends = |i: usize| if i == 0 || i == n - 1 { 1e30 } else { 0.1 };
    let chunks: Vec<_> = (0..n).map(|i| (vec![0.1, ends(i)], 1 + i % 7)).collect();
    for pooling in ALL {
        let mut pooler = ChunkPooler::new(pooling, 2).unwrap();
        add_all(&mut pooler, &chunks);
        for (d, got) in pooler.finish().unwrap().into_iter().enumerate() {
            let (want, magnitude) = reference_pool(pooling, &chunks, d);
            let bound =
                0.5 * f64::from(f32::EPSILON) * want.abs() + (2 * n + 4) as f64 * f64::EPSILON * magnitude;
            assert!((f64::from(got) - want).abs() <= bound, "{pooling:?}: {got} for {want}");
        }
    }
}

#[test]
fn lengths_make_the_mean_over_all_tokens() {
    let tokens = Random::new(1).uniform(3 * 10);
    let mean = |range: Range<usize>| -> Vec<f32> {
        let sum = |d: usize| tokens[3 * range.start..3 * range.end].iter().skip(d).step_by(3).sum::<f32>();
        (0..3).map(|d| sum(d) / range.len() as f32).collect()
    };
    let mut pooler = ChunkPooler::new(ChunkPooling::LengthWeighted, 3).unwrap();
    for window in windows(10, 4, 0).unwrap() {
        pooler.add(&mean(window.clone()), window.len()).unwrap();
    }
    for (got, want) in pooler.finish().unwrap().into_iter().zip(mean(0..10)) {
        assert!((got - want).abs() < 1e-6, "{got} for {want}");
    }
}

#[test]
fn normalised_results_have_length_1() {
    for (pooling, scale) in ALL.into_iter().flat_map(|pooling| [1.0, 1e-44, 3e38].map(|s| (pooling, s))) {
        let mut pooler = ChunkPooler::new(pooling, 3).unwrap().normalized();
        for tokens in 1..4 {
            pooler.add(&[scale, 0.0, -scale], tokens).unwrap();
        }
        let want = 0.5_f64.sqrt() as f32;
        let out = pooler.finish().unwrap();
        assert_eq!(out, [want, 0.0, -want], "{pooling:?}");
        let mut zeros = ChunkPooler::new(pooling, 2).unwrap().normalized();
        zeros.add(&[0.0; 2], 1).unwrap();
        assert_eq!(zeros.finish(), Ok(vec![0.0; 2]));
    }
}

#[test]
fn what_is_not_finite_stays_in_its_dimension() {
    for (pooling, at) in ALL.into_iter().flat_map(|pooling| (0..3).map(move |at| (pooling, at))) {
        let mut pooler = ChunkPooler::new(pooling, 3).unwrap();
        let mut normalized = pooler.clone().normalized();
        for chunk in 0..3 {
            let bad = if chunk == at { [1.0, f32::NAN, f32::INFINITY] } else { [1.0, 5.0, 2.0] };
            pooler.add(&bad, 2).unwrap();
            normalized.add(&bad, 2).unwrap();
        }
        let out = pooler.finish().unwrap();
        assert_eq!(out[0], 1.0);
        assert!(out[1].is_nan(), "{pooling:?}");
        assert_eq!(out[2], f32::INFINITY);
        assert!(normalized.finish().unwrap().iter().all(|x| x.is_nan()));
    }
    let mut max = ChunkPooler::new(ChunkPooling::Max, 1).unwrap();
    max.add(&[f32::NEG_INFINITY], 1).unwrap();
    assert_eq!(max.finish(), Ok(vec![f32::NEG_INFINITY]));
}

#[test]
fn chunks_without_tokens_weigh_nothing() {
    let mut pooler = ChunkPooler::new(ChunkPooling::LengthWeighted, 2).unwrap();
    pooler.add(&[f32::NAN, 1.0], 0).unwrap();
    assert_eq!(pooler.finish(), Ok(vec![0.0; 2]));
    pooler.add(&[3.0, 4.0], 5).unwrap();
    assert_eq!((pooler.chunks(), pooler.finish()), (2, Ok(vec![3.0, 4.0])));
}

#[test]
fn after_a_reset_nothing_is_left() {
    for pooling in ALL {
        let mut fresh = ChunkPooler::new(pooling, 4).unwrap();
        let mut used = fresh.clone();
        add_all(&mut used, &chunks(5, 4, 1));
        used.add(&[f32::NAN; 4], 3).unwrap();
        used.reset();
        assert_eq!(used.finish(), Err(Error::Empty { what: "chunks" }));
        let more = chunks(3, 4, 2);
        add_all(&mut used, &more);
        add_all(&mut fresh, &more);
        assert_eq!(used.finish(), fresh.finish());
    }
}

#[test]
fn an_error_changes_nothing() {
    let message = |result: Result<ChunkPooler, Error>| result.unwrap_err().to_string();
    assert_eq!(message(ChunkPooler::new(ChunkPooling::Mean, 0)), "dim: expected at least 1, got 0");
    assert_eq!(
        message(ChunkPooler::new(ChunkPooling::Mean, usize::MAX)),
        "sums: expected memory to make it in, got none"
    );
    for pooling in ALL {
        let mut pooler = ChunkPooler::new(pooling, 2).unwrap();
        let mut out = [7.0; 3];
        assert_eq!(pooler.finish_into(&mut out[..2]), Err(Error::Empty { what: "chunks" }));
        pooler.add(&[1.0, 2.0], 3).unwrap();
        let wrong = pooler.add(&[1.0], 1);
        assert_eq!(wrong, Err(Error::Length { what: "embedding", expected: 2, got: 1 }));
        assert_eq!(pooler.finish_into(&mut out), Err(Error::Length { what: "out", expected: 2, got: 3 }));
        assert_eq!(out, [7.0; 3]);
        if pooling == ChunkPooling::LengthWeighted {
            let wrong = pooler.add(&[5.0, 5.0], usize::MAX);
            assert_eq!(wrong, Err(Error::TooLarge { what: "tokens" }));
        }
        assert_eq!((pooler.chunks(), pooler.finish()), (1, Ok(vec![1.0, 2.0])));
    }
}

#[cfg(not(miri))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn windows_cover_every_token_and_overlap_as_said(
            len in 0..2000_usize,
            window in 1..300_usize,
            overlap in 0..300_usize,
        ) {
            prop_assume!(overlap < window);
            let cuts: Vec<_> = windows(len, window, overlap).unwrap().collect();
            prop_assert_eq!(cuts.first().map(|first| first.start), (len > 0).then_some(0));
            prop_assert_eq!(cuts.last().map(|last| last.end), (len > 0).then_some(len));
            for (i, cut) in cuts.iter().enumerate() {
                prop_assert!(cut.len() == window || i + 1 == cuts.len());
            }
            for pair in cuts.windows(2) {
                prop_assert_eq!(pair[0].end - pair[1].start, overlap);
                prop_assert!(pair[1].end > pair[0].end);
            }
        }

        #[test]
        fn windows_do_not_panic(len in any::<usize>(), window in any::<usize>(), overlap in any::<usize>()) {
            let cuts = windows(len, window, overlap);
            prop_assert_eq!(cuts.is_ok(), overlap < window);
            if let Ok(mut cuts) = cuts {
                prop_assert_eq!(cuts.next_back().map(|last| last.end), (len > 0).then_some(len));
            }
        }

        /// Values between the smallest and the largest, whatever the weights.
        #[test]
        fn a_mean_lies_between_the_chunks(
            chunks in prop::collection::vec((prop::num::f32::NORMAL | prop::num::f32::ZERO, 1..1000_usize), 1..20),
        ) {
            let values = || chunks.iter().map(|(x, _)| *x);
            let (min, max) = (values().fold(f32::INFINITY, f32::min), values().fold(f32::NEG_INFINITY, f32::max));
            for pooling in ALL {
                let mut pooler = ChunkPooler::new(pooling, 1).unwrap();
                for (x, tokens) in &chunks {
                    pooler.add(&[*x], *tokens).unwrap();
                }
                let out = pooler.finish().unwrap()[0];
                prop_assert!(min <= out && out <= max, "{pooling:?}: {out} is not from {min} to {max}");
            }
        }
    }
}
