//! Keys, which are shown to nobody.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};

/// A paySignKey: on the wire the parameter `appkey`, 128 ASCII characters in production (PROTOCOL 1.1).
///
/// It has no `Display` and no `Serialize`, its `Debug` is masked, it cannot be compared, and its memory is wiped when
/// it is dropped.
///
/// ```
/// let key = paysign::AppKey::new("2Wozy2aksie1puXUBpWD8oZxiD1DfQuE")?;
/// assert_eq!(format!("{key:?}"), "AppKey(«32 chars»)");
/// # Ok::<(), paysign::Error>(())
/// ```
#[derive(Clone)]
pub struct AppKey(Zeroizing<Vec<u8>>);

impl AppKey {
    /// A key shorter than this would be found inside ordinary text, where a key must not stand.
    pub const MIN_LENGTH: usize = 16;
    /// Eight times the length of a real key.
    pub const MAX_LENGTH: usize = 1024;

    /// Takes a key as it stands: nothing is trimmed.
    ///
    /// # Errors
    /// `ARGUMENT_INVALID` unless it is 16 to 1024 visible ASCII characters. A line break from the file it was read
    /// from is the usual cause.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = key.as_ref();
        if !(Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&bytes.len()) {
            return Err(Error::new(
                ErrorCode::ArgumentInvalid,
                "The appKey must be the paySignKey of the account: 128 characters in production, 16 to 1024 accepted.",
            )
            .in_field("appKey"));
        }
        if !bytes.iter().all(u8::is_ascii_graphic) {
            return Err(Error::new(
                ErrorCode::ArgumentInvalid,
                "The appKey must be visible ASCII characters only; look for a space, a line break or a byte order mark \
                 around it.",
            )
            .in_field("appKey"));
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What is shown in place of the key.
    #[must_use]
    pub fn mask(&self) -> String {
        format!("«{} chars»", self.0.len())
    }

    pub(crate) fn stands_in(&self, text: &str) -> bool {
        text.len() >= self.0.len() && text.as_bytes().windows(self.0.len()).any(|window| window == self.0.as_slice())
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppKey({})", self.mask())
    }
}
