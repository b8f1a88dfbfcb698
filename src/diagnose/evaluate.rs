//! From a plan and values to a digest, without allocating for each candidate.

use super::gbk::{Variant, decode as decode_gbk, encode as encode_gbk};
use super::parts::Part;
use super::plan::{Charset, Empties, Join, KeyForm, Names, Order, Place, Plan};
use super::prefixes::{Hashes, Output};

/// Where the key stands in the order of parts.
const KEY: usize = usize::MAX;

/// Memory that candidates share.
#[derive(Default)]
pub(crate) struct Evaluator {
    text: Vec<u8>,
    encoded: Vec<u8>,
    key: Vec<u8>,
    order: Vec<usize>,
    hashes: Hashes,
}

impl Evaluator {
    /// The digest of the candidate.
    pub(crate) fn digest(&mut self, plan: &Plan, parts: &[Part], secrets: &[&[u8]]) -> Output {
        self.write(plan, parts, secrets);
        self.encode(plan.charset);
        let text = if plan.charset == Charset::Utf8 { &mut self.text } else { &mut self.encoded };
        self.hashes.hash(plan.digest, &self.key, text)
    }

    /// The text of the candidate before and after the place where `old` stands; `None` when that is not exactly one.
    pub(crate) fn around(
        &mut self,
        plan: &Plan,
        parts: &[Part],
        secrets: &[&[u8]],
        old: &str,
    ) -> Option<(&[u8], &[u8])> {
        if plan.charset != Charset::Utf8 {
            return None;
        }
        self.write(plan, parts, secrets);
        let mut places = self.text.windows(old.len()).enumerate().filter(|(_, bytes)| *bytes == old.as_bytes());
        let (place, _) = places.next()?;
        if places.next().is_some() {
            return None;
        }
        Some((self.text.get(..place)?, self.text.get(place + old.len()..)?))
    }

    /// The text of the candidate, in UTF-8, before any other encoding.
    pub(crate) fn text(&mut self, plan: &Plan, parts: &[Part], secrets: &[&[u8]]) -> String {
        self.write(plan, parts, secrets);
        String::from_utf8_lossy(&self.text).into_owned()
    }

    fn write(&mut self, plan: &Plan, parts: &[Part], secrets: &[&[u8]]) {
        self.key.clear();
        shape(secrets.get(plan.secret).copied().unwrap_or_default(), plan.key, &mut self.key);
        self.arrange(plan, parts);
        self.text.clear();
        for (position, index) in self.order.iter().enumerate() {
            let (name, value) = match parts.get(*index) {
                Some(part) => (part.name.as_str(), part.value.as_bytes()),
                None => (key_name(plan.place), self.key.as_slice()),
            };
            if position > 0 && plan.join != Join::Glued {
                self.text.push(b'&');
            }
            // The key's name is spelled on purpose; only who writes all names in capitals writes this one so too.
            let is_kept = *index == KEY && plan.names != Names::Upper;
            spell(name, if is_kept { Names::AsGiven } else { plan.names }, &mut self.text);
            self.text.push(b'=');
            if plan.join == Join::Quoted {
                self.text.push(b'"');
            }
            self.text.extend_from_slice(if value.is_empty() && plan.empties == Empties::Null {
                b"null"
            } else {
                value
            });
            if plan.join == Join::Quoted {
                self.text.push(b'"');
            }
        }
        let ending: &[u8] = match plan.place {
            Place::Appended => b"&appkey=",
            Place::Suffix | Place::Twice => b"&key=",
            Place::Concatenated => b"",
            _ => return self.finish(plan),
        };
        self.text.extend_from_slice(ending);
        self.text.extend_from_slice(&self.key);
        self.finish(plan);
    }

    fn finish(&mut self, plan: &Plan) {
        if plan.join == Join::TrailingAmpersand {
            self.text.push(b'&');
        }
    }

    fn arrange(&mut self, plan: &Plan, parts: &[Part]) {
        self.order.clear();
        let has_key = !matches!(plan.place, Place::Missing | Place::Appended | Place::Suffix | Place::Concatenated);
        let kept = |index: &usize| {
            plan.empties != Empties::Dropped || parts.get(*index).is_some_and(|part| !part.value.is_empty())
        };
        for index in (0..parts.len()).filter(kept).chain(has_key.then_some(KEY)) {
            let name = |index: usize| parts.get(index).map_or(key_name(plan.place), |part| part.name.as_str());
            let value = |index: usize| parts.get(index).map_or(self.key.as_slice(), |part| part.value.as_bytes());
            let lower = |index: usize| {
                let is_key = index == KEY;
                name(index).bytes().map(move |byte| if is_key { byte } else { byte.to_ascii_lowercase() })
            };
            let before = |other: &usize| match plan.order {
                Order::AsGiven => true,
                Order::ByName => lower(*other).le(lower(index)),
                Order::ByGivenName => name(*other) <= name(index),
                Order::ByValue => value(*other) <= value(index),
                Order::IgnoringUnderscore => {
                    lower(*other).filter(|byte| *byte != b'_').le(lower(index).filter(|byte| *byte != b'_'))
                }
            };
            let place = self.order.partition_point(before);
            self.order.insert(place, index);
        }
    }

    fn encode(&mut self, charset: Charset) {
        if charset == Charset::Utf8 {
            return;
        }
        self.encoded.clear();
        let text = String::from_utf8_lossy(&self.text);
        match charset {
            Charset::Utf8 => {}
            Charset::Gbk => encode_gbk(Variant::Gbk, &text, &mut self.encoded),
            Charset::Gb18030 => encode_gbk(Variant::Gb18030, &text, &mut self.encoded),
            Charset::Latin1 => self.encoded.extend(text.chars().map(|char| u8::try_from(char).unwrap_or(b'?'))),
            Charset::Utf16Le => self.encoded.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Charset::Utf16Be => self.encoded.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Charset::Utf8Bom => {
                self.encoded.extend_from_slice("\u{FEFF}".as_bytes());
                self.encoded.extend_from_slice(&self.text);
            }
            Charset::MojibakeLatin1 => push_chars(self.text.iter().copied().map(char::from), &mut self.encoded),
            Charset::MojibakeGbk => push_chars(decode_gbk(&self.text), &mut self.encoded),
        }
    }
}

pub(crate) fn push_chars(chars: impl IntoIterator<Item = char>, into: &mut Vec<u8>) {
    for char in chars {
        match u8::try_from(char) {
            Ok(byte) if byte.is_ascii() => into.push(byte),
            _ => into.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

const fn key_name(place: Place) -> &'static str {
    match place {
        Place::NamedCamel => "appKey",
        Place::NamedKey => "key",
        Place::NamedAppSecret => "appSecret",
        Place::NamedPaySignKey => "paySignKey",
        _ => "appkey",
    }
}

fn spell(name: &str, names: Names, text: &mut Vec<u8>) {
    match names {
        Names::Lower => text.extend(name.bytes().map(|byte| byte.to_ascii_lowercase())),
        Names::AsGiven => text.extend_from_slice(name.as_bytes()),
        Names::Upper => text.extend(name.bytes().map(|byte| byte.to_ascii_uppercase())),
        Names::Camel => {
            let mut raise = false;
            for (index, byte) in name.bytes().enumerate() {
                match byte {
                    b'_' => raise = true,
                    _ if raise => {
                        text.push(byte.to_ascii_uppercase());
                        raise = false;
                    }
                    _ if index == 0 => text.push(byte.to_ascii_lowercase()),
                    _ => text.push(byte),
                }
            }
        }
    }
}

/// Without the white space, the byte order mark and the quotes that a copied key collects.
pub(crate) fn trimmed(key: &[u8]) -> &[u8] {
    let mut rest = key;
    loop {
        let before = rest.len();
        rest = rest.trim_ascii();
        rest = rest.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(rest);
        for quote in [b'"', b'\''] {
            rest = rest.strip_prefix(&[quote]).and_then(|inner| inner.strip_suffix(&[quote])).unwrap_or(rest);
        }
        if rest.len() == before {
            return rest;
        }
    }
}

fn shape(key: &[u8], form: KeyForm, into: &mut Vec<u8>) {
    let (before, after): (&[u8], &[u8]) = match form {
        KeyForm::NewlineAfter => (b"", b"\n"),
        KeyForm::CrLfAfter => (b"", b"\r\n"),
        KeyForm::SpaceAfter => (b"", b" "),
        KeyForm::SpaceBefore => (b" ", b""),
        KeyForm::BomBefore => ("\u{FEFF}".as_bytes(), b""),
        KeyForm::DoubleQuoted => (b"\"", b"\""),
        KeyForm::SingleQuoted => (b"'", b"'"),
        KeyForm::AsGiven | KeyForm::Trimmed | KeyForm::Lower | KeyForm::Upper => (b"", b""),
    };
    into.extend_from_slice(before);
    match form {
        KeyForm::Trimmed => into.extend_from_slice(trimmed(key)),
        KeyForm::Lower => into.extend(key.iter().map(u8::to_ascii_lowercase)),
        KeyForm::Upper => into.extend(key.iter().map(u8::to_ascii_uppercase)),
        _ => into.extend_from_slice(key),
    }
    into.extend_from_slice(after);
}
