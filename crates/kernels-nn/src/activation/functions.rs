//! Each activation as functions.

use super::Activation;
use crate::error::Error;

/// The forms of an activation. What they have in common, they say themselves.
macro_rules! activation {
    ($(#[$doc:meta])* fn $name:ident($x:ident $(, $parameter:ident: $type:ty)?) = $activation:expr; forms $into:ident $in_place:ident;) => {
        $(#[$doc])*
        ///
        /// - `x`: as many values as you like, in any shape; the result has the same one
        ///
        /// # Errors
        /// If `x` is empty, or there is no memory.
        pub fn $name($x: &[f32] $(, $parameter: $type)?) -> Result<Vec<f32>, Error> {
            $activation.apply($x)
        }

        #[doc = concat!("As [`", stringify!($name), "`], into `out`, as long as `x`. Allocates nothing.")]
        ///
        /// # Errors
        /// If `x` is empty or `out` has another length. It is then as it was.
        pub fn $into($x: &[f32] $(, $parameter: $type)?, out: &mut [f32]) -> Result<(), Error> {
            $activation.apply_into($x, out)
        }

        #[doc = concat!("As [`", stringify!($name), "`], in place. Allocates nothing.")]
        ///
        /// # Errors
        /// If `x` is empty.
        pub fn $in_place($x: &mut [f32] $(, $parameter: $type)?) -> Result<(), Error> {
            $activation.apply_in_place($x)
        }
    };
}

activation! {
    /// `max(x, 0)` (Nair and Hinton, [Rectified Linear Units](https://www.cs.toronto.edu/~hinton/absps/reluICML.pdf), 2010).
    ///
    /// Exact. NaN stays NaN, and -0 stays -0.
    ///
    /// ```
    /// assert_eq!(kernels_nn::relu(&[-1.0, 0.5])?, [0.0, 0.5]);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn relu(x) = Activation::Relu;
    forms relu_into relu_in_place;
}

activation! {
    /// `x`, and `slope * x` where that is negative (Maas, Hannun and Ng,
    /// [Rectifier Nonlinearities](https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf), 2013).
    ///
    /// Correctly rounded. NaN stays NaN, -0 stays -0, and an infinity times a slope of 0 is NaN.
    ///
    /// ```
    /// assert_eq!(kernels_nn::leaky_relu(&[-1.0, 0.5], 0.25)?, [-0.25, 0.5]);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn leaky_relu(x, slope: f32) = Activation::LeakyRelu { slope };
    forms leaky_relu_into leaky_relu_in_place;
}

activation! {
    /// GELU: `x Phi(x) = x (1 + erf(x / sqrt 2)) / 2`, with the distribution function `Phi` of the standard normal distribution
    /// (Hendrycks and Gimpel, [Gaussian Error Linear Units](https://arxiv.org/abs/1606.08415), 2016).
    ///
    /// Within 2 units in the last place of `x` (largest: 1.80; without a fused multiply-add 2.3, largest 2.03). That is an
    /// absolute error: far below 0, where the result is much smaller than `x`, few of its digits are right, and below -12 it
    /// is -0. NaN stays NaN, -0 stays -0, and so become infinity and negative infinity infinity and -0.
    ///
    /// ```
    /// let y = kernels_nn::gelu(&[1.0, f32::NEG_INFINITY])?;
    /// assert!((y[0] - 0.841_344_7).abs() < 2e-7);
    /// assert_eq!(y[1], 0.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn gelu(x) = Activation::Gelu;
    forms gelu_into gelu_in_place;
}

activation! {
    /// GELU's approximation: `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2` (Hendrycks and Gimpel,
    /// [Gaussian Error Linear Units](https://arxiv.org/abs/1606.08415), 2016).
    ///
    /// Within 2 units in the last place of `x` (largest: 1.58), as
    /// [`gelu`]; below -9.9 it is -0. NaN stays NaN, -0 stays -0, and so become infinity and negative infinity infinity and -0.
    ///
    /// ```
    /// let y = kernels_nn::gelu_tanh(&[1.0, f32::NEG_INFINITY])?;
    /// assert!((y[0] - 0.841_192).abs() < 2e-7);
    /// assert_eq!(y[1], 0.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn gelu_tanh(x) = Activation::GeluTanh;
    forms gelu_tanh_into gelu_tanh_in_place;
}

activation! {
    /// SiLU, also called swish: `x / (1 + e^-x)` (Elfwing, Uchibe and Doya,
    /// [Sigmoid-Weighted Linear Units](https://arxiv.org/abs/1702.03118), 2017).
    ///
    /// Within 4 units in the last place (largest: 2.45), on every instruction set, however small the result. NaN stays NaN,
    /// -0 stays -0, infinity stays infinity, and negative infinity becomes -0.
    ///
    /// ```
    /// let y = kernels_nn::silu(&[1.0, f32::NEG_INFINITY])?;
    /// assert!((y[0] - 0.731_058_6).abs() < 2e-7);
    /// assert_eq!(y[1], 0.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn silu(x) = Activation::Silu;
    forms silu_into silu_in_place;
}

activation! {
    /// The logistic function: `1 / (1 + e^-x)`.
    ///
    /// Within 2 units in the last place (largest: 1.50), however small the
    /// result. NaN stays NaN; infinity and negative infinity become 1 and 0.
    ///
    /// ```
    /// assert_eq!(kernels_nn::sigmoid(&[0.0, f32::INFINITY])?, [0.5, 1.0]);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn sigmoid(x) = Activation::Sigmoid;
    forms sigmoid_into sigmoid_in_place;
}

activation! {
    /// The hyperbolic tangent: `(e^x - e^-x) / (e^x + e^-x)`.
    ///
    /// Within 2 units in the last place (largest: 1.94; without a fused multiply-add 1.97). NaN stays NaN, -0
    /// stays -0, and infinities become 1 and -1.
    ///
    /// ```
    /// let y = kernels_nn::tanh(&[1.0, f32::NEG_INFINITY])?;
    /// assert!((y[0] - 0.761_594_2).abs() < 2e-7);
    /// assert_eq!(y[1], -1.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn tanh(x) = Activation::Tanh;
    forms tanh_into tanh_in_place;
}

activation! {
    /// The exponential function: `e^x`.
    ///
    /// Within 1.1 units in the last place (largest: 0.90; without a fused multiply-add 1.3, largest 1.18), below the smallest
    /// normal number too. NaN stays NaN; infinity stays infinity, and negative infinity becomes 0.
    ///
    /// ```
    /// let y = kernels_nn::exp(&[1.0, f32::NEG_INFINITY])?;
    /// assert!((y[0] - 2.718_281_8).abs() < 5e-7);
    /// assert_eq!(y[1], 0.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn exp(x) = Activation::Exp;
    forms exp_into exp_in_place;
}

activation! {
    /// The error function: `2 / sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`.
    ///
    /// Within 2 units in the last place (largest: 1.20; without a fused multiply-add 1.44). NaN stays NaN, -0 stays -0, and
    /// infinities become 1 and -1.
    ///
    /// ```
    /// let y = kernels_nn::erf(&[1.0, f32::INFINITY])?;
    /// assert!((y[0] - 0.842_700_8).abs() < 2e-7);
    /// assert_eq!(y[1], 1.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn erf(x) = Activation::Erf;
    forms erf_into erf_in_place;
}

activation! {
    /// Softplus: `ln(1 + e^x)` (Dugas and others,
    /// [Incorporating Second-Order Functional Knowledge](https://papers.nips.cc/paper/1920), 2000).
    ///
    /// Within 3 units in the last place (largest: 2.55; without a fused multiply-add 2.69), however small the result. NaN stays
    /// NaN; infinity stays infinity, and negative infinity becomes 0.
    ///
    /// ```
    /// let y = kernels_nn::softplus(&[0.0, 100.0])?;
    /// assert!((y[0] - 0.693_147_2).abs() < 2e-7);
    /// assert_eq!(y[1], 100.0);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    fn softplus(x) = Activation::Softplus;
    forms softplus_into softplus_in_place;
}
