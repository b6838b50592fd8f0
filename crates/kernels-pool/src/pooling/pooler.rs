//! Pooling with all its options.

use super::kernel::{Plan, ToCodes, ToRows};
use super::{Pooled, Pooling};
use crate::error::{Error, between, length, product, vec_of};
use crate::quantize::{Encode, Ranges, ToBits, ToBytes};
use crate::tokens::Tokens;
use crate::value::Value;
use simd_core::{AlignedVec, Isa, dispatch_on};

/// Pools texts, and cuts, normalises and quantises what comes of it, in one pass over the tokens.
///
/// ```
/// use kernels_pool::{Pooler, Pooling, Tokens};
/// // Two texts, of two tokens and of one, of dimension 3; the first two dimensions are kept.
/// let tokens = Tokens::ragged(&[2.0, 0.0, 7.0, 4.0, 8.0, 7.0, 0.0, 0.5, 7.0], &[2, 1], 3)?;
/// let pooler = Pooler::new(Pooling::Mean).truncated(2).normalized();
/// assert_eq!(pooler.pool(tokens)?, [0.6, 0.8, 0.0, 1.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Pooler {
    plan: Plan,
    k: Option<usize>,
    isa: Option<Isa>,
    /// A row that is to be quantised.
    row: AlignedVec<f32>,
}

impl Pooler {
    /// Pools, and nothing else.
    pub const fn new(pooling: Pooling) -> Self {
        Self { plan: Plan { pooling, normalize: false }, k: None, isa: None, row: AlignedVec::new() }
    }

    /// Keeps the first `k` dimensions: those of a model that was trained so (Kusupati et al., [Matryoshka Representation
    /// Learning](https://arxiv.org/abs/2205.13147), 2022). The others are not even read.
    pub fn truncated(self, k: usize) -> Self {
        Self { k: Some(k), ..self }
    }

    /// Makes each vector one of length 1, after it is cut. Zeros stay zeros.
    pub fn normalized(self) -> Self {
        Self { plan: Plan { normalize: true, ..self.plan }, ..self }
    }

    /// Runs on a named instruction set.
    pub fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// The vectors: `[batch, hidden]`, or `[batch, k]`.
    ///
    /// A sum is within `4 * 2^-24` of the sum of the values' sizes (`5 * 2^-24` of the weighted sum), and a mean likewise of
    /// the mean of the sizes, for up to ten million tokens, if no sum of eight values, or of eight weighted ones, overflows, and
    /// nothing underflows.
    ///
    /// # Errors
    /// If `k` is 0 or more than `hidden`, if there is no memory, or as [`Isa::require`].
    pub fn pool<T: Value>(&self, tokens: Tokens<'_, T>) -> Result<Vec<f32>, Error> {
        let mut out = vec_of("out", 0.0, product("out", &[tokens.batch(), self.columns(tokens.hidden())?])?)?;
        self.pool_into(tokens, &mut out)?;
        Ok(out)
    }

    /// As [`pool`](Self::pool), into `out`: `[batch, hidden]`, or `[batch, k]`.
    ///
    /// # Errors
    /// As [`pool`](Self::pool); if `out` has another length.
    pub fn pool_into<T: Value>(&self, tokens: Tokens<'_, T>, out: &mut [f32]) -> Result<Pooled, Error> {
        let k = self.columns(tokens.hidden())?;
        length("out", product("out", &[tokens.batch(), k])?, out.len())?;
        Ok(dispatch_on(self.isa()?, ToRows { plan: self.plan, tokens, k, out })?)
    }

    /// How many dimensions are kept.
    pub(crate) fn columns(&self, hidden: usize) -> Result<usize, Error> {
        let k = self.k.unwrap_or(hidden);
        between("k", 1, hidden, k)?;
        Ok(k)
    }

    pub(crate) fn isa(&self) -> Result<Isa, Error> {
        Ok(match self.isa {
            Some(isa) => isa.require()?,
            None => Isa::active()?,
        })
    }

    fn codes<T: Value, E: Encode>(
        &mut self,
        tokens: Tokens<'_, T>,
        encoder: E,
    ) -> Result<Vec<E::Code>, Error> {
        let codes = encoder.codes(self.columns(tokens.hidden())?);
        let mut out = vec_of("out", E::Code::default(), product("out", &[tokens.batch(), codes])?)?;
        self.codes_into(tokens, encoder, &mut out)?;
        Ok(out)
    }

    fn codes_into<T: Value, E: Encode>(
        &mut self,
        tokens: Tokens<'_, T>,
        encoder: E,
        out: &mut [E::Code],
    ) -> Result<Pooled, Error> {
        let (k, isa) = (self.columns(tokens.hidden())?, self.isa()?);
        encoder.check(k)?;
        length("out", product("out", &[tokens.batch(), encoder.codes(k)])?, out.len())?;
        self.row.try_resize(k).map_err(|_| Error::OutOfMemory { what: "a row" })?;
        let row = &mut self.row;
        Ok(dispatch_on(isa, ToCodes { plan: self.plan, tokens, encoder, row, out })?)
    }
}

macro_rules! codes_into {
    ($($(#[$doc:meta])* $name:ident, $into:ident($($ranges:ident)?) -> $code:ty = $encoder:expr;)*) => {
        /// Fused with quantisation. The first call at a dimension allocates room for one row; later ones allocate nothing.
        impl Pooler {
            $($(#[$doc])*
            ///
            /// # Errors
            /// As [`pool`](Self::pool).
            #[doc = concat!("", $("And if `", stringify!($ranges), "` are of another dimension.")?)]
            pub fn $name<T: Value>(
                &mut self,
                tokens: Tokens<'_, T>
                $(, $ranges: &Ranges)?
            ) -> Result<Vec<$code>, Error> {
                self.codes(tokens, $encoder)
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), into `out`.")]
            ///
            /// # Errors
            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "); if `out` has another length.")]
            pub fn $into<T: Value>(
                &mut self,
                tokens: Tokens<'_, T>,
                $($ranges: &Ranges,)?
                out: &mut [$code],
            ) -> Result<Pooled, Error> {
                self.codes_into(tokens, $encoder, out)
            })*
        }
    };
}

codes_into! {
    /// The vectors as [`quantize_int8`](crate::quantize_int8) makes codes of them: `[batch, k]`.
    pool_int8, pool_int8_into(ranges) -> i8 = ToBytes::<i8>::new(ranges);
    /// The vectors as [`quantize_uint8`](crate::quantize_uint8) makes codes of them: `[batch, k]`.
    pool_uint8, pool_uint8_into(ranges) -> u8 = ToBytes::<u8>::new(ranges);
    /// The vectors as [`quantize_binary`](crate::quantize_binary) makes codes of them: `[batch, k / 8]`, rounded up.
    pool_binary, pool_binary_into() -> i8 = ToBits::<i8>::new();
    /// The vectors as [`quantize_ubinary`](crate::quantize_ubinary) makes codes of them: `[batch, k / 8]`, rounded up.
    pool_ubinary, pool_ubinary_into() -> u8 = ToBits::<u8>::new();
}
