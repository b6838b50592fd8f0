//! Matrix products.
//!
//! - [`functions`](mod@functions): products of plain slices
//! - [`packed`]: matrices that are packed once, [`half`] and [`int4`]: such in fewer bits, [`weights`]: one of them, and [`fused`]: products with them, and what is done with these at once
//! - [`product`]: how a product is walked; [`panels`]: the layout of B; [`epilogue`]: what follows the product
//! - [`compressed`]: how a product with weights in fewer bits is walked, and [`encoded`]: how they are read
//! - [`tile`] holds the hot loops, and [`gemv`](mod@gemv) that of a matrix and a vector
//!
//! From the outside in: the rows of A are taken in *blocks* of about 128, and each in blocks of 512 *steps* along `k`: they
//! stay in the second-level cache, as they lie (A is not packed), while each *panel* of B passes over them: 16 columns, or 8. What it makes is a
//! *stripe* of the output. A pass takes the rows in *tiles*, of six by 16 on AVX2, whose sums stay in registers. After a
//! stripe's last step its epilogue runs, while it is in cache. Meanwhile the next panel is fetched.

mod compressed;
mod encoded;
mod epilogue;
mod functions;
mod fused;
mod gemv;
mod half;
mod int4;
mod packed;
mod panels;
#[cfg(feature = "parallel")]
mod parallel;
mod product;
mod tile;
mod weights;

pub(crate) use epilogue::{Epilogue, Stripe};
pub use functions::{
    gemm, gemm_bt, gemm_bt_into, gemm_bt_into_on, gemm_into, gemm_into_on, gemv, gemv_into, gemv_into_on,
};
pub use fused::Gemm;
pub(crate) use gemv::COLD;
pub use half::{HalfFormat, HalfMatrix};
pub use int4::{Int4Groups, Int4Matrix};
pub use packed::PackedMatrix;
#[cfg(feature = "parallel")]
pub use parallel::{gemm_bt_parallel, gemm_parallel, gemv_parallel};
pub use weights::Weights;
