//! The catalogue of mistakes as JSON: `cargo run --features diagnose --example mistakes`.

use paysign::diagnose::CATALOGUE;
use serde_json::{Value, json};

fn main() {
    let mistakes = CATALOGUE.iter().map(|mistake| {
        json!({
            "id": mistake.id,
            "family": mistake.family.id(),
            "sentence": { "en": mistake.sentence.en, "zh": mistake.sentence.zh },
            "fix": { "en": mistake.fix.en, "zh": mistake.fix.zh },
        })
    });
    println!("{}", mistakes.collect::<Value>());
}
