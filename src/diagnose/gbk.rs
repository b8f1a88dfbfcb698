//! GBK and GB18030, the charsets of Chinese Windows and of PHP files saved there.
//!
//! Two bytes, each in a row and a column of one table: `gbk.txt` has the part that follows no rule (the symbols, and the
//! ideographs of GB 2312 in the order of their pronunciation and of their radicals); the rest is all other ideographs and
//! the user-defined area, in the order of Unicode. Four bytes count through what two bytes leave out.
//! The tests compare all of it with `encoding_rs`, whose tables are ten times as large.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

const ROWS: usize = 126;
const COLUMNS: usize = 190;

/// Both ways between characters and codes.
pub(crate) struct Gbk {
    /// The character of each place in the table.
    two: Vec<u16>,
    /// The character of each four-byte code below U+10000.
    four: Vec<u16>,
    /// The code of each character below U+10000: two bytes, or [`FOUR`] and a place in `four`; 0 for none.
    codes: Vec<u32>,
}

const FOUR: u32 = 0x1_0000;
/// Where the four-byte codes of U+10000 and beyond begin.
const SUPPLEMENTARY: u32 = 189_000;
/// Characters that got two bytes in 2005 and 2022; their four bytes are still counted.
const PROMOTED: [u16; 19] = [
    0x1E3F, 0x9FB4, 0x9FB5, 0x9FB6, 0x9FB7, 0x9FB8, 0x9FB9, 0x9FBA, 0x9FBB, 0xFE10, 0xFE11, 0xFE12, 0xFE13, 0xFE14,
    0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19,
];
/// Private characters that had those two bytes before, or never had any; they are not counted.
const DEMOTED: [u16; 20] = [
    0xE5E5, 0xE78D, 0xE78E, 0xE78F, 0xE790, 0xE791, 0xE792, 0xE793, 0xE794, 0xE795, 0xE796, 0xE7C7, 0xE81E, 0xE826,
    0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864,
];

/// A charset of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    Gbk,
    Gb18030,
}

/// Encodes as programs do: a character that does not fit becomes a question mark, not a web page's `&#…;`.
pub(crate) fn encode(variant: Variant, text: &str, into: &mut Vec<u8>) {
    let tables = Gbk::tables();
    for char in text.chars() {
        match tables.code(char) {
            _ if char.is_ascii() => into.extend(u8::try_from(char)),
            // As Windows writes it.
            _ if char == '€' && variant == Variant::Gbk => into.push(0x80),
            Some(Code::Two(bytes)) => into.extend_from_slice(&bytes),
            Some(Code::Four(bytes)) if variant == Variant::Gb18030 => into.extend_from_slice(&bytes),
            Some(Code::Four(_)) | None => into.push(b'?'),
        }
    }
}

/// Decodes as browsers do, either charset: what is no code becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8]) -> impl Iterator<Item = char> {
    let tables = Gbk::tables();
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (&lead, after) = rest.split_first()?;
        let (char, length) = match (lead, after) {
            (0..=0x7F, _) => (Some(char::from(lead)), 1),
            (0x80, _) => (Some('€'), 1),
            (0xFF, _) => (None, 1),
            (_, [second @ b'0'..=b'9', third @ 0x81..=0xFE, fourth @ b'0'..=b'9', ..]) => {
                (tables.four_bytes([lead, *second, *third, *fourth]), 4)
            }
            // Cut off by the end, all of it is one error.
            (_, [] | [b'0'..=b'9'] | [b'0'..=b'9', 0x81..=0xFE]) => (None, 4),
            (_, [trail, ..]) => match tables.two_bytes(lead, *trail) {
                Some(char) => (Some(char), 2),
                // What is ASCII may be a mark-up character, so it is never swallowed.
                None => (None, if trail.is_ascii() { 1 } else { 2 }),
            },
        };
        rest = rest.get(length..).unwrap_or_default();
        Some(char.unwrap_or(char::REPLACEMENT_CHARACTER))
    })
}

enum Code {
    Two([u8; 2]),
    Four([u8; 4]),
}

impl Gbk {
    /// The tables, made on first use.
    fn tables() -> &'static Self {
        static TABLES: LazyLock<Gbk> = LazyLock::new(Gbk::new);
        &TABLES
    }

    fn new() -> Self {
        let mut tables = Self { two: vec![0; ROWS * COLUMNS], four: Vec::new(), codes: vec![0; 0x1_0000] };
        for line in include_str!("gbk.txt").lines() {
            let Some((code, chars)) = line.split_once(' ') else { continue };
            let Ok(code) = u16::from_str_radix(code, 16) else { continue };
            let [lead, first] = code.to_be_bytes();
            for (code, char) in codes(lead..=lead, first..=0xFE).zip(chars.encode_utf16()) {
                tables.put(code, char);
            }
        }
        let mut ideographs: Vec<u16> = (0x4E00..=0x9FA5).filter(|char| !tables.has(*char)).collect();
        ideographs.reverse();
        for code in codes(0x81..=0xA0, 0x40..=0xFE).chain(codes(0xAA..=0xFE, 0x40..=0xA0)) {
            if tables.is_free(code) {
                tables.put(code, ideographs.pop().unwrap_or_default());
            }
        }
        let user_defined =
            [codes(0xAA..=0xAF, 0xA1..=0xFE), codes(0xF8..=0xFE, 0xA1..=0xFE), codes(0xA1..=0xA7, 0x40..=0xA0)];
        for (code, char) in user_defined.into_iter().flatten().zip(0xE000..) {
            if tables.is_free(code) {
                tables.put(code, char);
            }
        }
        for char in (0x80..=0xD7FF).chain(0xE000..=0xFFFF) {
            if (!tables.has(char) || PROMOTED.contains(&char)) && !DEMOTED.contains(&char) {
                // One private character changed places with the one that got its two bytes.
                tables.count(if char == 0x1E3F { 0xE7C7 } else { char });
            }
        }
        tables
    }

    fn has(&self, char: u16) -> bool {
        self.codes.get(usize::from(char)).is_some_and(|code| *code != 0)
    }

    fn is_free(&self, [lead, trail]: [u8; 2]) -> bool {
        place(lead, trail).and_then(|place| self.two.get(place)).is_some_and(|char| *char == 0)
    }

    fn put(&mut self, [lead, trail]: [u8; 2], char: u16) {
        if let Some(cell) = place(lead, trail).and_then(|place| self.two.get_mut(place)) {
            *cell = char;
        }
        // One character stands in the table twice, and the first place counts.
        if let Some(code) = self.codes.get_mut(usize::from(char)).filter(|code| **code == 0) {
            *code = u32::from(u16::from_be_bytes([lead, trail]));
        }
    }

    fn count(&mut self, char: u16) {
        let pointer = u32::try_from(self.four.len()).unwrap_or_default();
        if let Some(code) = self.codes.get_mut(usize::from(char)).filter(|code| **code == 0) {
            *code = FOUR | pointer;
        }
        self.four.push(char);
    }

    fn code(&self, char: char) -> Option<Code> {
        let scalar = u32::from(char);
        let pointer = match self.codes.get(usize::try_from(scalar).ok()?) {
            Some(0) => return None,
            Some(code) if code & FOUR == 0 => return Some(Code::Two(u16::try_from(*code).ok()?.to_be_bytes())),
            Some(code) => code ^ FOUR,
            None => SUPPLEMENTARY + (scalar - 0x1_0000),
        };
        let digit =
            |divisor: u32, base: u32, first: u8| u8::try_from(pointer / divisor % base).map(|digit| first + digit);
        let bytes = [digit(12_600, 126, 0x81), digit(1260, 10, b'0'), digit(10, 126, 0x81), digit(1, 10, b'0')];
        let [Ok(first), Ok(second), Ok(third), Ok(fourth)] = bytes else { return None };
        Some(Code::Four([first, second, third, fourth]))
    }

    fn two_bytes(&self, lead: u8, trail: u8) -> Option<char> {
        self.two.get(place(lead, trail)?).and_then(|char| char::from_u32(u32::from(*char)))
    }

    fn four_bytes(&self, [first, second, third, fourth]: [u8; 4]) -> Option<char> {
        let digit = |byte: u8, zero: u8| u32::from(byte - zero);
        let pointer =
            digit(first, 0x81) * 12_600 + digit(second, b'0') * 1260 + digit(third, 0x81) * 10 + digit(fourth, b'0');
        match pointer.checked_sub(SUPPLEMENTARY) {
            Some(beyond) => char::from_u32(0x1_0000 + beyond),
            None => self.four.get(usize::try_from(pointer).ok()?).and_then(|char| char::from_u32(u32::from(*char))),
        }
    }
}

/// The codes of a rectangle of the table, row by row.
fn codes(leads: RangeInclusive<u8>, trails: RangeInclusive<u8>) -> impl Iterator<Item = [u8; 2]> {
    leads.flat_map(move |lead| trails.clone().filter(|trail| *trail != 0x7F).map(move |trail| [lead, trail]))
}

fn place(lead: u8, trail: u8) -> Option<usize> {
    let row = lead.checked_sub(0x81).map(usize::from).filter(|row| *row < ROWS)?;
    let column = match trail {
        0x40..=0x7E => trail - 0x40,
        0x80..=0xFE => trail - 0x41,
        _ => return None,
    };
    Some(row * COLUMNS + usize::from(column))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EncoderResult, Encoding, GB18030, GBK};
    use proptest::prelude::*;

    use super::{Variant, decode, encode};

    fn encoded(encoding: &'static Encoding, char: char) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(16);
        let mut encoder = encoding.new_encoder();
        let (result, _) =
            encoder.encode_from_utf8_to_vec_without_replacement(char.encode_utf8(&mut [0; 4]), &mut bytes, true);
        (result == EncoderResult::InputEmpty).then_some(bytes)
    }

    #[test]
    fn every_character_has_the_code_that_browsers_give_it() {
        // The private characters that had a code before 2022 are nobody's.
        let shared = |char: &char| !('\u{E766}'..='\u{E864}').contains(char);
        for char in ('\0'..=char::MAX).filter(shared) {
            for (variant, encoding) in [(Variant::Gbk, GBK), (Variant::Gb18030, GB18030)] {
                let mut bytes = Vec::new();
                encode(variant, char.encode_utf8(&mut [0; 4]), &mut bytes);
                assert_eq!(bytes, encoded(encoding, char).unwrap_or(b"?".to_vec()), "{variant:?} {char:?}");
            }
        }
    }

    #[test]
    fn every_code_is_the_character_that_browsers_read() {
        let same = |bytes: &[u8]| {
            assert_eq!(decode(bytes).collect::<String>(), GBK.decode_without_bom_handling(bytes).0, "{bytes:X?}")
        };
        for lead in 0..=0xFF {
            for second in 0..=0xFF {
                same(&[lead, second]);
                if !second.is_ascii_digit() {
                    continue;
                }
                for third in 0x80..=0xFF {
                    for fourth in 0x2F..=0x3A {
                        same(&[lead, second, third, fourth]);
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_that_are_no_text_become_what_browsers_show(bytes: Vec<u8>, text: String) {
            for bytes in [&bytes[..], text.as_bytes()] {
                prop_assert_eq!(decode(bytes).collect::<String>(), GBK.decode_without_bom_handling(bytes).0);
            }
        }
    }
}
