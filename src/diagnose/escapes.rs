//! Values written for a transport, and read back.

use super::evaluate::in_gbk;
use super::values::unpercent;

/// Every byte that is not unreserved as `%XX`; in a form a space is `+`.
pub(crate) fn percent(value: &str, upper: bool, form: bool) -> String {
    let mut text = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b'-' | b'_' | b'.' => text.push(char::from(byte)),
            b'~' if !form => text.push('~'),
            b'*' if form => text.push('*'),
            b' ' if form => text.push('+'),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => escape_byte(byte, upper, &mut text),
        }
    }
    text
}

fn escape_byte(byte: u8, upper: bool, into: &mut String) {
    into.push_str(&if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") });
}

/// The digits of every `%XX` in one case.
pub(crate) fn escapes_in_case(value: &str, upper: bool) -> String {
    each_escape(value, |byte, text| escape_byte(byte, upper, text))
}

/// Every `%XX` escaped once more.
pub(crate) fn escapes_twice(value: &str) -> String {
    value.replace('%', "%25")
}

/// The escaped bytes of a text in UTF-8 as those of the same text in GBK, in the case in which they are written.
pub(crate) fn escapes_in_gbk(value: &str) -> Option<String> {
    let is_upper = escapes_in_case(value, true) == value;
    recoded(value, is_upper, |bytes| String::from_utf8(bytes).ok().map(|text| in_gbk(&text)))
}

/// The escaped bytes of a text in GBK as those of the same text in UTF-8.
pub(crate) fn escapes_in_utf8(value: &str) -> Option<String> {
    let is_upper = escapes_in_case(value, true) == value;
    recoded(value, is_upper, |bytes| super::evaluate::from_gbk(&bytes).map(String::into_bytes))
}

/// Each run of escaped bytes beyond ASCII, recoded.
fn recoded(value: &str, upper: bool, recode: impl Fn(Vec<u8>) -> Option<Vec<u8>>) -> Option<String> {
    let mut text = String::new();
    let mut run: Vec<u8> = Vec::new();
    let mut rest = value;
    loop {
        match escape_at(rest).filter(|byte| !byte.is_ascii()) {
            Some(byte) => {
                run.push(byte);
                rest = rest.get(3..)?;
            }
            _ => {
                for byte in recode(std::mem::take(&mut run))? {
                    escape_byte(byte, upper, &mut text);
                }
                let Some(char) = rest.chars().next() else { return Some(text) };
                text.push(char);
                rest = rest.get(char.len_utf8()..)?;
            }
        }
    }
}

fn escape_at(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    u8::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn each_escape(value: &str, mut write: impl FnMut(u8, &mut String)) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(char) = rest.chars().next() {
        let length = match escape_at(rest) {
            Some(byte) => {
                write(byte, &mut text);
                3
            }
            None => {
                text.push(char);
                char.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    text
}

/// A form's value decoded: `+` is a space.
pub(crate) fn form_decoded(value: &str) -> Option<String> {
    unpercent(&value.replace('+', " "))
}

pub(crate) fn xml_escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Beyond ASCII as decimal references.
pub(crate) fn numeric_references(value: &str) -> String {
    value
        .chars()
        .map(|char| if char.is_ascii() { char.to_string() } else { format!("&#{};", u32::from(char)) })
        .collect()
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
pub(crate) fn html_unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let resolved = after.split_once(';').and_then(|(name, behind)| Some((reference(name)?, behind)));
        match resolved {
            Some((char, behind)) => {
                text.push(char);
                rest = behind;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text + rest
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
pub(crate) fn json_escaped(value: &str, upper: bool) -> String {
    let mut text = String::with_capacity(value.len());
    for unit in value.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
            _ if upper => text.push_str(&format!("\\u{unit:04X}")),
            _ => text.push_str(&format!("\\u{unit:04x}")),
        }
    }
    text
}

/// As a writer of JSON for HTML writes these characters.
pub(crate) fn json_units(value: &str, escaped: &[char]) -> String {
    value
        .chars()
        .map(|char| if escaped.contains(&char) { format!("\\u{:04x}", u32::from(char)) } else { char.to_string() })
        .collect()
}

/// What must be escaped inside JSON's quotes.
pub(crate) fn json_quoted(value: &str) -> String {
    let text = value.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}
