//! What an indicator reads and writes at a bar: one value, or several with names. The same shape holds single values
//! in a stream, slices in a batch, and vectors in what a batch returns.

use std::fmt::Debug;

/// One value or several, each with a name.
pub trait Shape: Copy + Debug {
    /// The names of the values, in order.
    const NAMES: &'static [&'static str];
    /// Several things of this shape.
    type Of<V: Send + Sync>: Send + Sync;

    /// Makes each thing of a shape from its index.
    fn from_fn<V: Send + Sync>(of: impl FnMut(usize) -> V) -> Self::Of<V>;
    /// The things, in order, made into others.
    fn map<V: Send + Sync, W: Send + Sync>(of: Self::Of<V>, into: impl FnMut(V) -> W) -> Self::Of<W>;
    /// The things of two in pairs.
    fn zip<V: Send + Sync, W: Send + Sync>(of: Self::Of<V>, with: Self::Of<W>) -> Self::Of<(V, W)>;
    /// References to the things.
    fn each_ref<V: Send + Sync>(of: &Self::Of<V>) -> Self::Of<&V>;
    /// References to the things.
    fn each_mut<V: Send + Sync>(of: &mut Self::Of<V>) -> Self::Of<&mut V>;
}

macro_rules! shape {
    ($(#[$doc:meta])* $shape:ident { $($field:ident $other:ident),* } of $of:ty, $pattern:pat, $others:pat => $build:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        impl Shape for $shape {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
            type Of<V: Send + Sync> = $of;

            #[inline(always)]
            fn from_fn<V: Send + Sync>(mut of: impl FnMut(usize) -> V) -> Self::Of<V> {
                let mut index = 0;
                $(let $field = of(index); index += 1;)*
                let _ = index;
                $build
            }
            #[inline(always)]
            fn map<V: Send + Sync, W: Send + Sync>(of: Self::Of<V>, mut into: impl FnMut(V) -> W) -> Self::Of<W> {
                let $pattern = of;
                $(let $field = into($field);)*
                $build
            }
            #[inline(always)]
            fn zip<V: Send + Sync, W: Send + Sync>(of: Self::Of<V>, with: Self::Of<W>) -> Self::Of<(V, W)> {
                let ($pattern, $others) = (of, with);
                $(let $field = ($field, $other);)*
                $build
            }
            #[inline(always)]
            fn each_ref<V: Send + Sync>(of: &Self::Of<V>) -> Self::Of<&V> {
                let $pattern = of;
                $build
            }
            #[inline(always)]
            fn each_mut<V: Send + Sync>(of: &mut Self::Of<V>) -> Self::Of<&mut V> {
                let $pattern = of;
                $build
            }
        }
    };
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $shape:ident { $($(#[$field_doc:meta])* $field:ident $other:ident),* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $name<V> {
            $($(#[$field_doc])* pub $field: V,)*
        }

        shape! {
            #[doc = concat!("The shape of [`", stringify!($name), "`].")]
            $shape { $($field $other),* } of $name<V>,
            $name { $($field),* }, $name { $($field: $other),* } => $name { $($field),* }
        }
    };
}

shape! {
    /// One series.
    One { data other } of V, data, other => data
}
shape! {
    /// The closing price and the volume of a bar.
    CloseVolume { close c, volume v } of [V; 2], [close, volume], [c, v] => [close, volume]
}
shape! {
    /// A value and the volume of a bar.
    DataVolume { data d, volume v } of [V; 2], [data, volume], [d, v] => [data, volume]
}
shape! {
    /// The high, low and closing price of a bar.
    HighLowClose { high h, low l, close c } of [V; 3], [high, low, close], [h, l, c] => [high, low, close]
}
shape! {
    /// The high, low and closing price of a bar, and its volume.
    HighLowCloseVolume { high h, low l, close c, volume v } of [V; 4],
    [high, low, close, volume], [h, l, c, v] => [high, low, close, volume]
}

named! {
    /// Bollinger bands.
    Bands, BandsShape {
        /// The middle and `k` standard deviations.
        upper u,
        /// The simple moving average.
        middle m,
        /// The middle less `k` standard deviations.
        lower l
    }
}
named! {
    /// Moving average convergence/divergence.
    Macd, MacdShape {
        /// The fast average less the slow one.
        line l,
        /// The average of the line.
        signal s,
        /// The line less its signal.
        histogram h
    }
}
named! {
    /// Average directional index.
    Adx, AdxShape {
        /// The index: how strong a trend is, from 0 to 100.
        adx a,
        /// +DI: the part of the range by which highs rose.
        plus_di p,
        /// -DI: the part of the range by which lows fell.
        minus_di m
    }
}
named! {
    /// Stochastic oscillator.
    Stochastic, StochasticShape {
        /// %K: where the close lies in the range of the last bars, from 0 to 100, smoothed.
        k left,
        /// %D: the average of %K.
        d right
    }
}
