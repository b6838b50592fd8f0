//! Measuring: samples, what is interleaved with them, and the rows that come of it.

use crate::peak::fma_gflops;
use bench_rows::Row;
use simd_core::Isa;
use std::cell::RefCell;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// The middle of some samples.
///
/// # Panics
/// If there are none.
#[must_use]
pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The largest difference between results and what they should be: infinite if one is NaN.
///
/// # Panics
/// If there are more of the one than of the other.
#[must_use]
pub fn largest_error<T: Copy + Into<f64>, U: Copy + Into<f64>>(got: &[T], want: &[U]) -> f64 {
    assert_eq!(got.len(), want.len());
    let differences = got.iter().zip(want).map(|(&got, &want)| (got.into() - want.into()).abs());
    differences.fold(0.0, |most, x| if x.is_nan() { f64::INFINITY } else { f64::max(most, x) })
}

/// The median time of each of several pieces of work in nanoseconds, run in turn, `rounds` times over. What slows
/// the machine down for a while then slows all of them.
pub fn interleaved<const N: usize>(rounds: usize, mut work: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut samples = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (work, samples) in work.iter_mut().zip(&mut samples) {
            let start = Instant::now();
            work();
            samples.push(start.elapsed().as_nanos() as f64);
        }
    }
    samples.map(|samples| median(&samples))
}

/// Does something so many times, and tells how long that took, less what it had to do in between.
pub type Work<'a> = Box<dyn FnMut(usize) -> Duration + 'a>;

/// Calls, all of whose time counts.
pub fn calls<'a>(mut call: impl FnMut() + 'a) -> Work<'a> {
    Box::new(move |count| {
        let start = Instant::now();
        (0..count).for_each(|_| call());
        start.elapsed()
    })
}

/// The core's peak, measured in the rounds of a comparison: what slows down the one slows down the other.
#[derive(Debug, Default)]
pub struct Peaks(RefCell<Vec<f64>>);

impl Peaks {
    /// Rounds of the peak loop, to be run beside other work.
    ///
    /// # Panics
    /// When it runs, if the best set is not available.
    pub fn rounds(&self) -> Work<'_> {
        calls(|| self.0.borrow_mut().push(fma_gflops(Isa::detect()).expect("it was detected")))
    }

    /// Their median: billions of floating-point operations per second.
    ///
    /// # Panics
    /// If there were none.
    #[must_use]
    pub fn gflops(&self) -> f64 {
        median(&self.0.borrow())
    }
}

/// What a sample of [`side_by_side`] takes at least: much longer than it takes to read the clock, and much shorter than
/// what the system gives a program at a time.
const SAMPLE_NS: f64 = 3e5;

/// What all of its samples take, unless the smallest number of rounds takes longer.
const COMPARISON_NS: f64 = 2e9;

/// The median time of a call of each of several pieces of work in nanoseconds: as [`interleaved`], short ones several
/// times in a round.
pub fn side_by_side(work: &mut [Work<'_>]) -> Vec<f64> {
    // Warms up, and tells how much there is to do.
    let rough: Vec<_> = work.iter_mut().map(|work| work(3).as_nanos() as f64 / 3.0).collect();
    let counts: Vec<_> = rough.iter().map(|ns| (SAMPLE_NS / ns).ceil().max(1.0)).collect();
    let round: f64 = rough.iter().zip(&counts).map(|(ns, count)| ns * count).sum();
    let rounds = (COMPARISON_NS / round).clamp(21.0, 401.0) as usize;
    let mut samples = vec![Vec::new(); work.len()];
    for _ in 0..rounds {
        for ((work, samples), count) in work.iter_mut().zip(&mut samples).zip(&counts) {
            // After other work has run, the caches are to be filled again.
            work(1);
            samples.push(work(*count as usize).as_nanos() as f64 / count);
        }
    }
    samples.iter().map(|samples| median(samples)).collect()
}

/// The samples of one case, and the peak of the core between them.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    ns: Vec<f64>,
    peak: f64,
}

impl Samples {
    /// Times `iterations` of `work`, after a round of the peak loop: for criterion's `iter_custom`.
    pub fn take(&mut self, iterations: u64, mut work: impl FnMut()) -> Duration {
        self.peak = self.peak.max(fma_gflops(Isa::detect()).unwrap_or(0.0));
        let start = Instant::now();
        for _ in 0..iterations {
            work();
        }
        let elapsed = start.elapsed();
        self.ns.push(elapsed.as_nanos() as f64 / iterations as f64);
        elapsed
    }

    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ns.is_empty()
    }

    /// The median time of a call, of the last `n` samples: those before are criterion's warm-up.
    #[must_use]
    pub fn ns(&self, n: usize) -> f64 {
        median(&self.ns[self.ns.len().saturating_sub(n)..])
    }

    /// The best round of the core's peak, in billions of operations per second.
    #[must_use]
    pub const fn peak(&self) -> f64 {
        self.peak
    }
}

/// The rows of a benchmark, written to the file that `KERNELS_BENCH_ROWS` names when all are there.
#[derive(Debug)]
pub struct Rows {
    rows: Vec<Row>,
    peak: f64,
    cpu: String,
    rustc: String,
}

impl Rows {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        let rustc = Command::new("rustc").arg("--version").output().ok();
        let rustc = rustc
            .map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        Self { rows: Vec::new(), peak: 0.0, cpu: cpu(), rustc }
    }

    /// A row with the machine filled in, and no figures but the time.
    #[must_use]
    pub fn row(&self, kernel: &str, case: &str, isa: Isa, ns: f64) -> Row {
        Row {
            kernel: kernel.to_owned(),
            case: case.to_owned(),
            isa: isa.to_string(),
            ns,
            ns_per_element: None,
            gflops: None,
            limit: None,
            limit_fraction: None,
            max_error: None,
            cpu: self.cpu.clone(),
            rustc: self.rustc.clone(),
        }
    }

    /// Keeps a row.
    ///
    /// # Panics
    /// If it is faster than a limit of the machine: the benchmark measures something wrong then.
    pub fn push(&mut self, row: Row) {
        // A copy by the C library passes the caches by from some size on, and may then be slower than what does not.
        let of_machine = matches!(row.limit.as_deref(), Some("fma" | "read" | "wasm-peak"));
        let fraction = row.limit_fraction.unwrap_or(0.0);
        assert!(!of_machine || fraction <= 1.0, "faster than the machine: {row:?}");
        self.rows.push(row);
    }

    /// Notes a peak that a case was compared with.
    pub fn saw_peak(&mut self, gflops: f64) {
        self.peak = self.peak.max(gflops);
    }

    /// Adds the best peak of the run as a row of its own; its time is that of one multiply-add.
    pub fn push_peak(&mut self, isa: Isa) {
        let mut row = self.row("peak", "fma", isa, 2.0 / self.peak);
        row.gflops = Some(self.peak);
        self.rows.push(row);
    }

    /// Writes them all, if `KERNELS_BENCH_ROWS` is set.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self) -> anyhow::Result<()> {
        match std::env::var_os("KERNELS_BENCH_ROWS") {
            Some(file) => bench_rows::write(&PathBuf::from(file), &self.rows),
            None => Ok(()),
        }
    }
}

impl Default for Rows {
    fn default() -> Self {
        Self::new()
    }
}

/// The processor's name, where the system tells it.
#[must_use]
pub fn cpu() -> String {
    let linux = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let apple = || {
        let output = Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let windows = || std::env::var("PROCESSOR_IDENTIFIER").ok();
    linux.or_else(apple).or_else(windows).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::largest_error;

    #[test]
    fn largest_error_keeps_nan() {
        assert_eq!(largest_error(&[5.0, -1.0, 0.0], &[0.0; 3]), 5.0);
        assert_eq!(largest_error(&[5.0, f64::NAN, 0.0], &[0.0; 3]), f64::INFINITY);
    }
}
