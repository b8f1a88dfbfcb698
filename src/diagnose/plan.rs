//! How a candidate signature is made: the documented recipe with some settings changed.

use super::dialects::{DIALECTS, Dialect};
use crate::recipe::{Recipe, SecretPlace};

/// What a mistake changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Digest(Digest),
    Charset(Charset),
    /// Which of the secrets.
    Secret(usize),
    KeyForm(KeyForm),
    Place(Place),
    Names(Names),
    Order(Order),
    Empties(Empties),
    Join(Join),
    /// The recipe of the dialect with this id.
    Dialect(&'static str),
    /// Seen at the given signature, not searched for.
    UpperHex,
    /// Which of the signed fields.
    DropField(usize),
    SignMethod,
    SignSignature,
    SignUnsigned,
    SignUnknown,
    /// The value that the signed text has, of which field of that text.
    TakeSigned(usize),
    Values(Transform),
    Number(NumberForm),
    /// Searched for by itself: there are too many of them.
    OtherTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha1,
    Md5,
    Sha256,
    HmacSha1,
    HmacSha256,
}

impl Digest {
    /// In bytes.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 | Self::HmacSha1 => 20,
            Self::Sha256 | Self::HmacSha256 => 32,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Gbk,
    Gb18030,
    Latin1,
    Utf16Le,
    Utf16Be,
    MojibakeLatin1,
    MojibakeGbk,
    Utf8Bom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyForm {
    AsGiven,
    Trimmed,
    NewlineAfter,
    CrLfAfter,
    SpaceAfter,
    SpaceBefore,
    BomBefore,
    DoubleQuoted,
    SingleQuoted,
    Lower,
    Upper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Sorted,
    Missing,
    Appended,
    Suffix,
    Twice,
    Concatenated,
    NamedCamel,
    NamedKey,
    NamedAppSecret,
    NamedPaySignKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    Lower,
    AsGiven,
    Camel,
    Upper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    ByName,
    AsGiven,
    ByGivenName,
    ByValue,
    IgnoringUnderscore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empties {
    Kept,
    Dropped,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    Pairs,
    TrailingAmpersand,
    Glued,
    Quoted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transform {
    Trimmed,
    UrlEncoded,
    UrlEncodedLower,
    FormEncoded,
    FormEncodedLower,
    UrlDecoded,
    FormDecoded,
    EscapesLower,
    EscapesUpper,
    SpaceAsPlus,
    SpaceAsPercent20,
    PackageEscapedTwice,
    EscapesGbk,
    EscapesUtf8,
    XmlEscaped,
    XmlEscapedQuotes,
    HtmlEscaped,
    NumericReferences,
    XmlUnescaped,
    HtmlUnescaped,
    Cdata,
    JsonEscaped,
    JsonEscapedUpper,
    JsonHtmlSafe,
    JsonHtmlSafeGson,
    JsonQuoted,
    JsonSlashes,
    JsonUnescaped,
    Lf,
    CrLf,
    Nfc,
    Nfd,
    AsciiDigits,
    FullWidthDigits,
    HalfWidth,
    CutAtEmoji,
    Unmojibake,
    UnmojibakeGbk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberForm {
    Milliseconds,
    Seconds,
    Float,
    NoLeadingZeros,
    /// Written with a fraction or an exponent here.
    Integer,
    JavaScript,
    Java,
    Php,
    /// Of a spreadsheet.
    Sheet,
}

/// The settings of a candidate, apart from the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) digest: Digest,
    pub(crate) charset: Charset,
    pub(crate) secret: usize,
    pub(crate) key: KeyForm,
    pub(crate) place: Place,
    pub(crate) names: Names,
    pub(crate) order: Order,
    pub(crate) empties: Empties,
    pub(crate) join: Join,
}

impl Plan {
    pub(crate) const DOCUMENTED: Self = Self {
        digest: Digest::Sha1,
        charset: Charset::Utf8,
        secret: 0,
        key: KeyForm::AsGiven,
        place: Place::Sorted,
        names: Names::Lower,
        order: Order::ByName,
        empties: Empties::Kept,
        join: Join::Pairs,
    };

    /// How a message of this recipe is documented.
    pub(crate) const fn documented(recipe: &Recipe) -> Self {
        match recipe.secret {
            SecretPlace::Value(_) => Self { place: Place::Missing, ..Self::DOCUMENTED },
            SecretPlace::Param(_) | SecretPlace::Suffix(_) => Self::DOCUMENTED,
        }
    }

    /// The plan with one more setting changed, unless an earlier change has set it.
    pub(crate) fn with(mut self, change: Change, documented: &Self) -> Option<Self> {
        let free = match change {
            Change::Digest(digest) => std::mem::replace(&mut self.digest, digest) == documented.digest,
            Change::Charset(charset) => std::mem::replace(&mut self.charset, charset) == documented.charset,
            Change::Secret(secret) => std::mem::replace(&mut self.secret, secret) == documented.secret,
            Change::KeyForm(key) => std::mem::replace(&mut self.key, key) == documented.key,
            Change::Place(place) => std::mem::replace(&mut self.place, place) == documented.place,
            Change::Names(names) => std::mem::replace(&mut self.names, names) == documented.names,
            Change::Order(order) => std::mem::replace(&mut self.order, order) == documented.order,
            Change::Empties(empties) => std::mem::replace(&mut self.empties, empties) == documented.empties,
            Change::Join(join) => std::mem::replace(&mut self.join, join) == documented.join,
            Change::Dialect(id) => self.become_dialect(id, documented),
            Change::UpperHex
            | Change::DropField(_)
            | Change::SignMethod
            | Change::SignSignature
            | Change::SignUnsigned
            | Change::SignUnknown
            | Change::TakeSigned(_)
            | Change::Values(_)
            | Change::Number(_)
            | Change::OtherTime => false,
        };
        free.then_some(self)
    }

    /// Whether it is a digest of this size, of bytes as they are.
    pub(crate) fn is_plain(&self, length: usize) -> bool {
        let keyed = matches!(self.digest, Digest::HmacSha1 | Digest::HmacSha256);
        self.charset == Charset::Utf8 && !keyed && self.digest.length() == length
    }

    fn become_dialect(&mut self, id: &str, documented: &Self) -> bool {
        let Self { secret, key, charset, .. } = *self;
        let free = *self == Self { secret, key, charset, ..*documented };
        let recipe = DIALECTS.iter().find(|dialect| dialect.id == id).and_then(Dialect::plan);
        let Some(recipe) = recipe.filter(|_| free) else { return false };
        *self = Self { secret, key, charset, ..recipe };
        true
    }
}

impl Change {
    /// Whether it changes settings; else it changes the fields or their values.
    pub(crate) const fn is_plan(self) -> bool {
        !matches!(
            self,
            Self::UpperHex
                | Self::DropField(_)
                | Self::SignMethod
                | Self::SignSignature
                | Self::SignUnsigned
                | Self::SignUnknown
                | Self::TakeSigned(_)
                | Self::Values(_)
                | Self::Number(_)
                | Self::OtherTime
        )
    }
}
