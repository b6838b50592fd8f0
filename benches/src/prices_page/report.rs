//! What came of all indicators.

use super::{INDICATORS, Indicator, Series, grouped, page};
use anyhow::Result;
use kernels_indicators::{Error, Isa};

/// Each time is the median of so many.
const RUNS: usize = 9;

/// All indicators over a series.
#[derive(Clone, Debug)]
pub struct Report {
    /// The prices.
    pub series: Series,
    /// In the order of [`INDICATORS`].
    pub computed: Vec<Computed>,
    /// The bars that were timed.
    timed: usize,
}

/// An indicator, and what came of it.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The indicator.
    pub indicator: &'static Indicator,
    /// Each of its outputs, bar by bar.
    pub values: Vec<Vec<f64>>,
    /// The milliseconds that a million bars take.
    pub ms: f64,
}

impl Report {
    /// Computes all, and times each over the series, repeated to so many bars.
    ///
    /// # Errors
    /// If there are fewer bars than an indicator's settings call for.
    pub fn new(series: Series, timed: usize) -> Result<Self, Error> {
        let repeated = series.repeated(timed);
        let computed = INDICATORS.iter().map(|indicator| {
            let values = indicator.values(&series)?;
            Ok(Computed { indicator, values, ms: indicator.ms_per_million(&repeated, RUNS)? })
        });
        let computed = computed.collect::<Result<_, Error>>()?;
        Ok(Self { series, computed, timed })
    }

    /// How the times were measured, in words.
    #[must_use]
    pub fn how_timed(&self) -> String {
        format!(
            "on one thread ({}), f64, into a buffer that is reused: the median of {RUNS} runs over the series \
             repeated to {} bars",
            Isa::detect().name(),
            grouped(self.timed as f64, 0),
        )
    }

    /// The page, with charts of the last `bars` bars.
    ///
    /// # Errors
    /// If a chart cannot be drawn.
    pub fn page(&self, bars: usize) -> Result<String> {
        page::page(self, bars)
    }
}

impl Computed {
    /// What each output is called, and its last value.
    pub fn last(&self) -> impl Iterator<Item = (String, f64)> {
        let last = |values: &Vec<f64>| values.last().copied().unwrap_or(f64::NAN);
        self.values.iter().enumerate().map(move |(i, values)| (self.indicator.output(i), last(values)))
    }
}
