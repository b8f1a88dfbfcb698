//! Objects, and the fields of a message of the table as one.

use alloc::string::{String, ToString as _};

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::super::Result;
use super::super::error::{argument, throw};
use super::{string, whole};
use crate::error::{Error, ErrorCode};
use crate::{Fields, Message};

pub(in crate::wasm) fn message(value: &JsValue) -> Result<&'static Message> {
    Message::find(&value.as_string().unwrap_or_default()).map_err(throw)
}

pub(in crate::wasm) fn object(value: &JsValue, sentence: &'static str) -> Result<()> {
    if value.is_object() && !Array::is_array(value) { Ok(()) } else { Err(argument(sentence, "options")) }
}

pub(in crate::wasm) fn get(value: &JsValue, name: &str) -> Result<JsValue> {
    Reflect::get(value, &JsValue::from_str(name))
}

/// The fields of a raw message: an object of strings and whole numbers.
pub(in crate::wasm) fn fields(message: Option<&Message>, value: &JsValue) -> Result<Fields<'static>> {
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

pub(in crate::wasm) fn not_scalar(wire: &'static str) -> JsValue {
    let sentence = "{field} must be a string of valid Unicode or a whole number; null, fractions, booleans and half \
                    surrogate pairs have no agreed spelling.";
    throw(Error::new(ErrorCode::FieldMalformed, sentence).in_field(wire))
}

/// A string without lone surrogates, or a whole number in decimal digits.
pub(in crate::wasm) fn scalar(value: &JsValue) -> Option<String> {
    string(value).or_else(|| whole(value).map(|number| number.to_string()))
}
