//! Strict reader of the flat `<xml>` document of this protocol, and its writer.
//!
//! It reads this one grammar and nothing else, for what a general tokenizer lets through – an unclosed root, a DOCTYPE,
//! two roots, comments inside values, attributes, control characters – is what attacks are made of (THREATS 1.3 and 4).
//! quick-xml under the same rules is the second opinion in the tests (`src/tests/xml_oracle.rs`).

mod scanner;
#[cfg(feature = "push")]
pub(crate) mod tree;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use self::scanner::{Scanner, is_space};
use crate::barrier;
use crate::error::{Error, ErrorCode};
use crate::grammar::forbidden;
use crate::text::replaced;

/// The largest body that is read, in bytes. A real alarm has about 400.
pub(crate) const MAX_BODY: usize = 65_536;

/// An element that holds text: its name (inside others, its path), the text with references resolved, and where its end
/// tag stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Cow<'a, [u8]>,
    pub(crate) position: usize,
}

/// Reads a document of the grammar
///
/// ```text
/// document = declaration? S? "<xml>" S? (field S?)* "</xml>" S?
/// field    = "<" Name ">" (text | CDATA | reference)* "</" Name ">"
/// Name     = [A-Za-z]+
/// ```
///
/// where those elements that `nested` has a path into (`PicInfo/item/PicUrl`) hold other elements instead of text. Which
/// fields there must be is not decided here.
pub(crate) fn read<'a>(body: &'a [u8], nested: impl Iterator<Item = &'static str>) -> Result<Vec<Element<'a>>, Error> {
    let mut scanner = Scanner::new(decode(body)?);
    let nested: Vec<&str> = nested.collect();
    scanner.declaration()?;
    scanner.take_space();
    scanner.root()?;
    let mut elements = Vec::with_capacity(8);
    // The path of the elements that are open below the root.
    let mut path: Vec<&str> = Vec::new();
    loop {
        scanner.take_space();
        let start = scanner.position();
        if let Some(closed) = scanner.end_tag()? {
            match path.pop() {
                Some(open) if open == closed => continue,
                None if closed == "xml" => break,
                _ => return Err(TAG.at(start)),
            }
        }
        let name = scanner.start_tag()?;
        path.push(name);
        let below = |full: &&str| full.split('/').zip(&path).filter(|(a, b)| a == *b).count() == path.len();
        let name = match nested.iter().copied().find(below) {
            Some(full) if full.split('/').count() > path.len() => continue,
            Some(full) => full,
            None if path.len() == 1 => name,
            None => return Err(MARKUP.at(start)),
        };
        let value = content(&mut scanner)?;
        let position = scanner.position();
        if scanner.end_tag()? != path.pop() {
            return Err(TAG.at(position));
        }
        elements.push(Element { name, value, position });
    }
    scanner.take_space();
    if scanner.is_at_end() { Ok(elements) } else { Err(scanner.refuse(TRAILING)) }
}

/// What a field holds, up to its end tag.
fn content<'a>(scanner: &mut Scanner<'a>) -> Result<Cow<'a, [u8]>, Error> {
    text::<false>(scanner)
}

/// Text, references and CDATA sections up to an end tag, or, if there may be elements inside, up to anything else.
fn text<'a, const NESTED: bool>(scanner: &mut Scanner<'a>) -> Result<Cow<'a, [u8]>, Error> {
    let mut value = Value::default();
    loop {
        if let Some(text) = scanner.cdata()? {
            value.push_cdata(text);
        } else if let Some(char) = scanner.reference()? {
            value.push_reference(char);
        } else if let Some(text) = scanner.text()? {
            value.push(text);
        } else if NESTED || scanner.is_at_end_tag() {
            return Ok(value.finish());
        } else {
            return Err(scanner.refuse(MARKUP));
        }
    }
}

/// The text of a field while it is being put together. White space beside a CDATA section is layout (THREATS 4,
/// amendment); white space written as a reference is not.
#[derive(Default)]
struct Value<'a> {
    text: Cow<'a, [u8]>,
    /// Where the present run of text and references starts.
    run: usize,
    run_has_reference: bool,
    has_cdata: bool,
}

impl<'a> Value<'a> {
    fn push(&mut self, piece: &'a [u8]) {
        if self.text.is_empty() {
            self.text = Cow::Borrowed(piece);
        } else {
            self.text.to_mut().extend_from_slice(piece);
        }
    }

    fn push_reference(&mut self, char: char) {
        self.run_has_reference = true;
        self.text.to_mut().extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn push_cdata(&mut self, text: &'a [u8]) {
        self.has_cdata = true;
        self.drop_layout();
        self.push(text);
        self.run = self.text.len();
        self.run_has_reference = false;
    }

    fn drop_layout(&mut self) {
        let run = self.text.get(self.run..).unwrap_or_default();
        if self.has_cdata && !self.run_has_reference && run.iter().all(|byte| is_space(*byte)) {
            match &mut self.text {
                Cow::Borrowed(text) => *text = text.get(..self.run).unwrap_or_default(),
                Cow::Owned(text) => text.truncate(self.run),
            }
        }
    }

    fn finish(mut self) -> Cow<'a, [u8]> {
        self.drop_layout();
        self.text
    }
}

/// Size, UTF-8 and characters are checked over the whole body before anything is read: two of the three barriers
/// against length extension stand here (THREATS 3.1).
pub(crate) fn decode(body: &[u8]) -> Result<&str, Error> {
    if body.len() > MAX_BODY {
        return Err(Error::new(
            ErrorCode::XmlTooLarge,
            "The body is larger than 65,536 bytes; a message of this protocol has a few hundred.",
        ));
    }
    let text = barrier::text_of(body).map_err(|error| {
        Error::new(ErrorCode::XmlNotUtf8, "The body is not UTF-8; it must be passed on byte for byte as received.")
            .at(error.valid_up_to())
    })?;
    if text.starts_with('\u{FEFF}') {
        return Err(Error::new(
            ErrorCode::XmlRoot,
            "The body starts with a byte order mark; WeChat sends none, so something has re-encoded it.",
        ));
    }
    match forbidden(text) {
        Some(position) => Err(FORBIDDEN.at(position)),
        None => Ok(text),
    }
}

/// The bytes without the white space around them. The bytes of XML's white space stand for nothing else in UTF-8.
pub(crate) fn trim_bytes(bytes: &[u8]) -> &[u8] {
    let is_content = |byte: &u8| !is_space(*byte);
    let start = bytes.iter().position(is_content).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(is_content).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

/// Writes a document in the shape of the official samples: an element a line, text in CDATA unless it is bare.
pub(crate) fn write<'a>(elements: impl Iterator<Item = (&'a str, &'a str)>, bare: &[&str]) -> String {
    let mut body = String::from("<xml>\n");
    for (name, text) in elements {
        let (open, close) = if bare.contains(&name) { ("", "") } else { ("<![CDATA[", "]]>") };
        let text = replaced(text, "]]>", "]]]]><![CDATA[>");
        for piece in ["    <", name, ">", open, &text, close, "</", name, ">\n"] {
            body.push_str(piece);
        }
    }
    body.push_str("</xml>");
    body
}

const EMPTY: Error =
    Error::new(ErrorCode::XmlRoot, "The body is empty; check that nothing has read it before, such as a body parser.");
const ROOT: Error = Error::new(ErrorCode::XmlRoot, "The document must be one <xml> element; this is something else.");
const DECLARATION: Error = Error::new(
    ErrorCode::XmlDeclaration,
    "An XML declaration may only stand at the very start, for version 1.0 in UTF-8.",
);
const DOCTYPE: Error = Error::new(ErrorCode::XmlDoctype, "A document type declaration is never accepted.");
const MARKUP: Error = Error::new(
    ErrorCode::XmlMarkup,
    "Comments, processing instructions and elements inside a field are never accepted; a field holds text.",
);
const TAG: Error = Error::new(
    ErrorCode::XmlTag,
    "A tag must be <Name> or the </Name> that closes it: letters only, no attribute, no prefix, not self-closing.",
);
const TEXT: Error = Error::new(ErrorCode::XmlText, "`]]>` must not stand in text outside a CDATA section.");
const TEXT_BETWEEN: Error = Error::new(ErrorCode::XmlText, "Between the fields only white space may stand.");
const REFERENCE: Error = Error::new(
    ErrorCode::XmlReference,
    "A reference must be &amp; &lt; &gt; &quot; &apos; or a numeric one; no other entity exists here.",
);
const FORBIDDEN: Error =
    Error::new(ErrorCode::XmlForbiddenCharacter, "A character that XML 1.0 forbids; a genuine message has none.");
const TRUNCATED: Error =
    Error::new(ErrorCode::XmlTruncated, "The document ends before it is complete; the body was cut off.");
const TRAILING: Error = Error::new(ErrorCode::XmlTrailing, "Nothing but white space may follow </xml>.");
