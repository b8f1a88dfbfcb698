//! One signature, step by step, the secret masked.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::fields::Fields;
use crate::message::{Message, Role, missing, refuse_key, unknown};
use crate::recipe::SecretPlace;
use crate::secret::{AppKey, Secret};
use crate::signature::{self, Signature, cased};
use crate::text::{joined, replaced};

/// Whether the given signature is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is.
    Match,
    /// It is not.
    Mismatch,
    /// None was given.
    NotGiven,
}

/// One step of making a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `fields`, `names`, `sort`, `join` or `digest`.
    pub id: &'static str,
    /// One line that says what the step does.
    pub title: &'static str,
    /// What it gives; the key is masked.
    pub lines: Vec<String>,
}

/// A rule of the message that the given fields break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The code that the strict functions give.
    pub code: &'static str,
    /// The field it is about, under its wire name.
    pub field: Option<&'static str>,
    /// What was expected.
    pub sentence: String,
}

/// How a signature comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The message's name in the table.
    pub message: &'static str,
    /// The exact text that is hashed, with the key shown as `«128 chars»`.
    pub canonical_text: String,
    /// The signature of these fields under this key.
    pub signature: String,
    /// Whether the given signature is this one.
    pub verdict: Verdict,
    /// How it is made.
    pub steps: Vec<Step>,
    /// The rules that the fields break; none for a message that the strict functions accept.
    pub problems: Vec<Problem>,
}

/// Explains how the signature of a message is made, for a person to read. It refuses nothing: fields that break a
/// rule are signed as they stand and listed as [`Problem`]s, so never use its signature to decide anything.
///
/// ```
/// use paysign::{AppKey, Fields, Message, Verdict, explain_signature};
///
/// let key = AppKey::new("k".repeat(128))?;
/// let fields = Fields::from_iter([("appid", "wx1"), ("openid", "o1"), ("timestamp", "1393400471")]);
/// let explanation = explain_signature(Message::FEEDBACK, &fields, &key, None)?;
/// assert_eq!(explanation.canonical_text, "appid=wx1&appkey=«128 chars»&openid=o1&timestamp=1393400471");
/// assert_eq!(explanation.verdict, Verdict::NotGiven);
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `ARGUMENT_INVALID` when the message needs a key and there is none.
pub fn explain_signature<'k>(
    message: &Message,
    fields: &Fields<'_>,
    key: impl Into<Option<&'k AppKey>>,
    given: Option<&str>,
) -> Result<Explanation, Error> {
    let recipe = message.recipe;
    let passed = key.into().map(AppKey::secret);
    let key = recipe.key(passed)?;
    // A key that the recipe has no place for is masked in the values all the same.
    let mask = |text: &str| passed.map_or_else(|| text.to_owned(), |key| masked(text, key));
    let mut problems = Vec::new();
    let mut note = |error: Error| {
        problems.push(Problem { code: error.code().as_str(), field: error.field(), sentence: error.text() });
    };
    for (name, _) in fields.iter() {
        if message.field(name).is_none() {
            note(unknown());
        }
    }
    let mut pairs = Vec::new();
    for field in message.signed() {
        // Of several with one name the last takes part, as in the official helpers (PROTOCOL 1.2).
        let value = fields.iter().filter(|(name, _)| field.name.eq_ignore_ascii_case(name)).last();
        match value {
            None => note(missing(field)),
            Some((name, value)) => {
                let rules = Message::value(field, fields)
                    .and_then(|value| field.check(value))
                    .and_then(|()| key.map_or(Ok(()), |key| refuse_key(field, value.as_bytes(), key)));
                if let Err(error) = rules {
                    note(error);
                }
                pairs.push((name, value));
            }
        }
    }

    let bytes: Vec<_> = pairs.iter().map(|(name, value): &(&str, &str)| (*name, value.as_bytes())).collect();
    let signature = signature::sign(recipe, &bytes, key);
    let verdict = match given {
        None => Verdict::NotGiven,
        Some(given) => {
            if !message.fields.iter().any(|field| field.role == Role::Signature && field.grammar.accepts(given)) {
                note(Error::new(
                    ErrorCode::FieldMalformed,
                    "The given signature must be 40 hexadecimal digits, the size of a SHA-1 digest.",
                ));
            }
            match Signature::from_hex(given, recipe) {
                Some(given) if signature.matches(&given) => Verdict::Match,
                _ => Verdict::Mismatch,
            }
        }
    };

    let canonical_text = mask(&signature::masked_text(recipe, &bytes, key));
    let mut named: Vec<String> = pairs.iter().map(|(name, _)| cased(recipe.names, name).into_owned()).collect();
    if let (SecretPlace::Param(name) | SecretPlace::Suffix(name), Some(_)) = (recipe.secret, key) {
        named.push(name.to_owned());
    }
    let sorted = signature::arrange(recipe, &bytes, key);
    let sorted = sorted
        .into_iter()
        .map(|(name, piece)| mask(&joined(&[&cased(recipe.names, name), "=", &piece.shown()])))
        .collect();
    let steps = vec![
        Step {
            id: "fields",
            title: "Take the fields that this message signs, values untouched",
            lines: pairs.iter().map(|(name, value)| mask(&joined(&[name, "=", value]))).collect(),
        },
        Step {
            id: "names",
            title: match recipe.secret {
                SecretPlace::Param(_) | SecretPlace::Suffix(_) => {
                    "Lower-case the names and add the key as one more parameter"
                }
                SecretPlace::Value(_) => "Lower-case the names; this message has no key",
            },
            lines: named,
        },
        Step { id: "sort", title: "Sort by name, byte by byte", lines: sorted },
        Step {
            id: "join",
            title: "Join as name=value with &, nothing escaped, empty values kept",
            lines: vec![canonical_text.clone()],
        },
        Step {
            id: "digest",
            title: "SHA-1 over the UTF-8 bytes, as 40 lower-case hexadecimal digits",
            lines: vec![signature.digits()],
        },
    ];
    Ok(Explanation { message: message.name, canonical_text, signature: signature.digits(), verdict, steps, problems })
}

/// A key that somebody put into a value is masked there too.
fn masked(text: &str, key: &Secret) -> String {
    if key.stands_in(text.as_bytes()) {
        let secret = core::str::from_utf8(key.as_bytes()).unwrap_or_default();
        return replaced(text, secret, &key.mask());
    }
    text.to_owned()
}
