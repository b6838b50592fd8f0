//! Which keys a query sees.

use std::ops::Range;

/// Values for each text, head, query and key, or the same for all texts, or for all heads.
#[derive(Clone, Copy, Debug)]
pub(super) struct PerScore<'a, T> {
    pub(super) values: &'a [T],
    /// From one text to the next: 0 if they are the same.
    pub(super) text_stride: usize,
    /// From one head to the next.
    pub(super) head_stride: usize,
    pub(super) keys: usize,
}

impl<'a, T> PerScore<'a, T> {
    /// Those of a head and of a query, for each key.
    #[inline(always)]
    pub(super) fn row(&self, text: usize, head: usize, query: usize) -> &'a [T] {
        &self.values[text * self.text_stride + head * self.head_stride + query * self.keys..][..self.keys]
    }
}

/// What hides keys, or makes them count more or less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visible<'a> {
    /// The position of a text's first query among its keys.
    pub(super) first: usize,
    /// How many keys before its own position a query sees.
    pub(super) before: usize,
    /// How many after it.
    pub(super) after: usize,
    /// For each key of all texts.
    pub(super) keys: Option<&'a [bool]>,
    pub(super) mask: Option<PerScore<'a, bool>>,
    /// Is added to the scores.
    pub(super) bias: Option<PerScore<'a, f32>>,
}

impl Visible<'_> {
    /// The keys that lie near enough for some of these queries.
    pub(super) fn near_keys(&self, queries: Range<usize>, count: usize) -> Range<usize> {
        let start = (self.first + queries.start).saturating_sub(self.before);
        let end = (self.first + queries.end).saturating_add(self.after);
        start.min(count)..end.min(count)
    }

    /// The queries that a key is near enough to.
    pub(super) fn near_queries(&self, key: usize) -> Range<usize> {
        let start = key.saturating_sub(self.after).saturating_sub(self.first);
        let end = key.saturating_add(self.before).saturating_add(1).saturating_sub(self.first);
        start..end
    }
}

/// What is hidden from a tile: part of the queries of a head, in the lanes, and part of its keys, in the rows.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    pub(super) visible: Visible<'a>,
    pub(super) text: usize,
    pub(super) head: usize,
    pub(super) queries: Range<usize>,
    pub(super) keys: Range<usize>,
    /// Those of the text before these, counted over all texts.
    pub(super) first_key: usize,
}

impl View<'_> {
    /// Whether a query of the tile sees a key of it.
    fn sees(&self, query: usize, key: usize) -> bool {
        let Visible { keys, mask, .. } = self.visible;
        self.visible.near_queries(key).contains(&query)
            && keys.is_none_or(|keys| keys[self.first_key + key])
            && mask.is_none_or(|mask| mask.row(self.text, self.head, query)[key])
    }

    /// Adds the bias to scores, and makes those of what is hidden negative infinity, and those of rows without a key too.
    #[inline(always)]
    pub(super) fn hide<const W: usize>(&self, scores: &mut [[f32; W]]) {
        let Visible { keys, mask, bias, .. } = self.visible;
        let Range { start, end } = self.queries;
        if let Some(bias) = bias {
            for (lane, query) in (start..end).enumerate() {
                let row = &bias.row(self.text, self.head, query)[self.keys.clone()];
                scores.iter_mut().zip(row).for_each(|(scores, bias)| scores[lane] += bias);
            }
        }
        if let Some(mask) = mask {
            for (lane, query) in (start..end).enumerate() {
                let row = &mask.row(self.text, self.head, query)[self.keys.clone()];
                for (scores, _) in scores.iter_mut().zip(row).filter(|(_, visible)| !**visible) {
                    scores[lane] = f32::NEG_INFINITY;
                }
            }
        }
        let (whole, none) = scores.split_at_mut(self.keys.len());
        none.fill([f32::NEG_INFINITY; W]);
        if let Some(keys) = keys {
            let keys = &keys[self.first_key..][self.keys.clone()];
            for (scores, _) in whole.iter_mut().zip(keys).filter(|(_, visible)| !**visible) {
                scores.fill(f32::NEG_INFINITY);
            }
        }
        if !self.all_near() {
            for (key, scores) in self.keys.clone().zip(whole) {
                let near = self.visible.near_queries(key);
                let lane = |query: usize| query.saturating_sub(start).min(W);
                scores[..lane(near.start)].fill(f32::NEG_INFINITY);
                scores[lane(near.end)..].fill(f32::NEG_INFINITY);
            }
        }
    }

    /// Whether each query is near to each key.
    fn all_near(&self) -> bool {
        let (first, last) =
            (self.visible.near_queries(self.keys.start), self.visible.near_queries(self.keys.end - 1));
        let nearest = first.start.max(last.start)..first.end.min(last.end);
        nearest.start <= self.queries.start && self.queries.end <= nearest.end
    }

    /// As [`accumulate`](super::tile::accumulate), where a value is NaN or infinite: what is hidden adds nothing, not even
    /// such a value times 0.
    #[cold]
    #[inline(never)]
    pub(super) fn accumulate<'v, const W: usize>(
        &self,
        weights: &[[f32; W]],
        values: impl Fn(usize) -> &'v [f32],
        factors: &[f32; W],
        out: &mut [[f32; W]],
    ) {
        for row in out.iter_mut() {
            row.iter_mut().zip(factors).for_each(|(out, factor)| *out *= factor);
        }
        for (key, weights) in self.keys.clone().zip(weights) {
            for (query, (lane, weight)) in self.queries.clone().zip(weights.iter().enumerate()) {
                if self.sees(query, key) {
                    out.iter_mut().zip(values(key)).for_each(|(out, value)| out[lane] += weight * value);
                }
            }
        }
    }
}
