//! The little of protobuf's wire format that framing and probing need: fields one after the other,
//! over a slice, without copying and without trusting a length.

/// The value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2.
    Bytes(&'a [u8]),
    /// Wire types 1 and 5, which the fields read here never have.
    Fixed,
}

/// The bytes are not protobuf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotProtobuf;

/// Walks the fields of a message; ends after the first fault.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), NotProtobuf> {
        let key = varint(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.rest)?;
                let Ok(length) = usize::try_from(length) else { return Err(NotProtobuf) };
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(NotProtobuf),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], NotProtobuf> {
        let (head, tail) = self.rest.split_at_checked(length).ok_or(NotProtobuf)?;
        self.rest = tail;
        Ok(head)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), NotProtobuf>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Takes a base-128 number off the front.
pub(super) fn varint(bytes: &mut &[u8]) -> Result<u64, NotProtobuf> {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7F) << (7 * i);
        if byte < 0x80 {
            *bytes = &bytes[i + 1..];
            return Ok(value);
        }
    }
    Err(NotProtobuf)
}

/// Undoes the zigzag of `sint64`.
pub(super) fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Appends a base-128 number.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a field of wire type 2.
pub(super) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a field of wire type 0.
pub(super) fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_both_ways() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value);
            assert_eq!(varint(&mut bytes.as_slice()), Ok(value));
        }
        assert_eq!((zigzag(0), zigzag(1), zigzag(2), zigzag(u64::MAX)), (0, -1, 1, i64::MIN));
    }

    #[test]
    fn a_length_beyond_the_message_is_a_fault_and_ends_the_walk() {
        let message = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3];
        assert_eq!(Fields::new(&message).collect::<Vec<_>>(), [Err(NotProtobuf)]);
        assert_eq!(Fields::new(&[0xFF; 11]).next(), Some(Err(NotProtobuf)));
        assert_eq!(Fields::new(&[0x0B]).next(), Some(Err(NotProtobuf)), "groups are not used by OSM");
    }

    #[test]
    fn fields_follow_each_other() {
        let mut message = Vec::new();
        put_bytes(&mut message, 1, b"OSMData");
        put_number(&mut message, 3, 1234);
        let fields: Vec<_> = Fields::new(&message).map(Result::unwrap).collect();
        assert_eq!(fields, [(1, Value::Bytes(b"OSMData")), (3, Value::Varint(1234))]);
    }
}
