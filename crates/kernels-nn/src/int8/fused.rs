//! Products of floats with weights of eight bits.

use super::matrix::Int8Matrix;
use super::product::{Product, Scaled, packed_len};
use super::rows::Floats;
use crate::error::{Error, length, zeros};
use crate::gemm::Epilogue;
use crate::quantization::QuantizationParams;
use simd_core::{Frame, Scratch, dispatch_on};

/// A product with a matrix of eight or seven bits, and what is to become of it while it is in cache:
///
/// `out = activation(A B + bias) + residual`
///
/// - `A`: `[m, k]`, row-major; `B`: [`Int8Matrix`], `[k, n]`; `bias`: `[n]`; `residual`: `[m, n]`; `out`: `[m, n]`
///
/// Each row of `A` is quantised by its own range, that of its values and zero, to 255 steps of
/// `s = (largest - smallest) / 255`: [`QuantizationParams::affine`]. The product of integers is exact; making a float of it and multiplying it by the two
/// scales rounds three times. So, apart from the weights being what [`Int8Matrix::dequantize`] tells,
///
/// `|error of A B| <= (1/2 + 2^-15) t + 3.1 * 2^-24 (|A B| + t)`, with `t = s sum over l of |B[l, j]|`,
///
/// if nothing overflows or underflows. A row that has a NaN or an infinity gives a row of NaN; one with steps of less than 1e-35
/// counts as zero.
/// Bias, activation and residual as in [`Gemm`](crate::Gemm).
///
/// ```
/// use kernels_nn::{Activation, Int8Gemm, Int8Matrix, Scratch, WeightBits};
/// let weights = Int8Matrix::new(&[1.0, -1.0, 2.0, -2.0], 2, 2, WeightBits::Seven)?;
/// let layer = Int8Gemm::new(&weights).bias(&[0.5, 0.5]).activation(Activation::Relu);
/// let (mut out, mut scratch) = ([0.0; 2], Scratch::with_limit(1 << 20));
/// layer.run_into(&[1.0, 1.0], 1, &mut out, &mut scratch)?;
/// assert!((out[0] - 3.5).abs() < 0.05 && out[1] == 0.0);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Int8Gemm<'a> {
    weights: &'a Int8Matrix,
    params: Option<QuantizationParams<u8>>,
    epilogue: Epilogue<'a>,
}

impl<'a> Int8Gemm<'a> {
    /// The product alone.
    pub fn new(weights: &'a Int8Matrix) -> Self {
        Self::with(weights, Epilogue::default())
    }

    /// The product and all of this.
    pub(crate) const fn with(weights: &'a Int8Matrix, epilogue: Epilogue<'a>) -> Self {
        Self { weights, params: None, epilogue }
    }

    /// Quantises all rows by the same, e.g. by what a [`Calibration`](crate::Calibration) found, and not each by its own
    /// range: a value beyond what the codes stand for counts as the nearest that they do. With steps of less than 1e-35 all count as
    /// zero.
    pub const fn quantized_by(self, params: QuantizationParams<u8>) -> Self {
        Self { params: Some(params), ..self }
    }

    epilogue_setters! {}

    /// Multiplies `a: [m, k]`. Returns `[m, n]`.
    ///
    /// # Errors
    /// If `m` is 0, or `a`, the bias or the residual has another length than the shapes call for, the scale of what rows are
    /// quantised by is not finite and positive, or there is no memory.
    pub fn run(&self, a: &[f32], m: usize) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.check(a, m)?)?;
        self.run_into(a, m, &mut out, &mut Scratch::with_limit(usize::MAX))?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out: [m, n]`. Allocates nothing once `scratch` has grown.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length, or `scratch` may not hold
    /// [`scratch_bytes`](Self::scratch_bytes). `out` is then as it was.
    pub fn run_into(&self, a: &[f32], m: usize, out: &mut [f32], scratch: &mut Scratch) -> Result<(), Error> {
        length("out", self.check(a, m)?, out.len())?;
        self.run_in(a, m, out, &mut scratch.frame(self.scratch_bytes(m))?)
    }

    /// That all shapes agree: the length of the output.
    fn check(&self, a: &[f32], m: usize) -> Result<usize, Error> {
        if let Some(params) = self.params {
            params.check()?;
        }
        self.epilogue.check(a, m, self.weights.k(), self.weights.n())
    }

    /// The working memory for `m` rows, in bytes: that of sixteen packed rows at most.
    #[must_use]
    pub fn scratch_bytes(&self, m: usize) -> usize {
        Scratch::bytes::<u32>(packed_len(m, self.weights.k(), self.weights.layout().step))
    }

    /// The same, in memory that others work in too.
    pub(crate) fn run_in(
        &self,
        a: &[f32],
        m: usize,
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let Self { weights, params, epilogue } = *self;
        let (k, n) = (weights.k(), weights.n());
        let product = Product {
            rows: Floats { a, k, params },
            m,
            k,
            n,
            bits: weights.bits(),
            panels: weights.panels(),
            sums: weights.sums(),
            finish: Scaled { scales: weights.scales(), epilogue },
            out,
            packed: frame.part().take(packed_len(m, k, weights.layout().step))?,
        };
        Ok(dispatch_on(weights.isa(), product)?)
    }
}
