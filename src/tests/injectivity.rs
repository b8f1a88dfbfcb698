//! Two different accepted messages never share their canonical text, whatever their types: else one signature would vouch
//! for both. Without the digit rule they do, and the same search finds them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::barrier::{Barrier, without};
use crate::message::{Field, Message, PAY_NOTIFY_QUERY, refuse_key};
use crate::recipe::Recipe;
use crate::secret::{AppKey, Secret};
use crate::signature::{Pair, Piece, assemble};

const KEY: &str = "0123456789abcdef";
/// A small generator, so that every run sees the same messages.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    /// A value that the field accepts, if one is found soon.
    fn value(&mut self, field: &Field, pieces: &[String], key: &Secret) -> Option<String> {
        (0..16).find_map(|_| {
            // Short ones most of the time: they are accepted more often, and collide sooner.
            let length = [1, 1, 1, 2, 3, 4][self.below(6)];
            let value: String = (0..length).map(|_| pieces[self.below(pieces.len())].as_str()).collect();
            (field.check(&value).is_ok() && refuse_key(field, value.as_bytes(), key).is_ok()).then_some(value)
        })
    }
}

/// Pieces of values that collide if anything can: what separates this message's fields, and the little between.
fn pieces(message: &Message) -> Vec<String> {
    let names = message.signed().map(|field| format!("&{}=1", field.name.to_ascii_lowercase()));
    let key = format!("&appkey={KEY}");
    ["1", "1", "0", "a", "", "&", "="].iter().map(|piece| (*piece).to_owned()).chain(names).chain([key]).collect()
}

fn hash(value: &impl Hash, salt: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}

fn canonical(recipe: &Recipe, pairs: &[Pair<'_>], key: &Secret) -> Vec<u8> {
    let mut text = Vec::new();
    assemble(recipe, pairs, Some(key), |piece| match piece {
        Piece::Text(bytes) => text.extend_from_slice(bytes),
        Piece::Secret(key) => text.extend_from_slice(key.as_bytes()),
    });
    text
}

/// Generates accepted messages of these types, and returns the first two that share a text.
fn search(messages: &[&'static Message], accepted: usize) -> Option<(String, String)> {
    let key = AppKey::new(KEY).unwrap();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let pieces: Vec<_> = messages.iter().map(|message| pieces(message)).collect();
    // From the text to the message, both as 128 bits of hash.
    let mut seen: HashMap<[u64; 2], [u64; 2]> = HashMap::with_capacity(accepted);
    let mut left = accepted;
    while left > 0 {
        let index = random.below(messages.len());
        let message = messages[index];
        // Mostly the message's own names, at times those of another, which it could be replayed as.
        let pieces = if random.below(4) > 0 { &pieces[index] } else { &pieces[random.below(messages.len())] };
        let values: Option<Vec<_>> =
            message.signed().map(|field| Some((field.name, random.value(field, pieces, key.secret())?))).collect();
        let Some(values) = values else { continue };
        left -= 1;
        let pairs: Vec<Pair<'_>> = values.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let text = canonical(message.recipe, &pairs, key.secret());
        let identity = [1, 2].map(|salt| hash(&(message.name, &pairs), salt));
        let first = *seen.entry([3, 4].map(|salt| hash(&text, salt))).or_insert(identity);
        if first != identity {
            let text = String::from_utf8_lossy(&text).replace(KEY, "KEY");
            return Some((text, format!("{} {values:?}", message.name)));
        }
    }
    None
}

fn pay_signed() -> Vec<&'static Message> {
    Message::ALL.iter().copied().filter(|message| *message.recipe == Recipe::PAY_SIGN).collect()
}

#[test]
fn no_two_accepted_messages_share_their_text() {
    let messages = pay_signed();
    assert_eq!(messages.len(), 11);
    assert_eq!(search(&messages, 2_000_000), None);
}

#[test]
fn without_the_digit_rule_the_search_finds_collisions() {
    for message in [Message::ALARM, Message::DELIVER_NOTIFY] {
        let collision = without(&[Barrier::Digits], || search(&[message], 2_000_000));
        assert!(collision.is_some(), "{}", message.name);
        assert_eq!(search(&[message], 200_000), None);
    }
}

#[test]
fn the_query_half_is_unambiguous_too() {
    use crate::pay_notify::is_unambiguous;
    let key = AppKey::new(KEY).unwrap();
    let mut random = Random(7);
    let pieces =
        ["a", "1", "&", "=", "&attach=a", "&partner=1", "&bank_billno=1", "&pay_info=a", "&key=a", "&total_fee=1"];
    let names = ["attach", "bank_billno", "pay_info", "total_fee"];
    let mut seen: HashMap<Vec<u8>, Vec<(&str, String)>> = HashMap::new();
    let mut refused = 0;
    for _ in 0..300_000 {
        let values: Vec<_> = names
            .iter()
            .map(|name| (*name, (0..random.below(4)).map(|_| pieces[random.below(pieces.len())]).collect::<String>()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let fits = values.iter().all(|(name, value)| {
            let field = PAY_NOTIFY_QUERY.fields.iter().find(|field| field.name == *name).unwrap();
            field.check(value).is_ok() && is_unambiguous(value.as_bytes())
        });
        if !fits {
            refused += 1;
            continue;
        }
        let pairs: Vec<Pair<'_>> = values.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let text = canonical(PAY_NOTIFY_QUERY.recipe, &pairs, key.secret());
        let first = seen.entry(text).or_insert_with(|| values.clone());
        assert_eq!(*first, values);
    }
    assert!(refused > 0 && !seen.is_empty());
}
