//! The format of the files: safetensors, which is a JSON header and little-endian numbers.

use anyhow::{Context as _, Result};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::path::Path;

/// Named lists of numbers.
#[derive(Default)]
pub(crate) struct Archive(Vec<(String, Dtype, Vec<u8>)>);

impl Archive {
    pub(crate) fn f32(&mut self, name: impl Into<String>, values: &[f32]) {
        self.0.push((name.into(), Dtype::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect()));
    }

    pub(crate) fn f64(&mut self, name: impl Into<String>, values: &[f64]) {
        self.0.push((name.into(), Dtype::F64, values.iter().flat_map(|value| value.to_le_bytes()).collect()));
    }

    pub(crate) fn i32(&mut self, name: impl Into<String>, values: &[i32]) {
        self.0.push((name.into(), Dtype::I32, values.iter().flat_map(|value| value.to_le_bytes()).collect()));
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let views = self.0.iter().map(|(name, dtype, bytes)| {
            Ok((name, TensorView::new(*dtype, vec![8 * bytes.len() / dtype.bitsize()], bytes)?))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        std::fs::write(file, safetensors::serialize(views, None)?)
            .with_context(|| format!("could not write {}", file.display()))
    }
}
