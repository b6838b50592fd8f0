//! From the tokens of a text to its row.

use super::fold::{Fold, GROUP, Max, STEP, Sum, Work};
use super::{Pooled, Pooling};
use crate::normalize::normalize_row;
use crate::quantize::Encode;
use crate::tokens::{Active, Tokens};
use crate::value::Value;
use simd_core::{Kernel, Simd, Vector};
use std::ops::Range;

/// Columns whose sums are kept on the stack.
pub(crate) const BLOCK: usize = 512;

/// What becomes of each text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) pooling: Pooling,
    pub(super) normalize: bool,
}

/// The rows as they are.
pub(super) struct ToRows<'a, T> {
    pub(super) plan: Plan,
    pub(super) tokens: Tokens<'a, T>,
    /// How many columns are kept.
    pub(super) k: usize,
    /// `[batch, k]`
    pub(super) out: &'a mut [f32],
}

impl<T: Value> Kernel for ToRows<'_, T> {
    type Output = Pooled;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Pooled {
        let (mut pooled, mut work) = (Pooled::default(), Work::new());
        for (text, row) in self.tokens.texts().zip(self.out.chunks_exact_mut(self.k)) {
            self.plan.pool(simd, &self.tokens, text, row, &mut work, &mut pooled);
        }
        pooled
    }
}

/// The rows as codes.
pub(super) struct ToCodes<'a, T, E: Encode> {
    pub(super) plan: Plan,
    pub(super) tokens: Tokens<'a, T>,
    pub(super) encoder: E,
    /// Room for one row of the columns that are kept.
    pub(super) row: &'a mut [f32],
    /// `[batch, codes of a row]`
    pub(super) out: &'a mut [E::Code],
}

impl<T: Value, E: Encode> Kernel for ToCodes<'_, T, E> {
    type Output = Pooled;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Pooled {
        let Self { plan, tokens, encoder, row, out } = self;
        let (mut pooled, mut work) = (Pooled::default(), Work::new());
        for (text, codes) in tokens.texts().zip(out.chunks_exact_mut(encoder.codes(row.len()))) {
            plan.pool(simd, &tokens, text, row, &mut work, &mut pooled);
            simd.vectorize(
                #[inline(always)]
                || encoder.encode(simd, row, row.len(), codes),
            );
        }
        pooled
    }
}

impl Plan {
    /// Pools a text.
    #[inline(always)]
    fn pool<S: Simd, T: Value>(
        self,
        simd: S,
        tokens: &Tokens<'_, T>,
        text: Active<'_>,
        row: &mut [f32],
        work: &mut Work,
        pooled: &mut Pooled,
    ) {
        let any = match self.pooling {
            Pooling::Cls => copy(simd, tokens, text.first(), row),
            Pooling::LastToken => copy(simd, tokens, text.last(), row),
            Pooling::Max => fold::<S, T, Max>(simd, tokens, text, self.pooling, row, work),
            Pooling::WeightedMean => fold::<S, T, Sum<true>>(simd, tokens, text, self.pooling, row, work),
            Pooling::Mean | Pooling::MeanSqrtLen => {
                fold::<S, T, Sum<false>>(simd, tokens, text, self.pooling, row, work)
            }
        };
        if !any {
            pooled.empty_rows += 1;
            return row.fill(0.0);
        }
        if self.normalize {
            simd.vectorize(
                #[inline(always)]
                || normalize_row(simd, row),
            );
        }
    }
}

/// The embedding of one token. False if there is none.
#[inline(always)]
fn copy<S: Simd, T: Value>(simd: S, tokens: &Tokens<'_, T>, token: Option<usize>, row: &mut [f32]) -> bool {
    let Some(token) = token else { return false };
    let columns = 0..row.len();
    simd.vectorize(
        #[inline(always)]
        || {
            let (steps, rest) = tokens.row(token, &columns).as_chunks::<STEP>();
            let (out, out_rest) = row.as_chunks_mut::<STEP>();
            for (x, out) in steps.iter().zip(out) {
                *out = floats(simd, x);
            }
            if !rest.is_empty() {
                out_rest.copy_from_slice(&floats(simd, &padded(rest))[..rest.len()]);
            }
        },
    );
    true
}

#[inline(always)]
fn floats<S: Simd, T: Value>(simd: S, x: &[T; STEP]) -> [f32; STEP] {
    let mut floats = [0.0; STEP];
    for lane in (0..STEP).step_by(S::F32::LANES) {
        T::load(simd, &x[lane..]).store(&mut floats[lane..]);
    }
    floats
}

/// The last columns, and zeros.
#[inline(always)]
fn padded<T: Value>(rest: &[T]) -> [T; STEP] {
    let mut step = [T::default(); STEP];
    step[..rest.len()].copy_from_slice(rest);
    step
}

/// Folds the tokens of a text, some columns at a time. False if there are none.
#[inline(always)]
fn fold<S: Simd, T: Value, F: Fold>(
    simd: S,
    tokens: &Tokens<'_, T>,
    text: Active<'_>,
    pooling: Pooling,
    row: &mut [f32],
    work: &mut Work,
) -> bool {
    for (i, out) in row.chunks_mut(BLOCK).enumerate() {
        let columns = i * BLOCK..i * BLOCK + out.len();
        let sums = &mut F::sums(work)[..out.len().div_ceil(STEP)];
        sums.fill([F::START; STEP]);
        let positions = fold_runs::<S, T, F>(simd, tokens, text.clone(), &columns, sums);
        if positions.count == 0 {
            return false;
        }
        simd.vectorize(
            #[inline(always)]
            || finish::<S, F>(simd, sums, 1.0 / pooling.divisor(positions), out),
        );
    }
    true
}

/// How many tokens were taken, and the sum of their positions from 1 on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Positions {
    pub(super) count: usize,
    pub(super) sum: u64,
}

/// Takes all tokens: of each run as many as fill groups, and what is left of the runs together.
#[inline(always)]
fn fold_runs<S: Simd, T: Value, F: Fold>(
    simd: S,
    tokens: &Tokens<'_, T>,
    text: Active<'_>,
    columns: &Range<usize>,
    sums: &mut [[F::Sum; STEP]],
) -> Positions {
    let (mut positions, mut first) = (Positions::default(), None);
    let mut rest: Group<'_, T> =
        Group { rows: [&T::ZEROS[..columns.len()]; GROUP], weights: [0.0; GROUP], len: 0 };
    for run in text.runs() {
        let first = *first.get_or_insert(run.start);
        let (n, position) = (run.len(), run.start - first + 1);
        positions.count += n;
        // In `u64`: of 65,537 tokens it is more than a `usize` of 32 bits holds.
        positions.sum += n as u64 * position as u64 + n as u64 * (n as u64 - 1) / 2;
        let whole = run.start + n / GROUP * GROUP;
        simd.vectorize(
            #[inline(always)]
            || {
                fold_run::<S, T, F>(
                    simd,
                    tokens.rows(run.start..whole),
                    tokens.hidden(),
                    position,
                    columns,
                    sums,
                )
            },
        );
        for token in whole..run.end {
            if rest.len == GROUP {
                rest.take::<S, F, GROUP>(simd, sums);
                rest.len = 0;
            }
            (rest.rows[rest.len], rest.weights[rest.len]) =
                (tokens.row(token, columns), (token - first + 1) as f32);
            rest.len += 1;
        }
    }
    if rest.len > 0 {
        let filler = if F::REPEATS { rest.rows[0] } else { &T::ZEROS[..columns.len()] };
        rest.rows[rest.len..].fill(filler);
        if rest.len <= GROUP / 2 {
            rest.take::<S, F, { GROUP / 2 }>(simd, sums);
        } else {
            rest.take::<S, F, GROUP>(simd, sums);
        }
    }
    positions
}

/// Takes groups of tokens that lie one after another; `position` is that of the first.
#[inline(always)]
fn fold_run<S: Simd, T: Value, F: Fold>(
    simd: S,
    run: &[T],
    hidden: usize,
    position: usize,
    columns: &Range<usize>,
    sums: &mut [[F::Sum; STEP]],
) {
    for (i, group) in run.chunks_exact(GROUP * hidden).enumerate() {
        let (mut rows, mut weights) = ([&group[columns.clone()]; GROUP], [0.0; GROUP]);
        // Not by chunks: to see how many there are, the compiler divides by their length.
        for (j, row) in rows.iter_mut().enumerate() {
            *row = &group[j * hidden..][columns.clone()];
        }
        if F::WEIGHTED {
            for (j, weight) in weights.iter_mut().enumerate() {
                *weight = (position + i * GROUP + j) as f32;
            }
        }
        take::<S, T, F, GROUP>(simd, sums, &rows, &weights);
    }
}

/// Tokens that lie anywhere.
struct Group<'a, T> {
    rows: [&'a [T]; GROUP],
    weights: [f32; GROUP],
    /// How many there are.
    len: usize,
}

impl<T: Value> Group<'_, T> {
    /// Takes the first `N` of them.
    fn take<S: Simd, F: Fold, const N: usize>(&self, simd: S, sums: &mut [[F::Sum; STEP]]) {
        let (Some(rows), Some(weights)) = (self.rows.first_chunk::<N>(), self.weights.first_chunk::<N>())
        else {
            return;
        };
        simd.vectorize(
            #[inline(always)]
            || take::<S, T, F, N>(simd, sums, rows, weights),
        );
    }
}

/// Takes some columns of a group of tokens.
#[inline(always)]
fn take<S: Simd, T: Value, F: Fold, const N: usize>(
    simd: S,
    sums: &mut [[F::Sum; STEP]],
    rows: &[&[T]; N],
    weights: &[f32; N],
) {
    let n = rows[0].len() / STEP;
    let mut steps: [&[[T; STEP]]; N] = [&[]; N];
    for (steps, row) in steps.iter_mut().zip(rows) {
        *steps = &row.as_chunks().0[..n];
    }
    for (j, sums) in sums[..n].iter_mut().enumerate() {
        let mut step = [&steps[0][j]; N];
        for (step, steps) in step.iter_mut().zip(steps) {
            *step = &steps[j];
        }
        F::take(simd, sums, step, weights);
    }
    if let [.., sums] = &mut sums[n..] {
        let rest = rests(rows, n * STEP);
        F::take(simd, sums, rest.each_ref(), weights);
    }
}

/// The columns of each token from one on, and zeros. Apart: it is no part of the hot loop.
#[inline(never)]
fn rests<T: Value, const N: usize>(rows: &[&[T]; N], start: usize) -> [[T; STEP]; N] {
    let mut rests = [[T::default(); STEP]; N];
    for (rest, row) in rests.iter_mut().zip(rows) {
        *rest = padded(&row[start..]);
    }
    rests
}

/// Writes the row.
#[inline(always)]
fn finish<S: Simd, F: Fold>(simd: S, sums: &[[F::Sum; STEP]], factor: f64, out: &mut [f32]) {
    let (steps, rest) = out.as_chunks_mut::<STEP>();
    for (out, sums) in steps.iter_mut().zip(sums) {
        *out = F::finish(simd, sums, factor);
    }
    if let [.., last] = sums
        && !rest.is_empty()
    {
        rest.copy_from_slice(&F::finish(simd, last, factor)[..rest.len()]);
    }
}
