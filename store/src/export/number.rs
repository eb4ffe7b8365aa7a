//! Numbers as text, shortest and always the same.

/// Writes degrees with at most seven decimals (a centimetre: OpenStreetMap's precision), without
/// trailing zeros. `v` must be finite.
pub(crate) fn push_degrees(out: &mut Vec<u8>, v: f64) {
    let steps = (v * 1e7).round() as i64;
    if steps < 0 {
        out.push(b'-');
    }
    let steps = steps.unsigned_abs();
    push_integer(out, steps / 10_000_000);
    let mut fraction = steps % 10_000_000;
    if fraction == 0 {
        return;
    }
    let mut digits = [b'0'; 7];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (fraction % 10) as u8;
        fraction /= 10;
    }
    let used = digits.iter().rposition(|&d| d != b'0').map_or(0, |p| p + 1);
    out.push(b'.');
    out.extend_from_slice(&digits[..used]);
}

fn push_integer(out: &mut Vec<u8>, mut v: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (v % 10) as u8;
        v /= 10;
        if v == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
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
