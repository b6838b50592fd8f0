//! Pooling in one line each.

use super::{Pooled, Pooler, Pooling};
use crate::error::Error;
use crate::mask::MaskValue;
use crate::tokens::Tokens;

macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident, $into:ident: $pooling:ident, $example:literal;)*) => {
        $($(#[$doc])*
        ///
        /// - `x`: `[batch, seq, hidden]`, row-major
        /// - `mask`: `[batch, seq]`, 1 for a token that counts and 0 for padding, which has no effect, whatever it holds
        ///
        /// Returns `[batch, hidden]`. A text without tokens that count gives zeros. For more, see [`Pooler`].
        ///
        /// ```
        /// // Two tokens and one of padding, of dimension 2.
        /// let (x, mask) = ([1.0, 4.0, 3.0, 2.0, f32::NAN, 9.0], [1_u8, 1, 0]);
        #[doc = concat!("let row = kernels_pool::", stringify!($name), "(&x, &mask, 1, 3, 2)?;")]
        #[doc = concat!("assert_eq!(row, ", $example, ");")]
        /// # Ok::<(), kernels_pool::Error>(())
        /// ```
        ///
        /// # Errors
        /// As [`Tokens::masked`] and [`Pooler::pool`].
        pub fn $name<M: MaskValue>(
            x: &[f32],
            mask: &[M],
            batch: usize,
            seq: usize,
            hidden: usize,
        ) -> Result<Vec<f32>, Error> {
            Pooler::new(Pooling::$pooling).pool(Tokens::masked(x, mask, batch, seq, hidden)?)
        }

        #[doc = concat!("As [`", stringify!($name), "`], into `out`: `[batch, hidden]`. Allocates nothing.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]; if `out` has another length. It is then as it was.")]
        pub fn $into<M: MaskValue>(
            x: &[f32],
            mask: &[M],
            batch: usize,
            seq: usize,
            hidden: usize,
            out: &mut [f32],
        ) -> Result<Pooled, Error> {
            Pooler::new(Pooling::$pooling).pool_into(Tokens::masked(x, mask, batch, seq, hidden)?, out)
        })*
    };
}

pools! {
    /// The embedding of the first token that counts.
    cls_pool, cls_pool_into: Cls, "[1.0, 4.0]";
    /// The embedding of the last token that counts.
    last_token_pool, last_token_pool_into: LastToken, "[3.0, 2.0]";
    /// The largest value of each dimension; NaN if one is NaN.
    max_pool, max_pool_into: Max, "[3.0, 4.0]";
    /// The mean of the tokens' embeddings, within `4 * 2^-24` of the mean of their sizes.
    mean_pool, mean_pool_into: Mean, "[2.0, 3.0]";
    /// The sum of the tokens' embeddings, divided by the square root of their number.
    mean_sqrt_len_pool, mean_sqrt_len_pool_into: MeanSqrtLen, "[(8.0_f32).sqrt(), (18.0_f32).sqrt()]";
    /// The mean of the tokens' embeddings, each weighted by its position from 1 on, which is that of the first token
    /// that counts.
    weighted_mean_pool, weighted_mean_pool_into: WeightedMean, "[7.0 / 3.0, 8.0 / 3.0]";
}
