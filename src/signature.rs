//! Recipe + pairs + secret → canonical bytes → digest; and the comparison.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;

use md5::Md5;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use crate::barrier;
use crate::recipe::{Charset, Digest, Empties, HexCase, Join, NameCase, Order, Recipe, SecretPlace};
use crate::secret::Secret;

/// A name and the bytes of its value.
pub(crate) type Pair<'a> = (&'a str, &'a [u8]);

/// A signature: the digest's bytes. `Display` writes them as the recipe wants them written.
///
/// It has no `==`, which would stop at the first difference; [`matches`](Self::matches) compares.
///
/// ```compile_fail,E0369
/// fn compare(a: paysign::Signature, b: paysign::Signature) -> bool {
///     a == b
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    digest: [u8; 20],
    length: usize,
    hex: HexCase,
}

impl Signature {
    fn new(digest: &[u8], hex: HexCase) -> Self {
        let mut bytes = [0; 20];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = *from;
        }
        Self { digest: bytes, length: digest.len(), hex }
    }

    /// Reads the hexadecimal digits of a signature made by `recipe`, in either case.
    pub(crate) fn from_hex(text: &str, recipe: &Recipe) -> Option<Self> {
        let mut digest = [0; 20];
        let length = match recipe.digest {
            Digest::Sha1 => 20,
            Digest::Md5 => 16,
        };
        hex::decode_to_slice(text, digest.get_mut(..length)?).ok()?;
        Some(Self { digest, length, hex: recipe.hex })
    }

    /// What `Display` writes, without its machinery, which is a twentieth of the WebAssembly module.
    pub(crate) fn digits(&self) -> String {
        let mut digits = hexadecimal(self.bytes());
        if self.hex == HexCase::Upper {
            digits.make_ascii_uppercase();
        }
        digits
    }

    /// Reads the forty hexadecimal digits of a signature by SHA-1, in either case.
    #[cfg(feature = "push")]
    pub(crate) fn from_sha1_hex(text: &str) -> Option<Self> {
        Self::from_hex(text, &Recipe::PAY_SIGN)
    }

    fn bytes(&self) -> &[u8] {
        self.digest.get(..self.length).unwrap_or_default()
    }

    /// Compares this signature, which was computed here, with one that was `given`, in a time that does not tell where
    /// the two differ.
    ///
    /// Neither `subtle` nor a WebAssembly engine promises constant time, so what is compared is not the signatures but
    /// a digest of each under the computed one, which nobody without the key can know: a difference in time says
    /// nothing about it (THREATS T12).
    #[must_use]
    pub fn matches(&self, given: &Self) -> bool {
        blind(self, given).ct_eq(&blind(self, self)).into()
    }
}

fn blind(computed: &Signature, signature: &Signature) -> [u8; 20] {
    Sha1::new().chain_update(computed.bytes()).chain_update(signature.bytes()).finalize().into()
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digits())
    }
}

/// Lower-case digits. The library's own way to a `String` goes through one `char` after the other.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = vec![0; bytes.len() * 2];
    // It fails for a length that is not twice the other.
    let _ = hex::encode_to_slice(bytes, &mut digits);
    String::from_utf8(digits).unwrap_or_default()
}

/// A piece of the canonical text. The secret stays apart, so that whoever shows the text cannot show it by mistake.
pub(crate) enum Piece<'a> {
    Text(&'a [u8]),
    Secret(&'a Secret),
}

impl Piece<'_> {
    /// For people: the secret masked.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            // Who shows a text has it as a `str`.
            Self::Text(text) => Cow::Borrowed(core::str::from_utf8(text).unwrap_or_default()),
            Self::Secret(key) => Cow::Owned(key.mask()),
        }
    }
}

/// The parts of the canonical text in their final order, under names that are yet to be [`cased`].
pub(crate) fn arrange<'a>(recipe: &Recipe, pairs: &[Pair<'a>], key: Option<&'a Secret>) -> Vec<(&'a str, Piece<'a>)> {
    let taken = pairs.iter().filter(|(_, value)| recipe.empties == Empties::Keep || !value.is_empty());
    let named = taken.map(|(name, value)| (*name, Piece::Text(value)));
    let (sorted, last) = match (recipe.secret, key) {
        (SecretPlace::Param(name), Some(key)) => (Some((name, Piece::Secret(key))), None),
        (SecretPlace::Suffix(name), Some(key)) => (None, Some((name, Piece::Secret(key)))),
        (SecretPlace::Value(_), _) | (_, None) => (None, None),
    };
    let mut parts: Vec<(&str, Piece<'_>)> = Vec::with_capacity(pairs.len() + 1);
    for (name, piece) in named.chain(sorted) {
        // A message has two dozen fields at most, and the library's sort is 30 kB of WebAssembly.
        let index = match recipe.order {
            Order::ByName => parts.partition_point(|(before, _)| !is_after(recipe.names, before, name)),
        };
        parts.insert(index, (name, piece));
    }
    parts.extend(last);
    parts
}

/// Evaluates all of a recipe but the digest, and hands the canonical text on piece by piece.
pub(crate) fn assemble(recipe: &Recipe, pairs: &[Pair<'_>], key: Option<&Secret>, mut emit: impl FnMut(Piece<'_>)) {
    match recipe.join {
        Join::Pairs => {
            for (index, (name, value)) in arrange(recipe, pairs, key).into_iter().enumerate() {
                if index > 0 {
                    emit(Piece::Text(b"&"));
                }
                // No name is longer than the piece, which costs less than a text of its own for each.
                for bytes in name.as_bytes().chunks(32) {
                    let mut piece = [0; 32];
                    for (to, from) in piece.iter_mut().zip(bytes) {
                        *to = cased_byte(recipe.names, *from);
                    }
                    emit(Piece::Text(piece.get(..bytes.len()).unwrap_or_default()));
                }
                emit(Piece::Text(b"="));
                emit(value);
            }
        }
    }
}

/// Whether the first name sorts behind the second, once both are [`cased`].
fn is_after(case: NameCase, first: &str, second: &str) -> bool {
    let cased = |byte| cased_byte(case, byte);
    first.bytes().map(cased).gt(second.bytes().map(cased))
}

fn cased_byte(case: NameCase, byte: u8) -> u8 {
    match case {
        NameCase::Lower => byte.to_ascii_lowercase(),
        NameCase::AsIs => byte,
    }
}

pub(crate) fn cased(case: NameCase, name: &str) -> Cow<'_, str> {
    match case {
        NameCase::Lower if name.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Owned(name.to_ascii_lowercase()),
        NameCase::Lower | NameCase::AsIs => Cow::Borrowed(name),
    }
}

/// The signature of these pairs under this key, which [`Recipe::key`] has checked to be there.
pub(crate) fn sign(recipe: &Recipe, pairs: &[Pair<'_>], key: Option<&Secret>) -> Signature {
    hashed(canonical_text(recipe, pairs, key), recipe)
}

/// The digest of a text that holds a key, and is wiped.
fn hashed(mut text: Vec<u8>, recipe: &Recipe) -> Signature {
    let signature = match recipe.digest {
        Digest::Sha1 => digest::<Sha1>(&text, recipe.hex),
        Digest::Md5 => digest::<Md5>(&text, recipe.hex),
    };
    text.fill(0);
    black_box(&mut text);
    signature
}

/// `appkey` or `key`.
const LONGEST_KEY_NAME: usize = 6;

/// The text that is hashed, key included.
fn canonical_text(recipe: &Recipe, pairs: &[Pair<'_>], key: Option<&Secret>) -> Vec<u8> {
    // One text and one call of the hash: each costs more than the bytes that it moves. The names and signs of a pair are
    // shorter than this, and the capacity is never outgrown, for what is left behind would hold the key.
    let values: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let secret = key.map_or(0, |key| LONGEST_KEY_NAME + key.as_bytes().len() + 2);
    let mut text = Vec::with_capacity(values + secret);
    let capacity = text.capacity();
    assemble(recipe, pairs, key, |piece| match (piece, recipe.charset) {
        // A text of ours is UTF-8 already, and what came as bytes stays as it came.
        (Piece::Text(piece), Charset::Utf8 | Charset::AsReceived) => {
            text.extend_from_slice(barrier::bytes_of(piece).as_ref());
        }
        (Piece::Secret(key), _) => text.extend_from_slice(key.as_bytes()),
    });
    debug_assert_eq!(text.capacity(), capacity, "the text has moved, and left the key behind");
    text
}

fn digest<D: Default + sha1::digest::Update + sha1::digest::FixedOutputReset>(text: &[u8], hex: HexCase) -> Signature {
    let mut hash = D::default();
    hash.update(text);
    // Not a `finalize` that takes the hash by value, for the place it is moved from, which holds key bytes, is not wiped.
    // Nor is the place in which a block is expanded: there the hash works once more, without key bytes.
    let signature = Signature::new(&hash.finalize_fixed_reset(), hex);
    hash.update(&[0; 64]);
    black_box(&mut hash);
    signature
}

/// SHA-1 over these values and the token, sorted byte by byte, without anything between (PROTOCOL 6.6, 6.7).
#[cfg(feature = "push")]
pub(crate) fn sign_sorted(values: &[&[u8]], token: &Secret) -> Signature {
    let mut sorted: Vec<&[u8]> = Vec::with_capacity(values.len() + 1);
    for value in values.iter().copied().chain([token.as_bytes()]) {
        sorted.insert(sorted.partition_point(|before| *before <= value), value);
    }
    // The capacity is never outgrown, for what is left behind would hold the token.
    let mut text = Vec::with_capacity(sorted.iter().map(|value| value.len()).sum());
    sorted.iter().for_each(|value| text.extend_from_slice(value));
    hashed(text, &Recipe::PAY_SIGN)
}

/// The text that is hashed, with the key masked.
pub(crate) fn masked_text(recipe: &Recipe, pairs: &[Pair<'_>], key: Option<&Secret>) -> String {
    let mut shown = String::new();
    assemble(recipe, pairs, key, |piece| shown.push_str(&piece.shown()));
    shown
}
