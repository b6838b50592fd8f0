//! Arrays as workers read them.

/// Numbers of one type.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is named after its element")]
pub enum Array {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I64(Vec<i64>),
    I8(Vec<i8>),
    U8(Vec<u8>),
}

macro_rules! each {
    ($self:expr, $values:ident => $result:expr) => {
        match $self {
            Array::F32($values) => $result,
            Array::F64($values) => $result,
            Array::I64($values) => $result,
            Array::I8($values) => $result,
            Array::U8($values) => $result,
        }
    };
}

impl Array {
    /// How many numbers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    /// How many bytes they are.
    #[must_use]
    pub fn size(&self) -> usize {
        each!(self, values => size_of_val(values.as_slice()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type's name.
    #[must_use]
    pub const fn element(&self) -> &'static str {
        match self {
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
            Self::I64(_) => "i64",
            Self::I8(_) => "i8",
            Self::U8(_) => "u8",
        }
    }

    /// Its bytes, little-endian.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        each!(self, values => values.iter().flat_map(|x| x.to_le_bytes()).collect())
    }

    /// The numbers in these bytes.
    ///
    /// # Errors
    /// If there is no such type, or the bytes are not a whole number of them.
    pub fn parse(element: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        fn numbers<T, const N: usize>(bytes: &[u8], number: fn([u8; N]) -> T) -> anyhow::Result<Vec<T>> {
            let (chunks, rest) = bytes.as_chunks::<N>();
            anyhow::ensure!(rest.is_empty(), "{} bytes are no whole number of {N}", bytes.len());
            Ok(chunks.iter().map(|chunk| number(*chunk)).collect())
        }
        Ok(match element {
            "f32" => Self::F32(numbers(bytes, f32::from_le_bytes)?),
            "f64" => Self::F64(numbers(bytes, f64::from_le_bytes)?),
            "i64" => Self::I64(numbers(bytes, i64::from_le_bytes)?),
            "i8" => Self::I8(numbers(bytes, i8::from_le_bytes)?),
            "u8" => Self::U8(bytes.to_vec()),
            _ => anyhow::bail!("elements are f32, f64, i64, i8 or u8, not {element}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_come_back_from_their_bytes() {
        for array in [
            Array::F32(vec![1.5, -0.0]),
            Array::F64(vec![1e300]),
            Array::I64(vec![-1]),
            Array::I8(vec![-128, 127]),
            Array::U8(vec![255]),
        ] {
            let again = Array::parse(array.element(), &array.bytes()).unwrap();
            assert_eq!(format!("{again:?}"), format!("{array:?}"));
        }
        assert!(Array::parse("f32", &[0; 5]).unwrap_err().to_string().contains("5 bytes"));
        assert!(Array::parse("f16", &[]).unwrap_err().to_string().contains("f16"));
    }
}
