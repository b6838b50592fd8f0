//! What makes a row of a row: softmax and norms. Each first brings the row to where its result goes, and then works in
//! place, while it is in the nearest cache.

mod norm;
pub(crate) mod softmax;

pub use norm::{
    RowNorm, layer_norm, layer_norm_in_place, layer_norm_into, rms_norm, rms_norm_in_place, rms_norm_into,
};
pub use softmax::{
    Softmax, log_softmax, log_softmax_in_place, log_softmax_into, softmax, softmax_in_place, softmax_into,
};

use crate::error::{Error, length, some_rows};
use simd_core::{MAX_LANES, Simd, Vector};

/// Rows, and where their results go.
#[derive(Debug)]
struct Rows<'a> {
    /// `None` where the values are in `out` already.
    x: Option<&'a [f32]>,
    out: &'a mut [f32],
    dim: usize,
}

impl<'a> Rows<'a> {
    /// Rows whose results go to `out`.
    fn new(x: &'a [f32], out: &'a mut [f32], dim: usize) -> Result<Self, Error> {
        some_rows("x", x.len(), ("dim", dim))?;
        length("out", x.len(), out.len())?;
        Ok(Self { x: Some(x), out, dim })
    }

    /// Rows that are replaced by their results.
    fn in_place(x: &'a mut [f32], dim: usize) -> Result<Self, Error> {
        some_rows("x", x.len(), ("dim", dim))?;
        Ok(Self { x: None, out: x, dim })
    }

    /// Calls `f` with the range of each row, its values if they are elsewhere, and the place of its results.
    #[inline(always)]
    fn for_each(self, f: impl Fn(core::ops::Range<usize>, Option<&[f32]>, &mut [f32])) {
        for (i, row) in self.out.chunks_exact_mut(self.dim).enumerate() {
            let range = i * self.dim..(i + 1) * self.dim;
            f(range.clone(), self.x.map(|x| &x[range]), row);
        }
    }
}

/// Vectors of a row that are worked on side by side: enough to wait for no addition, and for few of the steps of a
/// formula.
const TOGETHER: usize = 4;

type Block<S> = [<S as Simd>::F32; TOGETHER];

/// Calls `f` with all of a row, some vectors at a time, the last of them filled up with `padding`.
#[inline(always)]
fn read<S: Simd>(simd: S, row: &[f32], padding: f32, mut f: impl FnMut(Block<S>)) {
    let blocks = row.chunks_exact(TOGETHER * S::F32::LANES);
    let rest = blocks.remainder();
    for values in blocks {
        f(load(simd, values));
    }
    if !rest.is_empty() {
        f(load(simd, padded(rest, padding).as_flattened()));
    }
}

/// Replaces all of a row by what `f` makes of it, or of `x` where that is given, and of the values of `others` in the same
/// place.
#[inline(always)]
fn update<S: Simd, const M: usize>(
    simd: S,
    x: Option<&[f32]>,
    row: &mut [f32],
    others: [&[f32]; M],
    padding: f32,
    mut f: impl FnMut(Block<S>, [Block<S>; M]) -> Block<S>,
) {
    let (len, step) = (row.len(), TOGETHER * S::F32::LANES);
    let none = [simd.splat(0.0_f32); TOGETHER];
    // Cut to one length, so that little is left to check in the loop.
    let (x, others) = (x.map(|x| &x[..len]), others.map(|other| &other[..len]));
    for start in (0..len / step * step).step_by(step) {
        let row = &mut row[start..start + step];
        let values = load(simd, x.map_or(&*row, |x| &x[start..start + step]));
        let mut operands = [none; M];
        for (operand, other) in operands.iter_mut().zip(&others) {
            *operand = load(simd, &other[start..start + step]);
        }
        store(f(values, operands), row);
    }
    let start = len / step * step;
    if start < len {
        let row = &mut row[start..];
        let values = load(simd, padded(x.map_or(&*row, |x| &x[start..]), padding).as_flattened());
        let mut operands = [none; M];
        for (operand, other) in operands.iter_mut().zip(&others) {
            *operand = load(simd, padded(&other[start..], 0.0).as_flattened());
        }
        let mut results = [[0.0; MAX_LANES]; TOGETHER];
        store(f(values, operands), results.as_flattened_mut());
        row.copy_from_slice(&results.as_flattened()[..len - start]);
    }
}

#[inline(always)]
fn load<S: Simd>(simd: S, values: &[f32]) -> Block<S> {
    let mut block = [simd.splat(0.0_f32); TOGETHER];
    for (vector, values) in block.iter_mut().zip(values.chunks_exact(S::F32::LANES)) {
        *vector = simd.load(values);
    }
    block
}

#[inline(always)]
fn store<V: Vector<Element = f32>>(block: [V; TOGETHER], out: &mut [f32]) {
    for (vector, out) in block.iter().zip(out.chunks_exact_mut(V::LANES)) {
        vector.store(out);
    }
}

/// The last values of a row, and what fills the vectors up.
#[inline(always)]
fn padded(last: &[f32], padding: f32) -> [[f32; MAX_LANES]; TOGETHER] {
    let mut values = [[padding; MAX_LANES]; TOGETHER];
    values.as_flattened_mut()[..last.len()].copy_from_slice(last);
    values
}

/// Sums of `M` kinds of terms. A block is added up first: one register a kind is enough to wait for nothing.
#[derive(Clone, Copy, Debug)]
struct Sums<S: Simd, const M: usize>([S::F32; M]);

impl<S: Simd, const M: usize> Sums<S, M> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        Self([simd.splat(0.0_f32); M])
    }

    #[inline(always)]
    fn add(&mut self, terms: [Block<S>; M]) {
        for (sum, [a, b, c, d]) in self.0.iter_mut().zip(terms) {
            *sum = *sum + ((a + b) + (c + d));
        }
    }

    #[inline(always)]
    fn totals(self) -> [f64; M] {
        let mut totals = [0.0; M];
        for (total, sum) in totals.iter_mut().zip(self.0) {
            for lane in sum.to_array().as_ref() {
                *total += f64::from(*lane);
            }
        }
        totals
    }
}

/// Each vector of a block, made another.
#[inline(always)]
fn each<V: Copy, const N: usize>(mut block: [V; N], f: impl Fn(usize, V) -> V) -> [V; N] {
    // A loop: `array::map` is not always inlined.
    for (i, vector) in block.iter_mut().enumerate() {
        *vector = f(i, *vector);
    }
    block
}
