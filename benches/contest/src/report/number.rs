//! Numbers as people read them: three digits and a unit.

use crate::record::Spread;

/// Where there is no number.
pub(crate) const NONE: &str = "–";

const TIMES: [(f64, &str); 4] = [(1e9, " s"), (1e6, " ms"), (1e3, " µs"), (1.0, " ns")];
const AMOUNTS: [(f64, &str); 5] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"), (1.0, "")];

/// To three digits.
pub(crate) fn three(x: f64) -> String {
    if !x.is_finite() {
        return NONE.to_owned();
    }
    if x != 0.0 && !(1e-6..1e15).contains(&x.abs()) {
        return format!("{x:.2e}");
    }
    // Rounded first: 9.996 has one decimal fewer than it seems.
    let x: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    let decimals = if x == 0.0 { 0.0 } else { 2.0 - x.abs().log10().floor() };
    format!("{x:.*}", decimals.max(0.0) as usize)
}

/// Of nanoseconds.
pub(crate) fn time(ns: f64) -> String {
    scaled(ns, &TIMES)
}

/// With a prefix: `1.24 M`.
pub(crate) fn amount(x: f64) -> String {
    scaled(x, &AMOUNTS)
}

/// Of things that are counted: exact where that is short.
pub(super) fn count(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e6 { format!("{x}") } else { amount(x) }
}

fn scaled(x: f64, units: &[(f64, &str)]) -> String {
    // 999.6 of a unit are one of the next.
    let unit = units.iter().find(|(size, _)| x.abs() >= 0.9995 * size).or(units.last());
    match unit {
        Some((size, name)) if x.is_finite() => three(x / size) + name,
        _ => NONE.to_owned(),
    }
}

/// At an axis: as short as it can be.
pub(super) fn short(text: &str) -> String {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number =
        if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    // A time keeps the space before its unit.
    if unit.ends_with('s') { format!("{number} {unit}") } else { format!("{number}{unit}") }
}

/// Of a whole.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        _ if !percent.is_finite() => NONE.to_owned(),
        _ if percent >= 9.95 => format!("{percent:.0} %"),
        _ if percent >= 0.095 => format!("{percent:.1} %"),
        _ => "below 0.1 %".to_owned(),
    }
}

/// An error or a bound.
pub(super) fn error(x: f64) -> String {
    match x {
        _ if !x.is_finite() => NONE.to_owned(),
        0.0 => "0".to_owned(),
        _ => format!("{x:.1e}").replace(".0e", "e"),
    }
}

/// The quartiles.
pub(super) fn quartiles(spread: Spread, written: fn(f64) -> String) -> String {
    format!("{} to {}", written(spread.low), written(spread.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        assert_eq!(
            [0.0, 0.012_345, 0.5, 9.996, 99.96, 305.4, 12_345.0, 1e30].map(three),
            ["0", "0.0123", "0.500", "10.0", "100", "305", "12300", "1.00e30"]
        );
        assert_eq!(
            [0.25, 999.4, 999.6, 1234.0, 5.6e6, 7e9].map(time),
            ["0.250 ns", "999 ns", "1.00 µs", "1.23 µs", "5.60 ms", "7.00 s"]
        );
        assert_eq!([12.0, 999_999.0, 2.5e13].map(amount), ["12.0", "1.00 M", "25.0 T"]);
        assert_eq!([12_345.0, 0.5, 1e6].map(count), ["12345", "0.500", "1.00 M"]);
        assert_eq!([10.0, 1e5, 2.5e6].map(|x| short(&amount(x))), ["10", "100k", "2.5M"]);
        assert_eq!([100.0, 1e4].map(|x| short(&time(x))), ["100 ns", "10 µs"]);
        assert_eq!([1.04, 0.64, 0.0731, 1e-5].map(percent), ["104 %", "64 %", "7.3 %", "below 0.1 %"]);
        assert_eq!([0.0, 1e-5, 8.31e-8].map(error), ["0", "1e-5", "8.3e-8"]);
    }

    #[test]
    fn what_is_no_number_is_not_written_as_one() {
        for written in [three, time, amount, count, percent, error] {
            assert_eq!([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(written), [NONE; 3]);
        }
    }
}
