//! The prices.

use super::dates::Date;
use kernels_testing::prices;

/// Bars of a market.
#[derive(Clone, Debug)]
pub struct Series {
    /// When each bar begins: milliseconds since 1970.
    pub time: Vec<u64>,
    /// The highest prices.
    pub high: Vec<f64>,
    /// The lowest prices.
    pub low: Vec<f64>,
    /// The last prices.
    pub close: Vec<f64>,
    /// How much was traded.
    pub volume: Vec<f64>,
    /// The first bar of each month but that in which the series begins.
    pub months: Vec<usize>,
}

impl Series {
    /// BTC/USD in bars of four hours, 2017 to 2024.
    ///
    /// # Panics
    /// If the file cannot be read.
    #[must_use]
    pub fn bitcoin() -> Self {
        let prices::Bars { time, high, low, close, volume, .. } = prices::bitcoin();
        let months = months(&time);
        Self { time, high, low, close, volume, months }
    }

    /// The number of bars.
    #[must_use]
    pub fn bars(&self) -> usize {
        self.close.len()
    }

    /// The same again and again, up to this many bars.
    #[must_use]
    pub fn repeated(&self, bars: usize) -> Self {
        let repeat = |values: &[f64]| values.iter().copied().cycle().take(bars).collect();
        let time: Vec<_> = self.time.iter().copied().cycle().take(bars).collect();
        let months = months(&time);
        let [high, low, close, volume] =
            [&self.high, &self.low, &self.close, &self.volume].map(|v| repeat(v));
        Self { time, high, low, close, volume, months }
    }
}

fn months(time: &[u64]) -> Vec<usize> {
    let month = |&ms: &u64| (Date::of(ms).year, Date::of(ms).month);
    (1..time.len()).filter(|&i| month(&time[i]) != month(&time[i - 1])).collect()
}
