//! A case: all that can compute it, in turn.

use super::{Pace, Seat};
use crate::case::{Plan, Work};
use crate::figures::{error, quantile, ratios, spread};
use crate::protocol::{Answer, Request};
use crate::record::{Case, Contestant, Entry, Limit, Times};
use crate::worker::Worker;
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use indicatif::ProgressBar;
use std::path::Path;
use std::time::Instant;

/// Why a case has no figures.
pub(super) enum Stop {
    /// This contestant, none of ours, has ended its worker.
    Ended(String, anyhow::Error),
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// A case, and all that is needed for it.
pub(super) struct Round<'a> {
    pub(super) plan: &'a Plan,
    pub(super) seats: &'a [Seat],
    pub(super) pace: Pace,
    /// Where the case is written for the workers.
    pub(super) folder: &'a Path,
    pub(super) bar: &'a ProgressBar,
}

/// What is sampled: a contestant whose result is right, or a limit.
struct Runner {
    worker: usize,
    id: u32,
    /// The entry that it is of.
    entry: Option<usize>,
    /// The part of each of its outputs that is not compared.
    skip: f64,
    calls: u64,
    rough: f64,
    wall: Vec<f64>,
    cpu: Vec<f64>,
    /// Billions that a call of a limit stands for, of what, and its name.
    limit: Option<(f64, &'static str, String)>,
}

/// What comes of computing a case once.
struct Found {
    error: f64,
    skip: f64,
    note: Option<String>,
}

impl Round<'_> {
    /// None if nobody has such an operation.
    pub(super) fn case(&self, workers: &mut [Worker]) -> Result<Option<Case>, Stop> {
        let Plan { kernel, operation, name, growth, .. } = self.plan;
        self.say("the reference");
        let work = self.plan.make();
        std::fs::create_dir_all(self.folder)
            .with_context(|| format!("could not make {}", self.folder.display()))?;
        work.write(operation, self.folder)?;

        let (mut entries, mut runners) = (Vec::new(), Vec::new());
        for (id, seat) in self.seats.iter().enumerate() {
            self.say(&seat.contestant.name);
            let Some((entry, runner)) = self.enter(id as u32, seat, &work, workers)? else { continue };
            if seat.contestant.ours && runner.is_none() {
                return Err(anyhow!("{} is wrong: {entry:?}", seat.contestant.name).into());
            }
            runners.extend(runner.map(|runner| Runner { entry: Some(entries.len()), ..runner }));
            entries.push(entry);
        }
        if entries.is_empty() {
            return Ok(None);
        }
        self.add_limits(&work, &mut runners, workers);
        self.say("all in turn");
        self.each(&mut runners, &mut entries, workers, |runner, workers| self.warm_up(runner, workers))?;
        let round: f64 = runners.iter().map(|runner| runner.rough * runner.calls as f64).sum();
        let rounds = self.pace.together * runners.len() as f64 / round;
        for _ in 0..rounds.clamp(self.pace.fewest, self.pace.most) as usize {
            self.each(&mut runners, &mut entries, workers, |runner, workers| self.sample(runner, workers))?;
        }
        self.each(&mut runners, &mut entries, workers, |runner, workers| self.check(runner, &work, workers))?;
        self.note_times(&mut entries, &runners);
        for Runner { worker, id, .. } in &runners {
            drop(workers[*worker].ask(&Request::Drop { id: *id }));
        }
        Ok(Some(Case {
            kernel: (*kernel).to_owned(),
            operation: (*operation).to_owned(),
            name: name.clone(),
            growth: growth.clone(),
            flops: work.flops,
            bytes: work.bytes(),
            bound: work.bound,
            limits: limits(&runners),
            items: work.items,
            entries,
        }))
    }

    fn say(&self, what: &str) {
        self.bar.set_message(format!("{:?}: {what}", self.plan));
    }

    /// Has a contestant compute the case once. None if it has no such operation; and no runner if it is wrong or fails.
    fn enter(
        &self,
        id: u32,
        seat: &Seat,
        work: &Work,
        workers: &mut [Worker],
    ) -> Result<Option<(Entry, Option<Runner>)>, Stop> {
        let worker = &mut workers[seat.worker];
        let contestant = seat.contestant.name.clone();
        let Found { error, skip, note } = match self.compute(id, &seat.held, work, worker) {
            Ok(None) => return Ok(None),
            Ok(Some(found)) => found,
            Err(error) => {
                let note = Some(failure(&seat.contestant, error, worker)?);
                Found { error: f64::NAN, skip: 0.0, note }
            }
        };
        let right = error <= work.bound;
        if !right {
            drop(worker.ask(&Request::Drop { id }));
        }
        let entry = Entry { contestant, error: Some(error).filter(|x| x.is_finite()), times: None, note };
        Ok(Some((entry, right.then(|| Runner { skip, ..Runner::new(seat.worker, id) }))))
    }

    /// None if it has no such operation.
    fn compute(&self, id: u32, held: &str, work: &Work, worker: &mut Worker) -> Result<Option<Found>> {
        let request = Request::Prepare { id, contestant: held.to_owned(), case: text(self.folder)? };
        let (mut note, skip) = match worker.ask(&request)? {
            Answer::Unsupported {} => return Ok(None),
            Answer::Prepared { note, skip, .. } if (0.0..=0.5).contains(&skip) => (note, skip),
            other => bail!("it answered {other:?}"),
        };
        if skip > 0.0 {
            let skipped = format!("the first {:.0} % is not compared", 100.0 * skip);
            note = Some(note.map_or(skipped.clone(), |note| format!("{note}; {skipped}")));
        }
        worker.ask(&Request::Sample { id, calls: 1 })?;
        Ok(Some(Found { error: self.result(id, work, skip, worker)?, skip, note }))
    }

    /// The error of what it has computed last.
    fn result(&self, id: u32, work: &Work, skip: f64, worker: &mut Worker) -> Result<f64> {
        let file = self.folder.join("result.f64");
        worker.ask(&Request::Result { id, file: text(&file)? })?;
        let bytes = std::fs::read(&file).context("it wrote no result")?;
        let got: Vec<_> = bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        // Whoever writes none the next time must not be taken for right by this one.
        std::fs::remove_file(&file).context("could not remove a result")?;
        Ok(error(&got, &work.want, skip))
    }

    /// The limits of workers that hold somebody who is right.
    fn add_limits(&self, work: &Work, runners: &mut Vec<Runner>, workers: &mut [Worker]) {
        let mut id = self.seats.len() as u32;
        for (at, worker) in workers.iter_mut().enumerate() {
            if runners.iter().all(|runner| runner.worker != at || runner.limit.is_some()) {
                continue;
            }
            for name in worker.hello.limits.clone() {
                let of = if matches!(name.as_str(), "read" | "copy") { "bytes" } else { "flops" };
                let request = Request::Limit { id, name: name.clone(), bytes: work.bytes() };
                // A machine without one has figures without it.
                if let Ok(Answer::Prepared { work: Some(billions), .. }) = worker.ask(&request) {
                    runners.push(Runner { limit: Some((billions, of, name)), ..Runner::new(at, id) });
                    id += 1;
                }
            }
        }
    }

    /// Does something with each, and leaves those out that fail, unless they are ours.
    fn each(
        &self,
        runners: &mut Vec<Runner>,
        entries: &mut [Entry],
        workers: &mut [Worker],
        of: impl Fn(&mut Runner, &mut [Worker]) -> Result<()>,
    ) -> Result<(), Stop> {
        let mut at = 0;
        while let Some(runner) = runners.get_mut(at) {
            let Err(error) = of(runner, workers) else {
                at += 1;
                continue;
            };
            let Runner { worker, id, entry, .. } = runners.remove(at);
            // There are figures without a limit too.
            let Some(entry) = entry else { continue };
            let seat = &self.seats[id as usize];
            if seat.contestant.ours {
                return Err(error.context(seat.contestant.name.clone()).into());
            }
            entries[entry].note = Some(failure(&seat.contestant, error, &mut workers[worker])?);
        }
        Ok(())
    }

    /// Whether what it has computed last is right too.
    fn check(&self, runner: &Runner, work: &Work, workers: &mut [Worker]) -> Result<()> {
        if runner.entry.is_some() {
            let error = self.result(runner.id, work, runner.skip, &mut workers[runner.worker])?;
            ensure!(error <= work.bound, "after many calls its result is off by {error:.1e}");
        }
        Ok(())
    }

    /// Runs it for a while, and finds how many calls a sample is.
    fn warm_up(&self, runner: &mut Runner, workers: &mut [Worker]) -> Result<()> {
        let start = Instant::now();
        let mut calls = 1;
        runner.rough = f64::INFINITY;
        loop {
            let (wall, _) = runner.call(calls, workers)?;
            // A clock may say that no time has passed at all.
            runner.rough = runner.rough.min(wall.max(1.0) / calls as f64);
            if start.elapsed() >= self.pace.warm_up {
                break;
            }
            calls = ((self.pace.sample / runner.rough) as u64).clamp(1, 2 * calls);
        }
        runner.calls = (self.pace.sample / runner.rough).ceil().max(1.0) as u64;
        Ok(())
    }

    fn sample(&self, runner: &mut Runner, workers: &mut [Worker]) -> Result<()> {
        // After others have run, the caches are to be filled again.
        runner.call(1, workers)?;
        let (wall, cpu) = runner.call(runner.calls, workers)?;
        runner.wall.push(wall / runner.calls as f64);
        runner.cpu.extend(cpu.map(|cpu| cpu / runner.calls as f64));
        Ok(())
    }

    /// Compares all with the first, which is ours.
    fn note_times(&self, entries: &mut [Entry], runners: &[Runner]) {
        let Some(reference) = runners.iter().find(|runner| runner.entry.is_some()) else { return };
        for runner in runners {
            let Some(entry) = runner.entry else { continue };
            entries[entry].times = Some(Times {
                samples: runner.wall.len(),
                wall: spread(&runner.wall),
                p95: quantile(&runner.wall, 0.95),
                cpu: (!runner.cpu.is_empty()).then(|| quantile(&runner.cpu, 0.5)),
                ratio: spread(&ratios(&runner.wall, &reference.wall)),
            });
        }
    }
}

impl Runner {
    fn new(worker: usize, id: u32) -> Self {
        let (wall, cpu) = (Vec::new(), Vec::new());
        Self { worker, id, entry: None, skip: 0.0, calls: 1, rough: 0.0, wall, cpu, limit: None }
    }

    fn call(&self, calls: u64, workers: &mut [Worker]) -> Result<(f64, Option<f64>)> {
        match workers[self.worker].ask(&Request::Sample { id: self.id, calls })? {
            Answer::Sample { wall_ns, cpu_ns } => Ok((wall_ns, cpu_ns)),
            other => bail!("it answered {other:?}"),
        }
    }
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).context("a path that is no Unicode")
}

/// What is said of one that has failed, if its worker lives.
fn failure(contestant: &Contestant, error: anyhow::Error, worker: &mut Worker) -> Result<String, Stop> {
    if worker.lives() || contestant.ours {
        Ok(format!("failed: {error:#}"))
    } else {
        Err(Stop::Ended(contestant.name.clone(), error))
    }
}

fn limits(runners: &[Runner]) -> Vec<Limit> {
    let limit = |runner: &Runner| {
        let (billions, of, name) = runner.limit.as_ref()?;
        // The machine at its best, since nothing may be faster.
        let ns = runner.wall.iter().copied().fold(f64::INFINITY, f64::min);
        Some(Limit { name: name.clone(), rate: billions / (ns * 1e-9), of: (*of).to_owned() })
    };
    runners.iter().filter_map(limit).collect()
}
