//! The customer feedback 维权 (PROTOCOL 4.2): a buyer complains, or answers to what the merchant did about it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::error::Error;
use crate::incoming::Incoming;
use crate::message::Message;
use crate::secret::AppKey;

/// A feedback message. Its signature covers who and when, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Feedback {
    /// The account it is for.
    pub app_id: String,
    /// The buyer.
    pub openid: String,
    /// Unix seconds, decimal digits.
    pub time_stamp: String,
    /// 40 hexadecimal digits, as received.
    pub app_signature: String,
    /// What the message says. NOT signed: whoever has seen one feedback message of this buyer can write any other.
    pub unverified: UnverifiedFeedback,
}

/// The part of a feedback message that no signature protects: ask WeChat before acting on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnverifiedFeedback {
    /// `request`, `confirm` or `reject`.
    pub msg_type: Option<String>,
    /// The number of the complaint. It can exceed 64 bits.
    pub feed_back_id: Option<String>,
    /// The transaction.
    pub trans_id: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What the buyer asks for.
    pub solution: Option<String>,
    /// Remarks.
    pub ext_info: Option<String>,
    /// Pictures, up to five.
    pub pic_urls: Vec<String>,
}

/// Verifies a feedback message.
///
/// ```
/// use paysign::{AppKey, ErrorCode, feedback};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let refused = feedback::verify(b"<html></html>", "wxf8b4f85f3a794e77", &[key]);
/// assert_eq!(refused.unwrap_err().code(), ErrorCode::XmlRoot);
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `XML_*`, `FIELD_*`, `SIGNATURE_METHOD`, `SIGNATURE_MISMATCH` and `APP_ID_MISMATCH`: do not believe the message.
pub fn verify(body: &[u8], app_id: &str, keys: &[AppKey]) -> Result<Feedback, Error> {
    let incoming = Incoming::verified(Message::FEEDBACK, body, app_id, keys)?;
    Ok(Feedback {
        app_id: incoming.text("AppId"),
        openid: incoming.text("OpenId"),
        time_stamp: incoming.text("TimeStamp"),
        app_signature: incoming.text("AppSignature"),
        unverified: UnverifiedFeedback {
            msg_type: incoming.optional("MsgType"),
            feed_back_id: incoming.optional("FeedBackId"),
            trans_id: incoming.optional("TransId"),
            reason: incoming.optional("Reason"),
            solution: incoming.optional("Solution"),
            ext_info: incoming.optional("ExtInfo"),
            pic_urls: incoming.list("PicInfo/item/PicUrl"),
        },
    })
}
