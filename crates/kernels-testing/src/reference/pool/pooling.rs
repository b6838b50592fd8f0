//! Poolings, by the names and formulas of sentence-transformers.

use super::{largest, weighted_mean};

/// A token that counts, in one dimension: its position in the padded row, from 1 on, and its value.
type Token = (f64, f64);

/// `of` the active tokens of each row in each dimension, in order: `[batch, hidden]`. 0 without an active token.
fn each<T: Copy + Into<f64>>(
    x: &[T],
    active: &[bool],
    [batch, seq, hidden]: [usize; 3],
    of: impl Fn(&[Token]) -> f64,
) -> Vec<f64> {
    let mut pooled = Vec::new();
    for row in 0..batch {
        for dim in 0..hidden {
            let tokens: Vec<Token> = (0..seq)
                .filter(|token| active[row * seq + token])
                .map(|token| ((token + 1) as f64, x[(row * seq + token) * hidden + dim].into()))
                .collect();
            pooled.push(if tokens.is_empty() { 0.0 } else { of(&tokens) });
        }
    }
    pooled
}

fn sum(tokens: &[Token]) -> f64 {
    tokens.iter().map(|token| token.1).sum()
}

macro_rules! poolings {
    ($($(#[$doc:meta])* $pool:ident = $name:literal, $of:expr;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $pool<T: Copy + Into<f64>>(
                x: &[T], active: &[bool], batch: usize, seq: usize, hidden: usize
            ) -> Vec<f64> {
                each(x, active, [batch, seq, hidden], $of)
            }
        )*

        /// The pooling that sentence-transformers calls `name`.
        ///
        /// # Panics
        /// If there is none.
        #[must_use]
        pub fn pool<T: Copy + Into<f64>>(
            name: &str, x: &[T], active: &[bool], batch: usize, seq: usize, hidden: usize
        ) -> Vec<f64> {
            match name {
                $($name => $pool(x, active, batch, seq, hidden),)*
                _ => panic!("no pooling is called {name}"),
            }
        }
    };
}

poolings! {
    /// The first active token.
    cls_pool = "cls", |tokens| tokens[0].1;
    /// The last active token.
    last_token_pool = "lasttoken", |tokens| tokens[tokens.len() - 1].1;
    /// The largest value of each dimension: NaN if any is.
    max_pool = "max", |tokens| largest(tokens.iter().map(|token| token.1));
    /// The sum by the number of tokens.
    mean_pool = "mean", |tokens| sum(tokens) / tokens.len() as f64;
    /// The sum by the square root of the number of tokens.
    mean_sqrt_len_pool = "mean_sqrt_len_tokens", |tokens| sum(tokens) / (tokens.len() as f64).sqrt();
    /// The mean in which a token weighs as much as its position, from 1 on at the first active one.
    weighted_mean_pool = "weightedmean", |tokens| {
        weighted_mean(tokens.iter().map(|token| (token.0 - tokens[0].0 + 1.0, token.1)))
    };
}
