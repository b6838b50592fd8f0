//! Projections that need no data.

use super::Projection;
use crate::error::{Error, positive, product, vec_of};

impl Projection {
    /// A random projection from `hidden` to `k` dimensions: every weight is `sqrt(1 / k)` or `-sqrt(1 / k)`, by a
    /// fair coin; no bias.
    ///
    /// The squared length of a row stays what it was, on average. For any `n` rows, with a probability of at least
    /// `1 - n^-b`, all squared distances stay within a factor of 1 - e to 1 + e, if
    /// `k >= (4 + 2 b) ln(n) / (e^2 / 2 - e^3 / 3)` (Achlioptas, "Database-friendly random projections", 2003,
    /// theorem 1.1).
    ///
    /// The same seed gives the same weights everywhere. The coins, row by row, are the bits of SplitMix64 (Steele,
    /// Lea and Flood, 2014), the lowest bit of a number first; a 1 is negative.
    ///
    /// ```
    /// use kernels_pool::Projection;
    ///
    /// let projection = Projection::random(1024, 256, 42)?;
    /// assert_eq!(projection.weights()[0].abs(), 0.0625);
    /// assert_eq!(projection.project(&[1.0; 2 * 1024])?.len(), 2 * 256);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `hidden` or `k` is 0, or the weights do not fit in memory.
    pub fn random(hidden: usize, k: usize, seed: u64) -> Result<Self, Error> {
        positive("hidden", hidden)?;
        positive("k", k)?;
        let mut weights =
            vec_of("weights", (1.0 / k as f64).sqrt() as f32, product("weights", &[k, hidden])?)?;
        let mut state = seed;
        for weights in weights.chunks_mut(64) {
            let coins = split_mix(&mut state);
            for (i, weight) in weights.iter_mut().enumerate() {
                if coins >> i & 1 == 1 {
                    *weight = -*weight;
                }
            }
        }
        Ok(Self { weights, bias: Vec::new(), hidden, k, isa: None })
    }
}

/// The next number of SplitMix64.
const fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
