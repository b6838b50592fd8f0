//! How attention is walked: text by text, head by head, a block of queries at a time, and past it the keys, block by block.

use super::layout::{Rows, Texts};
use super::pack::{finish, pack_values, transpose};
use super::tile::{ROWS, accumulate, scores, weights};
use super::visible::{View, Visible};
use simd_core::{Frame, Isa, Kernel, MAX_LANES, Scratch, ScratchError, Simd, Vector};
use std::ops::Range;

/// Queries of a block at most: the keys are brought to their panels once for each.
const QUERIES: usize = 144;

/// Keys of a block at most.
const KEYS: usize = 64;

/// Vectors of a tile at most.
const VECTORS: usize = 2;

/// What is the same for all heads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<'a> {
    pub(super) texts: usize,
    pub(super) heads: usize,
    pub(super) kv_heads: usize,
    pub(super) queries: Texts<'a>,
    pub(super) keys: Texts<'a>,
    pub(super) head_dim: usize,
    pub(super) value_dim: usize,
    pub(super) scale: f32,
    pub(super) visible: Visible<'a>,
}

impl Plan<'_> {
    /// The values of each part of the working memory.
    fn sizes(&self) -> [Option<usize>; 7] {
        let value_dim = self.value_dim.checked_next_multiple_of(ROWS);
        let times = |n: usize, dim: Option<usize>| dim.and_then(|dim| dim.checked_mul(n));
        [
            times(QUERIES, Some(self.head_dim)),
            times(KEYS, Some(self.head_dim)),
            times(KEYS, value_dim),
            times(QUERIES, value_dim),
            Some(QUERIES),
            Some(QUERIES),
            Some(KEYS * VECTORS * MAX_LANES),
        ]
    }

    /// The bytes of working memory: however long the texts are.
    pub(super) fn scratch_bytes(&self) -> usize {
        let bytes = |size: Option<usize>| size.map_or(usize::MAX, Scratch::bytes::<f32>);
        self.sizes().into_iter().map(bytes).fold(0, usize::saturating_add)
    }
}

/// Working memory for a block of queries and a block of keys.
pub(super) struct Room<'a> {
    /// For each tile `[head_dim, W]`.
    queries: &'a mut [f32],
    /// For each panel `[head_dim, P]`.
    keys: &'a mut [f32],
    /// For each panel `[KEYS, ROWS]`.
    values: &'a mut [f32],
    /// For each tile `[value_dim, W]`.
    out: &'a mut [f32],
    /// `[QUERIES]`
    largest: &'a mut [f32],
    /// `[QUERIES]`
    sums: &'a mut [f32],
    /// Of one tile, `[KEYS, W]`.
    scores: &'a mut [f32],
}

impl<'a> Room<'a> {
    pub(super) fn new(plan: &Plan<'_>, frame: &mut Frame<'a>) -> Result<Self, ScratchError> {
        let mut parts: [&'a mut [f32]; 7] = Default::default();
        for (part, size) in parts.iter_mut().zip(plan.sizes()) {
            *part = frame.take(size.unwrap_or(usize::MAX))?;
        }
        let [queries, keys, values, out, largest, sums, scores] = parts;
        Ok(Self { queries, keys, values, out, largest, sums, scores })
    }
}

/// Attention of all heads.
pub(super) struct Attend<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) q: &'a [f32],
    pub(super) k: &'a [f32],
    pub(super) v: &'a [f32],
    pub(super) out: &'a mut [f32],
    pub(super) room: Room<'a>,
}

/// Calls with a tile of a set: `W` queries, which are `V` vectors, and keys in panels of `P`. Three vectors times four rows
/// would be one register too many.
macro_rules! tile {
    ($isa:expr, $vectors:expr, |$w:ident, $v:ident, $p:ident| $call:expr) => {
        match ($isa, $vectors) {
            (Isa::Avx2, VECTORS) => tile!(16, 2, 8, |$w, $v, $p| $call),
            (Isa::Avx2, _) => tile!(8, 1, 8, |$w, $v, $p| $call),
            (_, VECTORS) => tile!(8, 2, 4, |$w, $v, $p| $call),
            _ => tile!(4, 1, 4, |$w, $v, $p| $call),
        }
    };
    ($w_is:literal, $v_is:literal, $p_is:literal, |$w:ident, $v:ident, $p:ident| $call:expr) => {{
        #[allow(dead_code, reason = "not every call needs all of them")]
        {
            const $w: usize = $w_is;
            const $v: usize = $v_is;
            const $p: usize = $p_is;
            $call
        }
    }};
}

/// The tiles that make so many vectors: the first vector of each, and how many it has.
fn tiles(vectors: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..vectors).step_by(VECTORS).map(move |first| (first, VECTORS.min(vectors - first)))
}

impl Kernel for Attend<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let Plan { texts, heads, kv_heads, queries, keys, head_dim, value_dim, .. } = self.plan;
        for text in 0..texts {
            for head in 0..heads {
                let kv_head = head / (heads / kv_heads);
                let rows = Heads {
                    text,
                    head,
                    q: queries.head(text, head, heads, head_dim),
                    k: keys.head(text, kv_head, kv_heads, head_dim),
                    v: keys.head(text, kv_head, kv_heads, value_dim),
                    out: queries.head(text, head, heads, value_dim),
                };
                let len = rows.q.len;
                if len == 0 {
                    continue;
                }
                // Blocks of about the same number of queries.
                let step = len.div_ceil(len.div_ceil(QUERIES)).next_multiple_of(S::F32::LANES);
                for first in (0..len).step_by(step) {
                    self.block(simd, &rows, first..len.min(first + step));
                }
            }
        }
    }
}

/// Where the rows of a head are.
struct Heads {
    text: usize,
    head: usize,
    q: Rows,
    k: Rows,
    v: Rows,
    out: Rows,
}

impl Attend<'_> {
    /// Some queries of a head.
    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, heads: &Heads, queries: Range<usize>) {
        let vectors = queries.len().div_ceil(S::F32::LANES);
        for tile in tiles(vectors) {
            tile!(S::ISA, tile.1, |W, V, P| self.start::<S, W>(simd, heads, &queries, tile.0));
        }
        let lanes = vectors * S::F32::LANES;
        self.room.largest[..lanes].fill(f32::NEG_INFINITY);
        self.room.sums[..lanes].fill(0.0);
        self.room.out[..lanes * self.plan.value_dim.next_multiple_of(ROWS)].fill(0.0);
        let near = self.plan.visible.near_keys(queries.clone(), heads.k.len);
        for first in near.clone().step_by(KEYS) {
            let keys = first..near.end.min(first + KEYS);
            let finite = tile!(S::ISA, 1, |W, V, P| self.pack_keys::<S, P>(simd, heads, &keys));
            for tile in tiles(vectors) {
                tile!(S::ISA, tile.1, |W, V, P| {
                    self.tile::<S, W, V, P>(simd, heads, &queries, tile.0, &keys, finite);
                });
            }
        }
        for tile in tiles(vectors) {
            tile!(S::ISA, tile.1, |W, V, P| self.finish::<S, W>(simd, heads, &queries, tile.0));
        }
    }

    /// The queries of a tile.
    fn queries_of<S: Simd, const W: usize>(queries: &Range<usize>, vector: usize) -> Range<usize> {
        let start = queries.start + vector * S::F32::LANES;
        start..queries.end.min(start + W)
    }

    /// Brings the queries of a tile to where they are read.
    #[inline(always)]
    fn start<S: Simd, const W: usize>(
        &mut self,
        simd: S,
        heads: &Heads,
        queries: &Range<usize>,
        vector: usize,
    ) {
        let lanes = S::F32::LANES;
        let Self { plan, q, room, .. } = self;
        let rows = heads.q.part(Self::queries_of::<S, W>(queries, vector));
        let groups = &mut part::<S, W>(room.queries, vector, plan.head_dim);
        if rows.len < W {
            groups.fill([0.0; W]);
        }
        for first in (0..rows.len).step_by(lanes) {
            let rows = rows.part(first..rows.len.min(first + lanes));
            transpose(simd, q, rows, plan.scale, first, groups);
        }
    }

    /// Brings some keys and their values to where they are read. Returns whether all values are finite.
    #[inline(always)]
    fn pack_keys<S: Simd, const P: usize>(&mut self, simd: S, heads: &Heads, keys: &Range<usize>) -> bool {
        let Self { plan, k, v, room, .. } = self;
        let (dim, rows) = (plan.head_dim, keys.len().next_multiple_of(P));
        let panels = room.keys.as_chunks_mut::<P>().0;
        for (first, panel) in (0..keys.len()).step_by(P).zip(panels.chunks_exact_mut(dim)) {
            let some = heads.k.part(keys.start + first..keys.end.min(keys.start + first + P));
            if some.len < P {
                panel.fill([0.0; P]);
            }
            transpose(simd, k, some, 1.0, 0, panel);
        }
        let mask = plan.visible.keys.map(|mask| &mask[plan.keys.tokens(heads.text)][keys.clone()]);
        simd.vectorize(
            #[inline(always)]
            || pack_values(v, heads.v.part(keys.clone()), mask, rows, room.values.as_chunks_mut().0),
        )
    }

    /// A tile of queries with a block of keys.
    #[inline(always)]
    fn tile<S: Simd, const W: usize, const V: usize, const P: usize>(
        &mut self,
        simd: S,
        heads: &Heads,
        queries: &Range<usize>,
        vector: usize,
        keys: &Range<usize>,
        finite: bool,
    ) {
        let Self { plan, v, room, .. } = self;
        let queries = Self::queries_of::<S, W>(queries, vector);
        let near = plan.visible.near_keys(queries.clone(), heads.k.len);
        if near.start >= keys.end || near.end <= keys.start {
            return;
        }
        let rows = keys.len().next_multiple_of(P);
        let of_tile = &mut room.scores.as_chunks_mut::<W>().0[..rows];
        let from = &*part::<S, W>(room.queries, vector, plan.head_dim);
        let panels = &room.keys.as_chunks::<P>().0[..rows / P * plan.head_dim];
        simd.vectorize(
            #[inline(always)]
            || scores::<S, W, V, P>(simd, from, panels, of_tile),
        );
        let first_key = plan.keys.tokens(heads.text).start;
        let (text, head, keys) = (heads.text, heads.head, keys.clone());
        let view = View { visible: plan.visible, text, head, queries, keys, first_key };
        view.hide(of_tile);
        let at = vector * S::F32::LANES;
        let largest = &mut room.largest[at..].as_chunks_mut::<W>().0[0];
        let sums = &mut room.sums[at..].as_chunks_mut::<W>().0[0];
        let factors = simd.vectorize(
            #[inline(always)]
            || weights::<S, W, V>(simd, of_tile, largest, sums),
        );
        let padded = plan.value_dim.next_multiple_of(ROWS);
        let out = part::<S, W>(room.out, vector, padded);
        if !finite {
            return view.accumulate(of_tile, |key| &v[heads.v.range(key)], &factors, out);
        }
        let panels = &room.values.as_chunks().0[..padded / ROWS * rows];
        simd.vectorize(
            #[inline(always)]
            || accumulate::<S, W, V>(simd, of_tile, panels, &factors, out),
        );
    }

    /// Writes the results of a tile.
    #[inline(always)]
    fn finish<S: Simd, const W: usize>(
        &mut self,
        simd: S,
        heads: &Heads,
        queries: &Range<usize>,
        vector: usize,
    ) {
        let Self { plan, out, room, .. } = self;
        let rows = heads.out.part(Self::queries_of::<S, W>(queries, vector));
        let sums = &room.sums[vector * S::F32::LANES..][..rows.len];
        let from = &*part::<S, W>(room.out, vector, plan.value_dim.next_multiple_of(ROWS));
        finish(simd, from, sums, rows, out);
    }
}

/// What belongs to the tile that begins at a vector: `rows` rows of `W` values.
#[inline(always)]
fn part<S: Simd, const W: usize>(room: &mut [f32], vector: usize, rows: usize) -> &mut [[f32; W]] {
    &mut room[vector * S::F32::LANES * rows..].as_chunks_mut().0[..rows]
}
