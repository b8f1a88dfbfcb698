//! What the value of a field may look like.

use crate::barrier::{self, Barrier};
use crate::text::{characters, find};

/// The grammar of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grammar {
    /// An AppId: 1 to 64 of `A-Z a-z 0-9 _ -`.
    AppId,
    /// An OpenId: 1 to 64 of `A-Z a-z 0-9 _ -`.
    OpenId,
    /// 1 to `max` ASCII digits. Anything else would let the boundary between two fields shift (THREATS T5).
    Digits {
        /// The greatest number of digits.
        max: usize,
    },
    /// `0` or `1`.
    Flag,
    /// 1 to `max` ASCII letters and digits.
    Alphanumeric {
        /// The greatest number of characters.
        max: usize,
    },
    /// 1 to `max` characters without `&`, `=`, white space and control characters, so that the signed text stays
    /// unambiguous (THREATS T25).
    Token {
        /// The greatest number of characters.
        max: usize,
    },
    /// 1 to `max` printable ASCII characters, the space among them, without `&` and `=`.
    Ascii {
        /// The greatest number of characters.
        max: usize,
    },
    /// Up to `max` characters of free text: any character XML 1.0 allows, which is also any character that JSON
    /// carries without a `\u` escape.
    Text {
        /// The greatest number of characters.
        max: usize,
    },
    /// As `Text`, without `&`: where two free texts follow each other, one of them must not hold what reads like the
    /// next field.
    Phrase {
        /// The greatest number of characters.
        max: usize,
    },
    /// A package string: as `Text`, but it does not contain the name of a field that follows the package in another
    /// message, or a JSAPI payment could share its signed text with an app payment or a native package.
    Package {
        /// The greatest number of characters.
        max: usize,
    },
    /// 40 hexadecimal digits.
    Sha1Hex,
    /// 32 hexadecimal digits.
    Md5Hex,
    /// `sha1` in any letter case.
    Sha1Method,
    /// `MD5` in any letter case.
    Md5Method,
    /// `GBK` or `UTF-8` in any letter case.
    Charset,
}

impl Grammar {
    /// Whether surrounding XML white space is layout and not part of the value (THREATS 4, amendment).
    pub(crate) const fn trims(self) -> bool {
        !matches!(self, Self::Text { .. } | Self::Phrase { .. } | Self::Package { .. })
    }

    pub(crate) fn accepts(self, value: &str) -> bool {
        match self {
            Self::AppId | Self::OpenId => {
                sized(value, 64, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            }
            Self::Digits { .. } if !barrier::stands(Barrier::Digits) => true,
            Self::Digits { max } => sized(value, max, |byte| byte.is_ascii_digit()),
            Self::Flag => matches!(value, "0" | "1"),
            Self::Alphanumeric { max } => sized(value, max, |byte| byte.is_ascii_alphanumeric()),
            Self::Token { max } => {
                (1..=max).contains(&characters(value))
                    && !value.chars().any(|char| matches!(char, '&' | '=') || char.is_whitespace() || char.is_control())
                    && forbidden(value).is_none()
            }
            Self::Ascii { max } => sized(value, max, |byte| matches!(byte, b' '..=b'~') && !b"&=".contains(&byte)),
            // A character has at most four bytes, so most texts are measured without counting.
            Self::Text { max } => (value.len() <= max || characters(value) <= max) && forbidden(value).is_none(),
            Self::Phrase { max } => !value.contains('&') && Self::Text { max }.accepts(value),
            Self::Package { max } => {
                !["&partnerid=", "&retcode="].iter().any(|name| find(value.as_bytes(), name.as_bytes()).is_some())
                    && Self::Text { max }.accepts(value)
            }
            Self::Sha1Hex => value.len() == 40 && value.bytes().all(|byte| byte.is_ascii_hexdigit()),
            Self::Md5Hex => value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()),
            Self::Sha1Method => value.eq_ignore_ascii_case("sha1"),
            Self::Md5Method => value.eq_ignore_ascii_case("md5"),
            Self::Charset => ["gbk", "gb2312", "utf-8", "utf8"].iter().any(|name| value.eq_ignore_ascii_case(name)),
        }
    }

    /// The same for a value whose characters are not known, because its bytes may be GBK: only free text may be.
    pub(crate) fn accepts_bytes(self, value: &[u8]) -> bool {
        match (core::str::from_utf8(value), self) {
            (Ok(text), _) => self.accepts(text),
            // In GBK, as in UTF-8, a byte below 0x40 is the ASCII character it looks like.
            (Err(_), Self::Text { max }) => {
                value.len() <= max && !value.iter().any(|byte| byte.is_ascii_control() && !b"\t\n\r".contains(byte))
            }
            (Err(_), _) => false,
        }
    }

    /// What a value must be, as the end of a sentence.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::AppId => "{field} must be an AppId: 1 to 64 letters, digits, `_` and `-`.",
            Self::OpenId => "{field} must be an OpenId: 1 to 64 letters, digits, `_` and `-`.",
            Self::Digits { max: 10 } => {
                "{field} must be 1 to 10 decimal digits; a time is in whole seconds, not in milliseconds."
            }
            Self::Digits { .. } => "{field} must be decimal digits, and not too many of them.",
            Self::Flag => "{field} must be 0 or 1.",
            Self::Alphanumeric { .. } => "{field} must be ASCII letters and digits, at least one and at most 32.",
            Self::Token { .. } => {
                "{field} must not be empty or too long, and must not contain `&`, `=`, white space or control \
                 characters, which would make the signed text ambiguous."
            }
            Self::Ascii { .. } => "{field} must be printable ASCII without `&` and `=`, not empty and not too long.",
            Self::Text { .. } => {
                "{field} is too long or contains a control character; tab and line breaks are the only ones allowed."
            }
            Self::Phrase { .. } => "{field} must be text without `&` and control characters, and not too long.",
            Self::Package { .. } => {
                "{field} must be a package string: no control characters, and neither `&partnerid=` nor `&retcode=`, which \
                 would make the signed text that of another message."
            }
            Self::Sha1Hex => "{field} must be the 40 hexadecimal digits of a SHA-1 signature.",
            Self::Md5Hex => "{field} must be the 32 hexadecimal digits of an MD5 signature.",
            Self::Sha1Method => "{field} must be sha1, the only method this message has.",
            Self::Md5Method => "{field} must be MD5, the only method this message has.",
            Self::Charset => "{field} must be GBK or UTF-8.",
        }
    }
}

fn sized(value: &str, max: usize, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=max).contains(&value.len()) && value.bytes().all(allowed)
}

/// The production `Char` of XML 1.0.
pub(crate) fn is_xml_char(char: char) -> bool {
    !barrier::stands(Barrier::XmlChar)
        || matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Where the first character stands that XML 1.0 forbids. In UTF-8 those are some bytes and two sequences of three.
pub(crate) fn forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let stands = |index: usize, byte: u8| match byte {
        0..=8 | 11 | 12 | 14..=31 => true,
        0xEF => matches!(bytes.get(index + 1..index + 3), Some([0xBF, 0xBE | 0xBF])),
        _ => false,
    };
    if !barrier::stands(Barrier::XmlChar) {
        return None;
    }
    // Eight bytes at a time, most of which have nothing to look at.
    let (words, rest) = bytes.as_chunks::<8>();
    let suspicious = |(index, word): (usize, &[u8; 8])| {
        let at = index * 8;
        let within = || word.iter().enumerate().find(|(offset, byte)| stands(at + offset, **byte));
        if may_be_forbidden(*word) { within().map(|(offset, _)| at + offset) } else { None }
    };
    words.iter().enumerate().find_map(suspicious).or_else(|| {
        let at = words.len() * 8;
        rest.iter().enumerate().find(|(offset, byte)| stands(at + offset, **byte)).map(|(offset, _)| at + offset)
    })
}

/// Whether one of eight bytes is below the space or 0xEF. It may say so of a byte above one of these, too.
const fn may_be_forbidden(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 0x80;
    let word = u64::from_le_bytes(word);
    let is_ef = word ^ (ONES * 0xEF);
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    let efs = is_ef.wrapping_sub(ONES) & !is_ef;
    (controls | efs) & HIGHS != 0
}

#[cfg(test)]
mod tests {
    use super::Grammar;

    #[test]
    fn bytes_that_are_not_utf8_are_free_text_or_nothing() {
        let text = Grammar::Text { max: 4 };
        // 附加 in GBK.
        for accepted in [&b"\xB8\xBD\xBC\xD3"[..], b"\xB8\xBD\t\n", b"\xB8\xBD\r"] {
            assert!(text.accepts_bytes(accepted), "{accepted:?}");
        }
        for refused in [&b"\xB8\xBD\xBC\xD3a"[..], b"\xB8\xBD\0", b"\xB8\xBD\x1B", b"\xB8\xBD\x7F"] {
            assert!(!text.accepts_bytes(refused), "{refused:?}");
        }
        assert!(!Grammar::Phrase { max: 4 }.accepts_bytes(b"\xB8\xBD"));
        assert!(!Grammar::Token { max: 4 }.accepts_bytes(b"\xB8\xBD"));
    }

    #[test]
    fn each_grammar_has_its_edges() {
        let cases: &[(Grammar, &[&str], &[&str])] = &[
            (Grammar::AppId, &["wx79c2bf0249ede62a", "a"], &["", "wx 1", "wx&1", "wx\n", "ｗｘ"]),
            (Grammar::Digits { max: 10 }, &["0", "1393860740"], &["", "-1", "1e3", "1.0", "١", "12345678901", "1 "]),
            (Grammar::Flag, &["0", "1"], &["", "2", "01", "true"]),
            (Grammar::Alphanumeric { max: 4 }, &["aZ09"], &["", "a-b", "abcde"]),
            (Grammar::Token { max: 4 }, &["a-b.", "订单"], &["", "a&b", "a=b", "a b", "abcde", "a\u{7f}", "\u{FFFE}"]),
            (Grammar::Text { max: 4 }, &["", "a&=b", "一二三四", "\t\r\n"], &["abcde", "\u{0}", "\u{1b}", "\u{FFFF}"]),
            (
                Grammar::Sha1Hex,
                &["a7fdeb6930a2a070da542d2da9c674a55d10972c", "A7FDEB6930A2A070DA542D2DA9C674A55D10972C"],
                &["", "a7fdeb6930a2a070da542d2da9c674a55d10972", "g7fdeb6930a2a070da542d2da9c674a55d10972c"],
            ),
            (Grammar::Ascii { max: 4 }, &["a b~", "!"], &["", "a&b", "a=b", "\t", "\u{7f}", "é", "abcde"]),
            (Grammar::Phrase { max: 4 }, &["", "a=b", "一二三四"], &["a&b", "abcde", "\u{1b}"]),
            (
                Grammar::Package { max: 12 },
                &["", "a&b=c", "partnerid=1"],
                &["&partnerid=", "a&retcode=1", "1234567890123", "\u{1b}"],
            ),
            (
                Grammar::Md5Hex,
                &["9EBF3EFE9CEFAF3111020DB5CAD6EE82", "9ebf3efe9cefaf3111020db5cad6ee82"],
                &["", "9EBF3EFE9CEFAF3111020DB5CAD6EE8", "GEBF3EFE9CEFAF3111020DB5CAD6EE82"],
            ),
            (Grammar::Sha1Method, &["sha1", "SHA1"], &["", "sha-1", "md5", "sha1 "]),
            (Grammar::Md5Method, &["MD5", "md5"], &["", "sha1", "md5 "]),
            (Grammar::Charset, &["GBK", "gb2312", "UTF-8", "utf8"], &["", "utf-16", "gbk "]),
        ];
        for (grammar, accepted, refused) in cases {
            for value in *accepted {
                assert!(grammar.accepts(value), "{grammar:?} must accept {value:?}");
            }
            for value in *refused {
                assert!(!grammar.accepts(value), "{grammar:?} must refuse {value:?}");
            }
        }
    }
}
