//! Protocol Buffers as they lie in a file: fields with numbers, after the
//! [encoding](https://protobuf.dev/programming-guides/encoding/). What is cut short or out of range is an error.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    /// A message, a string, bytes, or many numbers.
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// The fields of a message, with their numbers.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) const fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), String> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.0)?),
            1 => Value::Fixed64(u64::from_le_bytes(array(&mut self.0)?)),
            2 => {
                let len = varint(&mut self.0)?;
                let len = usize::try_from(len).map_err(|_| format!("a length of {len}"))?;
                Value::Bytes(take(&mut self.0, len)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(array(&mut self.0)?)),
            wire_type => return Err(format!("wire type {wire_type}")),
        };
        Ok((key >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            // Where the next one begins is not known.
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Result<&'a [u8], String> {
        let Self::Bytes(bytes) = self else { return Err(format!("expected bytes, got {self:?}")) };
        Ok(bytes)
    }

    pub(crate) fn string(self) -> Result<String, String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|error| error.to_string())
    }

    pub(crate) fn integer(self) -> Result<i64, String> {
        let Self::Varint(number) = self else { return Err(format!("expected a number, got {self:?}")) };
        Ok(number.cast_signed())
    }

    pub(crate) fn float(self) -> Result<f32, String> {
        let Self::Fixed32(bits) = self else { return Err(format!("expected a float, got {self:?}")) };
        Ok(f32::from_bits(bits))
    }

    /// One or many numbers of a repeated field.
    pub(crate) fn integers(self, into: &mut Vec<i64>) -> Result<(), String> {
        let Self::Bytes(mut rest) = self else {
            into.push(self.integer()?);
            return Ok(());
        };
        while !rest.is_empty() {
            into.push(varint(&mut rest)?.cast_signed());
        }
        Ok(())
    }

    /// One or many floats of a repeated field.
    pub(crate) fn floats(self, into: &mut Vec<f32>) -> Result<(), String> {
        let Self::Bytes(mut rest) = self else {
            into.push(self.float()?);
            return Ok(());
        };
        while !rest.is_empty() {
            into.push(f32::from_le_bytes(array(&mut rest)?));
        }
        Ok(())
    }
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], String> {
    let cut = || format!("cut short: expected {len} more bytes, got {}", rest.len());
    let (taken, left) = rest.split_at_checked(len).ok_or_else(cut)?;
    *rest = left;
    Ok(taken)
}

fn array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    take(rest, N)?.try_into().map_err(|_| "cut short".to_owned())
}

fn varint(rest: &mut &[u8]) -> Result<u64, String> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = array(rest)?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            break;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err("a number of more than 64 bits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &[u8]) -> Result<Vec<(u64, Value<'_>)>, String> {
        Fields::of(message).collect()
    }

    #[test]
    fn fields_are_read_by_their_wire_types() {
        let message = [
            [0x08, 0x96, 0x01].as_slice(), // 1: 150, the encoding's own example
            &[0x12, 0x02, b'h', b'i'],
            &[0x1d, 0, 0, 0x80, 0x3f],
            &[0x21, 1, 0, 0, 0, 0, 0, 0, 0],
            &[0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ]
        .concat();
        let fields = read(&message).unwrap();
        assert_eq!(fields[0], (1, Value::Varint(150)));
        assert_eq!((fields[1].0, fields[1].1.string().unwrap()), (2, "hi".to_owned()));
        assert_eq!((fields[2].0, fields[2].1.float().unwrap()), (3, 1.0));
        assert_eq!(fields[3], (4, Value::Fixed64(1)));
        assert_eq!((fields[4].0, fields[4].1.integer().unwrap()), (5, -1));
        assert!(
            fields[0].1.bytes().is_err() && fields[1].1.integer().is_err() && fields[0].1.float().is_err()
        );
        // Where it is cut, it has fewer fields, or is wrong.
        let ends = [0, 3, 7, 12, 21, 32];
        for end in 0..=message.len() {
            let fields = read(&message[..end]);
            assert_eq!(fields.ok().map(|fields| fields.len()), ends.iter().position(|&whole| whole == end));
        }
    }

    #[test]
    fn repeated_numbers_come_one_by_one_and_together() {
        let mut numbers = Vec::new();
        Value::Varint(7).integers(&mut numbers).unwrap();
        Value::Bytes(&[1, 0x96, 0x01]).integers(&mut numbers).unwrap();
        assert_eq!(numbers, [7, 1, 150]);
        assert!(Value::Bytes(&[0x96]).integers(&mut numbers).is_err());
        let mut floats = Vec::new();
        Value::Fixed32(1.0_f32.to_bits()).floats(&mut floats).unwrap();
        Value::Bytes(&[0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]).floats(&mut floats).unwrap();
        assert_eq!(floats, [1.0, 1.0, 2.0]);
        assert!(Value::Bytes(&[0, 0]).floats(&mut floats).is_err());
    }

    #[test]
    fn what_is_broken_is_an_error() {
        assert_eq!(read(&[0x0b]).unwrap_err(), "wire type 3");
        assert_eq!(read(&[0x12, 5, 1]).unwrap_err(), "cut short: expected 5 more bytes, got 1");
        let long = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(read(&long).unwrap_err(), "a number of more than 64 bits");
        let huge = [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert!(read(&huge).is_err());
    }
}
