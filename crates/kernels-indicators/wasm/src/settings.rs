//! Parameters: a number each, or in a sweep as many as there are rows.

use crate::indicator::{Kind, Param, camel};
use kernels_wasm::{Counts, Failure, Result, integer, is_list, place, property};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Whole numbers from `start` on, `step` apart, up to `end`, which is one of them if a step ends there. */
export interface Range {
  start: number;
  end: number;
  step: number;
}

/** A list of numbers. */
export type Numbers = readonly number[] | Uint32Array | Int32Array | Float64Array | Float32Array;

/** The periods of a sweep, a row each: one for all rows, a range, or a list. */
export type Periods = number | Range | Numbers;
"#;

/// Settings of an indicator, whose lists are not read yet: first it is seen whether there is room for their rows.
pub(crate) struct Settings<'a> {
    params: &'a [Param],
    columns: Vec<Column>,
    pub(crate) rows: usize,
}

/// What came for a parameter.
enum Column {
    One(f64),
    List(Counts),
    Range { start: usize, step: usize, rows: usize },
}

impl Column {
    const fn rows(&self) -> Option<usize> {
        match self {
            Self::One(_) => None,
            Self::List(list) => Some(list.len()),
            Self::Range { rows, .. } => Some(*rows),
        }
    }
}

impl<'a> Settings<'a> {
    /// One setting.
    pub(crate) fn one(params: &'a [Param], values: &[&JsValue]) -> Result<Self> {
        if let ([Param { name, kind: Kind::Counts }], [list]) = (params, values) {
            let columns = vec![Column::List(Counts::list(name, list)?)];
            return Ok(Self { params, columns, rows: 1 });
        }
        Self::of(params, values, single)
    }

    /// Several, of parameters that are a number, a list, or a range.
    pub(crate) fn sweep(params: &'a [Param], values: &[&JsValue]) -> Result<Self> {
        Self::of(params, values, column)
    }

    fn of(
        params: &'a [Param],
        values: &[&JsValue],
        read: fn(&Param, &JsValue) -> Result<Column>,
    ) -> Result<Self> {
        let (mut rows, mut of) = (None, "");
        let mut columns = Vec::with_capacity(params.len());
        for (param, value) in params.iter().zip(values) {
            let column = read(param, value)?;
            if let Some(len) = column.rows() {
                if rows.is_some_and(|rows| rows != len) {
                    let expected = ["as many settings as ", of].concat();
                    return Err(Failure::range(param.name, &expected, "another number of them"));
                }
                (rows, of) = (Some(len), param.name);
            }
            columns.push(column);
        }
        Ok(Self { params, columns, rows: rows.unwrap_or(1) })
    }

    /// One number for each parameter, setting by setting.
    pub(crate) fn numbers(&self) -> Result<AlignedVec<f64>> {
        let (mut numbers, mut lists) = (AlignedVec::new(), Vec::with_capacity(self.columns.len()));
        for (column, param) in self.columns.iter().zip(self.params) {
            lists.push(match column {
                Column::List(list) if param.kind == Kind::Number => list.numbers()?,
                Column::List(list) => counts(param.name, list)?,
                _ => AlignedVec::new(),
            });
        }
        let rows = self.columns.iter().find_map(Column::rows).unwrap_or(1);
        let what = self.params.first().map_or("", |param| param.name);
        let width = lists.len();
        numbers.try_resize(rows.saturating_mul(width)).map_err(|_| Failure::no_memory(what))?;
        for (i, number) in numbers.iter_mut().enumerate() {
            let (row, i) = (i / width, i % width);
            *number = match &self.columns[i] {
                Column::One(number) => *number,
                Column::Range { start, step, .. } => (start + row * step) as f64,
                Column::List(_) => lists[i][row],
            };
        }
        Ok(numbers)
    }

    /// The name of the first of these parameters; with the row, if it came as a list: the first in which all of them are
    /// these numbers.
    pub(crate) fn place(&self, numbers: &[f64], of: &[(&str, f64)]) -> String {
        let name = camel(of[0].0);
        let column = |name: &str| self.params.iter().position(|param| param.name == name);
        let Some(Column::List(_)) = column(&name).and_then(|i| self.columns.get(i)) else { return name };
        // As bits, since NaN is none of its own.
        let is_it = |x: f64, number: f64| x.to_bits() == number.to_bits();
        let is_row = |row: &[f64]| {
            of.iter().all(|&(name, number)| {
                column(&camel(name)).and_then(|i| row.get(i)).is_some_and(|&x| is_it(x, number))
            })
        };
        match numbers.chunks(self.columns.len()).position(is_row) {
            Some(row) => place(&name, row as f64),
            None => name,
        }
    }
}

/// A list of whole numbers.
fn counts(what: &str, list: &Counts) -> Result<AlignedVec<f64>> {
    let mut numbers = AlignedVec::new();
    numbers.try_resize(list.len()).map_err(|_| Failure::no_memory(what))?;
    list.each_piece(&mut |start, piece| {
        for (number, &count) in numbers[start..].iter_mut().zip(piece) {
            *number = count as f64;
        }
        Ok(())
    })?;
    Ok(numbers)
}

fn single(param: &Param, value: &JsValue) -> Result<Column> {
    Ok(Column::One(match param.kind {
        Kind::Number => number(param.name, value)?,
        _ => integer(param.name, value)? as f64,
    }))
}

/// A number.
pub(crate) fn number(what: &str, value: &JsValue) -> Result<f64> {
    value.as_f64().ok_or_else(|| Failure::kind(what, "a number", value))
}

fn column(param: &Param, value: &JsValue) -> Result<Column> {
    let name = param.name;
    if value.as_f64().is_some() {
        single(param, value)
    } else if is_list(value)? {
        Counts::list(name, value).map(Column::List)
    } else if param.kind == Kind::Count && value.is_object() {
        range(name, value)
    } else {
        let expected = match param.kind {
            Kind::Number => "a number, or a list of numbers",
            _ => "a whole number, a list of them, or { start, end, step }",
        };
        Err(Failure::kind(name, expected, value))
    }
}

fn range(name: &str, range: &JsValue) -> Result<Column> {
    let part = |part: &str| integer(&[name, ".", part].concat(), property(range, part)?);
    let (start, end, step) = (part("start")?, part("end")?, part("step")?);
    if step == 0 {
        return Err(Failure::range(&[name, ".step"].concat(), "at least 1", "0"));
    }
    let Some(last) = end.checked_sub(start) else {
        return Err(Failure::range(&[name, ".end"].concat(), "at least start", "less"));
    };
    let Some(rows) = (last / step).checked_add(1) else { return Err(Failure::no_memory(name)) };
    Ok(Column::Range { start, step, rows })
}
