//! Projections against plain sums in `f64`, and principal components against what makes them such.

use kernels_pool::{Error, Isa, Projection};
use kernels_testing::{Guarded, Random, each_isa, small};

fn lanes(isa: Isa) -> usize {
    if isa == Isa::Avx2 { 8 } else { 4 }
}

/// The values, and what the error bound is a fraction of.
fn reference(projection: &Projection, x: &[f32]) -> Vec<(f64, f64)> {
    let (hidden, k) = (projection.hidden(), projection.k());
    let value = |x: &[f32], j: usize| {
        let bias = projection.bias().map_or(0.0, |bias| f64::from(bias[j]));
        let products =
            x.iter().zip(&projection.weights()[j * hidden..]).map(|(x, w)| f64::from(*x) * f64::from(*w));
        products.fold((bias, bias.abs()), |(sum, magnitude), p| (sum + p, magnitude + p.abs()))
    };
    x.chunks(hidden).flat_map(|x| (0..k).map(move |j| value(x, j))).collect()
}

#[track_caller]
fn check(isa: Isa, projection: &Projection, got: &[f32], want: &[(f64, f64)]) {
    let (hidden, k) = (projection.hidden(), projection.k());
    let unit = (hidden as f64 / lanes(isa) as f64 + 16.0) * 0.5 * f64::from(f32::EPSILON);
    for (i, (&got, &(want, magnitude))) in got.iter().zip(want).enumerate() {
        assert!(
            (f64::from(got) - want).abs() <= unit * magnitude,
            "{isa}: hidden {hidden}, k {k}, value {i}: {got} for {want}"
        );
    }
}

#[test]
fn projecting_agrees_with_the_reference() {
    // Round every vector; round every tile of weights; round every tile of rows, and more than one block.
    let (hiddens, ks, ns): (&[usize], &[usize], &[usize]) = if cfg!(miri) {
        (&[1, 9], &[1, 5], &[1, 3])
    } else if small() {
        (&[1, 4, 9, 33], &[1, 3, 5, 9], &[1, 2, 3, 5])
    } else {
        (
            &[1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 64, 100],
            &[1, 2, 3, 4, 5, 7, 8, 9, 12, 17],
            &[1, 2, 3, 4, 5, 6, 9],
        )
    };
    let mut random = Random::new(1);
    for (hidden, k) in hiddens.iter().flat_map(|&hidden| ks.iter().map(move |&k| (hidden, k))) {
        let (weights, bias) = (random.uniform(hidden * k), random.uniform(k));
        for (&n, bias) in ns.iter().flat_map(|n| [(n, None), (n, Some(&bias[..]))]) {
            let x = random.uniform(n * hidden);
            let projection = Projection::new(&weights, bias, hidden, k).unwrap();
            let want = reference(&projection, &x);
            each_isa("projection", |isa| {
                let offset = random.below(8);
                let mut x = Guarded::copy(&x, 8 - offset, 7.0);
                let mut out = Guarded::new(n * k, offset, 7.0);
                projection.clone().on(isa).project_into(x.middle(), out.middle()).unwrap();
                check(isa, &projection, out.check(), &want);
            });
        }
    }
}

#[test]
fn the_bound_holds_where_roundings_add_up() {
    for (hidden, n) in if small() { vec![(129, 3)] } else { vec![(1000, 3), (4097, 21), (32_768, 5)] } {
        // Equal products: every addition rounds the same way.
        let projection = Projection::new(&vec![0.1; 5 * hidden], Some(&[1e-3; 5]), hidden, 5).unwrap();
        let x = vec![0.7; n * hidden];
        let want = reference(&projection, &x);
        each_isa("projection", |isa| {
            check(isa, &projection, &projection.clone().on(isa).project(&x).unwrap(), &want);
        });
    }
}

#[test]
fn a_row_is_projected_as_it_is_alone() {
    let (hidden, k, n) = if small() { (11, 5, 3) } else { (1003, 13, 70) };
    let mut random = Random::new(3);
    let (x, bias) = (random.uniform(n * hidden), random.uniform(k));
    each_isa("projection", |isa| {
        let projection =
            Projection::new(&random.uniform(k * hidden), Some(&bias), hidden, k).unwrap().on(isa);
        let together = projection.project(&x).unwrap();
        for (row, together) in x.chunks(hidden).zip(together.chunks(k)) {
            assert_eq!(projection.project(row).unwrap(), together, "{isa}");
        }
    });
}

#[test]
fn what_is_not_finite_stays_in_its_row() {
    let (hidden, k, n) = if cfg!(miri) { (5, 2, 2) } else { (21, 6, 5) };
    let weights = Random::new(4).uniform(k * hidden);
    each_isa("projection_nan", |isa| {
        let projection = Projection::new(&weights, None, hidden, k).unwrap().on(isa);
        let clean = projection.project(&vec![0.5; n * hidden]).unwrap();
        for at in 0..n * hidden {
            let mut x = vec![0.5; n * hidden];
            x[at] = f32::NAN;
            let out = projection.project(&x).unwrap();
            for (r, (out, clean)) in out.chunks(k).zip(clean.chunks(k)).enumerate() {
                if r == at / hidden {
                    assert!(out.iter().all(|x| x.is_nan()), "{isa}: {at}");
                } else {
                    assert_eq!(out, clean, "{isa}: {at}");
                }
            }
        }
    });
    let infinite = Projection::new(&[f32::INFINITY, 1.0], None, 1, 2).unwrap();
    assert_eq!(infinite.project(&[-2.0]), Ok(vec![f32::NEG_INFINITY, -2.0]));
}

#[test]
fn wrong_calls_are_errors_and_write_nothing() {
    let message = |result: Result<Projection, Error>| result.unwrap_err().to_string();
    assert_eq!(message(Projection::new(&[], None, 0, 1)), "hidden: expected at least 1, got 0");
    assert_eq!(message(Projection::new(&[], None, 1, 0)), "k: expected at least 1, got 0");
    assert_eq!(message(Projection::new(&[1.0; 5], None, 2, 3)), "weights: expected a length of 6, got 5");
    assert_eq!(
        message(Projection::new(&[1.0; 2], Some(&[1.0]), 1, 2)),
        "bias: expected a length of 2, got 1"
    );
    let too_large = "weights: expected lengths that memory can hold, got a product or sum beyond it";
    assert_eq!(message(Projection::new(&[1.0], None, usize::MAX, 2)), too_large);
    assert_eq!(message(Projection::random(usize::MAX, 2, 0)), too_large);
    assert_eq!(
        message(Projection::random(usize::MAX, 1, 0)),
        "weights: expected memory to make it in, got none"
    );
    assert_eq!(message(Projection::random(0, 2, 0)), "hidden: expected at least 1, got 0");
    assert_eq!(message(Projection::random(2, 0, 0)), "k: expected at least 1, got 0");

    let projection = Projection::new(&[1.0; 6], None, 2, 3).unwrap();
    let mut out = [7.0; 6];
    assert_eq!(projection.project_into(&[], &mut []), Err(Error::Empty { what: "x" }));
    let partial = Err(Error::PartialRow { what: "x", dim: 2, got: 3 });
    assert_eq!(projection.project_into(&[1.0; 3], &mut out), partial);
    let wrong = Err(Error::Length { what: "out", expected: 3, got: 6 });
    assert_eq!(projection.project_into(&[1.0; 2], &mut out), wrong);
    let absent = Isa::ALL.iter().copied().find(|isa| !isa.is_available()).unwrap();
    assert!(matches!(projection.on(absent).project_into(&[1.0; 4], &mut out), Err(Error::Isa(_))));
    assert_eq!(out, [7.0; 6]);
}

#[test]
fn random_weights_are_the_bits_of_splitmix() {
    for (hidden, k) in [(1, 1), (3, 5), (64, 2), (13, 11)] {
        let projection = Projection::random(hidden, k, 42).unwrap();
        assert_eq!((projection.hidden(), projection.k(), projection.bias()), (hidden, k, None));
        let mut random = Random::new(42);
        let weight = (1.0 / k as f64).sqrt() as f32;
        for weights in projection.weights().chunks(64) {
            let bits = random.bits();
            for (i, got) in weights.iter().enumerate() {
                assert_eq!(*got, if bits >> i & 1 == 1 { -weight } else { weight });
            }
        }
    }
    assert_eq!(Projection::random(100, 10, 1), Projection::random(100, 10, 1));
    assert_ne!(Projection::random(100, 10, 1), Projection::random(100, 10, 2));
}

#[test]
#[cfg_attr(miri, ignore = "many values")]
fn random_projections_keep_lengths() {
    let (hidden, k, n) = (500, 256, 50);
    let x = Random::new(5).unit_rows(n, hidden);
    let y = Projection::random(hidden, k, 7).unwrap().project(&x).unwrap();
    for y in y.chunks(k) {
        let squared: f32 = y.iter().map(|y| y * y).sum();
        // Five standard deviations: the variance is below 2 / k.
        assert!((squared - 1.0).abs() < 5.0 * (2.0 / k as f32).sqrt(), "{squared}");
    }
}

/// How far weights are from orthonormal rows.
fn skew(projection: &Projection) -> f64 {
    let rows = || projection.weights().chunks(projection.hidden()).enumerate();
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let pairs = rows().flat_map(|(i, a)| rows().map(move |(j, b)| (dot(a, b) - f64::from(i == j)).abs()));
    pairs.fold(0.0, f64::max)
}

/// The centred sample, in `f64`.
fn centred(sample: &[f32], hidden: usize) -> Vec<f64> {
    let n = (sample.len() / hidden) as f64;
    let mean = |d| sample.iter().skip(d).step_by(hidden).map(|&x| f64::from(x)).sum::<f64>() / n;
    let means: Vec<f64> = (0..hidden).map(mean).collect();
    sample.iter().enumerate().map(|(i, &x)| f64::from(x) - means[i % hidden]).collect()
}

/// The sums of squares along each component, and in all.
fn spread(projection: &Projection, sample: &[f32]) -> (Vec<f64>, f64) {
    let hidden = projection.hidden();
    let centred = centred(sample, hidden);
    let along = |w: &[f32]| -> f64 {
        let dot = |x: &[f64]| x.iter().zip(w).map(|(x, w)| x * f64::from(*w)).sum::<f64>();
        centred.chunks(hidden).map(|x| dot(x).powi(2)).sum()
    };
    (projection.weights().chunks(hidden).map(along).collect(), centred.iter().map(|x| x * x).sum())
}

/// Rows whose dimensions are correlated, and whose variance is mostly along a few directions.
fn correlated(n: usize, hidden: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let mix = random.uniform(hidden * hidden);
    let row = |_| {
        let x = random.uniform(hidden);
        let mixed =
            |d: usize| (0..hidden).map(|i| x[i] * mix[i * hidden + d] / (i + 1) as f32).sum::<f32>() + 3.0;
        (0..hidden).map(mixed).collect::<Vec<_>>()
    };
    (0..n).flat_map(row).collect()
}

/// The sum of squares along the direction of the largest one: by power iteration, after which the rows are freed of it.
fn deflate(centred: &mut [f64], hidden: usize) -> f64 {
    let mut v = vec![1.0; hidden];
    for _ in 0..3000 {
        let mut next = vec![0.0; hidden];
        for x in centred.chunks(hidden) {
            let along: f64 = x.iter().zip(&v).map(|(x, v)| x * v).sum();
            next.iter_mut().zip(x).for_each(|(next, x)| *next += along * x);
        }
        let norm = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        v = next.iter().map(|x| x / norm).collect();
    }
    let mut squares = 0.0;
    for x in centred.chunks_mut(hidden) {
        let along: f64 = x.iter().zip(&v).map(|(x, v)| x * v).sum();
        x.iter_mut().zip(&v).for_each(|(x, v)| *x -= along * v);
        squares += along * along;
    }
    squares
}

#[test]
fn components_of_a_known_sample() {
    // The rows are plus and minus multiples of orthogonal signs: those are the components.
    let sign = |i: usize, d: usize| if (i & d).count_ones().is_multiple_of(2) { 0.5 } else { -0.5 };
    let (sizes, mean) = ([1.0, 3.0, 4.0, 2.0], [7.0, -5.0, 0.25, 100.0]);
    let mut sample = Vec::new();
    for (i, size) in sizes.iter().enumerate() {
        for side in [-size, *size] {
            sample.extend((0..4).map(|d| mean[d] + side * sign(i, d)));
        }
    }
    let projection = Projection::pca(&sample, 4, 4).unwrap();
    for (component, i) in projection.weights().chunks(4).zip([2, 1, 3, 0]) {
        // All are as large up to rounding, so the sign is of one of them.
        let turned = (component[0] * sign(i, 0)).signum();
        for (d, weight) in component.iter().enumerate() {
            assert!((weight * turned - sign(i, d)).abs() < 1e-6, "{component:?}");
        }
    }
    assert!(projection.project(&mean).unwrap().iter().all(|y| y.abs() < 1e-5));
    let shorter = Projection::pca(&sample, 4, 2).unwrap();
    assert_eq!(shorter.weights(), &projection.weights()[..8]);
    assert_eq!(shorter.bias().unwrap(), &projection.bias().unwrap()[..2]);
}

#[test]
fn components_are_orthonormal_and_catch_the_most_variance() {
    // Round a strip of the covariance, round a block of the sample; fewer rows than dimensions.
    let cases: &[(usize, usize)] = if cfg!(miri) {
        &[(3, 4)]
    } else if small() {
        &[(1, 1), (7, 3), (3, 7), (257, 5)]
    } else {
        &[(1, 1), (9, 1), (7, 2), (50, 3), (3, 7), (257, 8), (600, 17), (30, 33), (300, 65), (40, 100)]
    };
    for &(n, hidden) in cases {
        let sample = correlated(n, hidden, 9);
        let projection = Projection::pca(&sample, hidden, hidden).unwrap();
        assert!(skew(&projection) < 1e-6, "{n} x {hidden}: {}", skew(&projection));
        let (along, total) = spread(&projection, &sample);
        assert!((along.iter().sum::<f64>() - total).abs() <= 1e-6 * total, "{n} x {hidden}");
        assert!(along.windows(2).all(|pair| pair[0] >= pair[1] - 1e-6 * total), "{n} x {hidden}: {along:?}");
        if !cfg!(miri) {
            let mut rest = centred(&sample, hidden);
            for along in along.iter().take(3.min(n - 1)) {
                let want = deflate(&mut rest, hidden);
                assert!((along - want).abs() <= 1e-6 * total, "{n} x {hidden}: {along} for {want}");
            }
        }
        for component in projection.weights().chunks(hidden) {
            let largest = component.iter().fold(0.0_f32, |max, x| if x.abs() > max.abs() { *x } else { max });
            assert!(largest > 0.0, "{component:?}");
        }
        // The mean of what is projected is 0, and all dimensions together are the sample again.
        let y = projection.project(&sample).unwrap();
        for (x, y) in sample.chunks(hidden).zip(y.chunks(hidden)) {
            for (d, x) in x.iter().enumerate() {
                let mean = sample.iter().skip(d).step_by(hidden).sum::<f32>() / n as f32;
                let back: f32 = (0..hidden).map(|j| y[j] * projection.weights()[j * hidden + d]).sum();
                assert!((back + mean - x).abs() < 1e-4, "{n} x {hidden}: {back} + {mean} for {x}");
            }
        }
    }
}

#[test]
fn samples_without_variance_have_components_too() {
    let hidden = if small() { 3 } else { 20 };
    for sample in [vec![5.0; hidden], vec![-2.5; 4 * hidden], vec![0.0; hidden]] {
        let projection = Projection::pca(&sample, hidden, hidden).unwrap();
        assert!(skew(&projection) < 1e-6);
        assert!(projection.project(&sample).unwrap().iter().all(|y| y.abs() < 1e-5));
    }
    // One dimension of two varies.
    let sample: Vec<f32> = (0..hidden).flat_map(|i| [4.0, i as f32]).collect();
    assert_eq!(Projection::pca(&sample, 2, 2).unwrap().weights(), [0.0, 1.0, 1.0, 0.0]);
    // Two vary alike, as uncorrelated ones.
    let round = [1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0];
    assert!(skew(&Projection::pca(&round, 2, 2).unwrap()) < 1e-6);
}

#[test]
fn samples_of_any_size_have_components() {
    let sample: Vec<f32> = correlated(20, 5, 11).iter().map(|x| x - 3.0).collect();
    let want = Projection::pca(&sample, 5, 5).unwrap();
    for scale in [2.0_f32.powi(120), 2.0_f32.powi(-100)] {
        let scaled: Vec<f32> = sample.iter().map(|x| x * scale).collect();
        let got = Projection::pca(&scaled, 5, 5).unwrap();
        for (got, want) in got.weights().iter().zip(want.weights()) {
            assert!((got - want).abs() < 1e-5, "{got} for {want}");
        }
    }
    let ends = [f32::MAX, f32::MIN, 1e-45, f32::MIN, f32::MAX, -1e-45];
    assert!(skew(&Projection::pca(&ends, 3, 3).unwrap()) < 1e-6);
    let tiny = [1e-45, 0.0, 0.0, 1e-45, 3e-45, 1e-45];
    assert!(skew(&Projection::pca(&tiny, 2, 2).unwrap()) < 1e-6);
    assert!(skew(&Projection::pca(&tiny, 3, 3).unwrap()) < 1e-6);
}

#[test]
#[cfg_attr(miri, ignore = "a large matrix")]
fn many_dimensions_stay_orthonormal() {
    let (n, hidden) = if small() { (20, 40) } else { (150, 260) };
    let sample = Random::new(12).unit_rows(n, hidden);
    let projection = Projection::pca(&sample, hidden, hidden).unwrap();
    assert!(skew(&projection) < 1e-6, "{}", skew(&projection));
    let (along, total) = spread(&projection, &sample);
    assert!((along[..n - 1].iter().sum::<f64>() - total).abs() <= 1e-6 * total);
}

#[test]
fn samples_that_are_none_are_errors() {
    let error = |sample: &[f32], hidden, k| Projection::pca(sample, hidden, k).unwrap_err().to_string();
    assert_eq!(error(&[1.0], 0, 1), "hidden: expected at least 1, got 0");
    assert_eq!(error(&[1.0], 1, 0), "k: expected 1 to 1, got 0");
    assert_eq!(error(&[1.0; 4], 2, 3), "k: expected 1 to 2, got 3");
    assert_eq!(error(&[], 2, 1), "sample: expected at least one, got none");
    assert_eq!(error(&[1.0; 3], 2, 1), "sample: expected whole rows of 2 values, got 3 values");
    assert_eq!(error(&[1.0, f32::NAN], 2, 1), "sample: expected finite values, got NaN");
    assert_eq!(error(&[f32::NEG_INFINITY, 1.0], 1, 1), "sample: expected finite values, got -inf");
}

#[test]
#[cfg_attr(miri, ignore = "arithmetic only")]
fn the_first_of_several_largest_weights_is_positive() {
    let mut random = Random::new(9);
    for _ in 0..100 {
        let signs: Vec<f32> = (0..3).map(|_| if random.below(2) == 0 { 1.0 } else { -1.0 }).collect();
        let sample: Vec<f32> =
            [0.3, -1.7, 2.9, 0.1].iter().flat_map(|x| signs.iter().map(move |sign| x * sign)).collect();
        let weights = Projection::pca(&sample, 3, 1).unwrap().weights().to_vec();
        assert!(weights[0] > 0.5, "{weights:?} of {signs:?}");
    }
}

#[test]
fn dimensions_of_next_to_no_variance_have_components_too() {
    let (large, tiny) = (1e38, 1e-42);
    let sample: Vec<f32> = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
        .iter()
        .flat_map(|[a, b]| [a * large, b * tiny, a * tiny, b * tiny])
        .collect();
    let projection = Projection::pca(&sample, 4, 4).unwrap();
    for (i, a) in projection.weights().chunks_exact(4).enumerate() {
        for (j, b) in projection.weights().chunks_exact(4).enumerate() {
            let product: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            assert!((product - f32::from(u8::from(i == j))).abs() < 1e-6, "{i} and {j}: {product}");
        }
    }
}
