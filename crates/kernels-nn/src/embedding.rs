//! Rows of a table, by their indices.

use crate::error::{Error, length, product, some_rows, zeros};

/// What tokenizers give as an id: `u32`, `i32`, `u64` or `i64`.
pub trait TokenId: Copy + Into<i128> + sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! ids {
    ($($id:ty)*) => { $(impl sealed::Sealed for $id {} impl TokenId for $id {})* };
}
ids!(u32 i32 u64 i64);

/// The row of `table` for each id.
///
/// - `ids`: `[n]`
/// - `table`: `[vocabulary, dim]`, row-major
///
/// Returns `[n, dim]`.
///
/// ```
/// let table = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5];
/// assert_eq!(kernels_nn::embedding(&[2_i64, 0], &table, 2)?, [2.0, 2.5, 0.0, 0.5]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `dim` is 0, `table` is not whole rows, at least one, an id points beyond it, or there is no memory.
pub fn embedding<I: TokenId>(ids: &[I], table: &[f32], dim: usize) -> Result<Vec<f32>, Error> {
    check(ids, table, dim)?;
    let mut out = zeros("out", product("out", &[ids.len(), dim])?)?;
    embedding_into(ids, table, dim, &mut out)?;
    Ok(out)
}

/// As [`embedding`], into `out`: `[n, dim]`. Allocates nothing.
///
/// # Errors
/// As [`embedding`]; if `out` has another length. It is then as it was.
pub fn embedding_into<I: TokenId>(
    ids: &[I],
    table: &[f32],
    dim: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    each(ids, table, dim, out, <[f32]>::copy_from_slice)
}

/// Adds the row of `table` for each id to that of `out`: those of positions and of segments to those of tokens. Shapes as in
/// [`embedding_into`]. Allocates nothing.
///
/// # Errors
/// As [`embedding_into`].
pub fn embedding_add_into<I: TokenId>(
    ids: &[I],
    table: &[f32],
    dim: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    each(ids, table, dim, out, |out, row| out.iter_mut().zip(row).for_each(|(out, x)| *out += x))
}

/// That each id is that of a row.
fn check<I: TokenId>(ids: &[I], table: &[f32], dim: usize) -> Result<(), Error> {
    let count = some_rows("table", table.len(), ("dim", dim))?;
    match ids.iter().position(|&id| row_of(id).is_none_or(|row| row >= count)) {
        Some(index) => Err(Error::Index { what: "ids", index, count, got: ids[index].into() }),
        None => Ok(()),
    }
}

fn each<I: TokenId>(
    ids: &[I],
    table: &[f32],
    dim: usize,
    out: &mut [f32],
    put: impl Fn(&mut [f32], &[f32]),
) -> Result<(), Error> {
    check(ids, table, dim)?;
    length("out", product("out", &[ids.len(), dim])?, out.len())?;
    let rows = ids.iter().filter_map(|&id| row_of(id)).map(|row| &table[row * dim..][..dim]);
    for (out, row) in out.chunks_exact_mut(dim).zip(rows) {
        put(out, row);
    }
    Ok(())
}

fn row_of<I: TokenId>(id: I) -> Option<usize> {
    usize::try_from(id.into()).ok()
}
