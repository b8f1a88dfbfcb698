//! What JavaScript passes, read by hand: serde's deserializer would be a third of the module's size.

use js_sys::{Array, JsString, Number, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{argument, throw};
use super::{Result, property};
use crate::error::{Error, ErrorCode};
use crate::{AppKey, Fields, Message, PartnerKey};

/// A request body: bytes, or text that is valid Unicode.
pub(super) fn body(value: &JsValue) -> Result<Vec<u8>> {
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

pub(super) fn app_id(value: &JsValue) -> Result<String> {
    let id = value.as_string().filter(|id| !id.is_empty());
    id.ok_or_else(|| argument("appId must be the AppId of the account, a non-empty string.", "appId"))
}

pub(super) fn keys(value: &JsValue) -> Result<Vec<AppKey>> {
    listed(value, "appKey")?.iter().map(|value| AppKey::new(&*key(&value, "appKey")?).map_err(throw)).collect()
}

pub(super) fn partner_keys(value: &JsValue) -> Result<Vec<PartnerKey>> {
    let keys = listed(value, "partnerKey")?;
    keys.iter().map(|value| PartnerKey::new(&*key(&value, "partnerKey")?).map_err(throw)).collect()
}

pub(super) fn first_key(value: &JsValue) -> Result<AppKey> {
    AppKey::new(&*key(&listed(value, "appKey")?.get(0), "appKey")?).map_err(throw)
}

pub(super) fn optional_key(value: &JsValue) -> Result<Option<AppKey>> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    AppKey::new(&*key(value, "appKey")?).map(Some).map_err(throw)
}

fn listed<'a>(value: &'a JsValue, name: &'static str) -> Result<&'a Array> {
    value.dyn_ref::<Array>().filter(|keys| keys.length() > 0).ok_or_else(|| no_key(name))
}

/// The bytes of a key, wiped when dropped.
fn key(value: &JsValue, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(Zeroizing::new(bytes.to_vec()));
    }
    value.as_string().map(|text| Zeroizing::new(text.into_bytes())).ok_or_else(|| no_key(name))
}

fn no_key(name: &'static str) -> JsValue {
    argument("{field} must be the key of the account: a string or a Uint8Array.", name)
}

pub(super) fn message(value: &JsValue) -> Result<&'static Message> {
    Message::find(&value.as_string().unwrap_or_default()).map_err(throw)
}

pub(super) fn object(value: &JsValue, sentence: &'static str) -> Result<()> {
    if value.is_object() && !Array::is_array(value) { Ok(()) } else { Err(argument(sentence, "options")) }
}

pub(super) fn get(value: &JsValue, name: &str) -> Result<JsValue> {
    property(value, name)
}

/// The fields of a raw message: an object of strings and whole numbers.
pub(super) fn fields(message: &Message, value: &JsValue) -> Result<Fields<'static>> {
    if !value.is_object() || Array::is_array(value) {
        return Err(argument("fields must be an object of wire names and values.", "fields"));
    }
    let mut fields = Fields::new();
    for entry in Object::entries(value.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        let wire = message.field(&name).map_or("A field", |field| field.name);
        fields.push(name, scalar(&entry.get(1)).ok_or_else(|| not_scalar(wire))?);
    }
    Ok(fields)
}

/// A property that must be there.
pub(super) fn text(value: &JsValue, name: &str, wire: &'static str) -> Result<String> {
    optional_text(value, name, wire)?.ok_or_else(|| {
        let sentence = "{field} is missing; the message has it exactly once.";
        throw(Error::new(ErrorCode::FieldMissing, sentence).in_field(wire))
    })
}

/// A property that may be absent.
pub(super) fn optional_text(value: &JsValue, name: &str, wire: &'static str) -> Result<Option<String>> {
    object(value, "An object with the fields of the message is expected.")?;
    let value = get(value, name)?;
    if value.is_undefined() {
        return Ok(None);
    }
    scalar(&value).map(Some).ok_or_else(|| not_scalar(wire))
}

fn not_scalar(wire: &'static str) -> JsValue {
    let sentence = "{field} must be a string of valid Unicode or a whole number; null, fractions, booleans and half \
                    surrogate pairs have no agreed spelling.";
    throw(Error::new(ErrorCode::FieldMalformed, sentence).in_field(wire))
}

/// A string without lone surrogates, or a whole number in decimal digits.
fn scalar(value: &JsValue) -> Option<String> {
    match value.dyn_ref::<JsString>() {
        Some(text) => text.is_valid_utf16().then(|| String::from(text)),
        None => whole(value).map(|number| number.to_string()),
    }
}

/// A whole number that JavaScript holds exactly.
pub(super) fn whole(value: &JsValue) -> Option<u64> {
    let number = value.as_f64().filter(|_| Number::is_safe_integer(value))?;
    // A safe integer; negative ones have no place in this protocol.
    (number >= 0.0).then_some(number as u64)
}
