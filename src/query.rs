//! Strict reader of a query string. It yields bytes: which characters they are, the query itself says.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, ErrorCode};

/// The longest query that is read, in bytes.
const MAX_QUERY: usize = 16_384;

/// What `+` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plus {
    /// A space, as in a form.
    Space,
    /// Itself, as in RFC 3986.
    Plus,
}

/// A parameter: its name, the bytes of its value, and where it starts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Vec<u8>,
    pub(crate) position: usize,
}

/// Reads `name=value&name=value`, with or without a `?` before it. Names stand as they are, values percent-encoded.
pub(crate) fn read(query: &str, plus: Plus) -> Result<Vec<Parameter<'_>>, Error> {
    let error = |sentence| Error::new(ErrorCode::QueryMalformed, sentence);
    if query.len() > MAX_QUERY {
        return Err(error("The query is longer than 16,384 bytes; a genuine one has a few hundred."));
    }
    let text = query.strip_prefix('?').unwrap_or(query);
    let mut position = query.len() - text.len();
    if text.is_empty() {
        return Err(error(
            "The query half is missing: the payment notification carries the order in the URL's query. Pass it on as it \
             was received, undecoded.",
        ));
    }
    let mut parameters = Vec::new();
    for pair in text.split('&') {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| error("Every parameter of the query must be name=value.").at(position))?;
        let value = decode(value, plus).ok_or_else(|| {
            error("A value of the query must be percent-encoded visible ASCII; pass the query on undecoded.")
                .at(position)
        })?;
        parameters.push(Parameter { name, value, position });
        position += pair.len() + 1;
    }
    Ok(parameters)
}

fn decode(value: &str, plus: Plus) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'%' => {
                let (digits, after) = after.split_at_checked(2)?;
                rest = after;
                let digits =
                    core::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
                u8::from_str_radix(digits, 16).ok()?
            }
            b'+' if plus == Plus::Space => b' ',
            byte if byte.is_ascii_graphic() => *byte,
            _ => return None,
        });
    }
    Some(bytes)
}

/// Writes a query of UTF-8 values.
pub(crate) fn write(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                query.push(char::from(byte));
            } else {
                query.push('%');
                query.push_str(&hex::encode_upper([byte]));
            }
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::{Plus, read};

    #[test]
    fn a_plus_is_what_the_caller_says() {
        for (plus, expected) in [(Plus::Space, &b"b c+"[..]), (Plus::Plus, b"b+c+")] {
            let parameters = read("a=b+c%2B", plus).map_err(|error| error.to_string());
            let values = parameters.map(|parameters| parameters.into_iter().map(|one| one.value).collect::<Vec<_>>());
            assert_eq!(values.as_deref(), Ok(&[expected.to_vec()][..]));
        }
    }
}
