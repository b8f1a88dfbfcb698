//! The three barriers against length extension (THREATS 3.1), each of which is enough.
//!
//! SHA-1 with the secret in the middle can be extended at the end by whoever saw one signature. The extension needs bytes
//! that are not UTF-8, characters that XML forbids, and a time stamp that is not digits. In the crate's own tests each
//! barrier can be taken down, to see that the other two still hold and that without all three the attack succeeds; in
//! every other build they are constants.

/// One of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code, reason = "only the tests take a barrier down by name"))]
pub(crate) enum Barrier {
    /// The body is strict UTF-8.
    Utf8,
    /// It has only characters that XML allows.
    XmlChar,
    /// Numbers are digits.
    Digits,
}

#[cfg(not(test))]
mod switch {
    use core::str::Utf8Error;

    use super::Barrier;

    pub(crate) const fn stands(_: Barrier) -> bool {
        true
    }

    /// The body as text, if it is UTF-8.
    pub(crate) const fn text_of(body: &[u8]) -> Result<&str, Utf8Error> {
        core::str::from_utf8(body)
    }

    /// The bytes of a text that are hashed.
    pub(crate) const fn bytes_of(text: &[u8]) -> &[u8] {
        text
    }
}

#[cfg(test)]
#[path = "tests/switch.rs"]
mod switch;

#[cfg(test)]
pub(crate) use switch::without;
pub(crate) use switch::{bytes_of, stands, text_of};
