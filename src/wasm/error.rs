//! Our errors as the package's one error class.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::{Error, ErrorCode};

// The class is the package's own file, so `instanceof` holds in every runtime.
#[wasm_bindgen(raw_module = "../errors.js")]
extern "C" {
    type WeChatPayError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str, details: &JsValue) -> WeChatPayError;
}

pub(super) fn throw(error: Error) -> JsValue {
    let details = Object::new();
    let set = |name: &str, value: JsValue| {
        // A plain new object takes any property.
        let _ = Reflect::set(&details, &JsValue::from_str(name), &value);
    };
    if let Some(field) = error.field() {
        set("field", JsValue::from_str(field));
    }
    if let Some(position) = error.position() {
        set("position", JsValue::from_f64(f64::from(u32::try_from(position).unwrap_or(u32::MAX))));
    }
    WeChatPayError::new(error.code().as_str(), &error.text(), &details).into()
}

/// The caller passed something that cannot be used.
pub(super) fn argument(sentence: &'static str, name: &'static str) -> JsValue {
    throw(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field(name))
}
