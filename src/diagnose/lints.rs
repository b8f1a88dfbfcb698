//! What the evidence suggests, whether or not the search found anything.

use serde::Serialize;

use super::numbers::is_time;
use super::search::Space;
use super::{Bilingual, Case};

/// A remark about the evidence. It is a hint, not a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lint {
    /// The remark's stable name.
    pub id: &'static str,
    /// What stands out, and what to check.
    pub sentence: Bilingual,
}

/// The signatures printed in the documents; no known key reproduces them.
const PLACEHOLDERS: [&str; 5] = [
    "f8164781a303f4d5a944a2dfc68411a8c7e4fbea",
    "53cca9d47b883bd4a5c85a9300df3da0cb48565c",
    "bafe07f060f22dcda0bfdb4b5ff756f973aecffa",
    "a9274e4032a0fec8285f147730d88400392acb9e",
    "7ffecb600d7157c5aa49810d2d8f28bc2811827b",
];

/// How the public demo keys of the documents begin.
const DEMO_KEYS: [&str; 3] =
    ["2Wozy2aksie1puXUBpWD8oZxiD1DfQuE", "L8LrMqqeGRxST5reouB0K66CaYAWpqhA", "8mruTNOGeX8OVUlIYxIyw6kx"];

/// In seconds. A message that is older or newer is not of now.
const DAY: u64 = 86_400;

pub(crate) fn lints(case: &Case<'_>, space: &Space<'_>) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut add = |id, en: &str, zh: &str| {
        lints.push(Lint { id, sentence: Bilingual { en: en.to_owned(), zh: zh.to_owned() } });
    };
    let key = space.secrets.first().copied().unwrap_or_default();
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    match key.len() {
        0 => add(
            "key-absent",
            "No paySignKey was given, so only the other secrets could be tried. Give the paySignKey as appKey.",
            "没有提供 paySignKey，只能尝试其他密钥。请把 paySignKey 填为 appKey。",
        ),
        128 => {}
        32 if is_hex(key) => add(
            "key-looks-like-app-secret",
            "A paySignKey has 128 characters; this one has 32 hexadecimal digits, like an AppSecret.",
            "paySignKey 有 128 个字符；这个只有 32 位十六进制，看起来像 AppSecret。",
        ),
        32 => add(
            "key-looks-like-partner-key",
            "A paySignKey has 128 characters; this one has 32, like a partnerKey or an API key.",
            "paySignKey 有 128 个字符；这个只有 32 个，看起来像 partnerKey 或 API 密钥。",
        ),
        _ => add(
            "key-length",
            "A paySignKey has 128 characters; this one has not. Check that it was copied completely.",
            "paySignKey 有 128 个字符，这个长度不对。请检查是否复制完整。",
        ),
    }
    if DEMO_KEYS.iter().any(|demo| key.starts_with(demo.as_bytes())) {
        add(
            "key-is-sample",
            "This is a sample key from the documents; WeChat knows no account with it.",
            "这是文档里的示例密钥，微信不会认。",
        );
    }
    let given = case.given.trim();
    if PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(given)) {
        add(
            "signature-is-placeholder",
            "This signature is printed in WeChat's documents as a placeholder; no known key makes it.",
            "这个签名是微信文档里的占位示例，没有任何已知密钥能算出它。",
        );
    }
    let (en, zh) = match given.len() {
        40 => ("", ""),
        32 => (
            "The signature has 32 digits, the size of MD5; paySign is SHA-1 and has 40.",
            "签名有 32 位，是 MD5 的长度；paySign 用 SHA-1，应为 40 位。",
        ),
        64 => (
            "The signature has 64 digits, the size of SHA-256; paySign is SHA-1 and has 40.",
            "签名有 64 位，是 SHA-256 的长度；paySign 用 SHA-1，应为 40 位。",
        ),
        _ => (
            "The signature is not of a size that any digest has; check that it was copied completely.",
            "签名长度不对，请检查是否复制完整。",
        ),
    };
    if !en.is_empty() {
        add("signature-length", en, zh);
    } else if !is_hex(given.as_bytes()) {
        add(
            "signature-not-hex",
            "The signature holds characters that are not hexadecimal digits.",
            "签名里有不是十六进制的字符。",
        );
    }
    if space.unknown.iter().any(|part| part.name.eq_ignore_ascii_case("appkey")) {
        add(
            "key-leaked",
            "The message carries a field appkey: the paySignKey has left the machine. Take it out of the body and replace the key.",
            "消息里带有 appkey 字段：paySignKey 已经泄露。请从正文中去掉，并更换密钥。",
        );
    }
    let signed = |name: &str| space.signed.iter().any(|part| part.name.eq_ignore_ascii_case(name));
    if case.message.signed().any(|field| !signed(field.name)) {
        add("field-missing", "A field that this message signs is missing here.", "这里缺少一个必须签名的字段。");
    }
    let differs = |app_id| {
        space
            .signed
            .iter()
            .any(|part| part.name.eq_ignore_ascii_case("appid") && !part.value.is_empty() && part.value != app_id)
    };
    if case.app_id.is_some_and(differs) {
        add(
            "app-id-differs",
            "The AppId here is not the configured one. Each account has a key of its own: take the key of this AppId.",
            "这里的 AppId 与配置的不一致。每个公众号的密钥各不相同，请使用该 AppId 对应的密钥。",
        );
    }
    if let Some(time) = space.signed.iter().find(|part| is_time(&part.name)) {
        let in_milliseconds = time.value.len() > 10;
        if in_milliseconds {
            add(
                "time-in-milliseconds",
                "The time stamp has more than ten digits; it must be in seconds.",
                "时间戳超过 10 位，单位应为秒。",
            );
        }
        let seconds = time.value.parse::<u64>().ok().map(|time| if in_milliseconds { time / 1000 } else { time });
        let apart = seconds.zip(case.now).filter(|(time, now)| time.abs_diff(*now) > DAY);
        match apart.map(|(time, now)| time < now) {
            Some(true) => add(
                "time-far-off",
                "The time stamp is more than a day old. If the message is new, the clock of the machine that signs is slow.",
                "时间戳比现在早一天以上。如果消息是刚生成的，说明签名机器的时钟慢了。",
            ),
            Some(false) => add(
                "time-far-off",
                "The time stamp is more than a day in the future: the clock of the machine that signs is fast.",
                "时间戳比现在晚一天以上：签名机器的时钟快了。",
            ),
            None => {}
        }
    }
    lints
}
