//! The core by itself: what `bench/speed.mjs` compares the package with, and what callgrind counts.
//!
//! ```text
//! paysign-native-bench time WORK APP_ID KEY < input    nanoseconds of one call, the best of the rounds
//! paysign-native-bench repeat WORK TIMES                 nothing but the calls, on a sample, for callgrind
//! ```
//!
//! `WORK` is `verify`, with a body as the input, or `build`, with the values of a delivery, one a line.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::io::{Read as _, stdin};
use std::time::{Duration, Instant};

use paysign::{AppKey, Delivery, alarm, deliver_notify};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["time", work, app_id, key] => {
            let mut input = Vec::new();
            stdin().read_to_end(&mut input)?;
            let mut once = call(work, &input, app_id, key)?;
            println!("{:.1}", nanoseconds(&mut once)?);
        }
        ["repeat", work, times] => {
            let key = "k9".repeat(64);
            let input = if *work == "verify" { sample_alarm(&key)? } else { SAMPLE_DELIVERY.to_owned() };
            let mut once = call(work, input.as_bytes(), APP_ID, &key)?;
            for _ in 0..times.parse()? {
                once()?;
            }
        }
        _ => return Err("usage: time WORK APP_ID KEY < input, or repeat WORK TIMES".into()),
    }
    Ok(())
}

const APP_ID: &str = "wxf8b4f85f3a794e77";
const SAMPLE_DELIVERY: &str = "oX99MDgNcgwnz3zFN3DNmo8uwa-w\n111112222233333\n555666uuu\n1369745073\n1\nok";

/// The alarm of the article.
fn sample_alarm(key: &str) -> Result<String, paysign::Error> {
    let texts = [("Description", "错识描述"), ("AlarmContent", "错误详情")];
    let numbers = [("ErrorType", "1001"), ("TimeStamp", "1393860740")];
    alarm::sign_test(&[texts, numbers].concat(), APP_ID, &AppKey::new(key)?)
}

type Call<'a> = Box<dyn FnMut() -> Result<(), paysign::Error> + 'a>;

fn call<'a>(work: &str, input: &'a [u8], app_id: &'a str, key: &str) -> Result<Call<'a>, Box<dyn Error>> {
    let key = AppKey::new(key)?;
    match work {
        "verify" => {
            let keys = [key];
            Ok(Box::new(move || alarm::verify(black_box(input), app_id, &keys).map(|alarm| drop(black_box(alarm)))))
        }
        "build" => {
            let lines: Vec<&str> = std::str::from_utf8(input)?.lines().collect();
            let [openid, transid, out_trade_no, deliver_timestamp, deliver_status, deliver_msg] = lines[..] else {
                return Err("six lines are expected, the values of a delivery".into());
            };
            let delivery = Delivery { openid, transid, out_trade_no, deliver_timestamp, deliver_status, deliver_msg };
            Ok(Box::new(move || {
                deliver_notify::build(black_box(&delivery), app_id, &key).map(|body| drop(black_box(body)))
            }))
        }
        _ => Err("the work is verify or build".into()),
    }
}

/// Of one call, in the best of thirty rounds of ten milliseconds.
fn nanoseconds(once: &mut Call<'_>) -> Result<f64, paysign::Error> {
    let mut best = f64::INFINITY;
    for _ in 0..30 {
        let mut calls = 0_u32;
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(10) {
            for _ in 0..100 {
                once()?;
            }
            calls += 100;
        }
        best = best.min(started.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    Ok(best)
}
