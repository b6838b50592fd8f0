//! A layer of a transformer encoder.

use crate::activation::activation;
use crate::buffers::{input, output};
use crate::errors::{failure, named};
use crate::linear::{bits, linear, with};
use crate::scratch::{Scratch, Shared};
use kernels_nn::layers::{self, Attention, LayerNorm, Mlp, NormOrder};
use kernels_nn::{Activation, WeightBits};
use kernels_wasm::{
    Counts, F32Buffer, Failure, Float32Array, Input, Integer, Lengths, Options, Result, Rows, integer,
    positive, room, text, vec_of,
};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The weights of an encoder layer, each row-major, as most frameworks store them: those of a linear layer `[out, in]`. */
export interface EncoderLayerOptions extends LinearOptions {
  /** Heads of the queries. As many of the keys, or a divisor of it: as the rows of `keyWeight` have it. */
  heads: number;
  /** `[heads * headDim, dim]`, and its bias. */
  queryWeight: Float32Array;
  queryBias?: Float32Array;
  /** `[kvHeads * headDim, dim]`, and its bias. */
  keyWeight: Float32Array;
  keyBias?: Float32Array;
  /** `[kvHeads * headDim, dim]`, and its bias. */
  valueWeight: Float32Array;
  valueBias?: Float32Array;
  /** `[dim, heads * headDim]`, and its bias. */
  outputWeight: Float32Array;
  outputBias?: Float32Array;
  /** The norm after the attention, or before it: `[dim]` each. */
  attentionNormWeight: Float32Array;
  attentionNormBias: Float32Array;
  /** `[hidden, dim]`, and its bias. */
  upWeight: Float32Array;
  upBias?: Float32Array;
  /** `[dim, hidden]`, and its bias. */
  downWeight: Float32Array;
  downBias?: Float32Array;
  /** The norm after the perceptron, or before it: `[dim]` each. */
  mlpNormWeight: Float32Array;
  mlpNormBias: Float32Array;
  /** Where the norms are: after what they belong to, as in BERT, or before it, as in GPT-2. `"post"` without it. */
  order?: "post" | "pre";
  /** Tokens see none after themselves. */
  causal?: boolean;
  /** Of the norms, 1e-5 without it. */
  eps?: number;
  /** Of the perceptron, `"gelu"` without it. */
  activation?: Activation;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The weights.
    #[wasm_bindgen(typescript_type = "EncoderLayerOptions")]
    #[derive(Debug)]
    pub type EncoderLayerOptions;
}

const ORDERS: [&str; 2] = ["post", "pre"];

/// Attention and a perceptron, each with a residual and a norm, with weights that were packed once and lie in the wasm
/// memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EncoderLayer {
    layer: layers::EncoderLayer,
    scratch: Shared,
}

#[wasm_bindgen]
impl EncoderLayer {
    /// Of these weights, which are copied; it works in `scratch`. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If an array is no Float32Array, or has another length than `attentionNormWeight`, whose length is that of a row, and the
    /// others call for, or an option is none.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &EncoderLayerOptions, scratch: &Scratch) -> Result<Self> {
        let options = Options::new(Some(options))?;
        Ok(Self { layer: Weights::new(options)?.layer(options)?, scratch: scratch.share() })
    }

    /// The result for each row of `x: [tokens, dim]`, in `out` if it is given, and in a fresh array otherwise: in the shape of
    /// `x`. Text `i` is the tokens from `offsets[i]` up to `offsets[i + 1]`.
    ///
    /// # Errors
    /// If `x` is no Float32Array, or not whole rows, at least one, the offsets are no whole numbers, do not begin with 0, fall, or
    /// do not end with the number of tokens, `out` has another length or lies over `x`, or the scratch may not hold
    /// `scratchBytes(tokens)`. `out` is then as it was.
    pub fn forward(
        &self,
        x: &Float32Array,
        offsets: &Lengths,
        out: Option<Float32Array>,
    ) -> Result<Float32Array> {
        // First: a list of the caller's may do anything while it is read.
        let x = Rows::<f32>::some("x", x, self.layer.dim())?;
        let offsets = Counts::new("offsets", offsets)?;
        let out = x.output(out)?;
        let offsets = read(&offsets)?;
        let x = x.input().to_values()?;
        let mut made = room("out", 1, x.len())?;
        self.run(&x, &offsets, &mut made)?;
        out.write(0, &made)?;
        Ok(out.into_array())
    }

    /// As `forward`, over buffers in the wasm memory: nothing but the offsets is copied. `out` must be another buffer than `x`.
    ///
    /// # Errors
    /// As `forward`.
    #[wasm_bindgen(js_name = forwardInto)]
    pub fn forward_into(&self, x: &F32Buffer, offsets: &Lengths, out: &F32Buffer) -> Result<()> {
        let offsets = read(&Counts::new("offsets", offsets)?)?;
        let x = input(x)?;
        self.run(&x, &offsets, &mut output(out, "x")?)
    }

    /// The working memory for so many tokens of all texts, in bytes.
    ///
    /// # Errors
    /// If `tokens` is no whole number.
    #[wasm_bindgen(js_name = scratchBytes)]
    pub fn scratch_bytes(&self, tokens: &Integer) -> Result<f64> {
        Ok(self.layer.scratch_bytes(integer("tokens", tokens)?) as f64)
    }

    /// The length of a row.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.layer.dim()
    }
}

impl EncoderLayer {
    fn run(&self, x: &[f32], offsets: &[usize], out: &mut [f32]) -> Result<()> {
        self.layer.forward_into(x, offsets, out, &mut self.scratch.borrow_mut()).map_err(failure)
    }
}

/// The offsets of texts.
fn read(list: &Counts) -> Result<Vec<usize>> {
    let mut offsets = vec_of("offsets", 0, list.len())?;
    list.read(0, &mut offsets)?;
    Ok(offsets)
}

/// The caller's arrays.
const ARRAYS: [&str; 16] = [
    "queryWeight",
    "queryBias",
    "keyWeight",
    "keyBias",
    "valueWeight",
    "valueBias",
    "outputWeight",
    "outputBias",
    "attentionNormWeight",
    "attentionNormBias",
    "upWeight",
    "upBias",
    "downWeight",
    "downBias",
    "mlpNormWeight",
    "mlpNormBias",
];

/// The caller's arrays that are given, by their place in [`ARRAYS`]. All are looked at before one is copied: windows on the wasm
/// memory end when that grows.
struct Weights([Option<Input<f32>>; ARRAYS.len()]);

impl Weights {
    fn new(options: Options<'_>) -> Result<Self> {
        let mut arrays = [const { None }; ARRAYS.len()];
        for (array, name) in arrays.iter_mut().zip(ARRAYS) {
            let may_miss = name.ends_with("Bias") && !name.ends_with("NormBias");
            *array = match options.get(name)?.unwrap_or_default() {
                value if may_miss && (value.is_undefined() || value.is_null()) => None,
                value => Some(Input::new(name, value)?),
            };
        }
        Ok(Self(arrays))
    }

    fn layer(&self, options: Options<'_>) -> Result<layers::EncoderLayer> {
        let heads = positive("heads", options.number("heads")?)?;
        let order = [NormOrder::Post, NormOrder::Pre][options.name("order", &ORDERS, 0)?];
        let (causal, eps) = (options.is_on("causal")?, options.float("eps", 1e-5)?);
        let (activation, bits) = (activation(options, Some(Activation::Gelu))?, bits(options)?);

        let dim = self.array("attentionNormWeight")?.len();
        let attention_norm = self.norm(["attentionNormWeight", "attentionNormBias"], dim, eps)?;
        let query = self.linear(["queryWeight", "queryBias"], dim, None, bits)?;
        let width = query.out_dim();
        if !width.is_multiple_of(heads) {
            let expected = ["a divisor of ", &text(width as f64), ", the rows of queryWeight"].concat();
            return Err(Failure::range("heads", &expected, &text(heads as f64)));
        }
        let key = self.linear(["keyWeight", "keyBias"], dim, None, bits)?;
        let (kv_width, head_dim) = (key.out_dim(), width / heads);
        if !kv_width.is_multiple_of(head_dim) || !heads.is_multiple_of(kv_width / head_dim) {
            let expected =
                ["rows of a divisor of ", &text(heads as f64), " heads of ", &text(head_dim as f64)];
            return Err(Failure::range(
                "keyWeight",
                &expected.concat(),
                &[&text(kv_width as f64), " rows"].concat(),
            ));
        }
        let value = self.linear(["valueWeight", "valueBias"], dim, Some(kv_width), bits)?;
        let output = self.linear(["outputWeight", "outputBias"], width, Some(dim), bits)?;
        let up = self.linear(["upWeight", "upBias"], dim, None, bits)?;
        let down = self.linear(["downWeight", "downBias"], up.out_dim(), Some(dim), bits)?;
        let mlp_norm = self.norm(["mlpNormWeight", "mlpNormBias"], dim, eps)?;

        let attention = Attention::new([query, key, value, output], heads).map_err(failure)?;
        let attention = if causal { attention.causal() } else { attention };
        let mlp = Mlp::new(with(up, activation), down).map_err(failure)?;
        layers::EncoderLayer::new(attention, attention_norm, mlp, mlp_norm, order).map_err(failure)
    }

    /// One that may be missing.
    fn bias(&self, name: &str) -> Result<Option<AlignedVec<f32>>> {
        let place = ARRAYS.iter().position(|other| *other == name);
        place.and_then(|place| self.0[place].as_ref()).map(Input::to_values).transpose()
    }

    fn array(&self, name: &str) -> Result<AlignedVec<f32>> {
        Ok(self.bias(name)?.unwrap_or_else(AlignedVec::new))
    }

    /// A layer that takes rows of `in_dim` values, and gives rows of `out_dim` if that is known.
    fn linear(
        &self,
        [weight_name, bias_name]: [&'static str; 2],
        in_dim: usize,
        out_dim: Option<usize>,
        bits: Option<WeightBits>,
    ) -> Result<layers::Linear> {
        let (weight, bias) = (self.array(weight_name)?, self.bias(bias_name)?);
        let rows = weight.len() / in_dim;
        match out_dim {
            Some(out_dim) if weight.len() as f64 != out_dim as f64 * in_dim as f64 => {
                return Err(Failure::length(
                    weight_name,
                    out_dim as f64 * in_dim as f64,
                    weight.len() as f64,
                ));
            }
            None if rows == 0 || rows * in_dim != weight.len() => {
                return Err(Failure::partial_row(weight_name, in_dim, weight.len() as f64));
            }
            _ => {}
        }
        if let Some(bias) = bias.as_ref().filter(|bias| bias.len() != rows) {
            return Err(Failure::length(bias_name, rows as f64, bias.len() as f64));
        }
        linear(&weight, bias.as_deref(), in_dim, bits).map_err(named(weight_name))
    }

    /// A norm of rows of `dim` values.
    fn norm(&self, [weight_name, bias_name]: [&'static str; 2], dim: usize, eps: f32) -> Result<LayerNorm> {
        let (weight, bias) = (self.array(weight_name)?, self.array(bias_name)?);
        for (name, values) in [(weight_name, &weight), (bias_name, &bias)] {
            if values.len() != dim {
                return Err(Failure::length(name, dim as f64, values.len() as f64));
            }
        }
        positive(weight_name, dim)?;
        LayerNorm::new(&weight, &bias, eps).map_err(failure)
    }
}
