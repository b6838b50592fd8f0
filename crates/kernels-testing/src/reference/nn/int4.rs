//! Weights in four bits.

/// The step of each of some weights `b: [k, n]`: those of `group` steps along `k` have one together. A seventh of the largest
/// size, or, with a zero point, a fifteenth of what lies between the smallest and the largest, zero among them.
#[must_use]
pub fn steps(b: &[f32], k: usize, n: usize, group: usize, zero_points: bool) -> Vec<f64> {
    let mut steps = vec![0.0; k * n];
    for j in 0..n {
        for first in (0..k).step_by(group) {
            let rows = first..first + group;
            let (mut least, mut most) = (0.0_f64, 0.0_f64);
            for i in rows.clone() {
                least = least.min(f64::from(b[i * n + j]));
                most = most.max(f64::from(b[i * n + j]));
            }
            let step = if zero_points { (most - least) / 15.0 } else { f64::max(most, -least) / 7.0 };
            for i in rows {
                steps[i * n + j] = step;
            }
        }
    }
    steps
}
