//! One way to compute an indicator on one input.

use anyhow::{Error, Result};
use bench_contest::serve::{Prepared, Work};
use std::hint::black_box;

/// Columns of values: as many as the indicator has outputs.
pub(super) type Outputs = [Vec<f64>; 3];

/// Fills the outputs, and says how many bars have no place in them, at the start.
type Fill<'a> = Box<dyn FnMut(&mut Outputs) -> Result<usize> + 'a>;

pub(super) struct Run<'a> {
    fill: Fill<'a>,
    bars: usize,
    /// How many outputs there are.
    columns: usize,
    /// How many values a bar has in the first column, if all outputs are there.
    row: Option<usize>,
    scale: f64,
    offset: f64,
    note: Option<String>,
    skip: f64,
}

impl<'a> Run<'a> {
    /// One output, a value per bar.
    pub(super) fn one<E: Into<Error>>(
        bars: usize,
        mut fill: impl FnMut(&mut [f64]) -> Result<(), E> + 'a,
    ) -> Self {
        Self::columns(bars, 1, move |[out, ..]| fill(out))
    }

    /// Several outputs, a value per bar in each.
    pub(super) fn columns<E: Into<Error>>(
        bars: usize,
        columns: usize,
        mut fill: impl FnMut(&mut Outputs) -> Result<(), E> + 'a,
    ) -> Self {
        Self::packed(bars, columns, move |outputs| fill(outputs).map(|()| 0))
    }

    /// Several outputs, which begin with the first value that there is; `fill` says at which bar that is.
    pub(super) fn packed<E: Into<Error>>(
        bars: usize,
        columns: usize,
        mut fill: impl FnMut(&mut Outputs) -> Result<usize, E> + 'a,
    ) -> Self {
        let fill = Box::new(move |outputs: &mut Outputs| fill(outputs).map_err(E::into));
        Self { fill, bars, columns, row: None, scale: 1.0, offset: 0.0, note: None, skip: 0.0 }
    }

    /// Several outputs, in rows of `row` values per bar.
    pub(super) fn rows<E: Into<Error>>(
        bars: usize,
        columns: usize,
        row: usize,
        mut fill: impl FnMut(&mut [f64]) -> Result<(), E> + 'a,
    ) -> Self {
        Self { row: Some(row), ..Self::columns(bars, columns, move |[out, ..]| fill(out)) }
    }

    /// What to multiply the results with, for them to be in the unit that is asked for.
    pub(super) fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// What to add to the results: what they start from.
    pub(super) fn from(self, offset: f64) -> Self {
        Self { offset, ..self }
    }

    /// They start from another value, which they forget: only the second half is to agree.
    pub(super) fn other_seed(self, how: &str) -> Self {
        Self { skip: 0.5, ..self.differs(how) }
    }

    /// They are something else.
    pub(super) fn differs(self, how: &str) -> Self {
        Self { note: Some(how.to_owned()), ..self }
    }

    /// What is timed. It is tried once.
    pub(super) fn prepared(mut self) -> Result<Prepared<'a>> {
        let outputs = std::array::from_fn(|i| match self.row {
            Some(row) if i == 0 => vec![0.0; self.bars * row],
            None if i < self.columns => vec![0.0; self.bars],
            _ => Vec::new(),
        });
        let (note, skip) = (self.note.take(), self.skip);
        let mut filling = Filling { run: self, outputs, missing: 0 };
        (filling.run.fill)(&mut filling.outputs)?;
        // Nothing of that is to be taken for what is computed later.
        filling.outputs.iter_mut().for_each(|column| column.fill(0.0));
        Ok(Prepared { note, skip, ..Prepared::new(filling) })
    }
}

struct Filling<'a> {
    run: Run<'a>,
    outputs: Outputs,
    /// The bars that have no place in the outputs.
    missing: usize,
}

impl Work for Filling<'_> {
    fn run(&mut self) {
        self.missing = (self.run.fill)(black_box(&mut self.outputs)).expect("it worked when it was prepared");
    }

    fn results(&self) -> Vec<f64> {
        let Run { bars, columns, row, scale, offset, .. } = self.run;
        let value = |column: usize, bar: usize| match (row, bar.checked_sub(self.missing)) {
            (_, None) => f64::NAN,
            (Some(row), Some(at)) => self.outputs[0][at * row + column] * scale + offset,
            (None, Some(at)) => self.outputs[column][at] * scale + offset,
        };
        (0..columns).flat_map(|column| (0..bars).map(move |bar| value(column, bar))).collect()
    }
}
