//! What is signed as a push verifies as it was, and both formats are read as others read them. The law is in
//! `tests/laws/push.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::push::law(data));
