//! Query tokens as the kernel reads them.

use crate::error::Error;
use simd_core::{AlignedVec, Isa};

/// Lanes of a panel: the query tokens that one pass over a document serves. Two vectors of AVX2, four of the
/// 128-bit sets; the same everywhere, so that the layout does not depend on the set.
pub(crate) const PANEL: usize = 16;

/// Panels that pass over a block of a document together: as many as keep their maxima on the stack.
pub(crate) const GROUP: usize = 8;

/// The tokens of one or several queries in panels, K-major: `panels[p][k * PANEL + lane]` is value `k` of token
/// `p * PANEL + lane`. Document values are then broadcast, and nothing is reduced across lanes.
///
/// Unused lanes of the last panel repeat the last token. What comes of them is never read.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    panels: AlignedVec<f32>,
    /// How many panels there are.
    count: usize,
    /// The tokens of each query.
    query_lens: Vec<usize>,
    dim: usize,
    isa: Isa,
}

impl Packed {
    /// No queries yet.
    pub(crate) fn new(isa: Isa, dim: usize) -> Result<Self, Error> {
        if dim == 0 {
            return Err(Error::ZeroDim);
        }
        if dim > isize::MAX as usize / (size_of::<f32>() * PANEL * GROUP) {
            return Err(Error::TooLarge { what: "dim" });
        }
        isa.require()?;
        Ok(Self { panels: AlignedVec::new(), count: 0, query_lens: Vec::new(), dim, isa })
    }

    /// Takes other queries of the same dimension: `query_lens` says how many of the rows belong to each.
    ///
    /// On an error it still holds the queries that it held.
    pub(crate) fn fill<'a>(
        &mut self,
        what: &'static str,
        query_lens: &[usize],
        mut rows: impl Iterator<Item = &'a [f32]>,
    ) -> Result<(), Error> {
        let no_memory = |_| Error::OutOfMemory { what };
        let tokens: usize = query_lens.iter().sum();
        let count = tokens.div_ceil(PANEL);
        let len = (count * PANEL).checked_mul(self.dim).ok_or(Error::TooLarge { what })?;
        self.query_lens
            .try_reserve(query_lens.len().saturating_sub(self.query_lens.len()))
            .map_err(no_memory)?;
        self.panels.try_resize(len).map_err(no_memory)?;
        self.count = count;
        self.query_lens.clear();
        self.query_lens.extend_from_slice(query_lens);
        let mut row: &[f32] = &[];
        for panel in self.panels.chunks_exact_mut(PANEL * self.dim) {
            let (groups, _) = panel.as_chunks_mut::<PANEL>();
            for lane in (0..PANEL).step_by(4) {
                let four = [(); 4].map(|()| {
                    row = rows.next().unwrap_or(row);
                    row
                });
                transpose(four, groups, lane);
            }
        }
        Ok(())
    }

    pub(crate) const fn isa(&self) -> Isa {
        self.isa
    }

    pub(crate) const fn dim(&self) -> usize {
        self.dim
    }

    pub(crate) fn query_lens(&self) -> &[usize] {
        &self.query_lens
    }

    /// The whole of it, to be scored.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            panels: self.panels.as_chunks().0,
            count: self.count,
            query_lens: &self.query_lens,
            dim: self.dim,
            isa: self.isa,
        }
    }
}

/// Writes four rows to four lanes of all groups: together, for the stores to fill lines faster.
fn transpose(rows: [&[f32]; 4], groups: &mut [[f32; PANEL]], lane: usize) {
    let [a, b, c, d] = rows;
    for ((((group, a), b), c), d) in groups.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        group[lane..lane + 4].copy_from_slice(&[*a, *b, *c, *d]);
    }
}

/// What the kernel reads of a [`Packed`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// `[count, dim]` groups of lanes.
    panels: &'a [[f32; PANEL]],
    count: usize,
    /// The tokens of each query.
    pub(crate) query_lens: &'a [usize],
    pub(crate) dim: usize,
    pub(crate) isa: Isa,
}

impl<'a> View<'a> {
    /// The same tokens, as queries of other lengths.
    pub(crate) const fn cut(self, query_lens: &'a [usize]) -> Self {
        Self { query_lens, ..self }
    }

    /// Panels that pass over a document together, and how many they are.
    #[inline(always)]
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'a [[f32; PANEL]], usize)> + use<'a> {
        let Self { panels, count, dim, .. } = *self;
        (0..count).step_by(GROUP).map(move |first| {
            let n = GROUP.min(count - first);
            (&panels[first * dim..][..n * dim], n)
        })
    }

    /// Multiply-adds for each row of a document.
    #[cfg(feature = "parallel")]
    pub(crate) const fn work(&self) -> usize {
        self.panels.len() * PANEL
    }
}
