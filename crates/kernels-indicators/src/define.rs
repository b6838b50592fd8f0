//! The functions and the type that each indicator is called by.

/// Makes the type with an indicator's parameters, and the functions of its forms, of one list.
macro_rules! indicator {
    (
        $(#[$doc:meta])*
        fn $batch:ident($($input:ident),+; $($(#[$param_doc:meta])* $param:ident: $type:ty),*) -> $out:tt;
        forms $into:ident $($in_place:ident)?;
        type $spec:ident;
    ) => {
        #[doc = concat!("[`", stringify!($batch), "`](crate::", stringify!($batch), "()) with its parameters.")]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $spec {
            $($(#[$param_doc])* pub $param: $type,)*
        }

        #[allow(clippy::new_without_default, reason = "no parameters are as good as any only where there are none")]
        impl $spec {
            /// Takes any parameters; what runs with them checks them.
            #[must_use]
            pub const fn new($($param: $type),*) -> Self {
                Self { $($param),* }
            }
        }

        $(#[$doc])*
        pub fn $batch<T: simd_core::Element>(
            $($input: &[T],)+ $($param: $type),*
        ) -> Result<$crate::define::out!($out Vec<T>), $crate::Error> {
            $crate::forms::batch(&$spec::new($($param),*), $crate::define::inputs!($($input),+))
        }

        #[doc = concat!("As [`", stringify!($batch), "`](crate::", stringify!($batch), "()), into `out`.")]
        /// Allocates nothing.
        ///
        /// # Errors
        #[doc = concat!(
            "As [`", stringify!($batch), "`](crate::", stringify!($batch),
            "()); if `out` is not as long as the input."
        )]
        pub fn $into<T: simd_core::Element>(
            $($input: &[T],)+ $($param: $type,)* out: $crate::define::out!($out &mut [T])
        ) -> Result<(), $crate::Error> {
            $crate::forms::batch_into(None, &$spec::new($($param),*), $crate::define::inputs!($($input),+), out)
        }

        $crate::define::in_place! { $batch, $spec($($param: $type),*), $($in_place)? }
    };
}

/// The function that writes over its input, where there is one.
macro_rules! in_place {
    ($batch:ident, $spec:ident($($param:ident: $type:ty),*),) => {};
    ($batch:ident, $spec:ident($($param:ident: $type:ty),*), $in_place:ident) => {
        #[doc = concat!("As [`", stringify!($batch), "`](crate::", stringify!($batch), "()), over its input.")]
        /// Allocates nothing.
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($batch), "`](crate::", stringify!($batch), "()).")]
        pub fn $in_place<T: simd_core::Element>(
            data: &mut [T], $($param: $type),*
        ) -> Result<(), $crate::Error> {
            $crate::forms::in_place(None, &$spec::new($($param),*), data)
        }
    };
}

/// One series, or several of them.
macro_rules! inputs {
    ($input:ident) => { $input };
    ($($input:ident),+) => { [$($input),+] };
}

/// One output, or several with names.
macro_rules! out {
    (One $of:ty) => { $of };
    ($several:ident $of:ty) => { $crate::$several<$of> };
}

pub(crate) use {in_place, indicator, inputs, out};
