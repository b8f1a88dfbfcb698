//! What JavaScript gets, built by hand: serde with its serializer would be a tenth of this module.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::feedback::{Feedback, UnverifiedFeedback};
use crate::native_package::NativePackageRequest;
use crate::pay_notify::Buyer;
use crate::{Alarm, DeliverNotifyBody, Explanation, Problem, Step, UnverifiedAlarm, Verdict};

/// A type of ours that JavaScript gets as an object.
pub(super) trait Output {
    fn output(&self) -> JsValue;
}

/// Declares which properties an object has: the names are those of types.d.ts.
macro_rules! outputs {
    ($($type:ident { $($name:literal: $field:ident,)+ })+) => {
        $(impl Output for $type {
            fn output(&self) -> JsValue {
                object(&[$(($name, self.$field.output()),)+])
            }
        })+
    };
}

outputs! {
    Alarm {
        "appId": app_id,
        "errorType": error_type,
        "description": description,
        "alarmContent": alarm_content,
        "timeStamp": time_stamp,
        "appSignature": app_signature,
        "dedupKey": dedup_key,
    }
    UnverifiedAlarm {
        "appId": app_id,
        "errorType": error_type,
        "description": description,
        "alarmContent": alarm_content,
        "timeStamp": time_stamp,
        "appSignature": app_signature,
        "verified": verified,
    }
    DeliverNotifyBody {
        "appid": appid,
        "openid": openid,
        "transid": transid,
        "out_trade_no": out_trade_no,
        "deliver_timestamp": deliver_timestamp,
        "deliver_status": deliver_status,
        "deliver_msg": deliver_msg,
        "app_signature": app_signature,
        "sign_method": sign_method,
    }
    Feedback {
        "appId": app_id,
        "openid": openid,
        "timeStamp": time_stamp,
        "appSignature": app_signature,
        "unverified": unverified,
    }
    UnverifiedFeedback {
        "msgType": msg_type,
        "feedBackId": feed_back_id,
        "transId": trans_id,
        "reason": reason,
        "solution": solution,
        "extInfo": ext_info,
        "picUrls": pic_urls,
    }
    NativePackageRequest {
        "appId": app_id,
        "openid": openid,
        "isSubscribe": is_subscribe,
        "productId": product_id,
        "timeStamp": time_stamp,
        "nonceStr": nonce_str,
        "appSignature": app_signature,
        "dedupKey": dedup_key,
    }
    Buyer {
        "appId": app_id,
        "openid": openid,
        "isSubscribe": is_subscribe,
        "timeStamp": time_stamp,
        "nonceStr": nonce_str,
        "appSignature": app_signature,
    }
    Explanation {
        "message": message,
        "canonicalText": canonical_text,
        "signature": signature,
        "verdict": verdict,
        "steps": steps,
        "problems": problems,
    }
    Step { "id": id, "title": title, "lines": lines, }
    Problem { "code": code, "field": field, "sentence": sentence, }
}

fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // A plain new object takes any property.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

impl Output for &str {
    fn output(&self) -> JsValue {
        JsValue::from_str(self)
    }
}

impl Output for String {
    fn output(&self) -> JsValue {
        JsValue::from_str(self)
    }
}

impl Output for bool {
    fn output(&self) -> JsValue {
        JsValue::from_bool(*self)
    }
}

impl Output for Verdict {
    fn output(&self) -> JsValue {
        JsValue::from_str(match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::NotGiven => "not-given",
        })
    }
}

/// What is not there is `null`.
impl<T: Output> Output for Option<T> {
    fn output(&self) -> JsValue {
        self.as_ref().map_or(JsValue::NULL, Output::output)
    }
}

impl<T: Output> Output for Vec<T> {
    fn output(&self) -> JsValue {
        self.iter().map(Output::output).collect::<Array>().into()
    }
}
