//! What can go wrong, as stable codes and as sentences.

use alloc::string::{String, ToString as _};
use core::fmt;

use crate::text::{joined, replaced};

/// Declares the codes once: the variant, the stable string, the feature without which it cannot happen, and the list of
/// all.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal $(if $feature:meta)?,)+) => {
        /// A stable code for each kind of failure. The strings are the contract; branch on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $($(#[$doc])* $(#[cfg($feature)])? $variant,)+ }

        impl ErrorCode {
            /// Every code of the core, in the order of declaration.
            pub const ALL: &'static [Self] = &[$($(#[cfg($feature)])? Self::$variant,)+];

            /// The stable string, such as `SIGNATURE_MISMATCH`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($(#[cfg($feature)])? Self::$variant => $text,)+ }
            }
        }
    };
}

codes! {
    /// The body is larger than 65,536 bytes.
    XmlTooLarge = "XML_TOO_LARGE",
    /// The body is not UTF-8.
    XmlNotUtf8 = "XML_NOT_UTF8",
    /// A character that XML 1.0 forbids, raw or as a reference.
    XmlForbiddenCharacter = "XML_FORBIDDEN_CHARACTER",
    /// A document type declaration.
    XmlDoctype = "XML_DOCTYPE",
    /// An XML declaration in the wrong place, or of another version or encoding.
    XmlDeclaration = "XML_DECLARATION",
    /// The document is not one `<xml>` element.
    XmlRoot = "XML_ROOT",
    /// A tag that is not `<Name>` or `</Name>`, or that closes another one.
    XmlTag = "XML_TAG",
    /// A comment, a processing instruction or an element where text belongs.
    XmlMarkup = "XML_MARKUP",
    /// Text between the fields, or text that XML forbids.
    XmlText = "XML_TEXT",
    /// A reference that is not one of XML's own.
    XmlReference = "XML_REFERENCE",
    /// The document ends too early.
    XmlTruncated = "XML_TRUNCATED",
    /// Something follows the document.
    XmlTrailing = "XML_TRAILING",
    /// The query string is not `name=value&name=value`, percent-encoded.
    QueryMalformed = "QUERY_MALFORMED",
    /// A field of the message is missing.
    FieldMissing = "FIELD_MISSING",
    /// A field stands twice.
    FieldDuplicate = "FIELD_DUPLICATE",
    /// A field that the message does not have.
    FieldUnknown = "FIELD_UNKNOWN",
    /// The value of a field breaks its grammar.
    FieldMalformed = "FIELD_MALFORMED",
    /// A value contains the paySignKey.
    FieldContainsKey = "FIELD_CONTAINS_KEY",
    /// The signing method is not `sha1`.
    SignatureMethod = "SIGNATURE_METHOD",
    /// The signature does not belong to these fields under this key.
    SignatureMismatch = "SIGNATURE_MISMATCH",
    /// The message is for another account.
    AppIdMismatch = "APP_ID_MISMATCH",
    /// The message is for another merchant number.
    PartnerMismatch = "PARTNER_MISMATCH",
    /// The caller passed something that cannot be used.
    ArgumentInvalid = "ARGUMENT_INVALID",
    /// The body is neither XML nor one JSON object.
    JsonMalformed = "JSON_MALFORMED" if feature = "push",
    /// The push has the signature of this token and cannot be decrypted for this account.
    PushUnreadable = "PUSH_UNREADABLE" if feature = "push",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failure: a stable [`ErrorCode`] and a sentence that says what was expected, where, and what to do.
///
/// It is made of static text, a field's name from the message table and a byte position, so it cannot hold a value
/// of a message or a key.
///
/// ```
/// let error = paysign::alarm::parse(b"<html></html>").unwrap_err();
/// assert_eq!((error.code().as_str(), error.position()), ("XML_ROOT", Some(0)));
/// assert_eq!(error.to_string(), "The document must be one <xml> element; this is something else. (At byte 0.)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    /// `{field}` stands for the field's name.
    sentence: &'static str,
    field: Option<&'static str>,
    position: Option<usize>,
}

impl Error {
    pub(crate) const fn new(code: ErrorCode, sentence: &'static str) -> Self {
        Self { code, sentence, field: None, position: None }
    }

    pub(crate) const fn in_field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) const fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }

    /// What `Display` writes, without its machinery, which is a twentieth of the WebAssembly module.
    pub(crate) fn text(&self) -> String {
        let sentence = replaced(self.sentence, "{field}", self.field.unwrap_or("field"));
        match self.position {
            Some(position) => joined(&[&sentence, " (At byte ", &position.to_string(), ".)"]),
            None => sentence,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The field it is about, under its wire name.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// Where in the body, in bytes from its start.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        self.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for Error {}
