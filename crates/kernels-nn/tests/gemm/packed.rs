//! Matrices that are packed once.

use crate::data::Case;
use kernels_nn::*;
use kernels_testing::each_isa;

#[test]
fn a_repacked_matrix_is_as_a_new_one() {
    each_isa("packed_matrix", |isa| {
        for [k, n] in [[5, 18], [20, 7], [3, 16], [9, 33]] {
            let (first, second) = (Case::new([3, k, n]), Case::new([4, k, n]));
            let fresh = PackedMatrix::new_on(isa, &second.b, k, n).unwrap();
            let want = Gemm::new(&fresh).run(&second.a, 4).unwrap();
            let mut packed = PackedMatrix::new_on(isa, &first.b, k, n).unwrap();
            let before = Gemm::new(&packed).run(&second.a, 4).unwrap();
            assert_ne!(before, want);

            // An error changes nothing.
            let length = Error::Length { what: "b", expected: k * n, got: k * n - 1 };
            assert_eq!(packed.repack(&second.b[1..]), Err(length));
            assert_eq!(packed.repack_transposed(&second.bt[1..]), Err(length));
            assert_eq!(Gemm::new(&packed).run(&second.a, 4).unwrap(), before);

            packed.repack(&second.b).unwrap();
            assert_eq!(Gemm::new(&packed).run(&second.a, 4).unwrap(), want);
            packed.repack_transposed(&first.bt).unwrap();
            assert_eq!(Gemm::new(&packed).run(&second.a, 4).unwrap(), before);
            assert_eq!((packed.k(), packed.n(), packed.isa()), (k, n, isa));
        }
    });
}

#[test]
fn what_was_not_finite_leaves_nothing_behind() {
    each_isa("packed_matrix_nan", |isa| {
        let case = Case::new([2, 5, 18]);
        let mut packed = PackedMatrix::new_on(isa, &[f32::NAN; 5 * 18], 5, 18).unwrap();
        assert!(Gemm::new(&packed).run(&case.a, 2).unwrap().iter().all(|x| x.is_nan()));
        packed.repack(&case.b).unwrap();
        case.check("repacked", &Gemm::new(&packed).run(&case.a, 2).unwrap());
    });
}
