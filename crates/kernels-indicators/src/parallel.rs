//! Sweeps and many series over the threads of rayon's current pool. Each row is computed by one thread, in the same
//! order of operations: results equal those of one thread bit for bit.

use crate::engine::recursive::Of;
use crate::error::Error;
use crate::formula::Formula;
use crate::rows;
use simd_core::Element;

/// As [`Indicator::many`](crate::Indicator::many).
///
/// # Errors
/// As [`Indicator::many`](crate::Indicator::many).
pub fn many<F: Formula, T: Element>(
    indicator: &F,
    input: Of<F::Input, &[T]>,
    series: usize,
) -> Result<Of<F::Output, Vec<T>>, Error> {
    rows::many(indicator, input, series, true)
}

/// As [`Indicator::many_into`](crate::Indicator::many_into).
///
/// # Errors
/// As [`Indicator::many_into`](crate::Indicator::many_into).
pub fn many_into<F: Formula, T: Element>(
    indicator: &F,
    input: Of<F::Input, &[T]>,
    series: usize,
    out: Of<F::Output, &mut [T]>,
) -> Result<(), Error> {
    rows::many_into(indicator, input, series, out, true)
}

/// As [`Indicator::sweep`](crate::Indicator::sweep).
///
/// # Errors
/// As [`Indicator::sweep`](crate::Indicator::sweep).
pub fn sweep<F: Formula, T: Element>(
    settings: &[F],
    input: Of<F::Input, &[T]>,
) -> Result<Of<F::Output, Vec<T>>, Error> {
    rows::sweep(settings, input, true)
}

/// As [`Indicator::sweep_into`](crate::Indicator::sweep_into).
///
/// # Errors
/// As [`Indicator::sweep_into`](crate::Indicator::sweep_into).
pub fn sweep_into<F: Formula, T: Element>(
    settings: &[F],
    input: Of<F::Input, &[T]>,
    out: Of<F::Output, &mut [T]>,
) -> Result<(), Error> {
    rows::sweep_into(None, settings, input, out, true)
}
