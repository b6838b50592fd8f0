//! Pooling, normalising, quantising, comparing and projecting, against what the machine needs at least: to read or to
//! copy the same memory, or to multiply and add as often. One thread; every result is checked. Run it by
//! `cargo xtask bench pool`.

use anyhow::Result;
use half::f16;
use kernels_benches::measure::{Peaks, Rows, Work, calls, largest_error, side_by_side};
use kernels_benches::peak::Read;
use kernels_benches::pool_input::{DIM, Texts, query_and_rows};
use kernels_pool::{
    self as ours, BinaryQuery, Error, Isa, Pooler, Pooling, Projection, Ranges, Tokens, Value,
};
use kernels_testing::{Random, reference::pool as reference};
use simd_core::dispatch_on;
use std::hint::black_box;

/// What results of about the size of 1 may be off by.
const BOUND: f64 = 1e-5;

fn read<'a>(slices: &'a [&'a [f32]]) -> Work<'a> {
    calls(move || _ = black_box(dispatch_on(Isa::detect(), Read(black_box(slices))).expect("it is there")))
}

/// Kernels that work on the same, to be measured side by side with what limits them.
struct Group<'a> {
    limit: &'static str,
    /// That of the limit, and of each way.
    work: Vec<Work<'a>>,
    ways: Vec<Way>,
}

struct Way {
    kernel: &'static str,
    case: String,
    isa: Isa,
    /// How many values it takes.
    values: usize,
    max_error: f64,
}

impl<'a> Group<'a> {
    fn new(limit: &'static str, work: Work<'a>) -> Self {
        Self { limit, work: vec![work], ways: Vec::new() }
    }

    /// Adds a kernel on each instruction set: `run` fills an output, and `check` says how far that is off.
    fn add<T: Copy + Default + 'a>(
        &mut self,
        (kernel, case): (&'static str, &str),
        (values, outputs): (usize, usize),
        run: impl Fn(Isa, &mut [T]) -> Result<(), Error> + Copy + 'a,
        check: impl Fn(&[T]) -> f64,
    ) {
        for isa in Isa::available() {
            let mut out = vec![T::default(); outputs];
            run(isa, &mut out).expect("valid");
            let max_error = check(&out);
            assert!(max_error <= BOUND, "{kernel} {case} on {isa} is off by {max_error:e}");
            self.work.push(calls(move || run(isa, black_box(&mut out)).expect("valid")));
            self.ways.push(Way { kernel, case: case.to_owned(), isa, values, max_error });
        }
    }

    /// A row for each kernel and set, and the fraction of its time that a call takes at the limit: `limit_ns` of the
    /// time that the limit's work took.
    fn measure(mut self, rows: &mut Rows, limit_ns: impl Fn(f64) -> f64) {
        let ns = side_by_side(&mut self.work);
        for (way, &ns_of_way) in self.ways.iter().zip(&ns[1..]) {
            let mut row = rows.row(way.kernel, &way.case, way.isa, ns_of_way);
            row.ns_per_element = Some(ns_of_way / way.values as f64);
            row.limit = Some(self.limit.to_owned());
            row.limit_fraction = Some(limit_ns(ns[0]) / ns_of_way);
            row.max_error = Some(way.max_error);
            rows.push(row);
        }
    }
}

/// What counts of each text.
fn active_values(texts: &Texts<f32>) -> Vec<&[f32]> {
    let lens = texts.x.chunks_exact(texts.seq * DIM).zip(&texts.lens);
    lens.map(|(text, len)| &text[..len * DIM]).collect()
}

fn as_f16(texts: &Texts<f32>) -> Texts<f16> {
    let x = ours::quantize_f16(&texts.x).expect("valid");
    Texts { x, mask: texts.mask.clone(), lens: texts.lens.clone(), seq: texts.seq }
}

/// Adds a pooling as a user calls it, the check of the mask included.
fn add_pooling<'a, T: Value + Into<f64>>(
    group: &mut Group<'a>,
    texts: &'a Texts<T>,
    name: (&'static str, &str),
    pooling: Pooling,
    normalize: bool,
) {
    let (batch, seq) = (texts.lens.len(), texts.seq);
    let active: Vec<_> = texts.mask.iter().map(|&mask| mask == 1).collect();
    let pooled = reference::pool(pooling.name(), &texts.x, &active, batch, seq, DIM);
    let want = if normalize { reference::l2_normalize(&pooled, DIM) } else { pooled };
    let run = move |isa, out: &mut [f32]| {
        let tokens = Tokens::masked(black_box(&texts.x), black_box(&texts.mask), batch, seq, DIM)?;
        let pooler = Pooler::new(pooling).on(isa);
        let pooler = if normalize { pooler.normalized() } else { pooler };
        pooler.pool_into(tokens, out).map(drop)
    };
    let values = texts.lens.iter().sum::<usize>() * DIM;
    group.add(name, (values, batch * DIM), run, |got| largest_error(got, &want));
}

fn pooling(rows: &mut Rows) {
    let texts = Texts::batch();
    let active = active_values(&texts);
    let mut group = Group::new("read", read(&active));
    add_pooling(&mut group, &texts, ("mean_pool", "32x128x384 L2"), Pooling::Mean, true);
    add_pooling(&mut group, &texts, ("mean_pool", "32x128x384"), Pooling::Mean, false);
    add_pooling(&mut group, &texts, ("max_pool", "32x128x384"), Pooling::Max, false);
    add_pooling(&mut group, &texts, ("weighted_mean_pool", "32x128x384"), Pooling::WeightedMean, false);
    group.measure(rows, |ns| ns);

    let halves = as_f16(&texts);
    // As many bytes: half as many values.
    let active: Vec<_> = active.iter().map(|values| &values[..values.len() / 2]).collect();
    let mut group = Group::new("read", read(&active));
    add_pooling(&mut group, &halves, ("mean_pool", "32x128x384 f16 L2"), Pooling::Mean, true);
    group.measure(rows, |ns| ns);

    let one = Texts::new(vec![10], 16);
    let active = active_values(&one);
    let mut group = Group::new("read", read(&active));
    add_pooling(&mut group, &one, ("mean_pool", "1x16x384 L2"), Pooling::Mean, true);
    group.measure(rows, |ns| ns);
}

fn vectors(rows: &mut Rows) {
    let n = 1000;
    let x = &Random::new(4).uniform(n * DIM);
    let mut copy = x.clone();
    let memcpy = calls(move || black_box(&mut copy).copy_from_slice(black_box(x)));
    let mut group = Group::new("memcpy", memcpy);
    let want = reference::l2_normalize(x, DIM);
    let run = |isa, out: &mut [f32]| ours::l2_normalize_into_on(isa, black_box(x), DIM, out);
    group.add(("l2_normalize", "1000x384"), (x.len(), x.len()), run, |got| largest_error(got, &want));
    group.measure(rows, |ns| ns);

    let (all, ranges) = ([&x[..]], Ranges::from_sample(x, DIM).expect("valid"));
    let mut group = Group::new("read", read(&all));
    let want = reference::quantize_int8(x, DIM, &reference::ranges(x, DIM));
    let run = |isa, out: &mut [i8]| ours::quantize_int8_into_on(isa, black_box(x), DIM, &ranges, out);
    group.add(("quantize_int8", "1000x384"), (x.len(), x.len()), run, |got| largest_error(got, &want));
    let want = reference::quantize_ubinary(x, DIM);
    let run = |isa, out: &mut [u8]| ours::quantize_ubinary_into_on(isa, black_box(x), DIM, out);
    group.add(("quantize_ubinary", "1000x384"), (x.len(), x.len() / 8), run, |got| largest_error(got, &want));
    let want: Vec<_> = x.iter().map(|&x| reference::round_to_f16(x)).collect();
    let run = |isa, out: &mut [f16]| ours::quantize_f16_into_on(isa, black_box(x), out);
    group.add(("quantize_f16", "1000x384"), (x.len(), x.len()), run, |got| largest_error(got, &want));
    group.measure(rows, |ns| ns);
}

/// One query with 10,000 vectors, of numbers, of bytes and of bits.
fn comparison(rows: &mut Rows) {
    let case = "1x10,000x384";
    let (query, x) = &query_and_rows();
    let (query, x, n) = (&query[..], &x[..], x.len() / DIM);
    let all = [x];
    let mut group = Group::new("read", read(&all));
    let want = reference::dot(query, x);
    let run = |isa, out: &mut [f32]| ours::dot_into_on(isa, black_box(query), x, out);
    group.add(("dot", case), (x.len(), n), run, |got| largest_error(got, &want));
    let want = reference::cosine(query, x);
    let run = |isa, out: &mut [f32]| ours::cosine_into_on(isa, black_box(query), x, out);
    group.add(("cosine", case), (x.len(), n), run, |got| largest_error(got, &want));
    let want = reference::l2_squared(query, x);
    let run = |isa, out: &mut [f32]| ours::l2_squared_into_on(isa, black_box(query), x, out);
    group.add(("l2_squared", case), (x.len(), n), run, |got| largest_error(got, &want));
    group.measure(rows, |ns| ns);

    let ranges = Ranges::from_sample(x, DIM).expect("valid");
    let [query_codes, codes] = [query, x].map(|x| ours::quantize_int8(x, DIM, &ranges).expect("valid"));
    let all = [&x[..x.len() / 4]];
    let mut group = Group::new("read", read(&all));
    let want: Vec<_> = reference::dot_int8(&query_codes, &codes).into_iter().map(|dot| dot as f64).collect();
    let run = |isa, out: &mut [i32]| ours::dot_int8_into_on(isa, black_box(&query_codes), &codes, out);
    group.add(("dot_int8", case), (x.len(), n), run, |got| largest_error(got, &want));
    group.measure(rows, |ns| ns);

    let [query_bits, bits] = [query, x].map(|x| ours::quantize_ubinary(x, DIM).expect("valid"));
    let prepared = BinaryQuery::new(query).expect("valid");
    let all = [&x[..x.len() / 32]];
    let mut group = Group::new("read", read(&all));
    let want = reference::hamming(&query_bits, &bits);
    let run = |isa, out: &mut [u32]| ours::hamming_into_on(isa, black_box(&query_bits), &bits, out);
    group.add(("hamming", case), (x.len(), n), run, |got| largest_error(got, &want));
    let want = reference::dot_binary(query, &bits);
    let run = |isa, out: &mut [f32]| ours::dot_binary_into_on(isa, black_box(&prepared), &bits, out);
    group.add(("dot_binary", case), (x.len(), n), run, |got| largest_error(got, &want));
    group.measure(rows, |ns| ns);
}

fn projection(rows: &mut Rows) {
    let (n, k) = (1000, 128);
    let x = &Random::new(7).unit_rows(n, DIM)[..];
    let projection = Projection::random(DIM, k, 8).expect("valid");
    let sets: Vec<_> = Isa::available().map(|isa| (isa, projection.clone().on(isa))).collect();
    let flops = (2 * n * DIM * k) as f64;
    let peaks = Peaks::default();
    let mut group = Group::new("fma", peaks.rounds());
    let want = reference::project(x, projection.weights(), None, DIM);
    let run = |isa, out: &mut [f32]| {
        let (_, projection) = sets.iter().find(|(other, _)| *other == isa).expect("all are there");
        projection.project_into(black_box(x), out)
    };
    group.add(("project", "1000x384->128"), (x.len(), n * k), run, |got| largest_error(got, &want));
    group.measure(rows, |_| flops / peaks.gflops());
}

fn main() -> Result<()> {
    let mut rows = Rows::new();
    pooling(&mut rows);
    vectors(&mut rows);
    comparison(&mut rows);
    projection(&mut rows);
    rows.write()
}
