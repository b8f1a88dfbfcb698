//! The module of `paysign/diagnose`: why a signature does not match.

use std::ops::ControlFlow;

use js_sys::{Array, Function, JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::argument;
use super::{Result, input, output};
use crate::diagnose::input::{Reading, detect, read, read_signed};
use crate::diagnose::{Case, Host, NormalForm, Progress, diagnose_with};
use crate::message::Role;
use crate::xml::MAX_BODY;
use crate::{Fields, Message};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("diagnose.d.ts");

/// What is to be explained, and a key that stood in it.
struct Evidence {
    fields: Vec<(String, String)>,
    given: Option<String>,
    key: Option<Zeroizing<String>>,
}

/// A secret under its name.
type Secret = (String, Zeroizing<String>);

/// Finds out how a wrong signature was made, with proof: the mistakes that are named make exactly the signature in hand.
/// For people; never decide by it.
///
/// @throws {WeChatPayError} `ARGUMENT_INVALID`, `FIELD_MALFORMED` when the call itself is wrong.
///
/// @example
/// ```ts
/// import { diagnoseSignature } from "paysign/diagnose";
///
/// const { verdict, mistakes } = diagnoseSignature({
/// 	body: "appid=wx1&openid=o1&timestamp=1393400471&sign=96d7d45ddaa889f8b94b9ad8527413becbc3b7ea",
/// 	secrets: { appKey: "k".repeat(128) },
/// });
/// console.log(verdict, mistakes.map(({ id }) => id)); // explained [ 'key-newline' ]
/// for (const { sentence, fix } of mistakes) console.log(sentence.en, fix.en);
/// ```
///
/// @example What was signed, beside what was sent
/// ```ts
/// import { diagnoseSignature } from "paysign/diagnose";
///
/// const { mistakes, fieldDifferences } = diagnoseSignature({
/// 	body: "appid=wx1&openid=o1&timestamp=1393400471&sign=4abd29c80fde1d3bc40ea06e7e82f2db2fd589b0",
/// 	signedText: "['appid' => 'wx1', 'openid' => 'o2', 'timestamp' => 1393400471]",
/// 	secrets: { appKey: "k".repeat(128) },
/// });
/// console.log(mistakes.map(({ id }) => id)); // [ 'field-differs:openid' ]
/// console.log(fieldDifferences); // [ { name: 'openid', sent: 'o1', signed: 'o2' } ]
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = diagnoseSignature, unchecked_return_type = "Diagnosis")]
pub fn diagnose_signature(
    #[wasm_bindgen(unchecked_param_type = "DiagnoseOptions")] options: &JsValue,
) -> Result<JsValue> {
    input::object(options, "diagnoseSignature takes one object with fields or body, secrets and given.")?;
    let named = input::get(options, "message")?;
    let named = if named.is_undefined() { None } else { Some(input::message(&named)?) };
    let mut evidence = evidence(options, named)?;
    let signed = signed(options)?;
    let message = named.or_else(|| detect(&evidence.fields)).ok_or_else(|| {
        argument(
            "The fields do not tell which message this is. Pass `message`: alarm, deliverNotify, jsapi, nativeUrl, \
             nativePackageRequest, nativePackageResponse, payNotify, feedback, orderQuery, appPrepay, appPay or \
             editAddress.",
            "message",
        )
    })?;
    let given = given(options, message, &evidence, signed.as_ref())?;
    // The message may carry another signature than the one in question: the field as it was when it was signed too.
    let field = message.fields.iter().find(|field| field.role == Role::Signature);
    if let (Some(other), Some(field)) = (evidence.given.take().filter(|other| *other != given), field) {
        evidence.fields.push((field.name.to_owned(), other));
    }
    let mut secrets = secrets(options)?;
    for (name, key) in
        [("keyInMessage", evidence.key), ("keyInSignedText", signed.as_ref().and_then(|text| text.key.clone()))]
    {
        add_key(&mut secrets, name, key);
    }
    let secrets: Vec<(&str, &str)> = secrets.iter().map(|(name, secret)| (name.as_str(), secret.as_str())).collect();
    let fields: Fields<'_> = evidence.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (budget, now, app_id) = (budget(options)?, now(options)?, app_id(options)?);
    let signed: Option<Fields<'_>> =
        signed.as_ref().map(|text| text.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect());
    let case = Case {
        budget,
        now,
        app_id: app_id.as_deref(),
        signed: signed.as_ref(),
        ..Case::new(message, &fields, &secrets, &given)
    };
    let on_progress = on_progress(options)?;
    let mut thrown = None;
    let mut report = |Progress { tried, total }| {
        let Some(report) = &on_progress else { return ControlFlow::Continue(()) };
        match report.call2(&JsValue::UNDEFINED, &(tried as f64).into(), &(total as f64).into()) {
            Ok(answer) if answer != JsValue::FALSE => ControlFlow::Continue(()),
            Ok(_) => ControlFlow::Break(()),
            Err(error) => {
                thrown = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let diagnosis = diagnose_with(&case, &mut Host { on_progress: &mut report, normalize });
    match thrown {
        Some(error) => Err(error),
        None => output(&diagnosis),
    }
}

/// Reads a pasted text of any kind leniently, as `diagnoseSignature` does with `body`. Nothing it returns is to be
/// believed, and no key is in it.
///
/// @throws {WeChatPayError} `ARGUMENT_INVALID` when the text holds no field.
///
/// @example
/// ```ts
/// import { readMessage } from "paysign/diagnose";
///
/// const { kind, message, hasKey } = readMessage("{ 'appid' => 'wx1', 'openid' => 'o1', 'timestamp' => 1393400471 }");
/// console.log(kind, message, hasKey); // literal feedback false
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = readMessage, unchecked_return_type = "MessageReading")]
pub fn read_message(#[wasm_bindgen(unchecked_param_type = "string")] body: &JsValue) -> Result<JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Shown {
        kind: &'static str,
        message: Option<&'static str>,
        fields: Vec<(String, String)>,
        given: Option<String>,
        has_key: bool,
    }
    let Reading { kind, fields, given, key } = reading(body, "body", read)?;
    output(&Shown {
        kind: kind.id(),
        message: detect(&fields).map(|message| message.name),
        fields,
        given,
        has_key: key.map(Zeroizing::new).is_some(),
    })
}

/// The table of messages: the fields of each, which of them are signed, and how.
///
/// @example
/// ```ts
/// import { describeMessages } from "paysign/diagnose";
///
/// const feedback = describeMessages().find(({ name }) => name === "feedback");
/// const signed = feedback?.fields.filter(({ role }) => role === "signed");
/// console.log(signed?.map(({ name }) => name)); // [ 'OpenId', 'AppId', 'TimeStamp' ]
/// console.log(feedback?.recipe.digest); // sha1
/// ```
///
/// # Errors
/// None.
#[wasm_bindgen(js_name = describeMessages, unchecked_return_type = "readonly MessageDescription[]")]
pub fn describe_messages() -> Result<JsValue> {
    output(&Message::ALL)
}

fn evidence(options: &JsValue, message: Option<&'static Message>) -> Result<Evidence> {
    let (fields, body) = (input::get(options, "fields")?, input::get(options, "body")?);
    match (fields.is_undefined(), body.is_undefined()) {
        (false, true) => {
            let fields = input::fields(message, &fields)?;
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let key = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("appkey"));
            let key = key.map(|(_, key)| Zeroizing::new(key.clone()));
            Ok(Evidence { fields, given: None, key })
        }
        (true, false) => Ok(Evidence::from(reading(&body, "body", read)?)),
        _ => Err(argument("Pass either `fields`, an object of wire names and values, or `body`, the text.", "fields")),
    }
}

impl From<Reading> for Evidence {
    fn from(Reading { fields, given, key, .. }: Reading) -> Self {
        Self { fields, given, key: key.map(Zeroizing::new) }
    }
}

fn signed(options: &JsValue) -> Result<Option<Evidence>> {
    let text = input::get(options, "signedText")?;
    if text.is_undefined() { Ok(None) } else { reading(&text, "signedText", read_signed).map(|text| Some(text.into())) }
}

fn reading(text: &JsValue, name: &'static str, read: fn(&str) -> Option<Reading>) -> Result<Reading> {
    let text = input::string(text).ok_or_else(|| {
        argument("{field} must be the text that was sent or hashed: a string of valid Unicode.", name)
    })?;
    if text.len() > MAX_BODY {
        return Err(argument("{field} is larger than 65,536 bytes, which no message is.", name));
    }
    read(&text).ok_or_else(|| {
        argument(
            "No field was found in {field}. It may be XML, JSON, a query string, the text that was hashed, or an object or \
             array as a program writes it.",
            name,
        )
    })
}

/// What was passed, else what stood in the message, else in the signed text.
fn given(options: &JsValue, message: &Message, evidence: &Evidence, signed: Option<&Evidence>) -> Result<String> {
    let passed = input::get(options, "given")?;
    let found = if passed.is_undefined() {
        let is_signature = |name: &str| message.field(name).is_some_and(|field| field.role == Role::Signature);
        let in_fields = evidence.fields.iter().find(|(name, _)| is_signature(name)).map(|(_, value)| value);
        evidence.given.as_ref().or(in_fields).or(signed.and_then(|text| text.given.as_ref())).cloned()
    } else {
        input::string(&passed)
    };
    found.filter(|given| !given.is_empty()).ok_or_else(|| {
        argument("given must be the signature that does not match, a string; there is none in the message.", "given")
    })
}

/// What was passed. An absent or empty one is none.
fn secrets(options: &JsValue) -> Result<Vec<Secret>> {
    const SENTENCE: &str =
        "secrets must be an object of names and strings, such as { appKey: \"…\" }; it may be empty.";
    let passed = input::get(options, "secrets")?;
    if !passed.is_object() || Array::is_array(&passed) {
        return Err(argument(SENTENCE, "secrets"));
    }
    let mut secrets: Vec<Secret> = Vec::new();
    for entry in Object::entries(passed.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        let (name, secret) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
        if secret.is_undefined() {
            continue;
        }
        let secret = input::string(&secret).map(Zeroizing::new).ok_or_else(|| argument(SENTENCE, "secrets"))?;
        if !secret.is_empty() {
            secrets.push((name, secret));
        }
    }
    Ok(secrets)
}

/// A key that stood in a text, if it is a new one.
fn add_key(secrets: &mut Vec<Secret>, name: &str, found: Option<Zeroizing<String>>) {
    if let Some(key) = found.filter(|key| !key.is_empty() && secrets.iter().all(|(_, secret)| secret != key)) {
        let has_key = secrets.iter().any(|(name, _)| name == "appKey");
        secrets.push((if has_key { name } else { "appKey" }.to_owned(), key));
    }
}

fn on_progress(options: &JsValue) -> Result<Option<Function>> {
    let value = input::get(options, "onProgress")?;
    if value.is_undefined() {
        return Ok(None);
    }
    let sentence =
        "onProgress must be a function; it gets how many candidates were tried and about how many there are.";
    value.dyn_into().map(Some).map_err(|_| argument(sentence, "onProgress"))
}

/// JavaScript has the tables of Unicode.
fn normalize(text: &str, form: NormalForm, push: &mut dyn FnMut(char)) {
    let form = match form {
        NormalForm::Nfc => "NFC",
        NormalForm::Nfd => "NFD",
    };
    char::decode_utf16(JsString::from(text).normalize(form).iter()).flatten().for_each(push);
}

fn budget(options: &JsValue) -> Result<usize> {
    let value = input::get(options, "budget")?;
    if value.is_undefined() {
        return Ok(Case::DEFAULT_BUDGET);
    }
    input::whole(&value)
        .and_then(|budget| usize::try_from(budget).ok())
        .filter(|budget| *budget > 0)
        .ok_or_else(|| argument("budget must be a whole number of candidates, at least 1.", "budget"))
}

fn now(options: &JsValue) -> Result<Option<u64>> {
    const LATEST: u64 = 9_999_999_999;
    let value = input::get(options, "now")?;
    if value.is_undefined() {
        return Ok(None);
    }
    input::whole(&value).filter(|now| *now <= LATEST).map(Some).ok_or_else(|| {
        argument(
            "now must be Unix seconds, a whole number of at most ten digits: Math.floor(Date.now() / 1000).",
            "now",
        )
    })
}

fn app_id(options: &JsValue) -> Result<Option<String>> {
    let value = input::get(options, "appId")?;
    if value.is_undefined() {
        return Ok(None);
    }
    let sentence = "appId must be the AppId of the account whose key this is, a string.";
    input::string(&value).filter(|app_id| !app_id.is_empty()).map(Some).ok_or_else(|| argument(sentence, "appId"))
}
