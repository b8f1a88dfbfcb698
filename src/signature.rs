//! Recipe + pairs + secret → canonical bytes → digest; and the comparison.

use std::borrow::Cow;
use std::fmt;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::recipe::{Charset, Digest, Empties, HexCase, Join, NameCase, Order, Recipe, SecretPlace};
use crate::secret::AppKey;

/// A signature: the digest's bytes. `Display` writes them as the recipe wants them written.
#[derive(Clone, Copy, Debug)]
pub struct Signature([u8; 20]);

impl Signature {
    /// Reads 40 hexadecimal digits in either case.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 20];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Compares in a time that does not depend on where the two differ.
    ///
    /// Neither `subtle` nor a WebAssembly engine promises constant time, so what is compared is not the signatures
    /// but a digest of each under the key: a difference in time says nothing about the expected signature
    /// (THREATS T12).
    #[must_use]
    pub fn matches<'k>(&self, other: &Self, key: impl Into<Option<&'k AppKey>>) -> bool {
        let key = key.into();
        blind(self, key).ct_eq(&blind(other, key)).into()
    }
}

fn blind(signature: &Signature, key: Option<&AppKey>) -> [u8; 32] {
    let secret = key.map_or(&[][..], AppKey::as_bytes);
    Sha256::new().chain_update(secret).chain_update(signature.0).finalize().into()
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A piece of the canonical text. The secret stays apart, so that whoever shows the text cannot show it by mistake.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Secret(&'a AppKey),
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Secret(key) => f.write_str(&key.mask()),
        }
    }
}

/// The parts of the canonical text under their final names, in their final order.
pub(crate) fn arrange<'a>(
    recipe: &Recipe,
    pairs: &[(&'a str, &'a str)],
    key: Option<&'a AppKey>,
) -> Vec<(Cow<'a, str>, Piece<'a>)> {
    let taken = pairs.iter().filter(|(_, value)| recipe.empties == Empties::Keep || !value.is_empty());
    let named = taken.map(|(name, value)| (cased(recipe.names, name), Piece::Text(value)));
    let secret = match recipe.secret {
        SecretPlace::Param(name) => key.map(|key| (Cow::Borrowed(name), Piece::Secret(key))),
        SecretPlace::None => None,
    };
    let mut parts = Vec::with_capacity(pairs.len() + 1);
    for (name, piece) in named.chain(secret) {
        // A message has a dozen fields at most, and the library's sort is 30 kB of WebAssembly.
        let index = match recipe.order {
            Order::ByName => {
                parts.partition_point(|(before, _): &(Cow<'_, str>, _)| before.as_bytes() <= name.as_bytes())
            }
        };
        parts.insert(index, (name, piece));
    }
    parts
}

/// Evaluates all of a recipe but the digest, and hands the canonical text on piece by piece.
fn assemble(recipe: &Recipe, pairs: &[(&str, &str)], key: Option<&AppKey>, mut emit: impl FnMut(Piece<'_>)) {
    match recipe.join {
        Join::Pairs => {
            for (index, (name, value)) in arrange(recipe, pairs, key).into_iter().enumerate() {
                if index > 0 {
                    emit(Piece::Text("&"));
                }
                emit(Piece::Text(&name));
                emit(Piece::Text("="));
                emit(value);
            }
        }
    }
}

pub(crate) fn cased(case: NameCase, name: &str) -> Cow<'_, str> {
    match case {
        NameCase::Lower if name.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Owned(name.to_ascii_lowercase()),
        NameCase::Lower | NameCase::AsIs => Cow::Borrowed(name),
    }
}

/// The signature of these pairs under this key, which [`Recipe::key`] has checked to be there.
pub(crate) fn sign(recipe: &Recipe, pairs: &[(&str, &str)], key: Option<&AppKey>) -> Signature {
    let (Charset::Utf8, Digest::Sha1, HexCase::Lower) = (recipe.charset, recipe.digest, recipe.hex);
    let mut hash = Sha1::new();
    assemble(recipe, pairs, key, |piece| match piece {
        Piece::Text(text) => hash.update(text),
        Piece::Secret(key) => hash.update(key.as_bytes()),
    });
    Signature(hash.finalize().into())
}

/// The text that is hashed, with the key masked.
pub(crate) fn masked_text(recipe: &Recipe, pairs: &[(&str, &str)], key: Option<&AppKey>) -> String {
    let mut shown = String::new();
    assemble(recipe, pairs, key, |piece| shown.push_str(&piece.to_string()));
    shown
}
