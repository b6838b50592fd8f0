//! All indicators, with the settings that the page shows them with.

use super::Series;
use kernels_indicators::*;
use std::time::Instant;

/// An indicator with its settings.
#[derive(Debug)]
pub struct Indicator {
    /// What it is called.
    pub name: &'static str,
    /// Its settings, in the order of its arguments.
    pub settings: &'static [&'static str],
    /// The names of its outputs.
    pub outputs: &'static [&'static str],
    /// The chart that shows it.
    pub panel: Panel,
    write: fn(&Series, &mut [Vec<f64>]) -> Result<(), Error>,
}

/// A chart of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Prices of all years.
    History,
    /// Prices and bands.
    Bands,
    /// Prices and plain averages.
    Averages,
    /// Prices and averages that lag less.
    Leads,
    /// Prices and their average by volume.
    Traded,
    /// Prices and their average by volume since a month began.
    Months,
    /// What was traded at each bar.
    Volume,
    /// On-balance volume.
    Balance,
    /// Relative strength.
    Strength,
    /// Convergence and divergence.
    Convergence,
    /// The stochastic oscillator.
    Stochastic,
    /// Directions.
    Direction,
    /// Ranges.
    Range,
    /// Deviations.
    Deviation,
}

macro_rules! indicators {
    ($(
        $panel:ident $name:literal
        $into:ident($($input:ident),+ $(; $($setting:literal),+)?) -> $($shape:ident)? { $($output:ident),+ };
    )*) => {
        /// All of them, as the functions of the same names compute them.
        pub static INDICATORS: &[Indicator] = &[$(Indicator {
            name: $name,
            settings: &[$($(stringify!($setting)),+)?],
            outputs: &[$(stringify!($output)),+],
            panel: Panel::$panel,
            write: |series, out| {
                let [$($output),+] = out else { panic!("as many vectors as outputs") };
                $(let $output = $output.as_mut_slice();)+
                $into($(&series.$input,)+ $($($setting,)+)? out!($($shape)? { $($output),+ }))
            },
        }),*];
    };
}

macro_rules! out {
    ({ $output:ident }) => { $output };
    ($shape:ident { $($output:ident),+ }) => { $shape { $($output),+ } };
}

indicators! {
    Averages    "SMMA"            smma_into(close; 50) -> { value };
    Averages    "EMA"             ema_into(close; 50) -> { value };
    Averages    "SMA"             sma_into(close; 50) -> { value };
    Averages    "WMA"             wma_into(close; 50) -> { value };
    Leads       "ALMA"            alma_into(close; 50, 0.85, 6.0) -> { value };
    Leads       "DEMA"            dema_into(close; 50) -> { value };
    Leads       "TEMA"            tema_into(close; 50) -> { value };
    Leads       "HMA"             hma_into(close; 50) -> { value };
    Bands       "Bollinger bands" bollinger_into(close; 20, 2.0) -> Bands { upper, middle, lower };
    Deviation   "Std. deviation"  stddev_into(close; 20) -> { value };
    Convergence "MACD"            macd_into(close; 12, 26, 9) -> Macd { line, signal, histogram };
    Strength    "RSI"             rsi_into(close; 14) -> { value };
    Stochastic  "Stochastic"      stochastic_into(high, low, close; 14, 3, 3) -> Stochastic { k, d };
    Direction   "ADX"             adx_into(high, low, close; 14) -> Adx { adx, plus_di, minus_di };
    Range       "True range"      true_range_into(high, low, close) -> { range };
    Range       "ATR"             atr_into(high, low, close; 14) -> { value };
    Balance     "OBV"             obv_into(close, volume) -> { value };
    Traded      "VWMA"            vwma_into(close, volume; 50) -> { value };
    Months      "VWAP, monthly"   vwap_anchored_into(high, low, close, volume, months) -> { anchored };
    History     "VWAP"            vwap_into(high, low, close, volume) -> { value };
}

impl Indicator {
    /// Its name with its settings.
    #[must_use]
    pub fn label(&self) -> String {
        let settings = self.settings.iter().map(|setting| setting.trim_end_matches(".0"));
        let settings = settings.collect::<Vec<_>>().join(", ");
        format!("{} {settings}", self.name).trim_end().to_owned()
    }

    /// What one of its outputs is called: an only one like itself.
    #[must_use]
    pub fn output(&self, index: usize) -> String {
        match self.outputs {
            [_] => self.label(),
            outputs => name_of(outputs[index]).to_owned(),
        }
    }

    /// Its outputs, bar by bar.
    ///
    /// # Errors
    /// If there are fewer bars than the settings call for.
    pub fn values(&self, series: &Series) -> Result<Vec<Vec<f64>>, Error> {
        let mut out = vec![vec![0.0; series.bars()]; self.outputs.len()];
        (self.write)(series, &mut out)?;
        Ok(out)
    }

    /// The median of the milliseconds that it takes per million bars of this series, in vectors that are there before.
    ///
    /// # Errors
    /// As [`values`](Self::values).
    pub fn ms_per_million(&self, series: &Series, runs: usize) -> Result<f64, Error> {
        let mut out = self.values(series)?;
        let mut times = Vec::with_capacity(runs);
        for _ in 0..runs.max(1) {
            let start = Instant::now();
            (self.write)(series, std::hint::black_box(&mut out))?;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        Ok(times[times.len() / 2].as_secs_f64() * 1e9 / series.bars() as f64)
    }
}

/// An output's name as people write it.
pub(super) fn name_of(output: &'static str) -> &'static str {
    match output {
        "k" => "%K",
        "d" => "%D",
        "adx" => "ADX",
        "plus_di" => "+DI",
        "minus_di" => "-DI",
        other => other,
    }
}
