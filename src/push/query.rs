//! The query of a push. Its parameters stand among whatever else the account's own URL has.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, ErrorCode};
use crate::query::{self, Plus};

/// The parameters that are looked at. Others are the URL's own, or say nothing that is needed: `openid`, `encrypt_type`.
const NAMES: [&str; 5] = ["signature", "msg_signature", "timestamp", "nonce", "echostr"];

/// The longest nonce. WeChat's have ten digits. The signed text has no separators, so characters of the ciphertext could be
/// passed off as the nonce's; to leave ciphertext that can be decrypted it would have to be 64 of them, or more.
const MAX_NONCE: usize = 63;
/// The longest text to answer with.
const MAX_ECHO: usize = 256;

/// The parameters of a push, whose time stamp and nonce keep to their grammar.
pub(super) struct Query(Vec<(&'static str, Vec<u8>)>);

pub(super) fn read(text: &str) -> Result<Query, Error> {
    if text.trim_start_matches('?').is_empty() {
        let sentence = "The query is missing: a push is signed in the URL's query. Pass it on as it was received.";
        return Err(Error::new(ErrorCode::QueryMalformed, sentence));
    }
    let mut found: Vec<(&'static str, Vec<u8>)> = Vec::with_capacity(NAMES.len());
    for parameter in query::read(text, Plus::Space)? {
        let Some(name) = NAMES.into_iter().find(|name| *name == parameter.name) else { continue };
        if found.iter().any(|(other, _)| *other == name) {
            let sentence = "{field} stands twice in the query.";
            return Err(Error::new(ErrorCode::FieldDuplicate, sentence).in_field(name).at(parameter.position));
        }
        found.push((name, parameter.value));
    }
    Query(found).checked()
}

impl Query {
    pub(super) fn new(timestamp: &str, nonce: &str) -> Result<Self, Error> {
        Self(Vec::from([("timestamp", Vec::from(timestamp)), ("nonce", Vec::from(nonce))])).checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let timestamp = self.require("timestamp")?;
        if !(1..=10).contains(&timestamp.len()) || !timestamp.iter().all(u8::is_ascii_digit) {
            let sentence = "{field} must be Unix seconds: 1 to 10 digits.";
            return Err(Error::new(ErrorCode::FieldMalformed, sentence).in_field("timestamp"));
        }
        let nonce = self.require("nonce")?;
        if !(1..=MAX_NONCE).contains(&nonce.len()) || !nonce.iter().all(u8::is_ascii_graphic) {
            let sentence = "{field} must be 1 to 63 visible ASCII characters.";
            return Err(Error::new(ErrorCode::FieldMalformed, sentence).in_field("nonce"));
        }
        Ok(self)
    }

    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_slice())
    }

    fn require(&self, name: &'static str) -> Result<&[u8], Error> {
        self.get(name).ok_or_else(|| missing(name))
    }

    /// The values that every signature of a push covers.
    pub(super) fn signed(&self) -> [&[u8]; 2] {
        ["timestamp", "nonce"].map(|name| self.get(name).unwrap_or_default())
    }

    /// Unix seconds.
    pub(super) fn timestamp(&self) -> Result<u64, Error> {
        let digits = self.require("timestamp")?.iter();
        // Ten digits at most.
        Ok(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
    }

    /// The text to answer with.
    pub(super) fn echo(&self) -> Result<String, Error> {
        let echo = self.require("echostr")?;
        let is_fine = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte);
        match core::str::from_utf8(echo) {
            Ok(text) if (1..=MAX_ECHO).contains(&echo.len()) && echo.iter().all(is_fine) => Ok(String::from(text)),
            _ => {
                let sentence = "{field} must be 1 to 256 letters, digits and + / = _ -.";
                Err(Error::new(ErrorCode::FieldMalformed, sentence).in_field("echostr"))
            }
        }
    }
}

pub(super) fn missing(name: &'static str) -> Error {
    Error::new(ErrorCode::FieldMissing, "{field} is missing from the query; every push has it.").in_field(name)
}
