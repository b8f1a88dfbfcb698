//! The time stamps around the one in hand, some 170,000 under each plan: nearly all candidates of a search are these.

use std::fmt::Write as _;
use std::ops::Range;

use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;

use super::lanes::{LANES, Slot, Texts};
use super::plan::Digest;

const DAY: u32 = 86_400;

/// Every time stamp within a day of the one in hand, the nearest first: a clock read twice differs by little.
pub(crate) struct Times<'a> {
    method: Method,
    /// What is hashed before and after the time stamp.
    around: (&'a [u8], &'a [u8]),
    time: i64,
    given: &'a [u8],
}

enum Method {
    /// SHA-1, where all the time stamps have as many digits.
    Lanes(Box<Texts>, Slot),
    Md5,
    Sha1,
    Sha256,
}

impl<'a> Times<'a> {
    /// How many they are.
    pub(crate) const COUNT: usize = 2 * DAY as usize;

    /// `None` for an HMAC, which is rare here and slow, and when numbers end within a day.
    pub(crate) fn new(digest: Digest, around: (&'a [u8], &'a [u8]), time: i64, given: &'a [u8]) -> Option<Self> {
        let length = |time: i64| Some(time).filter(|time| *time >= 0).map(|time| time.to_string().len());
        let lengths = [time.checked_sub(DAY.into())?, time.checked_add(DAY.into())?].map(length);
        let method = match (digest, lengths, given.try_into()) {
            (Digest::Sha1, [Some(first), Some(last)], Ok(wanted)) if first == last => {
                let (texts, slot) = Texts::new(around.0, first, around.1, wanted);
                Method::Lanes(Box::new(texts), slot)
            }
            (Digest::Sha1, ..) => Method::Sha1,
            (Digest::Md5, ..) => Method::Md5,
            (Digest::Sha256, ..) => Method::Sha256,
            (Digest::HmacSha1 | Digest::HmacSha256, ..) => return None,
        };
        Some(Self { method, around, time, given })
    }

    /// How far the time stamp with this number is from the one in hand, in seconds.
    pub(crate) fn seconds(index: usize) -> i64 {
        let distance = i64::try_from(index / 2 + 1).unwrap_or_default();
        if index.is_multiple_of(2) { distance } else { -distance }
    }

    /// The first of these that makes the given digest.
    pub(crate) fn find(&self, range: Range<usize>) -> Option<usize> {
        match &self.method {
            Method::Lanes(texts, slot) => self.find_in_lanes(texts, slot, range),
            Method::Md5 => self.find_singly::<Md5>(range),
            Method::Sha1 => self.find_singly::<Sha1>(range),
            Method::Sha256 => self.find_singly::<Sha256>(range),
        }
    }

    fn find_in_lanes(&self, texts: &Texts, slot: &Slot, range: Range<usize>) -> Option<usize> {
        let mut slots = [0, 1, 2, 3].map(|lane| {
            let mut slot = slot.clone();
            let digits = (self.time + Self::seconds(range.start + lane)).to_string();
            for (to, from) in slot.digits().iter_mut().zip(digits.bytes()) {
                *to = from;
            }
            slot
        });
        for index in range.clone().step_by(LANES) {
            if let Some(lane) = texts.find(&slots) {
                return Some(index + lane).filter(|index| range.contains(index));
            }
            // Each lane is two seconds further from the one in hand.
            for (slot, (zero, nine, next)) in slots.iter_mut().zip([UP, DOWN].into_iter().cycle()) {
                for _ in 0..2 {
                    for digit in slot.digits().iter_mut().rev() {
                        if *digit != nine {
                            *digit = digit.wrapping_add_signed(next);
                            break;
                        }
                        *digit = zero;
                    }
                }
            }
        }
        None
    }

    fn find_singly<D: sha1::Digest + Clone>(&self, mut range: Range<usize>) -> Option<usize> {
        let (before, after) = self.around;
        // Whole blocks: the rest of a block would only be copied.
        let (blocks, head) = before.split_at(before.len() / 64 * 64);
        let state = D::new_with_prefix(blocks);
        let mut digits = String::new();
        range.find(|index| {
            digits.clear();
            // Writing to a string cannot fail.
            let _ = write!(digits, "{}", self.time + Self::seconds(*index));
            let hash = state.clone().chain_update(head).chain_update(&digits).chain_update(after);
            hash.finalize().as_slice() == self.given
        })
    }
}

/// How a decimal number is counted: the digit that follows the last one, the last one, and the way.
const UP: (u8, u8, i8) = (b'0', b'9', 1);
const DOWN: (u8, u8, i8) = (b'9', b'0', -1);

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::{DAY, Times};
    use crate::diagnose::plan::Digest;

    const PLAIN: [Digest; 3] = [Digest::Md5, Digest::Sha1, Digest::Sha256];

    fn digest(digest: Digest, text: &str) -> Vec<u8> {
        use sha1::Digest as _;
        match digest {
            Digest::Md5 => md5::Md5::digest(text).to_vec(),
            Digest::Sha1 => sha1::Sha1::digest(text).to_vec(),
            _ => sha2::Sha256::digest(text).to_vec(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_time_that_was_signed_is_found_at_its_place(
            before in ".{0,90}",
            after in ".{0,90}",
            time in prop_oneof![-100_000_i64..2_000_000_000, 9_999_900_000_i64..10_000_100_000, 0..i64::MAX],
            index in 0..Times::COUNT,
            kind in prop::sample::select(&PLAIN[..]),
        ) {
            prop_assume!(time < i64::MAX - i64::from(DAY));
            let text = format!("{before}{}{after}", time + Times::seconds(index));
            let given = digest(kind, &text);
            let times = Times::new(kind, (before.as_bytes(), after.as_bytes()), time, &given).expect("in range");
            prop_assert_eq!(times.find(0..Times::COUNT), Some(index));
            prop_assert_eq!(times.find(0..index), None);
            let slice = index / 4 * 4;
            prop_assert_eq!(times.find(slice..slice + 4), Some(index));
        }
    }

    #[test]
    fn times_are_counted_from_the_nearest_to_a_day() {
        assert_eq!([0, 1, 2, 3, Times::COUNT - 1].map(Times::seconds), [1, -1, 2, -2, -i64::from(DAY)]);
        assert!(Times::new(Digest::HmacSha1, (b"", b""), 0, &[0; 20]).is_none());
        assert!(Times::new(Digest::Sha1, (b"", b""), i64::MAX, &[0; 20]).is_none());
        assert!(Times::new(Digest::Sha1, (b"", b""), i64::MIN, &[0; 20]).is_none());
    }
}
