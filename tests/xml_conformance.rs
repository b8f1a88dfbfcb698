//! Documents that XML itself refuses, and documents that XML accepts: none is a message of this protocol, none brings the
//! readers down, none is slow; and none slips in as a part of a genuine alarm.
//!
//! A few documents for each rule of XML 1.0 are here. The conformance test suite of the W3C is too, where a person has it:
//! its terms allow to pass on the whole archive only, so it is not kept with the sources. `tests/README.md` says how to
//! get it.

#[path = "laws/reference.rs"]
#[allow(dead_code, reason = "this test needs one of its readers")]
mod reference;
mod support;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use paysign::{AppKey, alarm, feedback, native_package};
use support::key;

const APP_ID: &str = "wxf8b4f85f3a794e77";
const SUITE: &str = "PAYSIGN_XMLCONF";
/// The suite of 2013 has more than a thousand such documents; fewer are a part of it, or something else.
const NOT_WELL_FORMED_AT_LEAST: usize = 1_000;

struct Document {
    name: String,
    bytes: Vec<u8>,
}

fn app_key() -> AppKey {
    key(&"0123456789abcdef".repeat(8))
}

/// Documents that are not well-formed, after the productions of XML 1.0, and three that are.
const OWN: &[&str] = &[
    // 1: one root, and nothing after it.
    "",
    " ",
    "<doc/><doc/>",
    "<doc></doc>text",
    "text<doc/>",
    "<doc/>&#32;",
    "<doc/><![CDATA[]]>",
    "&amp;<doc/>",
    // 2: characters.
    "<doc>\u{1}</doc>",
    "<doc>\u{FFFE}</doc>",
    "<doc>\u{FFFF}</doc>",
    "<doc a=\"\u{8}\"/>",
    // 4, 5: names.
    "<1doc/>",
    "<.doc/>",
    "<-doc/>",
    "<doc\u{D7}/>",
    "< doc/>",
    "<>",
    "</>",
    // 10, 41: attributes.
    "<doc a/>",
    "<doc a=b/>",
    "<doc a=\"b'/>",
    "<doc a=\"<\"/>",
    "<doc a=\"&\"/>",
    "<doc a=\"1\" a=\"2\"/>",
    "<doc a=\"1\"b=\"2\"/>",
    "<doc ?/>",
    // 14: `]]>` in text.
    "<doc>]]></doc>",
    "<doc>]]]]></doc>",
    // 15: comments.
    "<doc><!-- -- --></doc>",
    "<doc><!-- x ---></doc>",
    "<doc><!-></doc>",
    "<doc><!- - x --></doc>",
    // 16: instructions.
    "<doc><?x</doc>",
    "<doc><? x?></doc>",
    "<doc><?xml version=\"1.0\"?></doc>",
    "<doc><?XmL?></doc>",
    // 18: CDATA.
    "<doc><![CDATA [x]]></doc>",
    "<doc><![cdata[x]]></doc>",
    "<doc><![CDATA[x]]</doc>",
    "<doc><![CDATA[<![CDATA[x]]>]]></doc>",
    "<![CDATA[x]]>",
    // 23: the declaration.
    " <?xml version=\"1.0\"?><doc/>",
    "<?xml VERSION=\"1.0\"?><doc/>",
    "<?xml encoding=\"UTF-8\"?><doc/>",
    "<?xml version=\"1.0\" standalone=\"maybe\"?><doc/>",
    "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><doc/>",
    "<?xml version=\"1.0\"><doc/>",
    "<?xml version=\"1.0\" encoding=\"a b\"?><doc/>",
    // 28: document types.
    "<doc/><!DOCTYPE doc>",
    "<!DOCTYPE doc><!DOCTYPE doc><doc/>",
    "<!DOCTYPE doc [<!ENTITY e \"&e;\">]><doc>&e;</doc>",
    "<!DOCTYPE doc [<!ENTITY e \"<a>\">]><doc>&e;</doc>",
    "<!DOCTYPE doc [<!ELEMENT doc >]><doc/>",
    "<!DOCTYPE doc [%e;]><doc/>",
    // 39 to 42: elements.
    "<doc>",
    "<doc></DOC>",
    "<doc></doc >x",
    "<a><b></a></b>",
    "</doc>",
    "<doc></doc/>",
    "<doc",
    "<doc a=\"",
    // 66 to 68: references.
    "<doc>&</doc>",
    "<doc>&amp</doc>",
    "<doc>& amp;</doc>",
    "<doc>&unknown;</doc>",
    "<doc>&#0;</doc>",
    "<doc>&#x;</doc>",
    "<doc>&#X41;</doc>",
    "<doc>&#xD800;</doc>",
    "<doc>&#12345678;</doc>",
    "<doc>&#4G;</doc>",
    // Parts that stand nowhere in a document, and could in a field.
    "</Description>",
    "</Description><Description>late",
    "late</Description><Description>",
    "<Description></Description>",
    "late</Description><AppId>wx1</AppId><Description>",
    "&late;",
    "%late;",
    "<",
    ">",
    "]]>",
    "&#108;ate",
    "<![CDATA[late]]> <![CDATA[]]>",
    // Well-formed.
    "<doc/>",
    "<doc a=\"b\"><!-- x --><b>text</b></doc>",
    "<xml></xml>",
];

/// All of them.
fn documents() -> Vec<Document> {
    let mut documents = own();
    documents.extend(suite());
    documents
}

fn own() -> Vec<Document> {
    let name = |index: usize| format!("own document {index}");
    OWN.iter().enumerate().map(|(index, text)| Document { name: name(index), bytes: text.as_bytes().into() }).collect()
}

/// The documents of the suite, if the environment says where it is.
fn suite() -> Vec<Document> {
    let Some(folder) = env::var_os(SUITE) else { return Vec::new() };
    let folder = PathBuf::from(folder);
    assert!(
        folder.join("xmlconf.xml").is_file(),
        "{SUITE} must be the folder `xmlconf` of the W3C's XML Conformance Test Suite, with xmlconf.xml in it, and {} \
         is not; tests/README.md says how to get it",
        folder.display()
    );
    let mut documents = Vec::new();
    collect(&folder, &folder, &mut documents);
    let count = documents.iter().filter(|document| is_not_well_formed(document)).count();
    assert!(
        count >= NOT_WELL_FORMED_AT_LEAST,
        "the suite in {} has {count} documents that are not well-formed and should have {NOT_WELL_FORMED_AT_LEAST} or \
         more; unpack the archive anew",
        folder.display()
    );
    documents
}

fn is_not_well_formed(document: &Document) -> bool {
    document.name.contains("not-wf") && document.name.ends_with(".xml")
}

fn collect(root: &Path, folder: &Path, documents: &mut Vec<Document>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            collect(root, &path, documents);
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            documents.push(Document { name, bytes });
        }
    }
}

fn genuine() -> String {
    let fields =
        [("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "content"), ("TimeStamp", "1393860740")];
    alarm::sign_test(&fields, APP_ID, &app_key()).expect("an alarm")
}

/// The genuine alarm with the document in the place of a part of it.
fn in_place_of(part: &str, document: &Document) -> Vec<u8> {
    let body = genuine();
    let (before, after) = body.split_once(part).expect("the alarm has this part");
    [before.as_bytes(), &document.bytes, after.as_bytes()].concat()
}

#[test]
fn no_document_is_accepted_and_none_is_slow() {
    let (keys, documents) = ([app_key()], documents());
    let (mut slowest, mut slowest_name) = (Duration::ZERO, "");
    for document in &documents {
        let bytes = document.bytes.as_slice();
        let start = Instant::now();
        assert!(alarm::parse(bytes).is_err(), "{} is read as an alarm", document.name);
        assert!(alarm::verify(bytes, APP_ID, &keys).is_err(), "{} is an alarm", document.name);
        assert!(feedback::verify(bytes, APP_ID, &keys).is_err(), "{} is a feedback", document.name);
        assert!(native_package::verify_request(bytes, APP_ID, &keys).is_err(), "{} is a request", document.name);
        if start.elapsed() > slowest {
            (slowest, slowest_name) = (start.elapsed(), &document.name);
        }
    }
    let not_well_formed = documents.iter().filter(|document| is_not_well_formed(document)).count();
    println!(
        "{} documents, {not_well_formed} of the suite not well-formed; 0 accepted; the slowest took {slowest:?}: {slowest_name}",
        documents.len()
    );
    // All four functions together; microseconds, and the rest is for a busy machine.
    assert!(slowest < Duration::from_millis(500), "{slowest_name} took {slowest:?}");
}

#[test]
fn no_document_in_a_field_is_more_than_text() {
    let (mut read, documents) = (0, documents());
    for document in &documents {
        let body = in_place_of("<![CDATA[late]]>", document);
        let expected = reference::alarm(&body);
        let parsed = alarm::parse(&body);
        assert_eq!(parsed.is_ok(), expected.is_some(), "{} in a field: {parsed:?}", document.name);
        let Ok(parsed) = parsed else { continue };
        read += 1;
        // It is in its field, as text, and changed no other one.
        assert_eq!(reference::get(&expected.expect("read"), "Description"), Some(parsed.description.as_str()));
        let others = [parsed.app_id, parsed.error_type, parsed.alarm_content, parsed.time_stamp];
        assert_eq!(others, [APP_ID, "1001", "content", "1393860740"], "{}", document.name);
        let text = String::from_utf8_lossy(&document.bytes);
        assert!(!text.replace("<![CDATA[", "").contains('<'), "{} has a tag", document.name);
        // Text that is not the signed one.
        let verdict = alarm::verify(&body, APP_ID, &[app_key()]);
        assert_eq!(verdict.is_ok(), parsed.description == "late", "{}", document.name);
    }
    println!("{} documents in a field, {read} of them read as its text", documents.len());
}

#[test]
fn no_document_between_the_fields_is_more_than_layout() {
    let documents = documents();
    for document in &documents {
        let body = in_place_of("\n    <AlarmContent><![CDATA[content]]></AlarmContent>\n", document);
        assert!(alarm::parse(&body).is_err(), "{} in the place of a field", document.name);
        for place in ["<Description>", "</xml>"] {
            let body = genuine();
            let (before, after) = body.split_at(body.find(place).expect("the alarm has this part"));
            let body = [before.as_bytes(), &document.bytes, after.as_bytes()].concat();
            let is_layout = document.bytes.trim_ascii().is_empty();
            assert_eq!(alarm::verify(&body, APP_ID, &[app_key()]).is_ok(), is_layout, "{}", document.name);
        }
        let genuine = genuine();
        for body in [[&document.bytes, genuine.as_bytes()].concat(), [genuine.as_bytes(), &document.bytes].concat()] {
            // Layout, or before it a declaration.
            let verdict = alarm::verify(&body, APP_ID, &[app_key()]);
            assert_eq!(verdict.is_ok(), reference::alarm(&body).is_some(), "{} beside the alarm", document.name);
        }
    }
    println!("{} documents between the fields", documents.len());
}
