//! Strict reader of the flat `<xml>` document of this protocol: our state machine over quick-xml's events.
//!
//! quick-xml is a tokenizer here. By itself it lets through an unclosed root, a DOCTYPE, two roots, comments inside
//! values, attributes and control characters; the gate is this file (THREATS 1.3 and 4).

use std::borrow::Cow;

use quick_xml::errors::{Error as QuickError, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::barrier;
use crate::error::{Error, ErrorCode};
use crate::grammar::is_xml_char;

/// The largest body that is read, in bytes. A real alarm has about 400.
pub(crate) const MAX_BODY: usize = 65_536;

/// An element that holds text: its name (inside others, its path), the text with references resolved, and where its end
/// tag stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Cow<'a, str>,
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
pub(crate) fn read<'a>(
    body: &'a [u8],
    nested: impl Iterator<Item = &'static str> + Clone,
) -> Result<Vec<Element<'a>>, Error> {
    let text = decode(body)?;
    let mut reader = Reader::from_str(text);
    // Tags are compared here, byte by byte; quick-xml would forgive `</Name >`.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().trim_markup_names_in_closing_tags = false;

    let mut elements = Vec::with_capacity(8);
    // The path of the elements that are open below the root.
    let mut path: Vec<&str> = Vec::new();
    let mut place = Place::BeforeRoot;
    loop {
        let start = position(&reader);
        let event =
            reader.read_event().map_err(|error| translate(&error, text.get(start..).unwrap_or_default(), start))?;
        place = match (place, event) {
            (Place::BeforeRoot, Event::Decl(_)) => {
                declaration(text.get(start..position(&reader)).unwrap_or_default(), start)?;
                Place::BeforeRoot
            }
            (_, Event::Decl(_)) => return Err(DECLARATION.at(start)),
            (_, Event::DocType(_)) => return Err(DOCTYPE.at(start)),
            (_, Event::Comment(_) | Event::PI(_)) => return Err(MARKUP.at(start)),
            (_, Event::Empty(_)) => return Err(TAG.at(start)),

            (Place::BeforeRoot, Event::Text(text)) if is_space(&text) => Place::BeforeRoot,
            (Place::BeforeRoot, Event::Start(tag)) if &*tag == "xml" => Place::InRoot,
            (Place::BeforeRoot, Event::Eof) => {
                return Err(if body.is_empty() { EMPTY } else { ROOT });
            }
            (Place::BeforeRoot, _) => return Err(ROOT.at(start)),

            (Place::InRoot, Event::Text(text)) if is_space(&text) => Place::InRoot,
            (Place::InRoot, Event::Start(tag)) => {
                let Some(name) = name_of(text, start, position(&reader)) else {
                    return Err(TAG.at(start));
                };
                debug_assert_eq!(name, &*tag);
                path.push(name);
                let below = |full: &&str| full.split('/').zip(&path).filter(|(a, b)| a == *b).count() == path.len();
                match nested.clone().find(below) {
                    Some(full) if full.split('/').count() > path.len() => Place::InRoot,
                    Some(full) => Place::InField(full, Value::default()),
                    None if path.len() == 1 => Place::InField(name, Value::default()),
                    None => return Err(MARKUP.at(start)),
                }
            }
            (Place::InRoot, Event::End(tag)) => match path.pop() {
                Some(open) if open == &*tag => Place::InRoot,
                None if &*tag == "xml" => Place::AfterRoot,
                _ => return Err(TAG.at(start)),
            },
            (Place::InRoot, Event::Eof) => return Err(TRUNCATED),
            (Place::InRoot, _) => return Err(TEXT_BETWEEN.at(start)),

            (Place::InField(name, mut value), Event::Text(text)) => {
                if text.contains("]]>") {
                    return Err(TEXT.at(start));
                }
                value.push_text(text.into_inner());
                Place::InField(name, value)
            }
            (Place::InField(name, mut value), Event::CData(text)) => {
                value.push_cdata(text.into_inner());
                Place::InField(name, value)
            }
            (Place::InField(name, mut value), Event::GeneralRef(reference)) => {
                value.push_reference(resolve(&reference).map_err(|error| error.at(start))?);
                Place::InField(name, value)
            }
            (Place::InField(name, value), Event::End(tag)) if path.last() == Some(&&*tag) => {
                path.pop();
                elements.push(Element { name, value: value.finish(), position: start });
                Place::InRoot
            }
            (Place::InField(..), Event::End(_)) => return Err(TAG.at(start)),
            (Place::InField(..), Event::Start(_)) => return Err(MARKUP.at(start)),
            (Place::InField(..), Event::Eof) => return Err(TRUNCATED),

            (Place::AfterRoot, Event::Text(text)) if is_space(&text) => Place::AfterRoot,
            (Place::AfterRoot, Event::Eof) => return Ok(elements),
            (Place::AfterRoot, _) => return Err(TRAILING.at(start)),
        };
    }
}

enum Place<'a> {
    BeforeRoot,
    InRoot,
    InField(&'a str, Value<'a>),
    AfterRoot,
}

/// The text of a field while it is being put together. White space beside a CDATA section is layout (THREATS 4,
/// amendment); white space written as a reference is not.
#[derive(Default)]
struct Value<'a> {
    text: Cow<'a, str>,
    /// Where the present run of text and references starts.
    run: usize,
    run_has_reference: bool,
    has_cdata: bool,
}

impl<'a> Value<'a> {
    fn push(&mut self, piece: Cow<'a, str>) {
        if self.text.is_empty() {
            self.text = piece;
        } else {
            self.text.to_mut().push_str(&piece);
        }
    }

    fn push_text(&mut self, text: Cow<'a, str>) {
        self.push(text);
    }

    fn push_reference(&mut self, char: char) {
        self.run_has_reference = true;
        self.text.to_mut().push(char);
    }

    fn push_cdata(&mut self, text: Cow<'a, str>) {
        self.has_cdata = true;
        self.drop_layout();
        self.push(text);
        self.run = self.text.len();
        self.run_has_reference = false;
    }

    fn drop_layout(&mut self) {
        let is_layout = !self.run_has_reference && self.text.get(self.run..).is_some_and(is_space);
        if self.has_cdata && is_layout {
            match &mut self.text {
                Cow::Borrowed(text) => *text = text.get(..self.run).unwrap_or_default(),
                Cow::Owned(text) => text.truncate(self.run),
            }
        }
    }

    fn finish(mut self) -> Cow<'a, str> {
        self.drop_layout();
        self.text
    }
}

/// Size, UTF-8 and characters are checked over the whole body before anything is read: two of the three barriers
/// against length extension stand here (THREATS 3.1).
fn decode(body: &[u8]) -> Result<&str, Error> {
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
    match text.char_indices().find(|(_, char)| !is_xml_char(*char)) {
        Some((position, _)) => Err(FORBIDDEN.at(position)),
        None => Ok(text),
    }
}

/// `<?xml version="1.0"?>`, with `encoding="UTF-8"` or without.
fn declaration(text: &str, start: usize) -> Result<(), Error> {
    let inner = text.strip_prefix("<?xml").and_then(|text| text.strip_suffix("?>"));
    let rest = inner.and_then(|text| attribute(text, "version", "1.0"));
    let rest = rest.map(|text| attribute(text, "encoding", "utf-8").unwrap_or(text));
    if start == 0 && rest.is_some_and(is_space) { Ok(()) } else { Err(DECLARATION.at(start)) }
}

/// What follows ` name="value"`, when the text starts with it.
fn attribute<'a>(text: &'a str, name: &str, value: &str) -> Option<&'a str> {
    let trimmed = text.trim_start_matches(SPACE);
    let rest = if trimmed.len() < text.len() {
        trimmed.strip_prefix(name)?
    } else {
        return None;
    };
    let rest = rest.trim_start_matches(SPACE).strip_prefix('=')?.trim_start_matches(SPACE);
    let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let (found, rest) = rest.get(1..)?.split_once(quote)?;
    found.eq_ignore_ascii_case(value).then_some(rest)
}

/// The name in the start tag at `start..end`, if the tag is exactly `<Name>`.
fn name_of(text: &str, start: usize, end: usize) -> Option<&str> {
    let name = text.get(start..end)?.strip_prefix('<')?.strip_suffix('>')?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(name)
}

/// The five references XML knows by name, and numeric ones to characters XML allows.
fn resolve(reference: &str) -> Result<char, Error> {
    match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => {}
    }
    let number = reference.strip_prefix('#').ok_or(REFERENCE)?;
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // `from_str_radix` would take a sign.
    if digits.is_empty() || !digits.chars().all(|char| char.is_digit(radix)) {
        return Err(REFERENCE);
    }
    let char = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    char.filter(|char| is_xml_char(*char)).ok_or(FORBIDDEN)
}

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn is_space(text: &str) -> bool {
    text.trim_matches(SPACE).is_empty()
}

/// The bytes without the white space around them. The bytes of XML's white space stand for nothing else in UTF-8.
pub(crate) fn trim_bytes(bytes: &[u8]) -> &[u8] {
    let is_content = |byte: &u8| !SPACE.contains(&char::from(*byte));
    let start = bytes.iter().position(is_content).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(is_content).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

/// Writes a document in the shape of the official samples: an element a line, text in CDATA unless it is bare.
pub(crate) fn write<'a>(elements: impl Iterator<Item = (&'a str, &'a str)>, bare: &[&str]) -> String {
    let mut body = String::from("<xml>\n");
    for (name, text) in elements {
        let (open, close) = if bare.contains(&name) { ("", "") } else { ("<![CDATA[", "]]>") };
        let text = text.replace("]]>", "]]]]><![CDATA[>");
        for piece in ["    <", name, ">", open, &text, close, "</", name, ">\n"] {
            body.push_str(piece);
        }
    }
    body.push_str("</xml>");
    body
}

fn position(reader: &Reader<&[u8]>) -> usize {
    // The body is at most 64 KiB.
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn translate(error: &QuickError, rest: &str, position: usize) -> Error {
    match error {
        // To quick-xml whatever starts with `<![` is a CDATA section that is not closed.
        QuickError::Syntax(SyntaxError::UnclosedCData) if !rest.starts_with(CDATA) && !CDATA.starts_with(rest) => {
            MARKUP.at(position)
        }
        QuickError::IllFormed(IllFormedError::UnclosedReference) => REFERENCE.at(position),
        QuickError::Syntax(SyntaxError::InvalidBangMarkup) => MARKUP.at(position),
        QuickError::Syntax(_) => TRUNCATED.at(position),
        _ => TAG.at(position),
    }
}

const CDATA: &str = "<![CDATA[";

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
