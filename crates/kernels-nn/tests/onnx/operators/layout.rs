//! Arrays with their axes in another order.

/// An axis that may be counted from the end.
pub(super) fn axis_of(axis: i64, rank: usize) -> Result<usize, String> {
    let from_start = if axis < 0 { axis + rank as i64 } else { axis };
    usize::try_from(from_start)
        .ok()
        .filter(|&axis| axis < rank)
        .ok_or_else(|| format!("axis {axis} of {rank} dimensions"))
}

/// The products of the dimensions before an axis, of it alone, and of those after it.
pub(super) fn around(dims: &[usize], axis: usize) -> [usize; 3] {
    [dims[..axis].iter().product(), dims[axis], dims[axis + 1..].iter().product()]
}

/// `[outer, a, b, inner]` made `[outer, b, a, inner]`.
pub(super) fn swap<T: Copy>(values: &[T], [outer, a, b, inner]: [usize; 4]) -> Vec<T> {
    let run = |o: usize, i: usize, j: usize| &values[((o * a + i) * b + j) * inner..][..inner];
    let mut swapped = Vec::with_capacity(values.len());
    for o in 0..outer {
        for j in 0..b {
            (0..a).for_each(|i| swapped.extend_from_slice(run(o, i, j)));
        }
    }
    swapped
}

/// The dimensions that both are broadcast to.
pub(super) fn broadcast_dims(a: &[usize], b: &[usize]) -> Result<Vec<usize>, String> {
    let rank = a.len().max(b.len());
    let dim = |dims: &[usize], i: usize| (i + dims.len()).checked_sub(rank).map_or(1, |i| dims[i]);
    (0..rank)
        .map(|i| match (dim(a, i), dim(b, i)) {
            (x, y) if x == y || y == 1 => Ok(x),
            (1, y) => Ok(y),
            _ => Err(format!("dimensions {a:?} and {b:?}")),
        })
        .collect()
}

/// Rows of `len` values, of an array of rows of these dimensions, repeated to other dimensions.
pub(super) fn broadcast<T: Copy>(values: &[T], dims: &[usize], to: &[usize], len: usize) -> Vec<T> {
    let count = to.iter().product::<usize>();
    let mut repeated = Vec::with_capacity(count * len);
    for row in 0..count {
        let (mut rest, mut stride, mut index) = (row, 1, 0);
        for (i, &dim) in to.iter().enumerate().rev() {
            let own = (i + dims.len()).checked_sub(to.len()).map_or(1, |i| dims[i]);
            index += if own == 1 { 0 } else { rest % dim * stride };
            (rest, stride) = (rest / dim, stride * own);
        }
        repeated.extend_from_slice(&values[index * len..][..len]);
    }
    repeated
}
