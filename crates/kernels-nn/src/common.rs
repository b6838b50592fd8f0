//! Methods that several types have, written once.

/// Of a matrix of weights with fields `k`, `n` and `isa`.
macro_rules! shape_and_set {
    () => {
        /// How many rows it has: the length of a row of what it is multiplied with.
        #[must_use]
        pub const fn k(&self) -> usize {
            self.k
        }

        /// How many columns it has: the length of a row of the product.
        #[must_use]
        pub const fn n(&self) -> usize {
            self.n
        }

        /// The instruction set that multiplies by it.
        #[must_use]
        pub const fn isa(&self) -> simd_core::Isa {
            self.isa
        }
    };
}

/// Of a product with a field `epilogue: Epilogue<'a>`.
macro_rules! epilogue_setters {
    () => {
        /// Adds `bias: [n]` to each row of the product.
        pub const fn bias(mut self, bias: &'a [f32]) -> Self {
            self.epilogue.bias = Some(bias);
            self
        }

        /// Applies an activation to each value, after the bias.
        pub const fn activation(mut self, activation: crate::Activation) -> Self {
            self.epilogue.activation = Some(activation);
            self
        }

        /// Adds `residual: [m, n]`, after the activation.
        pub const fn residual(mut self, residual: &'a [f32]) -> Self {
            self.epilogue.residual = Some(residual);
            self
        }
    };
}
