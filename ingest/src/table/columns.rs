//! Which column holds which field.

use crate::config::TableField;

/// The places of the mapped fields in a row.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    width: usize,
    places: Vec<Option<usize>>,
}

impl Columns {
    pub(super) fn of_width(width: usize) -> Self {
        Self { width, places: vec![None; TableField::ALL.len()] }
    }

    pub(super) fn set(&mut self, field: TableField, at: usize) {
        self.places[field as usize] = Some(at);
    }

    pub(super) fn get(&self, field: TableField) -> Option<usize> {
        self.places[field as usize]
    }

    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.width
    }
}

/// The delimiter of a table, from its first line: the commonest of `,` `;` tab and `|` outside quotes.
pub(super) fn sniff(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, n)| *n += 1),
        }
    }
    // The first of the equally common wins.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| *d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_separator_outside_quotes_wins() {
        assert_eq!(sniff(b"a;b;\"c,d,e,f\"\n1,2,3,4,5,6"), b';');
        assert_eq!(sniff(b"a,b,c"), b',');
        assert_eq!(sniff(b"a\tb"), b'\t');
        assert_eq!(sniff(b"alone"), b',');
        assert_eq!(sniff(b""), b',');
    }
}
