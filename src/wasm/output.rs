//! What JavaScript gets, built by hand: serde with its serializer would be a tenth of this module.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::incoming::Incoming;
use crate::message::{Presence, Role};
use crate::{Explanation, Problem, Step, Verdict};

/// A type of ours that JavaScript gets as an object.
pub(super) trait Output {
    fn output(&self) -> JsValue;
}

/// Declares which properties an object has: the names are those of types.d.ts.
macro_rules! outputs {
    ($($type:ident { $($name:literal: $field:ident,)+ })+) => {
        $(impl Output for $type {
            fn output(&self) -> JsValue {
                let object = Object::new();
                $(set(&object, $name, &self.$field);)+
                object.into()
            }
        })+
    };
}

outputs! {
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

/// What a verified message says of itself.
pub(super) const SIGNED: &[Role] = &[Role::Signed, Role::Signature];

/// The fields of a message that have one of these roles, under the names of types.d.ts.
#[inline(never)]
pub(super) fn fields_of(incoming: &Incoming<'_>, roles: &[Role]) -> Object {
    let object = Object::new();
    for field in incoming.message.fields.iter().filter(|field| roles.contains(&field.role)) {
        let name = property(field.name);
        match field.presence {
            Presence::Once | Presence::Optional => set(&object, &name, &incoming.optional(field.name)),
            Presence::List { .. } => set(&object, &name, &incoming.list(field.name)),
        }
    }
    object
}

/// The same with the key by which an alarm or a request is known again.
pub(super) fn with_dedup_key(incoming: &Incoming<'_>) -> Object {
    let object = fields_of(incoming, SIGNED);
    set(&object, "dedupKey", &incoming.dedup_key());
    object
}

/// `AppId` → `appId`. WeChat itself writes `openid` as often as `OpenId`, and of an element inside others only the last
/// part says something.
fn property(wire: &str) -> String {
    let mut name = String::from(match wire {
        "OpenId" => "openid",
        "PicInfo/item/PicUrl" => "picUrls",
        name => name,
    });
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

// One function for all that is written, instead of one for each type and property.
#[inline(never)]
pub(super) fn set(object: &Object, name: &str, value: &dyn Output) {
    // A plain new object takes any property.
    let _ = Reflect::set(object, &JsValue::from_str(name), &value.output());
}

impl Output for JsValue {
    fn output(&self) -> JsValue {
        self.clone()
    }
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
