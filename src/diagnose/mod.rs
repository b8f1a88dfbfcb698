//! Why a signature does not match, with proof.
//!
//! A signature is a recipe. Given the message, the secrets and the signature in hand, the neighbourhood of the documented
//! recipe and of the values is searched; a match of 128 bits or more is proof, not a guess. When nothing matches, what has
//! been excluded is said, and what the evidence suggests.
//!
//! ```
//! use paysign::{Fields, Message, diagnose::{Case, Verdict, diagnose}};
//!
//! let key = "2Wozy2aksie1puXUBpWD8oZxiD1DfQuEaiC7KcRATv1Ino3mdopKaPGQQ7TtkNySuAmCaDCrw4xhPY5qKTBl7Fzm0RgR3c0WaVYIXZARsxzHV2x7iwPPzOz94dnwPWSn";
//! let fields = Fields::from_iter([
//!     ("AppId", "wxf8b4f85f3a794e77"), ("OpenId", "oDF3iY9P32sK_5GgYiRkjsCo45bk"), ("TimeStamp", "1393400471"),
//! ]);
//! let given = "3fa50132d7f97cd0e3a6f3d7e36f6e0c4a5e1f4c"; // made with another key
//! let secrets = [("appKey", key)];
//! let diagnosis = diagnose(&Case {
//!     app_id: Some("wxd930ea5d5a258f4f"),
//!     ..Case::new(Message::FEEDBACK, &fields, &secrets, given)
//! });
//! assert_eq!(diagnosis.verdict, Verdict::Unexplained);
//! assert!(diagnosis.lints.iter().any(|lint| lint.id == "app-id-differs"));
//! ```

mod catalogue;
mod compared;
mod dialects;
mod difference;
mod escapes;
mod evaluate;
mod gbk;
mod host;
pub mod input;
mod lanes;
mod lints;
mod numbers;
mod parts;
mod plan;
mod prefixes;
mod search;
mod times;
mod values;

use serde::Serialize;

pub use catalogue::{CATALOGUE, Family, Mistake, Said};
pub use compared::FieldDifference;
pub use dialects::{DIALECTS, Dialect, detect_dialects, prove_dialect};
pub use difference::Difference;
pub use host::{Host, NormalForm, Progress};
pub use lints::Lint;

use crate::fields::Fields;
use crate::message::{Message, Role};
use compared::prove;
use evaluate::{Evaluator, trimmed};
use host::Watch;
use parts::Part;
use plan::{Change, Plan};
use search::{Outcome, Proof, Space, Step, estimate};

/// What is to be explained.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Which message it is.
    pub message: &'a Message,
    /// Its fields, names in any letter case; fields that it does not have may be among them.
    pub fields: &'a Fields<'a>,
    /// Every secret in hand under its name; the one called `appKey` is the paySignKey.
    pub secrets: &'a [(&'a str, &'a str)],
    /// The signature that does not match.
    pub given: &'a str,
    /// How many candidates may be tried.
    pub budget: usize,
    /// The AppId of the account whose key this is, if it is known.
    pub app_id: Option<&'a str>,
    /// The time, in Unix seconds, if it is known: there is no clock here.
    pub now: Option<u64>,
    /// The fields as they were signed, when they are known to be other than those that were sent: read from the text that was
    /// hashed, or from the program.
    pub signed: Option<&'a Fields<'a>>,
}

impl<'a> Case<'a> {
    /// Enough for every triple of a message with a dozen fields.
    pub const DEFAULT_BUDGET: usize = 4_000_000;

    /// A case of which no more is known, with [`Case::DEFAULT_BUDGET`].
    #[must_use]
    pub const fn new(
        message: &'a Message,
        fields: &'a Fields<'a>,
        secrets: &'a [(&'a str, &'a str)],
        given: &'a str,
    ) -> Self {
        Self { message, fields, secrets, given, budget: Self::DEFAULT_BUDGET, app_id: None, now: None, signed: None }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The signature is right.
    Match,
    /// It is wrong, and here is how it was made.
    Explained,
    /// It is wrong, and none of the known mistakes made it.
    Unexplained,
}

/// A mistake that made the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The mistake's stable name, such as `charset-gbk` or `field-dropped:openid`.
    pub id: String,
    /// What is wrong.
    pub sentence: Bilingual,
    /// What to do, in one line.
    pub fix: Bilingual,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A family of mistakes that is excluded, alone and together with others as far as they were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// The family's stable name.
    pub family: &'static str,
    /// How many candidates of this family were tried.
    pub tried: usize,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// What became of it.
    pub verdict: Verdict,
    /// The mistakes, in the order in which a person should mend them.
    pub mistakes: Vec<Finding>,
    /// Other explanations of the same length. Each makes the same signature.
    pub alternatives: Vec<Vec<Finding>>,
    /// The text that should be hashed, with every secret masked.
    pub documented_text: String,
    /// The signature that these fields should have.
    pub documented_signature: String,
    /// The text that was hashed, with every secret masked; `None` when that is not known.
    pub signed_text: Option<String>,
    /// Where the two texts differ.
    pub differences: Vec<Difference>,
    /// In which fields the message and the text that was signed differ, every secret masked; empty without such a text.
    pub field_differences: Vec<FieldDifference>,
    /// What is ruled out.
    pub excluded: Vec<Excluded>,
    /// How many candidates were tried.
    pub tried: usize,
    /// Whether the budget ended the search before every triple was tried.
    pub exhausted: bool,
    /// What the evidence suggests.
    pub lints: Vec<Lint>,
}

/// Finds out how the signature in hand was made.
#[cfg(feature = "diagnose")]
#[must_use]
pub fn diagnose(case: &Case<'_>) -> Diagnosis {
    diagnose_with(case, &mut Host::new(&mut |_| std::ops::ControlFlow::Continue(())))
}

/// As [`diagnose`], for a place that wants to see how far it is, or to stop it.
#[must_use]
pub fn diagnose_with(case: &Case<'_>, host: &mut Host<'_>) -> Diagnosis {
    let given = hex::decode(case.given.trim()).unwrap_or_default();
    let space = space(case, &given, host);
    let mut watch = Watch::new(host, estimate(&space).min(case.budget));
    let mut evaluator = Evaluator::default();
    let masked = |text: &str| mask(text, &space);

    let documented_text = masked(&evaluator.text(&space.documented, &space.signed, &space.secrets));
    let documented = evaluator.digest(&space.documented, &space.signed, &space.secrets);
    let documented_signature = hex::encode(documented.get(..20).unwrap_or_default());

    let outcome =
        if matches!(given.len(), 16 | 20 | 32) { prove(&space, case.budget, &mut watch) } else { Outcome::nothing() };
    let upper = case.given.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut explanations: Vec<Vec<Finding>> = Vec::new();
    for proof in &outcome.proofs {
        let findings = findings(proof, upper);
        if !explanations.contains(&findings) {
            explanations.push(findings);
        }
    }
    if explanations.is_empty() {
        explanations.extend(other_dialect(case).map(|finding| vec![finding]));
    }
    let mut explanations = explanations.into_iter();
    let first = explanations.next();
    let verdict = match &first {
        Some(findings) if findings.is_empty() => Verdict::Match,
        Some(_) => Verdict::Explained,
        None => Verdict::Unexplained,
    };
    let signed_text =
        outcome.proofs.first().map(|proof| masked(&evaluator.text(&proof.plan, &proof.parts, &space.secrets)));
    let differences = signed_text.as_deref().map_or_else(Vec::new, |text| difference::between(&documented_text, text));
    let excluded = if verdict == Verdict::Match { Vec::new() } else { excluded(&outcome) };
    let mut field_differences = compared::differences(case);
    for value in field_differences.iter_mut().flat_map(|field| [&mut field.sent, &mut field.signed]).flatten() {
        *value = masked(value);
    }
    Diagnosis {
        verdict,
        mistakes: first.unwrap_or_default(),
        alternatives: explanations.collect(),
        documented_text,
        documented_signature,
        signed_text,
        differences,
        field_differences,
        excluded,
        tried: outcome.tried,
        exhausted: outcome.exhausted,
        lints: lints::lints(case, &space),
    }
}

fn space<'a>(case: &Case<'a>, given: &'a [u8], host: &Host<'_>) -> Space<'a> {
    let part = |(name, value): (&str, &str)| Part { name: name.to_owned(), value: value.to_owned() };
    let role = |name: &str| case.message.field(name).map(|field| field.role);
    let name_of_signature = case.message.fields.iter().find(|field| field.role == Role::Signature);
    let signature_in_hand = case.fields.iter().find(|(name, value)| {
        role(name) == Some(Role::Signature) && !value.trim().eq_ignore_ascii_case(case.given.trim())
    });
    let taken = compared::differences(case).into_iter().filter_map(|field| Some((field.name, field.signed?)));
    let of = |wanted: Option<Role>| case.fields.iter().filter(move |(name, _)| role(name) == wanted).map(part);
    let mut secrets: Vec<(&str, &str)> = case.secrets.to_vec();
    match secrets.iter().position(|(name, _)| *name == "appKey") {
        Some(index) => secrets.swap(0, index),
        None => secrets.insert(0, ("appKey", "")),
    }
    Space {
        signed: of(Some(Role::Signed)).collect(),
        method: of(Some(Role::Method)).next(),
        signature: name_of_signature.map(|field| part(signature_in_hand.unwrap_or((field.name, "")))),
        unsigned: of(Some(Role::Unsigned)).collect(),
        unknown: of(None).collect(),
        taken: taken.map(|(name, value)| Part { name, value }).collect(),
        secrets: secrets.iter().map(|(_, secret)| secret.as_bytes()).collect(),
        secret_names: secrets.iter().map(|(name, _)| *name).collect(),
        given,
        is_lower: case.given.bytes().any(|byte| byte.is_ascii_lowercase()),
        normalize: host.normalize,
        documented: Plan::documented(case.message.recipe),
    }
}

fn findings(proof: &Proof, upper: bool) -> Vec<Finding> {
    let mut steps: Vec<Step> = proof.steps.clone();
    let is_dialect = steps.iter().any(|step| matches!(step.change, Change::Dialect(_)));
    if is_dialect {
        // Another key is part of another kind of signature, not one more mistake.
        steps.retain(|step| !matches!(step.change, Change::Secret(_)));
    }
    if upper && !is_dialect {
        let entry = CATALOGUE.iter().find(|entry| entry.change == Change::UpperHex);
        steps.extend(entry.map(|mistake| Step { mistake, change: mistake.change, about: None }));
    }
    let of = |family: &'static Family| steps.iter().filter(move |step| step.mistake.family == *family);
    Family::ALL.iter().flat_map(of).map(finding).collect()
}

fn finding(step: &Step) -> Finding {
    let entry = step.mistake;
    let both = |said: Said| Bilingual { en: said.en.to_owned(), zh: said.zh.to_owned() };
    let (mut id, mut sentence) = (entry.id.to_owned(), both(entry.sentence));
    match (&step.about, step.change) {
        (Some(name), Change::DropField(_) | Change::TakeSigned(_)) => {
            id = format!("{id}:{name}");
            sentence.en.push_str(&format!(" It is {name}."));
            sentence.zh.push_str(&format!("该字段是 {name}。"));
        }
        (Some(name), Change::Secret(_)) => {
            id = format!("{id}-{name}");
            sentence.en.push_str(&format!(" It is the {name}."));
            sentence.zh.push_str(&format!("用的是 {name}。"));
        }
        (Some(seconds), _) => {
            sentence.en.push_str(&format!(" They are {seconds} s apart."));
            sentence.zh.push_str(&format!("两者相差 {seconds} 秒。"));
        }
        (None, _) => {}
    }
    Finding { id, sentence, fix: both(entry.fix) }
}

/// Somebody signed by another page of the documentation.
fn other_dialect(case: &Case<'_>) -> Option<Finding> {
    let fields: Vec<_> = case.fields.iter().collect();
    let (dialect, secret) = prove_dialect(&fields, case.secrets, case.given)?;
    let Said { en, zh } = dialect.title;
    let asked = case.message.title;
    let (with, key) = if secret.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(", made with the {secret}"), format!("，所用密钥是 {secret}"))
    };
    Some(Finding {
        id: format!("dialect-{}", dialect.id),
        sentence: Bilingual {
            en: format!("This is {en}{with}; here the signature of the {asked} is asked for."),
            zh: format!("这是{zh}{key}；这里要的是 {asked} 的签名。"),
        },
        fix: Bilingual {
            en: "Sign by the rules of this message: SHA-1 with the paySignKey as the parameter appkey.".to_owned(),
            zh: "按本消息的规则签名：以 paySignKey 作为参数 appkey，做 SHA-1。".to_owned(),
        },
    })
}

fn excluded(outcome: &Outcome) -> Vec<Excluded> {
    let counts = Family::ALL.iter().zip(outcome.tried_by_family);
    counts.filter(|(_, tried)| *tried > 0).map(|(family, tried)| Excluded { family: family.id(), tried }).collect()
}

/// Every secret is shown as its length, in whatever letter case it was used.
fn mask(text: &str, space: &Space<'_>) -> String {
    let mut shown = text.to_owned();
    for secret in &space.secrets {
        let Ok(clean) = std::str::from_utf8(trimmed(secret)) else { continue };
        if clean.len() < 4 {
            continue;
        }
        let length = clean.chars().count();
        shown = shown.replace(clean, &format!("«{length} chars»"));
        shown = shown.replace(&clean.to_ascii_lowercase(), &format!("«{length} chars, lower case»"));
        shown = shown.replace(&clean.to_ascii_uppercase(), &format!("«{length} chars, upper case»"));
    }
    shown
}
