//! Laws, over generated input.

use paysign::{AppKey, Fields, Message, alarm, sign_message};
use proptest::prelude::*;

const APP_ID: &str = "wxf8b4f85f3a794e77";

fn app_key() -> AppKey {
    AppKey::new("0123456789abcdef".repeat(8)).expect("a key")
}

/// Text with much of what can go wrong in XML and in the canonical text.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("&".to_owned()),
        Just("=".to_owned()),
        Just("]]>".to_owned()),
        Just("<".to_owned()),
        Just("&amp;".to_owned()),
        Just("&timestamp=1".to_owned()),
        Just("&errortype=1001".to_owned()),
        Just("\r\n".to_owned()),
        Just(" ".to_owned()),
        Just("错误".to_owned()),
        Just("😀".to_owned()),
        "[a-z0-9]{0,4}",
    ];
    prop::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_signed_alarm_verifies_and_comes_back(
        error_type in "[0-9]{1,10}", description in text(), content in text(), time in "[0-9]{1,10}",
    ) {
        let fields = [
            ("ErrorType", error_type.as_str()), ("Description", &description), ("AlarmContent", &content), ("TimeStamp", &time),
        ];
        let body = alarm::sign_test(&fields, APP_ID, &app_key()).expect("a body");
        let alarm = alarm::verify(body.as_bytes(), APP_ID, &[app_key()]).expect("it verifies");
        prop_assert_eq!((alarm.error_type, alarm.description, alarm.alarm_content, alarm.time_stamp), (error_type, description, content, time));
    }

    #[test]
    fn any_changed_byte_is_refused_or_means_the_same(index in 0usize..400, byte: u8) {
        let fields = [("ErrorType", "1001"), ("Description", "a b"), ("AlarmContent", "错误"), ("TimeStamp", "1393860740")];
        let body = alarm::sign_test(&fields, APP_ID, &app_key()).expect("a body");
        let genuine = alarm::verify(body.as_bytes(), APP_ID, &[app_key()]).expect("it verifies");
        let mut changed = body.into_bytes();
        let index = index % changed.len();
        changed[index] = byte;
        if let Ok(alarm) = alarm::verify(&changed, APP_ID, &[app_key()]) {
            prop_assert_eq!(alarm.dedup_key, genuine.dedup_key);
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(alarm::verify(&body, APP_ID, &[app_key()]).is_err());
    }

    #[test]
    fn nothing_xml_like_makes_the_reader_panic(body in "(<|>|/|!|\\[|\\]|CDATA|xml|AppId|&|#|;|\\?|-|=|\"| |x){0,40}") {
        prop_assert!(alarm::parse(body.as_bytes()).is_err());
    }

    #[test]
    fn the_order_and_case_of_names_do_not_matter(order in Just(vec![0usize, 1, 2]).prop_shuffle(), upper: bool) {
        let named = [("AppId", "wx1"), ("OpenId", "o1"), ("TimeStamp", "1")];
        let given: Fields<'_> = order
            .iter()
            .map(|index| named[*index])
            .map(|(name, value)| (if upper { name.to_uppercase() } else { name.to_lowercase() }, value))
            .collect();
        let expected = sign_message(Message::FEEDBACK, &named.into_iter().collect(), &app_key()).expect("signed");
        let signature = sign_message(Message::FEEDBACK, &given, &app_key()).expect("signed");
        prop_assert_eq!(signature.to_string(), expected.to_string());
    }

    #[test]
    fn no_error_tells_a_value(value in "[a-z]{12}Q[0-9]{8}Z") {
        for name in ["AppId", "ErrorType", "Description", "AlarmContent", "TimeStamp", "AppSignature", "SignMethod", "Else"] {
            let body = format!("<xml><{name}>{value}</{name}></xml>");
            let error = alarm::parse(body.as_bytes()).expect_err("incomplete");
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains(&value));
        }
    }
}
