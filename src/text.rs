//! Text work without the standard library's searcher and formatter, which are a twentieth of the WebAssembly module.

use alloc::string::String;

/// Where `token` starts. By hand, for the library's search prepares tables that a text of this size never earns back.
#[inline(never)]
pub(crate) fn find(bytes: &[u8], token: &[u8]) -> Option<usize> {
    let (first, others) = token.split_first()?;
    let mut from = 0;
    loop {
        from += bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes.get(from + 1..)?.starts_with(others) {
            return Some(from);
        }
        from += 1;
    }
}

/// How many characters it has: in UTF-8 each has one byte that does not continue another one.
pub(crate) fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// The text with each `from` replaced. `from` is not empty.
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(rest.as_bytes(), from.as_bytes()) {
        replaced.push_str(rest.get(..at).unwrap_or_default());
        replaced.push_str(to);
        rest = rest.get(at + from.len()..).unwrap_or_default();
    }
    replaced.push_str(rest);
    replaced
}

/// The pieces, one behind the other.
pub(crate) fn joined(pieces: &[&str]) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(piece);
    }
    text
}
