//! What is signed as a push verifies as it was, what is not is refused, and both formats are read as others read them.

use paysign::push::{
    EncodingAesKey, OtherEvent, PushAccount, PushEvent, PushMode, PushToken, parse_content, sign_test, verify,
    verify_url,
};
use serde_json::{Map, Value};
use std::sync::LazyLock;

use super::{APP_ID, check_error};

static TOKEN: LazyLock<PushToken> = LazyLock::new(|| PushToken::new("spamtest").expect("a token"));
static KEYS: LazyLock<[EncodingAesKey; 1]> =
    LazyLock::new(|| [EncodingAesKey::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").expect("a key")]);

const RANDOM: &[u8; 16] = b"aaaabbbbccccdddd";

fn account(mode: PushMode<'static>) -> PushAccount<'static> {
    PushAccount { app_id: APP_ID, token: &TOKEN, mode }
}

pub(crate) fn law(data: &[u8]) {
    for mode in [PushMode::Encrypted(&*KEYS), PushMode::Plain] {
        let account = account(mode);
        // As the body of a push of which only the query is genuine.
        let genuine = sign_test("", &account, 1, "n", RANDOM).expect("a push");
        match verify(&genuine.query, data, &account) {
            Ok(push) => assert!(!push.is_protected && push.content.as_bytes() == data, "only plain mode believes it"),
            Err(error) => check_error(&error),
        }
        let Ok(text) = std::str::from_utf8(data) else { continue };
        if let Err(error) = verify(text, genuine.body.as_bytes(), &account) {
            check_error(&error);
        }
        let Ok(test) = sign_test(text, &account, 1, "n", RANDOM) else { continue };
        match verify(&test.query, test.body.as_bytes(), &account) {
            Ok(push) => {
                assert_eq!(push.content, text);
                assert_eq!(push.event, parse_content(text));
                assert_eq!(push.is_protected, matches!(mode, PushMode::Encrypted(_)));
            }
            // Content that no store could keep, or, in plain mode, an envelope.
            Err(error) => assert!(["PUSH_UNREADABLE", "FIELD_UNKNOWN"].contains(&error.code().as_str()), "{error}"),
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match verify_url(text, &TOKEN) {
        Ok(echo) => assert!(!echo.is_empty() && echo.is_ascii()),
        Err(error) => check_error(&error),
    }
    second_opinion(text);
}

/// serde_json on what is read by hand. It knows neither deep nesting nor numbers that no double holds, and keeps the last of
/// two members.
fn second_opinion(text: &str) {
    let PushEvent::Other(OtherEvent { name, fields, .. }) = parse_content(text) else { return };
    if !text.trim_ascii_start().starts_with('{') || text.trim_start() != text.trim_ascii_start() {
        return;
    }
    let Ok(members) = serde_json::from_str::<Map<String, Value>>(text).map_err(|error| {
        let beyond = ["recursion", "out of range"].iter().any(|limit| error.to_string().contains(limit));
        assert!(beyond || (name.is_empty() && fields.is_empty()), "{error}: {text}");
    }) else {
        return;
    };
    for (name, value) in &fields {
        match &members[name] {
            Value::String(text) => assert_eq!(text, value),
            Value::Number(_) => assert!(value.starts_with(|first: char| first == '-' || first.is_ascii_digit())),
            other => assert_eq!(&other.to_string(), value),
        }
    }
    let is_flat = members.values().all(|value| !value.is_array() && !value.is_object());
    let present = members.values().filter(|value| !value.is_null()).count();
    let is_text = !text.chars().any(|char| matches!(char, '\u{FFFE}' | '\u{FFFF}' | '\u{7F}'));
    if is_flat && is_text && text.len() < 65_536 {
        // None of them at all if one stands twice.
        assert!(fields.len() == present || fields.is_empty(), "{text}");
    }
}
