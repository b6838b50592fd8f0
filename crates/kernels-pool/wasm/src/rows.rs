//! Rows in the memory of JavaScript, copied and worked on piece by piece: however many they are, the wasm memory holds
//! one piece of them.

use crate::errors::{Computed, failure, partial_row, positive};
use kernels_pool::Error;
use kernels_wasm::{Element, Failure, Input, Output, Result};
use simd_core::AlignedVec;
use wasm_bindgen::JsValue;

/// Bytes in a piece: 128 kB, which stay in the second-level cache from the copying to the work.
pub(crate) const PIECE: usize = 128 << 10;

/// The caller's rows.
pub(crate) struct Rows<T> {
    what: &'static str,
    input: Input<T>,
    width: usize,
    count: usize,
}

impl<T: Element> Rows<T> {
    /// Any number of rows of `width` values, if they are whole ones.
    pub(crate) fn new(what: &'static str, input: Input<T>, width: usize) -> Result<Self> {
        let count = input.len() / positive("dim", width)? as f64;
        if count.fract() != 0.0 {
            return Err(partial_row(what, width, input.len()));
        }
        if count > f64::from(u32::MAX) {
            return Err(Failure::no_memory(what));
        }
        Ok(Self { what, input, width, count: count as usize })
    }

    /// The same, at least one.
    pub(crate) fn some(what: &'static str, value: impl AsRef<JsValue>, width: usize) -> Result<Self> {
        let rows = Self::new(what, Input::new(what, value)?, width)?;
        if rows.count == 0 { Err(failure(Error::Empty { what })) } else { Ok(rows) }
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    pub(crate) const fn input(&self) -> &Input<T> {
        &self.input
    }

    /// Copies rows from `first` on, as many as `out` holds.
    pub(crate) fn read(&self, first: usize, out: &mut [T]) -> Result<()> {
        self.input.read(first as f64 * self.width as f64, out)
    }

    /// How many rows are copied at once.
    pub(crate) fn at_once(&self) -> usize {
        (PIECE / size_of::<T>() / self.width).max(1).min(self.count)
    }

    /// Calls with some rows at a time, and the index of the first.
    ///
    /// If the first piece can be read, so can the others: what the call does with one need not be taken back.
    pub(crate) fn each(&self, call: &mut dyn FnMut(usize, &mut [T]) -> Result<()>) -> Result<()> {
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
    pub(crate) fn map<U: Element>(
        &self,
        width: usize,
        out: Option<impl AsRef<JsValue>>,
        call: &mut dyn FnMut(&mut [T], &mut [U]) -> Computed,
    ) -> Result<U::Array> {
        let len = self.count.checked_mul(width).ok_or_else(|| Failure::no_memory("out"))?;
        let out = Output::<U>::new("out", out, len, &[(self.what, &self.input)])?;
        let (what, dim, mut made) = (self.what, self.width, AlignedVec::new());
        self.each(&mut |first, piece| {
            fit(what, &mut made, piece.len() / dim * width)?;
            call(piece, &mut made).map_err(failure)?;
            out.write(first * width, &made)
        })?;
        Ok(out.into_array())
    }

    /// Makes another row of each, of the same numbers.
    pub(crate) fn change(
        &self,
        out: Option<impl AsRef<JsValue>>,
        call: &mut dyn FnMut(&mut [T]) -> Computed,
    ) -> Result<T::Array> {
        let (len, width) = (self.count * self.width, self.width);
        let out = Output::<T>::new("out", out, len, &[(self.what, &self.input)])?;
        self.each(&mut |first, piece| {
            call(piece).map_err(failure)?;
            out.write(first * width, piece)
        })?;
        Ok(out.into_array())
    }
}

/// Memory for so many rows.
pub(crate) fn room<T: Element>(what: &str, rows: usize, width: usize) -> Result<AlignedVec<T>> {
    let mut room = AlignedVec::new();
    let len = rows.checked_mul(width).ok_or_else(|| Failure::no_memory(what))?;
    fit(what, &mut room, len)?;
    Ok(room)
}

/// Makes it that long.
pub(crate) fn fit<T: Element>(what: &str, values: &mut AlignedVec<T>, len: usize) -> Result<()> {
    values.try_resize(len).map_err(|_| Failure::no_memory(what))
}

/// As `vec![value; len]`, without a trap where there is no memory.
pub(crate) fn vec_of<T: Clone>(what: &str, value: T, len: usize) -> Result<Vec<T>> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(len).map_err(|_| Failure::no_memory(what))?;
    vec.resize(len, value);
    Ok(vec)
}
