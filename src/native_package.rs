//! The native package (PROTOCOL 4.3): a buyer scanned a product's code, WeChat asks for the package to pay, the merchant
//! answers.

use alloc::string::String;

use serde::Serialize;

use crate::error::Error;
use crate::fields::Fields;
use crate::incoming::Incoming;
use crate::message::Message;
use crate::outgoing;
use crate::secret::AppKey;

/// A verified request for a package; [`verify_request`] is the only way to get one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NativePackageRequest {
    /// The account it is for.
    pub app_id: String,
    /// The buyer.
    pub openid: String,
    /// `1` if the buyer follows the account, else `0`.
    pub is_subscribe: String,
    /// The merchant's product.
    pub product_id: String,
    /// Unix seconds, decimal digits.
    pub time_stamp: String,
    /// A random text.
    pub nonce_str: String,
    /// 40 hexadecimal digits, as received.
    pub app_signature: String,
    /// 64 hexadecimal digits, equal for two requests exactly when their signed fields are equal.
    pub dedup_key: String,
}

/// Verifies a request for a package.
///
/// ```
/// use paysign::{AppKey, ErrorCode, native_package};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let refused = native_package::verify_request(b"<xml></xml>", "wxf8b4f85f3a794e77", &[key]);
/// assert_eq!(refused.unwrap_err().code(), ErrorCode::FieldMissing);
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `XML_*`, `FIELD_*`, `SIGNATURE_METHOD`, `SIGNATURE_MISMATCH` and `APP_ID_MISMATCH`: do not believe the message.
pub fn verify_request(body: &[u8], app_id: &str, keys: &[AppKey]) -> Result<NativePackageRequest, Error> {
    let incoming = Incoming::verified(Message::NATIVE_PACKAGE_REQUEST, body, app_id, keys)?;
    Ok(NativePackageRequest {
        dedup_key: incoming.dedup_key(),
        app_id: incoming.text("AppId"),
        openid: incoming.text("OpenId"),
        is_subscribe: incoming.text("IsSubscribe"),
        product_id: incoming.text("ProductId"),
        time_stamp: incoming.text("TimeStamp"),
        nonce_str: incoming.text("NonceStr"),
        app_signature: incoming.text("AppSignature"),
    })
}

/// The answer to a request for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativePackageResponse<'a> {
    /// The package string: the order, signed with the partnerKey.
    pub package: &'a str,
    /// Unix seconds, decimal digits.
    pub time_stamp: &'a str,
    /// A random text, up to 32 letters and digits.
    pub nonce_str: &'a str,
    /// `0` to sell; anything else is an error that `ret_err_msg` tells the buyer.
    pub ret_code: &'a str,
    /// The text for the buyer. Empty values are signed too.
    pub ret_err_msg: &'a str,
}

/// Writes and signs the answer to a request for a package.
///
/// ```
/// use paysign::native_package::{self, NativePackageResponse};
///
/// let key = paysign::AppKey::new("k".repeat(128))?;
/// let response = NativePackageResponse {
///     package: "bank_type=WX&body=XXX",
///     time_stamp: "189026618",
///     nonce_str: "adssdasssd13d",
///     ret_code: "0",
///     ret_err_msg: "",
/// };
/// let xml = native_package::build_response(&response, "wxf8b4f85f3a794e77", &key)?;
/// assert!(xml.contains("<RetCode>0</RetCode>"));
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `FIELD_MALFORMED` when a value breaks its grammar, `FIELD_CONTAINS_KEY` when one holds the key.
pub fn build_response(response: &NativePackageResponse<'_>, app_id: &str, key: &AppKey) -> Result<String, Error> {
    let fields = Fields::from_iter([
        ("AppId", app_id),
        ("Package", response.package),
        ("TimeStamp", response.time_stamp),
        ("NonceStr", response.nonce_str),
        ("RetCode", response.ret_code),
        ("RetErrMsg", response.ret_err_msg),
    ]);
    outgoing::xml(Message::NATIVE_PACKAGE_RESPONSE, &fields, key, &["TimeStamp", "RetCode"])
}
