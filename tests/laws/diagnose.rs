//! A diagnosis takes any paste, never shows a secret, knows the documented signature when it sees it, and believes a
//! mistake only when it makes exactly the signature in hand.

use paysign::diagnose::input::{detect, read, read_signed};
use paysign::diagnose::{Case, Verdict, diagnose};
use paysign::{Fields, Message};

use super::{APP_KEY, PARTNER_KEY};

/// Pairs are tried within this; the law is about any input, not about the search.
const BUDGET: usize = 400;

pub(crate) fn law(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(reading) = read(&text) else { return };
    let message = detect(&reading.fields).unwrap_or(Message::ALARM);
    let fields: Fields<'_> = reading.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let signed = read_signed(&text).map(|reading| reading.fields).unwrap_or_default();
    // What was signed is another thing than what was sent, and may hold a key.
    let signed: Fields<'_> =
        signed.iter().map(|(name, value)| (name.as_str(), format!("{value}{PARTNER_KEY}"))).collect();
    let secrets = [("partnerKey", PARTNER_KEY), ("appKey", APP_KEY)];
    let run = |given: &str| {
        let case = Case {
            budget: BUDGET,
            app_id: Some("wxf8b4f85f3a794e77"),
            now: Some(1_393_400_471),
            signed: Some(&signed),
            ..Case::new(message, &fields, &secrets, given)
        };
        let diagnosis = diagnose(&case);
        let shown = format!("{diagnosis:?}");
        assert!(!shown.contains(APP_KEY) && !shown.contains(PARTNER_KEY), "a secret is shown");
        assert!(diagnosis.tried <= BUDGET + 1, "{} candidates were tried", diagnosis.tried);
        diagnosis
    };

    let given = reading.given.unwrap_or_default();
    let diagnosis = run(&given);
    assert_eq!(diagnosis.verdict == Verdict::Explained, !diagnosis.mistakes.is_empty());
    let right = run(&diagnosis.documented_signature);
    assert_eq!(right.verdict, Verdict::Match, "the documented signature is not known again");
    // Fewer than 2^-100 of all signatures are near any message: this one is not.
    let wrong = run("000102030405060708090a0b0c0d0e0f10111213");
    assert_eq!(wrong.verdict, Verdict::Unexplained, "{:?} explains what nothing made", wrong.mistakes);
}
