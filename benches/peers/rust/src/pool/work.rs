//! One side of a comparison.

use std::hint::black_box;

/// Something to compute again and again.
pub(super) trait Work {
    fn run(&mut self);

    /// What it has computed.
    fn results(&self) -> Vec<f64>;
}

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
pub(super) fn filling<'a, T: Copy + Default + Into<f64> + 'a>(
    n: usize,
    fill: impl FnMut(&mut [T]) + 'a,
) -> Box<dyn Work + 'a> {
    Box::new(Filling { out: vec![T::default(); n], fill })
}

/// Work that compares a query with each row of values: the way of all who compare one pair a call.
pub(super) fn each_row<'a, V, T: Copy + Default + Into<f64> + 'a>(
    query: &'a [V],
    rows: &'a [V],
    compare: impl Fn(&[V], &[V]) -> T + 'a,
) -> Box<dyn Work + 'a> {
    filling(rows.len() / query.len(), move |out| {
        let query = black_box(query);
        for (out, row) in out.iter_mut().zip(rows.chunks_exact(query.len())) {
            *out = compare(query, row);
        }
    })
}
