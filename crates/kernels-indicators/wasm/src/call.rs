//! A call of any indicator in any form: from arguments to results.

use crate::indicator::{INPUTS, Indicator, OUTPUTS, failed, failure, named};
use crate::settings::Settings;
use crate::work::{Lent, Work};
use kernels_indicators::Error;
use kernels_wasm::{Failure, Overlap, Result, Series, integer, object, property, text};
use std::array;
use wasm_bindgen::prelude::*;

/// What is called, and where results go.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// One series: a row of it.
    One,
    OneInto,
    /// Many series, one after another: a row for each.
    Many,
    ManyInto,
    /// One series: a row for each setting.
    Sweep,
    SweepInto,
}

/// Calls an indicator. Arguments come as in JavaScript: series, how many of them there are in `Many`, parameters, and
/// `out` where that is in the form.
pub(crate) fn call(indicator: &Indicator, form: Form, arguments: &[&JsValue]) -> Result<JsValue> {
    let is_many = matches!(form, Form::Many | Form::ManyInto);
    let (inputs, rest) = arguments.split_at(indicator.inputs.len());
    let (series, rest) = rest.split_at(usize::from(is_many));
    let (params, out) = rest.split_at(indicator.params.len());

    let inputs = read_inputs(indicator, inputs)?;
    let settings = match form {
        Form::Sweep | Form::SweepInto => Settings::sweep(indicator.params, params)?,
        _ => Settings::one(indicator.params, params)?,
    };
    // More than memory can hold is found where it is copied.
    let bars = inputs[0].len() as usize;
    let rows = match series {
        [series] => count(integer("series", series)?, bars)?,
        _ => 1,
    };
    let len = bars
        .checked_mul(settings.rows)
        .filter(|&len| settings.rows == 1 || fits(len, indicator.outputs.len()));
    let len = len.ok_or_else(|| Failure::no_memory("out"))?;
    let outputs = match out {
        [out] => Some(check_outputs(indicator, &inputs, out, len)?),
        _ => None,
    };

    let numbers = settings.numbers()?;
    let Lent(work) = &mut Work::lend();
    for (input, copy) in inputs.iter().zip(&mut work.inputs) {
        input.read(copy)?;
    }
    let computed =
        compute(indicator, &numbers, rows, &inputs, outputs.as_deref().unwrap_or_default(), len, work);
    computed.map_err(|error| {
        failed(indicator, error, &|error| named(error, &|of| settings.place(&numbers, of)))
    })?;

    let Some(outputs) = outputs else { return fresh(indicator, &inputs[0], work) };
    for (output, copy) in outputs.iter().zip(&work.outputs) {
        // The others are where they belong.
        if copy.len() == len {
            output.write(copy)?;
        }
    }
    Ok(JsValue::UNDEFINED)
}

/// The series to read: all of the same numbers, and of the same length.
fn read_inputs(indicator: &Indicator, values: &[&JsValue]) -> Result<Vec<Series>> {
    let mut inputs = Vec::<Series>::with_capacity(values.len());
    for (what, value) in indicator.inputs.iter().zip(values) {
        let input = match inputs.first() {
            None => Series::new(what, value)?,
            Some(first) => {
                let input = first.like(what, value)?;
                if input.len() != first.len() {
                    let (expected, got) = (first.len() as usize, input.len() as usize);
                    return Err(failure(Error::Length { what, expected, got }));
                }
                input
            }
        };
        inputs.push(input);
    }
    Ok(inputs)
}

/// Whether wasm32 can hold so many results at all: 2 GiB in one piece, 4 GiB in all.
fn fits(len: usize, outputs: usize) -> bool {
    let bytes = len as f64 * 8.0;
    bytes <= f64::from(i32::MAX) && bytes * outputs as f64 <= 2.0 * f64::from(i32::MAX)
}

/// That so many series lie in the input.
fn count(series: usize, bars: usize) -> Result<usize> {
    if series > 0 && bars.is_multiple_of(series) {
        return Ok(series);
    }
    let expected = ["a divisor of ", &text(bars as f64), ", at least 1"].concat();
    Err(Failure::range("series", &expected, &text(series as f64)))
}

/// The series to write, which lie apart from all others. The only one may lie over the only one that is read.
fn check_outputs(indicator: &Indicator, inputs: &[Series], out: &JsValue, len: usize) -> Result<Vec<Series>> {
    let names = indicator.outputs;
    let mut outputs = Vec::<Series>::with_capacity(names.len());
    let is_one = names.len() == 1;
    if !is_one && !out.is_object() {
        return Err(Failure::kind("out", "an object with a series for each output", out));
    }
    let in_place = is_one && inputs.len() == 1;
    for name in names {
        let output = if is_one {
            inputs[0].like(name.what, out)
        } else {
            inputs[0].like(name.what, &property(out, name.name)?)
        }?;
        output.check_len(len)?;
        let over = |other: &Series| match output.overlap(other) {
            Overlap::Disjoint => false,
            Overlap::Same => !in_place,
            Overlap::Partial => true,
        };
        let with = indicator.inputs.iter().zip(inputs).find(|(_, input)| over(input)).map(|(name, _)| *name);
        if let Some(with) = with.or_else(|| outputs.iter().any(over).then_some("the other outputs")) {
            return Err(Failure::range(name.what, &["memory apart from ", with].concat(), "an overlap"));
        }
        outputs.push(output);
    }
    // What has made the later ones may have changed the earlier ones; from here on no code of the caller's runs.
    for output in &outputs {
        output.check_len(len)?;
    }
    Ok(outputs)
}

/// Runs the kernel, over buffers where they are, and else over the copies. Nothing of JavaScript runs meanwhile.
fn compute(
    indicator: &Indicator,
    settings: &[f64],
    rows: usize,
    inputs: &[Series],
    outputs: &[Series],
    len: usize,
    work: &mut Work,
) -> std::result::Result<(), Error> {
    let held: [_; INPUTS] = array::from_fn(|i| inputs.get(i).and_then(Series::values));
    let input: [&[f64]; INPUTS] = array::from_fn(|i| held[i].as_deref().unwrap_or(&work.inputs[i]));
    let mut written: [_; OUTPUTS] = array::from_fn(|i| outputs.get(i).and_then(Series::values_mut));
    let mut out: [&mut [f64]; OUTPUTS] = Default::default();
    for ((out, written), copy) in
        out.iter_mut().zip(&mut written).zip(&mut work.outputs).take(indicator.outputs.len())
    {
        let copied = if written.is_some() { 0 } else { len };
        copy.try_resize(copied).map_err(|_| Error::TooLarge { what: "out", rows, bars: len / rows })?;
        *out = written.as_deref_mut().unwrap_or(copy);
    }

    let (inputs, outputs) = (indicator.inputs.len(), indicator.outputs.len());
    for row in 0..rows {
        let of_row = |all: usize| row * (all / rows)..(row + 1) * (all / rows);
        let input = input.map(|input| input.get(of_row(input.len())).unwrap_or_default());
        let mut out = out.each_mut().map(|out| out.get_mut(of_row(out.len())).unwrap_or_default());
        // What can be wrong with one row is wrong with the first: nothing is written before.
        (indicator.run)(settings, &input[..inputs], &mut out[..outputs])?;
    }
    Ok(())
}

/// The results, as arrays of the same numbers as the input.
fn fresh(indicator: &Indicator, like: &Series, work: &Work) -> Result<JsValue> {
    let mut results = Vec::with_capacity(OUTPUTS);
    for (name, copy) in indicator.outputs.iter().zip(&work.outputs) {
        results.push((name.name, like.fresh(copy)?));
    }
    match results.pop() {
        Some((_, only)) if results.is_empty() => Ok(only),
        last => {
            results.extend(last);
            Ok(object(&results))
        }
    }
}
