//! MaxSim against the peak of the core, in cache and from memory, on every instruction set; every result is
//! checked. Run it by `cargo xtask bench maxsim`.

use criterion::Criterion;
use kernels_benches::measure::{Rows, Samples, interleaved};
use kernels_benches::peak::fma_gflops;
use kernels_maxsim::{Docs, Isa, PackedQuery, maxsim_batch_into, parallel};
use kernels_testing::{Random, reference};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Duration;

const SAMPLES: usize = 20;

/// What a score may be off by, for each query token.
const BOUND: f64 = 1e-5;

/// Documents of unit vectors.
struct Corpus {
    name: &'static str,
    dim: usize,
    doc_lens: Vec<usize>,
    values: Vec<f32>,
}

impl Corpus {
    fn new(name: &'static str, dim: usize, doc_lens: Vec<usize>) -> Self {
        let values = Random::new(dim as u64).unit_rows(doc_lens.iter().sum(), dim);
        Self { name, dim, doc_lens, values }
    }

    /// Four documents, 192 kB: they stay in the second-level cache.
    fn in_cache(dim: usize) -> Self {
        let len = (192 << 10) / 4 / (4 * dim);
        Self::new("cache", dim, vec![len - 2, len, len + 1, len + 1])
    }

    /// Documents of 200 to 300 tokens, 144 MB of them.
    fn from_memory(dim: usize) -> Self {
        let n = (144 << 20) / (4 * dim * 250);
        Self::new("memory", dim, (0..n).map(|i| 200 + 37 * i % 101).collect())
    }

    fn docs(&self) -> Docs<'_> {
        Docs::new(&self.values, &self.doc_lens, self.dim).expect("lengths that add up")
    }

    fn case(&self, tokens: usize) -> Case<'_> {
        let query = Random::new(7).unit_rows(tokens, self.dim);
        let want = reference::maxsim_batch(&query, &self.values, &self.doc_lens, self.dim);
        Case { corpus: self, tokens, query, want }
    }
}

/// A query against a corpus, and the scores to expect.
struct Case<'a> {
    corpus: &'a Corpus,
    tokens: usize,
    query: Vec<f32>,
    want: Vec<f64>,
}

impl Case<'_> {
    fn name(&self) -> String {
        format!("{}x{} {}", self.tokens, self.corpus.dim, self.corpus.name)
    }

    fn flops(&self) -> f64 {
        2.0 * (self.tokens * self.corpus.values.len()) as f64
    }

    fn packed(&self, isa: Isa) -> PackedQuery {
        PackedQuery::on(isa, &self.query, self.corpus.dim).expect("an available set")
    }

    /// The largest error per query token.
    fn check(&self, scores: &[f32]) -> f64 {
        let error = reference::largest_difference(scores, &self.want) / self.tokens as f64;
        assert!(error <= BOUND, "{}: off by {error:e} per query token", self.name());
        error
    }

    fn bench(&self, criterion: &mut Criterion, rows: &mut Rows, isa: Isa) {
        let (query, docs) = (self.packed(isa), self.corpus.docs());
        let mut scores = vec![0.0; docs.len()];
        let mut samples = Samples::default();
        criterion.bench_function(&format!("{} {isa}", self.name()), |bencher| {
            bencher.iter_custom(|iterations| {
                samples.take(iterations, || {
                    maxsim_batch_into(&query, docs, black_box(&mut scores)).expect("valid")
                })
            });
        });
        if samples.is_empty() {
            return; // filtered out on the command line
        }
        rows.saw_peak(samples.peak());
        let ns = samples.ns(SAMPLES);
        let mut row = rows.row("maxsim", &self.name(), isa, ns);
        row.ns_per_element = Some(ns / self.corpus.values.len() as f64);
        row.gflops = Some(self.flops() / ns);
        row.limit = Some("fma".to_owned());
        row.limit_fraction = Some(self.flops() / ns / samples.peak());
        row.max_error = Some(self.check(&scores));
        rows.push(row);
    }

    /// How the kernel scales from one thread to two, as a fraction of how the peak loop does.
    fn bench_threads(&self, rows: &mut Rows, isa: Isa) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
        let (query, docs) = (self.packed(isa), self.corpus.docs());
        let (mut one, mut two) = (vec![0.0; docs.len()], vec![0.0; docs.len()]);
        let peak = |_| assert!(fma_gflops(isa).is_ok());
        // On a thread of the pool: woken from outside, both may begin on the same core.
        let [kernel_1, kernel_2, loop_1, loop_2] = pool.install(|| {
            interleaved(
                25,
                [
                    &mut || maxsim_batch_into(&query, docs, black_box(&mut one)).expect("valid"),
                    &mut || parallel::maxsim_batch_into(&query, docs, black_box(&mut two)).expect("valid"),
                    &mut || (0..100).for_each(peak),
                    &mut || (0..100).into_par_iter().with_max_len(1).for_each(peak),
                ],
            )
        });
        assert_eq!(one, two, "threads change no bit");
        let mut row = rows.row("maxsim", "threads", isa, kernel_2);
        row.gflops = Some(self.flops() / kernel_2);
        row.limit = Some("loop".to_owned());
        row.limit_fraction = Some((kernel_1 / kernel_2) / (loop_1 / loop_2));
        row.max_error = Some(self.check(&two));
        rows.push(row);
    }
}

fn main() -> anyhow::Result<()> {
    let mut criterion = Criterion::default()
        .sample_size(SAMPLES)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .without_plots()
        .configure_from_args();
    let mut rows = Rows::new();

    let headline = Corpus::new("headline", 128, vec![2000; 100]);
    let headline = headline.case(32);
    for isa in Isa::available() {
        headline.bench(&mut criterion, &mut rows, isa);
    }
    headline.bench_threads(&mut rows, Isa::detect());

    let one = Corpus::new("one token", 48, vec![1]);
    for isa in Isa::available() {
        one.case(1).bench(&mut criterion, &mut rows, isa);
    }
    for corpus in [Corpus::in_cache, Corpus::from_memory] {
        for dim in [48, 96, 128, 768] {
            let corpus = corpus(dim);
            for tokens in [32, 13] {
                let case = corpus.case(tokens);
                for isa in Isa::available() {
                    case.bench(&mut criterion, &mut rows, isa);
                }
            }
        }
    }
    criterion.final_summary();
    rows.push_peak(Isa::detect());
    rows.write()
}
