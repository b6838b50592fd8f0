//! What is timed, for all kernels.

use anyhow::{Error, Result, ensure};
use bench_contest::serve::{Prepared, Work};
use std::hint::black_box;

/// That something was done when it was prepared, on the same input.
const AGAIN: &str = "it worked when it was prepared";

/// Fills memory that stays.
struct Filling<T, F> {
    out: Vec<T>,
    fill: F,
}

impl<T: Copy + Into<f64>, F: FnMut(&mut [T])> Work for Filling<T, F> {
    fn run(&mut self) {
        (self.fill)(black_box(&mut self.out));
    }

    fn results(&self) -> Vec<f64> {
        self.out.iter().map(|&x| x.into()).collect()
    }
}

/// Work that fills `n` values, of whatever type it has.
pub(crate) fn filling<'a, T: Copy + Default + Into<f64> + 'a>(
    n: usize,
    fill: impl FnMut(&mut [T]) + 'a,
) -> Prepared<'a> {
    Prepared::new(Filling { out: vec![T::default(); n], fill })
}

/// As [`filling`], if that can fail: it is tried once.
pub(crate) fn trying<'a, T: Copy + Default + Into<f64> + 'a, E: Into<Error>>(
    n: usize,
    mut fill: impl FnMut(&mut [T]) -> Result<(), E> + 'a,
) -> Result<Prepared<'a>> {
    fill(&mut vec![T::default(); n]).map_err(E::into)?;
    Ok(filling(n, move |out| fill(out).map_err(E::into).expect(AGAIN)))
}

/// Makes something new each time.
struct Making<R, M, N> {
    /// None before the first time.
    made: Option<R>,
    make: M,
    numbers: N,
}

impl<R, M: FnMut() -> R, N: Fn(&R) -> Vec<f64>> Work for Making<R, M, N> {
    fn run(&mut self) {
        // Freed before: nobody keeps the last one for that long.
        self.made = None;
        self.made = Some(black_box((self.make)()));
    }

    fn results(&self) -> Vec<f64> {
        self.made.as_ref().map(&self.numbers).unwrap_or_default()
    }
}

/// Work that makes a result of its own each time, whose numbers are `numbers`. It is tried once.
pub(crate) fn making<'a, R: 'a, E: Into<Error>>(
    mut make: impl FnMut() -> Result<R, E> + 'a,
    numbers: impl Fn(&R) -> Vec<f64> + 'a,
) -> Result<Prepared<'a>> {
    make().map_err(E::into)?;
    let make = move || make().map_err(E::into).expect(AGAIN);
    Ok(Prepared::new(Making { made: None, make, numbers }))
}

/// Work that allocates its values each time.
pub(crate) fn allocating<'a, T: Copy + Into<f64> + 'a, E: Into<Error>>(
    make: impl FnMut() -> Result<Vec<T>, E> + 'a,
) -> Result<Prepared<'a>> {
    making(make, |made| made.iter().map(|&x| x.into()).collect())
}

/// Work that compares a query with each row of values: the way of all who compare one pair a call.
pub(crate) fn each_row<'a, V: 'a, T: Copy + Default + Into<f64> + 'a>(
    query: impl AsRef<[V]> + 'a,
    rows: impl AsRef<[V]> + 'a,
    compare: impl Fn(&[V], &[V]) -> T + 'a,
) -> Result<Prepared<'a>> {
    let dim = query.as_ref().len();
    ensure!(dim > 0, "the query is empty");
    Ok(filling(rows.as_ref().len() / dim, move |out| {
        let query = black_box(query.as_ref());
        for (out, row) in out.iter_mut().zip(rows.as_ref().chunks_exact(dim)) {
            *out = compare(query, row);
        }
    }))
}
