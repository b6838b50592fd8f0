//! Ranks passages of The Rust Programming Language for questions about it, and prints them for a person.

use anyhow::Result;
use clap::Parser;
use kernels_benches::exit_code;
use kernels_benches::rust_book::{
    Hit, PooledRanker, Question, Ranker, RustBook, Stored, Tally, WordMatch, excerpt, words,
};
use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Passages shown of each question.
const SHOWN: usize = 3;
/// Matches shown of each passage, and how similar they must be.
const MATCHES: usize = 4;
const SIMILAR: f32 = 0.65;
/// Columns of an excerpt, which is as many lines long, and before it.
const COLUMNS: usize = 86;
const LINES: usize = 2;
const INDENT: &str = "         ";
/// A question is ranked so often to time it. The median is shown.
const RUNS: usize = 31;

/// Ranks passages of The Rust Programming Language for questions about it
#[derive(Parser)]
struct Arguments {
    /// The number of a question, or how a word in it begins; all of them if left out
    question: Vec<String>,
    /// The passages and questions of another directory
    #[arg(long, value_name = "DIR", default_value_os = RustBook::default_dir().as_os_str())]
    data: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run)
}

fn run() -> Result<()> {
    let Arguments { question, data } = Arguments::parse();
    let book = RustBook::load(&data)?;
    let questions = match question.join(" ") {
        none if none.is_empty() => book.questions().iter().collect(),
        asked => book.select(&asked)?,
    };
    let mut ranker = Ranker::new(&book)?;
    let stdout = io::stdout();
    let style = Style::of(&stdout);
    let mut out = BufWriter::new(stdout.lock());

    writeln!(
        out,
        "{} passages of The Rust Programming Language: {} tokens, an embedding of {} values each.\n\
         Each question ranks all of them by MaxSim: for each of its tokens the similarity of the most\n\
         similar token of the passage, added up. {} marks a passage of the chapter that answers it.",
        book.passages().len(),
        book.tokens(),
        book.dim(),
        style.right("*"),
    )?;
    let (mut tally, mut times) = (Tally::default(), Vec::new());
    for &question in &questions {
        let hits = ranker.rank(question, SHOWN)?;
        tally.add(question, hits.iter().map(|hit| hit.passage));
        show_question(&mut out, style, &book, question)?;
        for (i, hit) in hits.iter().enumerate() {
            show_hit(&mut out, style, &book, question, i + 1, hit)?;
        }
        let time = median_time(|| Ok(ranker.rank(question, SHOWN)?))?;
        times.push(time);
        writeln!(out, "     {}", style.dim(&format!("ranked in {}", speed(time, &book, &ranker))))?;
        out.flush()?;
    }
    writeln!(out)?;
    if questions.len() > 1 {
        let time = median(&mut times);
        writeln!(out, "Median time of a question: {}\n", speed(time, &book, &ranker))?;
        show_savings(&mut out, &book, &questions, time, &tally)?;
    }
    writeln!(out, "{tally}")?;
    out.flush()?;
    Ok(())
}

fn show_question(out: &mut impl Write, style: Style, book: &RustBook, question: &Question) -> Result<()> {
    writeln!(out, "\n{:>2}. {}", question.number, style.bold(&question.text))?;
    if let Some(right) = book.right_passage(question) {
        writeln!(out, "    {}", style.dim(&format!("answered by {}: {}", right.chapter(), right.title)))?;
    }
    Ok(())
}

fn show_hit(
    out: &mut impl Write,
    style: Style,
    book: &RustBook,
    question: &Question,
    place: usize,
    hit: &Hit<'_>,
) -> Result<()> {
    let Hit { passage, score } = hit;
    let mark = if question.is_answered_by(passage) { style.right("*") } else { " ".into() };
    writeln!(
        out,
        "\n   {mark} {place}. {score:6.3}  {} ({})",
        style.bold(&passage.title),
        passage.chapter()
    )?;

    let mut matches = book.matches(question, passage)?;
    matches.retain(|found| found.similarity >= SIMILAR);
    matches.truncate(MATCHES);
    show_excerpt(out, style, &passage.text, &matches)?;
    let pair = |found: &WordMatch<'_>| format!("{} -> {}", found.question_word, found.passage_word);
    let pairs: Vec<_> = matches.iter().map(pair).collect();
    writeln!(out, "{INDENT}{}", pairs.join(", "))?;
    Ok(())
}

fn show_excerpt(out: &mut impl Write, style: Style, text: &str, matches: &[WordMatch<'_>]) -> Result<()> {
    let part = excerpt(text, matches, LINES * COLUMNS - COLUMNS / 8);
    let mut column = 0;
    write!(out, "{INDENT}")?;
    for word in words(text).filter(|word| part.start <= word.start && word.end <= part.end) {
        let before = if word.start == part.start && part.start > 0 { "… " } else { "" };
        let after = if word.end == part.end && part.end < text.trim_end().len() { " …" } else { "" };
        let width = format!("{before}{}{after}", &text[word.clone()]).chars().count();
        if column + 1 + width > COLUMNS {
            write!(out, "\n{INDENT}")?;
            column = 0;
        }
        let gap = if column > 0 { " " } else { "" };
        column += gap.len() + width;
        write!(out, "{gap}{before}{}{after}", style.matched(text, word, matches))?;
    }
    writeln!(out)?;
    Ok(())
}

/// What MaxSim takes and finds, beside passages of one vector each.
fn show_savings(
    out: &mut impl Write,
    book: &RustBook,
    questions: &[&Question],
    time: Duration,
    tally: &Tally,
) -> Result<()> {
    writeln!(
        out,
        "What a passage takes, and what it costs to take less. A pooled one is the mean of its tokens, of\n\
         length 1; a question is pooled as they are, which counts in its time.\n\n  \
         {:30}{:>15}{:>17}{:>8}{:>8}",
        "", "bytes/passage", "time/question", "top-1", "top-3"
    )?;
    let mut row = |name: &str, bytes: usize, time: Duration, tally: &Tally| {
        let Tally { questions, top_1, top_3 } = tally;
        let [top_1, top_3] = [top_1, top_3].map(|count| format!("{count}/{questions}"));
        let us = time.as_secs_f64() * 1e6;
        writeln!(out, "  {name:30}{bytes:>15}{us:>14.1} us{top_1:>8}{top_3:>8}")
    };
    let values = book.tokens() * book.dim() / book.passages().len();
    row("MaxSim: all tokens, f32", size_of::<f32>() * values, time, tally)?;
    let ranker = PooledRanker::new(book)?;
    for stored in Stored::ALL {
        let (mut tally, mut times) = (Tally::default(), Vec::new());
        for question in questions {
            tally.add(question, ranker.rank(stored, question, SHOWN)?);
            times.push(median_time(|| Ok(ranker.rank(stored, question, SHOWN)?))?);
        }
        row(&format!("pooled, {stored}"), stored.bytes(book.dim()), median(&mut times), &tally)?;
    }
    writeln!(out)?;
    Ok(())
}

/// How long something takes.
fn median_time<T>(mut work: impl FnMut() -> Result<T>) -> Result<Duration> {
    let mut times = [Duration::ZERO; RUNS];
    for time in &mut times {
        let start = Instant::now();
        std::hint::black_box(work()?);
        *time = start.elapsed();
    }
    Ok(median(&mut times))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn speed(time: Duration, book: &RustBook, ranker: &Ranker<'_>) -> String {
    // A clock may be too coarse to see it.
    let seconds = time.as_secs_f64().max(1e-9);
    let thousands = book.passages().len() as f64 / seconds / 1e3;
    format!("{:.3} ms, {thousands:.0} thousand documents/s ({})", seconds * 1e3, ranker.isa())
}

/// Colours, where the output is for a person.
#[derive(Clone, Copy)]
struct Style {
    colours: bool,
}

impl Style {
    fn of(stdout: &io::Stdout) -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colours: stdout.is_terminal() && !refused }
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn right(self, text: &str) -> String {
        self.with("1;32", text)
    }

    /// A word of a text, with what matched in it.
    fn matched(self, text: &str, word: Range<usize>, matches: &[WordMatch<'_>]) -> String {
        match matches.iter().find(|found| word.start <= found.at.start && found.at.end <= word.end) {
            Some(WordMatch { at, .. }) => {
                let (before, after) = (&text[word.start..at.start], &text[at.end..word.end]);
                format!("{before}{}{after}", self.with("33", &text[at.clone()]))
            }
            None => text[word].into(),
        }
    }
}
