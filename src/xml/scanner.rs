//! The tokens of the flat document, one method for each. A method that returns an `Option` takes nothing when its token
//! does not stand here.

use super::{DECLARATION, DOCTYPE, EMPTY, FORBIDDEN, MARKUP, REFERENCE, ROOT, TAG, TEXT, TEXT_BETWEEN, TRUNCATED};
use crate::error::Error;
use crate::grammar::is_xml_char;
use crate::text::find;

const CDATA: &[u8] = b"<![CDATA[";

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// In bytes from the start.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn is_at_end_tag(&self) -> bool {
        self.rest().starts_with(b"</")
    }

    pub(super) fn take_space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| is_space(**byte)).count();
    }

    /// `<?xml version="1.0"?>`, with `encoding="UTF-8"` or without, if a declaration stands here.
    pub(super) fn declaration(&mut self) -> Result<(), Error> {
        if !self.is_at_declaration() {
            return Ok(());
        }
        self.at = b"<?xml".len();
        if self.attribute("version", "1.0") {
            self.attribute("encoding", "utf-8");
            self.take_space();
            if self.take(b"?>") {
                return Ok(());
            }
        }
        let is_closed = find(self.rest(), b"?>").is_some();
        Err(if is_closed { DECLARATION } else { TRUNCATED }.at(0))
    }

    /// `<xml>`
    pub(super) fn root(&mut self) -> Result<(), Error> {
        if self.take(b"<xml>") {
            return Ok(());
        }
        Err(match self.text.is_empty() {
            true => EMPTY,
            false if self.is_at_end() => ROOT,
            false => self.refuse(ROOT),
        })
    }

    /// The name in `<Name>`.
    pub(super) fn start_tag(&mut self) -> Result<&'a str, Error> {
        let rest = self.rest();
        let letters = rest.iter().skip(1).take_while(|byte| byte.is_ascii_alphabetic()).count();
        match (rest.first(), rest.get(1 + letters)) {
            (Some(b'<'), Some(b'>')) if letters > 0 => {
                let name = self.slice(1, letters);
                self.at += letters + 2;
                Ok(name)
            }
            (Some(b'<'), _) if !rest.starts_with(CDATA) => Err(self.refuse(TAG)),
            _ => Err(self.refuse(TEXT_BETWEEN)),
        }
    }

    /// The name in `<Name>`, or in `<Name/>`, which is empty, where names are those of any of WeChat's events.
    #[cfg(feature = "push")]
    pub(super) fn any_start_tag(&mut self) -> Result<(&'a str, bool), Error> {
        let rest = self.rest();
        let is_first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        let is_next = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(*byte);
        let length = rest.iter().skip(1).take_while(is_next).count();
        let after = rest.get(1 + length..).unwrap_or_default();
        let is_empty = after.starts_with(b"/>");
        match rest.get(..2) {
            Some([b'<', first]) if is_first(first) && (is_empty || after.starts_with(b">")) => {
                let name = self.slice(1, length);
                self.at += 1 + length + if is_empty { 2 } else { 1 };
                Ok((name, is_empty))
            }
            Some([b'<', _]) if !rest.starts_with(CDATA) => Err(self.refuse(TAG)),
            _ => Err(self.refuse(TEXT_BETWEEN)),
        }
    }

    /// What stands in `</…>`.
    pub(super) fn end_tag(&mut self) -> Result<Option<&'a str>, Error> {
        if !self.is_at_end_tag() {
            return Ok(None);
        }
        let length = find(self.rest(), b">").ok_or_else(|| self.refuse(TAG))?;
        let name = self.slice(2, length - 2);
        self.at += length + 1;
        Ok(Some(name))
    }

    /// Text up to the next markup or reference.
    pub(super) fn text(&mut self) -> Result<Option<&'a [u8]>, Error> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| matches!(byte, b'<' | b'&')).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        if find(text, b"]]>").is_some() {
            return Err(TEXT.at(self.at));
        }
        self.at += length;
        Ok((length > 0).then_some(text))
    }

    /// What a CDATA section holds.
    pub(super) fn cdata(&mut self) -> Result<Option<&'a [u8]>, Error> {
        let Some(rest) = self.rest().strip_prefix(CDATA) else { return Ok(None) };
        let length = find(rest, b"]]>").ok_or_else(|| self.refuse(TEXT))?;
        self.at += CDATA.len() + length + b"]]>".len();
        Ok(rest.get(..length))
    }

    /// The character that a reference stands for: one of the five that XML knows by name, or one by number.
    pub(super) fn reference(&mut self) -> Result<Option<char>, Error> {
        let Some(rest) = self.rest().strip_prefix(b"&") else { return Ok(None) };
        let length = rest.iter().position(|byte| matches!(byte, b';' | b'<' | b'&'));
        let length = length.filter(|length| rest.get(*length) == Some(&b';'));
        let name = self.slice(1, length.ok_or_else(|| REFERENCE.at(self.at))?);
        let char = resolve(name).map_err(|error| error.at(self.at))?;
        self.at += name.len() + 2;
        Ok(Some(char))
    }

    /// Why what stands here is refused, `otherwise` being the reason unless it is something that is refused everywhere.
    pub(super) fn refuse(&self, otherwise: Error) -> Error {
        let rest = self.rest();
        if rest.is_empty() {
            return TRUNCATED;
        }
        let error = if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!DOCTYPE")) {
            DOCTYPE
        } else if self.is_at_declaration() {
            DECLARATION
        } else if rest.starts_with(CDATA) {
            if find(rest, b"]]>").is_some() { otherwise } else { TRUNCATED }
        } else if CDATA.starts_with(rest) {
            TRUNCATED
        } else if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
            MARKUP
        } else if rest.starts_with(b"<") {
            match find(rest, b">") {
                None => TRUNCATED,
                Some(end) if rest.get(end - 1) == Some(&b'/') => TAG,
                Some(_) => otherwise,
            }
        } else {
            otherwise
        };
        error.at(self.at)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// `length` bytes from `start` bytes ahead, which lie between ASCII characters.
    fn slice(&self, start: usize, length: usize) -> &'a str {
        self.text.get(self.at + start..self.at + start + length).unwrap_or_default()
    }

    fn take(&mut self, token: &[u8]) -> bool {
        let stands = self.rest().starts_with(token);
        if stands {
            self.at += token.len();
        }
        stands
    }

    fn is_at_declaration(&self) -> bool {
        let follows = self.rest().strip_prefix(b"<?xml").and_then(<[u8]>::first);
        follows.is_some_and(|byte| is_space(*byte) || *byte == b'?')
    }

    /// Takes ` name="value"`, the value in any letter case.
    fn attribute(&mut self, name: &str, value: &str) -> bool {
        let mut ahead = Self { ..*self };
        ahead.take_space();
        let apart = ahead.at > self.at;
        let named = ahead.take(name.as_bytes());
        ahead.take_space();
        let equals = ahead.take(b"=");
        ahead.take_space();
        let quoted = ahead.rest().get(..value.len() + 2).unwrap_or_default();
        let stands = match quoted {
            [b'"', found @ .., b'"'] | [b'\'', found @ .., b'\''] => found.eq_ignore_ascii_case(value.as_bytes()),
            _ => false,
        };
        if apart && named && equals && stands {
            self.at = ahead.at + quoted.len();
        }
        apart && named && equals && stands
    }
}

fn resolve(reference: &str) -> Result<char, Error> {
    match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => {}
    }
    let number = reference.strip_prefix('#').ok_or(REFERENCE)?;
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // `from_str_radix` would take a sign.
    if digits.is_empty() || !digits.chars().all(|char| char.is_digit(radix)) {
        return Err(REFERENCE);
    }
    let char = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    char.filter(|char| is_xml_char(*char)).ok_or(FORBIDDEN)
}

/// XML's white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
