//! An explanation never shows the key, and its text gives its signature. The law is in `tests/laws/explain.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::explain::law(data));
