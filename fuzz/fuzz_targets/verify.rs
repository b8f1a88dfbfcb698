//! What verifies is what was signed. The law is in `tests/laws/verify.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::verify::law(data));
