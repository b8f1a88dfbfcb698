//! Values written for a transport, and read back.
//!
//! All of these append to memory of the caller: the search changes values a million times.

use super::evaluate::push_chars;
use super::gbk::{Variant, decode as decode_gbk, encode as encode_gbk};

/// What is written, as a text of its own; `None` when it is not UTF-8.
pub(crate) fn text_of(write: impl FnOnce(&mut Vec<u8>)) -> Option<String> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    String::from_utf8(bytes).ok()
}

pub(crate) fn push_texts(texts: &[&str], into: &mut Vec<u8>) {
    for text in texts {
        into.extend_from_slice(text.as_bytes());
    }
}

/// The value with each of these replaced by its counterpart; the first that fits counts.
pub(crate) fn replaced(value: &str, rules: &[(&str, &str)], into: &mut Vec<u8>) {
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let mut fits = rules.iter().filter_map(|(from, to)| Some((rest.strip_prefix(from.as_bytes())?, to.as_bytes())));
        let (behind, to) = fits.next().unwrap_or((after, std::slice::from_ref(first)));
        into.extend_from_slice(to);
        rest = behind;
    }
}

/// Every byte that is not unreserved as `%XX`; in a form a space is `+`.
pub(crate) fn percent(value: &str, upper: bool, form: bool, into: &mut Vec<u8>) {
    for byte in value.bytes() {
        match byte {
            b'-' | b'_' | b'.' => into.push(byte),
            b'~' if !form => into.push(byte),
            b'*' if form => into.push(byte),
            b' ' if form => into.push(b'+'),
            _ if byte.is_ascii_alphanumeric() => into.push(byte),
            _ => escape_byte(byte, upper, into),
        }
    }
}

/// Every `%XX` resolved, what is no escape left alone; in a form `+` is a space.
pub(crate) fn unpercent(value: &str, form: bool, into: &mut Vec<u8>) {
    each_escape(value, into, |byte, into| into.push(byte), |byte| if form && byte == b'+' { b' ' } else { byte });
}

fn escape_byte(byte: u8, upper: bool, into: &mut Vec<u8>) {
    into.push(b'%');
    push_hex(byte.into(), 2, upper, into);
}

fn push_hex(number: u16, digits: u32, upper: bool, into: &mut Vec<u8>) {
    for place in (0..digits).rev() {
        let digit = char::from_digit((u32::from(number) >> (4 * place)) & 15, 16).unwrap_or_default();
        push_chars([if upper { digit.to_ascii_uppercase() } else { digit }], into);
    }
}

/// The digits of every `%XX` in one case.
pub(crate) fn escapes_in_case(value: &str, upper: bool, into: &mut Vec<u8>) {
    each_escape(value, into, |byte, into| escape_byte(byte, upper, into), |byte| byte);
}

/// What becomes of each `%XX` and of each other byte.
fn each_escape(value: &str, into: &mut Vec<u8>, escaped: impl Fn(u8, &mut Vec<u8>), other: impl Fn(u8) -> u8) {
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match escape_at(rest) {
            Some((byte, behind)) => {
                escaped(byte, into);
                rest = behind;
            }
            None => {
                into.push(other(*first));
                rest = after;
            }
        }
    }
}

/// The byte that is escaped at the beginning, and what follows.
fn escape_at(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, behind @ ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?, behind))
}

/// The escaped characters of a text in UTF-8 as those of the same text in GBK.
pub(crate) fn escapes_in_gbk(value: &str, into: &mut Vec<u8>) -> Option<()> {
    let decode = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.chars().next();
    recoded(value, into, decode, |char, into| encode_gbk(Variant::Gbk, char.encode_utf8(&mut [0; 4]), into))
}

/// The escaped characters of a text in GBK as those of the same text in UTF-8.
pub(crate) fn escapes_in_utf8(value: &str, into: &mut Vec<u8>) -> Option<()> {
    let decode = |bytes: &[u8]| decode_gbk(bytes).next().filter(|char| *char != char::REPLACEMENT_CHARACTER);
    recoded(value, into, decode, |char, into| push_chars([char], into))
}

/// Each escaped character beyond ASCII recoded, in the case in which they are written; `None` when they are none.
fn recoded(
    value: &str,
    into: &mut Vec<u8>,
    decode: impl Fn(&[u8]) -> Option<char>,
    encode: impl Fn(char, &mut Vec<u8>),
) -> Option<()> {
    let is_lower = |text: &[u8]| escape_at(text).is_some() && text.iter().any(u8::is_ascii_lowercase);
    let upper = !value.as_bytes().windows(3).any(is_lower);
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if escape_at(rest).is_none_or(|(byte, _)| byte.is_ascii()) {
            into.push(*first);
            rest = after;
            continue;
        }
        let (mut bytes, mut count) = ([0; 4], 0);
        let char = loop {
            let (byte, behind) = escape_at(rest).filter(|(byte, _)| !byte.is_ascii())?;
            *bytes.get_mut(count)? = byte;
            count += 1;
            rest = behind;
            if let Some(char) = decode(bytes.get(..count)?) {
                break char;
            }
        };
        let start = into.len();
        encode(char, into);
        let encoded = [0, 1, 2, 3].map(|index| into.get(start + index).copied());
        into.truncate(start);
        encoded.into_iter().flatten().for_each(|byte| escape_byte(byte, upper, into));
    }
    Some(())
}

/// The references that XML knows by name, and the one that programs write for an apostrophe.
pub(crate) const XML_REFERENCES: [(&str, &str); 6] =
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"), ("&#39;", "'")];

/// The references resolved that XML knows by name.
pub(crate) fn xml_unescaped(value: &str, into: &mut Vec<u8>) {
    let [names @ .., _] = &XML_REFERENCES;
    replaced(value, names, into);
}

/// Beyond ASCII as decimal references.
pub(crate) fn numeric_references(value: &str, into: &mut Vec<u8>) {
    for char in value.chars() {
        if char.is_ascii() {
            push_chars([char], into);
        } else {
            into.extend_from_slice(b"&#");
            push_decimal(u32::from(char).into(), into);
            into.push(b';');
        }
    }
}

/// A number in decimal digits.
pub(crate) fn push_decimal(number: u128, into: &mut Vec<u8>) {
    if number > 9 {
        push_decimal(number / 10, into);
    }
    into.extend(u8::try_from(number % 10).map(|digit| b'0' + digit));
}

/// The names of HTML that word processors and editors of rich text leave in plain text.
const ENTITIES: [(&str, char); 18] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("yen", '¥'),
    ("middot", '·'),
    ("times", '×'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
];

/// References of HTML resolved, by name and by number; what is none stays.
pub(crate) fn html_unescaped(value: &str, into: &mut Vec<u8>) {
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        into.extend_from_slice(before.as_bytes());
        let resolved = after.split_once(';').and_then(|(name, behind)| Some((reference(name)?, behind)));
        let (char, behind) = resolved.unwrap_or(('&', after));
        push_chars([char], into);
        rest = behind;
    }
    into.extend_from_slice(rest.as_bytes());
}

fn reference(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, char)| *char);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32)
}

/// What is not ASCII as JSON's `\uXXXX`.
pub(crate) fn json_escaped(value: &str, upper: bool, into: &mut Vec<u8>) {
    for unit in value.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => into.push(byte),
            _ => escape_unit(unit, upper, into),
        }
    }
}

/// As a writer of JSON for HTML writes these characters.
pub(crate) fn json_units(value: &str, escaped: &[u8], into: &mut Vec<u8>) {
    for byte in value.bytes() {
        if escaped.contains(&byte) {
            escape_unit(byte.into(), false, into);
        } else {
            into.push(byte);
        }
    }
}

fn escape_unit(unit: u16, upper: bool, into: &mut Vec<u8>) {
    into.extend_from_slice(b"\\u");
    push_hex(unit, 4, upper, into);
}
