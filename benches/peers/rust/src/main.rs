//! Our kernels side by side with what else there is on crates.io: `cargo run --release -- KERNEL`.
//!
//! Peers that are only fast when all is compiled for a newer processor are left out of other builds, and named; with
//! `RUSTFLAGS=-Ctarget-cpu=x86-64-v3` they take part. Our own time does not depend on it.
//!
//! Both sides run in turn in one process, in one thread, on the same input, and both results are checked. What a user
//! does once (packing a query, packing documents for an index, allocating) is not timed, on either side.
//!
//! To add a kernel: a folder like `maxsim`, and a line in `KERNELS`.

mod indicators;
mod maxsim;
mod nn;
mod pool;
mod side_by_side;

use anyhow::{Result, bail};
use kernels_benches::measure::Rows;

/// Measures a kernel against its peers.
type Compare = fn(&mut Rows) -> Result<()>;

const KERNELS: [(&str, Compare); 4] = [
    ("indicators", indicators::compare),
    ("maxsim", maxsim::compare),
    ("nn", nn::compare),
    ("pool", pool::compare),
];

fn main() -> Result<()> {
    let known = KERNELS.map(|(name, _)| name).join(", ");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name] = arguments.as_slice() else {
        bail!("name one kernel to compare with its peers; there are: {known}");
    };
    let Some((_, compare)) = KERNELS.iter().find(|(other, _)| other == name) else {
        bail!("no kernel with peers is called `{name}`; there are: {known}");
    };
    let mut rows = Rows::new();
    compare(&mut rows)?;
    rows.write()
}
