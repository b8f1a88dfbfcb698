//! Pushes 消息推送 (PROTOCOL 6.6, 6.7, 8.2): what WeChat tells an account today, alarm 1001's successor among it.
//!
//! An account is set to one of three modes. In 安全模式 (encrypted) and 兼容模式 (both, of which only the encrypted part
//! is believed) the signature covers the content. **In 明文模式 (plain) it covers the query alone: whoever saw one query can send
//! any body with it.** So plain mode has to be asked for.

mod content;
mod crypto;
mod envelope;
mod event;
mod json;
mod query;
mod secrets;

use alloc::string::{String, ToString as _};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use self::event::{
    OrderSettlementEvent, OtherEvent, PushEvent, RemindAccessApiEvent, RemindShippingEvent, parse_content,
};
#[cfg(feature = "wasm-push")]
pub(crate) use self::event::{Read, read};
pub use self::secrets::{EncodingAesKey, PushToken};
use crate::error::{Error, ErrorCode};
use crate::signature::{Signature, hexadecimal, sign_sorted};
use crate::xml;

/// What the account's pushes are protected with, as set in its console.
#[derive(Clone, Copy, Debug)]
pub enum PushMode<'a> {
    /// 安全模式 and 兼容模式: encrypted under one of these keys, several while one is being replaced.
    Encrypted(&'a [EncodingAesKey]),
    /// 明文模式: the body is not protected at all.
    Plain,
}

/// The account that the pushes are for.
#[derive(Clone, Copy, Debug)]
pub struct PushAccount<'a> {
    /// Its AppId, which is pinned. A third-party platform's own AppId, where the platform is who receives.
    pub app_id: &'a str,
    /// Its Token.
    pub token: &'a PushToken,
    /// How its pushes are protected.
    pub mode: PushMode<'a>,
}

/// A verified push; [`verify`] is the only way to get one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Push {
    /// The account it is for.
    pub app_id: String,
    /// Whether the signature covers the content: `false` in plain mode.
    pub is_protected: bool,
    /// The XML or JSON text as it was encrypted; in plain mode the body.
    pub content: String,
    /// Unix seconds, of the query: when it was sent. A repeated push has another one.
    pub timestamp: u64,
    /// What it says.
    pub event: PushEvent,
    /// 64 hexadecimal digits, equal for two pushes exactly when AppId and content are.
    pub dedup_key: String,
}

/// A push as WeChat would send it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestPush {
    /// The query of the request's URL.
    pub query: String,
    /// The request body.
    pub body: String,
}

/// Verifies the request with which WeChat asks whether the URL is the account's, and returns the text to answer it with.
///
/// `query` is the query of the GET request as received. The answer is not signed, so nothing but letters, digits and
/// `+ / = _ -` is returned: it can do no harm where it is shown.
///
/// ```
/// use paysign::push::{PushToken, verify_url};
///
/// let token = PushToken::new("test")?;
/// let query = "signature=f21891de399b4e33a1a93c9a7b8a8fffb5a443ff&timestamp=1410685589&nonce=test&echostr=5927782489";
/// assert_eq!(verify_url(query, &token)?, "5927782489");
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `QUERY_MALFORMED`, `FIELD_MISSING`, `FIELD_DUPLICATE`, `FIELD_MALFORMED` and `SIGNATURE_MISMATCH`: somebody else has asked.
pub fn verify_url(query: &str, token: &PushToken) -> Result<String, Error> {
    let query = query::read(query)?;
    let echo = query.echo()?;
    check(query.get("signature"), "signature", &query, &[], token)?;
    Ok(echo)
}

/// Verifies a push and returns its content.
///
/// `query` is the query of the POST request and `body` its body, both as received.
///
/// ```
/// use paysign::push::{EncodingAesKey, PushAccount, PushEvent, PushMode, PushToken, sign_test, verify};
///
/// let token = PushToken::new("spamtest")?;
/// let keys = [EncodingAesKey::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")?];
/// let account = PushAccount { app_id: "wx2c2769f8efd9abc2", token: &token, mode: PushMode::Encrypted(&keys) };
/// let content = r#"{"MsgType":"event","Event":"trade_manage_remind_shipping","transaction_id":"4200001"}"#;
/// let test = sign_test(content, &account, 1409735669, "1320562132", b"aaaabbbbccccdddd")?;
/// let push = verify(&test.query, test.body.as_bytes(), &account)?;
/// let PushEvent::RemindShipping(event) = push.event else { panic!("another event") };
/// assert_eq!(event.transaction_id.as_deref(), Some("4200001"));
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `QUERY_MALFORMED`, `XML_*`, `JSON_MALFORMED`, `FIELD_*`, `SIGNATURE_MISMATCH` and `PUSH_UNREADABLE`: do not believe the
/// push. `ARGUMENT_INVALID` when the account has no key.
pub fn verify(query: &str, body: &[u8], account: &PushAccount<'_>) -> Result<Push, Error> {
    let Verified { is_protected, content, timestamp, dedup_key } = verified(query, body, account)?;
    let event = parse_content(&content);
    Ok(Push { app_id: account.app_id.to_string(), is_protected, content, timestamp, event, dedup_key })
}

/// A push whose content nobody has read.
pub(crate) struct Verified {
    pub(crate) is_protected: bool,
    pub(crate) content: String,
    pub(crate) timestamp: u64,
    pub(crate) dedup_key: String,
}

pub(crate) fn verified(query: &str, body: &[u8], account: &PushAccount<'_>) -> Result<Verified, Error> {
    let query = query::read(query)?;
    let timestamp = query.timestamp()?;
    let content = match account.mode {
        PushMode::Encrypted([]) => {
            let sentence = "Pass the encodingAesKey of the account, or ask for plain mode, which protects no body.";
            return Err(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field("encodingAesKey"));
        }
        PushMode::Encrypted(keys) => {
            let given = query.get("msg_signature");
            let given = given.ok_or_else(|| {
                Error::new(
                    ErrorCode::FieldMissing,
                    "The query has no {field}, which every encrypted push has: choose 安全模式 in the account's console.",
                )
                .in_field("msg_signature")
            })?;
            let encrypted = envelope::encrypted(xml::decode(body)?)?;
            check(Some(given), "msg_signature", &query, &[encrypted.as_bytes()], account.token)?;
            // One after the other: nobody without the token gets here, so time tells nothing to anyone.
            let content = keys.iter().find_map(|key| crypto::decrypt(&encrypted, account.app_id, key));
            content.ok_or_else(unreadable)?
        }
        PushMode::Plain => {
            check(query.get("signature"), "signature", &query, &[], account.token)?;
            let content = xml::decode(body)?;
            envelope::refuse_encrypted(content)?;
            String::from(content)
        }
    };
    let mut hash = Sha256::new();
    for part in [account.app_id, &content] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let dedup_key = hexadecimal(&hash.finalize());
    Ok(Verified { is_protected: matches!(account.mode, PushMode::Encrypted(_)), content, timestamp, dedup_key })
}

/// Signs a push as WeChat would send it, encrypted under the first key unless the mode is plain, for tests of a receiver.
/// Time, nonce and random bytes are the caller's. Content that begins with `{` gets an envelope of JSON, any other one of
/// XML.
///
/// ```
/// use paysign::push::{PushAccount, PushMode, PushToken, sign_test, verify};
///
/// let token = PushToken::new("spamtest")?;
/// let account = PushAccount { app_id: "wx2c2769f8efd9abc2", token: &token, mode: PushMode::Plain };
/// let test = sign_test("<xml><MsgType>text</MsgType></xml>", &account, 1409735669, "1320562132", &[0; 16])?;
/// assert!(!verify(&test.query, test.body.as_bytes(), &account)?.is_protected);
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `FIELD_MALFORMED` when time or nonce break their grammar, `XML_TOO_LARGE` when the body would be too large,
/// `ARGUMENT_INVALID` when the account has no key.
pub fn sign_test(
    content: &str,
    account: &PushAccount<'_>,
    timestamp: u64,
    nonce: &str,
    random: &[u8; 16],
) -> Result<TestPush, Error> {
    let timestamp = timestamp.to_string();
    let query = query::Query::new(&timestamp, nonce)?;
    let signature = sign_sorted(&query.signed(), account.token.secret());
    let mut pairs =
        alloc::vec![("signature", signature.to_string()), ("timestamp", timestamp), ("nonce", nonce.into())];
    let body = match account.mode {
        PushMode::Plain => String::from(content),
        PushMode::Encrypted(keys) => {
            let key = keys.first().ok_or_else(|| {
                let sentence = "Pass the encodingAesKey of the account.";
                Error::new(ErrorCode::ArgumentInvalid, sentence).in_field("encodingAesKey")
            })?;
            let encrypted = crypto::encrypt(content, account.app_id, key, random);
            let signed = [&query.signed()[..], &[encrypted.as_bytes()]].concat();
            let signature = sign_sorted(&signed, account.token.secret());
            pairs.push(("encrypt_type", "aes".into()));
            pairs.push(("msg_signature", signature.to_string()));
            envelope::write(&encrypted, content::is_json(content))
        }
    };
    xml::decode(body.as_bytes())?;
    let pairs: alloc::vec::Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(TestPush { query: crate::query::write(&pairs), body })
}

/// Compares a signature of the query with the one over its values, these further ones and the token.
fn check(
    given: Option<&[u8]>,
    name: &'static str,
    query: &query::Query,
    further: &[&[u8]],
    token: &PushToken,
) -> Result<(), Error> {
    let given = given.ok_or_else(|| query::missing(name))?;
    let given = core::str::from_utf8(given).ok().and_then(Signature::from_sha1_hex);
    let signed = [&query.signed()[..], further].concat();
    match given {
        Some(given) if sign_sorted(&signed, token.secret()).matches(&given) => Ok(()),
        _ => Err(Error::new(
            ErrorCode::SignatureMismatch,
            "{field} does not belong to this push under this token. Check that the token is the Token of this account's \
             message push and that query and body are as received; if so, the push is not genuine.",
        )
        .in_field(name)),
    }
}

/// One error for all that can be wrong behind a right signature, so that nobody learns which it was.
fn unreadable() -> Error {
    Error::new(
        ErrorCode::PushUnreadable,
        "The push has the signature of this token and cannot be decrypted for this account: check that encodingAesKey is the \
         EncodingAESKey of the message push, or add the new one, and that appId is the AppId it is set up for.",
    )
}
