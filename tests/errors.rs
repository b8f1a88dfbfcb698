//! A row for each error code: what is asked, and what is answered.

mod support;

use std::collections::HashSet;

use paysign::pay_notify::{self, PayNotifyAccount};
#[cfg(feature = "push")]
use paysign::push;
use paysign::{AppKey, Error, ErrorCode, Fields, Message, PartnerKey, alarm, sign_message};
use serde_json::{Value, json};
use support::{body, text, vectors};

/// The rows of the calls that there are: without the feature `push` its codes do not exist.
fn rows(file: &Value) -> impl Iterator<Item = &Value> {
    support::rows(file).iter().filter(|row| cfg!(feature = "push") || row["call"] != "verifyPush")
}

fn call(file: &Value, row: &Value) -> Result<(), Error> {
    let key = AppKey::new(row["key"].as_str().unwrap_or_else(|| text(file, "appKey")))?;
    match text(row, "call") {
        "verifyAlarm" => {
            let body = match &row["repeat"] {
                Value::Array(repeat) => {
                    let times = usize::try_from(repeat[1].as_u64().expect("a number")).expect("a size");
                    repeat[0].as_str().expect("a text").repeat(times).into_bytes()
                }
                _ => body(row),
            };
            alarm::verify(&body, text(file, "appId"), &[key]).map(|_| ())
        }
        "verifyPayNotify" => {
            let partner_keys = [PartnerKey::new(text(file, "partnerKey"))?];
            let account = PayNotifyAccount {
                app_id: text(file, "appId"),
                app_keys: &[key],
                partner: text(file, "partner"),
                partner_keys: &partner_keys,
            };
            pay_notify::verify(text(row, "query"), &body(row), &account).map(|_| ())
        }
        "signMessage" => {
            let given = row["fields"].as_object().expect("fields").iter();
            let given: Fields<'_> =
                given.map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
            sign_message(Message::find(text(row, "message"))?, &given, &key).map(|_| ())
        }
        #[cfg(feature = "push")]
        "verifyPush" => {
            support::with_push_account(&row["account"], |account| push::verify(text(row, "query"), &body(row), account))
                .map(|_| ())
        }
        other => panic!("no call {other}"),
    }
}

#[test]
fn every_row_earns_its_code_and_its_sentence() {
    let file = vectors("errors.json");
    for row in rows(&file) {
        let name = text(row, "name");
        let error = call(&file, row).expect_err(name);
        let answer = json!({
            "code": error.code().as_str(),
            "field": error.field(),
            "position": error.position(),
            "sentence": error.to_string(),
        });
        assert_eq!(answer, row["answer"], "{name}");
    }
}

#[test]
fn every_code_has_a_row() {
    let file = vectors("errors.json");
    let met: HashSet<_> = rows(&file).map(|row| text(&row["answer"], "code")).collect();
    let all: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(met, all);
}
