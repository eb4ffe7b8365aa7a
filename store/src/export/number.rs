//! Numbers as text, shortest and always the same.

/// Writes degrees with at most seven decimals (a centimetre: OpenStreetMap's precision), without
/// trailing zeros. `v` must be finite.
pub(crate) fn push_degrees(out: &mut Vec<u8>, v: f64) {
    // Rounds half away from zero, as `round` does, without calling it.
    let steps = (v * 1e7 + 0.5_f64.copysign(v)) as i64;
    let (whole, fraction) = (steps.unsigned_abs() / 10_000_000, (steps.unsigned_abs() % 10_000_000) as u32);
    if whole >= 1_000 {
        // No degrees; whatever it is, it is written.
        return out.extend_from_slice((steps as f64 / 1e7).to_string().as_bytes());
    }
    // Sign, three digits, point, seven digits, and room for what is cut off again: one copy of known length is faster
    // than several short ones.
    let digit = |v: u32| b'0' + (v % 10) as u8;
    let (mut text, mut used, whole) = ([0_u8; 16], 0, whole as u32);
    if steps < 0 {
        text[0] = b'-';
        used = 1;
    }
    for power in [100, 10] {
        if whole >= power {
            text[used] = digit(whole / power);
            used += 1;
        }
    }
    text[used] = digit(whole);
    used += 1;
    if fraction > 0 {
        let (high, low) = (fraction / 10_000, fraction % 10_000);
        let decimals = [
            b'.',
            digit(high / 100),
            digit(high / 10),
            digit(high),
            digit(low / 1_000),
            digit(low / 100),
            digit(low / 10),
            digit(low),
        ];
        text[used..used + 8].copy_from_slice(&decimals);
        used += decimals.iter().rposition(|d| *d != b'0').map_or(0, |last| last + 1);
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
