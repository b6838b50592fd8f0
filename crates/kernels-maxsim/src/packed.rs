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
/// Unused lanes of the last panel repeat the last token: no value in them is one that the others lack.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    panels: AlignedVec<f32>,
    /// How many panels there are.
    count: usize,
    /// The tokens of each query.
    lens: Vec<usize>,
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
        if !isa.is_available() {
            return Err(Error::Isa(isa.into()));
        }
        Ok(Self { panels: AlignedVec::new(), count: 0, lens: Vec::new(), dim, isa })
    }

    /// Takes other queries of the same dimension: `lens` says how many of the rows belong to each.
    ///
    /// On an error it still holds the queries that it held.
    pub(crate) fn fill<'a>(
        &mut self,
        lens: &[usize],
        mut rows: impl Iterator<Item = &'a [f32]>,
    ) -> Result<(), Error> {
        let too_large = Error::TooLarge { what: "query" };
        let tokens: usize = lens.iter().sum();
        let count = tokens.div_ceil(PANEL);
        let len = (count * PANEL).checked_mul(self.dim).ok_or(too_large)?;
        self.lens.try_reserve(lens.len().saturating_sub(self.lens.len())).map_err(|_| too_large)?;
        self.panels.try_resize(len).map_err(|_| too_large)?;
        self.count = count;
        self.lens.clear();
        self.lens.extend_from_slice(lens);
        let mut row: &[f32] = &[];
        for panel in self.panels.chunks_exact_mut(PANEL * self.dim) {
            for lane in 0..PANEL {
                row = rows.next().unwrap_or(row);
                for (x, group) in row.iter().zip(panel.chunks_exact_mut(PANEL)) {
                    group[lane] = *x;
                }
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

    pub(crate) fn lens(&self) -> &[usize] {
        &self.lens
    }

    /// The whole of it, to be scored.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            panels: self.panels.as_chunks().0,
            count: self.count,
            skip: 0,
            lens: &self.lens,
            dim: self.dim,
            isa: self.isa,
        }
    }
}

/// Consecutive queries of a [`Packed`]: their panels, and where in the first of them they begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// `[count, dim]` groups of lanes.
    pub(crate) panels: &'a [[f32; PANEL]],
    pub(crate) count: usize,
    /// Lanes of the first panel that belong to queries before these.
    pub(crate) skip: usize,
    pub(crate) lens: &'a [usize],
    pub(crate) dim: usize,
    pub(crate) isa: Isa,
}

impl<'a> View<'a> {
    /// Panels that pass over a document together, and how many they are.
    #[inline(always)]
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'a [[f32; PANEL]], usize)> + use<'a> {
        let Self { panels, count, dim, .. } = *self;
        (0..count).step_by(GROUP).map(move |first| {
            let n = GROUP.min(count - first);
            (&panels[first * dim..][..n * dim], n)
        })
    }

    /// The first half of the queries, and the others. Neither part is empty if there are at least two.
    #[cfg(feature = "parallel")]
    pub(crate) fn split(&self) -> (Self, Self) {
        let (head, tail) = self.lens.split_at(self.lens.len() / 2);
        let end = self.skip + head.iter().sum::<usize>();
        let (whole, touched) = (end / PANEL, end.div_ceil(PANEL));
        (
            Self { panels: &self.panels[..touched * self.dim], count: touched, lens: head, ..*self },
            Self {
                panels: &self.panels[whole * self.dim..],
                count: self.count - whole,
                skip: end % PANEL,
                lens: tail,
                ..*self
            },
        )
    }
}
