//! Times as people write them, in UTC, and where an axis is marked with them.

use std::fmt;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// An hour of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: u64,
    /// The month, from 1.
    pub month: u64,
    /// The day of the month, from 1.
    pub day: u64,
    /// The hour, from 0.
    pub hour: u64,
}

impl Date {
    /// Of milliseconds since 1970.
    #[must_use]
    pub const fn of(ms: u64) -> Self {
        // Years that begin in March: a leap day is the last of its year. (Hinnant, chrono-compatible date algorithms)
        let days = ms / DAY + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (year, month) =
            if month < 10 { (400 * era + year, month + 3) } else { (400 * era + year + 1, month - 9) };
        Self { year, month, day, hour: ms / HOUR % 24 }
    }

    fn month_name(self) -> &'static str {
        MONTHS[self.month as usize - 1]
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// How far apart the marks of an axis are.
#[derive(Clone, Copy)]
enum Step {
    Hours(u64),
    Days(u64),
    Weeks(u64),
    Months(u64),
}

const STEPS: [Step; 14] = [
    Step::Hours(4),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
];

impl Step {
    /// Which of the steps a time is in.
    const fn of(self, ms: u64) -> u64 {
        let Date { year, month, .. } = Date::of(ms);
        match self {
            Self::Hours(n) => ms / (n * HOUR),
            Self::Days(n) => ms / (n * DAY),
            // 1970 began on a Thursday.
            Self::Weeks(n) => (ms / DAY + 3) / (7 * n),
            Self::Months(n) => (12 * year + month - 1) / n,
        }
    }

    fn label(self, ms: u64) -> String {
        let date = Date::of(ms);
        match self {
            Self::Hours(_) => format!("{} {} {:02}:00", date.day, date.month_name(), date.hour),
            Self::Days(_) | Self::Weeks(_) => format!("{} {}", date.day, date.month_name()),
            Self::Months(n) if n < 12 => format!("{} {}", date.month_name(), date.year),
            Self::Months(_) => date.year.to_string(),
        }
    }
}

/// The bars at which something new begins, an hour or a day or a month, with what it is: `most` of them or fewer, and
/// none where its text would stand out.
pub(super) fn marks(time: &[u64], most: usize) -> Vec<(usize, String)> {
    let end = time.len() - time.len() / 24;
    let marks = |step: &Step| -> Vec<_> {
        let begins = |&i: &usize| step.of(time[i]) != step.of(time[i - 1]);
        (1..end).filter(begins).map(|i| (i, step.label(time[i]))).collect()
    };
    STEPS.iter().map(marks).find(|marks| marks.len() <= most).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_leap_years_and_ends_of_years() {
        let cases = [
            (0, "1970-01-01", 0),
            (951_825_600_000, "2000-02-29", 12),
            (1_500_854_400_000, "2017-07-24", 0),
            (1_709_251_199_999, "2024-02-29", 23),
            (1_709_251_200_000, "2024-03-01", 0),
            (1_735_689_599_999, "2024-12-31", 23),
            (4_107_542_400_000, "2100-03-01", 0),
        ];
        for (ms, text, hour) in cases {
            let date = Date::of(ms);
            assert_eq!((date.to_string().as_str(), date.hour), (text, hour));
        }
    }

    #[test]
    fn marks_are_few_and_named_by_what_begins() {
        let time = |bars: u64| -> Vec<u64> { (0..bars).map(|i| 1_704_067_200_000 + 4 * HOUR * i).collect() };
        let labels =
            |bars, most| -> Vec<_> { marks(&time(bars), most).into_iter().map(|(_, l)| l).collect() };
        assert_eq!(labels(3, 8), ["1 Jan 04:00", "1 Jan 08:00"]);
        assert_eq!(labels(60, 5), ["2 Jan", "4 Jan", "6 Jan", "8 Jan", "10 Jan"]);
        assert_eq!(marks(&time(60), 1), [(42, "8 Jan".to_owned())]);
        assert_eq!(labels(600, 4), ["Feb 2024", "Mar 2024", "Apr 2024"]);
        assert_eq!(labels(6000, 3), ["2025", "2026"]);
        for bars in [1, 2, 7, 100, 5000, 100_000] {
            assert!(labels(bars, 5).len() <= 5);
        }
    }
}
