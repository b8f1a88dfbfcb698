//! The account whose keys sign or verify.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::Result;
use super::error::argument;
#[cfg(feature = "wasm-core")]
use super::error::throw;
#[cfg(feature = "wasm-core")]
use crate::{AppKey, PartnerKey};

pub(super) fn app_id(value: &JsValue) -> Result<String> {
    let id = value.as_string().filter(|id| !id.is_empty());
    id.ok_or_else(|| argument("appId must be the AppId of the account, a non-empty string.", "appId"))
}

#[cfg(feature = "wasm-core")]
pub(super) fn keys(value: &JsValue) -> Result<Vec<AppKey>> {
    listed(value, "appKey")?.iter().map(|value| AppKey::new(&*key(&value, "appKey")?).map_err(throw)).collect()
}

#[cfg(feature = "wasm-core")]
pub(super) fn partner_keys(value: &JsValue) -> Result<Vec<PartnerKey>> {
    let keys = listed(value, "partnerKey")?;
    keys.iter().map(|value| PartnerKey::new(&*key(&value, "partnerKey")?).map_err(throw)).collect()
}

#[cfg(feature = "wasm-core")]
pub(super) fn first_key(value: &JsValue) -> Result<AppKey> {
    AppKey::new(&*key(&listed(value, "appKey")?.get(0), "appKey")?).map_err(throw)
}

#[cfg(feature = "wasm-core")]
pub(super) fn optional_key(value: &JsValue) -> Result<Option<AppKey>> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    AppKey::new(&*key(value, "appKey")?).map(Some).map_err(throw)
}

pub(super) fn listed<'a>(value: &'a JsValue, name: &'static str) -> Result<&'a Array> {
    value.dyn_ref::<Array>().filter(|keys| keys.length() > 0).ok_or_else(|| no_key(name))
}

/// The bytes of a key, wiped when dropped.
pub(super) fn key(value: &JsValue, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(Zeroizing::new(bytes.to_vec()));
    }
    value.as_string().map(|text| Zeroizing::new(text.into_bytes())).ok_or_else(|| no_key(name))
}

fn no_key(name: &'static str) -> JsValue {
    argument("{field} must be the key of the account: a string or a Uint8Array.", name)
}
