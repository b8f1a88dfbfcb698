//! The strict rule set over alarm bodies, and what a verified alarm is.

mod support;

use paysign::{AppKey, alarm};
use support::{body, key, rows, text, vectors};

const APP_ID: &str = "wxf8b4f85f3a794e77";

fn app_key() -> AppKey {
    key(&"0123456789abcdef".repeat(8))
}

fn signed(fields: &[(&str, &str)]) -> String {
    alarm::sign_test(fields, APP_ID, &app_key()).expect("an alarm")
}

fn plain() -> String {
    signed(&[("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "content"), ("TimeStamp", "1393860740")])
}

fn code(body: &[u8]) -> &'static str {
    alarm::verify(body, APP_ID, &[app_key()]).expect_err("a refusal").code().as_str()
}

#[test]
fn every_body_gets_its_verdict() {
    // The verdicts that every runtime must reach; those of the first file name the rule as another implementation does.
    let listed = include_str!("runtimes/verdicts.txt").lines().map(|line| line.split_once(" → ").expect("a verdict"));
    let listed: Vec<_> = listed.map(|(name, rest)| (name, rest.split(',').next().unwrap_or_default())).collect();
    let mut found = Vec::new();
    let files = [("alarm-bodies.json", 69), ("alarm-bodies-more.json", 159)].map(|(name, count)| {
        let file = vectors(name);
        assert_eq!(rows(&file).len(), count, "{name}");
        file
    });
    for file in &files {
        let (app_id, app_key) = (text(file, "appid"), key(text(file, "appkey")));
        for row in rows(file) {
            let (name, expected) = (text(row, "name"), text(row, "verdict"));
            let verdict = alarm::verify(&body(row), app_id, std::slice::from_ref(&app_key));
            assert_eq!(verdict.is_ok(), expected == "ACCEPT", "{name}: {verdict:?}");
            let verdict = verdict.map_or_else(|error| error.code().as_str(), |_| "ACCEPT");
            // A row with a threat names our codes.
            assert!(row.get("threat").is_none() || verdict == expected, "{name}: {verdict}, not {expected}");
            found.push((name, verdict));
        }
    }
    assert_eq!(found, listed);
}

#[test]
fn the_sample_of_the_article_parses_and_does_not_verify() {
    let sample = "<xml>\n    <AppId><![CDATA[wxf8b4f85f3a794e77]]></AppId>\n    <ErrorType>1001</ErrorType>\n    \
        <Description><![CDATA[错识描述]]></Description>\n    <AlarmContent><![CDATA[错误详情]]></AlarmContent>\n    \
        <TimeStamp>1393860740</TimeStamp>\n    \
        <AppSignature><![CDATA[f8164781a303f4d5a944a2dfc68411a8c7e4fbea]]></AppSignature>\n    \
        <SignMethod><![CDATA[sha1]]></SignMethod>\n</xml>";
    let parsed = alarm::parse(sample.as_bytes()).expect("it is well-formed");
    assert_eq!((parsed.error_type.as_str(), parsed.description.as_str()), ("1001", "错识描述"));
    assert!(!parsed.verified);
    for row in rows(&vectors("signatures.json")).iter().filter(|row| !text(row, "key").is_empty()) {
        let error = alarm::verify(sample.as_bytes(), APP_ID, &[key(text(row, "key"))]).expect_err("a placeholder");
        assert_eq!(error.code().as_str(), "SIGNATURE_MISMATCH");
    }
}

#[test]
fn what_is_signed_comes_back_as_it_was() {
    for content in ["", "a&b=c", "]]>", "<AppId>x</AppId>", "&amp;", "a]]>b]]>c", "😀 \u{FEFF}", "line\nbreak\ttab"] {
        let body =
            signed(&[("ErrorType", "1001"), ("Description", content), ("AlarmContent", content), ("TimeStamp", "1")]);
        let alarm = alarm::verify(body.as_bytes(), APP_ID, &[app_key()]).expect(content);
        assert_eq!((alarm.description.as_str(), alarm.alarm_content.as_str()), (content, content));
    }
}

#[test]
fn carriage_returns_verify_as_sent_and_as_xml_folds_them() {
    let fields = |text| [("ErrorType", "1"), ("Description", text), ("AlarmContent", "x"), ("TimeStamp", "1")];
    let as_sent = signed(&fields("a\r\nb\rc"));
    let alarm = alarm::verify(as_sent.as_bytes(), APP_ID, &[app_key()]).expect("signed with CR LF");
    assert_eq!(alarm.description, "a\r\nb\rc");
    // A sender that signs the folded text and writes the raw one.
    let folded = signed(&fields("a\nb\nc")).replace("a\nb\nc", "a\r\nb\rc");
    let alarm = alarm::verify(folded.as_bytes(), APP_ID, &[app_key()]).expect("signed with LF");
    assert_eq!(alarm.description, "a\nb\nc");
    // Folding is another attempt, not a reason to believe.
    for forged in [as_sent.replace("a\r\nb", "x\r\nb"), folded.replace("a\r\nb", "x\r\nb")] {
        assert_eq!(code(forged.as_bytes()), "SIGNATURE_MISMATCH");
    }
}

#[test]
fn references_stand_for_their_characters() {
    let fields = [("ErrorType", "1"), ("Description", "&<>\"'A中"), ("AlarmContent", "x"), ("TimeStamp", "1")];
    let body = signed(&fields).replace("<![CDATA[&<>\"'A中]]>", "&amp;&lt;&gt;&quot;&apos;&#65;&#x4E2d;");
    assert!(body.contains("&quot;"), "{body}");
    let alarm = alarm::verify(body.as_bytes(), APP_ID, &[app_key()]).expect("the same text");
    assert_eq!(alarm.description, "&<>\"'A中");
}

#[test]
fn any_of_several_keys_verifies_and_none_does_not() {
    let other = key(&"z".repeat(128));
    let body = plain();
    assert!(alarm::verify(body.as_bytes(), APP_ID, &[other.clone(), app_key()]).is_ok());
    assert!(alarm::verify(body.as_bytes(), APP_ID, &[app_key(), other.clone()]).is_ok());
    assert_eq!(
        alarm::verify(body.as_bytes(), APP_ID, &[other]).expect_err("another key").code().as_str(),
        "SIGNATURE_MISMATCH"
    );
    assert_eq!(alarm::verify(body.as_bytes(), APP_ID, &[]).expect_err("no key").code().as_str(), "SIGNATURE_MISMATCH");
}

#[test]
fn the_dedup_key_is_that_of_the_signed_fields() {
    let dedup_key = |body: &str| alarm::verify(body.as_bytes(), APP_ID, &[app_key()]).expect("an alarm").dedup_key;
    let body = plain();
    let expected = dedup_key(&body);
    assert_eq!(expected.len(), 64);
    for same in [
        body.replace("    ", ""),
        body.replace("<![CDATA[late]]>", "l<![CDATA[]]><![CDATA[at]]>&#x65;"),
        body.replace("<![CDATA[sha1]]>", "SHA1"),
        body.replace("<ErrorType>1001<", "<ErrorType> <![CDATA[1001]]>\n<"),
    ] {
        assert_ne!(same, body);
        assert_eq!(dedup_key(&same), expected, "{same}");
    }
    let other =
        signed(&[("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "content"), ("TimeStamp", "2")]);
    assert_ne!(dedup_key(&other), expected);
}

#[test]
fn the_dedup_keys_of_messages_that_differ_only_in_their_boundaries_differ() {
    // Without the key between them, these two would have one text.
    let make = |content, description| {
        let fields = [("ErrorType", "1"), ("Description", description), ("AlarmContent", content), ("TimeStamp", "1")];
        alarm::verify(signed(&fields).as_bytes(), APP_ID, &[app_key()]).expect("an alarm").dedup_key
    };
    let infix = format!("&appid={APP_ID}&description=");
    assert_ne!(make(&format!("a{infix}b"), "c"), make("a", &format!("b{infix}c")));
}

#[test]
fn white_space_is_layout_beside_cdata_and_content_elsewhere() {
    let body = plain();
    let layout = body.replace("<![CDATA[late]]>", " \n<![CDATA[late]]>\t");
    assert!(alarm::verify(layout.as_bytes(), APP_ID, &[app_key()]).is_ok());
    for content in [" late", "&#32;<![CDATA[late]]>", "<![CDATA[ late]]>", "<![CDATA[late]]>.", "\t<![CDATA[late]]>x\t"]
    {
        let changed = body.replace("<![CDATA[late]]>", content);
        assert_eq!(code(changed.as_bytes()), "SIGNATURE_MISMATCH", "{content}");
    }
}

#[test]
fn the_key_never_stands_in_a_value() {
    let secret = "0123456789abcdef".repeat(8);
    let body = plain().replace("<![CDATA[late]]>", &format!("<![CDATA[x{secret}y]]>"));
    assert_eq!(code(body.as_bytes()), "FIELD_CONTAINS_KEY");
}

/// One line per refusal: what is done to a genuine body, and the code it earns.
#[test]
fn each_rule_refuses() {
    let body = plain();
    let change = |from: &str, to: &str| {
        assert!(body.contains(from), "{from}");
        body.replacen(from, to, 1)
    };
    let cases: &[(String, &str)] = &[
        (String::new(), "XML_ROOT"),
        ("   \n".to_owned(), "XML_ROOT"),
        ("<!doctype html><html></html>".to_owned(), "XML_DOCTYPE"),
        ("<html><body>502</body></html>".to_owned(), "XML_ROOT"),
        ("{\"AppId\":1}".to_owned(), "XML_ROOT"),
        ("plain".to_owned(), "XML_ROOT"),
        ("plain".to_owned() + &body, "XML_ROOT"),
        ("\u{FEFF}".to_owned() + &body, "XML_ROOT"),
        (change("<xml>", "<XML>"), "XML_ROOT"),
        (change("<xml>", "<xml a=\"b\">"), "XML_ROOT"),
        (change("<xml>", "<xml >"), "XML_ROOT"),
        ("<xml/>".to_owned(), "XML_TAG"),
        (change("<xml>", "<xml><></>"), "XML_TAG"),
        ("<![CDATA[x]]>".to_owned() + &body, "XML_ROOT"),
        (body.clone() + "x", "XML_TRAILING"),
        (body.clone() + &body, "XML_TRAILING"),
        (body.clone() + "<![CDATA[]]>", "XML_TRAILING"),
        (body.clone() + "&#32;", "XML_TRAILING"),
        (body.clone() + "</xml>", "XML_TRAILING"),
        (body.clone() + "<!-- -->", "XML_MARKUP"),
        (body.clone() + "<?p?>", "XML_MARKUP"),
        (body.clone() + "<!DOCTYPE xml>", "XML_DOCTYPE"),
        (body.clone() + "<?xml version=\"1.0\"?>", "XML_DECLARATION"),
        ("<?xml version=\"1.1\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml version=\"1.0\" encoding=\"GBK\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml version=\"1.0\" standalone=\"yes\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml encoding=\"UTF-8\" version=\"1.0\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml version=\"1.0\"encoding=\"UTF-8\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml version='1.0\"?>".to_owned() + &body, "XML_DECLARATION"),
        (" <?xml version=\"1.0\"?>".to_owned() + &body, "XML_DECLARATION"),
        ("<?xml version=\"1.0\"?><?xml version=\"1.0\"?>".to_owned() + &body, "XML_DECLARATION"),
        (body.replace("</xml>", ""), "XML_TRUNCATED"),
        (body.replace("</SignMethod>\n</xml>", ""), "XML_TRUNCATED"),
        (body.replace("]]></SignMethod>\n</xml>", ""), "XML_TRUNCATED"),
        (change("</Description>", "</AlarmContent>"), "XML_TAG"),
        (change("</Description>", "</Description >"), "XML_TAG"),
        (change("</Description>", "</ Description>"), "XML_TAG"),
        (change("<Description>", "<Description >"), "XML_TAG"),
        (change("<Description>", "<Description a=\"1\">"), "XML_TAG"),
        (change("<Description>", "<n:Description>"), "XML_TAG"),
        (change("<Description>", "<Description1>"), "XML_TAG"),
        (change("<Description>", "<说明>"), "XML_TAG"),
        (change("<Description>", "<>"), "XML_TAG"),
        (change("<Description>", "</Description>"), "XML_TAG"),
        (change("<Description>", "<Description/><Description>"), "XML_TAG"),
        (change("<![CDATA[late]]>", "<b>late</b>"), "XML_MARKUP"),
        (change("<![CDATA[late]]>", "<!-- x -->late"), "XML_MARKUP"),
        (change("<![CDATA[late]]>", "<?x?>late"), "XML_MARKUP"),
        (change("<![CDATA[late]]>", "<!ELEMENT x>"), "XML_MARKUP"),
        (change("<![CDATA[late]]>", "a]]>b"), "XML_TEXT"),
        (change("<ErrorType>", "x<ErrorType>"), "XML_TEXT"),
        (change("<ErrorType>", "<![CDATA[ ]]><ErrorType>"), "XML_TEXT"),
        (change("<ErrorType>", "&#32;<ErrorType>"), "XML_TEXT"),
        (change("<![CDATA[late]]>", "&late;"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "a & b"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "&#;"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "&#x;"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "&#X41;"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "&#+65;"), "XML_REFERENCE"),
        (change("<![CDATA[late]]>", "&#1;"), "XML_FORBIDDEN_CHARACTER"),
        (change("<![CDATA[late]]>", "&#xD800;"), "XML_FORBIDDEN_CHARACTER"),
        (change("<![CDATA[late]]>", "&#xFFFE;"), "XML_FORBIDDEN_CHARACTER"),
        (change("<![CDATA[late]]>", "&#99999999999;"), "XML_FORBIDDEN_CHARACTER"),
        (change("late", "\u{0}"), "XML_FORBIDDEN_CHARACTER"),
        (change("late", "\u{1b}"), "XML_FORBIDDEN_CHARACTER"),
        (change("late", "\u{FFFF}"), "XML_FORBIDDEN_CHARACTER"),
        (change("<ErrorType>1001</ErrorType>", ""), "FIELD_MISSING"),
        (change("<ErrorType>", "<ErrorType>1001</ErrorType><ErrorType>"), "FIELD_DUPLICATE"),
        (change("<ErrorType>", "<errortype>1</errortype><ErrorType>"), "FIELD_UNKNOWN"),
        (change("<ErrorType>", "<NonceStr>x</NonceStr><ErrorType>"), "FIELD_UNKNOWN"),
        (change("<ErrorType>1001<", "<ErrorType>1 001<"), "FIELD_MALFORMED"),
        (change("<ErrorType>1001<", "<ErrorType>0<"), "SIGNATURE_MISMATCH"),
        (change("1393860740", "1393860740000"), "FIELD_MALFORMED"),
        (change("<![CDATA[late]]>", &"x".repeat(16_385)), "FIELD_MALFORMED"),
        (change("wxf8b4f85f3a794e77", "wxf8b4f85f3a794e78"), "APP_ID_MISMATCH"),
        (change("sha1", "md5"), "SIGNATURE_METHOD"),
        (change("sha1", ""), "SIGNATURE_METHOD"),
        (change("late", "Late"), "SIGNATURE_MISMATCH"),
    ];
    for (body, expected) in cases {
        assert_eq!(code(body.as_bytes()), *expected, "{body}");
    }
    assert_eq!(code(&[body.as_bytes(), b"\x80"].concat()), "XML_NOT_UTF8");
    assert_eq!(code(&b" ".repeat(65_537)), "XML_TOO_LARGE");
    assert_eq!(code(&b" ".repeat(65_536)), "XML_ROOT");
    for accepted in [
        "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n".to_owned() + &body,
        "<?xml  version = '1.0'?>".to_owned() + &body,
        "\n ".to_owned() + &body + "\r\n\t ",
    ] {
        assert!(alarm::verify(accepted.as_bytes(), APP_ID, &[app_key()]).is_ok(), "{accepted}");
    }
}
