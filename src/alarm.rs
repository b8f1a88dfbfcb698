//! The alarm notification 告警通知 (PROTOCOL 2): WeChat tells the merchant that something is wrong.

use serde::Serialize;

use crate::error::Error;
use crate::incoming::Incoming;
use crate::message::Message;
use crate::secret::AppKey;
use crate::{Fields, sign_message};

/// A verified alarm; [`verify`] is the only way to get one. All text is as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Alarm {
    /// The account it is for.
    pub app_id: String,
    /// Decimal digits. 1001, delivery overdue, is the only documented type: treat it as open (PROTOCOL 2.4).
    pub error_type: String,
    /// A short description.
    pub description: String,
    /// The details.
    pub alarm_content: String,
    /// Unix seconds, decimal digits.
    pub time_stamp: String,
    /// 40 hexadecimal digits, as received.
    pub app_signature: String,
    /// 64 hexadecimal digits, equal for two alarms exactly when their signed fields are equal.
    pub dedup_key: String,
}

/// An alarm that was read and NOT verified. Anyone can have written it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnverifiedAlarm {
    /// The account it claims to be for.
    pub app_id: String,
    /// As in [`Alarm`].
    pub error_type: String,
    /// As in [`Alarm`].
    pub description: String,
    /// As in [`Alarm`].
    pub alarm_content: String,
    /// As in [`Alarm`].
    pub time_stamp: String,
    /// The signature it claims.
    pub app_signature: String,
    /// Always `false`.
    pub verified: bool,
}

/// Verifies an alarm and returns its content.
///
/// `body` is the request body as received, byte for byte; `app_id` is the configured account; `keys` are its
/// paySignKeys, several while one is being replaced.
///
/// ```
/// use paysign::{AppKey, alarm};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let fields = [("ErrorType", "1001"), ("Description", "发货超时"), ("AlarmContent", "x"), ("TimeStamp", "1393860740")];
/// let body = alarm::sign_test(&fields, "wxf8b4f85f3a794e77", &key)?;
/// let alarm = alarm::verify(body.as_bytes(), "wxf8b4f85f3a794e77", &[key])?;
/// assert_eq!(alarm.description, "发货超时");
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `XML_*`, `FIELD_*`, `SIGNATURE_METHOD`, `SIGNATURE_MISMATCH` and `APP_ID_MISMATCH`: do not believe the message.
pub fn verify(body: &[u8], app_id: &str, keys: &[AppKey]) -> Result<Alarm, Error> {
    let mut incoming = Incoming::read(Message::ALARM, body)?;
    incoming.verify(app_id, keys)?;
    Ok(Alarm {
        dedup_key: incoming.dedup_key(),
        app_id: incoming.take("AppId"),
        error_type: incoming.take("ErrorType"),
        description: incoming.take("Description"),
        alarm_content: incoming.take("AlarmContent"),
        time_stamp: incoming.take("TimeStamp"),
        app_signature: incoming.take("AppSignature"),
    })
}

/// Reads an alarm by the same strict rules without trusting it.
///
/// # Errors
/// `XML_*`, `FIELD_*` and `SIGNATURE_METHOD`.
pub fn parse(body: &[u8]) -> Result<UnverifiedAlarm, Error> {
    let mut incoming = Incoming::read(Message::ALARM, body)?;
    Ok(UnverifiedAlarm {
        app_id: incoming.take("AppId"),
        error_type: incoming.take("ErrorType"),
        description: incoming.take("Description"),
        alarm_content: incoming.take("AlarmContent"),
        time_stamp: incoming.take("TimeStamp"),
        app_signature: incoming.take("AppSignature"),
        verified: false,
    })
}

/// Writes and signs an alarm as WeChat would post it, for tests of a receiver.
///
/// `fields` are `ErrorType`, `Description`, `AlarmContent` and `TimeStamp`.
///
/// # Errors
/// `FIELD_*` when a field is missing or breaks its grammar.
pub fn sign_test(fields: &[(&str, &str)], app_id: &str, key: &AppKey) -> Result<String, Error> {
    let fields: Fields<'_> = fields.iter().copied().chain([("AppId", app_id)]).collect();
    let signature = sign_message(Message::ALARM, &fields, key)?.to_string();
    let mut body = String::from("<xml>\n");
    for field in Message::ALARM.fields {
        let value = match field.name {
            "AppSignature" => &signature,
            "SignMethod" => "sha1",
            _ => Message::value(field, &fields)?,
        };
        let text = match field.name {
            // The two numbers stand bare in the official sample (PROTOCOL 2.2).
            "ErrorType" | "TimeStamp" => value.to_owned(),
            _ => format!("<![CDATA[{}]]>", value.replace("]]>", "]]]]><![CDATA[>")),
        };
        let name = field.name;
        body.push_str(&format!("    <{name}>{text}</{name}>\n"));
    }
    body.push_str("</xml>");
    Ok(body)
}
