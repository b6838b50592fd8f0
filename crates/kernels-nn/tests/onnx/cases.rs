//! The cases of a folder: a model of one operator, what goes in, and what should come out.

use crate::model::{Data, Model, Tensor};
use crate::operators::{self, Inputs};
use std::fs;
use std::path::{Path, PathBuf};

/// What became of a case.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed(Checked),
    Skipped(String),
}

/// The outputs of a case.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The largest error, as a share of what is allowed.
    pub(crate) error: f64,
    /// Those that are not checked, and why.
    pub(crate) skipped: Vec<String>,
}

/// How far a float may be off: ONNX itself allows 1e-7 and, relative, 1e-3.
const ABSOLUTE: f64 = 1e-7;
const RELATIVE: f64 = 1e-5;

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    folder: PathBuf,
    model: Model,
}

impl Case {
    /// All cases, by name.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Self>, String> {
        let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut folders: Vec<PathBuf> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(text)?;
        folders.sort();
        folders.into_iter().map(Self::new).collect()
    }

    fn new(folder: PathBuf) -> Result<Self, String> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let model = read(&folder.join("model.onnx"), Model::parse)?;
        Ok(Self { name, folder, model })
    }

    /// What it tests: a graph of other operators is named by its case.
    pub(crate) fn operator(&self) -> &str {
        match &self.model.nodes[..] {
            [node] if !self.is_expanded() => &node.operator,
            _ => "expanded",
        }
    }

    fn is_expanded(&self) -> bool {
        self.name.contains("_expanded")
    }

    /// Runs all of its data.
    pub(crate) fn run(&self) -> Result<Outcome, String> {
        if self.is_expanded() {
            return Ok(Outcome::Skipped("made of other operators".to_owned()));
        }
        let mut all = Checked::default();
        for set in 0.. {
            let folder = self.folder.join(format!("test_data_set_{set}"));
            if !folder.exists() {
                if set == 0 {
                    return Err("no data".to_owned());
                }
                break;
            }
            match self.run_set(&folder)? {
                Outcome::Passed(Checked { error, skipped }) => {
                    all.error = all.error.max(error);
                    all.skipped.extend(skipped);
                }
                skipped @ Outcome::Skipped(_) => return Ok(skipped),
            }
        }
        Ok(Outcome::Passed(all))
    }

    fn run_set(&self, folder: &Path) -> Result<Outcome, String> {
        let [node] = &self.model.nodes[..] else { return Err("not one operator".to_owned()) };
        let inputs = tensors(folder, "input", &self.model.inputs)?;
        let outputs = tensors(folder, "output", &self.model.outputs)?;
        for (name, tensor) in inputs.iter().chain(&outputs) {
            if let Data::Other(type_name) = tensor.data {
                return Ok(Outcome::Skipped(format!("{type_name}: {name}")));
            }
            if name.starts_with("past_") || name.starts_with("present_") {
                return Ok(Outcome::Skipped(format!("key-value cache: {name}")));
            }
        }
        if node.float("softcap").is_some_and(|softcap| softcap != 0.0) {
            return Ok(Outcome::Skipped("softcap".to_owned()));
        }
        let by_name =
            |name: &String| inputs.iter().find(|(own, _)| own == name).map(|(_, tensor)| tensor.clone());
        let arguments: Vec<_> = node.inputs.iter().map(by_name).collect();
        let results = operators::run(node, Inputs(&arguments))?;
        let mut checked = Checked::default();
        for (name, want) in &outputs {
            let index = node.outputs.iter().position(|own| own == name).ok_or("an output of no operator")?;
            match results.get(index).ok_or_else(|| format!("no {name}"))? {
                Some(got) => {
                    let error = error(got, want).map_err(|error| format!("{name}: {error}"))?;
                    checked.error = checked.error.max(error);
                }
                None => checked.skipped.push(format!("{name}: no output of the kernel")),
            }
        }
        if checked.skipped.len() == outputs.len() {
            return Err("no output was checked".to_owned());
        }
        Ok(Outcome::Passed(checked))
    }
}

/// The tensors of a folder, with the names that the model has for them.
fn tensors(folder: &Path, what: &str, names: &[String]) -> Result<Vec<(String, Tensor)>, String> {
    let tensor = |(i, name): (usize, &String)| {
        Ok((name.clone(), read(&folder.join(format!("{what}_{i}.pb")), Tensor::parse)?))
    };
    names.iter().enumerate().map(tensor).collect()
}

fn read<T>(file: &Path, parse: fn(&[u8]) -> Result<T, String>) -> Result<T, String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    parse(&bytes).map_err(|error| format!("{}: {error}", file.display()))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// The largest error, as a share of what is allowed. Integers must be equal.
fn error(got: &Tensor, want: &Tensor) -> Result<f64, String> {
    if got.dims != want.dims {
        return Err(format!("expected dimensions {:?}, got {:?}", want.dims, got.dims));
    }
    let (Data::F32(got), Data::F32(want)) = (&got.data, &want.data) else {
        return if got.data == want.data {
            Ok(0.0)
        } else {
            Err(format!("expected {:?}, got {:?}", want.data, got.data))
        };
    };
    if got.len() != want.len() {
        return Err(format!("expected {} values, got {}", want.len(), got.len()));
    }
    let mut largest = 0.0_f64;
    for (i, (&got, &want)) in got.iter().zip(want).enumerate() {
        if got == want || (got.is_nan() && want.is_nan()) {
            continue;
        }
        let (off, size) = (f64::from(got) - f64::from(want), f64::from(want).abs());
        let share = off.abs() / (ABSOLUTE + RELATIVE * size);
        // What is NaN or infinite on one side only is no share at all.
        if share.is_nan() || share > 1.0 {
            return Err(format!("[{i}]: expected {want}, got {got}"));
        }
        largest = largest.max(share);
    }
    Ok(largest)
}
