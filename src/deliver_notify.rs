//! The delivery notification 发货通知 (PROTOCOL 3): the merchant tells WeChat that an order was delivered.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::fields::Fields;
use crate::message::{Message, sign_message};
use crate::secret::AppKey;
use crate::signature::Signature;

/// A delivery to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// The buyer's OpenId, from the payment notification.
    pub openid: &'a str,
    /// WeChat's transaction number, digits.
    pub transid: &'a str,
    /// The merchant's order number: up to 32 characters without `&`, `=` and white space.
    pub out_trade_no: &'a str,
    /// When it was delivered: Unix seconds, decimal digits.
    pub deliver_timestamp: &'a str,
    /// `1` delivered, `0` failed.
    pub deliver_status: &'a str,
    /// Free text; the reason when the status is `0`. May be empty.
    pub deliver_msg: &'a str,
}

/// The body of `POST /pay/delivernotify`. Every value is a string, as in the official sample; the key is not among
/// them, because there is no place for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are those of the wire, described in `Delivery`")]
pub struct DeliverNotifyBody {
    pub appid: String,
    pub openid: String,
    pub transid: String,
    pub out_trade_no: String,
    pub deliver_timestamp: String,
    pub deliver_status: String,
    pub deliver_msg: String,
    pub app_signature: String,
    pub sign_method: &'static str,
}

/// Builds and signs the body. Serialise it so that text stays raw UTF-8: `\uXXXX` in the body is errcode 40033.
///
/// ```
/// use paysign::{AppKey, Delivery, deliver_notify};
///
/// let delivery = Delivery {
///     openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
///     transid: "111112222233333",
///     out_trade_no: "555666uuu",
///     deliver_timestamp: "1369745073",
///     deliver_status: "1",
///     deliver_msg: "ok",
/// };
/// let body = deliver_notify::build(&delivery, "wxf8b4f85f3a794e77", &AppKey::new("k".repeat(128))?)?;
/// assert_eq!(body.sign_method, "sha1");
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `FIELD_MALFORMED` when a value breaks its grammar, `FIELD_CONTAINS_KEY` when one holds the key.
pub fn build(delivery: &Delivery<'_>, app_id: &str, key: &AppKey) -> Result<DeliverNotifyBody, Error> {
    let app_signature = sign(delivery, app_id, key)?.digits();
    let Delivery { openid, transid, out_trade_no, deliver_timestamp, deliver_status, deliver_msg } = *delivery;
    Ok(DeliverNotifyBody {
        appid: app_id.to_owned(),
        openid: openid.to_owned(),
        transid: transid.to_owned(),
        out_trade_no: out_trade_no.to_owned(),
        deliver_timestamp: deliver_timestamp.to_owned(),
        deliver_status: deliver_status.to_owned(),
        deliver_msg: deliver_msg.to_owned(),
        app_signature,
        sign_method: "sha1",
    })
}

/// The signature alone.
pub(crate) fn sign(delivery: &Delivery<'_>, app_id: &str, key: &AppKey) -> Result<Signature, Error> {
    let fields = Fields::from_iter([
        ("appid", app_id),
        ("openid", delivery.openid),
        ("transid", delivery.transid),
        ("out_trade_no", delivery.out_trade_no),
        ("deliver_timestamp", delivery.deliver_timestamp),
        ("deliver_status", delivery.deliver_status),
        ("deliver_msg", delivery.deliver_msg),
    ]);
    sign_message(Message::DELIVER_NOTIFY, &fields, key)
}

/// What was sold, which decides how soon it must be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goods {
    /// Virtual goods and services: 24 hours.
    Virtual,
    /// Physical goods: 72 hours.
    Physical,
}

impl Goods {
    /// The time allowed, in seconds (PROTOCOL 3).
    #[must_use]
    pub const fn allowance(self) -> u64 {
        match self {
            Self::Virtual => 24 * 3600,
            Self::Physical => 72 * 3600,
        }
    }
}

/// The last moment at which a delivery notification is in time, in Unix seconds, counted from the payment
/// notification. Later, WeChat treats the order as overdue and sends alarm 1001.
///
/// ```
/// use paysign::{Goods, deliver_notify::delivery_deadline};
///
/// assert_eq!(delivery_deadline(1369745073, Goods::Virtual)?, 1369745073 + 86_400);
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `ARGUMENT_INVALID` when `paid_at` has more than ten digits: it is probably in milliseconds.
pub fn delivery_deadline(paid_at: u64, goods: Goods) -> Result<u64, Error> {
    if paid_at > 9_999_999_999 {
        let sentence = "{field} must be in Unix seconds; this many digits look like milliseconds.";
        return Err(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field("paidAt"));
    }
    Ok(paid_at + goods.allowance())
}
