//! No bytes bring a reader down. The law is in `tests/laws/alarm_xml.rs`.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::alarm_xml::law(data));
