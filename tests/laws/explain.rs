//! An explanation refuses nothing, never shows the key, and its text gives its signature.
//!
//! The data is text: the message's name in the first line, then `name=value` a line; `key:` before a key, `given:` before
//! a signature.

use paysign::{AppKey, Fields, Message, Verdict, explain_signature, sign_message};
use sha1::{Digest as _, Sha1};

use super::{APP_KEY, hex};

pub(crate) fn law(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let name = lines.next().unwrap_or_default();
    let message = Message::find(name).unwrap_or(Message::ALARM);
    let mut fields = Fields::new();
    let mut secret = APP_KEY;
    let mut given = None;
    for line in lines {
        if let Some(key) = line.strip_prefix("key:") {
            secret = key;
        } else if let Some(signature) = line.strip_prefix("given:") {
            given = Some(signature);
        } else if let Some((name, value)) = line.split_once('=') {
            fields.push(name, value);
        }
    }
    let Ok(key) = AppKey::new(secret) else { return };
    let explanation = explain_signature(message, &fields, &key, given).expect("nothing is refused");

    // The names are those of the table: a key that is spelled like one of them is not shown by them.
    for step in explanation.steps.iter().filter(|step| step.id != "names") {
        assert!(step.lines.iter().all(|line| !line.contains(secret)), "the step {} shows the key", step.id);
    }
    assert!(!explanation.canonical_text.contains(secret), "the text shows the key");
    assert_eq!(explanation.verdict == Verdict::NotGiven, given.is_none());

    // The mask stands for the key, unless a value holds what looks like a mask.
    if fields.iter().all(|(_, value)| !value.contains('«')) {
        let signed = explanation.canonical_text.replace(&key.mask(), secret);
        assert_eq!(hex(&Sha1::digest(signed)), explanation.signature, "the text gives the signature");
    }
    let again = explain_signature(message, &fields, &key, Some(&explanation.signature)).expect("nothing is refused");
    assert_eq!(again.verdict, Verdict::Match);

    // Where the strict function signs, the explanation has no problem, and the other way round.
    let strict = sign_message(message, &fields, &key);
    let ours = explain_signature(message, &fields, &key, None).expect("nothing is refused");
    assert_eq!(strict.is_ok(), ours.problems.is_empty(), "{strict:?} and {:?}", ours.problems);
    if let Ok(strict) = strict {
        assert_eq!(strict.to_string(), explanation.signature);
    }
}
