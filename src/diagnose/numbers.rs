//! What programs do to numbers.

use super::escapes::{push_decimal, push_texts};
use super::parts::{Part, Parts};
use super::plan::NumberForm;
use super::values::changed;

/// Makes the parts with every number written in another way; false when that changes nothing.
pub(crate) fn renumber(parts: &[Part], form: NumberForm, written: &mut Vec<u8>, into: &mut Parts) -> bool {
    changed(parts, written, into, |name, value, into| {
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        match form {
            NumberForm::Integer => return integer(value, into),
            _ if !is_number => return None,
            NumberForm::Milliseconds if is_time(name) => push_texts(&[value, "000"], into),
            NumberForm::Seconds if is_time(name) && value.len() > 10 => {
                into.extend_from_slice(value.get(..value.len() - 3)?.as_bytes());
            }
            NumberForm::Milliseconds | NumberForm::Seconds => return None,
            NumberForm::Float => push_texts(&[value, ".0"], into),
            NumberForm::NoLeadingZeros => push_trimmed(value.bytes(), into),
            NumberForm::JavaScript | NumberForm::Java | NumberForm::Php | NumberForm::Sheet => {
                return float(value, form, into);
            }
        }
        Some(())
    })
}

/// Whether a field of this name is the message's time stamp.
pub(crate) fn is_time(name: &str) -> bool {
    name.eq_ignore_ascii_case("timestamp") || name.eq_ignore_ascii_case("deliver_timestamp")
}

/// The digits without leading zeros.
fn push_trimmed(digits: impl Iterator<Item = u8>, into: &mut Vec<u8>) {
    let mut digits = digits.skip_while(|digit| *digit == b'0');
    into.push(digits.next().unwrap_or(b'0'));
    into.extend(digits);
}

/// A whole number that is written with a fraction or an exponent (`1.0`, `1.4E9`), as an integer.
fn integer(value: &str, into: &mut Vec<u8>) -> Option<()> {
    const LONGEST: usize = 40;
    let (mantissa, exponent) = value.split_once(['e', 'E']).unwrap_or((value, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: usize = exponent.parse().ok().filter(|exponent| *exponent < LONGEST)?;
    let digits = whole.bytes().chain(fraction.bytes());
    let is_plain = whole.is_empty() || value.len() == whole.len() || !digits.clone().all(|byte| byte.is_ascii_digit());
    let size = whole.len() + exponent;
    if is_plain || fraction.len() > LONGEST || !digits.clone().skip(size).all(|byte| byte == b'0') {
        return None;
    }
    push_trimmed(digits.chain(std::iter::repeat(b'0')).take(size), into);
    Some(())
}

/// The number as a program writes it that holds it as a floating-point number of 64 bits; `None` where it has another form
/// among the mistakes, or none. Whole numbers of up to 38 digits need no floating-point printing, which would be a tenth of
/// the module.
fn float(value: &str, form: NumberForm, into: &mut Vec<u8>) -> Option<()> {
    let number: u128 = value.parse().ok().filter(|_| value.len() <= 38)?;
    let held = number as f64;
    let exact = held as u128;
    let shortest = || (1..=17).map(|size| rounded(exact, size)).find(|candidate| *candidate as f64 == held);
    let exponent = exact.checked_ilog10()?;
    let rounded = match form {
        NumberForm::Php => rounded(exact, 14),
        NumberForm::Sheet => rounded(exact, 6),
        _ => shortest()?,
    };
    let (whole, mark) = match form {
        NumberForm::Java if exponent < 7 => {
            push_decimal(number, into);
            into.extend_from_slice(b".0");
            return Some(());
        }
        NumberForm::Java => (".0", "E"),
        NumberForm::Php if exponent >= 14 => (".0", "E+"),
        NumberForm::Sheet if exponent >= 11 => ("", "E+"),
        NumberForm::JavaScript if exponent >= 21 => ("", "e+"),
        // A number that fits is written as it was, except for leading zeros, which are a mistake of their own.
        NumberForm::JavaScript if exact != number => {
            push_decimal(rounded, into);
            return Some(());
        }
        _ => return None,
    };
    push_scientific(rounded, whole, into);
    into.extend_from_slice(mark.as_bytes());
    push_decimal(exponent.into(), into);
    Some(())
}

/// The first digit, a point and the others without the zeros at the end; `whole` where there are no others.
fn push_scientific(number: u128, whole: &str, into: &mut Vec<u8>) {
    let point = into.len() + 1;
    push_decimal(number, into);
    while into.len() > point && into.last() == Some(&b'0') {
        into.pop();
    }
    if into.len() > point {
        into.insert(point, b'.');
    } else {
        into.extend_from_slice(whole.as_bytes());
    }
}

/// Rounded to so many digits, the others zero.
fn rounded(number: u128, size: u32) -> u128 {
    let length = number.checked_ilog10().map_or(1, |log| log + 1);
    let unit = 10u128.pow(length.saturating_sub(size));
    (number + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::{float, integer};

    use crate::diagnose::plan::NumberForm;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<String> {
        let mut bytes = Vec::new();
        write(&mut bytes).and_then(|()| String::from_utf8(bytes).ok())
    }

    #[test]
    fn numbers_are_written_as_the_languages_write_them() {
        let rows = [
            ("1", [None, Some("1.0"), None, None]),
            ("10000000", [None, Some("1.0E7"), None, None]),
            ("1369745073", [None, Some("1.369745073E9"), None, None]),
            ("111112222233333", [None, Some("1.11112222233333E14"), Some("1.1111222223333E+14"), Some("1.11112E+14")]),
            (
                "1218614901201405273313473135",
                [
                    Some("1.2186149012014053e+27"),
                    Some("1.2186149012014053E27"),
                    Some("1.2186149012014E+27"),
                    Some("1.21861E+27"),
                ],
            ),
            (
                "1234567890123456789",
                [
                    Some("1234567890123456800"),
                    Some("1.2345678901234568E18"),
                    Some("1.2345678901235E+18"),
                    Some("1.23457E+18"),
                ],
            ),
            ("0", [None, None, None, None]),
        ];
        for (value, expected) in rows {
            let forms = [NumberForm::JavaScript, NumberForm::Java, NumberForm::Php, NumberForm::Sheet];
            let written = forms.map(|form| written(|into| float(value, form, into)));
            assert_eq!(written.each_ref().map(Option::as_deref), expected, "{value}");
        }
        assert_eq!(written(|into| float(&"9".repeat(39), NumberForm::Java, into)), None);
    }

    #[test]
    fn a_whole_number_in_another_spelling_is_an_integer() {
        let rows = [
            ("1.0", Some("1")),
            ("1.", Some("1")),
            ("1369745073.000", Some("1369745073")),
            ("1.4E9", Some("1400000000")),
            ("1e3", Some("1000")),
            ("1.369745073e+9", Some("1369745073")),
            ("0.0", Some("0")),
            ("1.5", None),
            ("1.", Some("1")),
            ("", None),
            (".5", None),
            ("1e99999", None),
            ("e5", None),
            ("1.2.0", None),
            ("wx1.0", None),
        ];
        for (value, expected) in rows {
            assert_eq!(written(|into| integer(value, into)).as_deref(), expected, "{value}");
        }
    }
}
