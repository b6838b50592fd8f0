//! Token ids side by side.

use crate::contract::message;
use kernels_pool::{PaddingSide, pack_padded, pack_padded_into};
use kernels_testing::{Guarded, Random, reference};

#[test]
fn packing_is_what_the_reference_makes() {
    let mut random = Random::new(1);
    for texts in 1..if cfg!(miri) { 3 } else { 8 } {
        for most in 1..if cfg!(miri) { 4 } else { 8 } {
            let lens: Vec<usize> = (0..texts).map(|_| random.below(most)).collect();
            let ids: Vec<i64> = (0..lens.iter().sum::<usize>()).map(|_| random.bits() as i64).collect();
            for (side, (want, mask)) in [
                (PaddingSide::Right, reference::pool::pack_padded(&ids, &lens, -9)),
                (PaddingSide::Left, reference::pool::pack_padded_left(&ids, &lens, -9)),
            ] {
                assert_eq!(pack_padded(&ids, &lens, -9, side), Ok((want.clone(), mask.clone())), "{lens:?}");
                let [mut out, mut got] = [Guarded::new(want.len(), 3, 77), Guarded::new(want.len(), 1, 77)];
                pack_padded_into(&ids, &lens, -9, side, out.middle(), got.middle()).unwrap();
                assert_eq!((out.check(), got.check()), (&want[..], &mask[..]));
            }
        }
    }
    assert_eq!(PaddingSide::default(), PaddingSide::Right);
}

#[test]
fn texts_without_ids_are_fine() {
    assert_eq!(pack_padded(&[], &[0, 0], 5, PaddingSide::Right), Ok((vec![], vec![])));
    let packed = pack_padded(&[7], &[0, 1], 5, PaddingSide::Left);
    assert_eq!(packed, Ok((vec![5, 7], vec![0, 1])));
}

#[test]
fn wrong_lengths_are_errors_and_write_nothing() {
    let pack = |ids: &[i64], lens: &[usize]| message(pack_padded(ids, lens, 0, PaddingSide::Right));
    assert_eq!(pack(&[], &[]), "lens: expected at least one, got none");
    assert_eq!(pack(&[1], &[]), "lens: expected at least one, got none");
    assert_eq!(pack(&[1, 2], &[1, 2]), "ids: expected a length of 3, got 2");
    let too_large = "lens: expected lengths that memory can hold, got a product or sum beyond it";
    assert_eq!(pack(&[1, 2], &[usize::MAX, 3]), too_large);
    assert_eq!(pack(&[1, 2], &[usize::MAX]), format!("ids: expected a length of {}, got 2", usize::MAX));
    let (mut out, mut mask) = ([77; 5], [77; 5]);
    let mut into = |out_len: usize, mask_len: usize| {
        let (out, mask) = (&mut out[..out_len], &mut mask[..mask_len]);
        message(pack_padded_into(&[1, 2, 3], &[1, 2], 0, PaddingSide::Left, out, mask))
    };
    assert_eq!(into(3, 4), "out: expected a length of 4, got 3");
    assert_eq!(into(5, 4), "out: expected a length of 4, got 5");
    assert_eq!(into(4, 3), "mask: expected a length of 4, got 3");
    assert_eq!((out, mask), ([77; 5], [77; 5]));
}
