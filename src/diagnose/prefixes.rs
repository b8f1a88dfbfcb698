//! Digests of texts one after another: what a text has in common with the last one is not hashed again.

use hmac::digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit};
use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;

use super::plan::Digest;

/// The digest of a candidate: as many bytes as the plan's digest has.
pub(crate) type Output = [u8; 32];

/// The digest of a text; the key counts where the digest takes one.
pub(crate) fn hash(digest: Digest, key: &[u8], text: &[u8]) -> Output {
    Hashes::default().hash(digest, key, &mut text.to_vec())
}

/// The last text of each digest.
#[derive(Default)]
pub(crate) struct Hashes {
    md5: Prefixes<Md5>,
    sha1: Prefixes<Sha1>,
    sha256: Prefixes<Sha256>,
    hmac_sha1: Prefixes<Hmac<Sha1>>,
    hmac_sha256: Prefixes<Hmac<Sha256>>,
}

impl Hashes {
    /// As [`hash`]. The text is kept, and in its place is the memory of an earlier one.
    pub(crate) fn hash(&mut self, digest: Digest, key: &[u8], text: &mut Vec<u8>) -> Output {
        match digest {
            Digest::Md5 => self.md5.hash(&[], text, |_| Some(Md5::default())),
            Digest::Sha1 => self.sha1.hash(&[], text, |_| Some(Sha1::default())),
            Digest::Sha256 => self.sha256.hash(&[], text, |_| Some(Sha256::default())),
            Digest::HmacSha1 => self.hmac_sha1.hash(key, text, with_key),
            Digest::HmacSha256 => self.hmac_sha256.hash(key, text, with_key),
        }
    }
}

/// An HMAC takes a key of any length.
fn with_key<S: KeyInit>(key: &[u8]) -> Option<S> {
    S::new_from_slice(key).ok()
}

const BLOCK: usize = 64;

/// The states of a hash, after no block of the last text, after one, and so on.
struct Prefixes<S> {
    key: Vec<u8>,
    text: Vec<u8>,
    states: Vec<S>,
}

impl<S> Default for Prefixes<S> {
    fn default() -> Self {
        Self { key: Vec::new(), text: Vec::new(), states: Vec::new() }
    }
}

impl<S: Clone + Update + FixedOutput> Prefixes<S> {
    fn hash(&mut self, key: &[u8], text: &mut Vec<u8>, start: impl Fn(&[u8]) -> Option<S>) -> Output {
        if self.key != key {
            self.states.clear();
            self.key.clear();
            self.key.extend_from_slice(key);
        }
        if self.states.is_empty() {
            self.text.clear();
            self.states.extend(start(key));
        }
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let shared = self.text.as_chunks().0.iter().zip(blocks).take_while(|(last, block)| last == block).count();
        self.states.truncate(shared + 1);
        let mut output = [0; 32];
        let Some(mut state) = self.states.last().cloned() else { return output };
        for block in blocks.iter().skip(shared) {
            state.update(block);
            self.states.push(state.clone());
        }
        state.update(rest);
        std::mem::swap(&mut self.text, text);
        for (to, from) in output.iter_mut().zip(state.finalize_fixed()) {
            *to = from;
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use hmac::Mac;
    use proptest::prelude::*;
    use sha1::Digest as _;

    use super::{Digest, Hashes, Hmac, KeyInit, Md5, Sha1, Sha256};

    fn plain(digest: Digest, key: &[u8], text: &[u8]) -> Vec<u8> {
        fn keyed<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
            let mac = M::new_from_slice(key).map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec());
            mac.unwrap_or_default()
        }
        match digest {
            Digest::Md5 => Md5::digest(text).to_vec(),
            Digest::Sha1 => Sha1::digest(text).to_vec(),
            Digest::Sha256 => Sha256::digest(text).to_vec(),
            Digest::HmacSha1 => keyed::<Hmac<Sha1>>(key, text),
            Digest::HmacSha256 => keyed::<Hmac<Sha256>>(key, text),
        }
    }

    const ALL: [Digest; 5] = [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::HmacSha1, Digest::HmacSha256];

    proptest! {
        #[test]
        fn what_was_hashed_before_changes_no_digest(
            first in prop::collection::vec(any::<u8>(), 0..300),
            changes in prop::collection::vec(
                (0..300_usize, prop::collection::vec(any::<u8>(), 0..150), 0..3_u8, prop::sample::select(&ALL[..])),
                1..12,
            ),
        ) {
            let mut hashes = Hashes::default();
            let mut text = first;
            for (kept, more, key, digest) in changes {
                // Each text begins as the one before it does; it may be shorter, or go on.
                text.truncate(kept);
                text.extend(more);
                let hash = hashes.hash(digest, &[key], &mut text.clone());
                prop_assert_eq!(hash.get(..digest.length()), Some(&*plain(digest, &[key], &text)));
            }
        }
    }
}
