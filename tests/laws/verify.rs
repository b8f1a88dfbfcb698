//! What verifies is what was signed, and what was signed verifies.

use paysign::{Alarm, alarm};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::{APP_ID, APP_KEY, APP_KEYS, MAX_BODY, check_error, hex, pay_sign, pay_sign_text, replace_once};

pub(crate) fn law(data: &[u8]) {
    match alarm::verify(data, APP_ID, &*APP_KEYS) {
        Ok(alarm) => accepted(&alarm),
        Err(error) => check_error(&error),
    }

    // The same document under a signature of our own, for whichever account it names.
    let Ok(parsed) = alarm::parse(data) else { return };
    assert!(!parsed.verified);
    let fields = [
        ("AppId", parsed.app_id.as_str()),
        ("ErrorType", &parsed.error_type),
        ("Description", &parsed.description),
        ("AlarmContent", &parsed.alarm_content),
        ("TimeStamp", &parsed.time_stamp),
    ];
    let signature = pay_sign(&fields);
    let Some(signed) = replace_once(data, &parsed.app_signature, &signature) else { return };
    let verdict = alarm::verify(&signed, &parsed.app_id, &*APP_KEYS);
    if fields.iter().any(|(_, value)| value.contains(APP_KEY)) {
        assert_eq!(verdict.expect_err("the key is in a value").code().as_str(), "FIELD_CONTAINS_KEY");
        return;
    }
    let alarm = verdict.expect("a signed document that could be read");
    accepted(&alarm);
    assert_eq!(alarm.app_signature, signature);
    let read = [
        ("AppId", alarm.app_id.as_str()),
        ("ErrorType", &alarm.error_type),
        ("Description", &alarm.description),
        ("AlarmContent", &alarm.alarm_content),
        ("TimeStamp", &alarm.time_stamp),
    ];
    assert_eq!(read, fields, "what is verified is what is parsed");

    // One digit of the signature, and the account.
    let digit = if signature.starts_with('0') { "1" } else { "0" };
    let wrong = replace_once(&signed, &signature, &format!("{digit}{}", &signature[1..])).expect("it stands there");
    let error = alarm::verify(&wrong, &parsed.app_id, &*APP_KEYS).expect_err("one digit is wrong");
    assert_eq!(error.code().as_str(), "SIGNATURE_MISMATCH");
    let error = alarm::verify(&signed, "another", &*APP_KEYS).err().map(|error| error.code().as_str());
    assert_eq!(error.is_none(), parsed.app_id == "another", "{error:?}");
}

fn accepted(alarm: &Alarm) {
    let own = [
        ("ErrorType", alarm.error_type.as_str()),
        ("Description", &alarm.description),
        ("AlarmContent", &alarm.alarm_content),
        ("TimeStamp", &alarm.time_stamp),
    ];
    let fields = [&[("AppId", alarm.app_id.as_str())], &own[..]].concat();
    let digest = Sha1::digest(pay_sign_text(&fields, Some(APP_KEY)));
    assert_eq!(hex(&digest), alarm.app_signature.to_ascii_lowercase(), "the text that verified is returned");
    let mut signed = String::new();
    for (name, value) in &fields {
        signed.push_str(&format!("{name}\0{value}\0"));
    }
    assert_eq!(hex(&Sha256::digest(signed)), alarm.dedup_key);

    let written = alarm::sign_test(&own, &alarm.app_id, &APP_KEYS[0]).expect("what was accepted can be written");
    let again = alarm::verify(written.as_bytes(), &alarm.app_id, &*APP_KEYS);
    if written.len() > MAX_BODY {
        // A CDATA end is written in twelve bytes.
        assert_eq!(again.expect_err("too long").code().as_str(), "XML_TOO_LARGE");
        return;
    }
    let again = again.expect("what we write verifies");
    let mut expected = alarm.clone();
    // The digits may have been upper-case.
    expected.app_signature.make_ascii_lowercase();
    assert_eq!(again, expected);
}
