//! Scaled dot-product attention of one query.

/// The weighted mean of `values` by the softmax of the scores, of the keys that are seen: `keys` and `values` are rows, `seen`
/// and `bias` have one value for each of them. Zeros if none is seen.
#[must_use]
pub fn attend(
    query: &[f32],
    keys: &[&[f32]],
    values: &[&[f32]],
    scale: f64,
    seen: &[bool],
    bias: &[f64],
) -> Vec<f64> {
    let dot = |key: &[f32]| query.iter().zip(key).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let scores: Vec<f64> = keys.iter().zip(bias).map(|(key, bias)| dot(key) * scale + bias).collect();
    let weights = super::rows::softmax(&scores, seen);
    let dim = values.first().map_or(0, |value| value.len());
    let mut out = vec![0.0; dim];
    for ((weight, value), _) in weights.iter().zip(values).zip(seen).filter(|(_, seen)| **seen) {
        for (out, x) in out.iter_mut().zip(*value) {
            *out += weight * f64::from(*x);
        }
    }
    out
}
