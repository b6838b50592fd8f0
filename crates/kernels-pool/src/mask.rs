//! Attention masks, as tokenizers give them.

use crate::error::Error;
use std::ops::Range;

/// A value of an attention mask: `u8`, `bool` or `i64`. 1 is a token that counts, and 0 is padding.
pub trait MaskValue: Copy + Send + Sync + 'static + sealed::Masks {}

mod sealed {
    pub trait Masks: Sized {
        fn masks(mask: &[Self]) -> super::Mask<'_>;
    }
}

macro_rules! mask_value {
    ($($type:ty: $variant:ident;)*) => {
        $(impl MaskValue for $type {}

        impl sealed::Masks for $type {
            #[inline]
            fn masks(mask: &[Self]) -> Mask<'_> {
                Mask::$variant(mask)
            }
        })*
    };
}

mask_value! {
    u8: U8;
    bool: Bool;
    i64: I64;
}

/// A mask of any type.
#[derive(Clone, Copy, Debug)]
pub enum Mask<'a> {
    U8(&'a [u8]),
    Bool(&'a [bool]),
    I64(&'a [i64]),
}

impl<'a> Mask<'a> {
    /// Checks that there is nothing in it but 0 and 1. (Token ids in the place of a mask would otherwise look like one.)
    pub(crate) fn new<M: MaskValue>(mask: &'a [M]) -> Result<Self, Error> {
        let mask = M::masks(mask);
        let wrong = match mask {
            Self::U8(mask) => find(mask, |x| x > 1).map(|index| (index, mask[index].into())),
            Self::Bool(_) => None,
            Self::I64(mask) => find(mask, |x| x & !1 != 0).map(|index| (index, mask[index])),
        };
        wrong.map_or(Ok(mask), |(index, got)| Err(Error::Mask { index, got }))
    }

    /// The first token that counts, or that does not, of those in a range; the range's end if there is none.
    #[inline(always)]
    pub(crate) fn first(self, active: bool, range: Range<usize>) -> usize {
        let end = range.end;
        let found = match self {
            Self::U8(mask) => find(&mask[range.clone()], |x| (x != 0) == active),
            Self::Bool(mask) => find(&mask[range.clone()], |x| x == active),
            Self::I64(mask) => find(&mask[range.clone()], |x| (x != 0) == active),
        };
        found.map_or(end, |index| range.start + index)
    }

    #[inline(always)]
    pub(crate) fn is_active(self, index: usize) -> bool {
        match self {
            Self::U8(mask) => mask[index] != 0,
            Self::Bool(mask) => mask[index],
            Self::I64(mask) => mask[index] != 0,
        }
    }
}

/// Values that are looked at together, without a branch for each.
const TOGETHER: usize = 16;

/// Where the first of these is.
#[inline(always)]
fn find<T: Copy>(mask: &[T], is_it: impl Fn(T) -> bool) -> Option<usize> {
    let (blocks, _) = mask.as_chunks::<TOGETHER>();
    let none = blocks.iter().take_while(|block| !block.iter().fold(false, |any, x| any | is_it(*x))).count();
    let start = none * TOGETHER;
    mask[start..].iter().position(|x| is_it(*x)).map(|index| start + index)
}
