//! Two readers that share nothing agree. The law is in `tests/laws/differential.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::differential::law(data));
