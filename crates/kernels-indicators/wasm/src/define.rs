//! What is made of an indicator: its description, the functions of its forms, the class of its stream, and their types.

/// All of an indicator, of one list.
macro_rules! indicator {
    (
        $doc:literal
        $static:ident = $spec:ident($($input:ident),+; $($param:ident: $kind:ident),*) -> $shape:ident;
        $name:ident $into:ident $many:ident $many_into:ident $($sweep:ident $sweep_into:ident)?;
        $stream:ident -> $value:literal;
    ) => {
        static $static: Indicator = {
            const PARAMS: &[Param] = &[$(Param { name: stringify!($param), kind: Kind::$kind }),*];

            fn start(numbers: &[f64]) -> std::result::Result<(Box<dyn Bars>, usize), Error> {
                let spec = batch::setting::<spec::$spec>(numbers);
                let lookback = spec.lookback()?;
                Ok((Box::new(spec.stream::<f64>()?), lookback))
            }

            Indicator {
                inputs: &[$(stringify!($input)),+],
                params: PARAMS,
                outputs: shape!($shape),
                run: &batch::$static,
                start,
            }
        };

        impl Bars for Stream<spec::$spec, f64> {
            fn update(&mut self, bar: &[f64; INPUTS]) -> Option<[f64; OUTPUTS]> {
                Self::update(self, Bar::of(bar)).map(Values::array)
            }

            fn peek(&self, bar: &[f64; INPUTS]) -> Option<[f64; OUTPUTS]> {
                Self::peek(self, Bar::of(bar)).map(Values::array)
            }

            fn reset(&mut self) {
                Self::reset(self);
            }
        }

        forms! {
            $doc
            $static($($input),+; $($param: $kind),*) -> $shape;
            $name $into $many $many_into;
        }
        sweeps! {
            $static $name($($input),+; $($param: $kind),*) -> $shape;
            $($sweep $sweep_into)?
        }
        stream! {
            concat!("`", stringify!($name), "`, bar by bar, in memory that does not grow. Free it with `free()`, or by `using`.");
            $static $stream($($input),+; $($param),*) -> $value
        }
    };
}

/// The functions of the forms that every indicator has.
macro_rules! forms {
    (
        $doc:literal
        $static:ident($($input:ident),+; $($param:ident: $kind:ident),*) -> $shape:ident;
        $name:ident $into:ident $many:ident $many_into:ident;
    ) => {
        function! {
            $doc;
            $static One $name($($input: Series,)+ $($param: $kind One),*) -> $shape
        }
        function! {
            concat!("As `", stringify!($name), "`, into `out`.");
            $static OneInto $into($($input: Series,)+ $($param: $kind One,)* out: $shape) -> Nothing
        }
        function! {
            concat!("As `", stringify!($name), "`, of `series` series that lie one after another: `[series, bars]`, row-major.");
            $static Many $many($($input: Series,)+ series: Count One, $($param: $kind One),*) -> $shape
        }
        function! {
            concat!("As `", stringify!($many), "`, into `out`.");
            $static ManyInto
            $many_into($($input: Series,)+ series: Count One, $($param: $kind One,)* out: $shape) -> Nothing
        }
    };
}

/// The functions for many settings, where it has any.
macro_rules! sweeps {
    ($static:ident $name:ident($($input:ident),+;) -> $shape:ident;) => {};
    (
        $static:ident $name:ident($($input:ident),+; $($param:ident: $kind:ident),+) -> $shape:ident;
        $sweep:ident $sweep_into:ident
    ) => {
        function! {
            concat!("As `", stringify!($name), "`, for each of several settings: `[settings, bars]`, row-major.");
            $static Sweep $sweep($($input: Series,)+ $($param: $kind Sweep),+) -> $shape
        }
        function! {
            concat!("As `", stringify!($sweep), "`, into `out`.");
            $static SweepInto $sweep_into($($input: Series,)+ $($param: $kind Sweep,)+ out: $shape) -> Nothing
        }
    };
}

/// A function, for series of 64 bits and of 32.
macro_rules! function {
    (
        $doc:expr;
        $static:ident $form:ident
        $name:ident($($argument:ident: $type:ident $($how:ident)?),+ $(,)?) -> $result:ident
    ) => {
        #[doc = $doc]
        ///
        /// # Errors
        /// Of arguments that are wrong; nothing is written then.
        #[wasm_bindgen(skip_typescript)]
        pub fn $name($($argument: &JsValue),+) -> Result<JsValue> {
            call(&$static, Form::$form, &[$($argument),+])
        }

        const _: () = {
            #[wasm_bindgen(typescript_custom_section)]
            const TYPES: &str = concat!(
                "\n/** ", $doc, " */\n",
                "export function ", stringify!($name), "(",
                $(stringify!($argument), ": ", type_of!($type $($how)? F64), ", ",)+
                "): ", result_of!($result F64), ";\n",
                "export function ", stringify!($name), "(",
                $(stringify!($argument), ": ", type_of!($type $($how)? F32), ", ",)+
                "): ", result_of!($result F32), ";\n",
                "export function ", stringify!($name), "<T extends F64Series | F32Series>(",
                $(stringify!($argument), ": ", type_of!($type $($how)? Any), ", ",)+
                "): ", result_of!($result Any), ";\n",
            );
        };
    };
}

/// The type of an argument.
macro_rules! type_of {
    (Series F64) => { "F64Series" };
    (Series F32) => { "F32Series" };
    // Of one kind that the caller's types do not tell.
    (Series Any) => { "T" };
    (Count One $bits:ident) => { "number" };
    (Number One $bits:ident) => { "number" };
    (Counts One $bits:ident) => { "Numbers" };
    (Count Sweep $bits:ident) => { "Periods" };
    (Number Sweep $bits:ident) => { "number | Numbers" };
    // What is written to.
    (One $bits:ident) => { type_of!(Series $bits) };
    ($shape:ident $bits:ident) => { concat!(stringify!($shape), "<", type_of!(Series $bits), ">") };
}

/// The type of a result.
macro_rules! result_of {
    (Nothing $bits:ident) => { "void" };
    (One F64) => { "Float64Array" };
    (One F32) => { "Float32Array" };
    (One Any) => { "Float64Array | Float32Array" };
    ($shape:ident $bits:ident) => { concat!(stringify!($shape), "<", result_of!(One $bits), ">") };
}

/// The class of a stream.
macro_rules! stream {
    ($doc:expr; $static:ident $stream:ident($($input:ident),+; $($param:ident),*) -> $value:literal) => {
        #[doc = $doc]
        #[wasm_bindgen]
        pub struct $stream(Live);

        #[wasm_bindgen]
        impl $stream {
            /// Before the first bar.
            ///
            /// # Errors
            /// If a parameter is out of its range.
            #[wasm_bindgen(constructor)]
            pub fn new($(#[wasm_bindgen(unchecked_param_type = "number")] $param: &JsValue),*) -> Result<$stream> {
                Live::new(&$static, &[$($param),*]).map(Self)
            }

            /// Takes the next bar, and returns the values at it: none while there are too few bars, and at a gap.
            ///
            /// # Errors
            /// If a value is no number.
            #[wasm_bindgen(unchecked_return_type = $value)]
            pub fn update(
                &mut self,
                $(#[wasm_bindgen(unchecked_param_type = "number")] $input: &JsValue),+
            ) -> Result<JsValue> {
                self.0.update(&[$($input),+])
            }

            /// What `update` would return, for a bar that is not closed yet: it is not taken.
            ///
            /// # Errors
            /// As `update`.
            #[wasm_bindgen(unchecked_return_type = $value)]
            pub fn peek(
                &self,
                $(#[wasm_bindgen(unchecked_param_type = "number")] $input: &JsValue),+
            ) -> Result<JsValue> {
                self.0.peek(&[$($input),+])
            }

            /// The bar that the first value is at, counted from 0, where there are no gaps.
            #[wasm_bindgen(getter)]
            #[must_use]
            pub fn lookback(&self) -> usize {
                self.0.lookback
            }

            /// Back to the beginning, in the memory that there is.
            pub fn reset(&mut self) {
                self.0.reset();
            }
        }
    };
}

/// What an indicator writes.
macro_rules! shape {
    (One) => { &[Output { name: "", what: "out" }] };
    (Bands) => { shape!(upper middle lower) };
    (Macd) => { shape!(line signal histogram) };
    (Adx) => { shape!(adx plusDi minusDi) };
    (Stochastic) => { shape!(k d) };
    ($($name:ident)+) => {
        &[$(Output { name: stringify!($name), what: concat!("out.", stringify!($name)) }),+]
    };
}

pub(crate) use {forms, function, indicator, result_of, shape, stream, sweeps, type_of};
