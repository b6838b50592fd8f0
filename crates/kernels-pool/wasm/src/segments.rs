//! Rows that stay in the wasm memory: in segments, so that what is there need not move when more come.

use crate::metric::Source;
use kernels_wasm::{Element, Failure, Result, Rows, room};
use simd_core::AlignedVec;

/// The most bytes for which a segment is made, unless a single row is longer: 1 MB.
const SEGMENT: usize = 1 << 20;

/// Rows, one after another.
#[derive(Debug)]
pub(crate) struct Segments<T: Element> {
    segments: Vec<Segment<T>>,
    width: usize,
    count: usize,
}

/// Some of them.
#[derive(Debug)]
struct Segment<T: Element> {
    /// Room for rows, the first ones of which are there.
    values: AlignedVec<T>,
    used: usize,
}

impl<T: Element> Segments<T> {
    pub(crate) const fn new(width: usize) -> Self {
        Self { segments: Vec::new(), width, count: 0 }
    }

    /// How many bytes the rows take.
    pub(crate) const fn byte_length(&self) -> usize {
        self.count * self.width * size_of::<T>()
    }

    /// Adds rows. On an error nothing is added.
    pub(crate) fn append(&mut self, rows: &Rows<T>) -> Result<()> {
        let (segments, used) = (self.segments.len(), self.segments.last().map(|last| last.used));
        let filled = self.fill(rows);
        match filled {
            Ok(()) => self.count += rows.count(),
            Err(_) => {
                self.segments.truncate(segments);
                if let (Some(last), Some(used)) = (self.segments.last_mut(), used) {
                    last.used = used;
                }
            }
        }
        filled
    }

    fn fill(&mut self, rows: &Rows<T>) -> Result<()> {
        let mut first = 0;
        while first < rows.count() {
            let coming = rows.count() - first;
            if let Some(Segment { values, used }) = self.segments.last_mut()
                && values.len() > *used
            {
                let end = values.len().min(*used + coming.saturating_mul(self.width));
                rows.read(first, &mut values[*used..end])?;
                first += (end - *used) / self.width;
                *used = end;
                continue;
            }
            // However rows come, few segments are made and less than half is left unused.
            let most = (SEGMENT / size_of::<T>() / self.width).min(coming.max((self.count + first) / 2));
            let values = room("rows", most.max(1), self.width)?;
            self.segments.try_reserve(1).map_err(|_| Failure::no_memory("rows"))?;
            self.segments.push(Segment { values, used: 0 });
        }
        Ok(())
    }
}

impl<T: Element> Source<T> for &Segments<T> {
    fn count(&self) -> usize {
        self.count
    }

    fn width(&self) -> usize {
        self.width
    }

    fn most(&self) -> usize {
        self.segments.iter().map(|segment| segment.used / self.width).max().unwrap_or(0)
    }

    fn scan(&self, call: &mut dyn FnMut(usize, &[T]) -> Result<()>) -> Result<()> {
        let mut first = 0;
        for Segment { values, used } in &self.segments {
            call(first, &values[..*used])?;
            first += used / self.width;
        }
        Ok(())
    }

    fn pick(&self, indices: &[u32], call: &mut dyn FnMut(usize, &[T]) -> Result<()>) -> Result<()> {
        for &index in indices {
            let mut at = index as usize;
            for Segment { values, used } in &self.segments {
                let rows = used / self.width;
                if at < rows {
                    call(index as usize, &values[at * self.width..][..self.width])?;
                    break;
                }
                at -= rows;
            }
        }
        Ok(())
    }
}
