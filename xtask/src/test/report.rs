//! What a run says of its steps: how long each took, which took too long, which were left out and why.

use super::steps::{ALL_MINUTES, STEPS, Step};
use std::fmt;
use std::time::Duration;

/// What became of each step so far.
#[derive(Default)]
pub(super) struct Report {
    times: Vec<(&'static Step, Duration)>,
    left_out: Vec<(&'static Step, String)>,
}

impl Report {
    pub(super) fn ran(&mut self, step: &'static Step, time: Duration) {
        self.times.push((step, time));
    }

    pub(super) fn left_out(&mut self, step: &'static Step, reason: String) {
        self.left_out.push((step, reason));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (step, time) in &self.times {
            let minutes = time.as_secs_f64() / 60.0;
            let verdict = if minutes > step.minutes { ", OVER BUDGET" } else { "" };
            writeln!(f, "{:<14}{minutes:>6.1} min of {:.1}{verdict}", step.name, step.minutes)?;
        }
        for (step, reason) in &self.left_out {
            writeln!(f, "{:<14}left out: {reason}", step.name)?;
        }
        Ok(())
    }
}

/// The table of all steps, for a person.
pub(super) fn list() -> String {
    let mut list = String::new();
    for step in STEPS {
        list +=
            &format!("{:<14}{:>4.1} min  {:<14}{}\n", step.name, step.minutes, step.platforms, step.purpose);
    }
    let sum: f64 = STEPS.iter().map(|step| step.minutes).sum();
    list + &format!("{:<14}{sum:>4.1} min  of {ALL_MINUTES:.1}\n", "all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_took_too_long_and_what_was_left_out() {
        let mut report = Report::default();
        let budget = Duration::from_secs_f64(STEPS[0].minutes * 60.0);
        report.ran(&STEPS[0], budget / 2);
        assert!(!report.to_string().contains("OVER BUDGET"), "{report}");
        report.ran(&STEPS[0], budget * 2);
        report.left_out(&STEPS[1], "no time".to_owned());
        let text = report.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[1].starts_with(STEPS[0].name) && lines[1].ends_with("OVER BUDGET"), "{text}");
        assert!(lines[2].starts_with(STEPS[1].name) && lines[2].ends_with("left out: no time"), "{text}");
    }
}
