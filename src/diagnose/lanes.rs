//! SHA-1 of four texts at once that differ in a few digits: one instruction works on the same word of all four.
//!
//! What the texts share is hashed, or its words expanded, only once. The tests compare it with the `sha1` crate.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use wasm::Lanes;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable::Lanes;

/// How many texts are hashed at once.
pub(crate) const LANES: usize = 4;
/// A place for the digits, big enough for any `i64` at any offset in its first word.
const WORDS: usize = 6;

/// The texts without their digits, and the digest that is looked for.
pub(crate) struct Texts {
    /// The state of the hash where the block begins in which the digits do.
    start: [u32; 5],
    blocks: Vec<Block>,
    wanted: [u32; 5],
}

/// Sixty-four bytes of the texts.
enum Block {
    /// The same in all texts: its expanded words, the constants of the rounds added.
    Shared(Box<[u32; 80]>),
    /// With digits: its words where they are shared, and which of the words of a [`Slot`] stand in it from which one on.
    Digits { words: [u32; 16], first: usize, skipped: usize },
}

/// The whole words in which the digits of one text stand.
#[derive(Clone)]
pub(crate) struct Slot {
    bytes: [u8; WORDS * 4],
    digits: std::ops::Range<usize>,
}

impl Slot {
    /// The digits, for writing.
    pub(crate) fn digits(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.digits.clone()).unwrap_or_default()
    }

    fn words(&self) -> impl Iterator<Item = u32> {
        self.bytes.as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes))
    }
}

impl Texts {
    /// The texts `before` + as many digits as said + `after`, and a slot for the digits; at most 20 of them.
    pub(crate) fn new(before: &[u8], digits: usize, after: &[u8], wanted: [u8; 20]) -> (Self, Slot) {
        let length = before.len() + digits + after.len();
        let mut text = [before, &vec![0; digits], after, &[0x80]].concat();
        text.resize((length + 9).next_multiple_of(64) - 8, 0);
        text.extend_from_slice(&(length as u64 * 8).to_be_bytes());

        let (blocks, _) = text.as_chunks::<64>();
        let (done, rest) = blocks.split_at(before.len() / 64);
        let mut start = INITIAL;
        for block in done {
            start = compress(start.map(Lanes::splat), &expand_shared(block), shared).map(|lanes| lanes.to_array()[0]);
        }
        // The slot begins with the whole word in which the digits do; what else is in its words goes along.
        let aligned = before.len() / 4 * 4;
        let mut bytes = [0; WORDS * 4];
        for (to, from) in bytes.iter_mut().zip(text.get(aligned..).unwrap_or_default()) {
            *to = *from;
        }
        let offset = before.len() - aligned;
        let first = before.len() % 64 / 4;
        let blocks = rest.iter().enumerate().map(|(index, block)| {
            // A slot may reach into the next block.
            match (index, (first + WORDS).checked_sub(16)) {
                (0, _) => Block::Digits { words: words(block), first, skipped: 0 },
                (1, Some(beyond @ 1..)) => Block::Digits { words: words(block), first: 0, skipped: WORDS - beyond },
                _ => Block::Shared(Box::new(expand_shared(block))),
            }
        });
        let blocks = blocks.collect();
        let mut wanted = wanted.as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
        let wanted = [(); 5].map(|()| wanted.next().unwrap_or_default());
        (Self { start, blocks, wanted }, Slot { bytes, digits: offset..offset + digits })
    }

    /// Which of the texts with these digits has the wanted digest.
    pub(crate) fn find(&self, slots: &[Slot; LANES]) -> Option<usize> {
        let [a, b, c, d] = slots;
        let mut varied = [Lanes::splat(0); WORDS];
        let words = a.words().zip(b.words()).zip(c.words().zip(d.words()));
        for (lanes, ((a, b), (c, d))) in varied.iter_mut().zip(words) {
            *lanes = Lanes::new([a, b, c, d]);
        }
        let mut state = self.start.map(Lanes::splat);
        for block in &self.blocks {
            state = match block {
                Block::Shared(words) => compress(state, words.as_slice(), shared),
                Block::Digits { words, first, skipped } => {
                    let mut words = words.map(Lanes::splat);
                    for (word, lanes) in words.iter_mut().skip(*first).zip(varied.iter().skip(*skipped)) {
                        *word = *lanes;
                    }
                    compress(state, expand(words).as_flattened(), differing)
                }
            };
        }
        // One word of five tells nearly always.
        if !state[0].has(self.wanted[0]) {
            return None;
        }
        let digests = state.map(Lanes::to_array);
        (0..LANES).find(|lane| digests.iter().map(|word| word.get(*lane)).eq(self.wanted.iter().map(Some)))
    }
}

const INITIAL: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
/// One for each twenty rounds.
const ROUNDS: [u32; 4] = [0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6];

fn words(block: &[u8; 64]) -> [u32; 16] {
    let mut words = block.as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    [(); 16].map(|()| words.next().unwrap_or_default())
}

/// The words of all rounds.
#[inline(always)]
fn expand(mut words: [Lanes; 16]) -> [[Lanes; 16]; 5] {
    /// Written out, so that the words stay in registers.
    macro_rules! next {
        ($($index:literal)*) => {
            $(words[$index] = words[($index + 13) % 16]
                .xor(words[($index + 8) % 16])
                .xor(words[($index + 2) % 16].xor(words[$index]))
                .rotate_left::<1>();)*
        };
    }
    let mut all = [[Lanes::splat(0); 16]; 5];
    for sixteen in &mut all {
        *sixteen = words;
        next!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    }
    all
}

/// The words of all rounds of a block that all texts share, the constants added.
#[inline(never)]
fn expand_shared(block: &[u8; 64]) -> [u32; 80] {
    let mut expanded = [0; 80];
    let all = expand(words(block).map(Lanes::splat));
    let constants = ROUNDS.iter().flat_map(|constant| [constant; 20]);
    for (to, (word, constant)) in expanded.iter_mut().zip(all.as_flattened().iter().zip(constants)) {
        *to = word.to_array()[0].wrapping_add(*constant);
    }
    expanded
}

/// What a round adds of a word that all texts share.
fn shared(word: u32, _: u32) -> Lanes {
    Lanes::splat(word)
}

/// What a round adds of a word that differs.
fn differing(word: Lanes, constant: u32) -> Lanes {
    word.add(Lanes::splat(constant))
}

/// The hash's state after one more block.
#[inline(always)]
fn compress<W: Copy>(state: [Lanes; 5], words: &[W], addend: impl Fn(W, u32) -> Lanes) -> [Lanes; 5] {
    let mut quarters = words.chunks_exact(20).zip(ROUNDS);
    let mut next = || quarters.next().unwrap_or_default();
    let choose = |b: Lanes, c: Lanes, d: Lanes| b.select(c, d);
    let parity = |b: Lanes, c: Lanes, d: Lanes| b.xor(c).xor(d);
    let majority = |b: Lanes, c: Lanes, d: Lanes| b.xor(d).select(c, d);
    let mut worked = rounds(state, next(), &addend, choose);
    worked = rounds(worked, next(), &addend, parity);
    worked = rounds(worked, next(), &addend, majority);
    worked = rounds(worked, next(), &addend, parity);
    let ([a, b, c, d, e], [f, g, h, i, j]) = (state, worked);
    [a.add(f), b.add(g), c.add(h), d.add(i), e.add(j)]
}

/// Twenty rounds. After each five of them the five words are in their places again, so nothing is moved.
#[inline(always)]
fn rounds<W: Copy>(
    [mut a, mut b, mut c, mut d, mut e]: [Lanes; 5],
    (words, constant): (&[W], u32),
    addend: impl Fn(W, u32) -> Lanes,
    mix: impl Fn(Lanes, Lanes, Lanes) -> Lanes,
) -> [Lanes; 5] {
    let round = |a: Lanes, b: &mut Lanes, c: Lanes, d: Lanes, e: &mut Lanes, word: W| {
        *e = e.add(addend(word, constant)).add(mix(*b, c, d)).add(a.rotate_left::<5>());
        *b = b.rotate_left::<30>();
    };
    for [v, w, x, y, z] in words.as_chunks().0 {
        round(a, &mut b, c, d, &mut e, *v);
        round(e, &mut a, b, c, &mut d, *w);
        round(d, &mut e, a, b, &mut c, *x);
        round(c, &mut d, e, a, &mut b, *y);
        round(b, &mut c, d, e, &mut a, *z);
    }
    [a, b, c, d, e]
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::{
        u32x4, u32x4_add, u32x4_eq, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, v128, v128_any_true,
        v128_bitselect, v128_or, v128_xor,
    };

    /// The same word of four texts.
    #[derive(Clone, Copy)]
    pub(super) struct Lanes(v128);

    impl Lanes {
        #[inline(always)]
        pub(super) fn new([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(super) fn splat(word: u32) -> Self {
            Self(u32x4_splat(word))
        }

        #[inline(always)]
        pub(super) fn to_array(self) -> [u32; 4] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        /// Whether it is this word in any of the texts.
        #[inline(always)]
        pub(super) fn has(self, word: u32) -> bool {
            v128_any_true(u32x4_eq(self.0, u32x4_splat(word)))
        }

        #[inline(always)]
        pub(super) fn add(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(super) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        /// Bit by bit, `one` where this is set, else `other`.
        #[inline(always)]
        pub(super) fn select(self, one: Self, other: Self) -> Self {
            Self(v128_bitselect(one.0, other.0, self.0))
        }

        #[inline(always)]
        pub(super) fn rotate_left<const BITS: u32>(self) -> Self {
            Self(v128_or(u32x4_shl(self.0, BITS), u32x4_shr(self.0, 32 - BITS)))
        }
    }
}

/// What the compiler makes of it is up to it; the results are the same.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    /// The same word of four texts.
    #[derive(Clone, Copy)]
    pub(super) struct Lanes([u32; 4]);

    impl Lanes {
        pub(super) fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(super) fn splat(word: u32) -> Self {
            Self([word; 4])
        }

        pub(super) fn to_array(self) -> [u32; 4] {
            self.0
        }

        /// Whether it is this word in any of the texts.
        pub(super) fn has(self, word: u32) -> bool {
            self.0.contains(&word)
        }

        fn with(self, other: Self, join: impl Fn(u32, u32) -> u32) -> Self {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            Self([join(a, e), join(b, f), join(c, g), join(d, h)])
        }

        pub(super) fn add(self, other: Self) -> Self {
            self.with(other, u32::wrapping_add)
        }

        pub(super) fn xor(self, other: Self) -> Self {
            self.with(other, |a, b| a ^ b)
        }

        /// Bit by bit, `one` where this is set, else `other`.
        pub(super) fn select(self, one: Self, other: Self) -> Self {
            one.with(other, |a, b| a ^ b).with(self, |a, b| a & b).xor(other)
        }

        pub(super) fn rotate_left<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word.rotate_left(BITS)))
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;
    use sha1::{Digest as _, Sha1};

    use super::{LANES, Texts};

    proptest! {
        #[test]
        fn the_text_with_the_wanted_digest_is_found_and_no_other(
            before in prop::collection::vec(any::<u8>(), 0..200),
            after in prop::collection::vec(any::<u8>(), 0..200),
            length in 1_usize..=20,
            mut digits in prop::collection::vec("[0-9]{20}", LANES),
            right in 0..LANES,
        ) {
            digits.iter_mut().for_each(|digits| digits.truncate(length));
            let text = [&before, digits[right].as_bytes(), &after].concat();
            let mut digest: [u8; 20] = Sha1::digest(&text).into();
            let find = |digest| {
                let (texts, slot) = Texts::new(&before, length, &after, digest);
                let mut slots = [(); LANES].map(|()| slot.clone());
                for (slot, digits) in slots.iter_mut().zip(&digits) {
                    slot.digits().copy_from_slice(digits.as_bytes());
                }
                texts.find(&slots)
            };
            prop_assert_eq!(find(digest), digits.iter().position(|other| *other == digits[right]));
            digest[19] ^= 1;
            prop_assert_eq!(find(digest), None);
        }
    }
}
