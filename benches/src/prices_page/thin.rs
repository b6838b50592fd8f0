//! From values to the points of a chart: no more of them than can be told apart.

/// A bar and its value.
pub(super) type Point = (f64, f64);

/// The stretches without a gap, cut where something new starts.
pub(super) fn runs(values: &[f64], starts: &[usize]) -> Vec<Vec<Point>> {
    let mut runs = vec![Vec::new()];
    for (i, &x) in values.iter().enumerate() {
        if !x.is_finite() || starts.binary_search(&i).is_ok() {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut().filter(|_| x.is_finite()) {
            run.push((i as f64, x));
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Of each `step` bars the lowest and the highest, in their order: a line through these covers what one through all does.
pub(super) fn extremes(run: &[Point], step: usize) -> Vec<Point> {
    let mut points = Vec::new();
    for bars in buckets(run, step) {
        let (mut low, mut high) = (bars[0], bars[0]);
        for &point in bars {
            low = if point.1 < low.1 { point } else { low };
            high = if point.1 > high.1 { point } else { high };
        }
        let (one, other) = if low.0 < high.0 { (low, high) } else { (high, low) };
        points.push(one);
        points.extend((one.0 < other.0).then_some(other));
    }
    points
}

/// What is round columns from zero to the values; those of `step` bars are one, to the value that is farthest from zero.
pub(super) fn columns(run: &[Point], step: usize) -> Vec<Point> {
    let mut points = Vec::new();
    for bars in buckets(run, step) {
        let farthest =
            bars.iter().map(|(_, x)| *x).fold(0.0_f64, |far, x| if x.abs() > far.abs() { x } else { far });
        points.extend([(bars[0].0 - 0.5, farthest), (bars[bars.len() - 1].0 + 0.5, farthest)]);
    }
    let ends = points.first().zip(points.last()).map(|(first, last)| [(last.0, 0.0), (first.0, 0.0)]);
    points.extend(ends.into_iter().flatten());
    points
}

fn buckets(run: &[Point], step: usize) -> impl Iterator<Item = &[Point]> {
    let bucket = move |point: &Point| point.0 as usize / step;
    run.chunk_by(move |one, next| bucket(one) == bucket(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: f64 = f64::NAN;

    #[test]
    fn runs_end_at_gaps_and_starts() {
        let points = |run: &[usize]| run.iter().map(|&i| (i as f64, i as f64)).collect::<Vec<_>>();
        let expected = [points(&[1, 2]), points(&[4, 5]), points(&[6])];
        assert_eq!(runs(&[GAP, 1.0, 2.0, GAP, 4.0, 5.0, 6.0, GAP], &[6]), expected);
        assert_eq!(runs(&[GAP, GAP], &[0]), [[]; 0]);
    }

    #[test]
    fn thinned_lines_keep_their_extremes() {
        let run = [3.0, 1.0, 2.0, 5.0, 5.0, 5.0, 0.0];
        let [run] = &runs(&run, &[])[..] else { panic!("one run") };
        assert_eq!(extremes(run, 1), *run);
        assert_eq!(extremes(run, 3), [(0.0, 3.0), (1.0, 1.0), (3.0, 5.0), (6.0, 0.0)]);
    }

    #[test]
    fn columns_stand_on_zero_and_keep_the_farthest() {
        let [run] = &runs(&[1.0, -4.0, 2.0], &[])[..] else { panic!("one run") };
        let columns = columns(run, 2);
        assert_eq!(columns, [(-0.5, -4.0), (1.5, -4.0), (1.5, 2.0), (2.5, 2.0), (2.5, 0.0), (-0.5, 0.0)]);
    }
}
