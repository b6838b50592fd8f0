//! A worker as the program that measures sees it: a process that answers.

use crate::protocol::{Answer, Hello, Request};
use anyhow::{Context as _, Result, anyhow, bail};
use serde::de::DeserializeOwned;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// For how long a worker may keep silent: the slowest preparations load engines and models.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that holds contestants.
#[derive(Debug)]
pub struct Worker {
    command: Command,
    process: Child,
    /// None once it is to end.
    requests: Option<ChildStdin>,
    answers: Receiver<std::io::Result<String>>,
    /// What it said of itself.
    pub hello: Hello,
}

impl Worker {
    /// Starts it, and waits for what it says of itself. What it writes to its standard error is shown.
    ///
    /// # Errors
    /// If it cannot be started, or says something else.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", command.get_program().to_string_lossy()))?;
        let output = process.stdout.take().context("a worker's output")?;
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let requests = process.stdin.take();
        let mut worker = Self { command, process, requests, answers, hello: Hello::default() };
        worker.hello = worker.read()?;
        Ok(worker)
    }

    /// What it answers. An [`Answer::Error`] is one of this function's.
    ///
    /// # Errors
    /// If the contestant failed, or the worker has ended, keeps silent, or says what is no answer.
    pub fn ask(&mut self, request: &Request) -> Result<Answer> {
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        let requests = self.requests.as_mut().context("its worker has ended")?;
        requests.write_all(line.as_bytes()).and_then(|()| requests.flush()).map_err(|_| self.ended())?;
        match self.read()? {
            Answer::Error { message } => bail!("{message}"),
            answer => Ok(answer),
        }
    }

    /// Starts it anew, with nothing prepared.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn restart(&mut self) -> Result<()> {
        self.stop();
        let command = std::mem::replace(&mut self.command, Command::new(""));
        *self = Self::start(command)?;
        Ok(())
    }

    /// Whether it can still be asked.
    pub fn lives(&mut self) -> bool {
        self.requests.is_some() && matches!(self.process.try_wait(), Ok(None))
    }

    fn read<T: DeserializeOwned>(&mut self) -> Result<T> {
        let line = match self.answers.recv_timeout(PATIENCE) {
            Ok(Ok(line)) => line,
            Ok(Err(error)) => {
                self.stop();
                return Err(error).context("could not read from the worker, which was stopped");
            }
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                // Its next answer would be taken for another one's.
                self.stop();
                bail!("it kept silent for {} seconds, and was stopped", PATIENCE.as_secs());
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Err(self.ended()),
        };
        serde_json::from_str(&line).with_context(|| {
            self.stop();
            format!(
                "it said what is no answer, and was stopped: {}",
                line.chars().take(200).collect::<String>()
            )
        })
    }

    fn ended(&mut self) -> anyhow::Error {
        self.requests = None;
        match self.process.wait() {
            Ok(status) => anyhow!("the worker has ended with {status}"),
            Err(error) => anyhow!("the worker has ended: {error}"),
        }
    }

    fn stop(&mut self) {
        self.requests = None;
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}
