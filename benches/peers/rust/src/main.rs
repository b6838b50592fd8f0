//! The contestants in Rust: a worker of `cargo xtask bench KERNEL --against`, which speaks the protocol of `bench_contest`. The
//! program that started it makes the inputs, does the timing, and checks what comes out.
//!
//! All run in one thread, each prepared one in its own. What a user does once (packing a query or weights, packing documents
//! for an index, allocating what is written to) is done when a case is prepared, and is not timed.
//!
//! A kernel is a folder here, with a file for each contestant, which has a function `prepare`. That takes a case, and gives the
//! fastest way of that library to compute it, or nothing where it has no such operation. What its result differs in goes into
//! the note; if only the start of each output does, `skip` says so.
//!
//! - To add a peer: its crate in Cargo.toml, optional, and a feature called as the peer; a file in each kernel that it has
//!   something of, and a line in that kernel's `KERNEL`; if it has products of matrices only, a function in `products.rs`
//!   instead of the files. Its version is that of the package
//!   of the same name in Cargo.lock (see `versions.rs`, if it is called otherwise).
//! - To add a kernel: a folder like `maxsim`, and its `KERNEL` in `KERNELS`. Its cases are in `bench_contest::case`.
//!
//! Peers that are only fast when all is compiled for a newer processor are left out of other builds, and the worker says so; with
//! `RUSTFLAGS=-Ctarget-cpu=x86-64-v3` they take part. Our own time does not depend on it, except without SIMD of our own.

#![cfg_attr(
    not(feature = "default"),
    allow(dead_code, unused_imports, reason = "what only peers use that are left out of this build")
)]

mod indicators;
mod kernel;
mod limits;
mod maxsim;
mod nn;
mod plain;
mod pool;
mod products;
mod raw;
mod versions;
mod work;

use anyhow::{Result, ensure};
use bench_contest::protocol::{Held, Hello};
use bench_contest::record::Absent;
use bench_contest::serve::{Case, Prepared, serve};
use kernel::{Form, Kernel};
use simd_core::Isa;

/// Whether all is compiled for these: what has no SIMD of its own gets the compiler's then, ours too.
const AVX2: bool = cfg!(all(target_feature = "avx2", target_feature = "fma"));

const KERNELS: [Kernel; 4] = [maxsim::KERNEL, indicators::KERNEL, nn::KERNEL, pool::KERNEL];

/// Those that this build cannot show at their best, and why.
const ABSENT: &[(&str, &str)] =
    if cfg!(all(feature = "diskann-quantization", target_arch = "x86_64")) && !AVX2 {
        &[("diskann-quantization", "it is slow unless compiled with RUSTFLAGS=-Ctarget-cpu=x86-64-v3")]
    } else {
        &[]
    };

/// The names of ours.
fn ours() -> impl Iterator<Item = &'static str> {
    Form::ALL.map(Form::name).into_iter().chain([raw::NAME])
}

/// The names of all contestants: ours, and each peer once.
fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = ours().collect();
    for (name, _) in KERNELS.iter().flat_map(|kernel| kernel.peers) {
        if !names.contains(name) && ABSENT.iter().all(|(absent, _)| absent != name) {
            names.push(name);
        }
    }
    names
}

fn hello() -> Result<Hello> {
    let versions = versions::Versions::read()?;
    let held = |name: &'static str| {
        let ours = ours().any(|ours| ours == name);
        Ok(Held { name: name.to_owned(), version: versions.of(name)?, ours })
    };
    let absent = |&(name, reason): &(&str, &str)| Absent { name: name.to_owned(), reason: reason.to_owned() };
    Ok(Hello {
        language: "rust".to_owned(),
        version: format!(
            "{}{}; ours on {}",
            env!("COMPILER_VERSION"),
            if AVX2 { ", for AVX2 and FMA" } else { "" },
            Isa::active()?.name()
        ),
        contestants: names().into_iter().map(held).collect::<Result<_>>()?,
        absent: ABSENT.iter().map(absent).collect(),
        limits: limits::NAMES.map(str::to_owned).into(),
    })
}

fn prepare<'a>(contestant: &str, case: &'a Case) -> Result<Option<Prepared<'a>>> {
    let names = names();
    ensure!(names.contains(&contestant), "contestants are {}, not {contestant}", names.join("; "));
    if contestant == raw::NAME {
        return raw::prepare(case);
    }
    for kernel in &KERNELS {
        let of_peer = kernel.peers.iter().find(|(name, _)| *name == contestant);
        let prepared = match (Form::named(contestant), of_peer) {
            (Some(form), _) => (kernel.ours)(form, case)?,
            (None, Some((_, prepare))) => prepare(case)?,
            (None, None) => continue,
        };
        // No operation is of two kernels.
        if prepared.is_some() {
            return Ok(prepared);
        }
    }
    Ok(None)
}

fn main() -> Result<()> {
    serve(&hello()?, prepare, limits::prepare)
}
