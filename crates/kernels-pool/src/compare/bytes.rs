//! Vectors of bytes and of bits.

use super::{Metric, some_query};
use crate::error::{Error, between};
use simd_core::{ByteProducts, Isa, Simd, lockstep};
use std::cmp::Ordering;

/// The dot product of signed bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DotInt8<'a>(pub(crate) &'a [i8]);

/// So many products of -128 and -128 fit into an `i32`.
const MAX_DIM: usize = (i32::MAX / (128 * 128)) as usize;

impl Metric for DotInt8<'_> {
    type Value = i8;
    type Score = i32;

    fn dim(&self) -> usize {
        self.0.len()
    }

    fn check(&self) -> Result<(), Error> {
        some_query(self.0.len())?;
        between("query", 1, MAX_DIM, self.0.len())
    }

    fn order(a: i32, b: i32) -> Ordering {
        b.cmp(&a)
    }

    #[inline(always)]
    fn scores<S: Simd>(&self, simd: S, rows: &[i8], scores: &mut [i32]) {
        match S::ISA {
            // From memory, two rows come at three quarters of what is read at most, and four at a third: too many places
            // at once for what fetches ahead. In the second-level cache, four are an eighth faster.
            Isa::Avx2 => self.steps::<S, 32, 2>(simd, rows, scores),
            _ => self.steps::<S, 8, 4>(simd, rows, scores),
        }
    }
}

impl DotInt8<'_> {
    /// `STEP`: the bytes that are multiplied together; `ROWS`: the rows that share what is read of the query.
    #[inline(always)]
    fn steps<S: Simd, const STEP: usize, const ROWS: usize>(&self, simd: S, rows: &[i8], scores: &mut [i32]) {
        const { assert!(MAX_STEPS <= <S::I32 as ByteProducts>::MAX_STEPS, "their sums would not fit") };
        let dim = self.0.len();
        let (steps, rest) = self.0.as_chunks::<STEP>();
        scores.fill(0);
        let mut start = 0;
        // Mostly there is one such part.
        for part in steps.chunks(MAX_STEPS) {
            if scores.len() < ROWS {
                for (row, score) in rows.chunks_exact(dim).zip(&mut *scores) {
                    *score += one_by_one::<S, STEP>(simd, part, &row[start..]);
                }
                start += part.len() * STEP;
                continue;
            }
            let mut query = [S::I32::load(simd, &part[0]); MAX_STEPS];
            for (query, bytes) in query.iter_mut().zip(part) {
                *query = S::I32::load(simd, bytes);
            }
            let query = &query[..part.len()];
            let (tiles, others) = scores.as_chunks_mut::<ROWS>();
            let (tiled, last) = rows.split_at(tiles.len() * ROWS * dim);
            for (rows, scores) in tiled.chunks_exact(ROWS * dim).zip(tiles) {
                add_products::<S, STEP, ROWS>(simd, query, rows, start, dim, scores);
            }
            for (row, score) in last.chunks_exact(dim).zip(others) {
                add_products::<S, STEP, 1>(simd, query, row, start, dim, std::array::from_mut(score));
            }
            start += part.len() * STEP;
        }
        if !rest.is_empty() {
            for (row, score) in rows.chunks_exact(dim).zip(scores) {
                *score += dot_rest(rest, &row[start..]);
            }
        }
    }
}

/// Steps whose sums fit.
const MAX_STEPS: usize = 128;

/// Adds what a part of the query, whose first byte is that of `start`, gives with `N` rows.
#[inline(always)]
fn add_products<S: Simd, const STEP: usize, const N: usize>(
    simd: S,
    query: &[<S::I32 as ByteProducts>::Bytes],
    rows: &[i8],
    start: usize,
    dim: usize,
    scores: &mut [i32; N],
) {
    let mut steps: [&[[i8; STEP]]; N] = [&[]; N];
    for (i, steps) in steps.iter_mut().enumerate() {
        *steps = rows[i * dim + start..].as_chunks().0;
    }
    let mut sums = [S::I32::zero(simd); N];
    lockstep(
        query,
        steps,
        #[inline(always)]
        |query, values| {
            for (sum, values) in sums.iter_mut().zip(&values) {
                *sum = sum.add(*query, values);
            }
        },
    );
    for (score, sum) in scores.iter_mut().zip(sums) {
        *score += sum.total();
    }
}

/// The same of a single row, for which it would not pay to prepare the query.
#[inline(always)]
fn one_by_one<S: Simd, const STEP: usize>(simd: S, query: &[[i8; STEP]], row: &[i8]) -> i32 {
    let mut sum = S::I32::zero(simd);
    lockstep(
        query,
        [row.as_chunks().0],
        #[inline(always)]
        |query, [values]: [[i8; STEP]; 1]| sum = sum.add(S::I32::load(simd, query), &values),
    );
    sum.total()
}

/// What lies behind the last whole step. Apart, and for one row: as vectors it would be more code than all else.
#[inline(never)]
fn dot_rest(query: &[i8], row: &[i8]) -> i32 {
    query.iter().zip(row).map(|(q, x)| i32::from(*q) * i32::from(*x)).sum()
}

/// How many bits differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hamming<'a>(pub(crate) &'a [u8]);

impl Metric for Hamming<'_> {
    type Value = u8;
    type Score = u32;

    fn dim(&self) -> usize {
        self.0.len()
    }

    fn check(&self) -> Result<(), Error> {
        some_query(self.0.len())?;
        between("query", 1, u32::MAX as usize / 8, self.0.len())
    }

    fn order(a: u32, b: u32) -> Ordering {
        a.cmp(&b)
    }

    #[inline(always)]
    fn scores<S: Simd>(&self, _: S, rows: &[u8], scores: &mut [u32]) {
        // The dimensions of most models, as words whose number the compiler knows: half of the time goes into loops
        // otherwise.
        match self.0.len() {
            16 => self.words::<2>(rows, scores),
            32 => self.words::<4>(rows, scores),
            48 => self.words::<6>(rows, scores),
            64 => self.words::<8>(rows, scores),
            96 => self.words::<12>(rows, scores),
            128 => self.words::<16>(rows, scores),
            bytes => {
                for (row, score) in rows.chunks_exact(bytes).zip(scores) {
                    *score = distance(self.0, row);
                }
            }
        }
    }
}

impl Hamming<'_> {
    /// Of rows of `N` words.
    #[inline(always)]
    fn words<const N: usize>(&self, rows: &[u8], scores: &mut [u32]) {
        let query: [u64; N] = words(self.0.as_chunks::<8>().0);
        for (row, score) in rows.as_chunks::<8>().0.as_chunks::<N>().0.iter().zip(scores) {
            let row: [u64; N] = words(row);
            *score = 0;
            for (a, b) in query.iter().zip(row) {
                *score += (a ^ b).count_ones();
            }
        }
    }
}

#[inline(always)]
fn words<const N: usize>(bytes: &[[u8; 8]]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes) {
        *word = u64::from_ne_bytes(*bytes);
    }
    words
}

#[inline(always)]
fn distance(query: &[u8], row: &[u8]) -> u32 {
    let ((words, rest), (row_words, row_rest)) = (query.as_chunks::<8>(), row.as_chunks::<8>());
    let mut distance = 0;
    for (a, b) in words.iter().zip(row_words) {
        distance += (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b)).count_ones();
    }
    for (a, b) in rest.iter().zip(row_rest) {
        distance += (a ^ b).count_ones();
    }
    distance
}
