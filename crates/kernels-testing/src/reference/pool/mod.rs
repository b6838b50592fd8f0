//! From token embeddings to stored vectors, and what is computed of these. In `f64`, but for codes, which the rounding
//! of `f32` decides on.
//!
//! Arrays are row-major slices of `f32`, `f64` or whatever else is a number without rounding. Nothing is checked.

mod compare;
mod documents;
mod pooling;
mod projection;
mod quantize;

pub use compare::{
    cosine, dot, dot_binary, dot_int8, hamming, l2_normalize, l2_squared, nearest, top_k, truncate,
};
pub use documents::{
    chunk_centre_weighted, chunk_length_weighted, chunk_max, chunk_mean, pack_padded, pack_padded_left,
    windows,
};
pub use pooling::{
    cls_pool, last_token_pool, max_pool, mean_pool, mean_sqrt_len_pool, pool, weighted_mean_pool,
};
pub use projection::{Pca, pca, project};
pub use quantize::{
    Ranges, bf16_value, dequantize_binary, dequantize_int8, dequantize_ubinary, dequantize_uint8, f16_value,
    quantize_binary, quantize_int8, quantize_ubinary, quantize_uint8, ranges, round_to_bf16, round_to_f16,
};

/// The largest: NaN if any is, negative infinity of none.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NEG_INFINITY, |max, x| if max.is_nan() || max > x { max } else { x })
}

/// `sum(weight * value) / sum(weight)` of pairs of both.
fn weighted_mean(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let weights: f64 = pairs.clone().map(|(weight, _)| weight).sum();
    pairs.map(|(weight, value)| weight * value).sum::<f64>() / weights
}
