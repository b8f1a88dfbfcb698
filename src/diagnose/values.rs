//! What mistakes do to values.

use super::escapes::{self, replaced};
use super::evaluate::push_chars;
use super::gbk::{Variant, encode as encode_gbk};
use super::host::NormalForm;
use super::input::json_unescaped;
use super::parts::{Part, Parts};
use super::plan::Transform;

type Normalize = fn(&str, NormalForm, &mut dyn FnMut(char));

/// Makes the parts with every value transformed; false when that changes nothing.
pub(crate) fn transform(
    parts: &[Part],
    transform: Transform,
    normalize: Normalize,
    written: &mut Vec<u8>,
    into: &mut Parts,
) -> bool {
    let is_changed = changed(parts, written, into, |name, value, into| match transform {
        Transform::PackageEscapedTwice if !name.eq_ignore_ascii_case("package") => None,
        _ => write(value, transform, normalize, into),
    });
    // A particular spelling counts only where it differs from the plain one, or both would always be named.
    let plainer = match transform {
        Transform::FormEncodedLower => &[Transform::FormEncoded, Transform::UrlEncodedLower][..],
        Transform::FormDecoded => &[Transform::UrlDecoded],
        Transform::XmlEscapedQuotes => &[Transform::XmlEscaped],
        Transform::HtmlEscaped => &[Transform::XmlEscapedQuotes, Transform::XmlEscaped],
        Transform::HtmlUnescaped => &[Transform::XmlUnescaped],
        Transform::JsonEscapedUpper => &[Transform::JsonEscaped],
        Transform::JsonHtmlSafeGson => &[Transform::JsonHtmlSafe],
        Transform::HalfWidth => &[Transform::AsciiDigits],
        _ => &[],
    };
    let mut is_plain = |plain: &Transform| {
        let mut pairs = parts.iter().zip(into.iter());
        pairs.all(|(part, result)| {
            value_of(part, written, |_, value, into| write(value, *plain, normalize, into)) == result.value
        })
    };
    is_changed && !plainer.iter().any(&mut is_plain)
}

/// Makes the parts with every value as it is written; false when none changes.
pub(crate) fn changed(
    parts: &[Part],
    written: &mut Vec<u8>,
    into: &mut Parts,
    write: impl Fn(&str, &str, &mut Vec<u8>) -> Option<()>,
) -> bool {
    let mut is_changed = false;
    into.clear();
    for part in parts {
        let value = value_of(part, written, &write);
        is_changed |= value != part.value;
        into.push(&part.name, value);
    }
    is_changed
}

/// What is written for this name and value; the old value when that is nothing or no UTF-8.
fn value_of<'v>(
    part: &'v Part,
    written: &'v mut Vec<u8>,
    write: impl Fn(&str, &str, &mut Vec<u8>) -> Option<()>,
) -> &'v str {
    written.clear();
    write(&part.name, &part.value, written).and_then(|()| std::str::from_utf8(written).ok()).unwrap_or(&part.value)
}

/// `None` where a value stays as it is.
fn write(value: &str, transform: Transform, normalize: Normalize, into: &mut Vec<u8>) -> Option<()> {
    const AMPERSAND: (&str, &str) = ("&", "&amp;");
    const LESS: (&str, &str) = ("<", "&lt;");
    const GREATER: (&str, &str) = (">", "&gt;");
    const QUOTE: (&str, &str) = ("\"", "&quot;");
    let mut replace = |rules: &[(&str, &str)]| replaced(value, rules, into);
    match transform {
        Transform::Trimmed => into.extend_from_slice(value.trim().as_bytes()),
        Transform::UrlEncoded => escapes::percent(value, true, false, into),
        Transform::UrlEncodedLower => escapes::percent(value, false, false, into),
        Transform::FormEncoded => escapes::percent(value, true, true, into),
        Transform::FormEncodedLower => escapes::percent(value, false, true, into),
        Transform::UrlDecoded => escapes::unpercent(value, false, into),
        Transform::FormDecoded => escapes::unpercent(value, true, into),
        Transform::EscapesLower => escapes::escapes_in_case(value, false, into),
        Transform::EscapesUpper => escapes::escapes_in_case(value, true, into),
        Transform::SpaceAsPlus => replace(&[("%20", "+")]),
        Transform::SpaceAsPercent20 => replace(&[("+", "%20")]),
        Transform::PackageEscapedTwice => replace(&[("%", "%25")]),
        Transform::EscapesGbk => return escapes::escapes_in_gbk(value, into),
        Transform::EscapesUtf8 => return escapes::escapes_in_utf8(value, into),
        Transform::XmlEscaped => replace(&[AMPERSAND, LESS, GREATER]),
        Transform::XmlEscapedQuotes => replace(&[AMPERSAND, LESS, GREATER, QUOTE, ("'", "&apos;")]),
        Transform::HtmlEscaped => replace(&[AMPERSAND, LESS, GREATER, QUOTE, ("'", "&#039;")]),
        Transform::HtmlUnescaped => escapes::html_unescaped(value, into),
        Transform::NumericReferences => escapes::numeric_references(value, into),
        Transform::XmlUnescaped => replace(&escapes::XML_REFERENCES),
        Transform::Cdata => escapes::push_texts(&["<![CDATA[", value, "]]>"], into),
        Transform::JsonEscaped => escapes::json_escaped(value, false, into),
        Transform::JsonEscapedUpper => escapes::json_escaped(value, true, into),
        Transform::JsonHtmlSafe => escapes::json_units(value, b"&<>", into),
        Transform::JsonHtmlSafeGson => escapes::json_units(value, b"&<>='", into),
        // What must be escaped inside JSON's quotes.
        Transform::JsonQuoted => {
            replace(&[("\\", "\\\\"), ("\"", "\\\""), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")]);
        }
        Transform::JsonUnescaped => json_unescaped(value, into),
        Transform::JsonSlashes => replace(&[("/", "\\/")]),
        Transform::Lf => replace(&[("\r\n", "\n")]),
        Transform::CrLf => replace(&[("\r\n", "\r\n"), ("\n", "\r\n")]),
        // The same in any normal form.
        Transform::Nfc | Transform::Nfd if value.is_ascii() => return None,
        Transform::Nfc => normalize(value, NormalForm::Nfc, &mut |char| push_chars([char], into)),
        Transform::Nfd => normalize(value, NormalForm::Nfd, &mut |char| push_chars([char], into)),
        Transform::AsciiDigits => push_chars(value.chars().map(ascii_digit), into),
        Transform::HalfWidth => push_chars(value.chars().map(half_width), into),
        Transform::FullWidthDigits => push_chars(value.chars().map(full_width_digit), into),
        Transform::CutAtEmoji => push_chars(value.chars().take_while(|char| *char <= '\u{FFFF}'), into),
        Transform::Unmojibake => {
            for char in value.chars() {
                into.push(u8::try_from(char).ok()?);
            }
        }
        Transform::UnmojibakeGbk => encode_gbk(Variant::Gbk, value, into),
    }
    Some(())
}

fn ascii_digit(char: char) -> char {
    let digit = u32::from(char).checked_sub(u32::from('０')).filter(|digit| *digit < 10);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(char)
}

/// The ASCII character that a full-width one stands for; a wide space is a space.
fn half_width(char: char) -> char {
    match char {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        _ => char,
    }
}

fn full_width_digit(char: char) -> char {
    char.to_digit(10).and_then(|digit| char::from_u32(u32::from('０') + digit)).unwrap_or(char)
}
