//! Finding markers in whatever bytes an output consists of, packed ones included.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::Value;

/// The longest that a packed stream inside another is inflated to.
const MAX_BYTES: u64 = 64 << 20;

/// The markers of a prefix in some bytes: `LEAK-email-001`, in any case and with any separators, as search and ids
/// fold them: `leak email 001`.
pub(super) fn markers(prefix: &str, bytes: &[u8]) -> BTreeSet<String> {
    let lower = bytes.to_ascii_lowercase();
    let mut found = BTreeSet::new();
    for at in memchr_all(&lower, prefix.as_bytes()) {
        let rest = &lower[at + prefix.len()..];
        let rest =
            &rest[usize::from(rest.first().is_some_and(u8::is_ascii_punctuation) || rest.first() == Some(&b' '))..];
        let word = rest.iter().take_while(|b| b.is_ascii_lowercase()).count();
        let tail = &rest[word..];
        let tail = &tail[usize::from(tail.first().is_some_and(|b| !b.is_ascii_digit()))..];
        if word > 0 && tail.len() >= 3 && tail[..3].iter().all(u8::is_ascii_digit) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            found.insert(format!("{prefix}-{}-{}", text(&rest[..word]), text(&tail[..3])));
        }
    }
    found
}

fn memchr_all<'b>(bytes: &'b [u8], needle: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    bytes.windows(needle.len()).enumerate().filter(move |(_, window)| *window == needle).map(|(at, _)| at)
}

/// The bytes, and every gzip and zstd stream in them, inflated; those inside these too.
pub(super) fn layers(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = vec![bytes.to_vec()];
    let mut next = 0;
    while let Some(layer) = out.get(next).cloned() {
        for at in memchr_all(&layer, &[0x1f, 0x8b, 8]) {
            out.extend(inflated(flate2::read::GzDecoder::new(&layer[at..])));
        }
        for at in memchr_all(&layer, &[0x28, 0xb5, 0x2f, 0xfd]) {
            let frame = zstd::stream::read::Decoder::with_buffer(&layer[at..]);
            out.extend(frame.ok().and_then(|frame| inflated(frame.single_frame())));
        }
        next += 1;
        assert!(out.len() < 100_000, "streams in streams without end");
    }
    out
}

/// What can be inflated of a stream; `None` where there is none after all.
fn inflated(stream: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let _ = stream.take(MAX_BYTES).read_to_end(&mut bytes);
    (!bytes.is_empty()).then_some(bytes)
}

/// What must be nowhere: the markers, and private numbers that can carry none.
pub(super) struct Secrets {
    texts: Vec<String>,
    numbers: Vec<[u8; 8]>,
}

impl Secrets {
    /// The secrets of a corpus: coordinates that stand beside a street marked as leak, and its telephone numbers.
    pub(super) fn of(corpus: &Value) -> Self {
        let mut secrets = Self { texts: Vec::new(), numbers: Vec::new() };
        // Written nationally, and as the reader would write them.
        secrets.texts.extend(["0262 66 6", "0692 66 6", "262262666", "262692666"].map(str::to_owned));
        secrets.collect(corpus);
        assert!(secrets.numbers.len() > 40, "the corpus has masked coordinates");
        secrets
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(members) => {
                let street = value.pointer("/address/streetAddress").and_then(Value::as_str).unwrap_or_default();
                let place = value.pointer("/geoPosition/coordinates").and_then(Value::as_array);
                if let Some(place) = place.filter(|_| street.starts_with("LEAK")) {
                    place.iter().filter_map(Value::as_f64).for_each(|degrees| self.number(degrees));
                }
                members.values().for_each(|member| self.collect(member));
            }
            _ => {}
        }
    }

    fn number(&mut self, degrees: f64) {
        self.numbers.push(degrees.to_le_bytes());
        // Cut, not rounded: whatever follows.
        let text = format!("{:.7}", degrees.abs());
        self.texts.push(text[..text.len() - 2].to_owned());
    }

    /// The secrets in some bytes or in what is packed in them.
    pub(super) fn in_bytes(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = BTreeSet::new();
        for layer in layers(bytes) {
            found.extend(markers("leak", &layer));
            let text = String::from_utf8_lossy(&layer);
            found.extend(self.texts.iter().filter(|secret| text.contains(secret.as_str())).cloned());
            for window in layer.windows(8).filter(|w| matches!(w[7], 0x40 | 0xc0)) {
                found.extend(self.numbers.iter().filter(|n| window == *n).map(|n| f64::from_le_bytes(*n).to_string()));
            }
        }
        found.into_iter().collect()
    }
}

#[test]
fn markers_are_found_however_they_are_written_and_packed() {
    use std::io::Write;
    let one = BTreeSet::from(["leak-email-001".to_owned()]);
    for text in ["LEAK-email-001@example.org", "xleak email 001", "\"Leak_Email.001\"", "a/leakemail001"] {
        assert_eq!(markers("leak", text.as_bytes()), one, "{text}");
    }
    for text in ["leak", "leak-email", "leak-001", "leakage 1", "open-email-001"] {
        assert!(markers("leak", text.as_bytes()).is_empty(), "{text}");
    }
    let mut gzip = flate2::write::GzEncoder::new(b"before".to_vec(), flate2::Compression::fast());
    gzip.write_all(b"... LEAK-email-001 ...").unwrap();
    let mut packed = b"before".to_vec();
    packed.extend(zstd::bulk::compress(&gzip.finish().unwrap(), 1).unwrap());
    packed.extend(b"after");
    assert!(markers("leak", &packed).is_empty());
    let found: BTreeSet<String> = layers(&packed).iter().flat_map(|layer| markers("leak", layer)).collect();
    assert_eq!(found, one);
}

#[test]
fn masked_numbers_are_secrets() {
    let masked = serde_json::json!({"address": {"streetAddress": "LEAK-street-001"}, "geoPosition": {"coordinates": [55.432_198_7, -20.912_345_6]}});
    let secrets = Secrets::of(&serde_json::json!(vec![masked; 30]));
    for bytes in [
        b"[55.4321987,".to_vec(),
        b"-20.91234560".to_vec(),
        (-20.912_345_6_f64).to_le_bytes().to_vec(),
        b"+262262666001".to_vec(),
    ] {
        assert!(!secrets.in_bytes(&bytes).is_empty(), "{bytes:?}");
    }
    assert!(secrets.in_bytes(b"55.43, -20.91, 0262 40 04 01").is_empty());
}
