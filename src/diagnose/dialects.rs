//! The other signatures of WeChat, as recipes: a person who signs by the wrong page of the documentation is told which page
//! that was.

use super::catalogue::Said;
use super::plan::{Digest, Empties, Names, Order, Place, Plan};
use super::prefixes::hash;

/// How the text of a dialect is made from the fields and one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    /// `name=value&…`, sorted by name; empty values and `sign` left out; then `&NAME=secret`, unless NAME is empty.
    Pairs { lower_case: bool, secret_name: &'static str },
    /// The values of these fields and the secret, sorted, without anything between.
    SortedValues(&'static [&'static str]),
    /// The values of these fields with `&` between, then the secret, if it takes part in the text.
    InOrder { fields: &'static [&'static str], between: &'static str, secret: bool },
    /// `name=value&…` sorted, then `&org_loc=…&method=POST&secret=…`.
    Midas,
}

/// Another kind of signature.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// The stable name.
    pub id: &'static str,
    /// What it is used for.
    pub title: Said,
    /// Fields without which it makes no sense.
    pub fields: &'static [&'static str],
    /// The usual name of its secret.
    pub secret: &'static str,
    text: Text,
    digest: Digest,
    upper: bool,
}

const fn say(en: &'static str, zh: &'static str) -> Said {
    Said { en, zh }
}

/// The dialects (PROTOCOL 6), the more particular ones first.
pub const DIALECTS: &[Dialect] = &[
    Dialect {
        id: "jssdk",
        title: say("the JS-SDK's wx.config signature", "JS-SDK 的 wx.config 签名"),
        fields: &["jsapi_ticket", "noncestr", "timestamp", "url"],
        secret: "",
        text: Text::Pairs { lower_case: true, secret_name: "" },
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "shared-address",
        title: say("the shared address's addrSign", "共享收货地址的 addrSign"),
        fields: &["accesstoken", "appid", "noncestr", "timestamp", "url"],
        secret: "",
        text: Text::Pairs { lower_case: true, secret_name: "" },
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "msg-signature",
        title: say("the msg_signature of an encrypted push", "加密推送的 msg_signature"),
        fields: &["timestamp", "nonce", "encrypt"],
        secret: "token",
        text: Text::SortedValues(&["timestamp", "nonce", "encrypt"]),
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "server-token",
        title: say("the signature of the server URL check and of plain pushes", "服务器地址验证及明文推送的 signature"),
        fields: &["timestamp", "nonce"],
        secret: "token",
        text: Text::SortedValues(&["timestamp", "nonce"]),
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "user-data",
        title: say("the signature of a mini program's user data", "小程序用户数据的 signature"),
        fields: &["rawData"],
        secret: "sessionKey",
        text: Text::InOrder { fields: &["rawData"], between: "", secret: true },
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "same-city-delivery",
        title: say("the delivery_sign of same-city delivery", "即时配送的 delivery_sign"),
        fields: &["shopid", "shop_order_id"],
        secret: "appSecret",
        text: Text::InOrder { fields: &["shopid", "shop_order_id"], between: "", secret: true },
        digest: Digest::Sha1,
        upper: false,
    },
    Dialect {
        id: "virtual-payment-pay-sig",
        title: say("the pay_sig of virtual payment", "虚拟支付的 pay_sig"),
        fields: &["uri", "post_body"],
        secret: "appKey",
        text: Text::InOrder { fields: &["uri", "post_body"], between: "&", secret: false },
        digest: Digest::HmacSha256,
        upper: false,
    },
    Dialect {
        id: "virtual-payment-signature",
        title: say("the user signature of virtual payment", "虚拟支付的用户态 signature"),
        fields: &["post_body"],
        secret: "sessionKey",
        text: Text::InOrder { fields: &["post_body"], between: "", secret: false },
        digest: Digest::HmacSha256,
        upper: false,
    },
    Dialect {
        id: "midas",
        title: say("the sig of Midas, the payment of mini games", "米大师（小游戏支付）的 sig"),
        fields: &["org_loc", "openid", "ts"],
        secret: "secret",
        text: Text::Midas,
        digest: Digest::HmacSha256,
        upper: false,
    },
    Dialect {
        id: "package-md5",
        title: say(
            "the MD5 signature of the package and of APIv2 (&key= at the end, upper case)",
            "package 及 APIv2 的 MD5 签名（末尾 &key=，大写）",
        ),
        fields: &[],
        secret: "partnerKey",
        text: Text::Pairs { lower_case: false, secret_name: "key" },
        digest: Digest::Md5,
        upper: true,
    },
    Dialect {
        id: "mch-hmac-sha256",
        title: say("the HMAC-SHA256 signature of APIv2", "APIv2 的 HMAC-SHA256 签名"),
        fields: &[],
        secret: "apiKey",
        text: Text::Pairs { lower_case: false, secret_name: "key" },
        digest: Digest::HmacSha256,
        upper: true,
    },
];

impl Dialect {
    /// How many hexadecimal digits its signature has.
    #[must_use]
    pub const fn digits(&self) -> usize {
        self.digest.length() * 2
    }

    /// The plan that makes it from the fields of any message, so that other mistakes can be tried with it; `None` when its
    /// text is not made of pairs and a key.
    pub(crate) fn plan(&self) -> Option<Plan> {
        match self.text {
            Text::Pairs { lower_case: false, secret_name: "key" } => Some(Plan {
                digest: self.digest,
                place: Place::Suffix,
                names: Names::AsGiven,
                order: Order::ByGivenName,
                empties: Empties::Dropped,
                ..Plan::DOCUMENTED
            }),
            _ => None,
        }
    }

    /// The signature of these fields in this dialect, in hexadecimal.
    #[must_use]
    pub fn sign(&self, fields: &[(&str, &str)], secret: &str) -> String {
        let text = self.text(fields, secret);
        let digest = hash(self.digest, secret.as_bytes(), text.as_bytes());
        let signature = hex::encode(digest.get(..self.digest.length()).unwrap_or_default());
        if self.upper { signature.to_ascii_uppercase() } else { signature }
    }

    fn text(&self, fields: &[(&str, &str)], secret: &str) -> String {
        let value = |name: &str| {
            fields.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map_or("", |(_, value)| *value)
        };
        match self.text {
            Text::Pairs { lower_case, secret_name } => {
                let own: Vec<_> = self.fields.iter().map(|name| (*name, value(name))).collect();
                let mut text = pairs(if own.is_empty() { fields } else { &own }, lower_case, &[]);
                if !secret_name.is_empty() {
                    text.push_str(&format!("&{secret_name}={secret}"));
                }
                text
            }
            Text::SortedValues(names) => sorted(names.iter().map(|name| value(name)).chain([secret])).concat(),
            Text::InOrder { fields: names, between, secret: takes_part } => {
                let mut text = names.iter().map(|name| value(name)).collect::<Vec<_>>().join(between);
                if takes_part {
                    text.push_str(secret);
                }
                text
            }
            Text::Midas => {
                let sorted = pairs(fields, false, &["org_loc", "method"]);
                format!("{sorted}&org_loc={}&method=POST&secret={secret}", value("org_loc"))
            }
        }
    }
}

fn pairs(fields: &[(&str, &str)], lower_case: bool, without: &[&str]) -> String {
    let pairs = fields
        .iter()
        .filter(|(name, value)| !value.is_empty() && !name.eq_ignore_ascii_case("sign") && !without.contains(name))
        .map(|(name, value)| (if lower_case { name.to_ascii_lowercase() } else { (*name).to_owned() }, *value));
    sorted(pairs).iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// By insertion: the standard library's sorts would be a tenth of the module.
fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut sorted = Vec::new();
    for item in items {
        let place = sorted.partition_point(|other| *other <= item);
        sorted.insert(place, item);
    }
    sorted
}

/// The dialects that fit the names of the fields and the size of the signature.
pub fn detect_dialects<'f>(
    fields: &'f [(&'f str, &'f str)],
    given: &'f str,
) -> impl Iterator<Item = &'static Dialect> + 'f {
    let has = |name: &str| fields.iter().any(|(known, value)| known.eq_ignore_ascii_case(name) && !value.is_empty());
    let is_upper = given.bytes().any(|byte| byte.is_ascii_uppercase());
    DIALECTS.iter().filter(move |dialect| {
        dialect.digits() == given.trim().len()
            && (!dialect.upper || is_upper)
            && dialect.fields.iter().all(|name| has(name))
    })
}

/// The dialect that makes this signature from these fields under one of these secrets, and the name of that secret.
#[must_use]
pub fn prove_dialect<'s>(
    fields: &[(&str, &str)],
    secrets: &[(&'s str, &str)],
    given: &str,
) -> Option<(&'static Dialect, &'s str)> {
    detect_dialects(fields, given).find_map(|dialect| {
        let keyless = [("", "")];
        let tried = if dialect.secret.is_empty() { &keyless[..] } else { secrets };
        let (name, _) =
            tried.iter().find(|(_, secret)| dialect.sign(fields, secret).eq_ignore_ascii_case(given.trim()))?;
        Some((dialect, *name))
    })
}
