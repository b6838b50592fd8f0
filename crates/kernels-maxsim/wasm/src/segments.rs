//! The memory of `Documents`: in segments, so that what is there need not move when more comes.

use kernels_maxsim::Docs;
use kernels_wasm::{Failure, Input, Result};
use simd_core::AlignedVec;

/// The most values for which a segment is made, unless a single document is longer: 1 MB.
const SEGMENT: usize = 256 << 10;

/// Some documents, one after another.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    /// Room for values, the first ones of which are documents.
    values: AlignedVec<f32>,
    used: usize,
    doc_lens: Vec<usize>,
}

/// How far a segment is filled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    used: usize,
    docs: usize,
}

impl Segment {
    /// An empty one, with room for a document of `first` values at least. `held` are the values in all segments so
    /// far, and `coming` those that are known to come.
    ///
    /// However documents come, one by one or all at once, few segments are made and less than half is left unused.
    pub(crate) fn new(first: usize, held: usize, coming: usize) -> Result<Self> {
        let mut values = AlignedVec::new();
        let room = first.max(SEGMENT.min(coming.max(held / 2)));
        values.try_resize(room).map_err(|_| Failure::no_memory("docs"))?;
        Ok(Self { values, ..Self::default() })
    }

    /// Copies the first of the next documents, as many as there is room for, and returns how many those are.
    pub(crate) fn append(&mut self, docs: &Input<f32>, at: f64, lens: &[usize], dim: usize) -> Result<usize> {
        let mut end = self.used;
        let fits = |&&len: &&usize| {
            let next = len.checked_mul(dim).and_then(|values| end.checked_add(values));
            next.filter(|&next| next <= self.values.len()).inspect(|&next| end = next).is_some()
        };
        let count = lens.iter().take_while(fits).count();
        self.doc_lens.try_reserve(count).map_err(|_| Failure::no_memory("docs"))?;
        docs.read(at, &mut self.values[self.used..end])?;
        self.doc_lens.extend_from_slice(&lens[..count]);
        self.used = end;
        Ok(count)
    }

    /// How many values it holds.
    pub(crate) const fn used(&self) -> usize {
        self.used
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { used: self.used, docs: self.doc_lens.len() }
    }

    /// Takes back what came since.
    pub(crate) fn cut(&mut self, mark: Mark) {
        self.used = mark.used;
        self.doc_lens.truncate(mark.docs);
    }

    /// Its documents.
    pub(crate) fn docs(&self, dim: usize) -> Result<Docs<'_>> {
        Ok(Docs::new(&self.values[..self.used], &self.doc_lens, dim)?)
    }
}
