//! Macros that make vector types out of plain lists of instructions.

/// Compiles each function for the named features: register-only intrinsics are safe inside.
#[allow(unused_macros, reason = "a platform without an instruction set of its own has nothing to list")]
macro_rules! instructions {
    (features = $features:literal; $($item:item)*) => {
        $(#[inline] #[target_feature(enable = $features)] $item)*
    };
}

/// Calls an instruction on the inside of vectors.
macro_rules! call {
    ($instructions:ident :: $op:ident ($($arg:expr),*)) => {{
        #[allow(unused_unsafe, reason = "needed only where a build for the target may lack the set")]
        // SAFETY: a token exists only where its set was detected, and every vector was made from a token or
        // from other vectors. Whoever holds one of them may promise the set's features to the compiler.
        unsafe { $instructions::$op($($arg),*) }
    }};
}

/// A vector type and its mask type over the instructions of one module.
macro_rules! vector {
    (
        $(#[$doc:meta])*
        $vector:ident = [$element:ty; $lanes:literal] in $raw:ty,
        $mask:ident in $raw_mask:ty,
        token $token:ident,
        instructions $ops:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $vector($raw);

        #[doc = concat!("A truth value for each lane of a [`", stringify!($vector), "`].")]
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $mask($raw_mask);

        // What kernels make room for.
        const _: () = assert!($lanes <= $crate::MAX_LANES);

        impl $crate::sealed::Sealed for $vector {}
        impl $crate::sealed::Sealed for $mask {}

        impl $crate::Vector for $vector {
            type Simd = $token;
            type Element = $element;
            type Mask = $mask;
            type Array = [$element; $lanes];
            type Block = [Self; $lanes];
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(_: $token, x: $element) -> Self {
                Self(call!($ops::splat(x)))
            }
            #[inline(always)]
            fn load(_: $token, xs: &[$element]) -> Self {
                let Some(xs) = xs.first_chunk::<$lanes>() else { $crate::vector::too_short($lanes, xs.len()) };
                Self(call!($ops::load(xs)))
            }
            #[inline(always)]
            fn store(self, out: &mut [$element]) {
                let len = out.len();
                let Some(out) = out.first_chunk_mut::<$lanes>() else { $crate::vector::too_short($lanes, len) };
                call!($ops::store(self.0, out));
            }
            #[inline(always)]
            fn to_array(self) -> Self::Array {
                let mut lanes = [0.0; $lanes];
                self.store(&mut lanes);
                lanes
            }
            #[inline(always)]
            fn block(self) -> Self::Block {
                [self; $lanes]
            }
            #[inline(always)]
            fn load_columns(_: $token, xs: &[$element], stride: usize) -> Self::Block {
                $crate::vector::check_rows($lanes, stride, xs.len());
                let start = xs.as_ptr().cast::<[$element; $lanes]>();
                // SAFETY: a row ends no later than the last one, which was found to lie within the slice.
                let mut rows = [unsafe { &*start }; $lanes];
                for (i, row) in rows.iter_mut().enumerate() {
                    // SAFETY: likewise.
                    *row = unsafe { &*start.byte_add(i * stride * size_of::<$element>()) };
                }
                let mut columns = [Self(call!($ops::load(rows[0]))); $lanes];
                for (column, raw) in columns.iter_mut().zip(call!($ops::load_columns(rows))) {
                    column.0 = raw;
                }
                columns
            }
            #[inline(always)]
            fn store_columns(columns: Self::Block, out: &mut [$element], stride: usize) {
                $crate::vector::check_rows($lanes, stride, out.len());
                for (i, row) in Self::transpose(columns).iter().enumerate() {
                    // SAFETY: a row ends no later than the last one, which was found to lie within the slice.
                    row.store(unsafe { out.get_unchecked_mut(i * stride..i * stride + $lanes) });
                }
            }
            #[inline(always)]
            fn transpose(rows: Self::Block) -> Self::Block {
                // Loops: `array::map` is not always inlined.
                let mut raw = [rows[0].0; $lanes];
                for (raw, row) in raw.iter_mut().zip(rows) {
                    *raw = row.0;
                }
                let mut columns = rows;
                for (column, raw) in columns.iter_mut().zip(call!($ops::transpose(raw))) {
                    column.0 = raw;
                }
                columns
            }
            #[inline(always)]
            fn lag(self, previous: Self, by: usize) -> Self {
                assert!(matches!(by, 1 | 2 | 4) && by < $lanes, "no such lag");
                Self(call!($ops::lag(previous.0, self.0, by)))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                Self(call!($ops::mul_add(self.0, factor.0, summand.0)))
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(call!($ops::sqrt(self.0)))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(call!($ops::abs(self.0)))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(call!($ops::max(self.0, other.0)))
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(call!($ops::min(self.0, other.0)))
            }
            #[inline(always)]
            fn eq(self, other: Self) -> $mask {
                $mask(call!($ops::eq(self.0, other.0)))
            }
            #[inline(always)]
            fn lt(self, other: Self) -> $mask {
                $mask(call!($ops::lt(self.0, other.0)))
            }
            #[inline(always)]
            fn le(self, other: Self) -> $mask {
                $mask(call!($ops::le(self.0, other.0)))
            }
            #[inline(always)]
            fn unordered(self, other: Self) -> $mask {
                $mask(call!($ops::unordered(self.0, other.0)))
            }
        }

        impl $crate::Mask for $mask {
            type Vector = $vector;

            #[inline(always)]
            fn any(self) -> bool {
                call!($ops::any(self.0))
            }
            #[inline(always)]
            fn all(self) -> bool {
                call!($ops::all(self.0))
            }
            #[inline(always)]
            fn bits(self) -> u32 {
                call!($ops::bits(self.0))
            }
            #[inline(always)]
            fn select(self, set: $vector, clear: $vector) -> $vector {
                $vector(call!($ops::select(self.0, set.0, clear.0)))
            }
        }

        operator! { $vector: Add add, $ops }
        operator! { $vector: Sub sub, $ops }
        operator! { $vector: Mul mul, $ops }
        operator! { $vector: Div div, $ops }
        operator! { $mask: BitAnd bitand, $ops }
        operator! { $mask: BitOr bitor, $ops }
    };
}

/// `core::ops::$trait` by the instruction of the same name.
macro_rules! operator {
    ($type:ident: $trait:ident $method:ident, $ops:ident) => {
        impl core::ops::$trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(call!($ops::$method(self.0, other.0)))
            }
        }
    };
}

/// The conversions of a token, and its operations on the bits of floats, by the instructions of one module.
macro_rules! conversions {
    ($ops:ident, $f32:ident = [f32; $lanes:literal], $f64:ident) => {
        #[inline(always)]
        fn widen(self, x: Self::F32) -> [Self::F64; 2] {
            let [low, high] = call!($ops::widen(x.0));
            [$f64(low), $f64(high)]
        }
        #[inline(always)]
        fn narrow(self, [low, high]: [Self::F64; 2]) -> Self::F32 {
            $f32(call!($ops::narrow(low.0, high.0)))
        }
        #[inline(always)]
        fn add_exponents(self, x: Self::F32, powers: Self::F32) -> Self::F32 {
            $f32(call!($ops::add_exponents(x.0, powers.0)))
        }
        #[inline(always)]
        fn copy_signs(self, magnitudes: Self::F32, signs: Self::F32) -> Self::F32 {
            $f32(call!($ops::copy_signs(magnitudes.0, signs.0)))
        }
        #[inline(always)]
        fn store_u8(self, [a, b, c, d]: [Self::F32; 4], out: &mut [u8]) -> bool {
            let len = out.len();
            let Some(out) = out.first_chunk_mut::<{ 4 * $lanes }>() else {
                $crate::vector::too_short(4 * $lanes, len)
            };
            call!($ops::store_u8([a.0, b.0, c.0, d.0], out))
        }
    };
}

/// Halves by plain Rust, where there are no instructions for them.
#[allow(unused_macros, reason = "not every platform needs it")]
macro_rules! plain_halves {
    () => {
        #[inline(always)]
        fn load_f16(self, xs: &[u16]) -> Self::F32 {
            $crate::vector::load_by(
                self,
                xs,
                #[inline(always)]
                |x| $crate::half::f16_to_f32(x),
            )
        }
        #[inline(always)]
        fn store_f16(self, x: Self::F32, out: &mut [u16]) {
            $crate::vector::store_by(x, out, $crate::half::f32_to_f16);
        }
    };
}

/// A register of sums over the instructions of one module.
macro_rules! byte_products {
    (
        $(#[$doc:meta])*
        $vector:ident in $raw:ty,
        bytes $bytes:ident = [i8; $count:literal] in $raw_bytes:ty,
        token $token:ident,
        instructions $ops:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $vector($raw);

        #[doc = concat!("Bytes whose products a [`", stringify!($vector), "`] adds up.")]
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $bytes($raw_bytes);

        impl $crate::sealed::Sealed for $vector {}

        impl $crate::ByteProducts for $vector {
            type Simd = $token;
            type Bytes = $bytes;
            const BYTES: usize = $count;

            #[inline(always)]
            fn zero(_: $token) -> Self {
                Self(call!($ops::zero()))
            }
            #[inline(always)]
            fn load(_: $token, xs: &[i8]) -> $bytes {
                let Some(xs) = xs.first_chunk::<$count>() else { $crate::vector::too_short($count, xs.len()) };
                $bytes(call!($ops::load_i8(xs)))
            }
            #[inline(always)]
            fn add(self, bytes: $bytes, xs: &[i8]) -> Self {
                let Some(xs) = xs.first_chunk::<$count>() else { $crate::vector::too_short($count, xs.len()) };
                Self(call!($ops::add_products(self.0, bytes.0, xs)))
            }
            #[inline(always)]
            fn total(self) -> i32 {
                call!($ops::total(self.0))
            }
        }
    };
}
