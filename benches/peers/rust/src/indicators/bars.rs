//! What indicators are computed of.

use anyhow::{Result, ensure};
use bench_contest::serve::Case;

/// The columns that a case has; the others are empty.
#[derive(Clone, Copy)]
pub(crate) struct Bars<'a> {
    pub(crate) high: &'a [f64],
    pub(crate) low: &'a [f64],
    pub(crate) close: &'a [f64],
    pub(crate) volume: &'a [f64],
}

impl<'a> Bars<'a> {
    /// With what the indicator is set to. None if the case is no indicator.
    pub(crate) fn of(case: &'a Case) -> Result<Option<(Self, Settings<'a>)>> {
        let names: &[&str] = match case.operation() {
            "smma" | "ema" | "sma" | "wma" | "alma" | "stddev" | "bollinger" | "dema" | "tema" | "hma"
            | "macd" | "rsi" => &["close"],
            "true_range" | "atr" | "adx" | "stochastic" => &["high", "low", "close"],
            "obv" | "vwma" => &["close", "volume"],
            "vwap" => &["high", "low", "close", "volume"],
            _ => return Ok(None),
        };
        let len = case.f64("close")?.len();
        ensure!(len > 0, "there are no bars");
        let column = |name| {
            if !names.contains(&name) {
                return Ok([].as_slice());
            }
            let values = case.f64(name)?;
            ensure!(values.len() == len, "{name} has {} bars, and close {len}", values.len());
            Ok(values)
        };
        let bars = Self {
            high: column("high")?,
            low: column("low")?,
            close: column("close")?,
            volume: column("volume")?,
        };
        Ok(Some((bars, Settings::of(case, len)?)))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.close.len()
    }

    /// Open, high, low, close and volume of each, for those who take them together. What the case does not have, its indicator
    /// does not look at: prices are the close then, and there is no volume.
    pub(super) fn rows(&self) -> impl Iterator<Item = [f64; 5]> {
        let Self { high, low, close, volume } = *self;
        let at = |column: &[f64], i: usize, other: f64| column.get(i).copied().unwrap_or(other);
        close
            .iter()
            .enumerate()
            .map(move |(i, &close)| [close, at(high, i, close), at(low, i, close), close, at(volume, i, 0.0)])
    }
}

/// What an indicator is set to.
pub(crate) struct Settings<'a> {
    case: &'a Case,
    /// The bars that it looks at; 0 where it has no such setting.
    pub(crate) period: usize,
}

impl<'a> Settings<'a> {
    fn of(case: &'a Case, bars: usize) -> Result<Self> {
        let has_period = !matches!(case.operation(), "macd" | "true_range" | "obv" | "vwap");
        let period = if has_period { case.size("period")? } else { 0 };
        let in_range = (1..=bars).contains(&period);
        ensure!(
            in_range || !has_period,
            "a period is from 1 to the number of bars, {bars}, and not {period}"
        );
        Ok(Self { case, period })
    }

    /// Offset and sigma.
    pub(super) fn alma(&self) -> Result<[f64; 2]> {
        Ok([self.case.parameter("offset")?, self.case.parameter("sigma")?])
    }

    /// The width in standard deviations.
    pub(super) fn bollinger(&self) -> Result<f64> {
        self.case.parameter("k")
    }

    /// Fast, slow, signal.
    pub(super) fn macd(&self) -> Result<[usize; 3]> {
        Ok([self.case.size("fast")?, self.case.size("slow")?, self.case.size("signal")?])
    }

    /// The bars of the averages for k and d.
    pub(super) fn stochastic(&self) -> Result<[usize; 2]> {
        Ok([self.case.size("slow")?, self.case.size("signal")?])
    }
}
