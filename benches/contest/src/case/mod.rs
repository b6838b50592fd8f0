//! What is computed: inputs by seed, what should come of them, and how much work that is.

mod indicators;
mod maxsim;
mod nn;
mod pool;

use crate::array::Array;
use crate::protocol::{ArrayFile, CaseFile};
use crate::record::{Growth, Items};
use anyhow::{Context as _, Result};
use std::path::Path;

/// The kernels, in the order of reports.
pub const KERNELS: [&str; 4] = ["maxsim", "indicators", "nn", "pool"];

/// A case that is made when its turn comes.
pub struct Plan {
    /// One of [`KERNELS`].
    pub kernel: &'static str,
    /// What is computed.
    pub operation: &'static str,
    /// On what.
    pub name: String,
    /// Where it stands among inputs of several sizes.
    pub growth: Option<Growth>,
    make: Box<dyn Fn() -> Work>,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.kernel, self.operation, self.name)
    }
}

/// The input of a case, and what should come of it.
#[derive(Debug)]
pub struct Work {
    /// What a call yields.
    pub items: Items,
    /// Floating-point operations of a call, where they are worth counting.
    pub flops: Option<f64>,
    /// The largest error that is right.
    pub bound: f64,
    /// Periods and the like.
    pub parameters: Vec<(&'static str, f64)>,
    /// The arrays by name, with their shapes.
    pub inputs: Vec<(&'static str, Array, Vec<usize>)>,
    /// Bytes of the inputs that need not be read.
    pub unread_bytes: f64,
    /// Bytes of a number of the results.
    pub out_bytes: f64,
    /// Each output.
    pub want: Vec<Vec<f64>>,
}

/// All cases of a kernel; the small ones and one of each operation where it is a first look.
///
/// # Panics
/// If there is no such kernel.
#[must_use]
pub fn plans(kernel: &str, quick: bool) -> Vec<Plan> {
    match kernel {
        "maxsim" => maxsim::plans(quick),
        "indicators" => indicators::plans(quick),
        "nn" => nn::plans(quick),
        "pool" => pool::plans(quick),
        _ => panic!("{kernel} is not one of {KERNELS:?}"),
    }
}

impl Plan {
    fn new(
        [kernel, operation]: [&'static str; 2],
        name: impl Into<String>,
        make: impl Fn() -> Work + 'static,
    ) -> Self {
        Self { kernel, operation, name: name.into(), growth: None, make: Box::new(make) }
    }

    fn growing(self, of: &str, size: usize) -> Self {
        Self { growth: Some(Growth { of: of.to_owned(), size: size as f64 }), ..self }
    }

    /// Makes the input, and computes what should come of it.
    #[must_use]
    pub fn make(&self) -> Work {
        (self.make)()
    }
}

impl Work {
    /// Bytes that a call must read and write at least.
    #[must_use]
    pub fn bytes(&self) -> f64 {
        let inputs: usize = self.inputs.iter().map(|(_, array, _)| array.size()).sum();
        inputs as f64 - self.unread_bytes + self.out_bytes * self.outputs() as f64
    }

    fn outputs(&self) -> usize {
        self.want.iter().map(Vec::len).sum()
    }

    /// Writes the case for the workers.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write(&self, operation: &str, folder: &Path) -> Result<()> {
        let inputs = self.inputs.iter().map(|(name, array, shape)| {
            let file = format!("{name}.{}", array.element());
            let bytes = array.bytes();
            std::fs::write(folder.join(&file), bytes)?;
            Ok((
                name.to_string(),
                ArrayFile { file, element: array.element().to_owned(), shape: shape.clone() },
            ))
        });
        let case = CaseFile {
            operation: operation.to_owned(),
            parameters: self.parameters.iter().map(|(name, value)| (name.to_string(), *value)).collect(),
            inputs: inputs.collect::<std::io::Result<_>>().context("could not write a case's arrays")?,
            outputs: self.outputs(),
        };
        std::fs::write(folder.join("case.json"), serde_json::to_vec_pretty(&case)?)
            .with_context(|| format!("could not write to {}", folder.display()))
    }
}

/// Items of a kind.
fn items(count: usize, of: &str) -> Items {
    Items { count: count as f64, of: of.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_another_name_and_whole_inputs() {
        let mut seen = std::collections::BTreeSet::new();
        for kernel in KERNELS {
            let plans = plans(kernel, true);
            assert!(!plans.is_empty(), "{kernel}");
            for plan in plans {
                assert!(seen.insert(format!("{plan:?}")), "{plan:?} twice");
                let work = plan.make();
                for (name, array, shape) in &work.inputs {
                    assert_eq!(array.len(), shape.iter().product::<usize>(), "{plan:?} {name}");
                }
                assert!(work.want.iter().flatten().any(|x| x.is_finite() && *x != 0.0), "{plan:?}");
            }
        }
    }

    #[test]
    fn a_first_look_is_a_part_of_the_whole() {
        for kernel in KERNELS {
            let names =
                |quick| plans(kernel, quick).iter().map(|plan| format!("{plan:?}")).collect::<Vec<_>>();
            let (quick, all) = (names(true), names(false));
            assert!(quick.len() < all.len() && quick.iter().all(|name| all.contains(name)), "{kernel}");
        }
    }
}
