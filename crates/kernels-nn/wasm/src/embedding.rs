//! Rows of a table, by their indices.

use crate::buffers::{input, output};
use crate::errors::failure;
use kernels_wasm::{
    Counts, Element, F32Buffer, Failure, Float32Array, Input, Integer, Output, Result, Rows, fit, integer,
    place, positive, room, text, vec_of,
};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Ids of tokens, as signatures name them.
    #[wasm_bindgen(typescript_type = "Uint32Array | BigInt64Array | readonly number[]")]
    #[derive(Debug)]
    pub type Ids;
}

/// The row of `table: [vocabulary, dim]` for each of `ids: [n]`, as a tokenizer gives them. Only these rows are copied.
///
/// The rows are written to `out` if it is given, and to a fresh array otherwise: `[n, dim]`.
///
/// # Errors
/// If `dim` is no whole number from 1 on, `table` is no Float32Array, or not whole rows, at least one, an id is none of a row, or
/// `out` has another length or lies over `table`. `out` is then as it was.
#[wasm_bindgen]
pub fn embedding(
    ids: &Ids,
    table: &Float32Array,
    dim: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let dim = integer("dim", dim)?;
    // First: a list of the caller's may do anything while it is read.
    let table = Rows::<f32>::some("table", table, dim)?;
    let ids = List::new(ids)?;
    let len = ids.len().checked_mul(dim).ok_or_else(|| Failure::no_memory("out"))?;
    let out = Output::<f32>::new("out", out, len, &[("table", table.input())])?;
    let ids = ids.read(table.count())?;
    let together = table.at_once().min(ids.len());
    let mut piece = room("out", together, dim)?;
    for (i, ids) in ids.chunks(together.max(1)).enumerate() {
        fit("out", &mut piece, ids.len() * dim)?;
        for (&id, row) in ids.iter().zip(piece.chunks_exact_mut(dim)) {
            table.read(id as usize, row)?;
        }
        out.write(i * together * dim, &piece)?;
    }
    Ok(out.into_array())
}

/// As `embedding`, over buffers in the wasm memory: nothing but the ids is copied. `out` must be another buffer than `table`.
///
/// # Errors
/// As `embedding`.
#[wasm_bindgen(js_name = embeddingInto)]
pub fn embedding_into(ids: &Ids, table: &F32Buffer, dim: &Integer, out: &F32Buffer) -> Result<()> {
    let dim = positive("dim", integer("dim", dim)?)?;
    let ids = List::new(ids)?;
    let rows = table.length() / dim;
    if rows == 0 || rows * dim != table.length() {
        return Err(Failure::partial_row("table", dim, table.length() as f64));
    }
    let ids = ids.read(rows)?;
    let table = input(table)?;
    let mut out = output(out, "table")?;
    kernels_nn::embedding_into(&ids, &table, dim, &mut out).map_err(failure)
}

/// The caller's ids, not yet read.
enum List {
    Narrow(Counts),
    Wide(Input<i64>),
}

impl List {
    fn new(ids: &Ids) -> Result<Self> {
        Ok(if i64::is_array(ids) {
            Self::Wide(Input::new("ids", ids)?)
        } else {
            Self::Narrow(Counts::new("ids", ids)?)
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(ids) => ids.len(),
            Self::Wide(ids) => ids.len() as usize,
        }
    }

    /// All of them, if each is that of one of so many rows.
    fn read(&self, rows: usize) -> Result<Vec<u32>> {
        let mut ids = vec_of("ids", 0, self.len())?;
        let id = |i: usize, id: Option<usize>, got: f64| {
            let id = id.filter(|id| *id < rows).map(|id| id as u32);
            let expected = || ["0 to ", &text((rows - 1) as f64)].concat();
            id.ok_or_else(|| Failure::range(&place("ids", i as f64), &expected(), &text(got)))
        };
        match self {
            Self::Narrow(list) => list.each_piece(&mut |start, piece| {
                for (i, &index) in piece.iter().enumerate() {
                    ids[start + i] = id(start + i, Some(index), index as f64)?;
                }
                Ok(())
            })?,
            Self::Wide(list) => {
                for (i, &wide) in list.to_values()?.iter().enumerate() {
                    ids[i] = id(i, usize::try_from(wide).ok(), wide as f64)?;
                }
            }
        }
        Ok(ids)
    }
}
