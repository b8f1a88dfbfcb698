//! The attack of THREATS 3.1 for real: from one observed alarm, without the key, a new body under a valid signature.
//! Each of the three barriers alone stops it; without all three it succeeds, so this test can fail.

use crate::barrier::{Barrier, without};
use crate::{AppKey, alarm};

const APP_ID: &str = "wxf8b4f85f3a794e77";
const KEY_LENGTH: usize = 128;
const BARRIERS: [Barrier; 3] = [Barrier::Utf8, Barrier::XmlChar, Barrier::Digits];

/// SHA-1 from a state onwards, written for the attack: what an attacker brings along.
fn sha1_from(mut state: [u32; 5], message: &[u8]) -> [u32; 5] {
    for block in message.chunks_exact(64) {
        let mut w = [0u32; 80];
        for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes(bytes.try_into().unwrap());
        }
        for i in 16..80 {
            w[i] = (w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in w.iter().enumerate() {
            let (f, k) = match i / 20 {
                0 => ((b & c) | (!b & d), 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6),
            };
            let t = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, t);
        }
        for (into, from) in state.iter_mut().zip([a, b, c, d, e]) {
            *into = into.wrapping_add(from);
        }
    }
    state
}

/// What SHA-1 puts behind a message of this many bytes.
fn padding(length: usize) -> Vec<u8> {
    let mut bytes = vec![0x80];
    bytes.resize(1 + (119 - length % 64) % 64, 0);
    bytes.extend((u64::try_from(length).unwrap() * 8).to_be_bytes());
    bytes
}

/// What anyone who saw the genuine body can make of it.
fn forge(genuine: &str) -> Vec<u8> {
    let observed = alarm::parse(genuine.as_bytes()).unwrap();
    let signed_length = format!(
        "alarmcontent={}&appid={}&appkey=&description={}&errortype={}&timestamp={}",
        observed.alarm_content, observed.app_id, observed.description, observed.error_type, observed.time_stamp
    )
    .len()
        + KEY_LENGTH;
    let glue = padding(signed_length);
    let suffix = b"0";

    let digest = hex::decode(&observed.app_signature).unwrap();
    let state: Vec<u32> = digest.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
    let extension = [suffix.as_slice(), &padding(signed_length + glue.len() + suffix.len())].concat();
    let forged = sha1_from(state.try_into().unwrap(), &extension).map(u32::to_be_bytes).concat();

    let (before, rest) = genuine.split_once(&observed.time_stamp).unwrap();
    let after = rest.replace(&observed.app_signature, &hex::encode(forged));
    [before.as_bytes(), observed.time_stamp.as_bytes(), &glue, suffix, after.as_bytes()].concat()
}

#[test]
fn each_barrier_alone_stops_the_attack_and_nothing_else_does() {
    let key = AppKey::new("0123456789abcdef".repeat(KEY_LENGTH / 16)).unwrap();
    let fields =
        [("ErrorType", "1001"), ("Description", "late"), ("AlarmContent", "错误"), ("TimeStamp", "1393860740")];
    let genuine = alarm::sign_test(&fields, APP_ID, &key).unwrap();
    let forged = forge(&genuine);
    for down in 0..8 {
        let barriers: Vec<_> = (0..3).filter(|bit| down >> bit & 1 == 1).map(|bit| BARRIERS[bit]).collect();
        let verdict = without(&barriers, || alarm::verify(&forged, APP_ID, std::slice::from_ref(&key)));
        if down == 7 {
            let alarm = verdict.expect("with all barriers down the attack succeeds");
            assert!(alarm.time_stamp.starts_with("1393860740"), "a lenient parse still reads the old time");
        } else {
            let code = verdict.expect_err("a barrier stands").code().as_str();
            let expected = match BARRIERS.iter().find(|barrier| !barriers.contains(barrier)) {
                Some(Barrier::Utf8) => "XML_NOT_UTF8",
                Some(Barrier::XmlChar) => "XML_FORBIDDEN_CHARACTER",
                _ => "FIELD_MALFORMED",
            };
            assert_eq!(code, expected, "without {barriers:?}");
        }
    }
}
