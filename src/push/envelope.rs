//! What an encrypted push is wrapped in: `Encrypt`, with `ToUserName` beside it, or, in 兼容模式, with all of the plain content,
//! of which nothing is believed.

use alloc::string::String;

use super::content;
use crate::error::{Error, ErrorCode};

const ENCRYPT: &str = "Encrypt";

/// The ciphertext.
pub(super) fn encrypted(body: &str) -> Result<String, Error> {
    let mut found = content::read(body)?.into_iter().filter(|(name, _)| name == ENCRYPT);
    let error = |code, sentence| Error::new(code, sentence).in_field(ENCRYPT);
    let Some((_, value)) = found.next() else {
        return Err(error(
            ErrorCode::FieldMissing,
            "The body has no {field}, which every encrypted push has: choose 安全模式 in the account's console.",
        ));
    };
    if found.next().is_some() {
        return Err(error(ErrorCode::FieldDuplicate, "{field} stands more often than the message has it."));
    }
    let value = value.ok_or_else(|| error(ErrorCode::FieldMalformed, "{field} must be text."))?;
    Ok(value.into_owned())
}

/// In plain mode nothing would read what is in `Encrypt`, and in 兼容模式 it is better than what is plain.
pub(super) fn refuse_encrypted(body: &str) -> Result<(), Error> {
    let is_encrypted = content::read(body).is_ok_and(|parts| parts.iter().any(|(name, _)| name == ENCRYPT));
    if !is_encrypted {
        return Ok(());
    }
    let sentence =
        "The push is encrypted: pass its encodingAesKey and do not ask for plain mode, for only {field} is protected.";
    Err(Error::new(ErrorCode::FieldUnknown, sentence).in_field(ENCRYPT))
}

/// An envelope for a test. Base64 needs no escape in either format.
pub(super) fn write(encrypted: &str, as_json: bool) -> String {
    let (before, behind) = if as_json {
        (r#"{"ToUserName":"gh_test","Encrypt":""#, r#""}"#)
    } else {
        ("<xml><ToUserName><![CDATA[gh_test]]></ToUserName><Encrypt><![CDATA[", "]]></Encrypt></xml>")
    };
    [before, encrypted, behind].concat()
}
