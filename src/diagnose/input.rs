//! What people have in hand, read leniently: here and only here. Nothing read in this file is ever believed.

use std::iter::Peekable;
use std::str::Chars;

use super::escapes::{text_of, unpercent, xml_unescaped};
use super::evaluate::push_chars;
use crate::message::{Message, Role};

/// What a pasted text looked like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An XML body.
    Xml,
    /// A JSON body, or an object or array written in PHP, JavaScript, Java, Python …
    Literal,
    /// A query string, a form body, or the text that was hashed.
    Pairs,
}

impl Kind {
    /// The stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Literal => "literal",
            Self::Pairs => "pairs",
        }
    }
}

/// What was found in a pasted text.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it looked like.
    pub kind: Kind,
    /// Names and values in their order, without those below.
    pub fields: Vec<(String, String)>,
    /// The signature, if there is one.
    pub given: Option<String>,
    /// A key that stood among the fields as `appkey` or `key`.
    pub key: Option<String>,
}

/// Reads a text in whatever of the usual forms it is; `None` when no field is found.
#[must_use]
pub fn read(text: &str) -> Option<Reading> {
    read_as(text, false)
}

/// Reads what was signed: the text that was hashed, in which nothing is encoded, or the fields as a program has them; `None`
/// when no field is found.
#[must_use]
pub fn read_signed(text: &str) -> Option<Reading> {
    read_as(text, true)
}

fn read_as(text: &str, is_hashed: bool) -> Option<Reading> {
    let text = text.trim().trim_start_matches('\u{FEFF}').trim();
    let (kind, found) = if text.starts_with('<') && text.contains("</") {
        (Kind::Xml, xml(text))
    } else if looks_like_pairs(text) {
        (Kind::Pairs, pairs(text, is_hashed))
    } else {
        (Kind::Literal, literal(text))
    };
    let mut reading = Reading { kind, fields: Vec::new(), given: None, key: None };
    for (name, value) in found {
        match name.to_ascii_lowercase().as_str() {
            "appsignature" | "app_signature" | "paysign" | "addrsign" | "sign" => reading.given = Some(value),
            "appkey" | "key" => {
                // What is signed holds the key; a message that holds it has leaked it, and the lints say so.
                if kind != Kind::Pairs && !is_hashed && name.eq_ignore_ascii_case("appkey") {
                    reading.fields.push((name, String::new()));
                }
                reading.key = Some(value);
            }
            _ => reading.fields.push((name, value)),
        }
    }
    (!reading.fields.is_empty()).then_some(reading)
}

/// The message whose signed fields these are; the one that misses least.
#[must_use]
pub fn detect(fields: &[(String, String)]) -> Option<&'static Message> {
    let has = |name: &str| fields.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    let exact = |message: &Message| {
        fields.iter().filter(|(given, _)| message.fields.iter().any(|field| field.name == given)).count()
    };
    Message::ALL
        .iter()
        .copied()
        .map(|message| {
            let missing = message.signed().filter(|field| !has(field.name)).count();
            let strange = fields
                .iter()
                .filter(|(name, _)| message.field(name).is_none_or(|field| field.role == Role::Unsigned))
                .count();
            (message, missing, strange)
        })
        .filter(|(message, missing, _)| *missing * 2 < message.signed().count())
        .min_by_key(|(message, missing, strange)| (*missing * 2 + *strange, usize::MAX - exact(message)))
        .map(|(message, ..)| message)
}

/// Every element that holds no other.
fn xml(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let Some((tag, after)) = after.split_once('>') else { break };
        let name = tag.split_whitespace().next().unwrap_or_default();
        let is_open = !name.is_empty() && !name.starts_with(['/', '!', '?']) && !tag.ends_with('/');
        let Some((value, _)) = after.split_once(&format!("</{name}")).filter(|_| is_open) else { continue };
        let bare = value.trim();
        if let Some(inner) = bare.strip_prefix("<![CDATA[").and_then(|inner| inner.strip_suffix("]]>")) {
            found.push((name.to_owned(), inner.replace("]]]]><![CDATA[>", "]]>")));
            rest = after.get(value.len()..).unwrap_or_default();
        } else if !value.contains('<') {
            found.push((name.to_owned(), text_of(|into| xml_unescaped(value, into)).unwrap_or_default()));
            rest = after.get(value.len()..).unwrap_or_default();
        }
    }
    found
}

fn looks_like_pairs(text: &str) -> bool {
    let first = text.split('&').next().unwrap_or_default();
    let name = first.rsplit('?').next().unwrap_or_default().split('=').next().unwrap_or_default();
    first.contains('=') && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `name=value&…`. Values are decoded when they look encoded throughout; in the text that was hashed they are raw, and an
/// `&` that starts no name belongs to the value before it.
fn pairs(text: &str, is_hashed: bool) -> Vec<(String, String)> {
    let text = text.rsplit_once('?').filter(|(before, _)| before.contains("://")).map_or(text, |(_, query)| query);
    let is_encoded = text.contains('%') && !text.chars().any(char::is_whitespace) && text.is_ascii();
    let is_hashed = is_hashed || text.split('&').any(|part| part.to_ascii_lowercase().starts_with("appkey="));
    let is_known = |name: &str, roles: &[Role]| {
        Message::ALL.iter().filter_map(|message| message.field(name)).any(|field| roles.contains(&field.role))
    };
    let is_key = |name: &str| matches!(name, "appkey" | "key");
    let mut found: Vec<(String, String)> = Vec::new();
    for part in text.split('&') {
        let pair = part.split_once('=').filter(|(name, _)| {
            let name = name.to_ascii_lowercase();
            // Sorted as the text is, a name that comes too early stands inside a package.
            let package = found.last().map(|(last, _)| last.to_ascii_lowercase()).filter(|last| last == "package");
            !is_hashed
                || is_key(&name)
                || match package {
                    Some(package) => package < name && is_known(&name, &[Role::Signed]),
                    None => is_known(&name, &[Role::Signed, Role::Unsigned, Role::Method, Role::Signature]),
                }
        });
        match (pair, found.last_mut()) {
            (Some((name, value)), _) => {
                let is_escaped = is_encoded && !is_hashed;
                let decoded = is_escaped.then(|| text_of(|into| unpercent(value, true, into))).flatten();
                found.push((name.trim().to_owned(), decoded.unwrap_or_else(|| value.to_owned())));
            }
            (None, Some((_, value))) => {
                value.push('&');
                value.push_str(part);
            }
            (None, None) => {}
        }
    }
    found
}

/// A piece of a program's text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Word(String),
    Mark(char),
}

/// Every name with its value, as JSON, PHP, JavaScript, Java and Python write them: `"a": "b"`, `'a' => 'b'`, `a: 'b'`,
/// `put("a", "b")`, `$x['a'] = "b"`.
fn literal(text: &str) -> Vec<(String, String)> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        let (Token::Text(name) | Token::Word(name)) = token else { continue };
        let mut next = index;
        if tokens.get(next) == Some(&Token::Mark(']')) {
            next += 1;
        }
        let in_call = index >= 2 && tokens.get(index - 2) == Some(&Token::Mark('('));
        let separator = match (tokens.get(next), tokens.get(next + 1)) {
            (Some(Token::Mark('=')), Some(Token::Mark('>'))) => 2,
            (Some(Token::Mark(':' | '=')), _) => 1,
            (Some(Token::Mark(',')), _) if in_call => 1,
            _ => continue,
        };
        if let Some(Token::Text(value) | Token::Word(value)) = tokens.get(next + separator) {
            found.push((name.clone(), value.clone()));
            index = next + separator + 1;
        }
    }
    found
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' | '\'' => tokens.push(Token::Text(unescaped(&mut chars, char).collect())),
            _ if char.is_whitespace() || char == '$' => {}
            _ if char.is_alphanumeric() || matches!(char, '_' | '-' | '.') => {
                let mut word = String::from(char);
                while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '.')) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            _ => tokens.push(Token::Mark(char)),
        }
    }
    tokens
}

/// The text with JSON's escapes resolved.
pub(crate) fn json_unescaped(text: &str, into: &mut Vec<u8>) {
    // No value holds a NUL: nothing ends it early.
    push_chars(unescaped(&mut text.chars().peekable(), '\0'), into);
}

/// The text up to the closing quote, escapes resolved.
fn unescaped(chars: &mut Peekable<Chars<'_>>, quote: char) -> impl Iterator<Item = char> {
    // Of a character beyond the first plane, or of a `\u` that is no escape.
    let mut second_unit = None;
    let units = std::iter::from_fn(move || {
        if let Some(unit) = second_unit.take() {
            return Some(unit);
        }
        let char = match chars.next().filter(|char| *char != quote)? {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let mut ahead = chars.clone();
                    let digit = |unit: u32, _| Some(unit * 16 + ahead.next()?.to_digit(16)?);
                    if let Some(unit) = (0..4).try_fold(0, digit).and_then(|unit| u16::try_from(unit).ok()) {
                        *chars = ahead;
                        return Some(unit);
                    }
                    second_unit = Some(u16::from(b'u'));
                    '\\'
                }
                other => other,
            },
            char => char,
        };
        let mut units = [0; 2];
        let units = char.encode_utf16(&mut units);
        second_unit = second_unit.or(units.get(1).copied());
        units.first().copied()
    });
    char::decode_utf16(units.fuse()).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::{Kind, detect, read};

    const FIELDS: [(&str, &str); 3] = [("appid", "wx1"), ("openid", "o-1"), ("timestamp", "1393400471")];
    const GIVEN: &str = "d60293982cc7c97a5a9d3383af761db763c07c86";

    #[test]
    fn one_message_in_every_spelling_reads_alike() {
        let texts = [
            (
                Kind::Xml,
                format!(
                    "\u{FEFF}\n<xml><appid><![CDATA[wx1]]></appid> <openid>o-1</openid><timestamp>\n<![CDATA[1393400471]]></timestamp><AppSignature>{GIVEN}</AppSignature></xml>"
                ),
            ),
            (
                Kind::Literal,
                format!(r#" {{"appid" : "wx1", "openid":"o-1","timestamp":1393400471, "app_signature":"{GIVEN}"}} "#),
            ),
            (
                Kind::Literal,
                format!("array('appid' => 'wx1', 'openid'=>'o-1', 'timestamp' => 1393400471, 'sign' => '{GIVEN}');"),
            ),
            (
                Kind::Literal,
                format!(
                    "$o['appid'] = \"wx1\";\n$o['openid'] = 'o-1';\n$o['timestamp'] = 1393400471; $o['sign'] = \"{GIVEN}\";"
                ),
            ),
            (Kind::Literal, format!("{{ appid: 'wx1', openid: \"o-1\", timestamp: 1393400471, paySign: '{GIVEN}' }}")),
            (
                Kind::Literal,
                format!(
                    "map.put(\"appid\", \"wx1\"); map.put(\"openid\",\"o-1\"); map.put(\"timestamp\", \"1393400471\"); map.put(\"sign\", \"{GIVEN}\");"
                ),
            ),
            (Kind::Pairs, format!("appid=wx1&openid=o-1&timestamp=1393400471&sign={GIVEN}")),
            (Kind::Pairs, format!("https://example.org/x?appid=wx1&openid=o%2D1&timestamp=1393400471&sign={GIVEN}")),
        ];
        for (kind, text) in texts {
            let reading = read(&text).expect(&text);
            let fields: Vec<_> = reading.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!((reading.kind, fields.as_slice()), (kind, FIELDS.as_slice()), "{text}");
            assert_eq!(reading.given.as_deref(), Some(GIVEN), "{text}");
            assert_eq!(detect(&reading.fields).map(|message| message.name), Some("feedback"), "{text}");
        }
    }

    #[test]
    fn the_text_that_was_hashed_keeps_its_package_and_gives_up_its_key() {
        let text = "appid=wx1&appkey=K&noncestr=n&package=bank_type=WX&body=%E6%94%AF&out_trade_no=1&partner=2&sign=BEEF&timestamp=1";
        let reading = read(text).expect("fields");
        assert_eq!(reading.key.as_deref(), Some("K"));
        let package = reading.fields.iter().find(|(name, _)| name == "package").expect("there");
        assert_eq!(package.1, "bank_type=WX&body=%E6%94%AF&out_trade_no=1&partner=2&sign=BEEF");
        assert_eq!(reading.given, None);
        assert_eq!(detect(&reading.fields).map(|message| message.name), Some("jsapi"));
    }

    #[test]
    fn json_escapes_are_resolved() {
        let reading = read(r#"{"deliver_msg":"\u8be5\ud83d\ude00 \"a\"\/\n","x":"\u12"}"#).expect("fields");
        assert_eq!(reading.fields, [("deliver_msg".into(), "该😀 \"a\"/\n".into()), ("x".into(), "\\u12".into())]);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        for text in ["", "   ", "<xml>", "{}", "hello", "&&&", "<a", "\"", "put(", "'\\"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
