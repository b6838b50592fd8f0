//! Softmax and norms of one row.

/// `exp(x - largest) / sum`, of those that count; zeros if none does.
#[must_use]
pub fn softmax(row: &[f64], counts: &[bool]) -> Vec<f64> {
    log_softmax(row, counts).into_iter().map(f64::exp).collect()
}

/// Its logarithm: negative infinity for what does not count.
#[must_use]
pub fn log_softmax(row: &[f64], counts: &[bool]) -> Vec<f64> {
    assert_eq!(row.len(), counts.len());
    let active = || row.iter().zip(counts).filter(|(_, counts)| **counts).map(|(x, _)| *x);
    let largest = active().fold(f64::NEG_INFINITY, |a, b| if b.is_nan() || b > a { b } else { a });
    let nan = active().any(f64::is_nan);
    let sum: f64 = active().map(|x| (x - largest).exp()).sum();
    let logarithm = |(x, counts): (&f64, &bool)| match counts {
        _ if largest == f64::NEG_INFINITY => largest,
        true if nan => f64::NAN,
        true => x - largest - sum.ln(),
        false => f64::NEG_INFINITY,
    };
    row.iter().zip(counts).map(logarithm).collect()
}

/// The mean is subtracted and the root of the variance plus `eps` divided by: before `weight` and `bias`.
#[must_use]
pub fn standardize(row: &[f64], eps: f64) -> Vec<f64> {
    let n = row.len() as f64;
    let mean = row.iter().sum::<f64>() / n;
    let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    row.iter().map(|x| (x - mean) / (variance + eps).sqrt()).collect()
}

/// Divided by the root of the mean square plus `eps`: before `weight`.
#[must_use]
pub fn divide_by_rms(row: &[f64], eps: f64) -> Vec<f64> {
    let square = row.iter().map(|x| x * x).sum::<f64>() / row.len() as f64;
    row.iter().map(|x| x / (square + eps).sqrt()).collect()
}
