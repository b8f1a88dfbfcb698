//! The second opinion on the XML reader: the same gate over the events of quick-xml, a tokenizer that shares nothing with
//! ours. Both accept the same documents, and read the same in them.

use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::grammar::forbidden;
use crate::xml::{self, Element};

const NESTED: [&str; 1] = ["PicInfo/item/PicUrl"];

/// Name, text and the place of the end tag; `None` for a document that is refused.
type Verdict = Option<Vec<(String, String, usize)>>;

fn ours(body: &str) -> Verdict {
    let elements = xml::read(body.as_bytes(), NESTED.into_iter()).ok()?.into_iter();
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
    Some(elements.map(|Element { name, value, position }| (name.to_owned(), text(&value), position)).collect())
}

enum Place {
    BeforeRoot,
    InRoot,
    InField(String, Value),
    AfterRoot,
}

/// The text, where its present run of text and references starts, whether that has a reference, and whether there was a
/// CDATA section.
#[derive(Default)]
struct Value {
    text: String,
    run: usize,
    has_reference: bool,
    has_cdata: bool,
}

impl Value {
    fn drop_layout(&mut self) {
        if self.has_cdata && !self.has_reference && is_space(&self.text[self.run..]) {
            self.text.truncate(self.run);
        }
    }
}

fn theirs(body: &str) -> Verdict {
    if body.is_empty() || body.starts_with('\u{FEFF}') || forbidden(body).is_some() {
        return None;
    }
    let mut reader = Reader::from_str(body);
    // Tags are compared here, byte by byte; quick-xml would forgive `</Name >`.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().trim_markup_names_in_closing_tags = false;
    let mut elements = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut place = Place::BeforeRoot;
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap();
        let event = reader.read_event().ok()?;
        let token = &body[start..usize::try_from(reader.buffer_position()).unwrap()];
        place = match (place, event) {
            (Place::BeforeRoot, Event::Decl(_)) if start == 0 && DECLARATIONS.contains(&(token, true)) => {
                Place::BeforeRoot
            }
            (Place::BeforeRoot, Event::Text(text)) if is_space(&text) => Place::BeforeRoot,
            (Place::BeforeRoot, Event::Start(_)) if token == "<xml>" => Place::InRoot,
            (Place::InRoot, Event::Text(text)) if is_space(&text) => Place::InRoot,
            (Place::InRoot, Event::Start(_)) => {
                let name = token.strip_prefix('<')?.strip_suffix('>')?;
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    return None;
                }
                path.push(name.to_owned());
                let full = path.join("/");
                if NESTED.contains(&full.as_str()) || (path.len() == 1 && full != "PicInfo") {
                    Place::InField(full, Value::default())
                } else if NESTED.iter().any(|nested| nested.starts_with(&format!("{full}/"))) {
                    Place::InRoot
                } else {
                    return None;
                }
            }
            (Place::InRoot, Event::End(tag)) => match path.pop() {
                Some(open) if open == *tag => Place::InRoot,
                None if &*tag == "xml" => Place::AfterRoot,
                _ => return None,
            },
            (Place::InField(name, mut value), Event::Text(text)) if !text.contains("]]>") => {
                value.text.push_str(&text);
                Place::InField(name, value)
            }
            (Place::InField(name, mut value), Event::CData(text)) => {
                value.has_cdata = true;
                value.drop_layout();
                value.text.push_str(&text);
                value.run = value.text.len();
                value.has_reference = false;
                Place::InField(name, value)
            }
            (Place::InField(name, mut value), Event::GeneralRef(reference)) => {
                value.has_reference = true;
                value.text.push(character(&reference)?);
                Place::InField(name, value)
            }
            (Place::InField(name, mut value), Event::End(tag)) if path.last().is_some_and(|open| *open == *tag) => {
                path.pop();
                value.drop_layout();
                elements.push((name, value.text, start));
                Place::InRoot
            }
            (Place::AfterRoot, Event::Text(text)) if is_space(&text) => Place::AfterRoot,
            (Place::AfterRoot, Event::Eof) => return Some(elements),
            _ => return None,
        };
    }
}

fn is_space(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
}

fn character(reference: &str) -> Option<char> {
    let number = match reference {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => reference.strip_prefix('#')?,
    };
    if number.contains(['+', '-']) {
        return None;
    }
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).filter(|char| forbidden(&char.to_string()).is_none())
}

/// Whatever could matter to one of the two, so that most documents are nearly right.
const PIECES: [&str; 44] = [
    "<xml>",
    "</xml>",
    "<A>",
    "</A>",
    "<PicInfo>",
    "</PicInfo>",
    "<item>",
    "</item>",
    "<PicUrl>",
    "</PicUrl>",
    "<A/>",
    "<A a=\">\">",
    "<A >",
    "</A >",
    "< A>",
    "</>",
    "<>",
    "<",
    ">",
    "&",
    ";",
    "&amp;",
    "&lt;",
    "&#65;",
    "&#x41;",
    "&#0;",
    "&#x1F600;",
    "&#+65;",
    "&nbsp;",
    "<![CDATA[",
    "]]>",
    "]]",
    "<!--",
    "-->",
    "<?p?>",
    "<!DOCTYPE xml>",
    " ",
    "\n",
    "\r",
    "x",
    "\u{1F600}",
    "发",
    "\u{FFFE}",
    "\u{FEFF}",
];
/// Declarations, and whether they are accepted.
const DECLARATIONS: [(&str, bool); 12] = [
    ("", true),
    ("<?xml version=\"1.0\"?>", true),
    ("<?xml version='1.0' encoding=\"UTF-8\"?>", true),
    ("<?xml version=\"1.0\" encoding='utf-8' ?>", true),
    ("<?xml\tversion = \"1.0\"\nencoding= \"utf-8\"?>", true),
    ("<?xml version=\"1.0\"encoding=\"utf-8\"?>", false),
    ("<?xml version=\"1.0' ?>", false),
    ("<?xml version=\"1.0\" standalone=\"yes\"?>", false),
    ("<?xml version=\"1.1\"?>", false),
    ("<?xml encoding=\"utf-8\"?>", false),
    ("<?xml version=\"1.0\" encoding=\"gbk\"?>", false),
    ("<?xmlversion=\"1.0\"?>", false),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_second_reader_says_the_same(
        declaration in prop::sample::select(&DECLARATIONS[..]),
        content in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12),
        before in prop::sample::select(&["<xml>", "<xml><A>", "<xml><PicInfo><item><PicUrl>", ""][..]),
        after in prop::sample::select(&["</xml>", "</A></xml>", "</PicUrl></item></PicInfo></xml>", "</xml>x", ""][..]),
    ) {
        let body = [declaration.0, before, &content.concat(), after].concat();
        prop_assert_eq!(ours(&body), theirs(&body), "{}", body);
    }
}

#[test]
fn both_accept_what_is_right() {
    let body = "<?xml version='1.0' encoding=\"UTF-8\"?>\n<xml> <A>a&amp;<![CDATA[<b>]]> </A>\n<PicInfo><item><PicUrl>u</PicUrl></item></PicInfo></xml>\n";
    let read = ours(body).expect("it is a document of the grammar");
    assert_eq!(Some(&read), theirs(body).as_ref());
    let texts: Vec<_> = read.iter().map(|(name, value, _)| (name.as_str(), value.as_str())).collect();
    assert_eq!(texts, [("A", "a&<b>"), ("PicInfo/item/PicUrl", "u")]);
}
