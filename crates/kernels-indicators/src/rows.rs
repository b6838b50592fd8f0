//! Several rows of output: one for each series, or one for each setting.

use crate::engine::recursive::Of;
use crate::error::Error;
use crate::forms::{self, lengths, series, slices, zeros};
use crate::formula::Formula;
use crate::shape::Shape;
use simd_core::{Element, Isa};

pub(crate) fn many<F: Formula, T: Element>(
    formula: &F,
    input: Of<F::Input, &[T]>,
    count: usize,
    parallel: bool,
) -> Result<Of<F::Output, Vec<T>>, Error> {
    let (input, bars) = split(formula, input, count)?;
    let mut out = zeros::<F::Output, T>(count, bars)?;
    many_into(formula, input, count, slices::<F::Output, T>(&mut out), parallel)?;
    Ok(out)
}

pub(crate) fn many_into<F: Formula, T: Element>(
    formula: &F,
    input: Of<F::Input, &[T]>,
    count: usize,
    out: Of<F::Output, &mut [T]>,
    parallel: bool,
) -> Result<(), Error> {
    let (input, bars) = split(formula, input, count)?;
    lengths::<F::Output, T>(&out, count * bars)?;
    each::<F::Output, T>(count, bars, out, parallel, &|row, out| {
        let input = F::Input::map(F::Input::each_ref(&input), |xs| &xs[row * bars..][..bars]);
        forms::rows(None, std::slice::from_ref(formula), input, out)
    })
}

/// Series, and the length of one.
type Split<'a, F, T> = (Of<<F as Formula>::Input, &'a [T]>, usize);

/// That the input is `count` series of the same length, which the indicator can be computed of: the length.
fn split<'a, F: Formula, T: Element>(
    formula: &F,
    input: Of<F::Input, &'a [T]>,
    count: usize,
) -> Result<Split<'a, F, T>, Error> {
    let got = series::<F, T>(&input)?;
    if count == 0 || !got.is_multiple_of(count) {
        return Err(Error::Series { what: F::Input::NAMES[0], series: count, got });
    }
    formula.check(Some(got / count))?;
    Ok((input, got / count))
}

pub(crate) fn sweep<F: Formula, T: Element>(
    settings: &[F],
    input: Of<F::Input, &[T]>,
    parallel: bool,
) -> Result<Of<F::Output, Vec<T>>, Error> {
    let bars = check_all(settings, &input)?;
    let mut out = zeros::<F::Output, T>(settings.len(), bars)?;
    sweep_into(None, settings, input, slices::<F::Output, T>(&mut out), parallel)?;
    Ok(out)
}

pub(crate) fn sweep_into<F: Formula, T: Element>(
    isa: Option<Isa>,
    settings: &[F],
    input: Of<F::Input, &[T]>,
    out: Of<F::Output, &mut [T]>,
    parallel: bool,
) -> Result<(), Error> {
    let bars = check_all(settings, &input)?;
    let rows = settings.len();
    let expected = rows.checked_mul(bars).ok_or(Error::TooLarge { what: "out", rows, bars })?;
    lengths::<F::Output, T>(&out, expected)?;
    if !parallel {
        return forms::rows(isa, settings, input, out);
    }
    each::<F::Output, T>(
        rows.div_ceil(SIDE_BY_SIDE),
        bars.saturating_mul(SIDE_BY_SIDE),
        out,
        parallel,
        &|group, out| {
            let settings = &settings[group * SIDE_BY_SIDE..];
            let input = F::Input::map(F::Input::each_ref(&input), |xs| *xs);
            forms::rows(isa, &settings[..settings.len().min(SIDE_BY_SIDE)], input, out)
        },
    )
}

/// Settings that a thread takes at a time: a multiple of how many any instruction set computes side by side, so that the
/// threads part them as one thread does.
const SIDE_BY_SIDE: usize = 32;

fn check_all<F: Formula, T: Element>(settings: &[F], input: &Of<F::Input, &[T]>) -> Result<usize, Error> {
    let bars = series::<F, T>(input)?;
    settings.iter().try_for_each(|setting| setting.check(Some(bars)))?;
    Ok(bars)
}

/// Calls `run(part, out)` for each of as many parts of the output, all but the last of `len` values; on the threads of
/// rayon's current pool if `parallel`.
fn each<S: Shape, T: Element>(
    parts: usize,
    len: usize,
    out: Of<S, &mut [T]>,
    parallel: bool,
    run: &(impl Fn(usize, Of<S, &mut [T]>) -> Result<(), Error> + Sync),
) -> Result<(), Error> {
    #[cfg(feature = "parallel")]
    if parallel {
        return halve::<S, T>(0..parts, len, out, run);
    }
    let _ = parallel;
    let mut rest = out;
    for part in 0..parts {
        let [out, others] = cut::<S, T>(rest, len);
        run(part, out)?;
        rest = others;
    }
    Ok(())
}

#[cfg(feature = "parallel")]
fn halve<S: Shape, T: Element>(
    parts: std::ops::Range<usize>,
    len: usize,
    out: Of<S, &mut [T]>,
    run: &(impl Fn(usize, Of<S, &mut [T]>) -> Result<(), Error> + Sync),
) -> Result<(), Error> {
    if parts.len() <= 1 {
        return if parts.is_empty() { Ok(()) } else { run(parts.start, out) };
    }
    let middle = parts.start + parts.len() / 2;
    let [head, tail] = cut::<S, T>(out, (middle - parts.start).saturating_mul(len));
    let (head, tail) = rayon::join(
        || halve::<S, T>(parts.start..middle, len, head, run),
        || halve::<S, T>(middle..parts.end, len, tail, run),
    );
    head.and(tail)
}

/// The first values of every output, and the rest.
fn cut<S: Shape, T: Element>(out: Of<S, &mut [T]>, len: usize) -> [Of<S, &mut [T]>; 2] {
    let mut halves = S::map(out, |out| {
        let (head, tail) = out.split_at_mut(len.min(out.len()));
        (Some(head), Some(tail))
    });
    let heads = S::map(S::each_mut(&mut halves), |(head, _)| head.take().unwrap_or_default());
    [heads, S::map(halves, |(_, tail)| tail.unwrap_or_default())]
}
