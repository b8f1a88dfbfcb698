//! What JavaScript passes, read by hand: serde's deserializer would be a third of the module's size.

use alloc::string::{String, ToString as _};

use js_sys::{Array, JsString, Number, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::Result;
use super::error::{argument, throw};
use crate::error::{Error, ErrorCode};
use crate::{Fields, Message};

pub(super) fn message(value: &JsValue) -> Result<&'static Message> {
    Message::find(&value.as_string().unwrap_or_default()).map_err(throw)
}

pub(super) fn object(value: &JsValue, sentence: &'static str) -> Result<()> {
    if value.is_object() && !Array::is_array(value) { Ok(()) } else { Err(argument(sentence, "options")) }
}

pub(super) fn get(value: &JsValue, name: &str) -> Result<JsValue> {
    Reflect::get(value, &JsValue::from_str(name))
}

/// The fields of a raw message: an object of strings and whole numbers.
pub(super) fn fields(message: Option<&Message>, value: &JsValue) -> Result<Fields<'static>> {
    if !value.is_object() || Array::is_array(value) {
        return Err(argument("fields must be an object of wire names and values.", "fields"));
    }
    let mut fields = Fields::new();
    for entry in Object::entries(value.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        let wire = message.and_then(|message| message.field(&name)).map_or("A field", |field| field.name);
        fields.push(name, scalar(&entry.get(1)).ok_or_else(|| not_scalar(wire))?);
    }
    Ok(fields)
}

pub(super) fn not_scalar(wire: &'static str) -> JsValue {
    let sentence = "{field} must be a string of valid Unicode or a whole number; null, fractions, booleans and half \
                    surrogate pairs have no agreed spelling.";
    throw(Error::new(ErrorCode::FieldMalformed, sentence).in_field(wire))
}

/// A string without lone surrogates: those have no UTF-8.
pub(super) fn string(value: &JsValue) -> Option<String> {
    value.dyn_ref::<JsString>().filter(|text| text.is_valid_utf16()).map(String::from)
}

/// A string without lone surrogates, or a whole number in decimal digits.
pub(super) fn scalar(value: &JsValue) -> Option<String> {
    string(value).or_else(|| whole(value).map(|number| number.to_string()))
}

/// A whole number that JavaScript holds exactly.
pub(super) fn whole(value: &JsValue) -> Option<u64> {
    let number = value.as_f64().filter(|_| Number::is_safe_integer(value))?;
    // A safe integer; negative ones have no place in this protocol.
    (number >= 0.0).then_some(number as u64)
}
