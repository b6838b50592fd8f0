//! Rows in the memory of JavaScript, copied and worked on piece by piece: however many they are, the wasm memory holds
//! one piece of them.

use crate::arguments::{Input, positive};
use crate::element::Element;
use crate::failure::{Failure, Result};
use crate::results::Output;
use simd_core::AlignedVec;
use wasm_bindgen::JsValue;

/// Bytes in a piece: 128 kB, which stay in the second-level cache from the copying to the work.
pub const PIECE: usize = 128 << 10;

/// What makes rows of some rows.
pub type Make<'a, T, U> = &'a mut dyn FnMut(&mut [T], &mut [U]) -> Result<()>;

/// The caller's rows.
#[derive(Debug)]
pub struct Rows<T> {
    what: &'static str,
    input: Input<T>,
    width: usize,
    count: usize,
    together: usize,
}

impl<T: Element> Rows<T> {
    /// Any number of rows of `width` values, if they are whole ones.
    ///
    /// # Errors
    /// A `RangeError` that names the argument, if they are not, or more than there may be.
    pub fn new(what: &'static str, input: Input<T>, width: usize) -> Result<Self> {
        let count = input.len() / positive("dim", width)? as f64;
        if count.fract() != 0.0 {
            return Err(Failure::partial_row(what, width, input.len()));
        }
        if count > f64::from(u32::MAX) {
            return Err(Failure::no_memory(what));
        }
        Ok(Self { what, input, width, count: count as usize, together: 1 })
    }

    /// The same, at least one.
    ///
    /// # Errors
    /// As [`new`](Self::new); a `TypeError`, if it is no typed array of these elements.
    pub fn some(what: &'static str, value: impl AsRef<JsValue>, width: usize) -> Result<Self> {
        let rows = Self::new(what, Input::new(what, value)?, width)?;
        if rows.count == 0 { Err(Failure::none(what)) } else { Ok(rows) }
    }

    /// With so many rows in a piece at least.
    #[must_use]
    pub fn together(self, together: usize) -> Self {
        Self { together, ..self }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many values each has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The array that they are in.
    #[must_use]
    pub const fn input(&self) -> &Input<T> {
        &self.input
    }

    /// Copies rows from `first` on, as many as `out` holds.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub fn read(&self, first: usize, out: &mut [T]) -> Result<()> {
        self.input.read(first as f64 * self.width as f64, out)
    }

    /// How many rows are copied at once.
    #[must_use]
    pub fn at_once(&self) -> usize {
        (PIECE / size_of::<T>() / self.width).max(self.together).min(self.count)
    }

    /// Calls with some rows at a time, and the index of the first.
    ///
    /// If the first piece can be read, so can the others: what the call does with one need not be taken back.
    ///
    /// # Errors
    /// As [`read`](Self::read), what the call returns, and if there is no memory for a piece.
    pub fn each(&self, call: &mut dyn FnMut(usize, &mut [T]) -> Result<()>) -> Result<()> {
        let rows = self.at_once();
        let mut piece = room(self.what, rows, self.width)?;
        for first in (0..self.count).step_by(rows.max(1)) {
            let piece = &mut piece[..rows.min(self.count - first) * self.width];
            self.read(first, piece)?;
            call(first, piece)?;
        }
        Ok(())
    }

    /// Makes a row of `width` values of each, in the caller's array or in a fresh one.
    ///
    /// # Errors
    /// As [`each`](Self::each) and [`Output::new`].
    pub fn map<U: Element>(
        &self,
        width: usize,
        out: Option<impl AsRef<JsValue>>,
        call: Make<'_, T, U>,
    ) -> Result<U::Array> {
        let len = self.count.checked_mul(width).ok_or_else(|| Failure::no_memory("out"))?;
        let out = Output::<U>::new("out", out, len, &[(self.what, &self.input)])?;
        let (what, dim, mut made) = (self.what, self.width, AlignedVec::new());
        self.each(&mut |first, piece| {
            fit(what, &mut made, piece.len() / dim * width)?;
            call(piece, &mut made)?;
            out.write(first * width, &made)
        })?;
        Ok(out.into_array())
    }

    /// Makes another row of each, of the same numbers.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn change(
        &self,
        out: Option<impl AsRef<JsValue>>,
        call: &mut dyn FnMut(&mut [T]) -> Result<()>,
    ) -> Result<T::Array> {
        self.change_to(self.output(out)?, call)
    }

    /// The caller's array for as many values, or a fresh one: to be looked at before anything is allocated.
    ///
    /// # Errors
    /// As [`Output::new`].
    pub fn output(&self, out: Option<impl AsRef<JsValue>>) -> Result<Output<T>> {
        Output::new("out", out, self.count * self.width, &[(self.what, &self.input)])
    }

    /// As [`change`](Self::change), with what [`output`](Self::output) has given.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    pub fn change_to(
        &self,
        out: Output<T>,
        call: &mut dyn FnMut(&mut [T]) -> Result<()>,
    ) -> Result<T::Array> {
        self.each(&mut |first, piece| {
            call(piece)?;
            out.write(first * self.width, piece)
        })?;
        Ok(out.into_array())
    }
}

/// Memory for so many rows.
///
/// # Errors
/// A `RangeError` that names the argument, where there is none.
pub fn room<T: Element>(what: &str, rows: usize, width: usize) -> Result<AlignedVec<T>> {
    let mut room = AlignedVec::new();
    let len = rows.checked_mul(width).ok_or_else(|| Failure::no_memory(what))?;
    fit(what, &mut room, len)?;
    Ok(room)
}

/// Makes it that long.
///
/// # Errors
/// A `RangeError` that names the argument, where there is none.
pub fn fit<T: Element>(what: &str, values: &mut AlignedVec<T>, len: usize) -> Result<()> {
    values.try_resize(len).map_err(|_| Failure::no_memory(what))
}

/// As `vec![value; len]`, without a trap where there is no memory.
///
/// # Errors
/// A `RangeError` that names the argument, where there is none.
pub fn vec_of<T: Clone>(what: &str, value: T, len: usize) -> Result<Vec<T>> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(len).map_err(|_| Failure::no_memory(what))?;
    vec.resize(len, value);
    Ok(vec)
}
