//! What every XML message that we write has in common.

use alloc::string::String;

use crate::error::Error;
use crate::fields::Fields;
use crate::message::{Message, Role, sign_message};
use crate::secret::AppKey;
use crate::xml;

/// Signs the fields and writes the message in the order of the table; the fields of `bare` without CDATA. What is signed
/// and what is written are the same values.
pub(crate) fn xml(message: &Message, fields: &Fields<'_>, key: &AppKey, bare: &[&str]) -> Result<String, Error> {
    let signature = sign_message(message, fields, key)?.digits();
    let elements = message.fields.iter().filter_map(|field| match field.role {
        Role::Signed => Message::value(field, fields).ok().map(|value| (field.name, value)),
        Role::Signature => Some((field.name, signature.as_str())),
        Role::Method => Some((field.name, "sha1")),
        Role::Unsigned => None,
    });
    Ok(xml::write(elements, bare))
}
