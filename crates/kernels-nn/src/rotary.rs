//! Rotary position embedding.

use crate::error::{Error, between, length, positive, product, zeros};
use simd_core::{Isa, Kernel, Simd, dispatch_on};

/// Turns pairs of values by angles that grow with the position (Su et al.,
/// [RoFormer](https://arxiv.org/abs/2104.09864), 2021): `(a, b)` becomes `(a cos - b sin, a sin + b cos)`.
///
/// A pair is a value of the first half of what is turned and one of the second half (as in LLaMA and GPT-NeoX), or, if
/// [`interleaved`](Self::interleaved), two neighbours (as in RoFormer and GPT-J). Each result is within
/// `4 * 2^-24 * (abs(a) + abs(b))` of that with the exact angle.
///
/// ```
/// use kernels_nn::{Rotary, RotaryShape};
/// let rotary = Rotary::new(2, 4, 10_000.0)?;
/// let shape = RotaryShape { batch: 1, heads: 1, len: 2, head_dim: 4 };
/// let y = rotary.run(&[1.0, 2.0, 3.0, 4.0, 1.0, 0.0, 0.0, 0.0], shape)?;
/// assert_eq!(y[..4], [1.0, 2.0, 3.0, 4.0]); // at position 0
/// assert_eq!(y[4..], [0.540_302_3, 0.0, 0.841_470_96, 0.0]); // cos(1) and sin(1)
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rotary<'p> {
    isa: Option<Isa>,
    /// `[positions, pairs]`
    cos: Vec<f32>,
    sin: Vec<f32>,
    pairs: usize,
    interleaved: bool,
    positions: Option<&'p [u32]>,
}

/// The sizes of what is turned: `[batch, heads, len, head_dim]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotaryShape {
    /// Texts.
    pub batch: usize,
    /// Heads of each.
    pub heads: usize,
    /// Tokens of each.
    pub len: usize,
    /// Values of each.
    pub head_dim: usize,
}

impl<'p> Rotary<'p> {
    /// For positions up to `positions`, turning the first `dim` values of each head: pair `i` by the angle
    /// `position * base^(-2 i / dim)`. 10,000 is the usual `base`.
    ///
    /// # Errors
    /// If `positions` is 0, `dim` is 0 or odd, `base` is not a positive number, or there is no memory.
    pub fn new(positions: usize, dim: usize, base: f32) -> Result<Self, Error> {
        let pairs = pairs(dim)?;
        positive(&[("positions", positions)])?;
        if !(base > 0.0 && base.is_finite()) {
            return Err(Error::Number { what: "base", expected: "a positive number", got: base });
        }
        let len = product("positions", &[positions, pairs])?;
        let (mut cos, mut sin) = (zeros("cos", len)?, zeros("sin", len)?);
        for i in 0..pairs {
            let frequency = f64::from(base).powf(-2.0 * i as f64 / dim as f64);
            for position in 0..positions {
                let (s, c) = (position as f64 * frequency).sin_cos();
                (cos[position * pairs + i], sin[position * pairs + i]) = (c as f32, s as f32);
            }
        }
        Ok(Self { isa: None, cos, sin, pairs, interleaved: false, positions: None })
    }

    /// By given cosines and sines, `cos` and `sin: [positions, dim / 2]`, of the angle of each position and pair.
    ///
    /// # Errors
    /// If `dim` is 0 or odd, `cos` is not whole rows, at least one, `sin` has another length, or there is no memory.
    pub fn from_tables(cos: &[f32], sin: &[f32], dim: usize) -> Result<Self, Error> {
        let pairs = pairs(dim)?;
        crate::error::some_rows("cos", cos.len(), ("dim / 2", pairs))?;
        length("sin", cos.len(), sin.len())?;
        let mut tables = [zeros("cos", cos.len())?, zeros("sin", sin.len())?];
        tables[0].copy_from_slice(cos);
        tables[1].copy_from_slice(sin);
        let [cos, sin] = tables;
        Ok(Self { isa: None, cos, sin, pairs, interleaved: false, positions: None })
    }

    /// Pairs neighbours: the values `2 i` and `2 i + 1`.
    #[must_use]
    pub fn interleaved(self) -> Self {
        Self { interleaved: true, ..self }
    }

    /// Takes the position of each token from `positions: [batch, len]`, where otherwise it is that in its text.
    #[must_use]
    pub fn positions<'q>(self, positions: &'q [u32]) -> Rotary<'q> {
        Rotary { positions: Some(positions), ..self }
    }

    /// Runs on a named instruction set.
    #[must_use]
    pub fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// `x: [batch, heads, len, head_dim]`, turned. What is beyond the values that are turned stays as it is.
    ///
    /// # Errors
    /// If a size of `shape` is 0, `head_dim` is less than what is turned, `x` or the positions have another length, a
    /// position is beyond those of the tables, or there is no memory; as [`Isa::require`].
    pub fn run(&self, x: &[f32], shape: RotaryShape) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", x.len())?;
        self.run_into(x, shape, &mut out)?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out`, of the shape of `x`. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length than `x`. It is then as it was.
    pub fn run_into(&self, x: &[f32], shape: RotaryShape, out: &mut [f32]) -> Result<(), Error> {
        let isa = self.check(x.len(), shape)?;
        length("out", x.len(), out.len())?;
        out.copy_from_slice(x);
        Ok(dispatch_on(isa, Turn { rotary: self, x: out, shape })?)
    }

    /// As [`run`](Self::run), in place. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run). `x` is then as it was.
    pub fn run_in_place(&self, x: &mut [f32], shape: RotaryShape) -> Result<(), Error> {
        let isa = self.check(x.len(), shape)?;
        Ok(dispatch_on(isa, Turn { rotary: self, x, shape })?)
    }

    fn check(&self, x_len: usize, shape: RotaryShape) -> Result<Isa, Error> {
        let RotaryShape { batch, heads, len, head_dim } = shape;
        positive(&[("batch", batch), ("heads", heads), ("len", len)])?;
        between("head_dim", 2 * self.pairs, usize::MAX, head_dim)?;
        length("x", product("x", &[batch, heads, len, head_dim])?, x_len)?;
        let count = self.cos.len() / self.pairs;
        match self.positions {
            None => between("len", 1, count, len)?,
            Some(positions) => {
                length("positions", batch * len, positions.len())?;
                if let Some(index) = positions.iter().position(|&position| position as usize >= count) {
                    let got = positions[index].into();
                    return Err(Error::Index { what: "positions", index, count, got });
                }
            }
        }
        Ok(self.isa.map_or_else(Isa::active, Isa::require)?)
    }
}

/// How many pairs there are in a dimension.
fn pairs(dim: usize) -> Result<usize, Error> {
    if dim == 0 || !dim.is_multiple_of(2) {
        return Err(Error::Number { what: "dim", expected: "an even number, at least 2", got: dim as f32 });
    }
    Ok(dim / 2)
}

struct Turn<'a> {
    rotary: &'a Rotary<'a>,
    x: &'a mut [f32],
    shape: RotaryShape,
}

impl Kernel for Turn<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { rotary, x, shape: RotaryShape { heads, len, head_dim, .. } } = self;
        let pairs = rotary.pairs;
        for (row, x) in x.chunks_exact_mut(head_dim).enumerate() {
            let (token, text) = (row % len, row / len / heads);
            let position = rotary.positions.map_or(token, |positions| positions[text * len + token] as usize);
            let angles = position * pairs..(position + 1) * pairs;
            let angles = rotary.cos[angles.clone()].iter().zip(&rotary.sin[angles]);
            let x = &mut x[..2 * pairs];
            // Plain loops: the compiler vectorises them.
            simd.vectorize(
                #[inline(always)]
                || {
                    if rotary.interleaved {
                        for ([a, b], (cos, sin)) in x.as_chunks_mut().0.iter_mut().zip(angles) {
                            (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
                        }
                    } else {
                        let (first, second) = x.split_at_mut(pairs);
                        for ((a, b), (cos, sin)) in first.iter_mut().zip(second).zip(angles) {
                            (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
                        }
                    }
                },
            );
        }
    }
}
