//! The module of `paysign/push`: the pushes of today's accounts.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::{argument, throw};
use super::{Result, account, input};
use crate::push::{
    self, EncodingAesKey, PushAccount, PushMode, PushToken, Read, Verified, sign_test, verified, verify_url,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("push.d.ts");

/// Verifies the question for the URL. `verifyPushUrl` of the package writes the query.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyPushUrl)]
pub fn verify_push_url(
    #[wasm_bindgen(unchecked_param_type = "string")] query: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] token: &JsValue,
) -> Result<String> {
    verify_url(&text(query, "query")?, &push_token(token)?).map_err(throw)
}

/// Verifies a push. `verifyPush` of the package resolves the account.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyPush, unchecked_return_type = "Push")]
pub fn verify_push(
    #[wasm_bindgen(unchecked_param_type = "string")] query: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] token: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly (string | Uint8Array)[] | undefined")] keys: &JsValue,
) -> Result<JsValue> {
    let (query, body) = (text(query, "query")?, input::body_bytes(body)?);
    let (app_id, token, keys) = (account::app_id(app_id)?, push_token(token)?, encoding_aes_keys(keys)?);
    let account = PushAccount { app_id: &app_id, token: &token, mode: mode(keys.as_deref()) };
    let Verified { is_protected, content, timestamp, dedup_key } = verified(&query, &body, &account).map_err(throw)?;
    let event = event_object(&content);
    Ok(object([
        ("appId", app_id.into()),
        ("isProtected", is_protected.into()),
        ("content", content.into()),
        // Ten digits at most: exact as a JavaScript number.
        ("timestamp", (timestamp as f64).into()),
        ("event", event),
        ("dedupKey", dedup_key.into()),
    ]))
}

/// Reads the content of a push that was verified before, such as stored content. It never throws for what it does not know:
/// that comes back as `other`.
///
/// @throws {WeChatPayError} `ARGUMENT_INVALID` when the content is no string.
///
/// @example
/// ```ts
/// import { parsePushContent } from "paysign/push";
///
/// const event = parsePushContent(`{"Event":"trade_manage_remind_access_api","msg":"hello"}`);
/// if (event.type === "trade_manage_remind_access_api") console.log(event.msg); // hello
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = parsePushContent, unchecked_return_type = "PushEvent")]
pub fn parse_push_content(#[wasm_bindgen(unchecked_param_type = "string")] content: &JsValue) -> Result<JsValue> {
    Ok(event_object(&text(content, "content")?))
}

/// Signs a push for a test. `signTestPush` of the package resolves the account.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = signTestPush, unchecked_return_type = "TestPush")]
pub fn sign_test_push(
    #[wasm_bindgen(unchecked_param_type = "string")] content: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] token: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly (string | Uint8Array)[] | undefined")] keys: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] timestamp: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] nonce: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] random: &JsValue,
) -> Result<JsValue> {
    let (content, nonce) = (text(content, "content")?, text(nonce, "nonce")?);
    let (app_id, token, keys) = (account::app_id(app_id)?, push_token(token)?, encoding_aes_keys(keys)?);
    let timestamp = input::whole(timestamp)
        .ok_or_else(|| argument("timestamp must be a whole number of Unix seconds.", "timestamp"))?;
    let random = random.dyn_ref::<Uint8Array>().and_then(|bytes| <[u8; 16]>::try_from(bytes.to_vec()).ok());
    let random = random.ok_or_else(|| argument("random16 must be a Uint8Array of 16 random bytes.", "random16"))?;
    let account = PushAccount { app_id: &app_id, token: &token, mode: mode(keys.as_deref()) };
    let test = sign_test(&content, &account, timestamp, &nonce, &random).map_err(throw)?;
    Ok(object([("query", test.query.into()), ("body", test.body.into())]))
}

fn text(value: &JsValue, name: &'static str) -> Result<String> {
    input::string(value).ok_or_else(|| argument("{field} must be a string of valid Unicode.", name))
}

fn push_token(value: &JsValue) -> Result<PushToken> {
    PushToken::new(&*account::key(value, "token")?).map_err(throw)
}

fn encoding_aes_keys(value: &JsValue) -> Result<Option<Vec<EncodingAesKey>>> {
    if value.is_undefined() {
        return Ok(None);
    }
    let read = |value| EncodingAesKey::new(&*account::key(&value, "encodingAesKey")?).map_err(throw);
    account::listed(value, "encodingAesKey")?.iter().map(read).collect::<Result<_>>().map(Some)
}

fn mode(keys: Option<&[EncodingAesKey]>) -> PushMode<'_> {
    keys.map_or(PushMode::Plain, PushMode::Encrypted)
}

/// The event as an object, for which its type in Rust need not be made.
fn event_object(content: &str) -> JsValue {
    match push::read(content) {
        Read::Known(shape, values) => {
            let event = Array::new();
            add(&event, "type", &JsValue::from_str(shape.name));
            for ((name, _), value) in shape.fields.iter().zip(values) {
                if let Some(value) = value {
                    add(&event, &camel_case(name), &value.into());
                }
            }
            entries_object(&event)
        }
        Read::Other(other) => {
            let fields = Array::new();
            for (name, value) in &other.fields {
                add(&fields, name, &JsValue::from_str(value));
            }
            let parts = [("type", "other".into()), ("name", other.name.into()), ("fields", entries_object(&fields))];
            object(parts)
        }
    }
}

/// `toUserName` from `to_user_name`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = String::from(words.next().unwrap_or_default());
    for word in words {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        text.push_str(&first.to_ascii_uppercase());
        text.push_str(rest);
    }
    text
}

fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let entries = Array::new();
    for (name, value) in &properties {
        add(&entries, name, value);
    }
    entries_object(&entries)
}

fn add(entries: &Array, name: &str, value: &JsValue) {
    entries.push(&Array::of2(&JsValue::from_str(name), value));
}

/// Not by setting properties: `__proto__` may be the name of one.
fn entries_object(entries: &Array) -> JsValue {
    Object::from_entries(entries).map_or(JsValue::UNDEFINED, JsValue::from)
}
