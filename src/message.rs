//! THE TABLE: each message, its fields, their grammar, the signed ones, its recipe. Wire spellings stand here only.

use alloc::vec::Vec;

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::fields::Fields;
use crate::grammar::Grammar;
use crate::recipe::Recipe;
use crate::secret::{AppKey, Secret};
use crate::signature::{self, Signature};

/// What a field is to the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its value is signed.
    Signed,
    /// It travels along; its value is NOT protected by the signature.
    Unsigned,
    /// It holds the signature.
    Signature,
    /// It names the signing method.
    Method,
}

/// How often a field stands in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Exactly once.
    Once,
    /// Once or not at all.
    Optional,
    /// Not at all or up to this many times.
    List {
        /// The greatest number.
        max: usize,
    },
}

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The spelling on the wire; for an element inside others, its path.
    pub name: &'static str,
    /// What its value may look like.
    #[serde(skip)]
    pub grammar: Grammar,
    /// What it is to the signature.
    pub role: Role,
    /// How often it stands in a message.
    pub presence: Presence,
}

/// A message of the protocol.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The name in this library.
    pub name: &'static str,
    /// What it is called in the document, and where the facts come from.
    pub title: &'static str,
    /// How its signature is made.
    pub recipe: &'static Recipe,
    /// Its fields, in the order of the document.
    pub fields: &'static [Field],
}

/// The longest free text of a field, in characters.
const TEXT: Grammar = Grammar::Text { max: 16_384 };
/// Unix seconds; ten digits last until the year 2286.
const SECONDS: Grammar = Grammar::Digits { max: 10 };
const PACKAGE: Grammar = Grammar::Package { max: 16_384 };
const NONCE: Grammar = Grammar::Alphanumeric { max: 32 };

const fn field(name: &'static str, grammar: Grammar, role: Role, presence: Presence) -> Field {
    Field { name, grammar, role, presence }
}

const fn signed(name: &'static str, grammar: Grammar) -> Field {
    field(name, grammar, Role::Signed, Presence::Once)
}

const fn signed_if_present(name: &'static str, grammar: Grammar) -> Field {
    field(name, grammar, Role::Signed, Presence::Optional)
}

const fn unsigned(name: &'static str, grammar: Grammar) -> Field {
    field(name, grammar, Role::Unsigned, Presence::Optional)
}

const fn signature_in(name: &'static str) -> Field {
    field(name, Grammar::Sha1Hex, Role::Signature, Presence::Once)
}

const fn method_in(name: &'static str) -> Field {
    field(name, Grammar::Sha1Method, Role::Method, Presence::Once)
}

/// Declares the messages once: a constant each, and the table of all.
macro_rules! messages {
    ($($(#[$doc:meta])* $constant:ident = $message:expr;)+) => {
        impl Message {
            $($(#[$doc])* pub const $constant: &'static Self = &$message;)+

            /// The table.
            pub const ALL: &'static [&'static Self] = &[$(Self::$constant,)+];
        }
    };
}

messages! {
    /// 告警通知, WeChat to merchant, XML (PROTOCOL 2).
    ALARM = Message {
        name: "alarm",
        title: "alarm notification 告警通知",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("AppId", Grammar::AppId),
            signed("ErrorType", Grammar::Digits { max: 10 }),
            signed("Description", TEXT),
            signed("AlarmContent", TEXT),
            signed("TimeStamp", SECONDS),
            signature_in("AppSignature"),
            method_in("SignMethod"),
        ],
    };
    /// 发货通知, merchant to WeChat, JSON (PROTOCOL 3).
    DELIVER_NOTIFY = Message {
        name: "deliverNotify",
        title: "delivery notification 发货通知",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appid", Grammar::AppId),
            signed("openid", Grammar::OpenId),
            signed("transid", Grammar::Digits { max: 64 }),
            signed("out_trade_no", Grammar::Token { max: 32 }),
            signed("deliver_timestamp", SECONDS),
            signed("deliver_status", Grammar::Flag),
            signed("deliver_msg", TEXT),
            signature_in("app_signature"),
            method_in("sign_method"),
        ],
    };
    /// `getBrandWCPayRequest` in the WeChat browser (PROTOCOL 1.1).
    JSAPI = Message {
        name: "jsapi",
        title: "JSAPI payment getBrandWCPayRequest",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appId", Grammar::AppId),
            signed("timeStamp", SECONDS),
            signed("nonceStr", NONCE),
            signed("package", PACKAGE),
            signature_in("paySign"),
            method_in("signType"),
        ],
    };
    /// The native payment link `weixin://wxpay/bizpayurl` (PROTOCOL 1.1).
    NATIVE_URL = Message {
        name: "nativeUrl",
        title: "native payment link weixin://wxpay/bizpayurl",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appid", Grammar::AppId),
            signed("timestamp", SECONDS),
            signed("noncestr", NONCE),
            signed("productid", Grammar::Token { max: 127 }),
            signature_in("sign"),
        ],
    };
    /// WeChat asks for the package of a native payment, XML (PROTOCOL 4.3).
    NATIVE_PACKAGE_REQUEST = Message {
        name: "nativePackageRequest",
        title: "native package request",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("OpenId", Grammar::OpenId),
            signed("AppId", Grammar::AppId),
            signed("IsSubscribe", Grammar::Flag),
            signed("ProductId", Grammar::Token { max: 127 }),
            signed("TimeStamp", SECONDS),
            signed("NonceStr", NONCE),
            signature_in("AppSignature"),
            method_in("SignMethod"),
        ],
    };
    /// The merchant's answer to it, XML (PROTOCOL 4.3).
    NATIVE_PACKAGE_RESPONSE = Message {
        name: "nativePackageResponse",
        title: "native package response",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("AppId", Grammar::AppId),
            signed("Package", PACKAGE),
            signed("TimeStamp", SECONDS),
            signed("NonceStr", NONCE),
            signed("RetCode", Grammar::Digits { max: 10 }),
            signed("RetErrMsg", Grammar::Phrase { max: 1024 }),
            signature_in("AppSignature"),
            method_in("SignMethod"),
        ],
    };
    /// The XML half of the payment notification; the order is in the query half (PROTOCOL 4.1).
    PAY_NOTIFY = Message {
        name: "payNotify",
        title: "payment notification, XML half",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("OpenId", Grammar::OpenId),
            signed("AppId", Grammar::AppId),
            signed("IsSubscribe", Grammar::Flag),
            signed("TimeStamp", SECONDS),
            signed("NonceStr", NONCE),
            signature_in("AppSignature"),
            method_in("SignMethod"),
        ],
    };
    /// 维权, WeChat to merchant, XML. Only three fields are signed (PROTOCOL 4.2).
    FEEDBACK = Message {
        name: "feedback",
        title: "customer feedback 维权",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("OpenId", Grammar::OpenId),
            signed("AppId", Grammar::AppId),
            signed("TimeStamp", SECONDS),
            unsigned("MsgType", Grammar::Alphanumeric { max: 32 }),
            // Can exceed 64 bits (PROTOCOL 4.2).
            unsigned("FeedBackId", Grammar::Digits { max: 64 }),
            unsigned("TransId", Grammar::Digits { max: 64 }),
            unsigned("Reason", TEXT),
            unsigned("Solution", TEXT),
            unsigned("ExtInfo", TEXT),
            field("PicInfo/item/PicUrl", TEXT, Role::Unsigned, Presence::List { max: 5 }),
            signature_in("AppSignature"),
            method_in("SignMethod"),
        ],
    };
    /// `POST /pay/orderquery`, JSON (PROTOCOL 4.4).
    ORDER_QUERY = Message {
        name: "orderQuery",
        title: "order query",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appid", Grammar::AppId),
            signed("package", PACKAGE),
            signed("timestamp", SECONDS),
            signature_in("app_signature"),
            method_in("sign_method"),
        ],
    };
    /// `POST /pay/genprepay` of an app payment, JSON (PROTOCOL 1.1).
    APP_PREPAY = Message {
        name: "appPrepay",
        title: "app payment, prepay order",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appid", Grammar::AppId),
            signed("traceid", Grammar::Token { max: 128 }),
            signed("noncestr", NONCE),
            signed("package", PACKAGE),
            signed("timestamp", SECONDS),
            signature_in("app_signature"),
            method_in("sign_method"),
        ],
    };
    /// The final call of an app payment (PROTOCOL 1.1).
    APP_PAY = Message {
        name: "appPay",
        title: "app payment, final call",
        recipe: &Recipe::PAY_SIGN,
        fields: &[
            signed("appid", Grammar::AppId),
            signed("partnerid", Grammar::Token { max: 32 }),
            signed("prepayid", Grammar::Token { max: 64 }),
            signed("package", PACKAGE),
            signed("noncestr", NONCE),
            signed("timestamp", SECONDS),
            signature_in("sign"),
        ],
    };
    /// `editAddress` of the shared address: signed with the access token, without the paySignKey (PROTOCOL 6.5).
    EDIT_ADDRESS = Message {
        name: "editAddress",
        title: "shared address editAddress",
        recipe: &Recipe::ADDRESS_SIGN,
        fields: &[
            signed("appId", Grammar::AppId),
            signed("url", TEXT),
            signed("timeStamp", SECONDS),
            signed("nonceStr", NONCE),
            signed("accessToken", Grammar::Token { max: 1024 }),
            unsigned("scope", TEXT),
            signature_in("addrSign"),
            method_in("signType"),
        ],
    };
}

/// The query half of the payment notification, WeChat to merchant (PROTOCOL 4.1). It stands apart from the table that
/// `sign_message` takes, because it is signed with another key.
pub(crate) const PAY_NOTIFY_QUERY: &Message = &Message {
    name: "payNotifyQuery",
    title: "payment notification, query half",
    recipe: &Recipe::PACKAGE_SIGN,
    fields: &[
        signed_if_present("sign_type", Grammar::Md5Method),
        signed_if_present("service_version", Grammar::Token { max: 8 }),
        signed_if_present("input_charset", Grammar::Charset),
        field("sign", Grammar::Md5Hex, Role::Signature, Presence::Once),
        signed_if_present("sign_key_index", Grammar::Digits { max: 10 }),
        signed("trade_mode", Grammar::Digits { max: 10 }),
        signed("trade_state", Grammar::Digits { max: 10 }),
        signed_if_present("pay_info", TEXT),
        signed("partner", Grammar::Digits { max: 32 }),
        signed("bank_type", Grammar::Token { max: 32 }),
        signed_if_present("bank_billno", Grammar::Ascii { max: 64 }),
        signed("total_fee", Grammar::Digits { max: 20 }),
        signed("fee_type", Grammar::Digits { max: 10 }),
        // A real one contains a space.
        signed("notify_id", Grammar::Ascii { max: 256 }),
        signed("transaction_id", Grammar::Digits { max: 64 }),
        signed("out_trade_no", Grammar::Token { max: 32 }),
        signed_if_present("attach", TEXT),
        signed("time_end", Grammar::Digits { max: 14 }),
        signed_if_present("transport_fee", Grammar::Digits { max: 20 }),
        signed_if_present("product_fee", Grammar::Digits { max: 20 }),
        signed_if_present("discount", Grammar::Digits { max: 20 }),
        signed_if_present("buyer_alias", TEXT),
    ],
};

impl Message {
    /// The message of this name, such as `deliverNotify`.
    ///
    /// ```
    /// use paysign::Message;
    ///
    /// let signed: Vec<_> = Message::find("feedback")?.signed().map(|field| field.name).collect();
    /// assert_eq!(signed, ["OpenId", "AppId", "TimeStamp"]);
    /// # Ok::<(), paysign::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ARGUMENT_INVALID` when the table has no such message.
    pub fn find(name: &str) -> Result<&'static Self, Error> {
        Self::ALL.iter().copied().find(|message| message.name == name).ok_or_else(|| {
            Error::new(
                ErrorCode::ArgumentInvalid,
                "There is no message of this name. Known are alarm, deliverNotify, jsapi, nativeUrl, \
                 nativePackageRequest, nativePackageResponse, payNotify, feedback, orderQuery, appPrepay, appPay and \
                 editAddress.",
            )
            .in_field("message")
        })
    }

    /// The fields that are signed.
    pub fn signed(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| field.role == Role::Signed)
    }

    /// The field of this name; raw input spells names in any letter case.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The one value that the fields hold for `field`.
    pub(crate) fn value<'f>(field: &Field, fields: &'f Fields<'_>) -> Result<&'f str, Error> {
        let mut values = fields.iter().filter(|(name, _)| field.name.eq_ignore_ascii_case(name));
        let (_, value) = values.next().ok_or_else(|| missing(field))?;
        if values.next().is_some() {
            return Err(Error::new(ErrorCode::FieldDuplicate, "{field} stands twice; each field stands once.")
                .in_field(field.name));
        }
        Ok(value)
    }
}

impl Field {
    pub(crate) fn check(&self, value: &str) -> Result<(), Error> {
        if self.grammar.accepts(value) { Ok(()) } else { Err(self.malformed()) }
    }

    pub(crate) fn check_bytes(&self, value: &[u8]) -> Result<(), Error> {
        if self.grammar.accepts_bytes(value) { Ok(()) } else { Err(self.malformed()) }
    }

    fn malformed(&self) -> Error {
        let code = match self.role {
            Role::Method => ErrorCode::SignatureMethod,
            _ => ErrorCode::FieldMalformed,
        };
        Error::new(code, self.grammar.sentence()).in_field(self.name)
    }
}

pub(crate) fn missing(field: &Field) -> Error {
    Error::new(ErrorCode::FieldMissing, "{field} is missing; the message has it exactly once.").in_field(field.name)
}

pub(crate) fn unknown() -> Error {
    Error::new(
        ErrorCode::FieldUnknown,
        "A field that this message does not have, or one spelled in another letter case; names are those of the \
         protocol, and the key is never a field.",
    )
}

/// Signs a message: checks the fields against the table, then evaluates the message's recipe.
///
/// Names may be in any letter case. Fields that are not signed (the method, an old signature) may be present and are
/// ignored. `key` may be `None` for [`Message::EDIT_ADDRESS`] alone, which is signed without one.
///
/// ```
/// use paysign::{AppKey, Fields, Message, sign_message};
///
/// let key = AppKey::new("2Wozy2aksie1puXUBpWD8oZxiD1DfQuEaiC7KcRATv1Ino3mdopKaPGQQ7TtkNySuAmCaDCrw4xhPY5qKTBl7Fzm0RgR3c0WaVYIXZARsxzHV2x7iwPPzOz94dnwPWSn")?;
/// let fields = Fields::from_iter([
///     ("AppId", "wxf8b4f85f3a794e77"),
///     ("OpenId", "oDF3iY9P32sK_5GgYiRkjsCo45bk"),
///     ("TimeStamp", "1393400471"),
/// ]);
/// let signature = sign_message(Message::FEEDBACK, &fields, &key)?;
/// assert_eq!(signature.to_string(), "d60293982cc7c97a5a9d3383af761db763c07c86"); // the official sample
/// # Ok::<(), paysign::Error>(())
/// ```
///
/// # Errors
/// `FIELD_UNKNOWN`, `FIELD_MISSING`, `FIELD_DUPLICATE`, `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`; `ARGUMENT_INVALID`
/// when the message needs a key and there is none.
pub fn sign_message<'k>(
    message: &Message,
    fields: &Fields<'_>,
    key: impl Into<Option<&'k AppKey>>,
) -> Result<Signature, Error> {
    let key = message.recipe.key(key.into().map(AppKey::secret))?;
    for (name, _) in fields.iter() {
        message.field(name).ok_or_else(unknown)?;
    }
    let mut pairs = Vec::with_capacity(message.fields.len());
    for field in message.signed() {
        let value = Message::value(field, fields)?;
        field.check(value)?;
        key.map_or(Ok(()), |key| refuse_key(field, value.as_bytes(), key))?;
        pairs.push((field.name, value.as_bytes()));
    }
    Ok(signature::sign(message.recipe, &pairs, key))
}

/// No value holds the key: it would be a leak, and the text would no longer determine the message (THREATS T18).
pub(crate) fn refuse_key(field: &Field, value: &[u8], key: &Secret) -> Result<(), Error> {
    if key.stands_in(value) {
        return Err(Error::new(
            ErrorCode::FieldContainsKey,
            "{field} contains the key. A key never travels in a message: find out how it got there, and \
             replace the key.",
        )
        .in_field(field.name));
    }
    Ok(())
}
