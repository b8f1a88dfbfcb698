//! A second reader of the flat document, by hand, character by character. It shares nothing with `src/`: no tokenizer, no
//! table, no grammar. It has no errors either, only a verdict.

/// What an element holds: its path and its text.
pub(crate) type Element = (String, String);

/// The fields of a message: name (in others: path) and value, in the order in which they came.
pub(crate) type Values = Vec<(&'static str, String)>;

const CONTAINERS: [&str; 2] = ["PicInfo", "PicInfo/item"];
const LEAF: &str = "PicInfo/item/PicUrl";

/// Reads an alarm.
pub(crate) fn alarm(body: &[u8]) -> Option<Values> {
    let mut values = Values::new();
    for (name, value) in read(body, false)? {
        let known = match name.as_str() {
            "AppId" => ("AppId", identifier(trim(&value))?),
            "ErrorType" => ("ErrorType", digits(trim(&value), 10)?),
            "Description" => ("Description", free_text(&value)?),
            "AlarmContent" => ("AlarmContent", free_text(&value)?),
            "TimeStamp" => ("TimeStamp", digits(trim(&value), 10)?),
            "AppSignature" => ("AppSignature", signature(trim(&value))?),
            "SignMethod" => ("SignMethod", method(trim(&value))?),
            _ => return None,
        };
        add(&mut values, known)?;
    }
    (values.len() == 7).then_some(values)
}

/// Reads a feedback message.
pub(crate) fn feedback(body: &[u8]) -> Option<Values> {
    let mut values = Values::new();
    let mut pictures = 0;
    for (name, value) in read(body, true)? {
        let known = match name.as_str() {
            "OpenId" => ("OpenId", identifier(trim(&value))?),
            "AppId" => ("AppId", identifier(trim(&value))?),
            "TimeStamp" => ("TimeStamp", digits(trim(&value), 10)?),
            "MsgType" => ("MsgType", word(trim(&value), 32)?),
            "FeedBackId" => ("FeedBackId", digits(trim(&value), 64)?),
            "TransId" => ("TransId", digits(trim(&value), 64)?),
            "Reason" => ("Reason", free_text(&value)?),
            "Solution" => ("Solution", free_text(&value)?),
            "ExtInfo" => ("ExtInfo", free_text(&value)?),
            "AppSignature" => ("AppSignature", signature(trim(&value))?),
            "SignMethod" => ("SignMethod", method(trim(&value))?),
            LEAF => {
                pictures += 1;
                values.push((LEAF, free_text(&value)?));
                continue;
            }
            _ => return None,
        };
        add(&mut values, known)?;
    }
    let needed = ["OpenId", "AppId", "TimeStamp", "AppSignature", "SignMethod"];
    let complete = needed.iter().all(|name| get(&values, name).is_some());
    (complete && pictures <= 5).then_some(values)
}

/// The value of a field.
pub(crate) fn get<'v>(values: &'v Values, name: &str) -> Option<&'v str> {
    values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

/// The elements of the document, in their order.
pub(crate) fn read(body: &[u8], pictures: bool) -> Option<Vec<Element>> {
    if body.len() > 65_536 {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?;
    if text.starts_with('\u{FEFF}') || !text.chars().all(is_char) {
        return None;
    }
    let mut scanner = Scanner { rest: text };
    if scanner.rest.starts_with("<?") {
        scanner.declaration()?;
    }
    scanner.space();
    scanner.take("<xml>")?;
    let mut elements = Vec::new();
    loop {
        scanner.space();
        if scanner.take("</xml>").is_some() {
            break;
        }
        scanner.element("", pictures, &mut elements)?;
    }
    scanner.space();
    scanner.rest.is_empty().then_some(elements)
}

struct Scanner<'t> {
    rest: &'t str,
}

impl<'t> Scanner<'t> {
    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    /// Skips white space, and says whether there was any.
    fn space(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches(is_space);
        self.rest.len() < before
    }

    /// Takes the text before a token, and the token.
    fn until(&mut self, token: &str) -> Option<&'t str> {
        let end = self.rest.find(token)?;
        let text = &self.rest[..end];
        self.rest = &self.rest[end + token.len()..];
        Some(text)
    }

    fn declaration(&mut self) -> Option<()> {
        self.take("<?xml")?;
        let mut spaced = self.space();
        self.setting(spaced, "version", "1.0")?;
        spaced = self.space();
        if self.rest.starts_with('e') {
            self.setting(spaced, "encoding", "utf-8")?;
            self.space();
        }
        self.take("?>")
    }

    fn setting(&mut self, spaced: bool, name: &str, value: &str) -> Option<()> {
        self.take(name).filter(|()| spaced)?;
        self.space();
        self.take("=")?;
        self.space();
        let quote = if self.rest.starts_with('"') { "\"" } else { "'" };
        self.take(quote)?;
        self.until(quote)?.eq_ignore_ascii_case(value).then_some(())
    }

    fn element(&mut self, parent: &str, pictures: bool, elements: &mut Vec<Element>) -> Option<()> {
        self.take("<")?;
        let name = self.until(">")?;
        if name.is_empty() || !name.chars().all(|char| char.is_ascii_alphabetic()) {
            return None;
        }
        let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") };
        let end = format!("</{name}>");
        if pictures && CONTAINERS.contains(&path.as_str()) {
            loop {
                self.space();
                if self.take(&end).is_some() {
                    return Some(());
                }
                self.element(&path, pictures, elements)?;
            }
        }
        if !parent.is_empty() && path != LEAF {
            return None;
        }
        let value = self.value()?;
        self.take(&end)?;
        elements.push((path, value));
        Some(())
    }

    /// Text, CDATA sections and references, up to the next tag.
    fn value(&mut self) -> Option<String> {
        // What stands between the CDATA sections: the text, and whether it is as it was written.
        let mut runs = vec![(String::new(), true)];
        let mut sections = Vec::new();
        loop {
            let (text, literal) = runs.last_mut()?;
            if self.take("<![CDATA[").is_some() {
                sections.push(self.until("]]>")?);
                runs.push((String::new(), true));
            } else if self.rest.starts_with('<') {
                break;
            } else if self.take("&").is_some() {
                text.push(reference(self.until(";")?)?);
                *literal = false;
            } else {
                if self.rest.starts_with("]]>") {
                    return None;
                }
                let char = self.rest.chars().next()?;
                text.push(char);
                self.rest = &self.rest[char.len_utf8()..];
            }
        }
        let mut value = String::new();
        for (index, (text, literal)) in runs.iter().enumerate() {
            let is_layout = !sections.is_empty() && *literal && text.chars().all(is_space);
            if !is_layout {
                value.push_str(text);
            }
            value.push_str(sections.get(index).unwrap_or(&""));
        }
        Some(value)
    }
}

fn reference(name: &str) -> Option<char> {
    let code = match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => name.strip_prefix('#')?,
    };
    let (digits, base) = match code.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (code, 10),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number: u32 = 0;
    for digit in digits.chars() {
        number = number.checked_mul(base)?.checked_add(digit.to_digit(base)?)?;
    }
    char::from_u32(number).filter(|char| is_char(*char))
}

fn add(values: &mut Values, known: (&'static str, String)) -> Option<()> {
    if get(values, known.0).is_some() {
        return None;
    }
    values.push(known);
    Some(())
}

/// Production 2 of XML 1.0.
fn is_char(char: char) -> bool {
    match u32::from(char) {
        0x9 | 0xA | 0xD => true,
        code => (0x20..0xFFFE).contains(&code) || code >= 0x1_0000,
    }
}

/// Production 3.
fn is_space(char: char) -> bool {
    [' ', '\t', '\r', '\n'].contains(&char)
}

pub(crate) fn trim(value: &str) -> &str {
    value.trim_matches(is_space)
}

fn when(value: &str, holds: bool) -> Option<String> {
    holds.then(|| value.to_owned())
}

fn identifier(value: &str) -> Option<String> {
    word(&value.replace(['_', '-'], "x"), 64)?;
    Some(value.to_owned())
}

fn word(value: &str, max: usize) -> Option<String> {
    when(value, (1..=max).contains(&value.len()) && value.chars().all(|char| char.is_ascii_alphanumeric()))
}

fn digits(value: &str, max: usize) -> Option<String> {
    when(value, (1..=max).contains(&value.len()) && value.chars().all(|char| char.is_ascii_digit()))
}

fn free_text(value: &str) -> Option<String> {
    when(value, value.chars().count() <= 16_384)
}

fn signature(value: &str) -> Option<String> {
    when(value, value.len() == 40 && value.chars().all(|char| char.is_ascii_hexdigit()))
}

fn method(value: &str) -> Option<String> {
    when(value, value.eq_ignore_ascii_case("sha1"))
}
