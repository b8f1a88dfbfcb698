//! HOW a signature is made, as data. Every WeChat signature is the same small machine with other settings.

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;

/// What happens to the names before they are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameCase {
    /// ASCII letters become lower-case (PROTOCOL 1.1, step 2).
    Lower,
    /// Names stay as they are.
    AsIs,
}

/// What happens to empty values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empties {
    /// `name=` takes part, as the official SHA-1 helper has it (PROTOCOL 1.2).
    Keep,
    /// The pair is left out, as the official MD5 helper has it (PROTOCOL 1.2).
    Drop,
}

/// The order of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By name, byte by byte: `_` sorts before the letters (PROTOCOL 1.1, step 4).
    ByName,
}

/// How the parts become one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Join {
    /// `name=value&name=value`; nothing is escaped (PROTOCOL 1.1, step 5).
    Pairs,
}

/// Where the secret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "place", content = "name")]
pub enum SecretPlace {
    /// An ordinary parameter of this name, sorted among the others (PROTOCOL 1.1, step 3).
    Param(&'static str),
    /// Behind all the others, as a parameter of this name (PROTOCOL 6.1).
    Suffix(&'static str),
    /// Nowhere by itself: the value of the field of this name is the secret (PROTOCOL 6.5).
    Value(&'static str),
}

/// In which bytes the text is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// The bytes in which the values came: the message says in `input_charset` which characters they are, and nothing
    /// needs to know that to hash them (PROTOCOL 6.1).
    AsReceived,
}

/// The digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digest {
    /// SHA-1, 20 bytes.
    Sha1,
    /// MD5, 16 bytes.
    Md5,
}

/// The case of the digest's hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HexCase {
    /// `0123456789abcdef`
    Lower,
    /// `0123456789ABCDEF`
    Upper,
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// What happens to the names.
    pub names: NameCase,
    /// What happens to empty values.
    pub empties: Empties,
    /// The order of the parts.
    pub order: Order,
    /// How they become one text.
    pub join: Join,
    /// Where the secret goes.
    pub secret: SecretPlace,
    /// In which bytes the text is hashed.
    pub charset: Charset,
    /// The digest.
    pub digest: Digest,
    /// The case of its hexadecimal digits.
    pub hex: HexCase,
}

impl Recipe {
    /// paySign, also called AppSignature and app_signature (PROTOCOL 1.1).
    pub const PAY_SIGN: Self = Self {
        names: NameCase::Lower,
        empties: Empties::Keep,
        order: Order::ByName,
        join: Join::Pairs,
        secret: SecretPlace::Param("appkey"),
        charset: Charset::Utf8,
        digest: Digest::Sha1,
        hex: HexCase::Lower,
    };

    /// addrSign of the shared address: paySign without a key; the access token among the values is the secret
    /// (PROTOCOL 6.5).
    pub const ADDRESS_SIGN: Self = Self { secret: SecretPlace::Value("accessToken"), ..Self::PAY_SIGN };

    /// The package signature of the partner, which also signs the query half of the payment notification
    /// (PROTOCOL 6.1).
    pub const PACKAGE_SIGN: Self = Self {
        names: NameCase::AsIs,
        empties: Empties::Drop,
        order: Order::ByName,
        join: Join::Pairs,
        secret: SecretPlace::Suffix("key"),
        charset: Charset::AsReceived,
        digest: Digest::Md5,
        hex: HexCase::Upper,
    };

    /// The key, if the recipe uses one.
    pub(crate) fn key<'k>(&self, key: Option<&'k Secret>) -> Result<Option<&'k Secret>, Error> {
        match (self.secret, key) {
            (SecretPlace::Value(_), _) => Ok(None),
            (_, Some(key)) => Ok(Some(key)),
            (_, None) => {
                let sentence = "This message is signed with the paySignKey: pass it as the appKey.";
                Err(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field("appKey"))
            }
        }
    }
}
