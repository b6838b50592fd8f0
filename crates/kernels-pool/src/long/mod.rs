//! Documents that are longer than a model reads at once: cut into windows, and the windows' embeddings pooled again.

mod chunks;
mod windows;

pub use chunks::{ChunkPooler, ChunkPooling};
pub use windows::{Windows, windows};
