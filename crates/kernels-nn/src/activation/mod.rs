//! Activations: functions of one value, applied to each.

mod apply;
pub(crate) mod formula;
pub(crate) mod functions;

use std::fmt;
use std::str::FromStr;

/// A function of one value, for layers that apply it to each of theirs.
///
/// The functions themselves, with formulas and error bounds, are those of the same names: [`relu`](crate::relu),
/// [`gelu`](crate::gelu) and so on. As text they are called as these, and with a slope `leaky_relu(0.2)`.
///
/// ```
/// use kernels_nn::Activation;
/// let activation: Activation = "silu".parse()?;
/// assert_eq!(activation, Activation::Silu);
/// let mut x = [-1.0, 0.0, 2.0];
/// activation.apply_in_place(&mut x)?;
/// assert_eq!(x[1], 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// See [`relu`](crate::relu).
    Relu,
    /// See [`leaky_relu`](crate::leaky_relu).
    LeakyRelu {
        /// What a negative value is multiplied by.
        slope: f32,
    },
    /// See [`gelu`](crate::gelu).
    Gelu,
    /// See [`gelu_tanh`](crate::gelu_tanh).
    GeluTanh,
    /// See [`silu`](crate::silu).
    Silu,
    /// See [`sigmoid`](crate::sigmoid).
    Sigmoid,
    /// See [`tanh`](crate::tanh).
    Tanh,
    /// See [`exp`](crate::exp).
    Exp,
    /// See [`erf`](crate::erf).
    Erf,
    /// See [`softplus`](crate::softplus).
    Softplus,
}

impl Activation {
    /// Every one; leaky ReLU with the slope that it has where none is named, 0.01.
    pub const ALL: [Self; 10] = [
        Self::Relu,
        Self::LeakyRelu { slope: 0.01 },
        Self::Gelu,
        Self::GeluTanh,
        Self::Silu,
        Self::Sigmoid,
        Self::Tanh,
        Self::Exp,
        Self::Erf,
        Self::Softplus,
    ];

    /// Its name, without a slope.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Gelu => "gelu",
            Self::GeluTanh => "gelu_tanh",
            Self::Silu => "silu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Exp => "exp",
            Self::Erf => "erf",
            Self::Softplus => "softplus",
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeakyRelu { slope } => f.pad(&format!("leaky_relu({slope})")),
            _ => f.pad(self.name()),
        }
    }
}

impl FromStr for Activation {
    type Err = UnknownActivation;

    fn from_str(text: &str) -> Result<Self, UnknownActivation> {
        let slope = text.strip_prefix("leaky_relu(").and_then(|rest| rest.strip_suffix(')'));
        if let Some(slope) = slope.and_then(|slope| slope.parse().ok()) {
            return Ok(Self::LeakyRelu { slope });
        }
        Self::ALL.into_iter().find(|activation| activation.name() == text).ok_or(UnknownActivation(()))
    }
}

/// A text that names no activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownActivation(());

impl fmt::Display for UnknownActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown activation; there are ")?;
        for (i, activation) in Activation::ALL.into_iter().enumerate() {
            write!(f, "{}{activation}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownActivation {}
