//! The macro that makes types of [`ColumnSums`](crate::ColumnSums).

/// A type over the instructions of one module.
macro_rules! column_sums {
    (
        $(#[$doc:meta])*
        $sums:ident in $raw:ty,
        columns $columns:ident = [i8; $bytes:literal] in $raw_columns:ty,
        row u8 - $row_offset:literal, column i8 + $column_offset:literal,
        token $token:ident, floats $floats:ident = $lanes:literal,
        instructions $ops:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $sums($raw);

        #[doc = concat!("Bytes of the columns of a [`", stringify!($sums), "`].")]
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $columns($raw_columns);

        impl $crate::sealed::Sealed for $sums {}

        impl $crate::ColumnSums for $sums {
            type Simd = $token;
            type Columns = $columns;
            const STEP: usize = $bytes / $lanes;
            const BYTES: usize = $bytes;
            const ROW_OFFSET: u8 = $row_offset;
            const COLUMN_OFFSET: i8 = $column_offset;

            #[inline(always)]
            fn splat(_: $token, x: i32) -> Self {
                Self(call!($ops::splat(x)))
            }
            #[inline(always)]
            fn load(_: $token, xs: &[i32]) -> Self {
                let Some(xs) = xs.first_chunk::<$lanes>() else { $crate::vector::too_short($lanes, xs.len()) };
                Self(call!($ops::load(xs)))
            }
            #[inline(always)]
            fn store(self, out: &mut [i32]) {
                let len = out.len();
                let Some(out) = out.first_chunk_mut::<$lanes>() else { $crate::vector::too_short($lanes, len) };
                call!($ops::store(self.0, out));
            }
            #[inline(always)]
            fn to_f32(self) -> $floats {
                $floats(call!($ops::to_f32(self.0)))
            }
            #[inline(always)]
            fn columns(_: $token, xs: &[i8]) -> $columns {
                let Some(xs) = xs.first_chunk::<$bytes>() else { $crate::vector::too_short($bytes, xs.len()) };
                $columns(call!($ops::columns(xs)))
            }
            #[inline(always)]
            fn add_products(self, row: u32, columns: $columns) -> Self {
                Self(call!($ops::add_products(self.0, row, columns.0)))
            }
        }

        column_sums! { @operator $sums, $ops; Add add, Sub sub, Mul mul }
    };
    (@operator $sums:ident, $ops:ident; $($operator:ident $op:ident),*) => {
        $(impl core::ops::$operator for $sums {
            type Output = Self;

            #[inline(always)]
            fn $op(self, other: Self) -> Self {
                Self(call!($ops::$op(self.0, other.0)))
            }
        })*
    };
}
