//! Laws that hold for any bytes. Each is a function that panics where its law is broken; it stands once, and is searched
//! by the fuzzer (`cargo xtask fuzz`) and, in short, by `tests/laws.rs`.
#![allow(dead_code, reason = "a fuzz target uses one of the laws")]

pub(crate) mod alarm_xml;
pub(crate) mod diagnose;
pub(crate) mod differential;
pub(crate) mod explain;
pub(crate) mod push;
pub(crate) mod query;
pub(crate) mod reference;
pub(crate) mod verify;

use std::fmt::Write as _;
use std::sync::LazyLock;

use paysign::{AppKey, Error, PartnerKey};
use sha1::{Digest as _, Sha1};

/// A law.
pub(crate) type Law = fn(&[u8]);

/// The laws by the names of their fuzz targets.
pub(crate) const ALL: [(&str, Law); 7] = [
    ("alarm_xml", alarm_xml::law),
    ("diagnose", diagnose::law),
    ("differential", differential::law),
    ("explain", explain::law),
    ("push", push::law),
    ("query", query::law),
    ("verify", verify::law),
];

/// The account of all laws. What a law reads it signs itself, so that the fuzzer gets past the signature.
pub(crate) const APP_ID: &str = "wxf8b4f85f3a794e77";
pub(crate) const APP_KEY: &str = "2Wozy2aksie1puXUBpWD8oZxiD1DfQuE";
pub(crate) const PARTNER: &str = "1900000109";
pub(crate) const PARTNER_KEY: &str = "8934e7d15453e97507ef794cf7b0519d";

pub(crate) static APP_KEYS: LazyLock<[AppKey; 1]> = LazyLock::new(|| [AppKey::new(APP_KEY).expect("a key")]);
pub(crate) static PARTNER_KEYS: LazyLock<[PartnerKey; 1]> =
    LazyLock::new(|| [PartnerKey::new(PARTNER_KEY).expect("a key")]);

/// The largest body that is read, and the longest query.
pub(crate) const MAX_BODY: usize = 65_536;
pub(crate) const MAX_QUERY: usize = 16_384;

/// paySign as the document describes it, written anew: lower-case names, the key as one more parameter, sorted, joined.
pub(crate) fn pay_sign(fields: &[(&str, &str)]) -> String {
    hex(&Sha1::digest(pay_sign_text(fields, Some(APP_KEY))))
}

pub(crate) fn pay_sign_text(fields: &[(&str, &str)], key: Option<&str>) -> String {
    let mut pairs: Vec<(String, &str)> =
        fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), *value)).collect();
    pairs.extend(key.map(|key| ("appkey".to_owned(), key)));
    pairs.sort();
    let parts: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join("&")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

/// The bytes with `from` replaced by `to`, if `from` stands in them exactly once.
pub(crate) fn replace_once(bytes: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let mut places = bytes.windows(from.len()).enumerate().filter(|(_, window)| *window == from.as_bytes());
    let (at, _) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    Some([&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat())
}

/// Whether a function of a message read it, and only then refused to believe it.
pub(crate) fn was_read<T>(verdict: &Result<T, Error>) -> bool {
    let read = ["APP_ID_MISMATCH", "FIELD_CONTAINS_KEY", "PARTNER_MISMATCH", "SIGNATURE_MISMATCH"];
    verdict.as_ref().map_or_else(|error| read.contains(&error.code().as_str()), |_| true)
}

/// An error is a sentence of a bounded size that does not hold the key.
pub(crate) fn check_error(error: &Error) {
    let shown = format!("{error} {error:?}");
    assert!(shown.len() < 1_000 && !shown.contains(APP_KEY) && !shown.contains(PARTNER_KEY), "{shown}");
}
