//! Strict reader of one JSON object (RFC 8259), as flat as the one for XML. A library would be a third of the module, and
//! would bring along what must not be: numbers that are no longer the digits that came, and the last of two members for both.
//! serde_json is the second opinion in the tests.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::content::Part;

/// The members in their order, those that stand twice among them; what is `null` does not stand there. Numbers are in the
/// digits in which they came: an order number can have more of them than a double holds.
pub(super) fn read(text: &str) -> Option<Vec<Part<'_>>> {
    let mut reader = Reader { text, at: 0 };
    let mut parts = Vec::with_capacity(16);
    reader.space();
    reader.take(b'{')?;
    reader.space();
    if reader.take(b'}').is_none() {
        loop {
            let name = reader.name()?;
            let start = reader.at;
            let value = match reader.peek()? {
                b'"' => Some(reader.string()?),
                b'{' | b'[' => {
                    reader.nested()?;
                    None
                }
                _ => Some(Cow::Borrowed(reader.bare()?)),
            };
            if text.get(start..reader.at) != Some("null") {
                parts.push((name, value));
            }
            reader.space();
            if reader.take(b',').is_none() {
                reader.take(b'}')?;
                break;
            }
        }
    }
    reader.space();
    (reader.at == text.len()).then_some(parts)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// A member's name, with the colon and the space up to its value.
    fn name(&mut self) -> Option<Cow<'a, str>> {
        self.space();
        let name = self.string()?;
        self.space();
        self.take(b':')?;
        self.space();
        Some(name)
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1F) {
                self.at += 1;
            }
            let piece = self.text.get(start..self.at)?;
            if text.is_empty() {
                text = Cow::Borrowed(piece);
            } else {
                text.to_mut().push_str(piece);
            }
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => text.to_mut().push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let code = if matches!(first, 0xD800..=0xDBFF) {
                    self.take(b'\\')?;
                    self.take(b'u')?;
                    let second = self.unit().filter(|unit| matches!(unit, 0xDC00..=0xDFFF))?;
                    0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                } else {
                    first
                };
                // Half of a surrogate pair is no character.
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + char::from(self.next()?).to_digit(16)?))
    }

    /// A number, `true`, `false` or `null`, as it stands.
    fn bare(&mut self) -> Option<&'a str> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        match ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word)) {
            Some(word) => self.at += word.len(),
            None => self.number()?,
        }
        self.text.get(start..self.at)
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        // Nothing can follow a value that begins as one more digit does, so no number has a zero before it.
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// An object or an array. No recursion: the content decides how deep it goes.
    fn nested(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                b'"' => drop(self.string()?),
                opening @ (b'{' | b'[') => {
                    self.at += 1;
                    self.space();
                    open.push(opening);
                    if self.peek()? != closing(opening) {
                        if opening == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                _ => drop(self.bare()?),
            }
            // A value has ended, or an empty one is about to.
            loop {
                let Some(innermost) = open.last().copied() else { return Some(()) };
                self.space();
                match self.next()? {
                    b',' => {
                        if innermost == b'{' {
                            self.name()?;
                        }
                        break;
                    }
                    byte if byte == closing(innermost) => drop(open.pop()),
                    _ => return None,
                }
            }
        }
    }
}

const fn closing(opening: u8) -> u8 {
    if opening == b'{' { b'}' } else { b']' }
}
