//! A diagnosis takes any paste and never shows a secret. The law is in `tests/laws/diagnose.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::diagnose::law(data));
