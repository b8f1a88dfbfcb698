//! Two readers that share nothing reach the same verdict and read the same fields.

use paysign::{alarm, feedback};

use super::reference::{self, Values, get};
use super::{APP_KEY, APP_KEYS, pay_sign, replace_once, was_read};

pub(crate) fn law(data: &[u8]) {
    alarm_is_read_alike(data);
    feedback_is_read_alike(data);
}

fn alarm_is_read_alike(data: &[u8]) {
    let ours = alarm::parse(data);
    let reference = reference::alarm(data);
    assert_eq!(ours.is_ok(), reference.is_some(), "{ours:?} and {reference:?}");
    if let (Ok(ours), Some(reference)) = (ours, reference) {
        let named = [
            ("AppId", &ours.app_id),
            ("ErrorType", &ours.error_type),
            ("Description", &ours.description),
            ("AlarmContent", &ours.alarm_content),
            ("TimeStamp", &ours.time_stamp),
            ("AppSignature", &ours.app_signature),
        ];
        for (name, value) in named {
            assert_eq!(Some(value.as_str()), get(&reference, name), "{name}");
        }
    }
}

fn feedback_is_read_alike(data: &[u8]) {
    let reference = reference::feedback(data);
    let app_id = reference.as_ref().and_then(|values| get(values, "AppId")).unwrap_or_default();
    let ours = feedback::verify(data, app_id, &*APP_KEYS);
    assert_eq!(was_read(&ours), reference.is_some(), "{ours:?} and {reference:?}");

    // Under a signature of our own it is accepted, and all it says can be compared.
    let Some(reference) = &reference else { return };
    let signed: Vec<(&str, &str)> =
        ["OpenId", "AppId", "TimeStamp"].map(|name| (name, get(reference, name).unwrap_or_default())).into();
    let old = get(reference, "AppSignature").unwrap_or_default();
    let Some(body) = replace_once(data, old, &pay_sign(&signed)) else { return };
    if reference.iter().any(|(_, value)| value.contains(APP_KEY)) {
        return;
    }
    let ours = feedback::verify(&body, app_id, &*APP_KEYS).expect("a signed document that could be read");
    let reference = reference::feedback(&body).expect("only the signature has changed");
    let say = ours.unverified;
    let named = [
        ("OpenId", Some(ours.openid)),
        ("AppId", Some(ours.app_id)),
        ("TimeStamp", Some(ours.time_stamp)),
        ("AppSignature", Some(ours.app_signature)),
        ("MsgType", say.msg_type),
        ("FeedBackId", say.feed_back_id),
        ("TransId", say.trans_id),
        ("Reason", say.reason),
        ("Solution", say.solution),
        ("ExtInfo", say.ext_info),
    ];
    for (name, value) in named {
        assert_eq!(value.as_deref(), get(&reference, name), "{name}");
    }
    assert_eq!(say.pic_urls, pictures(&reference));
}

fn pictures(values: &Values) -> Vec<&str> {
    values.iter().filter(|(name, _)| name.ends_with("PicUrl")).map(|(_, value)| value.as_str()).collect()
}
