//! How two ways to compute the same are timed against each other.

use kernels_benches::measure::interleaved;

/// What a sample takes at least: much longer than it takes to read the clock, or to refill the caches after the
/// other side has run.
const SAMPLE_NS: f64 = 2e6;

/// What a comparison takes, unless the smallest number of rounds takes longer.
const COMPARISON_NS: f64 = 2e9;

/// The median times of a call of ours and of theirs in nanoseconds, taken in turn.
pub(crate) fn times(mut ours: impl FnMut(), mut theirs: impl FnMut()) -> [f64; 2] {
    // Warms up, and tells how much there is to do.
    let rough = interleaved(3, [&mut ours, &mut theirs]);
    let calls = rough.map(|ns| (SAMPLE_NS / ns).ceil().max(1.0));
    let round: f64 = rough.iter().zip(calls).map(|(ns, calls)| ns * calls).sum();
    let rounds = (COMPARISON_NS / round).clamp(11.0, 201.0) as usize;
    let samples = interleaved(
        rounds,
        [&mut || (0..calls[0] as usize).for_each(|_| ours()), &mut || {
            (0..calls[1] as usize).for_each(|_| theirs())
        }],
    );
    [samples[0] / calls[0], samples[1] / calls[1]]
}
