//! The wire format of protocol buffers, as much as tiles use.

pub(super) enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Double(f64),
    Float(f32),
}

impl<'a> Field<'a> {
    pub(super) fn bytes(&self) -> Result<&'a [u8], String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err("not a length-delimited field".to_owned()),
        }
    }

    pub(super) fn number(&self) -> Result<u64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            _ => Err("not a varint".to_owned()),
        }
    }

    pub(super) fn text(&self) -> Result<String, String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|e| e.to_string())
    }
}

/// The fields of a message with their numbers.
pub(super) fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Field<'_>)>, String> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let value = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            1 => Field::Double(f64::from_le_bytes(array(&mut bytes)?)),
            2 => {
                let length = varint(&mut bytes)?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            5 => Field::Float(f32::from_le_bytes(array(&mut bytes)?)),
            wire => return Err(format!("wire type {wire}")),
        };
        found.push((tag >> 3, value));
    }
    Ok(found)
}

/// The numbers of a packed field, which must fit 32 bits.
pub(super) fn packed(mut bytes: &[u8]) -> Result<Vec<u32>, String> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(u32::try_from(varint(&mut bytes)?).map_err(|e| e.to_string())?);
    }
    Ok(numbers)
}

pub(super) fn zigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], String> {
    take(bytes, N as u64)?.try_into().ok().ok_or_else(|| "cut short".to_owned())
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], String> {
    let length = usize::try_from(length).map_err(|e| e.to_string())?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or("cut short")?;
    *bytes = rest;
    Ok(taken)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let byte = take(bytes, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err("a varint of more than ten bytes".to_owned())
}
