//! The payment notification (PROTOCOL 4.1). It has two halves with two signatures: the URL's query says which order was
//! paid, signed with the partnerKey; the XML body says who paid, signed with the paySignKey.
//!
//! **Nothing binds the halves to each other.** Both are verified here, and one alone is refused; but who has seen two
//! genuine notifications can send the buyer of one with the order of the other. Take the order from the query half, and
//! believe about the buyer only what your own records of the order say too.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::fields::Fields;
use crate::incoming::Incoming;
use crate::message::{Message, PAY_NOTIFY_QUERY};
use crate::outgoing;
use crate::query::{self, Plus};
use crate::secret::{AppKey, PartnerKey};
use crate::signature;

/// The account that a payment notification must be for.
#[derive(Clone, Copy, Debug)]
pub struct PayNotifyAccount<'a> {
    /// The AppId.
    pub app_id: &'a str,
    /// Its paySignKeys.
    pub app_keys: &'a [AppKey],
    /// The merchant number, digits.
    pub partner: &'a str,
    /// Its keys.
    pub partner_keys: &'a [PartnerKey],
}

/// A verified payment notification; [`verify`] is the only way to get one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayNotify {
    /// What was paid: the query half.
    pub order: PaidOrder,
    /// Who paid, says the body half. Nothing binds it to the order.
    pub buyer: Buyer,
    /// 64 hexadecimal digits, equal for two notifications exactly when their query halves say the same.
    pub dedup_key: String,
}

/// The query half: signed with the partnerKey.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaidOrder {
    /// Whether the values are UTF-8 (`input_charset`); else they are GBK.
    pub is_utf8: bool,
    /// The parameters under their wire names, in the order of the document, as bytes of that charset. Free text can be
    /// `pay_info`, `attach` and `buyer_alias`; all others are ASCII.
    pub parameters: Vec<(&'static str, Vec<u8>)>,
}

impl PaidOrder {
    /// A parameter that is ASCII, or any other of a UTF-8 notification.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(known, _)| *known == name)?;
        if self.is_utf8 || value.is_ascii() { core::str::from_utf8(value).ok() } else { None }
    }
}

/// The body half: signed with the paySignKey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Buyer {
    /// The account.
    pub app_id: String,
    /// The buyer.
    pub openid: String,
    /// `1` if the buyer follows the account, else `0`.
    pub is_subscribe: String,
    /// Unix seconds, decimal digits.
    pub time_stamp: String,
    /// A random text.
    pub nonce_str: String,
    /// 40 hexadecimal digits, as received.
    pub app_signature: String,
}

/// Verifies both halves of a payment notification.
///
/// `query` is the URL's query as received, undecoded; `body` the request body, byte for byte.
///
/// ```
/// use paysign::pay_notify::{self, PayNotifyAccount};
/// use paysign::{AppKey, PartnerKey};
///
/// let (app_id, partner) = ("wxf8b4f85f3a794e77", "1900000109");
/// let app_key = AppKey::new("k".repeat(128))?;
/// let partner_key = PartnerKey::new("8934e7d15453e97507ef794cf7b0519d")?;
/// let order = [
///     ("trade_mode", "1"), ("trade_state", "0"), ("partner", partner), ("bank_type", "WX"), ("total_fee", "1"),
///     ("fee_type", "1"), ("notify_id", "n1"), ("transaction_id", "121"), ("out_trade_no", "5"),
///     ("time_end", "20140527025333"),
/// ];
/// let buyer = [("OpenId", "o1"), ("IsSubscribe", "1"), ("TimeStamp", "1401159213"), ("NonceStr", "n")];
/// let sent = pay_notify::sign_test(&order, &buyer, app_id, &app_key, &partner_key)?;
///
/// let account =
///     PayNotifyAccount { app_id, app_keys: &[app_key], partner, partner_keys: &[partner_key] };
/// let paid = pay_notify::verify(&sent.query, sent.body.as_bytes(), &account)?;
/// assert_eq!(paid.buyer.openid, "o1");
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `QUERY_MALFORMED`, `XML_*`, `FIELD_*`, `SIGNATURE_METHOD`, `SIGNATURE_MISMATCH`, `APP_ID_MISMATCH` and
/// `PARTNER_MISMATCH`: do not believe the message.
pub fn verify(query: &str, body: &[u8], account: &PayNotifyAccount<'_>) -> Result<PayNotify, Error> {
    let (order, buyer) = verified(query, body, account)?;
    let dedup_key = order.dedup_key();
    let is_utf8 = is_utf8(&order);
    let parameters = order.fields_in_order().map(|(field, value)| (field.name, value.to_vec())).collect();
    Ok(PayNotify {
        order: PaidOrder { is_utf8, parameters },
        buyer: Buyer {
            app_id: buyer.text("AppId"),
            openid: buyer.text("OpenId"),
            is_subscribe: buyer.text("IsSubscribe"),
            time_stamp: buyer.text("TimeStamp"),
            nonce_str: buyer.text("NonceStr"),
            app_signature: buyer.text("AppSignature"),
        },
        dedup_key,
    })
}

/// The same, its fields where they stand in query and body.
pub(crate) fn verified<'a>(
    query: &'a str,
    body: &'a [u8],
    account: &PayNotifyAccount<'_>,
) -> Result<(Incoming<'a>, Incoming<'a>), Error> {
    let order = verify_query(query, account)?;
    let buyer = Incoming::verified(Message::PAY_NOTIFY, body, account.app_id, account.app_keys)?;
    Ok((order, buyer))
}

fn verify_query<'q>(query: &'q str, account: &PayNotifyAccount<'_>) -> Result<Incoming<'q>, Error> {
    // A real notify_id contains a space; who sent it as `+`, and who a plus as `+`, only the signature tells. One reading
    // may break a rule that the other keeps: a number of an order can hold a plus and no space.
    verify_reading(query, Plus::Space, account)
        .or_else(|error| verify_reading(query, Plus::Plus, account).map_err(|_| error))
}

fn verify_reading<'q>(query: &'q str, plus: Plus, account: &PayNotifyAccount<'_>) -> Result<Incoming<'q>, Error> {
    let keys: Vec<_> = account.partner_keys.iter().map(PartnerKey::secret).collect();
    let order = Incoming::from_query(PAY_NOTIFY_QUERY, query, plus)?;
    order.refuse_keys(&keys)?;
    unambiguous(&order)?;
    if order.get("partner") != Some(account.partner.as_bytes()) {
        let sentence = "partner is not the configured merchant number: the message is for another merchant, or the \
                        configuration is.";
        return Err(Error::new(ErrorCode::PartnerMismatch, sentence).in_field("partner"));
    }
    if order.matches(&keys) {
        return Ok(order);
    }
    Err(order.mismatch(
        "The signature of the query half does not belong to these parameters under this partnerKey. Check that the key \
         is the partnerKey (32 characters, not the paySignKey, not the AppSecret) and that the query is passed on \
         undecoded; if so, the message is not genuine.",
    ))
}

/// Values are not escaped in the signed text, so a free text could hold what looks like another parameter. Where none
/// does, the text determines the parameters (THREATS T5).
fn unambiguous(order: &Incoming<'_>) -> Result<(), Error> {
    for (field, value) in order.fields() {
        if !is_unambiguous(value) {
            let sentence = "{field} contains what reads like another parameter, so the signed text is ambiguous.";
            return Err(Error::new(ErrorCode::FieldMalformed, sentence).in_field(field.name));
        }
    }
    if is_utf8(order) {
        for (field, value) in order.fields() {
            if core::str::from_utf8(value).is_err() {
                let sentence = "{field} is not UTF-8, which the query says it is in input_charset.";
                return Err(Error::new(ErrorCode::FieldMalformed, sentence).in_field(field.name));
            }
        }
    }
    Ok(())
}

pub(crate) fn is_unambiguous(value: &[u8]) -> bool {
    let is_parameter = |part: &[u8]| {
        let name = part.split(|byte| *byte == b'=').next().filter(|name| name.len() < part.len());
        name.is_some_and(|name| {
            name == b"key" || PAY_NOTIFY_QUERY.fields.iter().any(|field| field.name.as_bytes() == name)
        })
    };
    !value.split(|byte| *byte == b'&').skip(1).any(is_parameter)
}

/// Whether the query half says that its values are UTF-8.
pub(crate) fn is_utf8(order: &Incoming<'_>) -> bool {
    let charset = order.get("input_charset").unwrap_or_default();
    charset.first().is_some_and(|first| first.eq_ignore_ascii_case(&b'u'))
}

/// A signed test notification: the query, percent-encoded UTF-8 without `?`, and the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPayNotify {
    /// The query half.
    pub query: String,
    /// The body half.
    pub body: String,
}

/// Writes and signs a payment notification as WeChat would send it, for tests of a receiver.
///
/// `order` are parameters of the query under their wire names, `buyer` are `OpenId`, `IsSubscribe`, `TimeStamp` and
/// `NonceStr` of the body.
///
/// # Errors
/// `FIELD_*` when the body's fields are not those of the message.
pub fn sign_test(
    order: &[(&str, &str)],
    buyer: &[(&str, &str)],
    app_id: &str,
    app_key: &AppKey,
    partner_key: &PartnerKey,
) -> Result<TestPayNotify, Error> {
    let pairs: Vec<_> = order.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let sign = signature::sign(PAY_NOTIFY_QUERY.recipe, &pairs, Some(partner_key.secret())).digits();
    let mut parameters = order.to_vec();
    parameters.push(("sign", &sign));
    let fields: Fields<'_> = buyer.iter().copied().chain([("AppId", app_id)]).collect();
    let body = outgoing::xml(Message::PAY_NOTIFY, &fields, app_key, &["IsSubscribe", "TimeStamp"])?;
    Ok(TestPayNotify { query: query::write(&parameters), body })
}
