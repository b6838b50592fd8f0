//! Address ranges, aligned vectors, working memory.

use proptest::prelude::*;
use simd_core::alias::{Overlap, Span, SpanError, overlap};
use simd_core::{AlignedVec, Scratch, ScratchError};

#[test]
fn ranges_that_no_slice_can_have_are_errors() {
    let x = [0_u32; 2];
    let odd = x.as_ptr().cast::<u8>().wrapping_add(2).cast::<u32>();
    assert_eq!(Span::new(std::ptr::null::<u32>(), 0), Err(SpanError::Null));
    assert_eq!(Span::new(odd, 1), Err(SpanError::Misaligned { align: 4 }));
    for len in [usize::MAX, usize::MAX / 4, isize::MAX as usize / 4 + 1] {
        assert_eq!(Span::new(x.as_ptr(), len), Err(SpanError::TooLarge { len }));
    }
    let last = std::ptr::without_provenance::<u32>(usize::MAX - 3);
    assert_eq!(Span::new(last, 1), Err(SpanError::TooLarge { len: 1 }));
    assert!(Span::new(last, 0).is_ok());
    assert_eq!(Span::new(x.as_ptr(), 2), Ok(Span::of(&x)));
}

#[test]
fn overlap_is_found_at_every_offset() {
    let xs = [0_u16; 20];
    let span = |start: usize, len: usize| Span::of(&xs[start..start + len]);
    for start in 0..16 {
        let want = match start {
            6 => Overlap::Same,
            3..=9 => Overlap::Partial,
            _ => Overlap::Disjoint,
        };
        assert_eq!(overlap(span(start, 4), span(6, 4)), want, "at {start}");
        assert_eq!(overlap(span(6, 4), span(start, 4)), want, "at {start}");
        assert_eq!(overlap(span(start, 0), span(6, 4)), Overlap::Disjoint, "empty at {start}");
    }
    assert_eq!(overlap(span(0, 9), span(3, 2)), Overlap::Partial);
    assert_eq!(overlap(span(3, 0), span(3, 0)), Overlap::Disjoint);
}

#[test]
fn an_aligned_vector_keeps_its_values_and_its_memory() {
    let mut xs = AlignedVec::<f32>::new();
    assert!(xs.is_empty());
    xs.try_resize(40).unwrap();
    assert!(xs.iter().all(|&x| x == 0.0));
    xs[39] = 1.5;
    let address = xs.as_ptr().addr();
    assert_eq!(address % 64, 0);
    xs.try_resize(3).unwrap();
    assert_eq!(xs.len(), 3);
    xs.try_resize(40).unwrap();
    assert_eq!((xs[39], xs.as_ptr().addr()), (1.5, address));
    let copy = xs.clone();
    assert_eq!((copy[39], copy.as_ptr().addr() % 64), (1.5, 0));
    assert_eq!(format!("{:?}", &copy[38..]), "[0.0, 1.5]");
    assert!(xs.try_resize(usize::MAX).is_err());
    assert_eq!(xs.len(), 40);
}

#[test]
fn slices_of_a_frame_are_apart_and_aligned() {
    let mut scratch = Scratch::with_limit(1000);
    let mut frame = scratch.frame(300).unwrap();
    let (bytes, floats) = (frame.take::<u8>(65).unwrap(), frame.take::<f64>(9).unwrap());
    assert_eq!((bytes.as_ptr().addr() % 64, floats.as_ptr().addr() % 64), (0, 0));
    bytes.fill(0xFF);
    assert!(floats.iter().all(|&x| x == 0.0));
    assert_eq!((frame.stats().in_use, frame.stats().high_water), (256, 256));
    assert_eq!(frame.take::<u8>(65), Err(ScratchError::FrameTooSmall { needed: 128, left: 64 }));
    assert_eq!(frame.take::<u8>(64).unwrap().len(), 64);
    assert_eq!(frame.take::<i32>(0).unwrap(), [0; 0]);
}

#[test]
fn set_up_objects_can_be_shared_cloned_and_printed() {
    fn is<T: Send + Sync + Clone + std::fmt::Debug>() {}
    is::<AlignedVec<f32>>();
    is::<Scratch>();
}

#[test]
fn the_limit_holds_and_statistics_are_honest() {
    let mut scratch = Scratch::with_limit(1000);
    // 15 whole lines fit in 1000 bytes.
    for bytes in [961, 1000, usize::MAX] {
        let error = scratch.frame(bytes).unwrap_err();
        assert_eq!(error, ScratchError::OverLimit { needed: bytes, limit: 960 });
        assert_eq!((scratch.stats().allocated, scratch.stats().grows), (0, 0));
    }
    scratch.frame(960).unwrap();
    assert_eq!((scratch.stats().allocated, scratch.stats().grows, scratch.stats().high_water), (960, 1, 0));
    scratch.frame(100).unwrap().take::<u8>(70).unwrap();
    let stats = scratch.stats();
    assert_eq!((stats.in_use, stats.high_water, stats.grows, stats.limit), (0, 128, 1, 960));
    // A frame has what it asked for, not what there is.
    let more = ScratchError::FrameTooSmall { needed: 256, left: 128 };
    assert_eq!(scratch.frame(100).unwrap().take::<u8>(200), Err(more));
    // A frame that is forgotten does not count for ever.
    std::mem::forget(scratch.frame(64));
    assert_eq!(scratch.frame(64).unwrap().stats().in_use, 0);
    assert!(matches!(
        Scratch::with_limit(usize::MAX).frame(usize::MAX / 2),
        Err(ScratchError::OutOfMemory { .. })
    ));
    assert_eq!(Scratch::bytes::<f64>(usize::MAX / 4), usize::MAX);
    assert_eq!(Scratch::bytes::<u8>(usize::MAX - 10), usize::MAX);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 0 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn overlap_means_a_common_element(a in 0..30_usize, n in 0..9_usize, b in 0..30_usize, m in 0..9_usize) {
        let xs = [0_u8; 40];
        let common = (a..a + n).any(|i| (b..b + m).contains(&i));
        let found = overlap(Span::of(&xs[a..a + n]), Span::of(&xs[b..b + m]));
        prop_assert_eq!(found != Overlap::Disjoint, common);
        prop_assert_eq!(found == Overlap::Same, common && (a, n) == (b, m));
    }
}
