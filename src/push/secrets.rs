//! The two secrets of a message push.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;

/// The Token of a message push: 3 to 32 letters and digits, chosen by hand in the console. It signs, and is as guarded as
/// [`AppKey`](crate::AppKey).
///
/// ```
/// let token = paysign::push::PushToken::new("spamtest")?;
/// assert_eq!(format!("{token:?}"), "PushToken(«8 chars»)");
/// # Ok::<(), paysign::Error>(())
/// ```
#[derive(Clone)]
pub struct PushToken(Secret);

impl PushToken {
    /// Takes a token as it stands: nothing is trimmed.
    ///
    /// # Errors
    /// `ARGUMENT_INVALID` unless it is 3 to 32 visible ASCII characters.
    pub fn new(token: impl AsRef<[u8]>) -> Result<Self, Error> {
        let length = "The {field} must be the Token of the message push: 3 to 32 letters and digits.";
        Secret::token(token.as_ref(), "token", length).map(Self)
    }

    /// What is shown in place of the token.
    #[must_use]
    pub fn mask(&self) -> String {
        self.0.mask()
    }

    pub(super) const fn secret(&self) -> &Secret {
        &self.0
    }
}

impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushToken({})", self.mask())
    }
}

/// The EncodingAESKey of a message push: 43 letters and digits, the base64 of the 32 bytes of an AES key. Its memory is wiped
/// when it is dropped, and nothing shows it.
///
/// ```
/// let key = paysign::push::EncodingAesKey::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")?;
/// assert_eq!(format!("{key:?}"), "EncodingAesKey(«43 chars»)");
/// # Ok::<(), paysign::Error>(())
/// ```
#[derive(Clone)]
pub struct EncodingAesKey(Box<Zeroizing<[u8; 32]>>);

impl EncodingAesKey {
    /// Takes a key as it stands: nothing is trimmed.
    ///
    /// # Errors
    /// `ARGUMENT_INVALID` unless it is 43 characters of base64.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        // The key is drawn from letters and digits, so the last two of its 258 bits are whatever they are: with one letter
        // more they belong to a 33rd byte, which is dropped.
        let (mut text, mut bytes) = (Zeroizing::new([b'A'; 44]), Zeroizing::new([0; 33]));
        if let Some((given, [_])) = text.split_at_mut_checked(key.as_ref().len()) {
            given.copy_from_slice(key.as_ref());
            if Base64::decode(text.as_slice(), &mut *bytes).is_ok() {
                // Filled where it stays: a place that it was moved from is not wiped.
                let mut own = Box::new(Zeroizing::new([0; 32]));
                own.iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
                return Ok(Self(own));
            }
        }
        let sentence =
            "The {field} must be the EncodingAESKey of the message push: 43 letters and digits, without `=`.";
        Err(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field("encodingAesKey"))
    }

    /// What is shown in place of the key.
    #[must_use]
    pub fn mask(&self) -> String {
        String::from("«43 chars»")
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for EncodingAesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodingAesKey({})", self.mask())
    }
}
