//! A run: each case in turn, and in each all contestants in turn, round by round.

use crate::case::{self, Plan, Work};
use crate::figures::{error, quantile, ratios, spread};
use crate::protocol::{Answer, Request};
use crate::record::{Absent, Case, Contestant, Entry, Limit, Record, Times};
use crate::worker::Worker;
use anyhow::{Context as _, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;
use std::time::{Duration, Instant};

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
            seats.retain(|seat| {
                let lives = workers[seat.worker].lives();
                if !lives {
                    record
                        .absent
                        .push(absent(&seat.contestant.name, format!("its worker ended before {plan:?}")));
                }
                lives
            });
            let case = Round { plan, seats: &seats, pace, folder: &folder, bar: &bar }.case(workers);
            record.cases.extend(case.with_context(|| format!("{plan:?}"))?);
            record.write(self.file)?;
            bar.inc(1);
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("could not remove {}", folder.display()))?;
        }
        bar.finish_and_clear();
        std::fs::remove_dir(&folder).with_context(|| format!("could not remove {}", folder.display()))
    }

    /// Notes who takes part: ours first, by language.
    fn seat(&self, record: &mut Record, workers: &[Worker]) -> Result<Vec<Seat>> {
        let mut seats = Vec::new();
        for (worker, Worker { hello, .. }) in workers.iter().enumerate() {
            record.versions.insert(hello.language.clone(), hello.version.clone());
            record.absent.extend(hello.absent.iter().filter(|absent| self.wants(&absent.name)).cloned());
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

/// A contestant, and the worker that holds it.
#[derive(Debug)]
struct Seat {
    worker: usize,
    /// What the worker calls it.
    held: String,
    contestant: Contestant,
}

/// A case, and all that is needed for it.
struct Round<'a> {
    plan: &'a Plan,
    seats: &'a [Seat],
    pace: Pace,
    /// Where the case is written for the workers.
    folder: &'a Path,
    bar: &'a ProgressBar,
}

/// What is sampled: a contestant whose result is right, or a limit.
struct Runner {
    worker: usize,
    id: u32,
    /// The entry that it is of.
    entry: Option<usize>,
    calls: u64,
    rough: f64,
    wall: Vec<f64>,
    cpu: Vec<f64>,
    /// Billions that a call of a limit stands for, of what, and its name.
    limit: Option<(f64, &'static str, String)>,
}

impl Round<'_> {
    /// None if nobody has such an operation.
    fn case(&self, workers: &mut [Worker]) -> Result<Option<Case>> {
        let Plan { kernel, operation, name, growth, .. } = self.plan;
        self.say("the reference");
        let work = self.plan.make();
        std::fs::create_dir_all(self.folder)
            .with_context(|| format!("could not make {}", self.folder.display()))?;
        work.write(operation, self.folder)?;

        let (mut entries, mut runners) = (Vec::new(), Vec::new());
        for (id, seat) in self.seats.iter().enumerate() {
            self.say(&seat.contestant.name);
            let Some((entry, runner)) = self.enter(id as u32, seat, &work, workers) else { continue };
            ensure!(
                !seat.contestant.ours || runner.is_some(),
                "{} is wrong: {entry:?}",
                seat.contestant.name
            );
            runners.extend(runner.map(|runner| Runner { entry: Some(entries.len()), ..runner }));
            entries.push(entry);
        }
        if entries.is_empty() {
            return Ok(None);
        }
        self.add_limits(&work, &mut runners, workers);
        self.say("all in turn");
        self.each(&mut runners, &mut entries, |runner| self.warm_up(runner, workers))?;
        let round: f64 = runners.iter().map(|runner| runner.rough * runner.calls as f64).sum();
        let rounds = self.pace.together * runners.len() as f64 / round;
        for _ in 0..rounds.clamp(self.pace.fewest, self.pace.most) as usize {
            self.each(&mut runners, &mut entries, |runner| self.sample(runner, workers))?;
        }
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
    ) -> Option<(Entry, Option<Runner>)> {
        let worker = &mut workers[seat.worker];
        let contestant = seat.contestant.name.clone();
        match self.compute(id, &seat.held, work, worker) {
            Ok(None) => None,
            Ok(Some((error, note))) => {
                let right = error <= work.bound;
                if !right {
                    drop(worker.ask(&Request::Drop { id }));
                }
                let entry =
                    Entry { contestant, error: Some(error).filter(|x| x.is_finite()), times: None, note };
                Some((entry, right.then(|| Runner::new(seat.worker, id))))
            }
            Err(error) => {
                let note = Some(format!("failed: {error:#}"));
                Some((Entry { contestant, error: None, times: None, note }, None))
            }
        }
    }

    /// The error of its result, and what is to be known of it.
    fn compute(
        &self,
        id: u32,
        held: &str,
        work: &Work,
        worker: &mut Worker,
    ) -> Result<Option<(f64, Option<String>)>> {
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path that is no Unicode");
        let request = Request::Prepare { id, contestant: held.to_owned(), case: text(self.folder)? };
        let (note, skip) = match worker.ask(&request)? {
            Answer::Unsupported {} => return Ok(None),
            Answer::Prepared { note, skip, .. } if (0.0..=0.5).contains(&skip) => (note, skip),
            other => bail!("it answered {other:?}"),
        };
        worker.ask(&Request::Sample { id, calls: 1 })?;
        let file = self.folder.join("result.f64");
        worker.ask(&Request::Result { id, file: text(&file)? })?;
        let bytes = std::fs::read(&file).context("it wrote no result")?;
        let got: Vec<_> = bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        // Whoever writes none the next time must not be taken for right by this one.
        std::fs::remove_file(&file).context("could not remove a result")?;
        Ok(Some((error(&got, &work.want, skip), note)))
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
        mut of: impl FnMut(&mut Runner) -> Result<()>,
    ) -> Result<()> {
        let mut failures = Vec::new();
        runners.retain_mut(|runner| match of(runner) {
            Ok(()) => true,
            Err(error) => {
                failures.push((runner.entry, error));
                false
            }
        });
        for (entry, error) in failures {
            let Some(entry) = entry.map(|entry| &mut entries[entry]) else { continue };
            let ours = self
                .seats
                .iter()
                .any(|seat| seat.contestant.ours && seat.contestant.name == entry.contestant);
            if ours {
                return Err(error.context(entry.contestant.clone()));
            }
            entry.note = Some(format!("failed: {error:#}"));
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
        if runner.calls > 1 {
            // After others have run, the caches are to be filled again.
            runner.call(1, workers)?;
        }
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
        Self { worker, id, entry: None, calls: 1, rough: 0.0, wall, cpu, limit: None }
    }

    fn call(&self, calls: u64, workers: &mut [Worker]) -> Result<(f64, Option<f64>)> {
        match workers[self.worker].ask(&Request::Sample { id: self.id, calls })? {
            Answer::Sample { wall_ns, cpu_ns } => Ok((wall_ns, cpu_ns)),
            other => bail!("it answered {other:?}"),
        }
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

/// Who cannot take part.
#[must_use]
pub fn absent(name: &str, reason: impl std::fmt::Display) -> Absent {
    Absent { name: name.to_owned(), reason: reason.to_string() }
}
