//! What the Rust tests share: the vector files and the account most of them use.
#![allow(dead_code, reason = "each test file uses its part")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use paysign::AppKey;
use serde_json::Value;

pub(crate) fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn rows(vectors: &Value) -> &[Value] {
    vectors["vectors"].as_array().expect("a list of vectors")
}

pub(crate) fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{row} has no text {name}"))
}

/// The body of a row: `body` as text, or `body_b64`.
pub(crate) fn body(row: &Value) -> Vec<u8> {
    match row["body"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => STANDARD.decode(text(row, "body_b64")).expect("base64"),
    }
}

/// The fields of a row: a list of pairs.
pub(crate) fn fields(row: &Value) -> Vec<(&str, &str)> {
    pairs(&row["fields"])
}

/// A list of names and values.
pub(crate) fn pairs(list: &Value) -> Vec<(&str, &str)> {
    let pairs = list.as_array().expect("pairs");
    pairs.iter().map(|pair| (pair[0].as_str().expect("name"), pair[1].as_str().expect("value"))).collect()
}

pub(crate) fn key(text: &str) -> AppKey {
    AppKey::new(text).expect("a key of the vectors")
}

/// Whoever has a row's account in hand.
#[cfg(feature = "push")]
pub(crate) fn with_push_account<T>(
    account: &Value,
    call: impl FnOnce(&paysign::push::PushAccount<'_>) -> Result<T, paysign::Error>,
) -> Result<T, paysign::Error> {
    use paysign::push::{EncodingAesKey, PushAccount, PushMode, PushToken};

    let token = PushToken::new(text(account, "token"))?;
    let keys = account["encodingAesKey"].as_array().into_iter().flatten();
    let keys: Vec<_> = keys.map(|key| EncodingAesKey::new(key.as_str().expect("a key"))).collect::<Result<_, _>>()?;
    let is_plain = account["mode"] == "plain";
    let mode = if is_plain { PushMode::Plain } else { PushMode::Encrypted(&keys) };
    call(&PushAccount { app_id: text(account, "appId"), token: &token, mode })
}
