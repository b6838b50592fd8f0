//! Integers in place of floats: ONNX's linear quantisation, and the calibration of its parameters.

mod calibration;
mod dynamic;
mod functions;
mod histogram;
mod integer;
mod linear;
mod params;

pub use calibration::{Calibration, CalibrationMethod};
pub use dynamic::{dynamic_quantize_linear, dynamic_quantize_linear_into, dynamic_quantize_linear_into_on};
pub use functions::{dequantize_linear, dequantize_linear_into, quantize_linear, quantize_linear_into};
pub use integer::{QuantizedCode, QuantizedInteger};
pub use linear::{AxisShape, LinearQuantizer};
pub use params::QuantizationParams;

use crate::error::{Error, elements};
use simd_core::{Isa, Kernel, Simd, dispatch_on, reduce};

/// The smallest and the largest of some values, all of which must be finite; infinity and negative infinity if there are none.
fn extent(isa: Isa, x: &[f32]) -> Result<[f32; 2], Error> {
    let extent = dispatch_on(isa, Extent { x })?;
    if !extent.iter().all(|end| end.is_finite()) {
        elements("x", x, "a finite number", f32::is_finite)?;
    }
    Ok(extent)
}

struct Extent<'a> {
    x: &'a [f32],
}

impl Kernel for Extent<'_> {
    type Output = [f32; 2];

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> [f32; 2] {
        let mut extent = [f32::INFINITY, f32::NEG_INFINITY];
        // What the nearest cache holds is read twice.
        for x in self.x.chunks(2048) {
            let [min, max] = simd.vectorize(
                #[inline(always)]
                || [reduce::min(simd, x), reduce::max(simd, x)],
            );
            // Not `min` and `max`: they would lose a NaN.
            extent = [
                if extent[0] < min { extent[0] } else { min },
                if extent[1] > max { extent[1] } else { max },
            ];
            if !(min.is_finite() && max.is_finite()) {
                break;
            }
        }
        extent
    }
}
