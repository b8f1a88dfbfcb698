//! Every known answer reproduces byte for byte, canonical text included.

mod support;

use paysign::{Fields, Message, Verdict, explain_signature, sign_message};
use support::{fields, key, rows, text, vectors};

#[test]
fn every_known_answer_reproduces() {
    let file = vectors("signatures.json");
    for row in rows(&file) {
        let id = text(row, "id");
        let message = Message::find(text(row, "message")).expect(id);
        let given: Fields<'_> = fields(row).into_iter().collect();
        let secret = Some(text(row, "key")).filter(|key| !key.is_empty());
        let app_key = secret.map(key);

        let explanation = explain_signature(message, &given, app_key.as_ref(), Some(text(row, "signature"))).expect(id);
        let shown = explanation.canonical_text;
        let unmasked = app_key.as_ref().map_or(shown.clone(), |key| shown.replace(&key.mask(), text(row, "key")));
        assert_eq!(unmasked, text(row, "canonical"), "{id}");
        assert_eq!(explanation.signature, text(row, "signature"), "{id}");
        assert_eq!(explanation.verdict, Verdict::Match, "{id}");

        // The one row whose text also belongs to another message: correct arithmetic, and refused.
        let strict = sign_message(message, &given, app_key.as_ref());
        if id == "alarm-ambiguity-B" {
            let error = strict.expect_err(id);
            assert_eq!((error.code().as_str(), error.field()), ("FIELD_MALFORMED", Some("TimeStamp")));
            assert_eq!(explanation.problems.len(), 1);
        } else {
            assert_eq!(strict.expect(id).to_string(), text(row, "signature"), "{id}");
            assert!(explanation.problems.is_empty(), "{id}: {:?}", explanation.problems);
        }
    }
}

#[test]
fn every_message_of_the_table_has_a_known_answer() {
    let file = vectors("signatures.json");
    for message in Message::ALL {
        assert!(rows(&file).iter().any(|row| text(row, "message") == message.name), "no row for {}", message.name);
    }
}

#[test]
fn a_placeholder_is_never_valid() {
    let file = vectors("signatures.json");
    let placeholders: Vec<_> = rows(&file).iter().filter(|row| text(row, "evidence") == "placeholder").collect();
    assert_eq!(placeholders.len(), 5);
    for row in placeholders {
        let message = Message::find(text(row, "message")).expect("message");
        let given: Fields<'_> = fields(row).into_iter().collect();
        let explanation =
            explain_signature(message, &given, &key(text(row, "key")), Some(text(row, "published"))).expect("key");
        assert_eq!(explanation.verdict, Verdict::Mismatch, "{}", text(row, "id"));
    }
}

#[test]
fn the_steps_tell_one_story_without_the_key() {
    let app_key = key(&"k".repeat(128));
    let given = Fields::from_iter([("TimeStamp", "1"), ("AppId", "wx1"), ("OpenId", "o")]);
    let explanation = explain_signature(Message::FEEDBACK, &given, &app_key, Some("zz")).expect("key");
    let steps: Vec<_> = explanation.steps.iter().map(|step| (step.id, step.lines.join(" | "))).collect();
    let digest = explanation.signature.clone();
    assert_eq!(
        steps,
        [
            ("fields", "OpenId=o | AppId=wx1 | TimeStamp=1".to_owned()),
            ("names", "openid | appid | timestamp | appkey".to_owned()),
            ("sort", "appid=wx1 | appkey=«128 chars» | openid=o | timestamp=1".to_owned()),
            ("join", "appid=wx1&appkey=«128 chars»&openid=o&timestamp=1".to_owned()),
            ("digest", digest),
        ]
    );
    assert_eq!(explanation.verdict, Verdict::Mismatch);
    assert_eq!(explanation.problems.len(), 1, "a signature of the wrong shape is a problem");
}

#[test]
fn a_key_inside_a_value_is_masked_in_the_explanation() {
    let secret = "k".repeat(128);
    let app_key = key(&secret);
    let given = Fields::from_iter([("appid", "wx1"), ("openid", secret.as_str()), ("timestamp", "1")]);
    let explanation = explain_signature(Message::FEEDBACK, &given, &app_key, None).expect("key");
    assert!(!format!("{explanation:?}").contains(&secret));
    assert!(explanation.problems.iter().any(|problem| problem.code == "FIELD_MALFORMED"));
}

#[test]
fn a_signature_matches_itself_and_no_other() {
    let app_key = key(&"k".repeat(128));
    let sign = |time: &str| {
        let given = Fields::from_iter([("appid", "wx1"), ("openid", "o"), ("timestamp", time)]);
        sign_message(Message::FEEDBACK, &given, &app_key).expect("signed")
    };
    assert!(sign("1").matches(&sign("1")));
    assert!(!sign("1").matches(&sign("2")));
}
