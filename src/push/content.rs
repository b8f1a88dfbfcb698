//! Content of a push, in either format, as a list of what stands at its top.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::json;
use crate::error::{Error, ErrorCode};
use crate::xml::tree;

/// A name, and its text unless other things stand inside it.
pub(super) type Part<'a> = (Cow<'a, str>, Option<Cow<'a, str>>);

/// Whether this is to be read as JSON.
pub(super) fn is_json(content: &str) -> bool {
    content.trim_ascii_start().starts_with('{')
}

/// What stands at the top of a document, in its order.
pub(super) fn read(content: &str) -> Result<Vec<Part<'_>>, Error> {
    if !is_json(content) {
        let text = |value: Cow<'_, [u8]>| String::from_utf8(value.into_owned()).unwrap_or_default();
        let children = tree::read(content)?.into_iter();
        return Ok(children.map(|(name, value)| (name.into(), value.map(|value| text(value).into()))).collect());
    }
    let malformed = || {
        let sentence =
            "The body must be one JSON object, or an XML document; check that nothing has read or changed it.";
        Error::new(ErrorCode::JsonMalformed, sentence)
    };
    json::read(content).ok_or_else(malformed)
}
