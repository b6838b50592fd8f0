//! Runs all-MiniLM-L6-v2 on real questions by `kernels-nn` and `kernels-pool`, and compares its embeddings with those that
//! are known.

use anyhow::{Result, ensure};
use clap::Parser;
use kernels_benches::exit_code;
use kernels_benches::measure::median;
use kernels_benches::minilm::{Format, Model, Questions};
use kernels_benches::peak::fma_gflops;
use simd_core::Isa;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Times a batch is run to time it. The median is shown.
const RUNS: usize = 15;
/// What the model may take for its working memory.
const SCRATCH: usize = 25_000_000;

/// What the cosine of each embedding must be at least: `f32` adds up in another order, the others round the weights.
const fn alike(format: Format) -> f64 {
    match format {
        Format::F32 | Format::F16 => 0.9999,
        Format::Int8(_) => 0.995,
        Format::Int4 => 0.9,
    }
}

/// Runs all-MiniLM-L6-v2 on 20 questions and compares its embeddings with those that are known
#[derive(Parser)]
struct Arguments {
    /// The model's `model.safetensors`
    model: PathBuf,
    /// Other questions
    #[arg(long, value_name = "FILE", default_value_os = Questions::default_file().as_os_str())]
    questions: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run)
}

fn run() -> Result<()> {
    let Arguments { model, questions } = Arguments::parse();
    let questions = Questions::load(&questions)?;
    let mut models = Vec::new();
    for format in Format::ALL {
        models.push((format, Model::load(&model, format, SCRATCH)?));
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "all-MiniLM-L6-v2, six encoder layers of 384, on {} ({} questions)\n",
        Isa::active()?,
        questions.len()
    )?;
    writeln!(out, "cosine to the known embedding, by what the weights of the linear layers are held in")?;
    write!(out, "question  tokens")?;
    for (format, _) in &models {
        write!(out, "{:>14}", format.to_string())?;
    }
    writeln!(out)?;
    let mut lowest = vec![f64::INFINITY; models.len()];
    for text in 0..questions.len() {
        let (ids, offsets) = questions.tokens(text..text + 1);
        write!(out, "{:>8}{:>8}", text + 1, ids.len())?;
        for ((_, model), lowest) in models.iter_mut().zip(&mut lowest) {
            let mut embedding = vec![0.0; questions.embedding(text).len()];
            model.embed(ids, &offsets, &mut embedding)?;
            let cosine = cosine(&embedding, questions.embedding(text));
            write!(out, "{cosine:>14.8}")?;
            *lowest = lowest.min(cosine);
        }
        writeln!(out)?;
    }

    writeln!(out, "\nweights         MB  lowest cosine   batch  embeddings/s  share of the f32 FMA peak")?;
    for ((format, model), lowest) in models.iter_mut().zip(&lowest) {
        for batch in [1, 8] {
            if batch == 1 {
                let megabytes = model.bytes() as f64 / 1e6;
                write!(out, "{:<14}{megabytes:>4.1}{lowest:>15.8}", format.to_string())?;
            } else {
                write!(out, "{:33}", "")?;
            }
            show_speed(&mut out, model, &questions, batch)?;
        }
    }
    let most = models.iter().map(|(_, model)| model.scratch().high_water).max().unwrap_or_default();
    writeln!(
        out,
        "\nscratch: {:.2} MB used at most, of {:.0} MB allowed",
        most as f64 / 1e6,
        SCRATCH as f64 / 1e6
    )?;
    for ((format, _), lowest) in models.iter().zip(lowest) {
        let least = alike(*format);
        ensure!(lowest >= least, "{format}: expected a cosine of {least} for each question, got {lowest}");
    }
    Ok(())
}

/// All questions, so many at a time.
fn show_speed(out: &mut impl Write, model: &mut Model, questions: &Questions, batch: usize) -> Result<()> {
    let batches: Vec<_> =
        (0..questions.len()).step_by(batch).map(|first| first..questions.len().min(first + batch)).collect();
    let mut embeddings = vec![0.0; batch * questions.embedding(0).len()];
    let (mut seconds, mut peaks) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        peaks.push(fma_gflops(Isa::active()?)?);
        let start = Instant::now();
        for texts in &batches {
            let (ids, offsets) = questions.tokens(texts.clone());
            model.embed(ids, &offsets, &mut embeddings[..texts.len() * questions.embedding(0).len()])?;
        }
        seconds.push(start.elapsed().as_secs_f64());
    }
    let (seconds, peak) = (median(&seconds), median(&peaks));
    let lens = (0..questions.len()).map(|text| questions.tokens(text..text + 1).0.len());
    let gflops = lens.map(Model::multiply_adds).sum::<usize>() as f64 * 2e-9 / seconds;
    writeln!(out, "{batch:>8}{:>14.0}{:>25.1} %", questions.len() as f64 / seconds, 100.0 * gflops / peak)?;
    Ok(())
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
