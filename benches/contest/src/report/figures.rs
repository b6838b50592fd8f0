//! What is right, how fast it is, and what the machine allows: what all reports show.

use crate::record::{Case, Entry, Record, Spread, Times};

/// The operations of a kernel, in the order of the record.
#[derive(Debug)]
pub(crate) struct Kernel<'a> {
    pub(crate) name: &'a str,
    pub(crate) operations: Vec<Operation<'a>>,
}

/// The cases of an operation, in the order of the record.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) name: &'a str,
    pub(crate) cases: Vec<&'a Case>,
}

/// Cases that differ in size alone, from the smallest on.
#[derive(Debug)]
pub(crate) struct Series<'a> {
    /// What grows.
    pub(crate) of: &'a str,
    /// The sizes and the cases.
    pub(crate) cases: Vec<(f64, &'a Case)>,
}

/// How a contestant did in a case.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) case: &'a Case,
    pub(crate) entry: &'a Entry,
    pub(crate) language: &'a str,
    pub(crate) ours: bool,
    /// Whether it is the first of ours, which the others are compared with.
    pub(crate) reference: bool,
    /// None if it is wrong.
    pub(crate) times: Option<&'a Times>,
}

/// What a call takes at least, by either limit.
#[derive(Debug)]
pub(crate) struct Roof {
    pub(crate) compute: Option<Part>,
    pub(crate) memory: Part,
}

/// So much, at so many billions a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) amount: f64,
    pub(crate) rate: f64,
}

impl Part {
    pub(crate) fn ns(self) -> f64 {
        self.amount / self.rate
    }
}

impl Roof {
    pub(crate) fn compute_ns(&self) -> f64 {
        self.compute.map_or(0.0, Part::ns)
    }

    /// The least time of a call.
    pub(crate) fn ns(&self) -> f64 {
        self.compute_ns().max(self.memory.ns())
    }
}

/// Groups the cases.
pub(crate) fn kernels(record: &Record) -> Vec<Kernel<'_>> {
    let mut kernels: Vec<Kernel<'_>> = Vec::new();
    for case in &record.cases {
        let at = kernels.iter().position(|kernel| kernel.name == case.kernel).unwrap_or_else(|| {
            kernels.push(Kernel { name: &case.kernel, operations: Vec::new() });
            kernels.len() - 1
        });
        let operations = &mut kernels[at].operations;
        match operations.iter_mut().find(|operation| operation.name == case.operation) {
            Some(operation) => operation.cases.push(case),
            None => operations.push(Operation { name: &case.operation, cases: vec![case] }),
        }
    }
    kernels
}

impl<'a> Operation<'a> {
    /// The case that moves the most bytes.
    pub(crate) fn largest(&self) -> &'a Case {
        let size = |case: &Case| (case.bytes, case.flops.unwrap_or(0.0));
        let larger = |a: &'a Case, b: &'a Case| {
            let ((bytes, flops), (least, fewest)) = (size(b), size(a));
            if bytes.total_cmp(&least).then(flops.total_cmp(&fewest)).is_gt() { b } else { a }
        };
        self.cases[1..].iter().copied().fold(self.cases[0], larger)
    }

    /// What grows, where there are two sizes at least.
    pub(crate) fn series(&self) -> Vec<Series<'a>> {
        let mut all: Vec<Series<'a>> = Vec::new();
        for &case in &self.cases {
            let Some(growth) = case.growth.as_ref().filter(|growth| positive(growth.size)) else { continue };
            match all.iter_mut().find(|series| series.of == growth.of) {
                Some(series) => series.cases.push((growth.size, case)),
                None => all.push(Series { of: &growth.of, cases: vec![(growth.size, case)] }),
            }
        }
        for series in &mut all {
            series.cases.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        all.retain(|series| series.cases[0].0 < series.cases[series.cases.len() - 1].0);
        all
    }
}

/// Everyone's row, in the order of the case.
pub(crate) fn rows<'a>(record: &'a Record, case: &'a Case) -> Vec<Row<'a>> {
    let reference = case.reference(record);
    let row = |entry: &'a Entry| {
        let who = record.contestants.iter().find(|contestant| contestant.name == entry.contestant);
        Row {
            case,
            entry,
            language: who.map_or("", |who| &who.language),
            ours: who.is_some_and(|who| who.ours),
            reference: reference.is_some_and(|reference| std::ptr::eq(reference, entry)),
            times: times(case, entry),
        }
    };
    case.entries.iter().map(row).collect()
}

/// What a call took, if its result is right.
pub(crate) fn times<'a>(case: &Case, entry: &'a Entry) -> Option<&'a Times> {
    let right = entry.error.is_some_and(|error| error <= case.bound);
    let whole = |spread: &Spread| [spread.low, spread.median, spread.high].into_iter().all(positive);
    entry.times.as_ref().filter(|times| right && whole(&times.wall) && whole(&times.ratio))
}

/// Whether it is above zero, and of a size that what is measured can have.
fn positive(x: f64) -> bool {
    (1e-30..1e30).contains(&x)
}

impl Row<'_> {
    /// Items a second.
    pub(crate) fn rate(&self) -> Option<Spread> {
        let rate = |ns: f64| 1e9 * self.case.items.count / ns;
        let Spread { low, median, high } = self.times?.wall;
        [low, median, high].map(rate).into_iter().all(positive).then(|| Spread {
            low: rate(high),
            median: rate(median),
            high: rate(low),
        })
    }

    /// What the machine, or the engine, allows; none if that was not measured.
    pub(crate) fn roof(&self) -> Option<Roof> {
        let Case { limits, flops, bytes, .. } = self.case;
        let of =
            |what: &'static str| limits.iter().filter(move |limit| limit.of == what && positive(limit.rate));
        let compute = || match self.language {
            "javascript" => {
                let engine = || of("flops").filter(|limit| limit.name.starts_with("wasm"));
                let own = engine().find(|limit| self.entry.contestant.contains(&limit.name));
                own.or_else(|| engine().max_by(|a, b| a.rate.total_cmp(&b.rate)))
            }
            _ => of("flops").find(|limit| limit.name == "fma"),
        };
        let part = |amount: f64, rate: f64| Part { amount, rate };
        let compute = match flops {
            Some(flops) => Some(part(*flops, compute()?.rate)),
            None => None,
        };
        let memory = part(*bytes, of("bytes").find(|limit| limit.name == "read")?.rate);
        let roof = Roof { compute, memory };
        positive(roof.ns()).then_some(roof)
    }

    /// The part of the limit that it reaches.
    pub(crate) fn share(&self) -> Option<f64> {
        Some(self.roof()?.ns() / self.times?.wall.median)
    }

    /// What it says of its failure, if it computed nothing that could be wrong.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.entry.note.as_deref().filter(|note| note.starts_with("failed: "))
    }

    /// In words, why there is no time.
    pub(crate) fn why_wrong(&self) -> String {
        if let Some(failed) = self.failure() {
            return failed.to_owned();
        }
        let bound = super::number::error(self.case.bound);
        let why = match self.entry.error {
            Some(error) if error <= self.case.bound => "no time was measured".to_owned(),
            Some(error) if error.is_finite() => {
                format!("wrong: off by {}, {bound} is allowed", super::number::error(error))
            }
            _ => "wrong: no finite result".to_owned(),
        };
        match &self.entry.note {
            Some(note) => format!("{why} ({note})"),
            None => why,
        }
    }
}

/// A language as people write it.
pub(crate) fn language(name: &str) -> &str {
    match name {
        "rust" => "Rust",
        "python" => "Python",
        "javascript" => "JavaScript",
        other => other,
    }
}
