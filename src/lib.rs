#![doc = include_str!("../README.md")]
// The bindings need the unsafe code that wasm-bindgen generates; the core never does.
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
// No input may bring the core down: in WebAssembly a panic poisons the instance for every later call.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod alarm;
mod barrier;
pub mod deliver_notify;
#[cfg(feature = "diagnose-engine")]
#[cfg_attr(docsrs, doc(cfg(feature = "diagnose")))]
pub mod diagnose;
mod error;
mod explain;
pub mod feedback;
mod fields;
mod grammar;
mod incoming;
mod message;
pub mod native_package;
mod outgoing;
pub mod pay_notify;
mod query;
mod recipe;
mod secret;
mod signature;
#[cfg(test)]
mod tests;
// The macro wants its functions public; JavaScript is who reaches them.
#[cfg(feature = "wasm")]
#[allow(unreachable_pub)]
mod wasm;
mod xml;

pub use alarm::{Alarm, UnverifiedAlarm};
pub use deliver_notify::{DeliverNotifyBody, Delivery, Goods};
pub use error::{Error, ErrorCode};
pub use explain::{Explanation, Problem, Step, Verdict, explain_signature};
pub use fields::Fields;
pub use grammar::Grammar;
pub use message::{Field, Message, Presence, Role, sign_message};
pub use recipe::{Charset, Digest, Empties, HexCase, Join, NameCase, Order, Recipe, SecretPlace};
pub use secret::{AppKey, PartnerKey};
pub use signature::Signature;
