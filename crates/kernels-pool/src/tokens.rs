//! Token embeddings as the caller holds them.

use crate::error::{Error, length, positive, product};
use crate::mask::{Mask, MaskValue};
use crate::value::Value;
use std::ops::Range;

/// A view of token embeddings, row-major, and of which of them count. Validated once; it copies nothing.
///
/// What padding holds is never read.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Tokens<'a, T = f32> {
    values: &'a [T],
    hidden: usize,
    batch: usize,
    layout: Layout<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Layout<'a> {
    Masked { mask: Mask<'a>, seq: usize },
    Padded { lens: &'a [usize], seq: usize },
    Ragged { lens: &'a [usize] },
}

impl<'a, T: Value> Tokens<'a, T> {
    /// Padded texts with an attention mask: padding to the right, to the left, or anywhere.
    ///
    /// - `x`: `[batch, seq, hidden]`
    /// - `mask`: `[batch, seq]`, 1 for a token that counts and 0 for padding
    ///
    /// ```
    /// use kernels_pool::{Pooler, Pooling, Tokens};
    /// let (x, mask) = ([1.0, 2.0, f32::NAN, f32::NAN], [1_i64, 0]);
    /// let tokens = Tokens::masked(&x, &mask, 1, 2, 2)?;
    /// assert_eq!(Pooler::new(Pooling::Mean).pool(tokens)?, [1.0, 2.0]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a size is 0, `x` or `mask` has another length than the sizes call for, or `mask` holds something else than
    /// 0 and 1.
    pub fn masked<M: MaskValue>(
        x: &'a [T],
        mask: &'a [M],
        batch: usize,
        seq: usize,
        hidden: usize,
    ) -> Result<Self, Error> {
        for (what, size) in [("batch", batch), ("seq", seq), ("hidden", hidden)] {
            positive(what, size)?;
        }
        length("x", product("x", &[batch, seq, hidden])?, x.len())?;
        length("mask", batch * seq, mask.len())?;
        Ok(Self { values: x, hidden, batch, layout: Layout::Masked { mask: Mask::new(mask)?, seq } })
    }

    /// Texts that are padded to the right.
    ///
    /// - `x`: `[lens.len(), seq, hidden]`
    /// - `lens`: how many tokens of each text count: its first ones
    ///
    /// # Errors
    /// If a size is 0, there are no texts, `x` has another length than the sizes call for, or a length is over `seq`.
    pub fn padded(x: &'a [T], lens: &'a [usize], seq: usize, hidden: usize) -> Result<Self, Error> {
        some("lens", lens.len())?;
        positive("seq", seq)?;
        positive("hidden", hidden)?;
        length("x", product("x", &[lens.len(), seq, hidden])?, x.len())?;
        if let Some(index) = lens.iter().position(|&len| len > seq) {
            return Err(Error::Len { what: "lens", index, max: seq, got: lens[index] });
        }
        Ok(Self { values: x, hidden, batch: lens.len(), layout: Layout::Padded { lens, seq } })
    }

    /// Texts one after another, without padding.
    ///
    /// - `x`: `[sum of lens, hidden]`
    /// - `lens`: the tokens of each text; 0 is an empty text
    ///
    /// # Errors
    /// If `hidden` is 0, there are no texts, or `x` has another length than the lengths call for.
    pub fn ragged(x: &'a [T], lens: &'a [usize], hidden: usize) -> Result<Self, Error> {
        some("lens", lens.len())?;
        positive("hidden", hidden)?;
        let tokens = lens.iter().try_fold(0_usize, |sum, &len| sum.checked_add(len));
        let expected = product("x", &[tokens.ok_or(Error::TooLarge { what: "lens" })?, hidden])?;
        length("x", expected, x.len())?;
        Ok(Self { values: x, hidden, batch: lens.len(), layout: Layout::Ragged { lens } })
    }

    /// How many texts there are.
    #[must_use]
    pub const fn batch(&self) -> usize {
        self.batch
    }

    /// The length of an embedding.
    #[must_use]
    pub const fn hidden(&self) -> usize {
        self.hidden
    }

    /// Some columns of a token's embedding.
    #[inline(always)]
    pub(crate) fn row(&self, token: usize, columns: &Range<usize>) -> &'a [T] {
        &self.values[token * self.hidden..][columns.clone()]
    }

    /// The embeddings of some tokens that lie one after another.
    #[inline(always)]
    pub(crate) fn rows(&self, tokens: Range<usize>) -> &'a [T] {
        &self.values[tokens.start * self.hidden..tokens.end * self.hidden]
    }

    /// The tokens of each text, in order.
    #[inline(always)]
    pub(crate) fn texts(&self) -> impl Iterator<Item = Active<'a>> + use<'a, T> {
        let (layout, mut next) = (self.layout, 0);
        (0..self.batch).map(
            #[inline(always)]
            move |text| {
                let first = next;
                let (end, mask) = match layout {
                    Layout::Masked { mask, seq } => {
                        next += seq;
                        (next, Some(mask))
                    }
                    Layout::Padded { lens, seq } => {
                        next += seq;
                        (first + lens[text], None)
                    }
                    Layout::Ragged { lens } => {
                        next += lens[text];
                        (next, None)
                    }
                };
                Active { tokens: first..end, mask }
            },
        )
    }
}

/// That there is at least one.
const fn some(what: &'static str, len: usize) -> Result<(), Error> {
    if len > 0 { Ok(()) } else { Err(Error::Empty { what }) }
}

/// The tokens of a text that count.
#[derive(Clone, Debug)]
pub(crate) struct Active<'a> {
    tokens: Range<usize>,
    mask: Option<Mask<'a>>,
}

impl Active<'_> {
    #[inline(always)]
    fn is_active(&self, token: usize) -> bool {
        self.mask.is_none_or(|mask| mask.is_active(token))
    }

    /// The first of them.
    #[inline(always)]
    pub(crate) fn first(&self) -> Option<usize> {
        match self.mask {
            Some(mask) => {
                Some(mask.first(true, self.tokens.clone())).filter(|token| *token < self.tokens.end)
            }
            None => self.tokens.clone().next(),
        }
    }

    /// The last of them.
    #[inline(always)]
    pub(crate) fn last(&self) -> Option<usize> {
        self.tokens.clone().rev().find(|token| self.is_active(*token))
    }

    /// Runs of tokens without padding between them, in order.
    #[inline(always)]
    pub(crate) fn runs(self) -> impl Iterator<Item = Range<usize>> {
        let Self { tokens: Range { start: mut next, end }, mask } = self;
        std::iter::from_fn(
            #[inline(always)]
            move || {
                let run = match mask {
                    None => next..end,
                    Some(mask) => {
                        let start = mask.first(true, next..end);
                        start..mask.first(false, start..end)
                    }
                };
                next = run.end;
                (!run.is_empty()).then_some(run)
            },
        )
    }
}
