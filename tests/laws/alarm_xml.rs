//! No bytes bring a reader down, and none makes it return more than it was given.

use paysign::pay_notify::{self, PayNotifyAccount};
use paysign::{alarm, feedback, native_package};

use super::{APP_ID, APP_KEYS, PARTNER, PARTNER_KEYS, check_error};

pub(crate) fn law(data: &[u8]) {
    match alarm::parse(data) {
        Ok(it) => bounded(
            data,
            &[it.app_id, it.error_type, it.description, it.alarm_content, it.time_stamp, it.app_signature],
        ),
        Err(error) => check_error(&error),
    }
    match feedback::verify(data, APP_ID, &*APP_KEYS) {
        Ok(it) => {
            let say = it.unverified;
            let optional = [say.msg_type, say.feed_back_id, say.trans_id, say.reason, say.solution, say.ext_info];
            let mut texts = vec![it.app_id, it.openid, it.time_stamp, it.app_signature];
            texts.extend(optional.into_iter().flatten().chain(say.pic_urls));
            bounded(data, &texts);
        }
        Err(error) => check_error(&error),
    }
    match native_package::verify_request(data, APP_ID, &*APP_KEYS) {
        Ok(it) => bounded(
            data,
            &[it.app_id, it.openid, it.is_subscribe, it.product_id, it.time_stamp, it.nonce_str, it.app_signature],
        ),
        Err(error) => check_error(&error),
    }
    let account =
        PayNotifyAccount { app_id: APP_ID, app_keys: &*APP_KEYS, partner: PARTNER, partner_keys: &*PARTNER_KEYS };
    match pay_notify::verify(&super::query::GENUINE, data, &account) {
        Ok(it) => {
            let buyer = it.buyer;
            bounded(data, &[buyer.app_id, buyer.openid, buyer.is_subscribe, buyer.time_stamp, buyer.nonce_str]);
        }
        Err(error) => check_error(&error),
    }
}

fn bounded(data: &[u8], texts: &[String]) {
    // The shortest reference to a character is longer than the character.
    let total: usize = texts.iter().map(String::len).sum();
    assert!(total <= data.len(), "{total} bytes out of {}", data.len());
}
