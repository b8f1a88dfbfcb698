//! The alarm notification 告警通知 (PROTOCOL 2): WeChat tells the merchant that something is wrong.

use alloc::string::String;

use serde::Serialize;

use crate::error::Error;
use crate::incoming::Incoming;
use crate::message::Message;
use crate::secret::AppKey;
use crate::{Fields, outgoing};

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
    let incoming = Incoming::verified(Message::ALARM, body, app_id, keys)?;
    Ok(Alarm {
        dedup_key: incoming.dedup_key(),
        app_id: incoming.text("AppId"),
        error_type: incoming.text("ErrorType"),
        description: incoming.text("Description"),
        alarm_content: incoming.text("AlarmContent"),
        time_stamp: incoming.text("TimeStamp"),
        app_signature: incoming.text("AppSignature"),
    })
}

/// Reads an alarm by the same strict rules without trusting it.
///
/// ```
/// use paysign::{AppKey, alarm};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let fields = [("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "x"), ("TimeStamp", "1393860740")];
/// let body = alarm::sign_test(&fields, "wxf8b4f85f3a794e77", &key)?;
/// let claimed = alarm::parse(body.as_bytes())?;
/// assert_eq!((claimed.app_id.as_str(), claimed.verified), ("wxf8b4f85f3a794e77", false));
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `XML_*`, `FIELD_*` and `SIGNATURE_METHOD`.
pub fn parse(body: &[u8]) -> Result<UnverifiedAlarm, Error> {
    let incoming = Incoming::from_xml(Message::ALARM, body)?;
    Ok(UnverifiedAlarm {
        app_id: incoming.text("AppId"),
        error_type: incoming.text("ErrorType"),
        description: incoming.text("Description"),
        alarm_content: incoming.text("AlarmContent"),
        time_stamp: incoming.text("TimeStamp"),
        app_signature: incoming.text("AppSignature"),
        verified: false,
    })
}

/// Writes and signs an alarm as WeChat would post it, for tests of a receiver.
///
/// `fields` are `ErrorType`, `Description`, `AlarmContent` and `TimeStamp`.
///
/// ```
/// use paysign::{AppKey, alarm};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let fields = [("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "x"), ("TimeStamp", "1393860740")];
/// let body = alarm::sign_test(&fields, "wxf8b4f85f3a794e77", &key)?;
/// assert!(body.contains("<ErrorType>1001</ErrorType>"));
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `FIELD_*` when a field is missing or breaks its grammar.
pub fn sign_test(fields: &[(&str, &str)], app_id: &str, key: &AppKey) -> Result<String, Error> {
    let fields: Fields<'_> = fields.iter().copied().chain([("AppId", app_id)]).collect();
    // The two numbers stand bare in the official sample (PROTOCOL 2.2).
    outgoing::xml(Message::ALARM, &fields, key, &["ErrorType", "TimeStamp"])
}
