//! Tensors of a safetensors archive, each checked for its type and its shape.

use anyhow::{Context, Result, bail, ensure};
#[cfg(feature = "demo")]
use half::f16;
use safetensors::{Dtype, SafeTensors};
use std::{fs, path::Path};

/// The bytes of one of the files; an error names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).context("cannot be read")
}

/// An archive in memory.
pub(crate) struct Archive<'a>(SafeTensors<'a>);

impl<'a> Archive<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self> {
        let tensors = SafeTensors::deserialize(bytes);
        Ok(Self(tensors.context("damaged, or not a whole safetensors file")?))
    }

    /// An f32 tensor of this shape.
    #[cfg(feature = "demo-nn")]
    pub(crate) fn floats<const D: usize>(&self, name: &str, shape: [usize; D]) -> Result<Vec<f32>> {
        let (data, _) = self.tensor(name, Dtype::F32, shape.map(Some))?;
        Ok(data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }

    /// How many integers a tensor has.
    #[cfg(feature = "demo-nn")]
    pub(crate) fn count(&self, name: &str) -> Result<usize> {
        let (_, [count]) = self.tensor(name, Dtype::U32, [None])?;
        Ok(count)
    }

    /// An f16 tensor `[rows, dim]`, widened, and `dim`.
    #[cfg(feature = "demo")]
    pub(crate) fn embeddings(&self, name: &str) -> Result<(Vec<f32>, usize)> {
        let (data, shape) = self.tensor(name, Dtype::F16, [None, None])?;
        let dim = shape[1];
        ensure!(dim > 0, "tensor `{name}`: expected [rows, dim] with dim > 0, got {shape:?}");
        let (values, _) = data.as_chunks();
        let values: Vec<f32> = values.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect();
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            bail!("tensor `{name}`: expected finite values, got {} in row {}", values[at], at / dim);
        }
        Ok((values, dim))
    }

    /// A u32 tensor of this shape.
    pub(crate) fn integers<const D: usize>(&self, name: &str, shape: [usize; D]) -> Result<Vec<usize>> {
        let (data, _) = self.tensor(name, Dtype::U32, shape.map(Some))?;
        let (values, _) = data.as_chunks();
        values
            .iter()
            .map(|&bytes| Ok(usize::try_from(u32::from_le_bytes(bytes))?))
            .collect::<Result<_>>()
            .with_context(|| format!("tensor `{name}`"))
    }

    /// The bytes of a tensor, and its shape. Where `shape` has `None`, any size will do.
    fn tensor<const D: usize>(
        &self,
        name: &str,
        dtype: Dtype,
        shape: [Option<usize>; D],
    ) -> Result<(&'a [u8], [usize; D])> {
        let Ok(tensor) = self.0.tensor(name) else {
            let mut names = self.0.names();
            names.sort_unstable();
            bail!("expected a tensor `{name}`, got {names:?}");
        };
        let got = <[usize; D]>::try_from(tensor.shape()).ok();
        let fits = |got: [usize; D]| got.iter().zip(&shape).all(|(got, size)| size.is_none_or(|s| s == *got));
        match got {
            Some(got) if tensor.dtype() == dtype && fits(got) => Ok((tensor.data(), got)),
            _ => {
                let sizes = shape.map(|size| size.map_or("any".into(), |size| size.to_string()));
                let (sizes, is, has) = (sizes.join(", "), tensor.dtype(), tensor.shape());
                bail!("tensor `{name}`: expected {dtype} [{sizes}], got {is} {has:?}")
            }
        }
    }
}
