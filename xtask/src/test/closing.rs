//! The closing lines of `cargo test`, and their sum.

/// What a run of tests counts; the sum of several such runs.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
    measured: u64,
    filtered_out: u64,
    seconds: f64,
}

impl Tally {
    /// Adds what a line of output counts, if it is a closing line.
    pub(super) fn add_line(&mut self, line: &str) {
        if let Some(other) = Self::parse(line) {
            self.passed += other.passed;
            self.failed += other.failed;
            self.ignored += other.ignored;
            self.measured += other.measured;
            self.filtered_out += other.filtered_out;
            self.seconds += other.seconds;
        }
    }

    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    /// The sum in the form in which it was read.
    pub(super) fn closing_line(&self, ok: bool) -> String {
        let Self { passed, failed, ignored, measured, filtered_out, seconds } = self;
        let result = if ok { "ok" } else { "FAILED" };
        format!(
            "test result: {result}. {passed} passed; {failed} failed; {ignored} ignored; {measured} measured; \
             {filtered_out} filtered out; finished in {seconds:.2}s"
        )
    }

    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s`.
    fn parse(line: &str) -> Option<Self> {
        // Where colours are forced, the word after the colon has some.
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut counts = counts.split("; ");
        let mut count = |what: &str| counts.next()?.strip_suffix(what)?.trim_end().parse().ok();
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            ignored: count("ignored")?,
            measured: count("measured")?,
            filtered_out: count("filtered out")?,
            seconds: counts.next()?.strip_prefix("finished in ")?.strip_suffix('s')?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_the_closing_lines_and_nothing_else() {
        let mut tally = Tally::default();
        for line in [
            "running 4 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test result::tests::passed ... ok",
            "test result: \u{1b}[31mFAILED\u{1b}[m. 10 passed; 2 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.50s",
            "test result: ok. all passed",
        ] {
            tally.add_line(line);
        }
        assert_eq!(tally.passed(), 13);
        let line = "test result: FAILED. 13 passed; 2 failed; 1 ignored; 0 measured; 5 filtered out; finished in 1.52s";
        assert_eq!(tally.closing_line(false), line);
    }

    #[test]
    fn reads_what_it_writes() {
        let line =
            "test result: ok. 7 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.25s";
        assert_eq!(Tally::parse(line).unwrap().closing_line(true), line);
    }
}
