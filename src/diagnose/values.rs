//! What mistakes do to values.

use unicode_normalization::UnicodeNormalization as _;

use super::evaluate::Part;
use super::plan::{NumberForm, Transform};

/// The parts with every value transformed; `None` when that changes nothing.
pub(crate) fn transform(parts: &[Part], transform: Transform) -> Option<Vec<Part>> {
    changed(parts, |_, value| apply(value, transform))
}

/// The parts with every number written in another way; `None` when that changes nothing.
pub(crate) fn renumber(parts: &[Part], form: NumberForm) -> Option<Vec<Part>> {
    changed(parts, |name, value| {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return value.to_owned();
        }
        match form {
            NumberForm::Milliseconds if is_time(name) => format!("{value}000"),
            NumberForm::Seconds if is_time(name) && value.len() > 10 => {
                value.get(..value.len() - 3).unwrap_or(value).to_owned()
            }
            NumberForm::Milliseconds | NumberForm::Seconds => value.to_owned(),
            NumberForm::Float => format!("{value}.0"),
            NumberForm::NoLeadingZeros => {
                let rest = value.trim_start_matches('0');
                if rest.is_empty() { "0".to_owned() } else { rest.to_owned() }
            }
        }
    })
}

/// Whether a field of this name is the message's time stamp.
pub(crate) fn is_time(name: &str) -> bool {
    name.eq_ignore_ascii_case("timestamp") || name.eq_ignore_ascii_case("deliver_timestamp")
}

fn changed(parts: &[Part], mut change: impl FnMut(&str, &str) -> String) -> Option<Vec<Part>> {
    let result: Vec<Part> =
        parts.iter().map(|part| Part { name: part.name.clone(), value: change(&part.name, &part.value) }).collect();
    (result != parts).then_some(result)
}

fn apply(value: &str, transform: Transform) -> String {
    match transform {
        Transform::Trimmed => value.trim().to_owned(),
        Transform::UrlEncoded => percent(value, true, false),
        Transform::UrlEncodedLower => percent(value, false, false),
        Transform::FormEncoded => percent(value, true, true),
        Transform::UrlDecoded => unpercent(value).unwrap_or_else(|| value.to_owned()),
        Transform::XmlEscaped => value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        Transform::XmlUnescaped => unescape(&value.replace("&#39;", "'")),
        Transform::Cdata => format!("<![CDATA[{value}]]>"),
        Transform::JsonEscaped => {
            let mut text = String::with_capacity(value.len());
            for unit in value.encode_utf16() {
                match u8::try_from(unit) {
                    Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
                    _ => text.push_str(&format!("\\u{unit:04x}")),
                }
            }
            text
        }
        Transform::JsonSlashes => value.replace('/', "\\/"),
        Transform::Lf => value.replace("\r\n", "\n"),
        Transform::CrLf => value.replace("\r\n", "\n").replace('\n', "\r\n"),
        Transform::Nfc => value.nfc().collect(),
        Transform::Nfd => value.nfd().collect(),
        Transform::AsciiDigits => value.chars().map(ascii_digit).collect(),
        Transform::Unmojibake => {
            let bytes: Option<Vec<u8>> = value.chars().map(|char| u8::try_from(char).ok()).collect();
            bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| value.to_owned())
        }
    }
}

fn ascii_digit(char: char) -> char {
    let digit = u32::from(char).checked_sub(u32::from('０')).filter(|digit| *digit < 10);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(char)
}

fn percent(value: &str, upper: bool, form: bool) -> String {
    let mut text = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b'-' | b'_' | b'.' => text.push(char::from(byte)),
            b'~' if !form => text.push('~'),
            b'*' if form => text.push('*'),
            b' ' if form => text.push('+'),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ if upper => text.push_str(&format!("%{byte:02X}")),
            _ => text.push_str(&format!("%{byte:02x}")),
        }
    }
    text
}

/// The text with its `%XX` resolved, what is no escape left alone; `None` when that is not UTF-8.
pub(crate) fn unpercent(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
        bytes.push(escaped.unwrap_or(*first));
    }
    String::from_utf8(bytes).ok()
}

/// The text with the references resolved that XML knows by name.
pub(crate) fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    text.replace("&amp;", "&")
}
