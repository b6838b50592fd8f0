//! A run: each case in turn, and in each all contestants in turn, round by round.

mod round;

use crate::case;
use crate::record::{Absent, Contestant, Record};
use crate::worker::Worker;
use anyhow::{Context as _, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use round::{Round, Stop};
use std::path::Path;
use std::time::Duration;

/// How long and how often things are done.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// What a sample takes at least: much longer than it takes to read the clock and to ask a worker.
    sample: f64,
    /// For how long a contestant runs first: engines optimise what has run often.
    warm_up: Duration,
    /// What the samples of a contestant take together, unless the fewest rounds take longer.
    together: f64,
    fewest: f64,
    most: f64,
}

/// All in nanoseconds.
const QUICK: Pace =
    Pace { sample: 1e6, warm_up: Duration::from_millis(20), together: 4e7, fewest: 5.0, most: 21.0 };
const WHOLE: Pace =
    Pace { sample: 2e6, warm_up: Duration::from_millis(150), together: 4e8, fewest: 11.0, most: 101.0 };

/// What is to be run.
#[derive(Debug)]
pub struct Contest<'a> {
    /// The kernels.
    pub kernels: &'a [String],
    /// Those of the contestants that are not ours; all if absent.
    pub peers: Option<&'a [String]>,
    /// Where the record is kept, case by case.
    pub file: &'a Path,
}

impl Contest<'_> {
    /// Adds all cases to a record, which says who and what machine it is about, and which is written after each.
    ///
    /// # Errors
    /// If one of ours is wrong, or the record cannot be written.
    pub fn run(&self, record: &mut Record, workers: &mut [Worker]) -> Result<()> {
        let mut seats = self.seat(record, workers)?;
        // What was measured before is not taken for this run.
        record.write(self.file)?;
        let plans: Vec<_> =
            self.kernels.iter().flat_map(|kernel| case::plans(kernel, record.quick)).collect();
        let pace = if record.quick { QUICK } else { WHOLE };
        let style = "{bar:30} {pos}/{len} {elapsed_precise}, {eta} left: {msg}";
        let bar = ProgressBar::new(plans.len() as u64).with_style(ProgressStyle::with_template(style)?);
        let folder = self.file.with_extension("cases");
        // What an interrupted run has left.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("could not remove {}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        for (i, plan) in plans.iter().enumerate() {
            // One of its own: a worker may keep the last one's input in mind.
            let folder = folder.join(i.to_string());
            let case = loop {
                match (Round { plan, seats: &seats, pace, folder: &folder, bar: &bar }).case(workers) {
                    Ok(case) => break case,
                    Err(Stop::Failed(error)) => return Err(error.context(format!("{plan:?}"))),
                    Err(Stop::Ended(name, error)) => {
                        let reason =
                            format!("left out from {plan:?} on, where it ended its worker: {error:#}");
                        record.absent.push(absent(&name, reason));
                        leave_out(&name, &mut seats, record, workers)?;
                    }
                }
            };
            record.cases.extend(case);
            record.write(self.file)?;
            bar.inc(1);
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("could not remove {}", folder.display()))?;
        }
        record.finished = true;
        record.write(self.file)?;
        bar.finish_and_clear();
        std::fs::remove_dir(&folder).with_context(|| format!("could not remove {}", folder.display()))
    }

    /// Notes who takes part: ours first, by language.
    fn seat(&self, record: &mut Record, workers: &[Worker]) -> Result<Vec<Seat>> {
        let mut seats = Vec::new();
        for (worker, Worker { hello, .. }) in workers.iter().enumerate() {
            record.versions.insert(hello.language.clone(), hello.version.clone());
            // Who holds ours says which of them are missing.
            let of_ours = hello.contestants.iter().any(|held| held.ours);
            let counts = |absent: &&Absent| of_ours || self.wants(&absent.name);
            record.absent.extend(hello.absent.iter().filter(counts).cloned());
            for held in hello.contestants.iter().filter(|held| held.ours || self.wants(&held.name)) {
                let contestant = Contestant {
                    name: held.name.clone(),
                    language: hello.language.clone(),
                    version: held.version.clone(),
                    ours: held.ours,
                };
                seats.push(Seat { worker, held: held.name.clone(), contestant });
            }
        }
        seats.sort_by_key(|seat| !seat.contestant.ours);
        for i in 0..seats.len() {
            let is_taken = |name: &str| seats[..i].iter().any(|other: &Seat| other.contestant.name == name);
            // A library of several languages.
            if is_taken(&seats[i].contestant.name) {
                let Contestant { name, language, .. } = &seats[i].contestant;
                let name = format!("{name}, {language}");
                ensure!(!is_taken(&name), "two are called {name}");
                seats[i].contestant.name = name;
            }
        }
        for name in self.peers.into_iter().flatten() {
            let is = |other: &str| other == name;
            let there = seats.iter().any(|seat| is(&seat.held));
            if !there && !record.absent.iter().any(|absent| is(&absent.name)) {
                record.absent.push(absent(name, "no worker that takes part holds it"));
            }
        }
        record.contestants.extend(seats.iter().map(|seat| seat.contestant.clone()));
        Ok(seats)
    }

    fn wants(&self, name: &str) -> bool {
        self.peers.is_none_or(|peers| peers.iter().any(|peer| peer == name))
    }
}

/// Takes the seat of who has ended its worker, which starts anew for the others.
fn leave_out(name: &str, seats: &mut Vec<Seat>, record: &mut Record, workers: &mut [Worker]) -> Result<()> {
    let at = seats.iter().position(|seat| seat.contestant.name == name).context("nobody is called so")?;
    let worker = seats.remove(at).worker;
    let Err(error) = workers[worker].restart() else { return Ok(()) };
    let ours = seats.iter().any(|seat| seat.worker == worker && seat.contestant.ours);
    ensure!(!ours, "the worker of ours did not start again: {error:#}");
    let reason = format!("its worker did not start again after {name}: {error:#}");
    let gone = seats.extract_if(.., |seat| seat.worker == worker);
    record.absent.extend(gone.map(|seat| absent(&seat.contestant.name, &reason)));
    Ok(())
}

/// A contestant, and the worker that holds it.
#[derive(Debug)]
struct Seat {
    worker: usize,
    /// What the worker calls it.
    held: String,
    contestant: Contestant,
}

/// Who cannot take part.
#[must_use]
pub fn absent(name: &str, reason: impl std::fmt::Display) -> Absent {
    Absent { name: name.to_owned(), reason: reason.to_string() }
}
