//! What mistakes do to values.

use super::escapes;
use super::evaluate::{Part, in_gbk};
use super::host::NormalForm;
use super::input::json_unescaped;
use super::plan::Transform;

type Normalize = fn(&str, NormalForm) -> String;

/// The parts with every value transformed; `None` when that changes nothing.
pub(crate) fn transform(parts: &[Part], transform: Transform, normalize: Normalize) -> Option<Vec<Part>> {
    let result = changed(parts, |name, value| match transform {
        Transform::PackageEscapedTwice if !name.eq_ignore_ascii_case("package") => value.to_owned(),
        _ => apply(value, transform, normalize),
    })?;
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
    let is_plain =
        |plain: &Transform| changed(parts, |_, value| apply(value, *plain, normalize)).as_ref() == Some(&result);
    (!plainer.iter().any(is_plain)).then_some(result)
}

/// The parts with every value changed; `None` when none is.
pub(crate) fn changed(parts: &[Part], mut change: impl FnMut(&str, &str) -> String) -> Option<Vec<Part>> {
    // Most mistakes change nothing in most messages: the parts are copied when one does.
    let mut result: Option<Vec<Part>> = None;
    for (index, part) in parts.iter().enumerate() {
        let value = change(&part.name, &part.value);
        if value != part.value
            && let Some(changed) = result.get_or_insert_with(|| parts.to_vec()).get_mut(index)
        {
            changed.value = value;
        }
    }
    result
}

fn apply(value: &str, transform: Transform, normalize: Normalize) -> String {
    match transform {
        Transform::Trimmed => value.trim().to_owned(),
        Transform::UrlEncoded => escapes::percent(value, true, false),
        Transform::UrlEncodedLower => escapes::percent(value, false, false),
        Transform::FormEncoded => escapes::percent(value, true, true),
        Transform::UrlDecoded => unpercent(value).unwrap_or_else(|| value.to_owned()),
        Transform::FormEncodedLower => escapes::percent(value, false, true),
        Transform::FormDecoded => escapes::form_decoded(value).unwrap_or_else(|| value.to_owned()),
        Transform::EscapesLower => escapes::escapes_in_case(value, false),
        Transform::EscapesUpper => escapes::escapes_in_case(value, true),
        Transform::SpaceAsPlus => value.replace("%20", "+"),
        Transform::SpaceAsPercent20 => value.replace('+', "%20"),
        Transform::PackageEscapedTwice => escapes::escapes_twice(value),
        Transform::EscapesGbk => escapes::escapes_in_gbk(value).unwrap_or_else(|| value.to_owned()),
        Transform::EscapesUtf8 => escapes::escapes_in_utf8(value).unwrap_or_else(|| value.to_owned()),
        Transform::XmlEscaped => escapes::xml_escaped(value),
        Transform::XmlEscapedQuotes => escapes::xml_escaped(value).replace('"', "&quot;").replace('\'', "&apos;"),
        Transform::HtmlEscaped => escapes::xml_escaped(value).replace('"', "&quot;").replace('\'', "&#039;"),
        Transform::HtmlUnescaped => escapes::html_unescaped(value),
        Transform::NumericReferences => escapes::numeric_references(value),
        Transform::XmlUnescaped => unescape(&value.replace("&#39;", "'")),
        Transform::Cdata => format!("<![CDATA[{value}]]>"),
        Transform::JsonEscaped => escapes::json_escaped(value, false),
        Transform::JsonEscapedUpper => escapes::json_escaped(value, true),
        Transform::JsonHtmlSafe => escapes::json_units(value, &['&', '<', '>']),
        Transform::JsonHtmlSafeGson => escapes::json_units(value, &['&', '<', '>', '=', '\'']),
        Transform::JsonQuoted => escapes::json_quoted(value),
        Transform::JsonUnescaped => json_unescaped(value),
        Transform::JsonSlashes => value.replace('/', "\\/"),
        Transform::Lf => value.replace("\r\n", "\n"),
        Transform::CrLf => value.replace("\r\n", "\n").replace('\n', "\r\n"),
        Transform::Nfc => normalize(value, NormalForm::Nfc),
        Transform::Nfd => normalize(value, NormalForm::Nfd),
        Transform::AsciiDigits => value.chars().map(ascii_digit).collect(),
        Transform::HalfWidth => value.chars().map(half_width).collect(),
        Transform::FullWidthDigits => value.chars().map(full_width_digit).collect(),
        Transform::CutAtEmoji => value.split(|char| char > '\u{FFFF}').next().unwrap_or_default().to_owned(),
        Transform::Unmojibake => {
            let bytes: Option<Vec<u8>> = value.chars().map(|char| u8::try_from(char).ok()).collect();
            bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| value.to_owned())
        }
        Transform::UnmojibakeGbk => String::from_utf8(in_gbk(value)).unwrap_or_else(|_| value.to_owned()),
    }
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
