//! From token ids of different lengths to a rectangle of them.

use crate::error::{Error, length, product, vec_of};

/// Which side of a text its padding is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PaddingSide {
    /// Behind its tokens.
    #[default]
    Right,
    /// Before its tokens, as decoders want it.
    Left,
}

/// Pads texts to the length of the longest: the ids, and the mask that says which of them count.
///
/// - `ids`: `[sum of lens]`, the token ids of one text after another
/// - `lens`: how many ids each text has
///
/// Returns two arrays of `[lens.len(), longest]`.
///
/// ```
/// use kernels_pool::{PaddingSide, pack_padded};
/// let (ids, mask) = pack_padded(&[7, 8, 9], &[1, 2], 0, PaddingSide::Right)?;
/// assert_eq!((ids, mask), (vec![7, 0, 8, 9], vec![1, 0, 1, 1]));
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// If there are no texts, `ids` has another length than `lens` adds up to, or there is no memory.
pub fn pack_padded(
    ids: &[i64],
    lens: &[usize],
    pad_id: i64,
    side: PaddingSide,
) -> Result<(Vec<i64>, Vec<i64>), Error> {
    let len = packed_len(ids, lens)?;
    let (mut out, mut mask) = (vec_of("ids", 0, len)?, vec_of("mask", 0, len)?);
    pack_padded_into(ids, lens, pad_id, side, &mut out, &mut mask)?;
    Ok((out, mask))
}

/// As [`pack_padded`], into `out` and `mask`: each `[lens.len(), longest]`. Allocates nothing.
///
/// # Errors
/// As [`pack_padded`]; if `out` or `mask` has another length. They are then as they were.
pub fn pack_padded_into(
    ids: &[i64],
    lens: &[usize],
    pad_id: i64,
    side: PaddingSide,
    out: &mut [i64],
    mask: &mut [i64],
) -> Result<(), Error> {
    let len = packed_len(ids, lens)?;
    length("out", len, out.len())?;
    length("mask", len, mask.len())?;
    let (longest, mut rest) = (len / lens.len(), ids);
    if longest == 0 {
        return Ok(());
    }
    for ((row, mask), &len) in out.chunks_exact_mut(longest).zip(mask.chunks_exact_mut(longest)).zip(lens) {
        let (text, others) = rest.split_at(len);
        let start = if side == PaddingSide::Left { longest - len } else { 0 };
        row.fill(pad_id);
        mask.fill(0);
        row[start..start + len].copy_from_slice(text);
        mask[start..start + len].fill(1);
        rest = others;
    }
    Ok(())
}

fn packed_len(ids: &[i64], lens: &[usize]) -> Result<usize, Error> {
    let Some(longest) = lens.iter().max() else { return Err(Error::Empty { what: "lens" }) };
    let total = lens.iter().try_fold(0_usize, |sum, &len| sum.checked_add(len));
    length("ids", total.ok_or(Error::TooLarge { what: "lens" })?, ids.len())?;
    product("lens", &[lens.len(), *longest])
}
