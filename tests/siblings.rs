//! The other messages from WeChat: published samples, what binds what, and no message in another's place.

mod support;

use paysign::pay_notify::{self, PayNotifyAccount, TestPayNotify};
use paysign::{AppKey, Fields, Message, PartnerKey, alarm, feedback, native_package, sign_message};
use support::{rows, text, vectors};

const APP_ID: &str = "wxd930ea5d5a258f4f";
const PARTNER: &str = "1900000109";

fn key_of(id: &str) -> AppKey {
    let file = vectors("signatures.json");
    let row = rows(&file).iter().find(|row| text(row, "id") == id).expect("the row");
    support::key(text(row, "key"))
}

fn app_key() -> AppKey {
    key_of("paynotify")
}

fn partner_key() -> PartnerKey {
    PartnerKey::new("8934e7d15453e97507ef794cf7b0519d").expect("the public demo key")
}

fn code<T: std::fmt::Debug>(result: Result<T, paysign::Error>) -> &'static str {
    result.expect_err("a refusal").code().as_str()
}

/// The official sample's fields, in its layout; signature by imyelo/wechat-payment.
const FEEDBACK: &str = "<xml>\n<OpenId><![CDATA[111222]]></OpenId>\n<AppId><![CDATA[wxd930ea5d5a258f4f]]></AppId>\n\
    <TimeStamp> 1369743511</TimeStamp>\n<MsgType><![CDATA[request]]></MsgType>\n\
    <FeedBackId><![CDATA[10280828770999802559]]></FeedBackId>\n<TransId><![CDATA[10123312412321435345]]></TransId>\n\
    <Reason><![CDATA[商品质量有问题]]></Reason>\n<Solution><![CDATA[补发货给我]]></Solution>\n\
    <ExtInfo><![CDATA[明天六点前联系我 18610847266]]></ExtInfo>\n\
    <AppSignature><![CDATA[b6f95a2368dd81952c4d7198e5102acd1fdd601a]]></AppSignature>\n\
    <SignMethod><![CDATA[sha1]]></SignMethod>\n<PicInfo>\n<item><PicUrl><![CDATA[http://a/1.jpg]]></PicUrl></item>\n\
    <item><PicUrl><![CDATA[http://a/2.jpg]]></PicUrl></item>\n</PicInfo>\n</xml>";

#[test]
fn feedback_verifies_and_says_what_is_not_signed() {
    let message = feedback::verify(FEEDBACK.as_bytes(), APP_ID, &[app_key()]).expect("the published sample");
    assert_eq!((message.openid.as_str(), message.time_stamp.as_str()), ("111222", "1369743511"));
    assert_eq!(message.unverified.feed_back_id.as_deref(), Some("10280828770999802559"));
    assert_eq!(message.unverified.pic_urls, ["http://a/1.jpg", "http://a/2.jpg"]);
    // The point: the same signature vouches for any content, so all of it is typed as unverified.
    let other = FEEDBACK.replace("[request]", "[confirm]").replace("补发货给我", "x");
    let other = feedback::verify(other.as_bytes(), APP_ID, &[app_key()]).expect("the content is not signed");
    assert_eq!(other.unverified.msg_type.as_deref(), Some("confirm"));
    // confirm and reject carry less.
    let start = FEEDBACK.find("<TransId>").expect("there");
    let end = FEEDBACK.find("<AppSignature>").expect("there");
    let short = FEEDBACK.replace(&FEEDBACK[start..end], "");
    let short = feedback::verify(short.as_bytes(), APP_ID, &[app_key()]).expect("optional fields");
    assert_eq!(short.unverified.reason, None);
    // The official sample, under the other demo key.
    let official = "<xml><OpenId>oDF3iY9P32sK_5GgYiRkjsCo45bk</OpenId><AppId>wxf8b4f85f3a794e77</AppId>\
        <TimeStamp>1393400471</TimeStamp><MsgType>request</MsgType><FeedBackId>7197417460812502768</FeedBackId>\
        <TransId>1900000109201402143240185685</TransId><Reason>x</Reason><Solution>x</Solution><ExtInfo>x</ExtInfo>\
        <PicInfo><item><PicUrl></PicUrl></item></PicInfo>\
        <AppSignature>d60293982cc7c97a5a9d3383af761db763c07c86</AppSignature><SignMethod>sha1</SignMethod></xml>";
    assert!(feedback::verify(official.as_bytes(), "wxf8b4f85f3a794e77", &[key_of("feedback-official")]).is_ok());
}

#[test]
fn feedback_is_read_as_strictly_as_an_alarm() {
    let refused = |from: &str, to: &str| {
        assert!(FEEDBACK.contains(from), "{from}");
        code(feedback::verify(FEEDBACK.replacen(from, to, 1).as_bytes(), APP_ID, &[app_key()]))
    };
    assert_eq!(refused("<OpenId><![CDATA[111222]]></OpenId>", ""), "FIELD_MISSING");
    assert_eq!(refused("[111222]", "[111223]"), "SIGNATURE_MISMATCH");
    assert_eq!(refused("[111222]", "[111222&timestamp=1]"), "FIELD_MALFORMED");
    assert_eq!(refused("<Reason>", "<Reason></Reason><Reason>"), "FIELD_DUPLICATE");
    assert_eq!(refused("<Reason>", "<reason></reason><Reason>"), "FIELD_UNKNOWN");
    assert_eq!(refused("<PicInfo>", "<PicInfo>text"), "XML_TEXT");
    assert_eq!(refused("<item>", "<AppId>x</AppId><item>"), "XML_MARKUP");
    assert_eq!(refused("<PicUrl>", "<b/><PicUrl>"), "XML_TAG");
    assert_eq!(refused("</item>", "</PicInfo></item>"), "XML_TAG");
    assert_eq!(refused("<Reason>", "<PicUrl>x</PicUrl><Reason>"), "FIELD_UNKNOWN");
    let item = "<item><PicUrl>x</PicUrl></item>";
    assert_eq!(refused("<item>", &format!("{}<item>", item.repeat(4))), "FIELD_DUPLICATE");
}

/// The sample of imyelo/wechat-payment: both halves published, with their keys.
const QUERY: &str = "bank_billno=206064184488&bank_type=0&discount=0&fee_type=1&input_charset=GBK&\
    notify_id=WE37gwCoFBcAKdkH34Y1nW94r_vao2ljmwE3oAHEeAP690xSVhRleOMfhsgjwVGDpluT%20-vdS79kbDbkDnjYg4qsmTdSjuJxl&\
    out_trade_no=843254536943809900&partner=1900000109&product_fee=1&sign_type=MD5&time_end=20130606015331&total_fee=1&\
    trade_mode=1&trade_state=0&transaction_id=1900000109201306060282555397&transport_fee=0&\
    sign=9EBF3EFE9CEFAF3111020DB5CAD6EE82";
const BODY: &str = "<xml>\n<OpenId><![CDATA[111222]]></OpenId>\n<AppId><![CDATA[wxd930ea5d5a258f4f]]></AppId>\n\
    <IsSubscribe>1</IsSubscribe>\n<TimeStamp> 1369743511</TimeStamp>\n<NonceStr><![CDATA[jALldRTHAFd5Tgs5]]></NonceStr>\n\
    <AppSignature><![CDATA[4d117f7f0f4885a995a05eafbc9a405782d03bc5]]></AppSignature>\n\
    <SignMethod><![CDATA[sha1]]></SignMethod>\n</xml>";

fn verify_pay(query: &str, body: &str) -> Result<pay_notify::PayNotify, paysign::Error> {
    let (app_keys, partner_keys) = ([app_key()], [partner_key()]);
    let account =
        PayNotifyAccount { app_id: APP_ID, app_keys: &app_keys, partner: PARTNER, partner_keys: &partner_keys };
    pay_notify::verify(query, body.as_bytes(), &account)
}

#[test]
fn both_halves_of_a_payment_notification_verify() {
    for query in [QUERY.to_owned(), format!("?{QUERY}"), QUERY.replace("%20", "+"), QUERY.to_owned() + "&attach="] {
        let paid = verify_pay(&query, BODY).expect("the published sample");
        assert_eq!(paid.order.text("total_fee"), Some("1"));
        assert_eq!(paid.order.text("transaction_id"), Some("1900000109201306060282555397"));
        assert_eq!(paid.order.text("attach"), None);
        assert!(!paid.order.is_utf8);
        assert_eq!((paid.buyer.openid.as_str(), paid.buyer.is_subscribe.as_str()), ("111222", "1"));
    }
}

#[test]
fn one_half_alone_is_refused() {
    assert_eq!(code(verify_pay("", BODY)), "QUERY_MALFORMED");
    assert_eq!(code(verify_pay("?", BODY)), "QUERY_MALFORMED");
    assert_eq!(code(verify_pay(QUERY, "")), "XML_ROOT");
    assert_eq!(code(verify_pay(&QUERY.replace("total_fee=1", "total_fee=2"), BODY)), "SIGNATURE_MISMATCH");
    assert_eq!(code(verify_pay(QUERY, &BODY.replace("111222", "111223"))), "SIGNATURE_MISMATCH");
}

#[test]
fn the_query_half_is_read_strictly() {
    let refused = |from: &str, to: &str| {
        assert!(QUERY.contains(from), "{from}");
        code(verify_pay(&QUERY.replacen(from, to, 1), BODY))
    };
    assert_eq!(refused("trade_state=0&", ""), "FIELD_MISSING");
    assert_eq!(refused("trade_state=0", "trade_state=0&trade_state=0"), "FIELD_DUPLICATE");
    assert_eq!(refused("trade_state=0", "Trade_State=0"), "FIELD_UNKNOWN");
    assert_eq!(refused("trade_state=0", "trade%5Fstate=0"), "FIELD_UNKNOWN");
    assert_eq!(refused("trade_state=0", "trade_state=0&total=1"), "FIELD_UNKNOWN");
    assert_eq!(refused("trade_state=0", "trade_state"), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "&trade_state=0"), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "trade_state=%3"), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "trade_state=%+1"), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "trade_state=0 "), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "trade_state=零"), "QUERY_MALFORMED");
    assert_eq!(refused("trade_state=0", "trade_state=0x0"), "FIELD_MALFORMED");
    assert_eq!(refused("sign_type=MD5", "sign_type=SHA1"), "FIELD_MALFORMED");
    assert_eq!(refused("sign_type=MD5", "sign_type=md5"), "SIGNATURE_MISMATCH");
    assert_eq!(refused("input_charset=GBK", "input_charset=UTF-16"), "FIELD_MALFORMED");
    assert_eq!(refused("partner=1900000109", "partner=1900000110"), "PARTNER_MISMATCH");
    assert_eq!(refused("9EBF3EFE", "9EBF3EF"), "FIELD_MALFORMED");
    assert_eq!(refused("9EBF3EFE", "00000000"), "SIGNATURE_MISMATCH");
    assert_eq!(refused("total_fee=1", "total_fee=1&attach=8934e7d15453e97507ef794cf7b0519d"), "FIELD_CONTAINS_KEY");
    let attach = |length: usize| format!("{QUERY}&attach={}", "x".repeat(length - QUERY.len() - "&attach=".len()));
    assert_eq!(code(verify_pay(&attach(16_385), BODY)), "QUERY_MALFORMED");
    assert_eq!(code(verify_pay(&attach(16_384), BODY)), "SIGNATURE_MISMATCH");
}

const ORDER: [(&str, &str); 11] = [
    ("trade_mode", "1"),
    ("trade_state", "0"),
    ("partner", PARTNER),
    ("bank_type", "WX"),
    ("total_fee", "1"),
    ("fee_type", "1"),
    ("notify_id", "n+1"),
    ("transaction_id", "2"),
    ("out_trade_no", "3"),
    ("time_end", "20130606015331"),
    ("input_charset", "UTF-8"),
];
const BUYER: [(&str, &str); 4] = [("OpenId", "o1"), ("IsSubscribe", "0"), ("TimeStamp", "1"), ("NonceStr", "n")];

fn pay(extra: &[(&str, &str)]) -> TestPayNotify {
    let order: Vec<_> = ORDER.iter().chain(extra).copied().collect();
    pay_notify::sign_test(&order, &BUYER, APP_ID, &app_key(), &partner_key()).expect("a notification")
}

#[test]
fn free_text_of_the_query_comes_back_and_cannot_smuggle() {
    let sent = pay(&[("attach", "附加 a&b=c+d%")]);
    let paid = verify_pay(&sent.query, &sent.body).expect("it verifies");
    assert_eq!(paid.order.text("attach"), Some("附加 a&b=c+d%"));
    // A name alone is no parameter.
    let sent = pay(&[("attach", "x&key&total_fee")]);
    assert!(verify_pay(&sent.query, &sent.body).is_ok());
    for attach in ["x&bank_billno=1", "x&key=1", "&trade_state=0"] {
        let sent = pay(&[("attach", attach)]);
        assert_eq!(code(verify_pay(&sent.query, &sent.body)), "FIELD_MALFORMED", "{attach}");
    }
    // The forgery that this closes: two parameters whose text is that of one.
    let sent = pay(&[("attach", "x&bank_billno=1")]);
    let forged = sent.query.replace("%26bank_billno%3D1", "&bank_billno=1");
    assert_ne!(forged, sent.query);
    assert!(verify_pay(&forged, &sent.body).is_ok(), "as arithmetic it is right: so the other reading must be refused");
    // A plus that is a plus.
    let plus = pay(&[]);
    assert!(verify_pay(&plus.query.replace("n%2B1", "n+1"), &plus.body).is_ok());
    // Bytes that are not the charset they claim to be.
    let sent = pay(&[("attach", "附")]);
    assert_eq!(code(verify_pay(&sent.query.replace("%E9%99%84", "%B8%BD"), &sent.body)), "FIELD_MALFORMED");
}

#[test]
fn the_dedup_key_of_a_payment_is_that_of_its_order() {
    let key = |query: &str, body: &str| verify_pay(query, body).expect("it verifies").dedup_key;
    let (first, other) = (pay(&[]), pay(&[("attach", "x")]));
    let buyer = [("OpenId", "o1"), ("IsSubscribe", "0"), ("TimeStamp", "2"), ("NonceStr", "m")];
    let again = pay_notify::sign_test(&ORDER, &buyer, APP_ID, &app_key(), &partner_key()).expect("a repetition");
    assert_eq!(key(&first.query, &first.body), key(&again.query, &again.body));
    assert_ne!(key(&first.query, &first.body), key(&other.query, &first.body));
}

#[test]
fn the_native_package_is_asked_for_and_answered() {
    let body = |nonce: &str| {
        format!(
            "<xml><OpenId><![CDATA[111222]]></OpenId><AppId><![CDATA[wxf8b4f85f3a794e77]]></AppId>\
             <IsSubscribe>1</IsSubscribe><ProductId><![CDATA[777111666]]></ProductId><TimeStamp> 1369743908</TimeStamp>\
             <NonceStr><![CDATA[{nonce}]]></NonceStr>\
             <AppSignature><![CDATA[351a6eb8f2c6cbee2a06ab51331a060b7bddf450]]></AppSignature>\
             <SignMethod><![CDATA[sha1]]></SignMethod></xml>"
        )
    };
    let key = key_of("native-package-req-K1");
    let verify =
        |body: &str| native_package::verify_request(body.as_bytes(), "wxf8b4f85f3a794e77", std::slice::from_ref(&key));
    let request = verify(&body("YvMZOX28YQkoU1i4NdOnlXB1")).expect("the published sample");
    assert_eq!((request.product_id.as_str(), request.openid.as_str()), ("777111666", "111222"));
    assert_eq!(code(verify(&body("YvMZOX28YQkoU1i4NdOnlXB2"))), "SIGNATURE_MISMATCH");

    let response = native_package::NativePackageResponse {
        package: "bank_type=WX&body=XXX&fee_type=1&input_charset=GBK&notify_url=http%3a%2f%2fwww.qq.com&\
                  out_trade_no=16642817866003386000&partner=1900000109&spbill_create_ip=127.0.0.1&total_fee=1&\
                  sign=BEEF37AD19575D92E191C1E4B1474CA9",
        time_stamp: "189026618",
        nonce_str: "adssdasssd13d",
        ret_code: "0",
        ret_err_msg: "",
    };
    let xml = native_package::build_response(&response, APP_ID, &app_key()).expect("an answer");
    assert!(xml.contains("<AppSignature><![CDATA[93419f8e3c6b433da66562d67af1a4abdb4e17ba]]></AppSignature>"), "{xml}");
    let ambiguous = native_package::NativePackageResponse { ret_err_msg: "a&timestamp=1", ..response };
    assert_eq!(code(native_package::build_response(&ambiguous, APP_ID, &app_key())), "FIELD_MALFORMED");
}

/// Each message in the place of each other, its own signature under it: only its own function takes it.
#[test]
fn no_function_takes_another_types_message() {
    let key = app_key();
    let alarm_fields = [("ErrorType", "1"), ("Description", "d"), ("AlarmContent", "c"), ("TimeStamp", "1")];
    let request = {
        let fields = [
            ("OpenId", "o1"),
            ("AppId", APP_ID),
            ("IsSubscribe", "1"),
            ("ProductId", "p"),
            ("TimeStamp", "1"),
            ("NonceStr", "n"),
        ];
        let signature =
            sign_message(Message::NATIVE_PACKAGE_REQUEST, &Fields::from_iter(fields), &key).expect("signed");
        let body: String = fields.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        format!("<xml>{body}<AppSignature>{signature}</AppSignature><SignMethod>sha1</SignMethod></xml>")
    };
    let bodies = [
        ("alarm", alarm::sign_test(&alarm_fields, APP_ID, &key).expect("an alarm")),
        ("feedback", FEEDBACK.to_owned()),
        ("payNotify", pay(&[]).body),
        ("nativePackageRequest", request),
    ];
    for (kind, body) in &bodies {
        let bytes = body.as_bytes();
        let keys = [key.clone()];
        let verdicts = [
            ("alarm", alarm::verify(bytes, APP_ID, &keys).is_ok()),
            ("feedback", feedback::verify(bytes, APP_ID, &keys).is_ok()),
            ("payNotify", verify_pay(&pay(&[]).query, body).is_ok()),
            ("nativePackageRequest", native_package::verify_request(bytes, APP_ID, &keys).is_ok()),
        ];
        for (function, accepted) in verdicts {
            assert_eq!(accepted, function == *kind, "{kind} passed to the function for {function}");
        }
    }
}

/// A buyer holds genuine JSAPI signatures. Rewritten as any message from WeChat, none of them verifies.
#[test]
fn a_buyers_own_pay_sign_is_worth_nothing() {
    let key = app_key();
    let jsapi = Fields::from_iter([
        ("appId", APP_ID),
        ("timeStamp", "1"),
        ("nonceStr", "n"),
        ("package", "bank_type=WX&openid=o1&issubscribe=1"),
    ]);
    let signature = sign_message(Message::JSAPI, &jsapi, &key).expect("signed").to_string();
    let fields = |names: &[(&str, &str)]| {
        let body: String = names.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        format!("<xml>{body}<AppSignature>{signature}</AppSignature><SignMethod>sha1</SignMethod></xml>")
    };
    let common = [("AppId", APP_ID), ("TimeStamp", "1"), ("OpenId", "o1")];
    let notify = fields(&[&common[..], &[("IsSubscribe", "1"), ("NonceStr", "n")]].concat());
    assert_eq!(code(verify_pay(&pay(&[]).query, &notify)), "SIGNATURE_MISMATCH");
    let package = fields(&[&common[..], &[("Package", "bank_type=WX"), ("NonceStr", "n")]].concat());
    assert_eq!(code(verify_pay(&pay(&[]).query, &package)), "FIELD_UNKNOWN");
    assert_eq!(
        code(feedback::verify(fields(&common).as_bytes(), APP_ID, std::slice::from_ref(&key))),
        "SIGNATURE_MISMATCH"
    );
    assert_eq!(code(alarm::verify(fields(&common).as_bytes(), APP_ID, &[key])), "FIELD_UNKNOWN");
}
