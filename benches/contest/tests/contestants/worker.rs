//! A worker for the tests: `test-worker right` holds contestants that count bits, some of them wrongly; `test-worker ends` one
//! that takes the whole worker with it, and `test-worker ours end` one of ours that does; `test-worker twin` one that is called
//! as another. `test-worker mumbles` says what is no answer, and `test-worker leaves` nothing at all.

use anyhow::{Result, bail};
use bench_contest::protocol::{Held, Hello};
use bench_contest::record::Absent;
use bench_contest::serve::{Case, Prepared, Work, serve};

/// Counts the bits in which rows differ from a query.
struct Bits<'a> {
    query: &'a [u8],
    rows: &'a [u8],
    distances: Vec<f64>,
    /// Added to each distance.
    off: f64,
    /// After how many runs the process ends.
    left: Option<u32>,
    /// Added to `off` after each run.
    drift: f64,
}

impl Work for Bits<'_> {
    fn run(&mut self) {
        if let Some(left) = &mut self.left {
            *left -= 1;
            if *left == 0 {
                std::process::exit(3);
            }
        }
        for (row, distance) in self.rows.chunks_exact(self.query.len()).zip(&mut self.distances) {
            let differing = row.iter().zip(self.query).map(|(a, b)| (a ^ b).count_ones());
            *distance = f64::from(differing.sum::<u32>()) + self.off;
        }
        self.off += self.drift;
    }

    fn results(&self) -> Vec<f64> {
        self.distances.clone()
    }
}

fn prepare<'a>(contestant: &str, case: &'a Case) -> Result<Option<Prepared<'a>>> {
    if case.operation() != "hamming" || contestant == "does nothing" {
        return Ok(None);
    }
    let mut work = Bits {
        query: case.u8("query")?,
        rows: case.u8("rows")?,
        distances: vec![0.0; case.outputs()],
        off: 0.0,
        left: None,
        drift: 0.0,
    };
    match contestant {
        "wrong" => work.off = 0.001,
        "tires" => work.drift = 0.001,
        "no number" => work.off = f64::NAN,
        "fails" => bail!("it does not like {}", case.operation()),
        "panics" => panic!("on purpose"),
        "ends" => work.left = Some(5),
        "kernels" if std::env::args().nth(1).is_some_and(|mode| mode == "ours end") => work.left = Some(5),
        "short" => drop(work.distances.pop()),
        _ => {}
    }
    Ok(Some(Prepared::new(work)))
}

/// So many operations that the machine cannot be faster.
fn limit(name: &str, _: f64) -> Result<Prepared<'static>> {
    let work =
        Bits { query: &[0], rows: &[0; 999], distances: vec![0.0; 999], off: 0.0, left: None, drift: 0.0 };
    match name {
        "fma" => Ok(Prepared { billions: Some(1e-6), ..Prepared::new(work) }),
        _ => bail!("no limit is called {name}"),
    }
}

fn main() -> Result<()> {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let names: &[&str] = match mode.as_str() {
        "right" => &[
            "kernels",
            "right too",
            "wrong",
            "no number",
            "fails",
            "panics",
            "short",
            "tires",
            "does nothing",
        ],
        "ends" => &["ends", "beside it"],
        "ours end" => &["kernels"],
        "twin" => &["right too"],
        "mumbles" => {
            println!("good morning");
            return Ok(());
        }
        _ => return Ok(()),
    };
    let held =
        |name: &&str| Held { name: (*name).to_owned(), version: "1".to_owned(), ours: *name == "kernels" };
    let hello = Hello {
        language: mode,
        version: "1".to_owned(),
        contestants: names.iter().map(held).collect(),
        absent: vec![Absent { name: "never".to_owned(), reason: "not loaded".to_owned() }],
        limits: vec!["fma".to_owned(), "nothing".to_owned()],
    };
    serve(&hello, prepare, limit)
}
