//! The module of `paysign`: what a backend that receives and sends needs.

use alloc::string::String;

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::{argument, throw};
use super::output::{Output as _, SIGNED, fields_of, set, with_dedup_key};
use super::{Result, account, input};
use crate::error::{Error, ErrorCode};
use crate::incoming::Incoming;
use crate::message::{Role, sign_message};
use crate::native_package::{self, NativePackageResponse};
use crate::pay_notify::{self, PayNotifyAccount};
use crate::{Delivery, Goods, Message, alarm, deliver_notify, explain_signature};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Verifies an alarm under the keys of one account. `verifyAlarm` of the package resolves the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyAlarm, unchecked_return_type = "Alarm")]
pub fn verify_alarm(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<JsValue> {
    let (body, app_id, keys) = (input::body_bytes(body)?, account::app_id(app_id)?, account::keys(app_keys)?);
    let alarm = Incoming::verified(Message::ALARM, &body, &app_id, &keys).map_err(throw)?;
    Ok(with_dedup_key(&alarm).into())
}

/// The AppId that a message from WeChat claims, read by the same strict rules: it decides which account's keys are tried.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = claimedAppId)]
pub fn claimed_app_id(
    #[wasm_bindgen(unchecked_param_type = "MessageName")] message: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
) -> Result<String> {
    let (message, body) = (input::message(message)?, input::body_bytes(body)?);
    Ok(Incoming::from_xml(message, &body).map_err(throw)?.text("AppId"))
}

/// Reads an alarm by the same strict rules as `verifyAlarm`, without trusting it: for looking at a refused one.
///
/// @param body The request body, bytes or text.
/// @throws {WeChatPayError} `XML_*`, `FIELD_*`, `SIGNATURE_METHOD`, `ARGUMENT_INVALID`
///
/// @example
/// ```ts
/// import { parseAlarm } from "paysign";
///
/// const alarm = parseAlarm(
/// 	`<xml><AppId>wx1</AppId><ErrorType>1001</ErrorType><Description>late</Description><AlarmContent></AlarmContent>` +
/// 		`<TimeStamp>1393860740</TimeStamp><AppSignature>f8164781a303f4d5a944a2dfc68411a8c7e4fbea</AppSignature>` +
/// 		`<SignMethod>sha1</SignMethod></xml>`,
/// );
/// console.log(alarm.description, alarm.verified); // late false
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = parseAlarm, unchecked_return_type = "UnverifiedAlarm")]
pub fn parse_alarm(#[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue) -> Result<JsValue> {
    let body = input::body_bytes(body)?;
    let object = fields_of(&Incoming::from_xml(Message::ALARM, &body).map_err(throw)?, SIGNED);
    set(&object, "verified", &false);
    Ok(object.into())
}

/// Writes and signs an alarm under the first of the keys. `signTestAlarm` of the package resolves the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = signTestAlarm)]
pub fn sign_test_alarm(
    #[wasm_bindgen(unchecked_param_type = "TestAlarmFields")] fields: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<String> {
    let app_id = account::app_id(app_id)?;
    let key = account::first_key(app_keys)?;
    let names = [
        ("errorType", "ErrorType"),
        ("description", "Description"),
        ("alarmContent", "AlarmContent"),
        ("timeStamp", "TimeStamp"),
    ];
    let mut values = ["1001", "delivery overdue", "transaction_id=test", ""].map(String::from);
    for (value, (name, wire)) in values.iter_mut().zip(names) {
        match optional_text(fields, name, wire)? {
            Some(given) => *value = given,
            None if wire == "TimeStamp" => return Err(missing(wire)),
            None => {}
        }
    }
    let [error_type, description, alarm_content, time_stamp] = &values;
    let fields = [
        ("ErrorType", error_type.as_str()),
        ("Description", description),
        ("AlarmContent", alarm_content),
        ("TimeStamp", time_stamp),
    ];
    alarm::sign_test(&fields, &app_id, &key).map_err(throw)
}

/// Builds the body of a delivery notification under the first of the keys. `buildDeliverNotify` of the package
/// resolves the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = buildDeliverNotify, unchecked_return_type = "DeliverNotifyBody")]
pub fn build_deliver_notify(
    #[wasm_bindgen(unchecked_param_type = "Delivery")] delivery: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<JsValue> {
    let app_id = account::app_id(app_id)?;
    let key = account::first_key(app_keys)?;
    let names = [
        ("openid", "openid"),
        ("transid", "transid"),
        ("outTradeNo", "out_trade_no"),
        ("deliverTimestamp", "deliver_timestamp"),
        ("deliverStatus", "deliver_status"),
        ("deliverMsg", "deliver_msg"),
    ];
    let values = texts(delivery, names)?;
    let [openid, transid, out_trade_no, deliver_timestamp, deliver_status, deliver_msg] = &values;
    let delivery = Delivery { openid, transid, out_trade_no, deliver_timestamp, deliver_status, deliver_msg };
    let signature = deliver_notify::sign(&delivery, &app_id, &key).map_err(throw)?;
    let object = Object::new();
    set(&object, "appid", &app_id);
    for ((_, name), value) in names.iter().zip(&values) {
        set(&object, name, value);
    }
    set(&object, "app_signature", &signature.digits());
    set(&object, "sign_method", &"sha1");
    Ok(object.into())
}

/// Verifies a feedback message under the keys of one account. `verifyFeedback` of the package resolves the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyFeedback, unchecked_return_type = "Feedback")]
pub fn verify_feedback(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<JsValue> {
    let (body, app_id, keys) = (input::body_bytes(body)?, account::app_id(app_id)?, account::keys(app_keys)?);
    let feedback = Incoming::verified(Message::FEEDBACK, &body, &app_id, &keys).map_err(throw)?;
    let object = fields_of(&feedback, SIGNED);
    set(&object, "unverified", &JsValue::from(fields_of(&feedback, &[Role::Unsigned])));
    Ok(object.into())
}

/// Verifies a request for a native package under the keys of one account. `verifyNativePackageRequest` of the package
/// resolves the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyNativePackageRequest, unchecked_return_type = "NativePackageRequest")]
pub fn verify_native_package_request(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<JsValue> {
    let (body, app_id, keys) = (input::body_bytes(body)?, account::app_id(app_id)?, account::keys(app_keys)?);
    let request = Incoming::verified(Message::NATIVE_PACKAGE_REQUEST, &body, &app_id, &keys).map_err(throw)?;
    Ok(with_dedup_key(&request).into())
}

/// Writes and signs the answer to it under the first of the keys. `buildNativePackageResponse` of the package resolves
/// the credentials.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = buildNativePackageResponse)]
pub fn build_native_package_response(
    #[wasm_bindgen(unchecked_param_type = "NativePackageResponse")] response: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
) -> Result<String> {
    let app_id = account::app_id(app_id)?;
    let key = account::first_key(app_keys)?;
    let names = [
        ("package", "Package"),
        ("timeStamp", "TimeStamp"),
        ("nonceStr", "NonceStr"),
        ("retCode", "RetCode"),
        ("retErrMsg", "RetErrMsg"),
    ];
    let [package, time_stamp, nonce_str, ret_code, ret_err_msg] = &texts(response, names)?;
    let response = NativePackageResponse { package, time_stamp, nonce_str, ret_code, ret_err_msg };
    native_package::build_response(&response, &app_id, &key).map_err(throw)
}

/// Verifies both halves of a payment notification. `verifyPayNotify` of the package resolves the credentials and decodes
/// the values that are not UTF-8.
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = verifyPayNotify, unchecked_return_type = "RawPayNotify")]
pub fn verify_pay_notify(
    #[wasm_bindgen(unchecked_param_type = "string")] query: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | string")] body: &JsValue,
    #[wasm_bindgen(js_name = appId, unchecked_param_type = "string")] app_id: &JsValue,
    #[wasm_bindgen(js_name = appKeys, unchecked_param_type = "readonly AppKey[]")] app_keys: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] partner: &JsValue,
    #[wasm_bindgen(js_name = partnerKeys, unchecked_param_type = "readonly AppKey[]")] partner_keys: &JsValue,
) -> Result<JsValue> {
    let query = query.as_string().ok_or_else(|| {
        argument(
            "query must be the query of the request's URL as received, a string that nothing has decoded.",
            "query",
        )
    })?;
    let partner = partner.as_string().filter(|partner| !partner.is_empty());
    let partner =
        partner.ok_or_else(|| argument("partner must be the merchant number, a string of digits.", "partner"))?;
    let account = PayNotifyAccount {
        app_id: &account::app_id(app_id)?,
        app_keys: &account::keys(app_keys)?,
        partner: &partner,
        partner_keys: &account::partner_keys(partner_keys)?,
    };
    let body = input::body_bytes(body)?;
    let (order, buyer) = pay_notify::verified(&query, &body, &account).map_err(throw)?;
    let is_utf8 = pay_notify::is_utf8(&order);
    let parameters = Array::new();
    for (field, value) in order.fields_in_order() {
        let value = match core::str::from_utf8(value) {
            Ok(text) if is_utf8 || value.is_ascii() => JsValue::from_str(text),
            _ => Uint8Array::from(value).into(),
        };
        parameters.push(&Array::of2(&JsValue::from_str(field.name), &value));
    }
    let buyer = JsValue::from(fields_of(&buyer, SIGNED));
    Ok(Array::of3(&buyer, &parameters, &JsValue::from_str(&order.dedup_key())).into())
}

/// The signature of a message: 40 lower-case hexadecimal digits.
///
/// @param message The message's name in the table.
/// @param fields Its fields under their wire names, in any letter case. Fields that are not signed are ignored.
/// @param appKey The paySignKey. Only `editAddress` is signed without one.
/// @throws {WeChatPayError} `FIELD_*` when the fields are not those of the message, `ARGUMENT_INVALID`
///
/// @example
/// ```ts
/// import { signMessage } from "paysign";
///
/// const paySign = signMessage(
/// 	"jsapi",
/// 	{ appId: "wxf8b4f85f3a794e77", timeStamp: 189026618, nonceStr: "adssdasssd13d", package: "bank_type=WX" },
/// 	"k".repeat(128),
/// );
/// console.log(paySign.length); // 40
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = signMessage)]
pub fn sign_message_js(
    #[wasm_bindgen(unchecked_param_type = "MessageName")] message: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Readonly<Record<string, string | number>>")] fields: &JsValue,
    #[wasm_bindgen(js_name = appKey, unchecked_optional_param_type = "AppKey")] app_key: &JsValue,
) -> Result<String> {
    let message = input::message(message)?;
    let (fields, key) = (input::fields(Some(message), fields)?, account::optional_key(app_key)?);
    Ok(sign_message(message, &fields, key.as_ref()).map_err(throw)?.digits())
}

/// Shows how a signature comes about, step by step, with the key masked. It never throws because a signature is
/// wrong or a field breaks a rule: it lists what is wrong in `problems`. For people; never decide by it.
///
/// @throws {WeChatPayError} `ARGUMENT_INVALID` when the call itself is wrong.
///
/// @example
/// ```ts
/// import { explainSignature } from "paysign";
///
/// const { canonicalText, verdict } = explainSignature({
/// 	message: "feedback",
/// 	fields: { appid: "wx1", openid: "o1", timestamp: 1393400471 },
/// 	appKey: "k".repeat(128),
/// });
/// console.log(canonicalText); // appid=wx1&appkey=«128 chars»&openid=o1&timestamp=1393400471
/// console.log(verdict); // not-given
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = explainSignature, unchecked_return_type = "Explanation")]
pub fn explain_signature_js(
    #[wasm_bindgen(
        unchecked_param_type = "{ message: MessageName; fields: Readonly<Record<string, string | number>>; appKey?: AppKey; given?: string }"
    )]
    options: &JsValue,
) -> Result<JsValue> {
    input::object(options, "explainSignature takes one object with message, fields and appKey.")?;
    let message = input::message(&input::get(options, "message")?)?;
    let fields = input::fields(Some(message), &input::get(options, "fields")?)?;
    let key = account::optional_key(&input::get(options, "appKey")?)?;
    let given = optional_text(options, "given", "given")?;
    Ok(explain_signature(message, &fields, key.as_ref(), given.as_deref()).map_err(throw)?.output())
}

/// The last moment at which a delivery notification is in time: 24 h after payment for virtual goods and services,
/// 72 h for physical goods (PROTOCOL 3).
///
/// @param paidAt When the payment was notified, in Unix seconds.
/// @returns Unix seconds.
/// @throws {WeChatPayError} `ARGUMENT_INVALID`
///
/// @example
/// ```ts
/// import { deliveryDeadline } from "paysign";
///
/// console.log(deliveryDeadline(1369745073, "virtual")); // 1369831473
/// ```
///
/// # Errors
/// Throws `WeChatPayError`.
#[wasm_bindgen(js_name = deliveryDeadline, unchecked_return_type = "number")]
pub fn delivery_deadline(
    #[wasm_bindgen(js_name = paidAt, unchecked_param_type = "number")] paid_at: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Goods")] goods: &JsValue,
) -> Result<JsValue> {
    let goods = match goods.as_string().as_deref() {
        Some("virtual") => Goods::Virtual,
        Some("physical") => Goods::Physical,
        _ => {
            return Err(argument("goods must be \"virtual\" (24 h) or \"physical\" (72 h).", "goods"));
        }
    };
    let paid_at =
        input::whole(paid_at).ok_or_else(|| argument("paidAt must be a whole number of Unix seconds.", "paidAt"))?;
    // At most eleven digits: exact as a JavaScript number.
    Ok(JsValue::from_f64(deliver_notify::delivery_deadline(paid_at, goods).map_err(throw)? as f64))
}

/// A property that must be there.
fn text(value: &JsValue, name: &str, wire: &'static str) -> Result<String> {
    optional_text(value, name, wire)?.ok_or_else(|| missing(wire))
}

fn missing(wire: &'static str) -> JsValue {
    let sentence = "{field} is missing; the message has it exactly once.";
    throw(Error::new(ErrorCode::FieldMissing, sentence).in_field(wire))
}

/// Properties that must be there, under the names that JavaScript and the message have for them.
fn texts<const N: usize>(value: &JsValue, names: [(&str, &'static str); N]) -> Result<[String; N]> {
    let mut texts = [const { String::new() }; N];
    for (to, (name, wire)) in texts.iter_mut().zip(names) {
        *to = text(value, name, wire)?;
    }
    Ok(texts)
}

/// A property that may be absent.
fn optional_text(value: &JsValue, name: &str, wire: &'static str) -> Result<Option<String>> {
    input::object(value, "An object with the fields of the message is expected.")?;
    let value = input::get(value, name)?;
    if value.is_undefined() {
        return Ok(None);
    }
    input::scalar(&value).map(Some).ok_or_else(|| input::not_scalar(wire))
}
