//! The encryption of a push (PROTOCOL 6.7): AES-256-CBC, the IV the first half of the key, over 16 random bytes, the length
//! of the message as four bytes, the message, the AppId, and PKCS#7 padding to blocks of 32 bytes.
//!
//! CBC protects nothing by itself. What does is the signature, which covers the ciphertext and has been checked before
//! anything is decrypted.

use alloc::string::String;

use aes::Aes256;
use aes::cipher::typenum::{U16, U32};
use aes::cipher::{Array, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use base64ct::{Base64, Encoding as _};

use super::secrets::EncodingAesKey;
use crate::xml;

/// What is padded to; AES itself has blocks of 16.
const BLOCK: usize = 32;
const RANDOM: usize = 16;
const LENGTH: usize = 4;

/// The message, if every part of the ciphertext is as it must be. Which one is not, nobody is told.
pub(super) fn decrypt(encrypted: &str, app_id: &str, key: &EncodingAesKey) -> Option<String> {
    let mut bytes = Base64::decode_vec(encrypted).ok()?;
    let (blocks, []) = Array::slice_as_chunks_mut(&mut bytes) else { return None };
    cbc::Decryptor::<Aes256>::new(key.bytes().into(), iv(key)).decrypt_blocks(blocks);
    let message = message(unpadded(&bytes)?, app_id)?;
    // Whatever reads the content next, or stores it, need not think of NUL and the like.
    xml::decode(message).ok().map(String::from)
}

/// The ciphertext of a message, in base64.
pub(super) fn encrypt(message: &str, app_id: &str, key: &EncodingAesKey, random: &[u8; RANDOM]) -> String {
    // What is longer than this is too large for any reader, who says so.
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut bytes = [random, &length.to_be_bytes()[..], message.as_bytes(), app_id.as_bytes()].concat();
    let padding = BLOCK - bytes.len() % BLOCK;
    bytes.extend(core::iter::repeat_n(padding as u8, padding));
    let (blocks, _) = Array::slice_as_chunks_mut(&mut bytes);
    cbc::Encryptor::<Aes256>::new(key.bytes().into(), iv(key)).encrypt_blocks(blocks);
    Base64::encode_string(&bytes)
}

/// The first half of the key, where it is: a copy would not be wiped.
fn iv(key: &EncodingAesKey) -> &Array<u8, U16> {
    let key: &Array<u8, U32> = key.bytes().into();
    key.split_ref().0
}

fn unpadded(bytes: &[u8]) -> Option<&[u8]> {
    let padding = usize::from(*bytes.last()?);
    if !(1..=BLOCK).contains(&padding) {
        return None;
    }
    let (content, rest) = bytes.split_at_checked(bytes.len().checked_sub(padding)?)?;
    rest.iter().all(|byte| usize::from(*byte) == padding).then_some(content)
}

fn message<'a>(content: &'a [u8], app_id: &str) -> Option<&'a [u8]> {
    let (_, rest) = content.split_at_checked(RANDOM)?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
    let (message, receiver) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    (receiver == app_id.as_bytes()).then_some(message)
}
