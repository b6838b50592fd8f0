//! A worker in Rust: [`serve`] answers for its contestants.
//!
//! Each prepared contestant has a thread of its own, which holds its input and what it made of that.

use crate::array::Array;
use crate::protocol::{Answer, CaseFile, Hello, Request};
use anyhow::{Context as _, Result, bail, ensure};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

/// Something to compute again and again.
pub trait Work {
    /// Computes it.
    fn run(&mut self);

    /// What it has computed last: all outputs, one after the other.
    fn results(&self) -> Vec<f64>;
}

/// What a contestant has made of a case.
pub struct Prepared<'a> {
    /// What is timed.
    pub work: Box<dyn Work + 'a>,
    /// What is to be known of it.
    pub note: Option<String>,
    /// The part of each output, at the start, that is by another convention.
    pub skip: f64,
    /// Billions of operations or bytes that a call stands for, of a limit.
    pub billions: Option<f64>,
}

impl std::fmt::Debug for Prepared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared").field("note", &self.note).finish_non_exhaustive()
    }
}

impl<'a> Prepared<'a> {
    /// Work of which nothing is to be known.
    pub fn new(work: impl Work + 'a) -> Self {
        Self { work: Box::new(work), note: None, skip: 0.0, billions: None }
    }
}

/// A case as it was read.
#[derive(Debug)]
pub struct Case {
    file: CaseFile,
    arrays: BTreeMap<String, Array>,
}

macro_rules! typed {
    ($($name:ident: $variant:ident($element:ty);)*) => {
        $(
            /// The input of this name.
            ///
            /// # Errors
            /// If there is none of this type.
            pub fn $name(&self, name: &str) -> Result<&[$element]> {
                match self.arrays.get(name) {
                    Some(Array::$variant(values)) => Ok(values),
                    _ => bail!("{} has no {} array {name}", self.file.operation, stringify!($element)),
                }
            }
        )*
    };
}

impl Case {
    /// Reads a case from its folder.
    ///
    /// # Errors
    /// If it is not whole.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("case.json");
        let text = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let file: CaseFile =
            serde_json::from_slice(&text).with_context(|| format!("{} is not a case", path.display()))?;
        let mut arrays = BTreeMap::new();
        for (name, of) in &file.inputs {
            let path = folder.join(&of.file);
            let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
            let array =
                Array::parse(&of.element, &bytes).with_context(|| format!("in {}", path.display()))?;
            let len: usize = of.shape.iter().product();
            ensure!(array.len() == len, "{name} has {} numbers, and its shape {len}", array.len());
            arrays.insert(name.clone(), array);
        }
        Ok(Self { file, arrays })
    }

    /// What is to be computed.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.file.operation
    }

    /// How many numbers the results are.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.file.outputs
    }

    /// A period or the like.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn parameter(&self, name: &str) -> Result<f64> {
        let value = self.file.parameters.get(name);
        value.copied().with_context(|| format!("{} has no parameter {name}", self.file.operation))
    }

    /// The same as a size.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn size(&self, name: &str) -> Result<usize> {
        Ok(self.parameter(name)? as usize)
    }

    /// The shape of the input of this name.
    ///
    /// # Errors
    /// If there is none, or it has another number of axes.
    pub fn shape<const N: usize>(&self, name: &str) -> Result<[usize; N]> {
        let of = self.file.inputs.get(name).with_context(|| format!("there is no input {name}"))?;
        let shape = of.shape.as_slice();
        shape.try_into().with_context(|| format!("{name} has {} axes, expected {N}", shape.len()))
    }

    typed! {
        f32: F32(f32);
        f64: F64(f64);
        i64: I64(i64);
        i8: I8(i8);
        u8: U8(u8);
    }
}

/// Prepares a contestant for a case; none if it has no such operation.
pub type Prepare = for<'a> fn(contestant: &str, case: &'a Case) -> Result<Option<Prepared<'a>>>;

/// Prepares a limit over so many bytes.
pub type Limit = fn(name: &str, bytes: f64) -> Result<Prepared<'static>>;

/// Says hello, and answers until there is no more request.
///
/// # Errors
/// If a request cannot be read, or an answer be written.
pub fn serve(hello: &Hello, prepare: Prepare, limit: Limit) -> Result<()> {
    let mut out = answers()?;
    let mut say = |line: String| out.write_all((line + "\n").as_bytes()).and_then(|()| out.flush());
    say(serde_json::to_string(hello)?)?;
    let mut threads = BTreeMap::new();
    let mut last: Option<(String, Arc<Case>)> = None;
    for line in std::io::stdin().lines() {
        let line = line.context("could not read a request")?;
        let request = serde_json::from_str(&line).with_context(|| format!("{line} is no request"))?;
        let answer = || match request {
            Request::Prepare { id, contestant, case: folder } => {
                let case = match &last {
                    Some((of, case)) if *of == folder => case.clone(),
                    _ => Arc::new(Case::read(Path::new(&folder))?),
                };
                last = Some((folder, case.clone()));
                start(&mut threads, id, move |session| match prepare(&contestant, &case) {
                    Ok(Some(prepared)) => session.hold(prepared),
                    Ok(None) => session.answer(Ok(Answer::Unsupported {})),
                    Err(error) => session.answer(Err(error)),
                })
            }
            Request::Limit { id, name, bytes } => {
                start(&mut threads, id, move |session| match limit(&name, bytes) {
                    Ok(prepared) => session.hold(prepared),
                    Err(error) => session.answer(Err(error)),
                })
            }
            Request::Sample { id, calls } => ask(&threads, id, Job::Sample(calls)),
            Request::Result { id, file } => ask(&threads, id, Job::Result(file)),
            Request::Drop { id } => {
                threads.remove(&id);
                Ok(Answer::Done {})
            }
        };
        let answer = answer().unwrap_or_else(|error| Answer::Error { message: format!("{error:#}") });
        say(serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

/// Where answers go: what was the standard output, on which libraries then print what they have to say to the standard error.
#[cfg(unix)]
fn answers() -> Result<std::fs::File> {
    use rustix::stdio::{dup2_stdout, stderr, stdout};
    let answers = rustix::io::dup(stdout()).context("could not keep the standard output")?;
    dup2_stdout(stderr()).context("could not join the standard output to the standard error")?;
    Ok(answers.into())
}

/// Where answers go.
#[cfg(not(unix))]
fn answers() -> Result<std::io::Stdout> {
    Ok(std::io::stdout())
}

/// What a thread is asked.
enum Job {
    Sample(u64),
    Result(String),
}

type Threads = BTreeMap<u32, (Sender<Job>, Receiver<Result<Answer>>)>;

/// The ends that a thread holds.
struct Session {
    jobs: Receiver<Job>,
    answers: Sender<Result<Answer>>,
}

impl Session {
    fn answer(&self, answer: Result<Answer>) {
        // Nobody listens any more when all ends.
        drop(self.answers.send(answer));
    }

    fn hold(&self, prepared: Prepared<'_>) {
        let Prepared { mut work, note, skip, billions } = prepared;
        self.answer(Ok(Answer::Prepared { work: billions, note, skip }));
        for job in &self.jobs {
            self.answer(match job {
                Job::Sample(calls) => Ok(sample(&mut *work, calls)),
                Job::Result(file) => {
                    let bytes: Vec<u8> = work.results().iter().flat_map(|x| x.to_le_bytes()).collect();
                    std::fs::write(&file, bytes)
                        .map(|()| Answer::Done {})
                        .with_context(|| format!("could not write {file}"))
                }
            });
        }
    }
}

/// Starts a thread, and gives its first answer.
fn start(threads: &mut Threads, id: u32, run: impl FnOnce(Session) + Send + 'static) -> Result<Answer> {
    let ((job, jobs), (answers, answer)) = (channel(), channel());
    std::thread::spawn(move || run(Session { jobs, answers }));
    let first = answer.recv().unwrap_or_else(|_| bail!("it panicked"))?;
    if matches!(first, Answer::Prepared { .. }) {
        threads.insert(id, (job, answer));
    }
    Ok(first)
}

fn ask(threads: &Threads, id: u32, job: Job) -> Result<Answer> {
    let (jobs, answers) = threads.get(&id).with_context(|| format!("nothing was prepared as {id}"))?;
    jobs.send(job).ok().context("it has panicked")?;
    answers.recv().unwrap_or_else(|_| bail!("it panicked"))
}

fn sample(work: &mut dyn Work, calls: u64) -> Answer {
    let (wall, cpu) = (Instant::now(), cpu_ns());
    for _ in 0..calls {
        work.run();
    }
    Answer::Sample {
        wall_ns: wall.elapsed().as_nanos() as f64,
        cpu_ns: cpu_ns().zip(cpu).map(|(end, start)| end - start),
    }
}

/// The processor time of this process so far, where the system tells it: a library may have threads of its own.
fn cpu_ns() -> Option<f64> {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Some(time.tv_sec as f64 * 1e9 + time.tv_nsec as f64)
    }
    #[cfg(not(unix))]
    None
}
