//! What is looked at before a text is parsed: its length, and how deep it nests. The parsers call themselves.

use super::{CqlError, FilterLang};

/// The longest filter, in bytes.
pub const MAX_BYTES: usize = 8192;

/// How many brackets may be open at once: round, square and curly together.
pub const MAX_NESTING: usize = 32;

/// How many operators may lie in one another once a filter is parsed (`and` and `or` count once however long they are).
pub const MAX_DEPTH: usize = 64;

/// How many positions the geometries of a filter may have together.
pub const MAX_VERTICES: usize = 2000;

/// Checks a text before it is parsed.
pub(super) fn check(text: &str, lang: FilterLang) -> Result<(), CqlError> {
    if text.len() > MAX_BYTES {
        return Err(CqlError::TooMuch { what: "bytes of the filter", found: text.len(), most: MAX_BYTES });
    }
    if text.trim().is_empty() {
        return Err(at(text, 0, "the filter is empty; leave the parameter out to take everything"));
    }
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut bytes = text.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'"' => skip_quoted(&mut bytes, byte, lang).ok_or_else(|| unclosed(text, place))?,
            b'\'' if lang == FilterLang::Text => {
                skip_quoted(&mut bytes, byte, lang).ok_or_else(|| unclosed(text, place))?;
            }
            b'(' | b'[' | b'{' => {
                open.push((place, byte));
                if open.len() > MAX_NESTING {
                    return Err(CqlError::TooMuch { what: "nested brackets", found: open.len(), most: MAX_NESTING });
                }
            }
            b')' | b']' | b'}' => {
                let partner = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.pop().is_none_or(|(_, opened)| opened != partner) {
                    return Err(at(text, place, "a bracket closes that was not opened"));
                }
            }
            b'\t' | b'\n' | b'\r' => {}
            0..=31 | 127 => return Err(at(text, place, "a control character; remove it")),
            _ => {}
        }
    }
    match open.pop() {
        Some((place, _)) => Err(at(text, place, "this bracket is not closed")),
        None => Ok(()),
    }
}

/// Goes on behind the closing quote; `None` when there is none. A doubled quote is two texts side by side here, which is as good.
fn skip_quoted(bytes: &mut impl Iterator<Item = (usize, u8)>, quote: u8, lang: FilterLang) -> Option<()> {
    while let Some((_, byte)) = bytes.next() {
        if byte == quote {
            return Some(());
        }
        if byte == b'\\' && lang == FilterLang::Json {
            bytes.next();
        }
    }
    None
}

fn unclosed(text: &str, place: usize) -> CqlError {
    at(text, place, "this quote is not closed; a quote inside a text is doubled")
}

fn at(text: &str, place: usize, detail: &str) -> CqlError {
    let before = text.get(..place).map_or(0, |t| t.chars().count());
    CqlError::Syntax { place: format!("character {}", before + 1), detail: detail.to_owned() }
}
