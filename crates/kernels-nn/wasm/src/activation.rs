//! Functions of one value, applied to each.

use crate::buffers::{change, input, output_or};
use crate::errors::failure;
use kernels_nn::Activation;
use kernels_wasm::{F32Buffer, Float32Array, Integer, Options, Result, Rows, float};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An activation, by the name of its function. */
export type Activation =
  | "relu" | "leakyRelu" | "gelu" | "geluTanh" | "silu" | "sigmoid" | "tanh" | "exp" | "erf" | "softplus";

/** What a layer does to each of its results. */
export interface ActivationOptions {
  activation?: Activation;
  /** Of `"leakyRelu"`: what a negative value is multiplied by, 0.01 without it. */
  slope?: number;
}
"#;

/// In the order of [`Activation::ALL`].
const NAMES: [&str; 10] =
    ["relu", "leakyRelu", "gelu", "geluTanh", "silu", "sigmoid", "tanh", "exp", "erf", "softplus"];

/// The activation that is asked for, `default` where none is.
pub(crate) fn activation(options: Options<'_>, default: Option<Activation>) -> Result<Option<Activation>> {
    let slope = options.float("slope", 0.01)?;
    if options.get("activation")?.is_none() {
        return Ok(default);
    }
    Ok(Some(match Activation::ALL[options.name("activation", &NAMES, 0)?] {
        Activation::LeakyRelu { .. } => Activation::LeakyRelu { slope },
        activation => activation,
    }))
}

/// For each activation: over typed arrays, over buffers, in place.
macro_rules! activations {
    ($(
        $(#[$doc:meta])*
        $name:ident $js:literal, $into:ident $js_into:literal, $in_place:ident $js_in_place:literal
        $(, $parameter:ident)?: $activation:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// The results are written to `out` if it is given, and to a fresh array otherwise: as many as there are values in `x`,
        /// in the same order.
        ///
        /// # Errors
        /// If `x` is no Float32Array, or empty, or `out` has another length or lies over `x`. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(x: &Float32Array $(, $parameter: &Integer)?, out: Option<Float32Array>) -> Result<Float32Array> {
            $(let $parameter = float(stringify!($parameter), $parameter)?;)?
            arrays($activation, x, out)
        }

        #[doc = concat!("As `", $js, "`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than")]
        #[doc = concat!("`x`; for the same one there is `", $js_in_place, "`.")]
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`.")]
        #[wasm_bindgen(js_name = $js_into)]
        pub fn $into(x: &F32Buffer $(, $parameter: &Integer)?, out: &F32Buffer) -> Result<()> {
            $(let $parameter = float(stringify!($parameter), $parameter)?;)?
            buffers($activation, x, out, $js_in_place)
        }

        #[doc = concat!("As `", $js, "`, in a buffer in the wasm memory.")]
        ///
        /// # Errors
        /// If `x` is empty.
        #[wasm_bindgen(js_name = $js_in_place)]
        pub fn $in_place(x: &F32Buffer $(, $parameter: &Integer)?) -> Result<()> {
            $(let $parameter = float(stringify!($parameter), $parameter)?;)?
            $activation.apply_in_place(&mut change(x, "an output")?).map_err(failure)
        }
    )*};
}

activations! {
    /// `max(x, 0)`. Exact; NaN stays NaN, and -0 stays -0.
    relu "relu", relu_into "reluInto", relu_in_place "reluInPlace": Activation::Relu;
    /// `x`, and `slope * x` where that is negative. Correctly rounded.
    leaky_relu "leakyRelu", leaky_relu_into "leakyReluInto", leaky_relu_in_place "leakyReluInPlace", slope:
    Activation::LeakyRelu { slope };
    /// GELU: `x (1 + erf(x / sqrt 2)) / 2`. Within 2.3 units in the last place of `x`.
    gelu "gelu", gelu_into "geluInto", gelu_in_place "geluInPlace": Activation::Gelu;
    /// GELU's approximation: `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`. Within 2 units in the last place of `x`.
    gelu_tanh "geluTanh", gelu_tanh_into "geluTanhInto", gelu_tanh_in_place "geluTanhInPlace": Activation::GeluTanh;
    /// SiLU, also called swish: `x / (1 + e^-x)`. Within 4 units in the last place.
    silu "silu", silu_into "siluInto", silu_in_place "siluInPlace": Activation::Silu;
    /// The logistic function: `1 / (1 + e^-x)`. Within 2.2 units in the last place.
    sigmoid "sigmoid", sigmoid_into "sigmoidInto", sigmoid_in_place "sigmoidInPlace": Activation::Sigmoid;
    /// The hyperbolic tangent: `(e^x - e^-x) / (e^x + e^-x)`. Within 2.2 units in the last place.
    tanh "tanh", tanh_into "tanhInto", tanh_in_place "tanhInPlace": Activation::Tanh;
    /// The exponential function: `e^x`. Within 1.3 units in the last place.
    exp "exp", exp_into "expInto", exp_in_place "expInPlace": Activation::Exp;
    /// The error function: `2 / sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`. Within 2 units in the last place.
    erf "erf", erf_into "erfInto", erf_in_place "erfInPlace": Activation::Erf;
    /// Softplus: `ln(1 + e^x)`. Within 3 units in the last place.
    softplus "softplus", softplus_into "softplusInto", softplus_in_place "softplusInPlace": Activation::Softplus;
}

fn arrays(activation: Activation, x: &Float32Array, out: Option<Float32Array>) -> Result<Float32Array> {
    let values = Rows::<f32>::some("x", x, 1)?;
    values.change(out, &mut |piece| activation.apply_in_place(piece).map_err(failure))
}

fn buffers(activation: Activation, x: &F32Buffer, out: &F32Buffer, in_place: &str) -> Result<()> {
    let x = input(x)?;
    activation.apply_into(&x, &mut output_or(out, in_place)?).map_err(failure)
}
