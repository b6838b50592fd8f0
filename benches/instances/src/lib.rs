//! Generic kernels, compiled for the types that they are for: the libraries that they are part of hold no machine code
//! of them, and `cargo xtask asm` reads this one instead.

/// For one type of value: every indicator as its function, what is computed in place, and a sweep.
macro_rules! instances {
    ($element:ident) => {
        #[doc = concat!("For `", stringify!($element), "`.")]
        pub mod $element {
            use kernels_indicators::*;

            type Input<'a> = &'a [$element];
            type Output<'a> = &'a mut [$element];
            type Result = core::result::Result<(), Error>;

            instances! {
                alma(data: Input<'_>, out: Output<'_>) = alma_into(data, 9, 0.85, 6.0, out);
                bollinger(data: Input<'_>, n: usize, out: Bands<Output<'_>>) = bollinger_into(data, n, 2.0, out);
                dema(data: Input<'_>, n: usize, out: Output<'_>) = dema_into(data, n, out);
                ema(data: Input<'_>, n: usize, out: Output<'_>) = ema_into(data, n, out);
                hma(data: Input<'_>, n: usize, out: Output<'_>) = hma_into(data, n, out);
                macd(data: Input<'_>, out: Macd<Output<'_>>) = macd_into(data, 12, 26, 9, out);
                rsi(data: Input<'_>, n: usize, out: Output<'_>) = rsi_into(data, n, out);
                sma(data: Input<'_>, n: usize, out: Output<'_>) = sma_into(data, n, out);
                sma_in_place(data: Output<'_>, n: usize) = kernels_indicators::sma_in_place(data, n);
                smma(data: Input<'_>, n: usize, out: Output<'_>) = smma_into(data, n, out);
                smma_in_place(data: Output<'_>, n: usize) = kernels_indicators::smma_in_place(data, n);
                smma_sweep(data: Input<'_>, all: &[spec::Smma], out: Output<'_>) = spec::Smma::sweep_into(all, data, out);
                stddev(data: Input<'_>, n: usize, out: Output<'_>) = stddev_into(data, n, out);
                tema(data: Input<'_>, n: usize, out: Output<'_>) = tema_into(data, n, out);
                wma(data: Input<'_>, n: usize, out: Output<'_>) = wma_into(data, n, out);
                true_range([high, low, close]: [Input<'_>; 3], out: Output<'_>) = true_range_into(high, low, close, out);
                atr([high, low, close]: [Input<'_>; 3], n: usize, out: Output<'_>) = atr_into(high, low, close, n, out);
                adx([high, low, close]: [Input<'_>; 3], n: usize, out: Adx<Output<'_>>)
                    = adx_into(high, low, close, n, out);
                stochastic([high, low, close]: [Input<'_>; 3], n: usize, out: Stochastic<Output<'_>>)
                    = stochastic_into(high, low, close, n, 3, 3, out);
                obv(close: Input<'_>, volume: Input<'_>, out: Output<'_>) = obv_into(close, volume, out);
                vwma(data: Input<'_>, volume: Input<'_>, n: usize, out: Output<'_>) = vwma_into(data, volume, n, out);
                vwap([high, low, close, volume]: [Input<'_>; 4], out: Output<'_>)
                    = vwap_into(high, low, close, volume, out);
            }
        }
    };
    ($($name:ident($($arg:tt: $of:ty),*) = $call:expr;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`.")]
            #[doc = ""]
            #[doc = "# Errors\nAs that function."]
            #[inline(never)]
            pub fn $name($($arg: $of),*) -> Result {
                $call
            }
        )*
    };
}

instances! { f32 }
instances! { f64 }

/// Pooling of each type of token embeddings.
pub mod pool {
    use half::{bf16, f16};
    use kernels_pool::{Error, Pooled, Pooler, Tokens};

    macro_rules! pools {
        ($($element:ident),*) => {
            $(
                #[doc = concat!("Of `", stringify!($element), "`.")]
                #[doc = ""]
                #[doc = "# Errors\nAs that function."]
                #[inline(never)]
                pub fn $element(pooler: &Pooler, tokens: Tokens<'_, $element>, out: &mut [f32]) -> Result<Pooled, Error> {
                    pooler.pool_into(tokens, out)
                }
            )*
        };
    }
    pools! { f32, f16, bf16 }
}
