//! Ours.

use super::bars::Bars;
use crate::kernel::{Form, Outcome};
use crate::work::{making, trying};
use anyhow::Result;
use bench_contest::serve::{Case, Prepared};
use kernels_indicators::{Indicator, shape::Shape, spec};

pub(super) fn prepare(form: Form, case: &Case) -> Outcome<'_> {
    let Some((Bars { high, low, close, volume }, settings)) = Bars::of(case)? else { return Ok(None) };
    let (prices, outputs) = ([high, low, close], case.outputs());
    let n = settings.period;
    Ok(Some(match case.operation() {
        "smma" => of(form, spec::Smma::new(n), close, outputs)?,
        "ema" => of(form, spec::Ema::new(n), close, outputs)?,
        "sma" => of(form, spec::Sma::new(n), close, outputs)?,
        "wma" => of(form, spec::Wma::new(n), close, outputs)?,
        "alma" => {
            let [offset, sigma] = settings.alma()?;
            of(form, spec::Alma::new(n, offset, sigma), close, outputs)?
        }
        "stddev" => of(form, spec::StdDev::new(n), close, outputs)?,
        "bollinger" => {
            let k = settings.bollinger()?;
            of(form, spec::Bollinger::new(n, k), close, outputs)?
        }
        "dema" => of(form, spec::Dema::new(n), close, outputs)?,
        "tema" => of(form, spec::Tema::new(n), close, outputs)?,
        "hma" => of(form, spec::Hma::new(n), close, outputs)?,
        "macd" => {
            let [fast, slow, signal] = settings.macd()?;
            of(form, spec::Macd::new(fast, slow, signal), close, outputs)?
        }
        "rsi" => of(form, spec::Rsi::new(n), close, outputs)?,
        "true_range" => of(form, spec::TrueRange::new(), prices, outputs)?,
        "atr" => of(form, spec::Atr::new(n), prices, outputs)?,
        "adx" => of(form, spec::Adx::new(n), prices, outputs)?,
        "stochastic" => {
            let [slow, signal] = settings.stochastic()?;
            of(form, spec::Stochastic::new(n, slow, signal), prices, outputs)?
        }
        "obv" => of(form, spec::Obv::new(), [close, volume], outputs)?,
        "vwma" => of(form, spec::Vwma::new(n), [close, volume], outputs)?,
        "vwap" => of(form, spec::Vwap::new(), [high, low, close, volume], outputs)?,
        _ => return Ok(None),
    }))
}

/// Work of a type of ours, whose outputs lie one after the other.
fn of<'a, I: Indicator + 'a>(
    form: Form,
    indicator: I,
    input: <I::Input as Shape>::Of<&'a [f64]>,
    outputs: usize,
) -> Result<Prepared<'a>> {
    let isa = form.isa()?;
    let input = move || I::Input::map(I::Input::each_ref(&input), |values| *values);
    match form {
        Form::Allocating => making(
            move || indicator.batch(input()),
            |made| {
                let mut all = Vec::new();
                I::Output::map(I::Output::each_ref(made), |values| all.extend_from_slice(values));
                all
            },
        ),
        Form::Into | Form::Scalar => trying(outputs, move |out| {
            let mut columns = out.chunks_exact_mut(outputs / I::Output::NAMES.len());
            let columns = I::Output::from_fn(|_| columns.next().expect("one for each name"));
            indicator.batch_into_on(isa, input(), columns)
        }),
    }
}
