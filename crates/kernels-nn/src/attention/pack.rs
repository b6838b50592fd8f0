//! Rows as the hot loops read them.

use super::layout::Rows;
use super::tile::ROWS;
use simd_core::{Simd, Vector};

/// Writes the values of some rows as columns of groups of `W`, from the column `first` on: `groups[i][first + j]` is value `i`
/// of row `j`, times `factor`.
#[inline(always)]
pub(super) fn transpose<S: Simd, const W: usize>(
    simd: S,
    values: &[f32],
    rows: Rows,
    factor: f32,
    first: usize,
    groups: &mut [[f32; W]],
) {
    let lanes = S::F32::LANES;
    let scale = simd.splat(factor);
    let whole = if rows.len >= lanes && first + lanes <= W { rows.dim / lanes * lanes } else { 0 };
    for (i, groups) in groups[..whole].chunks_exact_mut(lanes).enumerate() {
        let square = S::F32::load_columns(simd, &values[rows.range(0).start + i * lanes..], rows.stride);
        for (group, column) in groups.iter_mut().zip(square.as_ref()) {
            (*column * scale).store(&mut group[first..]);
        }
    }
    let done = if whole > 0 { lanes } else { 0 };
    for j in 0..rows.len {
        let from = if j < done { whole } else { 0 };
        for (group, x) in groups.iter_mut().zip(&values[rows.range(j)]).skip(from) {
            group[first + j] = x * factor;
        }
    }
}

/// Writes the values of some keys as panels of `ROWS` dimensions, in each a group for each of `count` keys: zeros where there
/// is no key, none such dimension, or where `mask` hides the key. Returns whether all that it wrote is finite.
#[inline(always)]
pub(super) fn pack_values(
    values: &[f32],
    rows: Rows,
    mask: Option<&[bool]>,
    count: usize,
    groups: &mut [[f32; ROWS]],
) -> bool {
    let mut finite = true;
    for (p, panel) in groups.chunks_exact_mut(count).take(rows.dim.div_ceil(ROWS)).enumerate() {
        for (key, group) in panel.iter_mut().enumerate() {
            *group = [0.0; ROWS];
            if key < rows.len && mask.is_none_or(|mask| mask[key]) {
                let row = &values[rows.range(key)][p * ROWS..];
                match row.first_chunk() {
                    Some(whole) => *group = *whole,
                    None => group[..row.len()].copy_from_slice(row),
                }
                finite &= group.iter().fold(true, |finite, x| finite & x.is_finite());
            }
        }
    }
    finite
}

/// Writes the results of a tile, a column for each query, to its rows, divided by `sums`; zeros where that is 0.
#[inline(always)]
pub(super) fn finish<S: Simd, const W: usize>(
    simd: S,
    columns: &[[f32; W]],
    sums: &[f32],
    rows: Rows,
    out: &mut [f32],
) {
    let lanes = S::F32::LANES;
    let mut inverses = [0.0; W];
    for (inverse, sum) in inverses.iter_mut().zip(sums) {
        *inverse = if *sum == 0.0 { 0.0 } else { 1.0 / sum };
    }
    // Squares, and what is left of them at both ends.
    let (whole_rows, whole_dims) = (rows.len / lanes * lanes, rows.dim / lanes * lanes);
    for first in (0..whole_rows).step_by(lanes) {
        let inverse = simd.load(&inverses[first..]);
        for dim in (0..whole_dims).step_by(lanes) {
            let mut square = inverse.block();
            for (vector, column) in square.as_mut().iter_mut().zip(&columns[dim..]) {
                *vector = simd.load(&column[first..]) * inverse;
            }
            let start = rows.range(first).start + dim;
            S::F32::store_columns(square, &mut out[start..], rows.stride);
        }
    }
    for row in 0..rows.len {
        let done = if row < whole_rows { whole_dims } else { 0 };
        let out = &mut out[rows.range(row)][done..];
        for (out, column) in out.iter_mut().zip(&columns[done..]) {
            *out = column[row] * inverses[row];
        }
    }
}
