//! Every indicator behind one interface, with its reference: what is tested of one is tested of all.

use crate::data::{CLOSE, HIGH, LOW, Level, Real, VOLUME};
use kernels_indicators::{Adx, Bands, Error, Indicator, Isa, Macd, Stochastic, Stream, spec};
use kernels_testing::reference::indicators as reference;
use std::fmt::Debug;

/// Values of a shape one after another, whatever the names are.
pub(crate) trait Row<V> {
    fn of(next: impl FnMut() -> V) -> Self;
    fn each(self, take: impl FnMut(V));
}

impl<V> Row<V> for V {
    fn of(mut next: impl FnMut() -> V) -> Self {
        next()
    }
    fn each(self, mut take: impl FnMut(V)) {
        take(self);
    }
}

impl<V, const N: usize> Row<V> for [V; N] {
    fn of(mut next: impl FnMut() -> V) -> Self {
        std::array::from_fn(|_| next())
    }
    fn each(self, take: impl FnMut(V)) {
        self.into_iter().for_each(take);
    }
}

macro_rules! row {
    ($($row:ident { $($name:ident),* })*) => {
        $(impl<V> Row<V> for $row<V> {
            fn of(mut next: impl FnMut() -> V) -> Self {
                Self { $($name: next()),* }
            }
            fn each(self, mut take: impl FnMut(V)) {
                $(take(self.$name);)*
            }
        })*
    };
}
row! {
    Bands { upper, middle, lower }
    Macd { line, signal, histogram }
    Adx { adx, plus_di, minus_di }
    Stochastic { k, d }
}

/// Values of a row in a vector.
pub(crate) fn values<V>(row: impl Row<V>) -> Vec<V> {
    let mut values = Vec::new();
    row.each(|value| values.push(value));
    values
}

/// How many rows are computed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    On(Isa),
    Plain,
    #[cfg(feature = "parallel")]
    Parallel,
}

/// An indicator with its parameters.
pub(crate) trait Case<T: Real>: Debug + Sync {
    fn name(&self) -> &'static str;
    /// Which of high, low, close, volume it reads.
    fn series(&self) -> &'static [usize];
    fn outputs(&self) -> usize;
    fn level(&self) -> Level;
    fn first_bar(&self) -> usize;
    fn reference(&self, input: &[&[f64]]) -> Vec<Vec<f64>>;

    fn run(&self, input: &[&[T]]) -> Result<Vec<Vec<T>>, Error>;
    fn run_into(&self, form: Form, input: &[&[T]], out: &mut [&mut [T]]) -> Result<(), Error>;
    /// Nothing, where there is no such form.
    fn run_in_place(&self, form: Form, data: &mut [T]) -> Option<Result<(), Error>>;
    fn new_stream(&self) -> Result<Box<dyn Streamed<T>>, Error>;
    fn run_many(&self, form: Form, input: &[&[T]], series: usize) -> Result<Vec<Vec<T>>, Error>;
    fn run_many_into(
        &self,
        form: Form,
        input: &[&[T]],
        series: usize,
        out: &mut [&mut [T]],
    ) -> Result<(), Error>;
    /// The settings that [`all`] makes for each of `periods`.
    fn run_sweep(&self, form: Form, periods: &[usize], input: &[&[T]]) -> Result<Vec<Vec<T>>, Error>;
}

/// A stream. Bars and values have room for the most that there can be.
pub(crate) trait Streamed<T> {
    fn update(&mut self, bar: &[T]) -> Option<[T; 3]>;
    fn peek(&self, bar: &[T]) -> Option<[T; 3]>;
    fn reset(&mut self);
}

fn row<V, R: Row<V>>(values: impl IntoIterator<Item = V>) -> R {
    let mut values = values.into_iter();
    R::of(|| values.next().expect("a value for each name"))
}

fn three<T: Real>(values: impl Row<T>) -> [T; 3] {
    let (mut three, mut len) = ([T::NAN; 3], 0);
    values.each(|value| {
        three[len] = value;
        len += 1;
    });
    three
}

/// For each type: its name, what it reads, its outputs; the setting for a number of bars that are enough for
/// it; and its reference.
macro_rules! cases {
    ($(
        $spec:ty, $name:literal, $series:expr, $outputs:literal $level:ident $($in_place:ident)?;
        $n:pat => $of:expr;
        $self:ident, $x:ident => $want:expr;
    )*) => {
        $(
            impl Setting for $spec {
                fn for_bars($n: usize) -> Option<Self> {
                    $of
                }
            }

            impl<T: Real> Case<T> for $spec {
                fn name(&self) -> &'static str {
                    $name
                }
                fn series(&self) -> &'static [usize] {
                    $series
                }
                fn outputs(&self) -> usize {
                    $outputs
                }
                fn level(&self) -> Level {
                    Level::$level
                }
                fn first_bar(&self) -> usize {
                    Indicator::lookback(self).unwrap()
                }
                fn reference(&self, $x: &[&[f64]]) -> Vec<Vec<f64>> {
                    let $self = self;
                    values($want)
                }
                fn run(&self, input: &[&[T]]) -> Result<Vec<Vec<T>>, Error> {
                    Indicator::batch::<T>(self, row(input.iter().copied())).map(values)
                }
                fn run_into(&self, form: Form, input: &[&[T]], out: &mut [&mut [T]]) -> Result<(), Error> {
                    let input = row(input.iter().copied());
                    let out = row(out.iter_mut().map(|out| &mut **out));
                    match form {
                        Form::On(isa) => self.batch_into_on::<T>(isa, input, out),
                        _ => Indicator::batch_into::<T>(self, input, out),
                    }
                }
                fn run_in_place(&self, form: Form, data: &mut [T]) -> Option<Result<(), Error>> {
                    let _ = (form, &data);
                    None::<Result<(), Error>>$(.or_else(|| Some(self.$in_place(form, data))))?
                }
                fn new_stream(&self) -> Result<Box<dyn Streamed<T>>, Error> {
                    Ok(Box::new(Indicator::stream::<T>(self)?))
                }
                fn run_many(&self, form: Form, input: &[&[T]], series: usize) -> Result<Vec<Vec<T>>, Error> {
                    let input = row(input.iter().copied());
                    match form {
                        #[cfg(feature = "parallel")]
                        Form::Parallel => kernels_indicators::parallel::many::<_, T>(self, input, series),
                        _ => Indicator::many::<T>(self, input, series),
                    }
                    .map(values)
                }
                fn run_many_into(
                    &self,
                    form: Form,
                    input: &[&[T]],
                    series: usize,
                    out: &mut [&mut [T]],
                ) -> Result<(), Error> {
                    let input = row(input.iter().copied());
                    let out = row(out.iter_mut().map(|out| &mut **out));
                    match form {
                        #[cfg(feature = "parallel")]
                        Form::Parallel => {
                            kernels_indicators::parallel::many_into::<_, T>(self, input, series, out)
                        }
                        _ => Indicator::many_into::<T>(self, input, series, out),
                    }
                }
                fn run_sweep(
                    &self,
                    form: Form,
                    periods: &[usize],
                    input: &[&[T]],
                ) -> Result<Vec<Vec<T>>, Error> {
                    let settings: Vec<Self> = periods.iter().filter_map(|n| Self::for_bars(*n)).collect();
                    let bars = input[0].len();
                    let input = row(input.iter().copied());
                    match form {
                        Form::Plain => Indicator::sweep::<T>(&settings, input).map(values),
                        #[cfg(feature = "parallel")]
                        Form::Parallel => {
                            kernels_indicators::parallel::sweep::<_, T>(&settings, input).map(values)
                        }
                        Form::On(isa) => {
                            let mut out = vec![vec![T::ZERO; settings.len() * bars]; $outputs];
                            let slices = row(out.iter_mut().map(Vec::as_mut_slice));
                            Self::sweep_into_on::<T>(isa, &settings, input, slices)?;
                            Ok(out)
                        }
                    }
                }
            }

            impl<T: Real> Streamed<T> for Stream<$spec, T> {
                fn update(&mut self, bar: &[T]) -> Option<[T; 3]> {
                    Stream::update(self, row(bar.iter().copied())).map(three)
                }
                fn peek(&self, bar: &[T]) -> Option<[T; 3]> {
                    Stream::peek(self, row(bar.iter().copied())).map(three)
                }
                fn reset(&mut self) {
                    Stream::reset(self);
                }
            }
        )*

        /// Every indicator, with a setting that `n` bars are enough for.
        pub(crate) fn all<T: Real>(n: usize) -> Vec<Box<dyn Case<T>>> {
            let mut all: Vec<Box<dyn Case<T>>> = Vec::new();
            $(all.extend(<$spec>::for_bars(n).map(|setting| Box::new(setting) as Box<dyn Case<T>>));)*
            all
        }
    };
}

/// A setting for a number of bars, if there is one.
trait Setting: Sized {
    fn for_bars(n: usize) -> Option<Self>;
}

/// The forms that only some have.
trait OverInput<T>: Indicator {
    /// Either of the two functions.
    fn over(&self, form: Form, data: &mut [T]) -> Result<(), Error>;
}

macro_rules! over_input {
    ($($spec:ident)*) => {
        $(impl<T: Real> OverInput<T> for spec::$spec {
            fn over(&self, form: Form, data: &mut [T]) -> Result<(), Error> {
                match form {
                    Form::On(isa) => self.in_place_on(isa, data),
                    _ => Indicator::in_place(self, data),
                }
            }
        })*
    };
}
over_input! { Smma Ema Sma Wma Alma StdDev Dema Tema Hma Rsi }

const ONE: &[usize] = &[CLOSE];
const BAR: &[usize] = &[HIGH, LOW, CLOSE];
const TRADED: &[usize] = &[CLOSE, VOLUME];
const ALL: &[usize] = &[HIGH, LOW, CLOSE, VOLUME];

/// Side by side, apart, and on both sides of where a piece of 1024 bars ends.
static STARTS: [usize; 9] = [0, 1, 4, 7, 1000, 1023, 1024, 2047, 2051];

cases! {
    spec::Smma, "smma", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::smma(x[0], s.period);
    spec::Ema, "ema", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::ema(x[0], s.period);
    spec::Sma, "sma", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::sma(x[0], s.period);
    spec::Wma, "wma", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::wma(x[0], s.period);
    spec::Alma, "alma", ONE, 1 Price over;
        n => Some(Self::new(n, 0.85, 6.0));
        s, x => reference::alma(x[0], s.period, s.offset, s.sigma);
    spec::StdDev, "stddev", ONE, 1 Spread over;
        n => Some(Self::new(n));
        s, x => reference::stddev(x[0], s.period);
    spec::Bollinger, "bollinger", ONE, 3 Price;
        n => Some(Self::new(n, 2.5));
        s, x => {
            let reference::Bands { upper, middle, lower } = reference::bollinger(x[0], s.period, s.k);
            [upper, middle, lower]
        };
    spec::Dema, "dema", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::dema(x[0], s.period);
    spec::Tema, "tema", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::tema(x[0], s.period);
    spec::Hma, "hma", ONE, 1 Price over; n => Some(Self::new(n)); s, x => reference::hma(x[0], s.period);
    spec::Macd, "macd", ONE, 3 Price;
        n => (n > 1).then(|| Self::new(n / 2, n, n.div_ceil(3)));
        s, x => {
            let reference::Macd { line, signal, histogram } = reference::macd(x[0], s.fast, s.slow, s.signal);
            [line, signal, histogram]
        };
    spec::Rsi, "rsi", ONE, 1 Percent over; n => Some(Self::new(n)); s, x => reference::rsi(x[0], s.period);
    spec::TrueRange, "true_range", BAR, 1 Price;
        _ => Some(Self::new());
        _s, x => reference::true_range(x[0], x[1], x[2]);
    spec::Atr, "atr", BAR, 1 Price;
        n => Some(Self::new(n));
        s, x => reference::atr(x[0], x[1], x[2], s.period);
    spec::Adx, "adx", BAR, 3 Percent;
        n => Some(Self::new(n));
        s, x => {
            let reference::Adx { adx, plus_di, minus_di } = reference::adx(x[0], x[1], x[2], s.period);
            [adx, plus_di, minus_di]
        };
    spec::Stochastic, "stochastic", BAR, 2 Percent;
        n => Some(Self::new(n, n.min(3), n.div_ceil(2)));
        s, x => {
            let reference::Stochastic { k, d } =
                reference::stochastic(x[0], x[1], x[2], s.k_period, s.k_slow, s.d_period);
            [k, d]
        };
    spec::Obv, "obv", TRADED, 1 Volume; _ => Some(Self::new()); _s, x => reference::obv(x[0], x[1]);
    spec::Vwma, "vwma", TRADED, 1 Price;
        n => Some(Self::new(n));
        s, x => reference::vwma(x[0], x[1], s.period);
    spec::Vwap, "vwap", ALL, 1 Price;
        _ => Some(Self::new());
        _s, x => reference::vwap(x[0], x[1], x[2], x[3]);
    spec::VwapAnchored<'static>, "vwap_anchored", ALL, 1 Price;
        n => {
            let starts = &STARTS[..STARTS.partition_point(|start| *start < n)];
            Some(Self::new(&starts[(n + 1) % 2..]))
        };
        s, x => reference::vwap_anchored(x[0], x[1], x[2], x[3], s.starts);
}
