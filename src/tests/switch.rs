//! The barriers as switches, for the crate's own tests.

use std::cell::RefCell;
use std::str::Utf8Error;

use super::Barrier;

thread_local! {
    static DOWN: RefCell<Vec<Barrier>> = const { RefCell::new(Vec::new()) };
}

/// Runs `work` with these barriers down.
pub(crate) fn without<T>(barriers: &[Barrier], work: impl FnOnce() -> T) -> T {
    DOWN.with_borrow_mut(|down| down.extend_from_slice(barriers));
    let result = work();
    DOWN.with_borrow_mut(Vec::clear);
    result
}

pub(crate) fn stands(barrier: Barrier) -> bool {
    DOWN.with_borrow(|down| !down.contains(&barrier))
}

/// A lenient reader carries a byte that is not UTF-8 along as it is. A `str` cannot, so one character of the private
/// use area stands for each until the text is hashed.
const STAND_IN: u32 = 0xF700;

pub(crate) fn text_of(body: &[u8]) -> Result<&str, Utf8Error> {
    if stands(Barrier::Utf8) {
        return std::str::from_utf8(body);
    }
    let mut text = String::new();
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(STAND_IN + u32::from(*byte))));
    }
    Ok(text.leak())
}

pub(crate) fn bytes_of(text: &[u8]) -> Vec<u8> {
    let chars = String::from_utf8_lossy(text);
    let mut bytes = Vec::new();
    for char in chars.chars() {
        match u32::from(char).checked_sub(STAND_IN).map(u8::try_from) {
            Some(Ok(byte)) if !stands(Barrier::Utf8) => bytes.push(byte),
            _ => bytes.extend(char.to_string().bytes()),
        }
    }
    if stands(Barrier::Utf8) { text.to_vec() } else { bytes }
}
