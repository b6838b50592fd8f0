//! Pooling, normalising, quantising, comparing and projecting, against what the machine needs at least: to read or to
//! copy the same memory, or to multiply and add as often. One thread; every result is checked. Run it by
//! `cargo xtask bench pool`.

use anyhow::Result;
use half::f16;
use kernels_benches::measure::{Rows, Work, calls, side_by_side};
use kernels_benches::peak::fma_gflops;
use kernels_pool::{
    self as ours, BinaryQuery, Error, Isa, Pooler, Pooling, Projection, Ranges, Tokens, Value,
};
use kernels_testing::{Random, reference::pool as reference};
use simd_core::{Kernel, Simd, dispatch_on, reduce};
use std::cell::Cell;
use std::hint::black_box;

/// The dimension of most models of sentences.
const DIM: usize = 384;

/// What results of about the size of 1 may be off by.
const BOUND: f64 = 1e-5;

/// Adds up some slices: as fast as memory can be read.
struct Read<'a>(&'a [&'a [f32]]);

impl Kernel for Read<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f32 {
        simd.vectorize(
            #[inline(always)]
            || {
                let mut sum = 0.0;
                for values in self.0 {
                    sum += reduce::sum(simd, values);
                }
                sum
            },
        )
    }
}

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

/// The largest difference between results and what they should be.
fn error<T: Copy + Into<f64>, U: Copy + Into<f64>>(got: &[T], want: &[U]) -> f64 {
    assert_eq!(got.len(), want.len());
    let differences = got.iter().zip(want).map(|(&got, &want)| (got.into() - want.into()).abs());
    differences.fold(0.0, |largest, x| if x <= largest { largest } else { x })
}

/// Padded texts, of which about 60 % is tokens.
struct Texts<T> {
    x: Vec<T>,
    mask: Vec<i64>,
    lens: Vec<usize>,
    seq: usize,
}

impl Texts<f32> {
    fn new(lens: Vec<usize>, seq: usize) -> Self {
        let mask = lens.iter().flat_map(|&len| (0..seq).map(move |token| i64::from(token < len))).collect();
        Self { x: Random::new(3).uniform(lens.len() * seq * DIM), mask, lens, seq }
    }

    /// What counts of each text.
    fn active(&self) -> Vec<&[f32]> {
        let texts = self.x.chunks_exact(self.seq * DIM).zip(&self.lens);
        texts.map(|(text, len)| &text[..len * DIM]).collect()
    }

    fn as_f16(&self) -> Texts<f16> {
        let x = ours::quantize_f16(&self.x).expect("valid");
        Texts { x, mask: self.mask.clone(), lens: self.lens.clone(), seq: self.seq }
    }
}

impl<T: Value + Into<f64>> Texts<T> {
    /// Adds a pooling as a user calls it, the check of the mask included.
    fn add<'a>(
        &'a self,
        group: &mut Group<'a>,
        name: (&'static str, &str),
        pooling: Pooling,
        normalize: bool,
    ) {
        let (batch, seq) = (self.lens.len(), self.seq);
        let active: Vec<_> = self.mask.iter().map(|&mask| mask == 1).collect();
        let pooled = reference::pool(pooling.name(), &self.x, &active, batch, seq, DIM);
        let want = if normalize { reference::l2_normalize(&pooled, DIM) } else { pooled };
        let run = move |isa, out: &mut [f32]| {
            let tokens = Tokens::masked(black_box(&self.x), black_box(&self.mask), batch, seq, DIM)?;
            let pooler = Pooler::new(pooling).on(isa);
            let pooler = if normalize { pooler.normalized() } else { pooler };
            pooler.pool_into(tokens, out).map(drop)
        };
        let values = self.lens.iter().sum::<usize>() * DIM;
        group.add(name, (values, batch * DIM), run, |got| error(got, &want));
    }
}

fn pooling(rows: &mut Rows) {
    let mut random = Random::new(60);
    let texts = Texts::new((0..32).map(|_| 26 + random.below(103)).collect(), 128);
    let active = texts.active();
    let mut group = Group::new("read", read(&active));
    texts.add(&mut group, ("mean_pool", "32x128x384 L2"), Pooling::Mean, true);
    texts.add(&mut group, ("mean_pool", "32x128x384"), Pooling::Mean, false);
    texts.add(&mut group, ("max_pool", "32x128x384"), Pooling::Max, false);
    texts.add(&mut group, ("weighted_mean_pool", "32x128x384"), Pooling::WeightedMean, false);
    group.measure(rows, |ns| ns);

    let halves = texts.as_f16();
    // As many bytes: half as many values.
    let active: Vec<_> = active.iter().map(|values| &values[..values.len() / 2]).collect();
    let mut group = Group::new("read", read(&active));
    halves.add(&mut group, ("mean_pool", "32x128x384 f16 L2"), Pooling::Mean, true);
    group.measure(rows, |ns| ns);

    let one = Texts::new(vec![10], 16);
    let active = one.active();
    let mut group = Group::new("read", read(&active));
    one.add(&mut group, ("mean_pool", "1x16x384 L2"), Pooling::Mean, true);
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
    group.add(("l2_normalize", "1000x384"), (x.len(), x.len()), run, |got| error(got, &want));
    group.measure(rows, |ns| ns);

    let (all, ranges) = ([&x[..]], Ranges::from_sample(x, DIM).expect("valid"));
    let mut group = Group::new("read", read(&all));
    let want = reference::quantize_int8(x, DIM, &reference::ranges(x, DIM));
    let run = |isa, out: &mut [i8]| ours::quantize_int8_into_on(isa, black_box(x), DIM, &ranges, out);
    group.add(("quantize_int8", "1000x384"), (x.len(), x.len()), run, |got| error(got, &want));
    let want = reference::quantize_ubinary(x, DIM);
    let run = |isa, out: &mut [u8]| ours::quantize_ubinary_into_on(isa, black_box(x), DIM, out);
    group.add(("quantize_ubinary", "1000x384"), (x.len(), x.len() / 8), run, |got| error(got, &want));
    let want: Vec<_> = x.iter().map(|&x| reference::round_to_f16(x)).collect();
    let run = |isa, out: &mut [f16]| ours::quantize_f16_into_on(isa, black_box(x), out);
    group.add(("quantize_f16", "1000x384"), (x.len(), x.len()), run, |got| error(got, &want));
    group.measure(rows, |ns| ns);
}

/// One query with 10,000 vectors, of numbers, of bytes and of bits.
fn comparison(rows: &mut Rows) {
    let (n, case) = (10_000, "1x10,000x384");
    let (query, x) = (&Random::new(5).unit_rows(1, DIM)[..], &Random::new(6).unit_rows(n, DIM)[..]);
    let all = [x];
    let mut group = Group::new("read", read(&all));
    let want = reference::dot(query, x);
    let run = |isa, out: &mut [f32]| ours::dot_into_on(isa, black_box(query), x, out);
    group.add(("dot", case), (x.len(), n), run, |got| error(got, &want));
    let want = reference::cosine(query, x);
    let run = |isa, out: &mut [f32]| ours::cosine_into_on(isa, black_box(query), x, out);
    group.add(("cosine", case), (x.len(), n), run, |got| error(got, &want));
    let want = reference::l2_squared(query, x);
    let run = |isa, out: &mut [f32]| ours::l2_squared_into_on(isa, black_box(query), x, out);
    group.add(("l2_squared", case), (x.len(), n), run, |got| error(got, &want));
    group.measure(rows, |ns| ns);

    let ranges = Ranges::from_sample(x, DIM).expect("valid");
    let [query_codes, codes] = [query, x].map(|x| ours::quantize_int8(x, DIM, &ranges).expect("valid"));
    let all = [&x[..x.len() / 4]];
    let mut group = Group::new("read", read(&all));
    let want: Vec<_> = reference::dot_int8(&query_codes, &codes).into_iter().map(|dot| dot as f64).collect();
    let run = |isa, out: &mut [i32]| ours::dot_int8_into_on(isa, black_box(&query_codes), &codes, out);
    group.add(("dot_int8", case), (x.len(), n), run, |got| error(got, &want));
    group.measure(rows, |ns| ns);

    let [query_bits, bits] = [query, x].map(|x| ours::quantize_ubinary(x, DIM).expect("valid"));
    let prepared = BinaryQuery::new(query).expect("valid");
    let all = [&x[..x.len() / 32]];
    let mut group = Group::new("read", read(&all));
    let want = reference::hamming(&query_bits, &bits);
    let run = |isa, out: &mut [u32]| ours::hamming_into_on(isa, black_box(&query_bits), &bits, out);
    group.add(("hamming", case), (x.len(), n), run, |got| error(got, &want));
    let want = reference::dot_binary(query, &bits);
    let run = |isa, out: &mut [f32]| ours::dot_binary_into_on(isa, black_box(&prepared), &bits, out);
    group.add(("dot_binary", case), (x.len(), n), run, |got| error(got, &want));
    group.measure(rows, |ns| ns);
}

fn projection(rows: &mut Rows) {
    let (n, k) = (1000, 128);
    let x = &Random::new(7).unit_rows(n, DIM)[..];
    let projection = Projection::random(DIM, k, 8).expect("valid");
    let sets: Vec<_> = Isa::available().map(|isa| (isa, projection.clone().on(isa))).collect();
    let flops = (2 * n * DIM * k) as f64;
    // The best round, since what slows one down is not the core.
    let peak = Cell::new(0.0_f64);
    let round = calls(|| peak.set(peak.get().max(fma_gflops(Isa::detect()).expect("it is there"))));
    let mut group = Group::new("fma", round);
    let want = reference::project(x, projection.weights(), None, DIM);
    let run = |isa, out: &mut [f32]| {
        let (_, projection) = sets.iter().find(|(other, _)| *other == isa).expect("all are there");
        projection.project_into(black_box(x), out)
    };
    group.add(("project", "1000x384->128"), (x.len(), n * k), run, |got| error(got, &want));
    group.measure(rows, |_| flops / peak.get());
}

fn main() -> Result<()> {
    let mut rows = Rows::new();
    pooling(&mut rows);
    vectors(&mut rows);
    comparison(&mut rows);
    projection(&mut rows);
    rows.write()
}
