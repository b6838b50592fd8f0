//! Technical indicators, each with the settings that are usual for it.

use super::{Plan, Work, items};
use crate::Array;
use kernels_testing::prices::Bars;
use kernels_testing::{Random, reference::indicators as reference};

/// The columns of the bars that an indicator is of.
type Columns = &'static [&'static str];

const CLOSE: Columns = &["close"];
const PRICES: Columns = &["high", "low", "close"];
const TRADES: Columns = &["close", "volume"];
const ALL: Columns = &["high", "low", "close", "volume"];

/// What an indicator is: its name, its input, its settings, and what should come of them.
struct Indicator {
    name: &'static str,
    columns: Columns,
    parameters: &'static [(&'static str, f64)],
    outputs: fn(&Bars) -> Vec<Vec<f64>>,
}

const fn of(
    name: &'static str,
    columns: Columns,
    parameters: &'static [(&'static str, f64)],
    outputs: fn(&Bars) -> Vec<Vec<f64>>,
) -> Indicator {
    Indicator { name, columns, parameters, outputs }
}

const SMMA: Indicator = of("smma", CLOSE, &[("period", 14.0)], |b| vec![reference::smma(&b.close, 14)]);

const OTHERS: [Indicator; 18] = [
    of("ema", CLOSE, &[("period", 14.0)], |b| vec![reference::ema(&b.close, 14)]),
    of("sma", CLOSE, &[("period", 14.0)], |b| vec![reference::sma(&b.close, 14)]),
    of("wma", CLOSE, &[("period", 14.0)], |b| vec![reference::wma(&b.close, 14)]),
    of("alma", CLOSE, &[("period", 9.0), ("offset", 0.85), ("sigma", 6.0)], |b| {
        vec![reference::alma(&b.close, 9, 0.85, 6.0)]
    }),
    of("stddev", CLOSE, &[("period", 20.0)], |b| vec![reference::stddev(&b.close, 20)]),
    of("bollinger", CLOSE, &[("period", 20.0), ("k", 2.0)], |b| {
        let bands = reference::bollinger(&b.close, 20, 2.0);
        vec![bands.upper, bands.middle, bands.lower]
    }),
    of("dema", CLOSE, &[("period", 14.0)], |b| vec![reference::dema(&b.close, 14)]),
    of("tema", CLOSE, &[("period", 14.0)], |b| vec![reference::tema(&b.close, 14)]),
    of("hma", CLOSE, &[("period", 16.0)], |b| vec![reference::hma(&b.close, 16)]),
    of("macd", CLOSE, &[("fast", 12.0), ("slow", 26.0), ("signal", 9.0)], |b| {
        let macd = reference::macd(&b.close, 12, 26, 9);
        vec![macd.line, macd.signal, macd.histogram]
    }),
    of("rsi", CLOSE, &[("period", 14.0)], |b| vec![reference::rsi(&b.close, 14)]),
    of("true_range", PRICES, &[], |b| vec![reference::true_range(&b.high, &b.low, &b.close)]),
    of("atr", PRICES, &[("period", 14.0)], |b| vec![reference::atr(&b.high, &b.low, &b.close, 14)]),
    of("adx", PRICES, &[("period", 14.0)], |b| {
        let adx = reference::adx(&b.high, &b.low, &b.close, 14);
        vec![adx.adx, adx.plus_di, adx.minus_di]
    }),
    of("stochastic", PRICES, &[("period", 14.0), ("slow", 3.0), ("signal", 3.0)], |b| {
        let stochastic = reference::stochastic(&b.high, &b.low, &b.close, 14, 3, 3);
        vec![stochastic.k, stochastic.d]
    }),
    of("obv", TRADES, &[], |b| vec![reference::obv(&b.close, &b.volume)]),
    of("vwma", TRADES, &[("period", 14.0)], |b| vec![reference::vwma(&b.close, &b.volume, 14)]),
    of("vwap", ALL, &[], |b| vec![reference::vwap(&b.high, &b.low, &b.close, &b.volume)]),
];

pub(super) fn plans(quick: bool) -> Vec<Plan> {
    let mut plans: Vec<_> = [1_000, 10_000, 100_000].map(|bars| plan(&SMMA, bars)).into();
    if !quick {
        plans.push(plan(&SMMA, 1_000_000));
    }
    plans.extend(OTHERS.iter().map(|indicator| plan(indicator, 10_000)));
    if !quick {
        plans.extend(OTHERS.iter().map(|indicator| plan(indicator, 100_000)));
    }
    plans
}

fn plan(indicator: &'static Indicator, bars: usize) -> Plan {
    let plan =
        Plan::new(["indicators", indicator.name], format!("{bars} bars"), move || work(indicator, bars));
    plan.growing("bars", bars)
}

fn work(indicator: &Indicator, n: usize) -> Work {
    let bars = Random::new(11).bars(n);
    let column = |name: &&'static str| {
        let values = match *name {
            "high" => &bars.high,
            "low" => &bars.low,
            "close" => &bars.close,
            _ => &bars.volume,
        };
        (*name, Array::F64(values.clone()), vec![n])
    };
    Work {
        items: items(n, "bars"),
        flops: None,
        bound: 1e-8,
        parameters: indicator.parameters.to_vec(),
        inputs: indicator.columns.iter().map(column).collect(),
        unread_bytes: 0.0,
        out_bytes: 8.0,
        want: (indicator.outputs)(&bars),
    }
}
