//! Keys, which are shown to nobody.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};
use crate::text::joined;

/// What every key is: bytes that are wiped when dropped, never shown, never compared.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A key shorter than this would be found inside ordinary text, where a key must not stand.
    const MIN_LENGTH: usize = 16;
    /// Eight times the length of a real paySignKey.
    const MAX_LENGTH: usize = 1024;

    fn new(key: &[u8], name: &'static str, length: &'static str) -> Result<Self, Error> {
        if !(Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&key.len()) {
            return Err(Error::new(ErrorCode::ArgumentInvalid, length).in_field(name));
        }
        Self::visible(key, name)
    }

    /// The token of a message push, which is shorter than a key and is never searched for in a text.
    #[cfg(feature = "push")]
    pub(crate) fn token(key: &[u8], name: &'static str, length: &'static str) -> Result<Self, Error> {
        if !(3..=32).contains(&key.len()) {
            return Err(Error::new(ErrorCode::ArgumentInvalid, length).in_field(name));
        }
        Self::visible(key, name)
    }

    #[inline(always)]
    fn visible(key: &[u8], name: &'static str) -> Result<Self, Error> {
        if !key.iter().all(u8::is_ascii_graphic) {
            let sentence = "The {field} must be visible ASCII characters only; look for a space, a line break or a \
                            byte order mark around it.";
            return Err(Error::new(ErrorCode::ArgumentInvalid, sentence).in_field(name));
        }
        Ok(Self(Zeroizing::new(key.to_vec())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn mask(&self) -> String {
        joined(&["«", &self.0.len().to_string(), " chars»"])
    }

    pub(crate) fn stands_in(&self, bytes: &[u8]) -> bool {
        let key = self.0.as_slice();
        // Eight bytes at once tell nearly every place apart, without a call for each.
        let start = key.first_chunk::<8>().copied().map(u64::from_ne_bytes);
        let may_stand = |window: &&[u8]| window.first_chunk::<8>().copied().map(u64::from_ne_bytes) == start;
        bytes.windows(key.len()).filter(may_stand).any(|window| window == key)
    }
}

/// Declares a kind of key, so that one cannot be passed for another.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $parameter:literal, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Secret);

        impl $name {
            /// Takes a key as it stands: nothing is trimmed.
            ///
            /// # Errors
            /// `ARGUMENT_INVALID` unless it is 16 to 1024 visible ASCII characters. A line break from the file it was
            /// read from is the usual cause.
            pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
                Secret::new(key.as_ref(), $parameter, $length).map(Self)
            }

            /// What is shown in place of the key.
            #[must_use]
            pub fn mask(&self) -> String {
                self.0.mask()
            }

            pub(crate) const fn secret(&self) -> &Secret {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.mask())
            }
        }
    };
}

key! {
    /// A paySignKey: on the wire the parameter `appkey`, 128 ASCII characters in production (PROTOCOL 1.1).
    ///
    /// It has no `Display` and no `Serialize`, its `Debug` is masked, it cannot be compared, and its memory is wiped
    /// when it is dropped.
    ///
    /// ```
    /// let key = paysign::AppKey::new("2Wozy2aksie1puXUBpWD8oZxiD1DfQuE")?;
    /// assert_eq!(format!("{key:?}"), "AppKey(«32 chars»)");
    /// # Ok::<(), paysign::Error>(())
    /// ```
    AppKey,
    "appKey",
    "The appKey must be the paySignKey of the account: 128 characters in production, 16 to 1024 accepted."
}

key! {
    /// A partnerKey: the key of the merchant number, 32 ASCII characters in production. It signs the package and the
    /// query half of the payment notification with MD5 (PROTOCOL 6.1), and is as guarded as [`AppKey`].
    ///
    /// ```
    /// let key = paysign::PartnerKey::new("8934e7d15453e97507ef794cf7b0519d")?;
    /// assert_eq!(key.mask(), "«32 chars»");
    /// # Ok::<(), paysign::Error>(())
    /// ```
    PartnerKey,
    "partnerKey",
    "The partnerKey must be the key of the merchant number: 32 characters in production, 16 to 1024 accepted."
}
