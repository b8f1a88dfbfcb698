//! Signs, verifies and explains WeChat Pay messages of the paySign protocol.
//!
//! The core of the [npm package](https://www.npmjs.com/package/paysign) of the same name, as plain Rust: no clock, no
//! randomness, no input or output, no panic, no unsafe code. Time and nonces are arguments.
//!
//! ```
//! use paysign::{AppKey, Delivery, alarm, deliver_notify};
//!
//! let key = AppKey::new("k".repeat(128))?; // the paySignKey, from a file or the environment
//! let app_id = "wxf8b4f85f3a794e77";
//!
//! // From WeChat: the body as received, byte for byte; what comes back is verified.
//! # let fields = [("ErrorType", "1001"), ("Description", "发货超时"), ("AlarmContent", "x"), ("TimeStamp", "1393860740")];
//! # let body = alarm::sign_test(&fields, app_id, &key)?;
//! let alarm = alarm::verify(body.as_bytes(), app_id, &[key.clone()])?;
//! assert_eq!((alarm.error_type.as_str(), alarm.dedup_key.len()), ("1001", 64));
//!
//! // To WeChat: serde writes the body as JSON, and the key has no place in it.
//! let delivery = Delivery {
//!     openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
//!     transid: "1218614901201405273313473135",
//!     out_trade_no: "JfuKdiBig4zZnE4n",
//!     deliver_timestamp: "1401159213",
//!     deliver_status: "1",
//!     deliver_msg: "ok",
//! };
//! let body = deliver_notify::build(&delivery, app_id, &key)?;
//! assert_eq!(body.app_signature.len(), 40);
//! # Ok::<(), paysign::Error>(())
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | receive an alarm 告警通知 | [`alarm::verify`]; commit it under its `dedup_key`, and only then answer `success` |
//! | report a delivery 发货通知 | [`deliver_notify::build`], [`deliver_notify::delivery_deadline`] |
//! | receive a payment, feedback, a request for a package | [`pay_notify`], [`feedback`], [`native_package`] |
//! | receive a push 消息推送 of today's accounts | `push`, with the feature of that name |
//! | sign any message of the [table](Message::ALL) | [`sign_message`] |
//! | see how a signature is made, the key masked | [`explain_signature`] |
//! | see why one does not match | `diagnose`, with the feature of that name |
//!
//! A receiver with axum and SQLite is in the repository, in
//! [`examples/axum`](https://github.com/paysign/paysign/tree/main/examples/axum).
//!
//! # Features
//!
//! Without a feature, or with `push` alone, the crate is `no_std` and wants an allocator.
//!
//! | feature | brings |
//! | --- | --- |
//! | none by default | everything but the following |
//! | `diagnose` | the module `diagnose`: why a signature does not match, with proof; it wants the standard library |
//! | `push` | the module `push`: 消息推送, encrypted or plain, and its events |
//!
//! `diagnose-engine`, `wasm`, `wasm-core`, `wasm-diagnose` and `wasm-push` make the npm package. They are no part of the crate's interface.
//!
//! # Errors
//!
//! One type, [`Error`]: a stable [`ErrorCode`], and a sentence for a person. It never holds a value of a message or a key.
//!
//! # Rust versions
//!
//! 1.88 and later, which the repository's checks compile it with. A newer one is a minor release.
// The core wants an allocator and nothing else; the diagnosis stands on the standard library.
#![cfg_attr(not(any(feature = "diagnose-engine", test)), no_std)]
// The bindings need the unsafe code that wasm-bindgen generates; the core never does.
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
// No input may bring the core down: in WebAssembly a panic poisons the instance for every later call.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

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
#[cfg(feature = "push")]
#[cfg_attr(docsrs, doc(cfg(feature = "push")))]
pub mod push;
mod query;
mod recipe;
mod secret;
mod signature;
#[cfg(test)]
mod tests;
mod text;
/// The README's Rust is run with the other examples.
#[cfg(doctest)]
#[allow(rustdoc::invalid_codeblock_attributes)]
#[doc = include_str!("../README.md")]
mod readme {}
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
