//! Which indicators there are, and with which parameters all sides compute them.

/// What most indicators have one of.
pub(super) const PERIOD: usize = 14;
pub(super) const STDDEV_PERIOD: usize = 20;
pub(super) const HMA_PERIOD: usize = 16;
/// Period, offset and sigma.
pub(super) const ALMA: (usize, f64, f64) = (9, 0.85, 6.0);
/// Period, and width in standard deviations.
pub(super) const BOLLINGER: (usize, f64) = (20, 2.0);
/// Fast, slow, signal.
pub(super) const MACD: (usize, usize, usize) = (12, 26, 9);
/// Bars of the range, and of the averages for k and d.
pub(super) const STOCHASTIC: (usize, usize, usize) = (14, 3, 3);

macro_rules! indicators {
    ($($variant:ident $name:literal)*) => {
        #[derive(Clone, Copy)]
        pub(super) enum Indicator { $($variant),* }

        impl Indicator {
            pub(super) const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its function, without `_into`.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

indicators! {
    Smma "smma"
    Ema "ema"
    Sma "sma"
    Wma "wma"
    Alma "alma"
    Stddev "stddev"
    Bollinger "bollinger"
    Dema "dema"
    Tema "tema"
    Hma "hma"
    Macd "macd"
    Rsi "rsi"
    TrueRange "true_range"
    Atr "atr"
    Adx "adx"
    Stochastic "stochastic"
    Obv "obv"
    Vwma "vwma"
    Vwap "vwap"
}
