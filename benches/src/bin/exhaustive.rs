//! Checks activations at all 2^32 values that an `f32` can have, against `f64`.

use anyhow::{Context as _, Result, anyhow, ensure};
use clap::Parser;
use kernels_nn::{Activation, Isa};
use kernels_testing::reference::nn::activations::Bounded;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Instant;

/// Checks activations at all 2^32 values of an `f32`, and fails where one is off by more than its bound
#[derive(Parser)]
struct Arguments {
    /// The activations; all without it
    names: Vec<String>,
    /// The instruction set; the best of this machine without it
    #[arg(long)]
    isa: Option<String>,
    /// So many threads
    #[arg(long, value_name = "N", default_value_t = 2)]
    threads: usize,
}

/// The largest error, and where it is.
#[derive(Clone, Copy, Debug, Default)]
struct Worst {
    error: f64,
    x: f32,
    y: f32,
}

/// Values that are computed at a time: all of them in a level of cache.
const CHUNK_BITS: u32 = 14;
const CHUNKS: u32 = 1 << (32 - CHUNK_BITS);

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let Arguments { names, isa, threads } = Arguments::parse();
    ensure!(threads > 0, "--threads: expected at least 1, got 0");
    let isa = match isa {
        Some(name) => name.parse::<Isa>().map_err(|error| anyhow!("--isa {name}: {error}"))?.require()?,
        None => Isa::detect(),
    };
    let all = || Bounded::PLAIN.into_iter().chain(Bounded::ALL);
    let find = |name: &String| {
        let known = || all().map(|function| function.name).collect::<Vec<_>>().join(", ");
        all()
            .find(|function| function.name == *name)
            .with_context(|| format!("no activation is called `{name}`; there are {}", known()))
    };
    let functions = match &names[..] {
        [] => all().collect(),
        names => names.iter().map(find).collect::<Result<Vec<_>>>()?,
    };

    let mut faults = 0;
    println!("{:<12}{:>9}{:>9}{:>9}  where", "on", "largest", "bound", "seconds");
    println!("{isa:<12}{:>9}{:>9}", "units", "units");
    for function in &functions {
        let start = Instant::now();
        let activation: Activation = function.name.parse()?;
        let Worst { error, x, y } = worst(function, activation, isa, threads)?;
        let (bound, seconds) = (function.bound(isa), start.elapsed().as_secs_f64());
        let name = function.name;
        println!("{name:<12}{error:>9.3}{bound:>9.1}{seconds:>9.0}  {name}({x:e}) = {y:e}");
        if error > bound {
            println!("  FAULT: larger than its bound");
            faults += 1;
        }
    }
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The worst of all values; several threads take chunks as they get to them.
fn worst(function: &Bounded, activation: Activation, isa: Isa, threads: usize) -> Result<Worst> {
    let (next, worst) = (AtomicU32::new(0), Mutex::new(Worst::default()));
    let work = || -> Result<()> {
        let mut of_thread = Worst::default();
        let mut x = vec![0.0; 1 << CHUNK_BITS];
        let mut y = x.clone();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if chunk >= CHUNKS {
                break;
            }
            show_progress(function.name, chunk);
            for (x, low) in x.iter_mut().zip(0..) {
                *x = f32::from_bits(chunk << CHUNK_BITS | low);
            }
            activation.apply_into_on(isa, &x, &mut y)?;
            for (&x, &y) in x.iter().zip(&y) {
                let error = function.error(x, y);
                if error > of_thread.error {
                    of_thread = Worst { error, x, y };
                }
            }
        }
        let mut worst = worst.lock().expect("no thread panics while it holds it");
        if of_thread.error > worst.error {
            *worst = of_thread;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })?;
    Ok(worst.into_inner()?)
}

/// For somebody who waits for it.
fn show_progress(name: &str, chunk: u32) {
    if !chunk.is_multiple_of(CHUNKS / 64) || !std::io::stderr().is_terminal() {
        return;
    }
    let mut out = std::io::stderr().lock();
    // If nobody sees it, nobody waits.
    let _ = write!(out, "\r{name}: {} % \r", u64::from(chunk) * 100 / u64::from(CHUNKS));
    let _ = out.flush();
}
