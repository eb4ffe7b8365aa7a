//! Numbers as text, shortest and always the same.

/// Writes degrees with at most seven decimals (a centimetre: OpenStreetMap's precision), without
/// trailing zeros. `v` must be finite.
pub(crate) fn push_degrees(out: &mut Vec<u8>, v: f64) {
    // Rounds half away from zero, as `round` does, without calling it.
    let steps = (v * 1e7 + 0.5_f64.copysign(v)) as i64;
    let (whole, fraction) = (steps.unsigned_abs() / 10_000_000, (steps.unsigned_abs() % 10_000_000) as u32);
    // Sign, three digits, point, seven digits, room for what is cut off again: one copy of known length is faster
    // than several short ones.
    let (mut text, mut used) = ([0_u8; 16], 0);
    let mut put = |byte: u8| {
        text[used] = byte;
        used += 1;
    };
    if steps < 0 {
        put(b'-');
    }
    if whole >= 1_000 {
        // No degrees; whatever it is, it is written.
        return out.extend_from_slice((steps as f64 / 1e7).to_string().as_bytes());
    }
    let digit = |v: u32| b'0' + (v % 10) as u8;
    let whole = whole as u32;
    if whole >= 100 {
        put(digit(whole / 100));
    }
    if whole >= 10 {
        put(digit(whole / 10));
    }
    put(digit(whole));
    if fraction > 0 {
        put(b'.');
        for power in [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1] {
            put(digit(fraction / power));
        }
    }
    let mut rest = fraction;
    while rest > 0 && rest.is_multiple_of(10) {
        rest /= 10;
        used -= 1;
    }
    out.extend_from_slice(&text);
    out.truncate(out.len() - (text.len() - used));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn degrees(v: f64) -> String {
        let mut out = Vec::new();
        push_degrees(&mut out, v);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn at_most_seven_decimals_and_no_trailing_zero() {
        for (v, text) in [
            (55.4504, "55.4504"),
            (-20.878_912_34, "-20.8789123"),
            (0.0, "0"),
            (-0.0, "0"),
            (-0.000_000_04, "0"),
            (-0.5, "-0.5"),
            (180.0, "180"),
            (1.000_000_1, "1.0000001"),
            (2.999_999_99, "3"),
        ] {
            assert_eq!(degrees(v), text);
        }
    }

    proptest! {
        #[test]
        fn degrees_come_back_to_half_a_step(v in -180.0f64..180.0) {
            let back: f64 = degrees(v).parse().unwrap();
            prop_assert!((back - v).abs() <= 0.500_001e-7);
        }
    }
}
