//! One way to compute an indicator on one input, and what its results are compared by.

/// Columns of values: as many as the indicator has outputs.
pub(super) type Outputs = [Vec<f64>; 3];

/// Fills the outputs, and says how many bars have no place in them, at the start.
type Work<'a> = Box<dyn FnMut(&mut Outputs) -> usize + 'a>;

pub(super) struct Run<'a> {
    work: Work<'a>,
    /// How many outputs there are.
    columns: usize,
    /// How many values a bar has in the first column, if all outputs are there.
    row: Option<usize>,
    scale: f64,
    agreement: Agreement,
}

/// Where results are as ours, up to rounding.
#[derive(Clone, Copy)]
pub(super) enum Agreement {
    /// From our first value on.
    Everywhere,
    /// In the second half: they start from another value, and forget it.
    InTheEnd,
    /// Nowhere, for this reason.
    Nowhere(&'static str),
}

impl<'a> Run<'a> {
    /// One output, a value per bar.
    pub(super) fn one(mut work: impl FnMut(&mut [f64]) + 'a) -> Self {
        Self::bars(1, move |[out, ..]| work(out))
    }

    /// Several outputs, a value per bar in each.
    pub(super) fn bars(columns: usize, mut work: impl FnMut(&mut Outputs) + 'a) -> Self {
        Self::packed(columns, move |outputs| {
            work(outputs);
            0
        })
    }

    /// Several outputs, which begin with the first defined value; `work` says at which bar that is.
    pub(super) fn packed(columns: usize, work: impl FnMut(&mut Outputs) -> usize + 'a) -> Self {
        Self { work: Box::new(work), columns, row: None, scale: 1.0, agreement: Agreement::Everywhere }
    }

    /// Several outputs, in rows of `row` values per bar.
    pub(super) fn rows(columns: usize, row: usize, mut work: impl FnMut(&mut [f64]) + 'a) -> Self {
        Self { row: Some(row), ..Self::bars(columns, move |[out, ..]| work(out)) }
    }

    /// What to multiply the results with, for them to be in our unit.
    pub(super) fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// They start from another value.
    pub(super) fn other_seed(self) -> Self {
        Self { agreement: Agreement::InTheEnd, ..self }
    }

    /// They are something else.
    pub(super) fn differs(self, why: &'static str) -> Self {
        Self { agreement: Agreement::Nowhere(why), ..self }
    }

    pub(super) fn agreement(&self) -> Agreement {
        self.agreement
    }

    /// Room for the results, which `work` overwrites.
    pub(super) fn room(&self, bars: usize) -> Outputs {
        std::array::from_fn(|i| match self.row {
            Some(row) if i == 0 => vec![0.0; bars * row],
            None if i < self.columns => vec![0.0; bars],
            _ => Vec::new(),
        })
    }

    pub(super) fn compute(&mut self, outputs: &mut Outputs) -> usize {
        (self.work)(outputs)
    }

    /// Computes once more, and gives each output with a value per bar.
    pub(super) fn results(&mut self, bars: usize) -> Vec<Vec<f64>> {
        let mut outputs = self.room(bars);
        let missing = self.compute(&mut outputs);
        let value = |column: usize, bar: usize| match (self.row, bar.checked_sub(missing)) {
            (_, None) => f64::NAN,
            (Some(row), Some(at)) => outputs[0][at * row + column] * self.scale,
            (None, Some(at)) => outputs[column][at] * self.scale,
        };
        (0..self.columns).map(|column| (0..bars).map(|bar| value(column, bar)).collect()).collect()
    }
}

/// How far their results are from ours, where they are to agree: the largest difference, as a fraction of the mean
/// magnitude of that output. Outputs that they do not have are not compared.
pub(super) fn difference(ours: &[Vec<f64>], theirs: &[Vec<f64>], agreement: Agreement) -> f64 {
    let of_column = |(ours, theirs): (&Vec<f64>, &Vec<f64>)| {
        let start = match agreement {
            Agreement::Everywhere => ours.iter().position(|x| !x.is_nan()).unwrap_or(ours.len()),
            Agreement::InTheEnd | Agreement::Nowhere(_) => ours.len() / 2,
        };
        let (ours, theirs) = (&ours[start..], &theirs[start..]);
        let magnitude = ours.iter().map(|x| x.abs()).sum::<f64>() / ours.len() as f64;
        let differences = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / magnitude);
        // A value where the other has none is as far away as can be.
        differences.fold(0.0, |largest, x| if x.is_nan() { f64::INFINITY } else { f64::max(largest, x) })
    };
    ours.iter().zip(theirs).map(of_column).fold(0.0, f64::max)
}
