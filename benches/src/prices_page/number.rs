//! Numbers as people read them.

/// With so many decimals, and a comma before every third digit.
#[must_use]
pub fn grouped(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    // What is rounded to 0 has no sign.
    let negative = x < 0.0 && text.contains(|c| ('1'..='9').contains(&c));
    let mut out = String::from(if negative { "-" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 && digit.is_ascii_digit() {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// As short as at an axis: 64k, 1.25M, 0.5.
pub(super) fn short(x: f64) -> String {
    let (scaled, unit) = match x.abs() {
        size if size >= 1e6 => (x / 1e6, "M"),
        size if size >= 1e4 => (x / 1e3, "k"),
        _ => (x, ""),
    };
    let text = grouped(scaled, 3);
    format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands_and_shortens() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-999.5, 0), "-1,000");
        assert_eq!(grouped(-0.001, 2), "0.00");
        assert_eq!(grouped(12.0, 0), "12");
        assert_eq!(grouped(f64::NAN, 2), "NaN");
        let short = [64e3, 62_500.0, 1.25e6, 9500.0, 0.5, -0.0, -20e3].map(short);
        assert_eq!(short, ["64k", "62.5k", "1.25M", "9,500", "0.5", "0", "-20k"]);
    }
}
