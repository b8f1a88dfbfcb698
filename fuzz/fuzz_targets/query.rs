//! The query half is read as a second reader reads it, and is unambiguous. The law is in `tests/laws/query.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::query::law(data));
