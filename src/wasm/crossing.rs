//! The calls that a backend makes for every message, without a value of JavaScript in them: the arguments lie in one
//! buffer of this module's memory, and so does the result, as text that `pkg-templates/crossing.ts` cuts. A string that
//! crosses the boundary by itself costs more than a verification does.
//!
//! They say yes or nothing. Why not is asked of the ordinary function, which reads everything once more and throws.

use alloc::vec::Vec;
use core::cell::RefCell;
use core::hint::black_box;

use wasm_bindgen::prelude::*;

use crate::incoming::Incoming;
use crate::xml::MAX_BODY;
use crate::{AppKey, Delivery, Message, deliver_notify};

/// Key, AppId and body, one behind the other, or key and the texts of a delivery.
const INPUT: usize = MAX_BODY + 2048;
/// Where the texts of the result end, in UTF-16 units, as words of four bytes; the texts follow.
const HEADER: usize = 6 * 4;
const OUTPUT: usize = HEADER + MAX_BODY + 256;

static BUFFER: Buffer = Buffer(RefCell::new(Vec::new()));

struct Buffer(RefCell<Vec<u8>>);

// SAFETY: the module is compiled without threads, so there is only one to share it with.
unsafe impl Sync for Buffer {}

impl Buffer {
    fn with_borrow_mut<T>(&self, work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        work(&mut self.0.borrow_mut())
    }
}

/// Where the input goes; the result comes `crossingInput()` bytes later. The buffer stays where it is, as long as the instance lives.
#[wasm_bindgen(js_name = crossingBuffer)]
pub fn crossing_buffer() -> usize {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(INPUT + OUTPUT, 0);
        buffer.as_ptr().addr()
    })
}

/// The memory that the buffer is in: of this instance, and as large as it is now. By its shape, for a project may have no
/// types of WebAssembly.
#[wasm_bindgen(js_name = crossingMemory, unchecked_return_type = "{ readonly buffer: ArrayBuffer }")]
#[must_use]
pub fn crossing_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// The size of the input, in bytes.
#[wasm_bindgen(js_name = crossingInput)]
#[must_use]
pub fn crossing_input() -> usize {
    INPUT
}

/// Verifies the alarm in the buffer. The texts are ErrorType, Description, AlarmContent, TimeStamp, AppSignature and
/// dedupKey. Returns how many bytes they have, or 0.
#[wasm_bindgen(js_name = crossAlarm)]
#[must_use]
pub fn cross_alarm(key: usize, app_id: usize, body: usize) -> usize {
    cross(key, |secret, input, output| {
        let (app_id, body) = input.get(..app_id + body)?.split_at_checked(app_id)?;
        let alarm = Incoming::verified(Message::ALARM, body, core::str::from_utf8(app_id).ok()?, &[secret]).ok()?;
        for name in ["ErrorType", "Description", "AlarmContent", "TimeStamp", "AppSignature"] {
            output.push(alarm.get(name)?)?;
        }
        output.push(alarm.dedup_key().as_bytes())
    })
}

/// Signs the delivery in the buffer: the AppId and the values of the table's other signed fields, each closed by a NUL
/// byte, which no value may hold. The text is the signature.
#[wasm_bindgen(js_name = crossDelivery)]
#[must_use]
pub fn cross_delivery(key: usize, values: usize) -> usize {
    cross(key, |secret, input, output| {
        let mut values = core::str::from_utf8(input.get(..values)?).ok()?.split('\0');
        let mut next = || values.next();
        let app_id = next()?;
        let delivery = Delivery {
            openid: next()?,
            transid: next()?,
            out_trade_no: next()?,
            deliver_timestamp: next()?,
            deliver_status: next()?,
            deliver_msg: next()?,
        };
        // What stands behind the last NUL byte.
        let is_complete = next() == Some("") && next().is_none();
        let signature = deliver_notify::sign(&delivery, app_id, &secret).ok().filter(|_| is_complete)?;
        output.push(signature.digits().as_bytes())
    })
}

/// Takes the key out of the buffer, and lets nothing of it stay there.
fn cross(key: usize, work: impl FnOnce(AppKey, &[u8], &mut Output<'_>) -> Option<()>) -> usize {
    BUFFER.with_borrow_mut(|buffer| {
        // In an instance that nobody has asked for its buffer, nothing can lie there.
        let Some((input, output)) = buffer.split_at_mut_checked(INPUT) else { return 0 };
        let Some((key, input)) = input.split_at_mut_checked(key) else { return 0 };
        let secret = AppKey::new(&*key);
        key.fill(0);
        black_box(key);
        let mut output = Output { bytes: output, texts: 0, at: HEADER, units: 0 };
        match secret.ok().and_then(|secret| work(secret, input, &mut output)) {
            Some(()) => output.at - HEADER,
            None => 0,
        }
    })
}

struct Output<'a> {
    bytes: &'a mut [u8],
    texts: usize,
    at: usize,
    units: u32,
}

impl Output<'_> {
    fn push(&mut self, text: &[u8]) -> Option<()> {
        // A character of four bytes is two units, every other one is one; bytes that continue one begin with 10.
        let units = text.iter().map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(*byte >= 0xF0)).sum::<u32>();
        self.units += units;
        self.bytes.get_mut(self.texts * 4..self.texts * 4 + 4)?.copy_from_slice(&self.units.to_le_bytes());
        self.bytes.get_mut(self.at..self.at + text.len())?.copy_from_slice(text);
        self.texts += 1;
        self.at += text.len();
        Some(())
    }
}
