//! However many threads there are, the results are the same.

use crate::data::Case;
use kernels_nn::*;
use kernels_testing::{Random, each_isa, small};

fn with_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

#[test]
fn threads_change_nothing() {
    if cfg!(miri) {
        return;
    }
    // Enough to be split several times, with odd ends, and too little to be split at all.
    let shapes: &[[usize; 3]] =
        if small() { &[[50, 600, 71], [3, 4, 5]] } else { &[[231, 600, 71], [61, 515, 530], [3, 4, 5]] };
    each_isa("gemm_parallel", |isa| {
        for &[m, k, n] in shapes {
            let Case { a, b, .. } = Case::new([m, k, n]);
            let mut random = Random::new(3);
            let (bias, residual) = (random.uniform(n), random.uniform(m * n));
            let packed = PackedMatrix::new_on(isa, &b, k, n).unwrap();
            let fused = Gemm::new(&packed).bias(&bias).activation(Activation::Relu).residual(&residual);
            let want = fused.run(&a, m).unwrap();
            for threads in [1, 2, 3, 5] {
                let mut out = vec![7.0; m * n];
                with_threads(threads, || fused.run_parallel_into(&a, m, &mut out)).unwrap();
                assert_eq!(out, want, "{isa} {threads}");
                assert_eq!(with_threads(threads, || fused.run_parallel(&a, m)).unwrap(), want);
            }
        }
    });
}

#[test]
fn threads_change_nothing_of_plain_products() {
    if cfg!(miri) {
        return;
    }
    let shapes: &[[usize; 3]] = if small() {
        &[[50, 600, 71], [1, 600, 90]]
    } else {
        // The last ones are vectors: large ones, and one taken to come from memory.
        &[[231, 600, 71], [1, 2000, 1100], [1300, 1700, 1]]
    };
    for &[m, k, n] in shapes {
        let Case { a, b, bt, .. } = Case::new([m, k, n]);
        let (want, want_bt) = (gemm(&a, &b, m, k, n).unwrap(), gemm_bt(&a, &bt, m, k, n).unwrap());
        for threads in [1, 3] {
            assert_eq!(with_threads(threads, || gemm_parallel(&a, &b, m, k, n)).unwrap(), want);
            assert_eq!(with_threads(threads, || gemm_bt_parallel(&a, &bt, m, k, n)).unwrap(), want_bt);
            if n == 1 {
                assert_eq!(with_threads(threads, || gemv_parallel(&a, &b, m, k)).unwrap(), want);
            }
        }
    }
}
