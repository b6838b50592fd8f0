//! What the tests need of ONNX's [messages](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): a model of one operator,
//! and tensors.

use crate::protobuf::{Fields, Value};
use std::collections::BTreeMap;

/// A model: its operators, and the names of what goes in and comes out.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) nodes: Vec<Node>,
    pub(crate) inputs: Vec<String>,
    pub(crate) outputs: Vec<String>,
}

/// An operator with its attributes. Inputs and outputs that are left out have empty names.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) operator: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) outputs: Vec<String>,
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Clone, Debug, Default)]
struct Attribute {
    float: f32,
    integer: i64,
    text: String,
}

/// An array, row-major.
#[derive(Clone, Debug)]
pub(crate) struct Tensor {
    pub(crate) dims: Vec<usize>,
    pub(crate) data: Data,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    F32(Vec<f32>),
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    Bool(Vec<bool>),
    /// Of a type that the kernels do not have.
    Other(&'static str),
}

impl Model {
    pub(crate) fn parse(message: &[u8]) -> Result<Self, String> {
        let mut model = Self::default();
        for field in Fields::of(message) {
            if let (7, graph) = field? {
                model.read_graph(graph.bytes()?)?;
            }
        }
        Ok(model)
    }

    fn read_graph(&mut self, message: &[u8]) -> Result<(), String> {
        for field in Fields::of(message) {
            match field? {
                (1, node) => self.nodes.push(Node::parse(node.bytes()?)?),
                (5, _) => return Err("an initializer, which no test of one operator has".to_owned()),
                (11, value) => self.inputs.push(name_of(value)?),
                (12, value) => self.outputs.push(name_of(value)?),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The name of an input or an output of a graph.
fn name_of(value: Value<'_>) -> Result<String, String> {
    for field in Fields::of(value.bytes()?) {
        if let (1, name) = field? {
            return name.string();
        }
    }
    Err("a value without a name".to_owned())
}

impl Node {
    fn parse(message: &[u8]) -> Result<Self, String> {
        let mut node = Self::default();
        for field in Fields::of(message) {
            match field? {
                (1, name) => node.inputs.push(name.string()?),
                (2, name) => node.outputs.push(name.string()?),
                (4, operator) => node.operator = operator.string()?,
                (5, attribute) => node.read_attribute(attribute.bytes()?)?,
                _ => {}
            }
        }
        Ok(node)
    }

    fn read_attribute(&mut self, message: &[u8]) -> Result<(), String> {
        let (mut name, mut attribute) = (String::new(), Attribute::default());
        for field in Fields::of(message) {
            match field? {
                (1, value) => name = value.string()?,
                (2, value) => attribute.float = value.float()?,
                (3, value) => attribute.integer = value.integer()?,
                (4, value) => attribute.text = value.string()?,
                _ => {}
            }
        }
        self.attributes.insert(name, attribute);
        Ok(())
    }

    pub(crate) fn float(&self, name: &str) -> Option<f32> {
        self.attributes.get(name).map(|attribute| attribute.float)
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.attributes.get(name).map(|attribute| attribute.integer)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.integer(name).is_some_and(|flag| flag != 0)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(|attribute| attribute.text.as_str())
    }

    /// Those that it has, but for what `known` lists.
    pub(crate) fn attributes_beyond(&self, known: &[&str]) -> Vec<&str> {
        self.attributes.keys().map(String::as_str).filter(|name| !known.contains(name)).collect()
    }
}

impl Tensor {
    pub(crate) fn new(dims: &[usize], data: Data) -> Self {
        Self { dims: dims.to_vec(), data }
    }

    pub(crate) fn parse(message: &[u8]) -> Result<Self, String> {
        let (mut dims, mut data_type) = (Vec::new(), 0);
        let (mut floats, mut integers, mut raw) = (Vec::new(), Vec::new(), None);
        for field in Fields::of(message) {
            match field? {
                (1, value) => value.integers(&mut dims)?,
                (2, value) => data_type = value.integer()?,
                (4, value) => value.floats(&mut floats)?,
                (5 | 7, value) => value.integers(&mut integers)?,
                (9, value) => raw = Some(value.bytes()?),
                _ => {}
            }
        }
        let dims = dims.iter().map(|&dim| usize::try_from(dim).map_err(|_| format!("a dimension of {dim}")));
        let dims: Vec<usize> = dims.collect::<Result<_, _>>()?;
        let data = match data_type {
            1 => Data::F32(match raw {
                Some(raw) => numbers(raw, f32::from_le_bytes)?,
                None => floats,
            }),
            2 => Data::U8(raw_or(raw, &integers, u8::from_le_bytes)?),
            3 => Data::I8(raw_or(raw, &integers, i8::from_le_bytes)?),
            4 => Data::U16(raw_or(raw, &integers, u16::from_le_bytes)?),
            5 => Data::I16(raw_or(raw, &integers, i16::from_le_bytes)?),
            6 => Data::I32(raw_or(raw, &integers, i32::from_le_bytes)?),
            7 => Data::I64(raw_or(raw, &integers, i64::from_le_bytes)?),
            9 => {
                let bytes: Vec<u8> = raw_or(raw, &integers, u8::from_le_bytes)?;
                Data::Bool(bytes.into_iter().map(|byte| byte != 0).collect())
            }
            other => Data::Other(type_name(other)?),
        };
        let count = dims.iter().try_fold(1_usize, |count, &dim| count.checked_mul(dim));
        if data.len().is_some_and(|len| Some(len) != count) {
            return Err(format!("{:?} values of dimensions {dims:?}", data.len()));
        }
        Ok(Self { dims, data })
    }

    pub(crate) fn f32(&self) -> Result<&[f32], String> {
        let Data::F32(values) = &self.data else {
            return Err(format!("expected floats, got {:?}", self.data));
        };
        Ok(values)
    }

    pub(crate) fn i64(&self) -> Result<&[i64], String> {
        let Data::I64(values) = &self.data else { return Err(format!("expected i64, got {:?}", self.data)) };
        Ok(values)
    }
}

impl Data {
    /// How many there are, where they were read.
    pub(crate) const fn len(&self) -> Option<usize> {
        Some(match self {
            Self::F32(values) => values.len(),
            Self::U8(values) => values.len(),
            Self::I8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Other(_) => return None,
        })
    }
}

fn type_name(data_type: i64) -> Result<&'static str, String> {
    Ok(match data_type {
        8 => "string",
        10 => "float16",
        11 => "float64",
        16 => "bfloat16",
        17..=20 | 24 => "float8",
        21 | 22 => "4-bit integer",
        23 => "float4",
        25 | 26 => "2-bit integer",
        _ => return Err(format!("data type {data_type}")),
    })
}

/// Numbers as their bytes, or each as a number of its own.
fn raw_or<T: TryFrom<i64>, const N: usize>(
    raw: Option<&[u8]>,
    integers: &[i64],
    read: fn([u8; N]) -> T,
) -> Result<Vec<T>, String> {
    match raw {
        Some(raw) => numbers(raw, read),
        None => integers
            .iter()
            .map(|&integer| T::try_from(integer).map_err(|_| format!("{integer} of {N} bytes")))
            .collect(),
    }
}

fn numbers<T, const N: usize>(raw: &[u8], read: fn([u8; N]) -> T) -> Result<Vec<T>, String> {
    let (whole, rest) = raw.as_chunks::<N>();
    if !rest.is_empty() {
        return Err(format!("{} bytes of numbers of {N}", raw.len()));
    }
    Ok(whole.iter().map(|&bytes| read(bytes)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_are_read_from_bytes_and_from_fields() {
        let raw = [0x08, 2, 0x08, 1, 0x10, 1, 0x4a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40];
        let tensor = Tensor::parse(&raw).unwrap();
        assert_eq!((tensor.dims, tensor.data), (vec![2, 1], Data::F32(vec![1.0, 2.0])));
        let fields = [0x0a, 1, 2, 0x10, 3, 0x2a, 2, 1, 0x7f];
        let tensor = Tensor::parse(&fields).unwrap();
        assert_eq!((tensor.dims, tensor.data), (vec![2], Data::I8(vec![1, 127])));
        assert_eq!(Tensor::parse(&[0x10, 10]).unwrap().data, Data::Other("float16"));
        // Wherever it is cut, there is an error, or less than there was.
        for end in 0..raw.len() {
            assert!(Tensor::parse(&raw[..end]).is_err());
        }
    }

    #[test]
    fn what_does_not_fit_together_is_an_error() {
        let error = |message: &[u8]| Tensor::parse(message).unwrap_err();
        assert_eq!(error(&[0x08, 3, 0x10, 2, 0x4a, 1, 7]), "Some(1) values of dimensions [3]");
        assert_eq!(error(&[0x08, 1, 0x10, 1, 0x4a, 3, 0, 0, 0]), "3 bytes of numbers of 4");
        assert_eq!(error(&[0x08, 1, 0x10, 2, 0x2a, 2, 0x80, 2]), "256 of 1 bytes");
        assert_eq!(error(&[0x10, 99]), "data type 99");
        let negative = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x10, 1];
        assert_eq!(error(&negative), "a dimension of -1");
        let huge = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert!(Tensor::parse(&[&huge[..], &huge, &[0x10, 2]].concat()).is_err());
    }

    #[test]
    fn a_model_has_an_operator_with_attributes() {
        let attribute = [0x0a, 1, b'a', 0x15, 0, 0, 0x80, 0x3f, 0x18, 7, 0x22, 1, b't'];
        let node = [&[0x0a, 1, b'x', 0x12, 1, b'y', 0x22, 2, b'O', b'p', 0x2a, 13][..], &attribute].concat();
        let graph = [&[0x0a, node.len() as u8][..], &node, &[0x5a, 3, 0x0a, 1, b'x', 0x62, 3, 0x0a, 1, b'y']];
        let graph = graph.concat();
        let message = [&[0x08, 9, 0x3a, graph.len() as u8][..], &graph].concat();
        let model = Model::parse(&message).unwrap();
        let node = &model.nodes[0];
        assert_eq!((node.operator.as_str(), model.nodes.len()), ("Op", 1));
        assert_eq!((&model.inputs, &model.outputs), (&node.inputs, &node.outputs));
        assert_eq!((node.float("a"), node.integer("a"), node.text("a")), (Some(1.0), Some(7), Some("t")));
        assert_eq!((node.float("b"), node.attributes_beyond(&[])), (None, vec!["a"]));
        for end in 3..message.len() {
            assert!(Model::parse(&message[..end]).is_err());
        }
    }
}
