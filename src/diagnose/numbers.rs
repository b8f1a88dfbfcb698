//! What programs do to numbers.

use super::evaluate::Part;
use super::plan::NumberForm;
use super::values::changed;

/// The parts with every number written in another way; `None` when that changes nothing.
pub(crate) fn renumber(parts: &[Part], form: NumberForm) -> Option<Vec<Part>> {
    changed(parts, |name, value| {
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let written = match form {
            NumberForm::Integer => integer(value),
            _ if !is_number => None,
            NumberForm::Milliseconds => is_time(name).then(|| format!("{value}000")),
            NumberForm::Seconds if is_time(name) && value.len() > 10 => value.get(..value.len() - 3).map(str::to_owned),
            NumberForm::Seconds => None,
            NumberForm::Float => Some(format!("{value}.0")),
            NumberForm::NoLeadingZeros => Some(value.trim_start_matches('0')).map(|rest| or_zero(rest).to_owned()),
            NumberForm::JavaScript | NumberForm::Java | NumberForm::Php | NumberForm::Sheet => float(value, form),
        };
        written.unwrap_or_else(|| value.to_owned())
    })
}

/// Whether a field of this name is the message's time stamp.
pub(crate) fn is_time(name: &str) -> bool {
    name.eq_ignore_ascii_case("timestamp") || name.eq_ignore_ascii_case("deliver_timestamp")
}

fn or_zero(digits: &str) -> &str {
    if digits.is_empty() { "0" } else { digits }
}

/// A whole number that is written with a fraction or an exponent (`1.0`, `1.4E9`), as an integer.
fn integer(value: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let (mantissa, exponent) = value.split_once(['e', 'E']).unwrap_or((value, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: usize = exponent.parse().ok().filter(|exponent| *exponent < LONGEST)?;
    let digits = format!("{whole}{fraction}");
    let is_plain = whole.is_empty() || value.len() == whole.len() || !digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain || fraction.len() > LONGEST {
        return None;
    }
    let padded = format!("{digits:0<width$}", width = whole.len() + exponent);
    let (number, rest) = padded.split_at_checked(whole.len() + exponent)?;
    rest.bytes().all(|byte| byte == b'0').then(|| or_zero(number.trim_start_matches('0')).to_owned())
}

/// The number as a program writes it that holds it as a floating-point number of 64 bits; `None` where it has another form
/// among the mistakes, or none. Whole numbers of up to 38 digits need no floating-point printing, which would be a tenth of
/// the module.
fn float(value: &str, form: NumberForm) -> Option<String> {
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
    let digits = rounded.to_string();
    let digits = digits.trim_end_matches('0');
    let (first, rest) = digits.split_at_checked(1)?;
    let point = if rest.is_empty() { "" } else { "." };
    let with_zero = if rest.is_empty() { ".0" } else { "" };
    match form {
        NumberForm::Java if exponent < 7 => Some(format!("{number}.0")),
        NumberForm::Java => Some(format!("{first}{point}{rest}{with_zero}E{exponent}")),
        NumberForm::Php if exponent >= 14 => Some(format!("{first}{point}{rest}{with_zero}E+{exponent}")),
        NumberForm::Sheet if exponent >= 11 => Some(format!("{first}{point}{rest}E+{exponent}")),
        // A number that fits is written as it was, except for leading zeros, which are a mistake of their own.
        NumberForm::JavaScript if exact != number || exponent >= 21 => Some(match exponent {
            21.. => format!("{first}{point}{rest}e+{exponent}"),
            _ => rounded.to_string(),
        }),
        _ => None,
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
            let written = forms.map(|form| float(value, form));
            assert_eq!(written.each_ref().map(Option::as_deref), expected, "{value}");
        }
        assert_eq!(float(&"9".repeat(39), NumberForm::Java), None);
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
            assert_eq!(integer(value).as_deref(), expected, "{value}");
        }
    }
}
