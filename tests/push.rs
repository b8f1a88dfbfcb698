//! Every push of the vectors gets its verdict, and an accepted one is read as it must be.

mod support;

use paysign::push::{Push, PushEvent, PushToken, parse_content, sign_test, verify, verify_url};
use paysign::{Error, ErrorCode};
use serde_json::{Map, Value, json};
use support::{body, rows, text, vectors, with_push_account};

fn body_of(row: &Value) -> Vec<u8> {
    match row["repeat"].as_array() {
        Some(repeat) => {
            let times = usize::try_from(repeat[1].as_u64().expect("a number")).expect("a size");
            repeat[0].as_str().expect("a text").repeat(times).into_bytes()
        }
        None => body(row),
    }
}

/// As JavaScript gets it: the fields of other events as an object.
fn shown(push: &Push) -> Value {
    let mut value = serde_json::to_value(push).expect("it has a form in JSON");
    value["event"] = event_shown(&push.event);
    value
}

fn event_shown(event: &PushEvent) -> Value {
    let mut value = serde_json::to_value(event).expect("it has a form in JSON");
    if let PushEvent::Other(event) = event {
        let fields: Map<String, Value> =
            event.fields.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        value["fields"] = fields.into();
    }
    value
}

fn verified(row: &Value) -> Result<Push, Error> {
    with_push_account(&row["account"], |account| verify(text(row, "query"), &body_of(row), account))
}

#[test]
fn every_push_gets_its_verdict() {
    let file = vectors("push.json");
    let mut accepted = 0;
    for row in rows(&file) {
        let name = text(row, "name");
        match verified(row) {
            Ok(push) => {
                assert_eq!(text(row, "verdict"), "ACCEPT", "{name}");
                assert_eq!(shown(&push), row["push"], "{name}");
                assert_eq!(event_shown(&parse_content(&push.content)), row["push"]["event"], "{name}");
                accepted += 1;
            }
            Err(error) => assert_eq!(error.code().as_str(), text(row, "verdict"), "{name}: {error}"),
        }
    }
    assert!(accepted > 40 && rows(&file).len() > accepted + 80, "{accepted} of {}", rows(&file).len());
}

#[test]
fn every_question_for_the_url_gets_its_verdict() {
    for row in vectors("push.json")["urls"].as_array().expect("rows") {
        let name = text(row, "name");
        match verify_url(text(row, "query"), &PushToken::new(text(row, "token")).expect(name)) {
            Ok(echo) => assert_eq!(echo, text(row, "echo"), "{name}"),
            Err(error) => assert_eq!(error.code().as_str(), text(row, "verdict"), "{name}"),
        }
    }
}

#[test]
fn what_was_published_is_encrypted_alike() {
    let file = vectors("push.json");
    for row in file["encryptions"].as_array().expect("rows") {
        let account = json!({
            "appId": row["appId"], "token": "pamtest", "encodingAesKey": [row["encodingAesKey"]],
        });
        let random = text(row, "random16").as_bytes().first_chunk().expect("16 bytes");
        let content = text(row, "content");
        let push = with_push_account(&account, |account| {
            let test = sign_test(content, account, 1_409_304_348, "xxxxxx", random)?;
            assert!(test.body.contains(text(row, "encrypted")), "{}", text(row, "name"));
            verify(&test.query, test.body.as_bytes(), account)
        });
        assert_eq!(push.expect("what we sign verifies").content, content);
    }
}

#[test]
fn behind_a_right_signature_all_errors_are_one() {
    let file = vectors("push.json");
    let errors: Vec<_> = rows(&file)
        .iter()
        .filter_map(|row| verified(row).err())
        .filter(|error| error.code() == ErrorCode::PushUnreadable)
        .collect();
    assert!(errors.len() > 20);
    for error in &errors {
        assert_eq!(error, &errors[0], "nothing of an error tells what was wrong");
        assert_eq!((error.field(), error.position()), (None, None));
    }
}

#[test]
fn what_is_signed_for_a_test_verifies_in_both_modes_and_both_formats() {
    for content in ["<xml><Event>a</Event></xml>", r#"{"Event":"a"}"#, " {}", "", "😀 & <"] {
        for mode in ["encrypted", "plain"] {
            let account = json!({
                "appId": "wx1", "token": "abc", "mode": mode,
                "encodingAesKey": ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
            });
            let push = with_push_account(&account, |account| {
                let test = sign_test(content, account, 0, "a&b=c%+", &[0xFF; 16])?;
                verify(&test.query, test.body.as_bytes(), account)
            });
            let push = push.unwrap_or_else(|error| panic!("{content} {mode}: {error}"));
            assert_eq!((push.content.as_str(), push.timestamp), (content, 0));
            assert_eq!(push.is_protected, mode == "encrypted");
        }
    }
}

#[test]
fn a_test_is_refused_that_no_receiver_could_take() {
    let account = json!({
        "appId": "wx1", "token": "abc", "encodingAesKey": ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
    });
    let code = |content: &str, timestamp, nonce: &str| {
        let result = with_push_account(&account, |account| sign_test(content, account, timestamp, nonce, &[0; 16]));
        result.err().map(|error| error.code().as_str())
    };
    assert_eq!(code("a", 9_999_999_999, &"n".repeat(63)), None);
    assert_eq!(code("a", 10_000_000_000, "n"), Some("FIELD_MALFORMED"));
    assert_eq!(code("a", 1, ""), Some("FIELD_MALFORMED"));
    assert_eq!(code(&"a".repeat(49_000), 1, "n"), None);
    assert_eq!(code(&"a".repeat(50_000), 1, "n"), Some("XML_TOO_LARGE"));
}

#[test]
fn the_fields_of_another_event_are_at_most_256() {
    for (count, read) in [(256, 256), (257, 0)] {
        let fields: Vec<String> = (0..count).map(|index| format!("\"f{index}\":\"{index}\"")).collect();
        let PushEvent::Other(event) = parse_content(&format!("{{{}}}", fields.join(","))) else {
            panic!("it is of the table")
        };
        assert_eq!(event.fields.len(), read, "{count} fields");
    }
}

#[test]
fn a_json_string_is_what_another_reader_makes_of_it() {
    let every_escape: String = ('\0'..='\u{1F}').chain("\"\\/é中😀".chars()).collect();
    let written = json!({ "Event": "another", "value": every_escape }).to_string();
    let spelled = r#"{"Event":"another","value":"\"\\\/\b\f\n\r\t\u00e9\u4E2d\ud83d\uDE00"}"#;
    for content in [written.as_str(), spelled] {
        let PushEvent::Other(event) = parse_content(content) else { panic!("it is of the table") };
        let read: Value = serde_json::from_str(content).expect("it is JSON");
        assert_eq!(
            event.fields[1],
            (String::from("value"), read["value"].as_str().expect("a text").to_owned()),
            "{content}"
        );
    }
}

#[test]
fn numbers_and_brackets_are_those_of_another_reader() {
    let numbers = ["-", "1.", "1.e1", "1e", "1e+", ".5", "01", "+1", "--1", "1", "-0", "0.50", "1E-2", "12e+34"];
    let nested =
        ["[1}", "{\"a\":1]", "[1,]", "{\"a\":1,}", "[", "[]", "{}", "[[],{\"b\":[{}]}]", "[tru]", "[null,true]"];
    for value in numbers.into_iter().chain(nested) {
        let content = format!("{{\"Event\":\"another\",\"value\":{value}}}");
        let PushEvent::Other(event) = parse_content(&content) else { panic!("it is of the table") };
        let is_json = serde_json::from_str::<Value>(&content).is_ok();
        assert_eq!(event.name, if is_json { "another" } else { "" }, "{content}");
    }
}

#[test]
fn what_makes_an_envelope_unreadable_is_told() {
    let account = json!({
        "appId": "wx1", "token": "abc", "encodingAesKey": ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
    });
    for (element, code) in [
        ("<_a.b-1>x</_a.b-1>", None),
        ("<1a>x</1a>", Some("XML_TAG")),
        ("<.a>x</.a>", Some("XML_TAG")),
        ("<>x</>", Some("XML_TAG")),
        ("<![CDATA[x]]>", Some("XML_TEXT")),
        ("x", Some("XML_TEXT")),
        ("<a>x<!-- y --></a>", Some("XML_MARKUP")),
        ("<a>x<?y?></a>", Some("XML_MARKUP")),
        ("<a>x<b/></a>", None),
    ] {
        let result = with_push_account(&account, |account| {
            let test = sign_test("{}", account, 0, "n", &[0; 16])?;
            // Content that begins with a brace is wrapped in JSON; the envelope of XML has the same ciphertext.
            let ciphertext = test.body.split('"').nth(7).expect("the value of Encrypt");
            let body = format!("<xml>{element}<Encrypt>{ciphertext}</Encrypt></xml>");
            verify(&test.query, body.as_bytes(), account)
        });
        assert_eq!(result.err().map(|error| error.code().as_str()), code, "{element}");
    }
}

#[test]
fn no_secret_is_shown() {
    let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    let account = json!({ "appId": "wx1", "token": "spamtest", "encodingAesKey": [key] });
    let shown = with_push_account(&account, |account| Ok(format!("{account:?}"))).expect("an account");
    assert!(shown.contains("«8 chars»") && shown.contains("«43 chars»"), "{shown}");
    assert!(!shown.contains("spamtest") && !shown.contains(key), "{shown}");
    assert!(!shown.contains("105, 183"), "nor the bytes of the key: {shown}");
}
