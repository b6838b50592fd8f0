//! Pruning, and products with pruned matrices.

use kernels_nn::pruning::*;
use kernels_nn::{Isa, gemv_into_on};
use kernels_testing::reference::nn::gemm::{gemm, gemm_of_sizes};
use kernels_testing::{Guarded, Random, each_isa, small};

const GUARD: f32 = -12345.0;

/// A matrix of which about the share `density` is not zero.
fn matrix(m: usize, k: usize, density: f64) -> Vec<f32> {
    let mut random = Random::new((m * 1000 + k) as u64);
    let values = random.uniform(m * k);
    values
        .into_iter()
        .map(|x| if random.below(1000) < (density * 1000.0) as usize { x } else { 0.0 })
        .collect()
}

#[test]
fn sparse_products_are_within_their_bound() {
    let sizes: &[usize] = if cfg!(miri) { &[1, 5, 19] } else { &[1, 2, 3, 4, 5, 7, 8, 9, 19, 70] };
    let mut shapes: Vec<[usize; 2]> = sizes.iter().flat_map(|m| sizes.iter().map(|k| [*m, *k])).collect();
    if !small() {
        // The most columns that have short numbers, and one more.
        shapes.extend([[3, 65_536], [3, 65_537], [40, 1000]]);
    }
    each_isa("sparse", |isa| {
        for &[m, k] in &shapes {
            for density in [0.0, 0.1, 0.5, 1.0] {
                let (a, x) = (matrix(m, k, density), Random::new(2).uniform(k));
                let sparse = SparseMatrix::new(&a, m, k).unwrap();
                let nonzeros = a.iter().filter(|x| **x != 0.0).count();
                assert_eq!((sparse.m(), sparse.k(), sparse.nonzeros()), (m, k, nonzeros));
                assert_eq!(sparse.density(), nonzeros as f64 / (m * k) as f64);
                let weight = if k <= 65_536 { 6 } else { 8 };
                assert_eq!(sparse.bytes(), weight * nonzeros + (m + 1) * size_of::<usize>());
                assert_eq!(sparse.to_dense().unwrap(), a);
                let mut dense = Guarded::new(m * k, m % 5, GUARD);
                sparse.to_dense_into(dense.middle()).unwrap();
                assert_eq!(dense.check(), a);

                let mut out = Guarded::new(m, k % 9, GUARD);
                let x = Guarded::copy(&x, m % 7, f32::MAX);
                sparse.gemv_into_on(isa, x.check(), out.middle()).unwrap();
                let (want, sizes) = (gemm(&a, x.check(), m, k, 1), gemm_of_sizes(&a, x.check(), m, k, 1));
                for (i, got) in out.check().iter().enumerate() {
                    let count = a[i * k..][..k].iter().filter(|x| **x != 0.0).count();
                    let bound = count as f64 * f64::from(f32::EPSILON) * sizes[i];
                    let error = (f64::from(*got) - want[i]).abs();
                    assert!(
                        error <= bound,
                        "{isa} {m}x{k} [{i}]: {got}, expected {} within {bound:e}",
                        want[i]
                    );
                }
                // The same bits on every set.
                assert_eq!(out.check(), sparse.gemv(x.check()).unwrap(), "{isa}");
            }
        }
    });
}

#[test]
#[cfg_attr(miri, ignore = "slow there, and runs no other code than the others")]
fn the_form_is_chosen_by_density() {
    let shapes: &[[usize; 2]] = if small() { &[[20, 50]] } else { &[[20, 50], [1024, 2048]] };
    each_isa("pruned", |isa| {
        for &[m, k] in shapes {
            let share = break_even(isa, m, k);
            // As near to it as there are weights.
            let count = (share * (m * k) as f64).ceil() as usize;
            for (nonzeros, is_sparse) in [(0, true), (count - 1, true), (count, false), (m * k, false)] {
                let mut a = vec![0.0; m * k];
                a[..nonzeros].copy_from_slice(&Random::new(3).uniform(nonzeros));
                let x = Random::new(4).uniform(k);
                let pruned = PrunedMatrix::new_on(isa, &a, m, k).unwrap();
                assert_eq!(pruned.is_sparse(), is_sparse, "{isa} {m}x{k} {nonzeros}");
                assert_eq!((pruned.m(), pruned.k(), pruned.isa()), (m, k, isa));
                let (mut out, mut want) = (Guarded::new(m, 3, GUARD), vec![0.0; m]);
                if is_sparse {
                    let sparse = SparseMatrix::new(&a, m, k).unwrap();
                    assert_eq!(pruned.bytes(), sparse.bytes());
                    sparse.gemv_into_on(isa, &x, &mut want).unwrap();
                } else {
                    assert_eq!(pruned.bytes(), 4 * m * k);
                    gemv_into_on(isa, &a, &x, m, k, &mut want).unwrap();
                }
                pruned.gemv_into(&x, out.middle()).unwrap();
                assert_eq!(out.check(), want, "{isa} {m}x{k} {nonzeros}");
                assert_eq!(pruned.gemv(&x).unwrap(), want);
            }
        }
    });
}

#[test]
fn what_is_not_finite_meets_the_weights_that_are_there() {
    each_isa("sparse_nan", |isa| {
        let sparse = SparseMatrix::new(&[1.0, 0.0, 0.0, 2.0, f32::NAN, 0.0], 3, 2).unwrap();
        assert_eq!(sparse.nonzeros(), 3);
        let mut out = [GUARD; 3];
        sparse.gemv_into_on(isa, &[f32::INFINITY, 1.0], &mut out).unwrap();
        assert_eq!(out[..2], [f32::INFINITY, 2.0]);
        assert!(out[2].is_nan());
    });
}

#[test]
fn the_smallest_weights_go() {
    for len in [1, 2, 10, 100, 999] {
        let weights = Random::new(len as u64).uniform(len);
        for ratio in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let mut pruned = weights.clone();
            let report = Magnitude::new(ratio).prune(&mut [Layer::new("a", &mut pruned, 1)]).unwrap();
            let count = (ratio * len as f64).round() as usize;
            let mut sizes: Vec<f32> = weights.iter().map(|x| x.abs()).collect();
            sizes.sort_by(f32::total_cmp);
            for (before, after) in weights.iter().zip(&pruned) {
                let goes = count > 0 && before.abs() <= sizes[count - 1];
                assert_eq!(*after, if goes { 0.0 } else { *before }, "{len} {ratio}");
            }
            assert_eq!(report.total.zeros, count);
            assert_eq!(report.total.density(), (len - count) as f64 / len as f64);
        }
    }
}

#[test]
fn of_equal_weights_the_first_go_and_nan_goes_last() {
    let mut weights = [1.0, -1.0, f32::NAN, 0.0, 1.0, -0.0];
    let report = Magnitude::new(0.5).prune(&mut [Layer::new("a", &mut weights, 2)]).unwrap();
    assert_eq!((weights[0], weights[1], weights[4], report.total.zeros), (0.0, -1.0, 1.0, 3));
    assert!(weights[2].is_nan());
}

#[test]
fn layers_are_pruned_together_or_each_by_itself() {
    let (small, large, head) = ([0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 3.0, 4.0], [0.01, 0.02]);
    let prune = |pruning: Magnitude<'_>| {
        let (mut a, mut b, mut c) = (small, large, head);
        let mut layers =
            [Layer::new("small", &mut a, 2), Layer::new("large", &mut b, 2), Layer::new("head", &mut c, 1)];
        let report = pruning.prune(&mut layers).unwrap();
        (a, b, c, report)
    };
    let pruning = Magnitude::new(0.5).leave_out(&["head"]);
    let (a, b, c, report) = prune(pruning);
    assert_eq!((a, b, c), ([0.0, 0.0, 0.3, 0.4], [0.0, 0.0, 3.0, 4.0], head));
    let names: Vec<_> = report.layers.iter().map(|layer| (&layer.name[..], layer.pruned)).collect();
    assert_eq!(names, [("small", true), ("large", true), ("head", false)]);
    let (a, b, c, report) = prune(pruning.together());
    assert_eq!((a, b, c), ([0.0; 4], large, head));
    let zeros: Vec<_> = report.layers.iter().map(|layer| layer.weights.zeros).collect();
    assert_eq!((zeros, report.total.zeros, report.total.weights), (vec![4, 0, 0], 4, 10));
    // Without a name that is left out, the head goes first.
    let (a, _, c, _) = prune(Magnitude::new(0.2).together());
    assert_eq!((a, c), (small, [0.0, 0.0]));
}

#[test]
fn the_report_counts_the_bytes_of_either_form() {
    let (m, k) = (20, 100);
    let mut a = Random::new(1).uniform(m * k);
    let mut dense = vec![1.0; 50];
    let mut layers = [Layer::new("a", &mut a, m), Layer::new("dense", &mut dense, 5)];
    let report = Magnitude::new(0.9).leave_out(&["dense"]).prune(&mut layers).unwrap();
    let [of_a, of_dense] = [report.layers[0].weights, report.layers[1].weights];
    let sparse = SparseMatrix::new(&a, m, k).unwrap();
    let bytes = |counts: WeightCounts| (counts.dense_bytes, counts.sparse_bytes, counts.smallest_bytes);
    assert_eq!(bytes(of_a), (8000, sparse.bytes(), sparse.bytes()));
    assert_eq!(of_a.compression(), 8000.0 / sparse.bytes() as f64);
    assert_eq!(bytes(of_dense), (200, 50 * 6 + 6 * size_of::<usize>(), 200));
    assert_eq!(of_dense.compression(), 1.0);
    assert_eq!(report.total.smallest_bytes, sparse.bytes() + 200);
    assert_eq!(report.total.compression(), 8200.0 / (sparse.bytes() + 200) as f64);
}

#[test]
fn wrong_calls_are_errors_and_change_nothing() {
    let weights = [1.0, 2.0, 3.0];
    let message = |pruning: Magnitude<'_>, rows| {
        let (mut first, mut second) = (weights, weights);
        let mut layers = [Layer::new("first", &mut first, 1), Layer::new("second", &mut second, rows)];
        let error = pruning.prune(&mut layers).unwrap_err();
        assert_eq!((first, second), (weights, weights));
        error.to_string()
    };
    for ratio in [-0.1, 1.1, 1.0 + f64::EPSILON, f64::NAN, f64::INFINITY] {
        let want = format!("ratio: expected a number from 0 to 1, got {ratio}");
        assert_eq!(message(Magnitude::new(ratio), 1), want);
    }
    assert_eq!(message(Magnitude::new(0.5), 0), "rows: expected at least 1, got 0");
    assert_eq!(message(Magnitude::new(0.5), 2), "weights: expected a multiple of 2, got 3");
    let names = ["first", "secnod"];
    let want = "leave_out[1]: expected the name of a layer, got another";
    assert_eq!(message(Magnitude::new(0.5).leave_out(&names), 1), want);
    assert_eq!(message(Magnitude::new(0.5).together().leave_out(&names), 1), want);
    let empty = Magnitude::new(0.5).prune(&mut [Layer::new("empty", &mut [], 1)]).unwrap_err();
    assert_eq!(empty.to_string(), "weights: expected at least 1, got 0");

    let new = |len: usize, m, k| {
        let a = vec![1.0; len];
        let error = SparseMatrix::new(&a, m, k).unwrap_err();
        assert_eq!(PrunedMatrix::new(&a, m, k).unwrap_err(), error);
        error.to_string()
    };
    assert_eq!(new(0, 0, 3), "m: expected at least 1, got 0");
    assert_eq!(new(5, 2, 3), "a: expected a length of 6, got 5");
    assert!(new(0, usize::MAX, 3).starts_with("a: expected sizes that memory can hold"));
    assert!(SparseMatrix::new(&[], 2, 0).unwrap_err().to_string().starts_with("k: expected 1 to"));
    let missing = Isa::ALL.iter().find(|isa| !isa.is_available()).unwrap();
    PrunedMatrix::new_on(*missing, &[1.0], 1, 1).unwrap_err();

    let mut out = [GUARD; 2];
    for a in [[0.0; 6], [1.0; 6]] {
        let (sparse, pruned) = (SparseMatrix::new(&a, 2, 3).unwrap(), PrunedMatrix::new(&a, 2, 3).unwrap());
        let want = "x: expected a length of 3, got 2";
        assert_eq!(sparse.gemv_into(&[1.0; 2], &mut out).unwrap_err().to_string(), want);
        assert_eq!(pruned.gemv_into(&[1.0; 2], &mut out).unwrap_err().to_string(), want);
        assert_eq!(pruned.gemv(&[1.0; 2]).unwrap_err().to_string(), want);
        let want = "out: expected a length of 2, got 1";
        assert_eq!(sparse.gemv_into(&[1.0; 3], &mut out[..1]).unwrap_err().to_string(), want);
        assert_eq!(pruned.gemv_into(&[1.0; 3], &mut out[..1]).unwrap_err().to_string(), want);
        sparse.gemv_into_on(*missing, &[1.0; 3], &mut out).unwrap_err();
        let want = "out: expected a length of 6, got 2";
        assert_eq!(sparse.to_dense_into(&mut out).unwrap_err().to_string(), want);
    }
    assert_eq!(out, [GUARD; 2]);
}

#[test]
#[cfg(not(miri))]
fn alloc_free_forms_allocate_nothing() {
    let (m, k) = (30, 50);
    let x = vec![1.0; k];
    let (mut out, mut dense) = (vec![0.0; m], vec![0.0; m * k]);
    for density in [0.02, 1.0] {
        let a = matrix(m, k, density);
        let (sparse, pruned) = (SparseMatrix::new(&a, m, k).unwrap(), PrunedMatrix::new(&a, m, k).unwrap());
        let counted = allocation_counter::measure(|| {
            sparse.gemv_into(&x, &mut out).unwrap();
            pruned.gemv_into(&x, &mut out).unwrap();
            sparse.to_dense_into(&mut dense).unwrap();
        });
        assert_eq!(counted.count_total, 0);
    }
}

/// What may fail is done before anything changes: the sizes, the report's layers and their names.
#[test]
#[cfg(not(miri))]
fn pruning_allocates_nothing_else() {
    for pruning in [Magnitude::new(0.5), Magnitude::new(0.5).together()] {
        let (mut a, mut b, mut c) = ([1.0, 2.0], [3.0, 4.0], [5.0, 6.0]);
        let mut layers = [Layer::new("a", &mut a, 1), Layer::new("b", &mut b, 1), Layer::new("c", &mut c, 1)];
        let counted = allocation_counter::measure(|| drop(pruning.prune(&mut layers).unwrap()));
        assert_eq!(counted.count_total, 2 + 3);
    }
}
