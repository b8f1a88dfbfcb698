//! THE BINDINGS: the only Rust that knows JavaScript. Values are taken as they come and read inside the functions:
//! a conversion that fails in the ABI could only throw a string, and would leak.
//!
//! There are three modules, so that nobody carries what he does not use: each feature exports its functions.

#[cfg(any(feature = "wasm-core", feature = "wasm-push"))]
mod account;
#[cfg(feature = "wasm-core")]
mod core;
#[cfg(feature = "wasm-core")]
mod crossing;
#[cfg(feature = "wasm-diagnose")]
mod diagnose;
mod error;
mod input;
#[cfg(feature = "wasm-core")]
mod output;
#[cfg(feature = "wasm-push")]
mod push;
#[cfg(all(not(feature = "wasm-diagnose"), target_arch = "wasm32"))]
mod runtime;

use wasm_bindgen::JsValue;

type Result<T> = ::core::result::Result<T, JsValue>;

#[cfg(feature = "wasm-diagnose")]
fn output(value: &impl serde::Serialize) -> Result<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(JsValue::from)
}
