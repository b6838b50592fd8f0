//! Products of integers of eight bits.

use super::layout::{Layout, WeightBits, check, pack};
use super::product::{Exact, Product, packed_len};
use super::rows::Integers;
use crate::error::{Error, length, positive, product, zeros};
use simd_core::{Isa, Scratch, dispatch_on};

/// An integer of eight bits: `u8` or `i8`.
pub trait Byte: Copy + Sync + sealed::Sealed {
    /// The same in `u8`, 128 more if it was signed.
    #[doc(hidden)]
    fn shifted(self) -> u8;
    /// The number.
    #[doc(hidden)]
    fn number(self) -> i32;
    /// By how much `shifted` is more.
    #[doc(hidden)]
    const SHIFT: i32;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for i8 {}
}

impl Byte for u8 {
    const SHIFT: i32 = 0;

    #[inline(always)]
    fn shifted(self) -> u8 {
        self
    }
    #[inline(always)]
    fn number(self) -> i32 {
        self.into()
    }
}

impl Byte for i8 {
    const SHIFT: i32 = 128;

    #[inline(always)]
    fn shifted(self) -> u8 {
        self.cast_unsigned() ^ 0x80
    }
    #[inline(always)]
    fn number(self) -> i32 {
        self.into()
    }
}

/// Of a row or column, as the shifted bytes have it.
#[inline(always)]
pub(super) fn zero_point<T: Byte>(zero_points: &[T], index: usize) -> i32 {
    let zero_point = match zero_points {
        [] => 0,
        [one] => one.number(),
        each => each[index].number(),
    };
    zero_point + T::SHIFT
}

/// The product of two matrices of integers, exactly:
/// `out[i, j] = sum over l of (a[i, l] - a_zero[i]) (b[l, j] - b_zero[j])`.
///
/// - `a`: `[m, k]`; `b`: `[k, n]`; both row-major, of `u8` or `i8`; `k` at most 65,536
/// - `a_zero`: none, one, or one for each row of `a`; `b_zero`: none, one, or one for each column of `b`
///
/// Returns `[m, n]`. Sums beyond 32 bits wrap around; with `k` up to 33,025 there are none. Formula: ONNX `MatMulInteger`.
///
/// ```
/// let product = kernels_nn::matmul_integer(&[1_u8, 2, 3, 4], &[1_i8, -1, 0, 2], [2, 2, 2], &[1], &[])?;
/// assert_eq!(product, [0, 2, 2, 4]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `m` or `n` is 0, `k` is not 1 to 65,536, `a` or `b` has another length than they call for, there are some zero points
/// but neither one nor enough, or there is no memory.
pub fn matmul_integer<A: Byte, B: Byte>(
    a: &[A],
    b: &[B],
    shape: [usize; 3],
    a_zero: &[A],
    b_zero: &[B],
) -> Result<Vec<i32>, Error> {
    let len = lengths(a, b, shape, a_zero, b_zero)?;
    let mut out = zeros("out", len)?;
    matmul_integer_into(a, b, shape, a_zero, b_zero, &mut out, &mut Scratch::with_limit(usize::MAX))?;
    Ok(out)
}

/// As [`matmul_integer`], into `out: [m, n]`. Allocates nothing once `scratch` has grown: it holds `b`, and some rows of `a`.
///
/// # Errors
/// As [`matmul_integer`]; if `out` has another length, or `scratch` may not hold that much. `out` is then as it was.
pub fn matmul_integer_into<A: Byte, B: Byte>(
    a: &[A],
    b: &[B],
    shape: [usize; 3],
    a_zero: &[A],
    b_zero: &[B],
    out: &mut [i32],
    scratch: &mut Scratch,
) -> Result<(), Error> {
    matmul_integer_into_on(Isa::active()?, a, b, shape, a_zero, b_zero, out, scratch)
}

/// As [`matmul_integer_into`], on a named instruction set.
///
/// # Errors
/// As [`matmul_integer_into`] and [`Isa::require`].
#[expect(clippy::too_many_arguments, reason = "one more than the function that it is a form of")]
pub fn matmul_integer_into_on<A: Byte, B: Byte>(
    isa: Isa,
    a: &[A],
    b: &[B],
    [m, k, n]: [usize; 3],
    a_zero: &[A],
    b_zero: &[B],
    out: &mut [i32],
    scratch: &mut Scratch,
) -> Result<(), Error> {
    length("out", lengths(a, b, [m, k, n], a_zero, b_zero)?, out.len())?;
    let bits = WeightBits::Eight;
    let layout = Layout::on(isa, bits)?;
    let (len, columns) = (layout.len(k, n)?, layout.columns(n));
    let rows = packed_len(m, k, layout.step);
    let bytes = [Scratch::bytes::<i8>(len), Scratch::bytes::<i32>(columns), Scratch::bytes::<i32>(columns)];
    let bytes = bytes.into_iter().fold(Scratch::bytes::<u32>(rows), usize::saturating_add);
    let mut frame = scratch.frame(bytes)?;
    let (panels, packed) = (frame.take(len)?, frame.take(rows)?);
    let (sums, zero_points) = (frame.take(columns)?, frame.take(columns)?);
    pack(layout, (k, n), |i, j| (b[i * n + j].shifted() ^ 0x80).cast_signed(), panels, sums);
    zero_points.fill(0);
    for (j, zero) in zero_points[..n].iter_mut().enumerate() {
        *zero = zero_point(b_zero, j) - 128;
    }
    let (rows, finish) = (Integers { a, k, zero_points: a_zero }, Exact { zero_points });
    Ok(dispatch_on(isa, Product { rows, m, k, n, bits, panels, sums, finish, out, packed })?)
}

/// That all lengths agree: that of the output.
fn lengths<A: Byte, B: Byte>(
    a: &[A],
    b: &[B],
    [m, k, n]: [usize; 3],
    a_zero: &[A],
    b_zero: &[B],
) -> Result<usize, Error> {
    positive(&[("m", m)])?;
    check(b.len(), k, n)?;
    length("a", product("a", &[m, k])?, a.len())?;
    for (what, expected, got) in [("a_zero", m, a_zero.len()), ("b_zero", n, b_zero.len())] {
        if got > 1 {
            length(what, expected, got)?;
        }
    }
    product("out", &[m, n])
}
