//! The corpus: every provable mistake is named exactly, and no hopeless case gets a false explanation.

mod support;

use std::time::Instant;

use paysign::diagnose::{CATALOGUE, Case, DIALECTS, Diagnosis, Verdict, detect_dialects, diagnose, prove_dialect};
use paysign::{Fields, Message};
use serde_json::Value;
use support::{fields, pairs, rows, text, vectors};

fn cases(file: &Value) -> &[Value] {
    file["rows"].as_array().expect("rows")
}

fn run(row: &Value) -> Diagnosis {
    let given: Fields<'_> = fields(row).into_iter().collect();
    let signed = row.get("signed").map(|list| pairs(list).into_iter().collect::<Fields<'_>>());
    let secrets = row["secrets"].as_object().expect("secrets");
    let secrets: Vec<(&str, &str)> =
        secrets.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
    let message = Message::find(text(row, "message")).expect("a message");
    diagnose(&Case { signed: signed.as_ref(), ..Case::new(message, &given, &secrets, text(row, "given")) })
}

fn ids(value: &Value) -> Vec<String> {
    let mut ids: Vec<String> =
        value.as_array().expect("ids").iter().map(|id| id.as_str().expect("a text").to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn every_case_gets_its_explanation() {
    let file = vectors("mistakes.json");
    let (mut wrong, mut slowest) = (Vec::new(), 0);
    for row in cases(&file) {
        let started = Instant::now();
        let diagnosis = run(row);
        let took = started.elapsed().as_millis();
        slowest = slowest.max(took);
        let expect = &row["expect"];
        let expected = match text(expect, "verdict") {
            "match" => Verdict::Match,
            "explained" => Verdict::Explained,
            _ => Verdict::Unexplained,
        };
        let mut found: Vec<Vec<String>> = std::iter::once(&diagnosis.mistakes)
            .chain(&diagnosis.alternatives)
            .map(|findings| findings.iter().map(|finding| finding.id.clone()).collect())
            .collect();
        found.iter_mut().for_each(|ids| ids.sort());
        // Sets that make the same bytes are told by nothing; one of those in the row must be among those found, and what
        // is found is never longer.
        let wanted = if expected == Verdict::Explained { ids(&expect["mistakes"]) } else { Vec::new() };
        let named = expected != Verdict::Explained
            || found.contains(&wanted) && found.iter().all(|ids| ids.len() <= wanted.len());
        if diagnosis.verdict != expected || !named {
            wrong.push(format!(
                "{}: {:?} {found:?} {} tried, {took} ms",
                text(row, "id"),
                diagnosis.verdict,
                diagnosis.tried
            ));
        }
        for (_, secret) in row["secrets"].as_object().expect("secrets") {
            let secret = secret.as_str().expect("a text").trim();
            assert!(
                secret.len() < 4 || !format!("{diagnosis:?}").contains(secret),
                "{} shows a secret",
                text(row, "id")
            );
        }
    }
    println!("{} cases, slowest {slowest} ms", cases(&file).len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases(&file).len(), wrong.join("\n"));
}

#[test]
fn every_entry_of_the_catalogue_has_a_case() {
    let file = vectors("mistakes.json");
    let named: Vec<String> =
        cases(&file).iter().filter_map(|row| row["expect"].get("mistakes")).flat_map(ids).collect();
    for entry in CATALOGUE {
        assert!(named.iter().any(|id| id == entry.id), "no case for {}", entry.id);
        for said in [entry.sentence, entry.fix] {
            assert!(said.en.ends_with('.') && said.zh.ends_with('。'), "{}: {said:?}", entry.id);
        }
    }
    let unique: std::collections::BTreeSet<_> = CATALOGUE.iter().map(|entry| entry.id).collect();
    assert_eq!(unique.len(), CATALOGUE.len());
}

#[test]
fn every_dialect_reproduces_its_published_signatures() {
    let file = vectors("dialects.json");
    for row in rows(&file) {
        let (id, given, secret) = (text(row, "id"), text(row, "signature"), text(row, "secret"));
        let fields = fields(row);
        assert!(detect_dialects(&fields, given).any(|dialect| dialect.id == text(row, "dialect")), "{id}");
        let secrets = [("other", "not this one, which is as long"), ("right", secret)];
        let (dialect, name) = prove_dialect(&fields, &secrets, given).expect(id);
        assert_eq!(dialect.id, text(row, "dialect"), "{id}");
        assert_eq!(name, if dialect.secret.is_empty() { "" } else { "right" }, "{id}");
        assert_eq!(dialect.sign(&fields, secret), given, "{id}");
        assert!(prove_dialect(&fields, &secrets[..1], given).is_none() || dialect.secret.is_empty(), "{id}");
    }
    for dialect in DIALECTS {
        assert!(rows(&file).iter().any(|row| text(row, "dialect") == dialect.id), "no row for {}", dialect.id);
    }
}

#[test]
fn a_signature_of_another_dialect_is_told_by_its_name() {
    // Someone signs a JSAPI payment by the page of the JS-SDK.
    let fields = [
        ("appId", "wx1"),
        ("timeStamp", "1414587457"),
        ("nonceStr", "Wm3WZYTPz0wzccnW"),
        ("package", "p"),
        ("jsapi_ticket", "ticket"),
        ("url", "http://mp.weixin.qq.com"),
    ];
    let jssdk = DIALECTS.iter().find(|dialect| dialect.id == "jssdk").expect("there");
    let given = jssdk.sign(&fields, "");
    let (fields, key) = (Fields::from_iter(fields), "k".repeat(128));
    let secrets = [("appKey", key.as_str())];
    let diagnosis = diagnose(&Case { budget: 10_000, ..Case::new(Message::JSAPI, &fields, &secrets, &given) });
    assert_eq!(diagnosis.verdict, Verdict::Explained);
    assert_eq!(diagnosis.mistakes[0].id, "dialect-jssdk");
}

#[test]
fn another_account_and_another_time_are_remarked() {
    const NOW: u64 = 1_393_400_471;
    let key = "k".repeat(128);
    let secrets = [("appKey", key.as_str())];
    let lints = |app_id, time: &str, now| -> Vec<&'static str> {
        let fields = Fields::from_iter([("AppId", "wx1"), ("OpenId", "o"), ("TimeStamp", time)]);
        let given = "0".repeat(40);
        let case = Case { budget: 10, app_id, now, ..Case::new(Message::FEEDBACK, &fields, &secrets, &given) };
        diagnose(&case).lints.iter().map(|lint| lint.id).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(lints(None, "1393400471", None), none);
    assert_eq!(lints(Some("wx1"), "1393400471", Some(NOW)), none);
    assert_eq!(lints(Some("WX1"), "1393400471", None), ["app-id-differs"]);
    for (distance, remarked) in [(86_400, false), (86_401, true)] {
        let expected: &[&str] = if remarked { &["time-far-off"] } else { &[] };
        assert_eq!(lints(None, "1393400471", Some(NOW + distance)), expected, "old");
        assert_eq!(lints(None, "1393400471", Some(NOW - distance)), expected, "new");
    }
    // Milliseconds are one mistake, and the time they stand for is another.
    assert_eq!(lints(None, "1393400471000", Some(NOW)), ["time-in-milliseconds"]);
    assert_eq!(lints(None, "1393400471000", Some(0)), ["time-in-milliseconds", "time-far-off"]);
    assert_eq!(lints(None, "yesterday", Some(NOW)), none);
    assert_eq!(lints(None, "99999999999999999999", Some(NOW)), ["time-in-milliseconds"]);
}
