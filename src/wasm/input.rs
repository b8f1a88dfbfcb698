//! What JavaScript passes, read by hand: serde's deserializer would be a third of the module's size.

use alloc::string::String;
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use alloc::vec;
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use alloc::vec::Vec;

#[cfg(any(feature = "wasm-core", feature = "wasm-diagnose"))]
mod raw;

#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use js_sys::Uint8Array;
use js_sys::{JsString, Number};
use wasm_bindgen::prelude::*;

#[cfg(any(feature = "wasm-core", feature = "wasm-diagnose"))]
pub(super) use self::raw::*;
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use super::Result;
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use super::error::{argument, throw};
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
use crate::error::{Error, ErrorCode};

/// A string without lone surrogates: those have no UTF-8.
pub(super) fn string(value: &JsValue) -> Option<String> {
    value.dyn_ref::<JsString>().filter(|text| text.is_valid_utf16()).map(String::from)
}

/// A whole number that JavaScript holds exactly.
pub(super) fn whole(value: &JsValue) -> Option<u64> {
    let number = value.as_f64().filter(|_| Number::is_safe_integer(value))?;
    // A safe integer; negative ones have no place in this protocol.
    (number >= 0.0).then_some(number as u64)
}

/// A request body: bytes, or text that is valid Unicode.
#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
pub(super) fn body_bytes(value: &JsValue) -> Result<Vec<u8>> {
    const SENTENCE: &str = "body must be the raw request body: a Uint8Array, or a string. An object means that a body parser has \
         consumed it; mount the receiver before the parser.";
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        // Nothing larger is read, so nothing larger is copied.
        if bytes.length() as usize > crate::xml::MAX_BODY {
            return Ok(vec![0; crate::xml::MAX_BODY + 1]);
        }
        return Ok(bytes.to_vec());
    }
    let text = value.dyn_ref::<JsString>().ok_or_else(|| argument(SENTENCE, "body"))?;
    if !text.is_valid_utf16() {
        let sentence = "The body has half of a surrogate pair, which no UTF-8 has: it was decoded wrongly.";
        return Err(throw(Error::new(ErrorCode::XmlNotUtf8, sentence)));
    }
    Ok(String::from(text).into_bytes())
}
