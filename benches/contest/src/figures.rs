//! What is made of samples, and of results.

use crate::record::Spread;

/// The number below which this part of the samples lies, from 0 to 1; between two samples by their distance.
///
/// # Panics
/// If there are none.
#[must_use]
pub fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = part * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// The quartiles.
///
/// # Panics
/// If there are no samples.
#[must_use]
pub fn spread(samples: &[f64]) -> Spread {
    let [low, median, high] = [0.25, 0.5, 0.75].map(|part| quantile(samples, part));
    Spread { low, median, high }
}

/// How many times as long each took as the other of its round.
#[must_use]
pub fn ratios(times: &[f64], reference: &[f64]) -> Vec<f64> {
    times.iter().zip(reference).map(|(time, reference)| time / reference).collect()
}

/// The largest difference of results from what they should be, as a fraction of the largest magnitude of that output;
/// infinite where one is missing or not finite. Where there should be no number, there may be any; and the first part of
/// each output, from 0 to 1, is not looked at if it is by another convention.
#[must_use]
pub fn error(got: &[f64], want: &[Vec<f64>], skip: f64) -> f64 {
    if got.len() != want.iter().map(Vec::len).sum::<usize>() {
        return f64::INFINITY;
    }
    let (mut rest, mut largest) = (got, 0.0_f64);
    for want in want {
        let (got, others) = rest.split_at(want.len());
        rest = others;
        let magnitude = want.iter().filter(|x| x.is_finite()).fold(0.0_f64, |most, x| most.max(x.abs()));
        let scale = if magnitude > 0.0 { magnitude } else { 1.0 };
        let first = (skip.clamp(0.0, 1.0) * want.len() as f64) as usize;
        for (got, want) in got.iter().zip(want).skip(first).filter(|(_, want)| !want.is_nan()) {
            // Infinities are to be met, and differ from themselves by NaN.
            let difference = if got == want { 0.0 } else { (got - want).abs() / scale };
            largest = if difference.is_nan() { f64::INFINITY } else { largest.max(difference) };
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_samples() {
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        assert_eq!(quantile(&[7.0], 0.95), 7.0);
        assert_eq!(spread(&[1.0, 2.0, 3.0, 4.0, 5.0]), Spread { low: 2.0, median: 3.0, high: 4.0 });
    }

    #[test]
    fn pairs_share_what_slowed_both() {
        let slowed = [1.0, 1.0, 10.0];
        assert_eq!(ratios(&slowed.map(|t| 3.0 * t), &slowed), [3.0; 3]);
    }

    #[test]
    fn an_error_is_relative_to_its_own_output() {
        let want = [vec![f64::NAN, 100.0, -200.0], vec![0.5, 1.0]];
        assert_eq!(error(&[0.0, 100.0, -200.0, 0.5, 1.0], &want, 0.0), 0.0);
        assert_eq!(error(&[0.0, 101.0, -200.0, 0.5, 1.0], &want, 0.0), 0.005);
        assert_eq!(error(&[0.0, 100.0, -200.0, 0.6, 1.0], &want, 0.5), 0.0);
        assert_eq!(error(&[0.0, 100.0, -200.0, 0.5, 1.5], &want, 0.5), 0.5);
    }

    #[test]
    fn what_is_missing_or_no_number_is_infinitely_wrong() {
        let want = [vec![1.0, 2.0]];
        for got in [&[1.0][..], &[1.0, f64::NAN], &[1.0, f64::INFINITY], &[]] {
            assert_eq!(error(got, &want, 0.0), f64::INFINITY, "{got:?}");
        }
        assert_eq!(error(&[f64::INFINITY], &[vec![f64::INFINITY]], 0.0), 0.0);
        // A later right result does not make up for it.
        assert_eq!(error(&[f64::NAN, 2.0], &want, 0.0), f64::INFINITY);
    }
}
