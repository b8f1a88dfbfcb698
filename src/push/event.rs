//! What pushes say: the trade events (PROTOCOL 8.2), the successors of alarm 1001, and all others as they are.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::content::{self, Part};

/// What an event of the table is called, and its fields by their names in Rust and on the wire.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, &'static str)],
}

/// An event that was read.
pub(crate) enum Read {
    /// One of the table, and the values of its fields in their order.
    Known(&'static Shape, Vec<Option<String>>),
    /// Any other.
    Other(OtherEvent),
}

/// Declares the events once: the name, and the fields by their names on the wire. Every one may be absent.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($event:ident) = $name:literal {
        $($(#[$field_doc:meta])* $field:ident: $wire:literal,)+
    })+) => {
        /// What a push says. A new event of the table is a minor release.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "type")]
        #[non_exhaustive]
        pub enum PushEvent {
            $($(#[$doc])* #[serde(rename = $name)] $variant($event),)+
            /// Any other, or one of the above in a shape that is not theirs.
            #[serde(rename = "other")]
            Other(OtherEvent),
        }

        $(
            $(#[$doc])*
            ///
            /// All text is as received.
            #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
            #[serde(rename_all = "camelCase")]
            #[non_exhaustive]
            pub struct $event {
                $($(#[$field_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<String>,)+
            }
        )+

        /// The table for whoever reads it without the types.
        const SHAPES: &[Shape] = &[$(Shape { name: $name, fields: &[$((stringify!($field), $wire),)+] },)+];

        /// The event of a shape and the values of its fields in their order.
        fn typed(shape: &Shape, values: Vec<Option<String>>) -> Option<PushEvent> {
            let mut values = values.into_iter();
            match shape.name {
                $($name => Some(PushEvent::$variant($event { $($field: values.next()?,)+ })),)+
                _ => None,
            }
        }
    };
}

events! {
    /// Goods were paid and not reported as shipped: the successor of alarm 1001.
    RemindShipping(RemindShippingEvent) = "trade_manage_remind_shipping" {
        /// The original id of the account, `gh_…`.
        to_user_name: "ToUserName",
        /// An openid.
        from_user_name: "FromUserName",
        /// Unix seconds, digits.
        create_time: "CreateTime",
        /// WeChat's transaction number.
        transaction_id: "transaction_id",
        /// The merchant number.
        merchant_id: "merchant_id",
        /// The number of the sub-merchant, of orders through a service provider.
        sub_merchant_id: "sub_merchant_id",
        /// The merchant's order number.
        merchant_trade_no: "merchant_trade_no",
        /// Unix seconds, digits.
        pay_time: "pay_time",
        /// A sentence for a person.
        msg: "msg",
    }
    /// The account must report shipping through the API.
    RemindAccessApi(RemindAccessApiEvent) = "trade_manage_remind_access_api" {
        /// The original id of the account, `gh_…`.
        to_user_name: "ToUserName",
        /// An openid.
        from_user_name: "FromUserName",
        /// Unix seconds, digits.
        create_time: "CreateTime",
        /// A sentence for a person.
        msg: "msg",
    }
    /// An order was shipped and will be settled, or has been settled.
    OrderSettlement(OrderSettlementEvent) = "trade_manage_order_settlement" {
        /// The original id of the account, `gh_…`.
        to_user_name: "ToUserName",
        /// An openid.
        from_user_name: "FromUserName",
        /// Unix seconds, digits.
        create_time: "CreateTime",
        /// WeChat's transaction number.
        transaction_id: "transaction_id",
        /// The merchant number.
        merchant_id: "merchant_id",
        /// The number of the sub-merchant, of orders through a service provider.
        sub_merchant_id: "sub_merchant_id",
        /// The merchant's order number.
        merchant_trade_no: "merchant_trade_no",
        /// Unix seconds, digits.
        pay_time: "pay_time",
        /// Unix seconds, digits.
        shipped_time: "shipped_time",
        /// Unix seconds, digits.
        estimated_settlement_time: "estimated_settlement_time",
        /// `1` by itself, `2` by the buyer's hand.
        confirm_receive_method: "confirm_receive_method",
        /// Unix seconds, digits.
        confirm_receive_time: "confirm_receive_time",
        /// Unix seconds, digits.
        settlement_time: "settlement_time",
    }
}

/// An event that is not of the table. The whole of it is in the content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OtherEvent {
    /// `Event`, or `MsgType` where there is none. Empty if the content says neither, or is neither XML nor JSON.
    pub name: String,
    /// The fields under their names on the wire, if the content is flat, none stands twice and there are at most 256; else
    /// empty.
    pub fields: Vec<(String, String)>,
}

/// Reads content of a push that was verified before: stored content. It never fails, because what it does not know it hands
/// on.
///
/// ```
/// use paysign::push::{PushEvent, parse_content};
///
/// let event = parse_content("<xml><Event>wxa_punish_event</Event><reason>x</reason></xml>");
/// let PushEvent::Other(event) = event else { panic!("it is not of the table") };
/// assert_eq!((event.name.as_str(), event.fields.len()), ("wxa_punish_event", 2));
/// ```
#[must_use]
pub fn parse_content(content: &str) -> PushEvent {
    match read(content) {
        Read::Known(shape, values) => typed(shape, values).unwrap_or_else(|| PushEvent::Other(OtherEvent::default())),
        Read::Other(event) => PushEvent::Other(event),
    }
}

pub(crate) fn read(content: &str) -> Read {
    // What is too large or no text of ours has no parts.
    let parts = crate::xml::decode(content.as_bytes()).and_then(content::read).unwrap_or_default();
    let name = ["Event", "MsgType"].into_iter().find_map(|name| unique(&parts, name).flatten());
    let shape = SHAPES.iter().find(|shape| name.as_deref() == Some(shape.name));
    let values = |shape: &Shape| shape.fields.iter().map(|(_, wire)| unique(&parts, wire)).collect::<Option<Vec<_>>>();
    match shape.and_then(|shape| Some((shape, values(shape)?))) {
        Some((shape, values)) => Read::Known(shape, values),
        None => Read::Other(OtherEvent { name: name.unwrap_or_default(), fields: flat(parts).unwrap_or_default() }),
    }
}

/// The text of a field, or that it is absent; nothing if it stands twice or has other things inside.
fn unique(parts: &[Part<'_>], name: &str) -> Option<Option<String>> {
    let mut found = parts.iter().filter(|(other, _)| other == name);
    match (found.next(), found.next()) {
        (None, _) => Some(None),
        (Some((_, Some(text))), None) => Some(Some(String::from(text.as_ref()))),
        _ => None,
    }
}

/// Whoever makes more of them makes them to keep others busy: each is compared with those before it.
const MAX_FIELDS: usize = 256;

/// All fields, if each is text and stands once.
fn flat(parts: Vec<Part<'_>>) -> Option<Vec<(String, String)>> {
    if parts.len() > MAX_FIELDS {
        return None;
    }
    let mut fields: Vec<(String, String)> = Vec::with_capacity(parts.len());
    for (name, text) in parts {
        if fields.iter().any(|(other, _)| *other == name) {
            return None;
        }
        fields.push((name.into_owned(), text.map(Cow::into_owned)?));
    }
    Some(fields)
}
