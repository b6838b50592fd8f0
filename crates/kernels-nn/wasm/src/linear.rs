//! A linear layer.

use crate::activation::activation;
use crate::buffers::{input, output};
use crate::errors::failure;
use kernels_nn::{Activation, Error, Scratch, WeightBits, layers};
use kernels_wasm::{F32Buffer, Float32Array, Input, Integer, Options, Result, Rows, integer};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a linear layer does, and what its weights are held in. */
export interface LinearOptions extends ActivationOptions {
  /**
   * The weights as they are, or rounded to eight bits or to seven, with a scale for each output: a quarter of the memory, and
   * faster. Rows of `x` are then rounded to eight bits. `"f32"` without it.
   */
  weights?: "f32" | "int8" | "int7";
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ activation?, slope?, weights? }`
    #[wasm_bindgen(typescript_type = "LinearOptions")]
    #[derive(Debug)]
    pub type LinearOptions;
}

const WEIGHTS: [&str; 3] = ["f32", "int8", "int7"];

/// What weights are to be rounded to.
pub(crate) fn bits(options: Options<'_>) -> Result<Option<WeightBits>> {
    Ok([None, Some(WeightBits::Eight), Some(WeightBits::Seven)][options.name("weights", &WEIGHTS, 0)?])
}

pub(crate) fn linear(
    weight: &[f32],
    bias: Option<&[f32]>,
    in_dim: usize,
    bits: Option<WeightBits>,
) -> core::result::Result<layers::Linear, Error> {
    match bits {
        None => layers::Linear::new(weight, bias, in_dim),
        Some(bits) => layers::Linear::int8(weight, bias, in_dim, bits),
    }
}

/// Rows that are copied at once, at least: what the kernel takes as a block, so that the weights are read once for it.
const TOGETHER: usize = 128;

/// `activation(x W^T + bias)`, with weights that were packed once and lie in the wasm memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Linear {
    layer: layers::Linear,
    /// A few rows in eight bits.
    scratch: RefCell<Scratch>,
}

#[wasm_bindgen]
impl Linear {
    /// Of `weight`, `[outDim, inDim]`, and `bias`, `[outDim]`, or `null`. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `inDim` is no whole number from 1 on, an array is no Float32Array, `weight` is not whole rows, at least one, `bias`
    /// has another length, a weight is not finite and to be rounded, or an option is none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        weight: &Float32Array,
        bias: Option<Float32Array>,
        #[wasm_bindgen(js_name = inDim)] in_dim: &Integer,
        options: Option<LinearOptions>,
    ) -> Result<Self> {
        let in_dim = integer("inDim", in_dim)?;
        // First: an option of the caller's may do anything while it is read.
        let weight = Input::<f32>::new("weight", weight)?;
        let bias = bias.map(|bias| Input::<f32>::new("bias", bias)).transpose()?;
        let options = Options::new(options.as_deref())?;
        let (activation, bits) = (activation(options, None)?, bits(options)?);
        let (weight, bias) = (weight.to_values()?, bias.map(|bias| bias.to_values()).transpose()?);
        let layer = linear(&weight, bias.as_deref(), in_dim, bits).map_err(failure)?;
        Ok(Self { layer: with(layer, activation), scratch: RefCell::new(Scratch::with_limit(usize::MAX)) })
    }

    /// The result for each row of `x: [rows, inDim]`, in `out` if it is given, and in a fresh array otherwise:
    /// `[rows, outDim]`.
    ///
    /// # Errors
    /// If `x` is no Float32Array, or not whole rows, at least one, or `out` has another length or lies over `x`. `out` is then as
    /// it was.
    pub fn forward(&self, x: &Float32Array, out: Option<Float32Array>) -> Result<Float32Array> {
        let rows = Rows::<f32>::some("x", x, self.layer.in_dim())?.together(TOGETHER);
        rows.map(self.layer.out_dim(), out, &mut |x, out| self.run(x, out))
    }

    /// As `forward`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than `x`.
    ///
    /// # Errors
    /// As `forward`.
    #[wasm_bindgen(js_name = forwardInto)]
    pub fn forward_into(&self, x: &F32Buffer, out: &F32Buffer) -> Result<()> {
        let x = input(x)?;
        self.run(&x, &mut output(out, "x")?)
    }

    /// The length of a row that it takes.
    #[wasm_bindgen(getter, js_name = inDim)]
    #[must_use]
    pub fn in_dim(&self) -> usize {
        self.layer.in_dim()
    }

    /// The length of a row that it gives.
    #[wasm_bindgen(getter, js_name = outDim)]
    #[must_use]
    pub fn out_dim(&self) -> usize {
        self.layer.out_dim()
    }
}

impl Linear {
    fn run(&self, x: &[f32], out: &mut [f32]) -> Result<()> {
        self.layer.forward_into(x, out, &mut self.scratch.borrow_mut()).map_err(failure)
    }
}

/// With an activation of its result, if there is one.
pub(crate) fn with(linear: layers::Linear, activation: Option<Activation>) -> layers::Linear {
    match activation {
        Some(activation) => linear.activation(activation),
        None => linear,
    }
}
