//! The closing lines of `cargo test` and of `node --test`, and their sum.

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
        if let Some(other) = Self::parse(line).or_else(|| Self::parse_node(line)) {
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

    /// Reads one of the lines `ℹ pass 3`, `ℹ fail 0` and so on, with which node's reporter `spec` ends.
    fn parse_node(line: &str) -> Option<Self> {
        let (what, count) = line.strip_prefix("ℹ ")?.split_once(' ')?;
        let number = || count.parse().ok();
        Some(match what {
            "pass" => Self { passed: number()?, ..Self::default() },
            // Those that something else ended before they did.
            "fail" | "cancelled" => Self { failed: number()?, ..Self::default() },
            "skipped" | "todo" => Self { ignored: number()?, ..Self::default() },
            "duration_ms" => Self { seconds: count.parse::<f64>().ok()? / 1000.0, ..Self::default() },
            _ => return None,
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

    #[test]
    fn reads_the_closing_lines_of_node_too() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s",
            "▶ node, import, simd128: 66 checks",
            "ℹ tests 21",
            "ℹ suites 2",
            "ℹ pass 12",
            "ℹ fail 3",
            "ℹ cancelled 1",
            "ℹ skipped 4",
            "ℹ todo 1",
            "ℹ duration_ms 1500.25",
            "ℹ pass all",
            "pass 100",
        ] {
            tally.add_line(line);
        }
        let line = "test result: FAILED. 15 passed; 4 failed; 6 ignored; 0 measured; 0 filtered out; finished in 1.75s";
        assert_eq!(tally.closing_line(false), line);
    }
}
