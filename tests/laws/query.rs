//! The query half of the payment notification: a second reader reaches the same verdict, and no other parameters could
//! have been meant.

use std::sync::LazyLock;

use md5::{Digest as _, Md5};
use paysign::pay_notify::{self, PayNotify, PayNotifyAccount};

use super::{
    APP_ID, APP_KEYS, MAX_QUERY, PARTNER, PARTNER_KEY, PARTNER_KEYS, check_error, hex, pay_sign, reference,
    replace_once,
};

type Parameters = Vec<(&'static str, Vec<u8>)>;

/// A body half that verifies.
static BODY: LazyLock<String> = LazyLock::new(|| {
    let fields = [("OpenId", "o1"), ("AppId", APP_ID), ("IsSubscribe", "1"), ("TimeStamp", "1"), ("NonceStr", "n")];
    let elements: String = fields.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
    let signature = pay_sign(&fields);
    format!("<xml>{elements}<AppSignature>{signature}</AppSignature><SignMethod>sha1</SignMethod></xml>")
});

/// A query half that verifies, with a space and a plus in it.
pub(crate) static GENUINE: LazyLock<String> = LazyLock::new(|| {
    let query = "bank_type=WX&fee_type=1&input_charset=UTF-8&notify_id=a%20b%2Bc&out_trade_no=o-1&partner=1900000109&\
                 time_end=20130606015331&total_fee=1&trade_mode=1&trade_state=0&transaction_id=1&attach=%E9%99%84%26x&sign=";
    let parameters = read(&format!("{query}{}", "0".repeat(32)), false).expect("it is well-formed");
    format!("{query}{}", package_sign(&parameters))
});

pub(crate) fn law(data: &[u8]) {
    let Ok(query) = std::str::from_utf8(data) else { return };
    let ours = verify(query, PARTNER);
    // A plus may mean a space or itself; the signature tells.
    let readings = [true, false].map(|plus_is_space| read(query, plus_is_space));
    let expected =
        readings.iter().flatten().find(|found| value(found, "partner") == PARTNER.as_bytes() && is_signed(found));
    match (&ours, expected) {
        (Ok(ours), Some(expected)) => same(ours, expected),
        (Err(error), None) => {
            // The error is that of the first reading: of its rules, or that the account or the signature is not ours.
            let was_read = ["PARTNER_MISMATCH", "SIGNATURE_MISMATCH"].contains(&error.code().as_str());
            assert_eq!(was_read, readings[0].is_some(), "{error:?} and {readings:?}");
            check_error(error);
        }
        _ => panic!("{ours:?} and {readings:?}"),
    }

    // Under a signature of our own each reading is the one that was meant.
    for parameters in readings.into_iter().flatten() {
        let old = String::from_utf8(value(&parameters, "sign").to_vec()).expect("hexadecimal digits");
        let partner = String::from_utf8(value(&parameters, "partner").to_vec()).expect("digits");
        let sign = package_sign(&parameters);
        let Some(signed) = replace_once(query.as_bytes(), &old, &sign) else { continue };
        let signed = String::from_utf8(signed).expect("digits for digits");
        let mut expected = parameters;
        for (_, value) in expected.iter_mut().filter(|(name, _)| *name == "sign") {
            *value = sign.clone().into_bytes();
        }
        let ours = verify(&signed, &partner).expect("a signed query that could be read");
        same(&ours, &expected);
    }
}

fn verify(query: &str, partner: &str) -> Result<PayNotify, paysign::Error> {
    let account = PayNotifyAccount { app_id: APP_ID, app_keys: &*APP_KEYS, partner, partner_keys: &*PARTNER_KEYS };
    pay_notify::verify(query, BODY.as_bytes(), &account)
}

fn same(ours: &PayNotify, expected: &Parameters) {
    let mut found = ours.order.parameters.clone();
    found.sort();
    let mut expected = expected.clone();
    expected.sort();
    assert_eq!(found, expected);
    for (name, value) in &found {
        let text = ours.order.text(name);
        assert_eq!(text.is_none(), !ours.order.is_utf8 && !value.is_ascii());
        assert!(text.is_none_or(|text| text.as_bytes() == value), "{name} is shown as it is");
    }

    // Split wherever a known name stands, the signed text gives these parameters and no others.
    let mut split: Vec<Vec<u8>> = Vec::new();
    for part in text(&expected).split(|byte| *byte == b'&') {
        let names = RULES.iter().map(|(name, ..)| *name).chain(["key"]);
        let starts = names.into_iter().any(|name| part.starts_with(format!("{name}=").as_bytes()));
        match split.last_mut().filter(|_| !starts) {
            Some(last) => {
                last.push(b'&');
                last.extend(part);
            }
            None => split.push(part.to_vec()),
        }
    }
    assert_eq!(split, parts(&expected), "the signed text is ambiguous");
}

fn value<'p>(parameters: &'p Parameters, name: &str) -> &'p [u8] {
    parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_slice()).unwrap_or_default()
}

fn parts(parameters: &Parameters) -> Vec<Vec<u8>> {
    let mut signed: Vec<_> = parameters.iter().filter(|(name, _)| *name != "sign").collect();
    signed.sort();
    signed.into_iter().map(|(name, value)| [name.as_bytes(), b"=", value].concat()).collect()
}

fn text(parameters: &Parameters) -> Vec<u8> {
    parts(parameters).join(&b'&')
}

fn package_sign(parameters: &Parameters) -> String {
    let text = [&text(parameters), b"&key=".as_slice(), PARTNER_KEY.as_bytes()].concat();
    hex(&Md5::digest(text)).to_ascii_uppercase()
}

fn is_signed(parameters: &Parameters) -> bool {
    value(parameters, "sign").eq_ignore_ascii_case(package_sign(parameters).as_bytes())
}

/// What a value may be.
#[derive(Clone, Copy)]
enum Rule {
    Digits(usize),
    Token(usize),
    Ascii(usize),
    Hex(usize),
    OneOf(&'static [&'static str]),
    FreeText,
}

/// The parameters of the document: whether each is needed, and what it may be.
const RULES: [(&str, bool, Rule); 22] = [
    ("attach", false, Rule::FreeText),
    ("bank_billno", false, Rule::Ascii(64)),
    ("bank_type", true, Rule::Token(32)),
    ("buyer_alias", false, Rule::FreeText),
    ("discount", false, Rule::Digits(20)),
    ("fee_type", true, Rule::Digits(10)),
    ("input_charset", false, Rule::OneOf(&["gbk", "gb2312", "utf-8", "utf8"])),
    ("notify_id", true, Rule::Ascii(256)),
    ("out_trade_no", true, Rule::Token(32)),
    ("partner", true, Rule::Digits(32)),
    ("pay_info", false, Rule::FreeText),
    ("product_fee", false, Rule::Digits(20)),
    ("service_version", false, Rule::Token(8)),
    ("sign", true, Rule::Hex(32)),
    ("sign_key_index", false, Rule::Digits(10)),
    ("sign_type", false, Rule::OneOf(&["md5"])),
    ("time_end", true, Rule::Digits(14)),
    ("total_fee", true, Rule::Digits(20)),
    ("trade_mode", true, Rule::Digits(10)),
    ("trade_state", true, Rule::Digits(10)),
    ("transaction_id", true, Rule::Digits(64)),
    ("transport_fee", false, Rule::Digits(20)),
];

impl Rule {
    /// The value without layout, if it follows the rule.
    fn apply(self, value: &[u8]) -> Option<Vec<u8>> {
        let Ok(text) = std::str::from_utf8(value) else {
            let is_text = value.len() <= 16_384 && value.iter().all(|byte| is_text_byte(*byte));
            return (matches!(self, Self::FreeText) && is_text).then(|| value.to_vec());
        };
        if matches!(self, Self::FreeText) {
            let fits = text.chars().count() <= 16_384 && text.chars().all(is_char);
            return fits.then(|| value.to_vec());
        }
        let text = reference::trim(text);
        let length = text.chars().count();
        let all = |holds: fn(char) -> bool| text.chars().all(holds);
        let holds = match self {
            Self::Digits(max) => (1..=max).contains(&length) && all(|char| char.is_ascii_digit()),
            Self::Hex(exactly) => length == exactly && all(|char| char.is_ascii_hexdigit()),
            Self::Ascii(max) => (1..=max).contains(&length) && all(|char| (' '..='~').contains(&char) && !joins(char)),
            Self::Token(max) => {
                let is_token =
                    |char: char| is_char(char) && !joins(char) && !char.is_whitespace() && !char.is_control();
                (1..=max).contains(&length) && all(is_token)
            }
            Self::OneOf(words) => words.contains(&text.to_ascii_lowercase().as_str()),
            Self::FreeText => false,
        };
        holds.then(|| text.as_bytes().to_vec())
    }
}

fn joins(char: char) -> bool {
    ['&', '='].contains(&char)
}

fn is_char(char: char) -> bool {
    (char >= ' ' || "\t\r\n".contains(char)) && !['\u{FFFE}', '\u{FFFF}'].contains(&char)
}

fn is_text_byte(byte: u8) -> bool {
    (byte >= b' ' && byte != 0x7F) || b"\t\r\n".contains(&byte)
}

/// The parameters of a query whose text is well-formed and unambiguous.
fn read(query: &str, plus_is_space: bool) -> Option<Parameters> {
    if query.len() > MAX_QUERY {
        return None;
    }
    let mut found = Parameters::new();
    for pair in query.strip_prefix('?').unwrap_or(query).split('&') {
        let (name, encoded) = pair.split_once('=')?;
        let decoded = decode(encoded, plus_is_space)?;
        // An empty value is not signed and says nothing, whatever its name.
        if decoded.is_empty() {
            continue;
        }
        let (name, _, rule) = RULES.iter().find(|(known, ..)| *known == name)?;
        if found.iter().any(|(known, _)| known == name) {
            return None;
        }
        found.push((name, rule.apply(&decoded)?));
    }
    let complete = RULES.iter().all(|(name, needed, _)| !needed || found.iter().any(|(known, _)| known == name));
    let is_utf8 = value(&found, "input_charset").to_ascii_lowercase().starts_with(b"utf");
    let clear = found.iter().all(|(_, value)| {
        let hides = |name: &str| contains(value, &format!("&{name}="));
        !RULES.iter().any(|(name, ..)| hides(name))
            && !hides("key")
            && !contains(value, PARTNER_KEY)
            && (!is_utf8 || std::str::from_utf8(value).is_ok())
    });
    (complete && clear).then_some(found)
}

fn contains(value: &[u8], text: &str) -> bool {
    value.windows(text.len()).any(|window| window == text.as_bytes())
}

fn decode(encoded: &str, plus_is_space: bool) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    let mut chars = encoded.chars();
    while let Some(char) = chars.next() {
        decoded.push(match char {
            '%' => {
                let mut digit = || chars.next()?.to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            '+' if plus_is_space => b' ',
            '!'..='~' => u8::try_from(char).ok()?,
            _ => return None,
        });
    }
    Some(decoded)
}
