//! No body costs more than its length (THREATS T2, T3): four times the bytes take about four times the time.

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use paysign::{AppKey, alarm, feedback};
use support::key;

const APP_ID: &str = "wxf8b4f85f3a794e77";
const LARGE: usize = 65_536;
/// Four times the bytes, and half as much again for what the machine does besides. Quadratic work would be 16.
const BOUND: f64 = 6.0;

/// A way to attack with size: what a body starts with, what is repeated, what it ends with, and the code it must earn,
/// which shows that the reader came as far as it should.
struct Shape {
    name: &'static str,
    start: &'static str,
    /// `%` stands for a number that counts up.
    unit: &'static str,
    end: &'static str,
    code: &'static str,
    /// The larger of the two sizes that are compared.
    large: usize,
}

impl Shape {
    /// With fewer bytes, because a free text has at most 16,384 characters and would be refused for its length.
    const fn up_to(self, large: usize) -> Self {
        Self { large, ..self }
    }

    /// A body of this size, give or take a unit.
    fn body(&self, size: usize) -> Vec<u8> {
        let mut body = self.start.to_owned();
        let mut count = 0;
        loop {
            let unit = self.unit.replace("%", &count.to_string());
            if body.len() + unit.len() + self.end.len() > size {
                break;
            }
            body.push_str(&unit);
            count += 1;
        }
        body.push_str(self.end);
        assert!(count > 100 && body.len() > size * 9 / 10, "{}: {count} units, {} bytes", self.name, body.len());
        body.into_bytes()
    }
}

const fn shape(
    name: &'static str,
    start: &'static str,
    unit: &'static str,
    end: &'static str,
    code: &'static str,
) -> Shape {
    Shape { name, start, unit, end, code, large: LARGE }
}

/// The rest of a genuine alarm after its description.
macro_rules! alarm {
    ($description:literal) => {
        concat!(
            "<xml><AppId>wxf8b4f85f3a794e77</AppId><ErrorType>1001</ErrorType><AlarmContent></AlarmContent>",
            "<TimeStamp>1393860740</TimeStamp><AppSignature>0000000000000000000000000000000000000000</AppSignature>",
            "<SignMethod>sha1</SignMethod><Description>",
            $description
        )
    };
}

const END: &str = "</Description></xml>";

const ALARMS: &[Shape] = &[
    shape("attributes", "<xml><ErrorType", " a%=\"\"", ">1001</ErrorType></xml>", "XML_TAG"),
    shape("equal attributes", "<xml><ErrorType", " a=\"\"", ">1001</ErrorType></xml>", "XML_TAG"),
    shape("attributes of the root", "<xml", " a%=\"\"", "></xml>", "XML_ROOT"),
    shape("namespaces", "<xml><ErrorType", " xmlns:n%=\"u\"", ">1001</ErrorType></xml>", "XML_TAG"),
    shape("depth", alarm!(""), "<b>", END, "XML_MARKUP"),
    shape("depth without a root", "", "<b>", "", "XML_ROOT"),
    shape("a long name", "<xml><", "Name", ">1</Name></xml>", "XML_TAG"),
    shape("a long end tag", "<xml><Name>1</", "Name", "></xml>", "XML_TAG"),
    shape("an endless name", "<xml><", "Name", "", "XML_TRUNCATED"),
    shape("empty CDATA sections", alarm!(""), "<![CDATA[]]>", END, "SIGNATURE_MISMATCH"),
    shape("empty CDATA sections after text", alarm!("x"), "<![CDATA[]]>", END, "SIGNATURE_MISMATCH"),
    shape("CDATA sections of one character", alarm!(""), "<![CDATA[x]]>", END, "SIGNATURE_MISMATCH"),
    shape("CDATA sections between white space", alarm!(""), " <![CDATA[x]]>\n", END, "SIGNATURE_MISMATCH"),
    shape("CDATA sections between references", alarm!(""), "&#32;<![CDATA[]]>", END, "SIGNATURE_MISMATCH"),
    shape("a CDATA section of brackets", alarm!("<![CDATA["), "]", "", "XML_TRUNCATED"),
    shape("a CDATA section of ends that are none", alarm!("<![CDATA["), "]>", "", "XML_TRUNCATED"),
    shape("named references", alarm!(""), "&amp;", END, "SIGNATURE_MISMATCH"),
    shape("numeric references", alarm!(""), "&#x41;", END, "SIGNATURE_MISMATCH"),
    shape("a numeric reference of zeros", alarm!("&#"), "0", "65;</Description></xml>", "SIGNATURE_MISMATCH"),
    shape("ampersands", alarm!(""), "&", END, "XML_REFERENCE"),
    shape("a reference without an end", alarm!("&"), "amp", "", "XML_REFERENCE"),
    shape("carriage returns", alarm!("<![CDATA["), "a\r\n\r", "]]></Description></xml>", "SIGNATURE_MISMATCH")
        .up_to(16_384),
    shape("text", alarm!(""), "发货超时", END, "SIGNATURE_MISMATCH").up_to(49_152),
    shape("a field again and again", "<xml>", "<ErrorType>1</ErrorType>", "</xml>", "FIELD_DUPLICATE"),
    shape("unknown fields", "<xml>", "<Name>1</Name>", "</xml>", "FIELD_UNKNOWN"),
    shape("empty fields", "<xml>", "<A></A>", "</xml>", "FIELD_UNKNOWN"),
    shape("white space", alarm!("</Description>"), " \n\t\r", "</xml>", "SIGNATURE_MISMATCH"),
    shape("white space around a number", "<xml><ErrorType>", " ", "1</ErrorType></xml>", "FIELD_MISSING"),
    shape("white space after the root", "<xml></xml>", " ", "", "FIELD_MISSING"),
    shape("a comment of hyphens", alarm!("<!--"), "-", "", "XML_MARKUP"),
    shape("an instruction of question marks", alarm!("<?x"), "?", "", "XML_MARKUP"),
    shape("a declaration", "<?xml version=\"1.0\"", " ", "?><xml></xml>", "FIELD_MISSING"),
    shape("entities", "<!DOCTYPE x [", "<!ENTITY e% \"&e;&e;\">", "]><xml></xml>", "XML_DOCTYPE"),
    shape("brackets in a DOCTYPE", "<!DOCTYPE x ", "[", "><xml></xml>", "XML_DOCTYPE"),
    shape("angle brackets in a DOCTYPE", "<!DOCTYPE x ", "<", "><xml></xml>", "XML_DOCTYPE"),
    shape("quotes in a DOCTYPE", "<!DOCTYPE x [<!ENTITY e ", "\"", ">]><xml></xml>", "XML_DOCTYPE"),
    shape("angle brackets", alarm!(""), "<", "", "XML_TRUNCATED"),
    // The key of these tests is a text of k: every place looks like its beginning.
    shape("almost the key", alarm!(""), "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkx", END, "SIGNATURE_MISMATCH").up_to(16_384),
];

const FEEDBACKS: &[Shape] = &[
    shape("lists", "<xml>", "<PicInfo></PicInfo>", "</xml>", "FIELD_MISSING"),
    shape("items", "<xml><PicInfo>", "<item></item>", "</PicInfo></xml>", "FIELD_MISSING"),
    shape("pictures", "<xml><PicInfo>", "<item><PicUrl>u</PicUrl></item>", "</PicInfo></xml>", "FIELD_DUPLICATE"),
    shape("depth in a list", "<xml>", "<PicInfo>", "</xml>", "XML_MARKUP"),
];

fn app_key() -> AppKey {
    key(&"k".repeat(128))
}

fn time(calls: u32, read: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..calls).for_each(|_| read());
    start.elapsed()
}

/// How many times as long a body takes as one of a quarter of its length. The shortest of many measurements counts, for
/// what the machine does besides only adds; four of the small ones are measured against one of the large, for a longer
/// measurement would be interrupted more often.
fn ratio(small: &[u8], large: &[u8], read: &impl Fn(&[u8]) -> &'static str) -> f64 {
    let read = |body: &[u8]| _ = black_box(read(black_box(body)));
    let mut shortest = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        shortest.0 = shortest.0.min(time(4, || read(small)));
        shortest.1 = shortest.1.min(time(1, || read(large)));
    }
    4.0 * shortest.1.as_secs_f64() / shortest.0.as_secs_f64()
}

fn assert_linear(shape: &Shape, read: impl Fn(&[u8]) -> &'static str) {
    let (small, large) = (shape.body(shape.large / 4), shape.body(shape.large));
    for body in [&small, &large] {
        assert_eq!(read(body), shape.code, "{}", shape.name);
    }
    // A machine that is busy through one series is not busy through all of them.
    let mut ratios = Vec::new();
    for _ in 0..10 {
        let ratio = ratio(&small, &large, &read);
        if ratio <= BOUND {
            return;
        }
        ratios.push(ratio);
    }
    panic!("{}: four times the bytes took {ratios:.1?} times the time", shape.name);
}

#[test]
fn reading_an_alarm_takes_time_in_proportion_to_its_length() {
    let keys = [app_key()];
    for shape in ALARMS {
        assert_linear(shape, |body| {
            alarm::verify(body, APP_ID, &keys).map_or_else(|error| error.code().as_str(), |_| "ACCEPT")
        });
    }
}

#[test]
fn reading_lists_takes_time_in_proportion_to_their_length() {
    let keys = [app_key()];
    for shape in FEEDBACKS {
        assert_linear(shape, |body| {
            feedback::verify(body, APP_ID, &keys).map_or_else(|error| error.code().as_str(), |_| "ACCEPT")
        });
    }
}

#[cfg(feature = "push")]
const PUSHES: &[Shape] = &[
    shape("fields", "<xml><Event>a</Event>", "<a%>1</a%>", "</xml>", "named"),
    shape("empty elements", "<xml><Event>a</Event>", "<a%/>", "</xml>", "named"),
    shape("an element again and again", "<xml><Event>a</Event>", "<a/>", "</xml>", "named"),
    shape("depth", "<xml>", "<b>", "", "nothing"),
    shape("elements in another", "<xml><Event>a</Event><b>", "<c></c>", "</b></xml>", "named"),
    shape("text between them", "<xml><Event>a</Event><b>", "x<c/>&amp;<![CDATA[]]>", "</b></xml>", "named"),
    shape("a long name", "<xml><", "a_", ">1</Name></xml>", "nothing"),
    shape("members", r#"{"Event":"a""#, r#","a%":1"#, "}", "named"),
    shape("a member again and again", r#"{"Event":"a""#, r#","a":1"#, "}", "named"),
    shape("depth in JSON", r#"{"Event":"a","b":"#, "[", "", "nothing"),
    shape("depth of objects", r#"{"Event":"a","b":"#, r#"{"a":"#, "", "nothing"),
    shape("an array", r#"{"Event":"a","b":[0"#, ",0", "]}", "named"),
    shape("escapes", r#"{"Event":"a","b":""#, r"\u0061", r#""}"#, "named"),
    shape("digits", r#"{"Event":"a","b":1"#, "0", "}", "named"),
    shape("spaces", r#"{"Event":"a""#, " ", "}", "named"),
];

#[cfg(feature = "push")]
#[test]
fn reading_a_push_takes_time_in_proportion_to_its_length() {
    use paysign::push::{PushEvent, parse_content};

    for shape in PUSHES {
        assert_linear(shape, |body| match std::str::from_utf8(body).map(parse_content) {
            Ok(PushEvent::Other(event)) if event.name == "a" => "named",
            _ => "nothing",
        });
    }
}
