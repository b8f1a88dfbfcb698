//! Does the time of a comparison tell how much of a signature is right? Measured in the manner of dudect (Reparaz, Balasch,
//! Verbauwhede 2017): two classes of input in random order, Welch's t-test on their times, and the same test on what is left
//! after the slowest measurements are cut off. `cargo xtask timing` runs it and keeps the result in bench/TIMING.md.
//!
//! The last rows are a control: a comparison that stops at the first difference. Where the test does not find that one out,
//! it proves nothing.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use paysign::{AppKey, Fields, Message, Signature, alarm, sign_message};

/// Above this, dudect and its successors speak of a leak; chance gets there once in 150,000 tests.
const LEAK: f64 = 4.5;
/// The shares of the measurements that are kept, fastest first.
const KEPT: [f64; 5] = [1.0, 0.99, 0.9, 0.75, 0.5];
const APP_ID: &str = "wxf8b4f85f3a794e77";

/// xorshift64*: the order of the classes must not repeat.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

/// Mean and variance, as Welford adds them up.
#[derive(Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let distance = value - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (value - self.mean);
    }

    fn error(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

/// Welch's t of the two classes, for each share that is kept.
fn t_values(times: &[(bool, u32)]) -> Vec<f64> {
    let mut sorted: Vec<u32> = times.iter().map(|(_, time)| *time).collect();
    sorted.sort_unstable();
    let t_of = |share: &f64| {
        let limit = sorted[((sorted.len() - 1) as f64 * share) as usize];
        let mut classes = [Moments::default(), Moments::default()];
        for (class, time) in times.iter().filter(|(_, time)| *time <= limit) {
            classes[usize::from(*class)].add(f64::from(*time));
        }
        let [a, b] = &classes;
        let error = (a.error() + b.error()).sqrt();
        // Times without any spread are equal or are not.
        if error > 0.0 { (a.mean - b.mean) / error } else { (a.mean - b.mean) * f64::INFINITY.min(1e9) }
    };
    KEPT.iter().map(t_of).collect()
}

/// Times `work` on inputs of two classes, in random order, and prints a line. `input` makes one of a class.
fn measure<T>(
    name: &str,
    measurements: usize,
    mut input: impl FnMut(bool, &mut Random) -> T,
    work: impl Fn(&T) -> bool,
) -> f64 {
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ measurements as u64);
    let mut times = Vec::with_capacity(measurements);
    while times.len() < measurements {
        // Made before the clock runs and read in sequence, so that the class shows in nothing but the content.
        let inputs: Vec<(bool, T)> = (0..2_000)
            .map(|_| {
                let class = random.next() >> 63 == 1;
                (class, input(class, &mut random))
            })
            .collect();
        for (class, input) in &inputs {
            let start = Instant::now();
            black_box(work(black_box(input)));
            times.push((*class, u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX)));
        }
    }
    // The first ones warm the processor up.
    let t = t_values(&times[measurements / 100..]);
    let worst = t.iter().fold(0.0, |worst: f64, t| worst.max(t.abs()));
    let shown: Vec<String> = t.iter().map(|t| format!("{t:>9.2}")).collect();
    println!("{name:56}{measurements:>9}{}{worst:>10.2}", shown.concat());
    worst
}

/// Another digit, a letter for a letter and a number for a number: how long the digits take to read depends on that, and
/// they are the attacker's own. What is asked is whether the time depends on the expected signature.
fn other_digit(digit: u8, random: &mut Random) -> u8 {
    let alike: &[u8] = if digit.is_ascii_digit() { b"0123456789" } else { b"abcdef" };
    let others: Vec<u8> = alike.iter().copied().filter(|other| *other != digit).collect();
    others[random.next() as usize % others.len()]
}

/// The digits of a signature with those of `places` changed.
fn changed(digits: &str, places: impl IntoIterator<Item = usize>, random: &mut Random) -> String {
    let mut bytes = digits.as_bytes().to_vec();
    for at in places {
        bytes[at] = other_digit(bytes[at], random);
    }
    String::from_utf8(bytes).expect("digits")
}

fn early_exit(a: &[u8], b: &[u8]) -> bool {
    for (a, b) in a.iter().zip(b) {
        if black_box(a) != black_box(b) {
            return false;
        }
    }
    true
}

fn main() -> ExitCode {
    let measurements = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let key = AppKey::new("0123456789abcdef".repeat(8)).expect("a key");
    let sign = |time: u64| {
        let time = time.to_string();
        let fields = Fields::from_iter([("AppId", APP_ID), ("OpenId", "o1"), ("TimeStamp", time.as_str())]);
        sign_message(Message::FEEDBACK, &fields, &key).expect("signed")
    };
    let expected = sign(1);
    let digits = expected.to_string();
    // Nobody can make a signature that differs in its last byte only. One that differs from the third on can be searched.
    let third = (2..).map(sign).find(|other| other.to_string().starts_with(&digits[..4])).expect("one in 65,536");
    let first = sign(2);
    assert_ne!(first.to_string()[..2], digits[..2]);
    let any: Vec<Signature> = (1_000_000..1_001_024).map(sign).collect();
    let one_of_any = |random: &mut Random| any[random.next() as usize % any.len()];
    let matches = |given: &Signature| expected.matches(given);

    let kept: String = KEPT.iter().map(|share| format!("{:>8.0}%", share * 100.0)).collect();
    println!("{:56}{:>9}{kept}{:>10}", "t, when this share of the measurements is kept:", "measured", "worst");
    let mut worst: f64 = 0.0;
    let mut row = |t: f64| worst = worst.max(t);
    row(measure(
        "matches: wrong from byte 1 | wrong from byte 3",
        measurements,
        |c, _| if c { first } else { third },
        matches,
    ));
    row(measure("matches: wrong from byte 1 | right", measurements, |c, _| if c { first } else { expected }, matches));
    row(measure(
        "matches: wrong from byte 1 | any wrong one",
        measurements,
        |c, random| if c { first } else { one_of_any(random) },
        matches,
    ));

    // The whole way of an attacker's body. Its signature can be any digits.
    let fields = [("ErrorType", "1001"), ("Description", "x"), ("AlarmContent", "x"), ("TimeStamp", "1393860740")];
    let genuine = alarm::sign_test(&fields, APP_ID, &key).expect("an alarm");
    let right = alarm::parse(genuine.as_bytes()).expect("an alarm").app_signature;
    let keys = [key.clone()];
    let with = |digits: &str| genuine.replace(&right, digits).into_bytes();
    let verify = |body: &Vec<u8>| alarm::verify(body, APP_ID, &keys).is_ok();
    let mut random = Random(1);
    let (first, last) = (changed(&right, [1], &mut random), changed(&right, [39], &mut random));
    let any: Vec<Vec<u8>> = (0..1_024).map(|_| with(&changed(&right, 0..40, &mut random))).collect();
    let (first_body, last_body) = (with(&first), with(&last));
    row(measure(
        "alarm::verify: wrong in byte 1 | wrong in byte 20",
        measurements,
        |c, _| if c { first_body.clone() } else { last_body.clone() },
        verify,
    ));
    row(measure(
        "alarm::verify: wrong in byte 20 | any wrong one",
        measurements,
        |c, random| if c { last_body.clone() } else { any[random.next() as usize % any.len()].clone() },
        verify,
    ));

    let bytes = |digits: &str| -> [u8; 20] {
        std::array::from_fn(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("digits"))
    };
    let (want, first, last) = (bytes(&right), bytes(&first), bytes(&last));
    let control = measure(
        "CONTROL, early exit: wrong in byte 1 | wrong in byte 20",
        measurements,
        |c, _| if c { first } else { last },
        |given: &[u8; 20]| early_exit(&want, given),
    );

    let leaks = worst > LEAK;
    let blind = control <= LEAK;
    println!();
    println!("paysign:  worst |t| {worst:.2}, {} {LEAK}", if leaks { "ABOVE" } else { "below" });
    println!(
        "control:  |t| {control:.2}, {} {LEAK}",
        if blind { "BELOW, so this run proves nothing" } else { "above" }
    );
    if leaks || blind { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
