//! Text of tables that is not UTF-8: what spreadsheets under Windows save as CSV.

use std::borrow::Cow;

/// What Windows-1252 has where Latin-1 has controls, from 0x80 on; it lacks five, which stay controls.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// UTF-8, or else Windows-1252. Either leaves commas, quotation marks and line ends where they were.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let letter = |byte: &u8| match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(bytes.iter().map(letter).collect()), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_windows_1252() {
        assert_eq!(decode("Hôtel".as_bytes()), "Hôtel");
        assert_eq!(decode(b"H\xF4tel de ville, 5 \x80 \x96 l\x92\x9Cuf;\"\xC9\""), "Hôtel de ville, 5 € – l’œuf;\"É\"");
    }
}
