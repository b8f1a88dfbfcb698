//! The laws of `tests/laws/` over kept inputs and over a few thousand mutations, the same ones each time. The long form
//! is `cargo xtask fuzz`.

#[path = "laws/mod.rs"]
mod laws;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use laws::{ALL, APP_ID, APP_KEY, APP_KEYS, Law, PARTNER, pay_sign, query, reference};
use paysign::{alarm, feedback, native_package};
use support::{body, fields, rows, text, vectors};

/// Mutations of all seeds of a law, together.
const MUTATIONS: usize = 20_000;
/// Longer seeds are left out of the mutations: their length is their point, and `tests/alarm.rs` has it.
const LONGEST: usize = 2_048;

type Seeds = BTreeMap<String, Vec<u8>>;

/// The seeds of a law: made from the vectors, so that no second copy of them is kept.
fn seeds(name: &str) -> Seeds {
    let mut seeds = match name {
        "diagnose" => pastes(),
        "explain" => explanations(),
        "push" => pushes(),
        "query" => queries(),
        _ => bodies(),
    };
    seeds.retain(|_, seed| seed.len() <= LONGEST);
    seeds
}

fn bodies() -> Seeds {
    let file = vectors("alarm-bodies.json");
    let mut seeds: Seeds = rows(&file).iter().map(|row| (text(row, "name").to_owned(), body(row))).collect();
    let file = vectors("errors.json");
    let bodies = rows(&file).iter().filter(|row| row["body"].is_string() || row["body_b64"].is_string());
    seeds.extend(bodies.map(|row| (format!("error-{}", text(row, "name")), body(row))));
    seeds.insert("genuine-alarm".to_owned(), genuine_alarm().into_bytes());
    seeds.insert("genuine-feedback".to_owned(), genuine_feedback().into_bytes());
    // What a mutation would take long to come upon.
    let (alarm, feedback) = (genuine_alarm(), genuine_feedback());
    let moved = |field: &str, to: &str| feedback.replace(field, "").replace(to, &format!("{to}{field}"));
    let near = [
        ("space-as-reference", alarm.replace("<Description>", "<Description>&#32;")),
        ("space-as-reference-behind", alarm.replace("</Description>", "\t&#10;</Description>")),
        ("space-between-sections", alarm.replace("</Description>", "\n<![CDATA[ ]]>\t</Description>")),
        ("field-in-pictures", moved("<Reason>x&#x20;</Reason>", "<PicInfo>")),
        ("field-in-a-picture", moved("<Reason>x&#x20;</Reason>", "<item>")),
        ("pictures-in-pictures", feedback.replace("<PicInfo>", "<PicInfo><PicInfo></PicInfo>")),
        ("pictures-twice", feedback.replace("<PicInfo>", "<PicInfo></PicInfo><PicInfo> <item>\n</item>")),
        ("text-in-pictures", feedback.replace("<item>", "x<item>")),
        (
            "six-pictures",
            feedback.replace("<PicInfo>", &format!("<PicInfo>{}", "<item><PicUrl>u</PicUrl></item>".repeat(4))),
        ),
    ];
    for (name, body) in near {
        assert!(body != alarm && body != feedback, "{name} changes nothing");
        seeds.insert(name.to_owned(), body.into_bytes());
    }
    seeds.insert("genuine-request".to_owned(), genuine_request().into_bytes());
    seeds
}

fn queries() -> Seeds {
    let file = vectors("errors.json");
    let given = rows(&file).iter().filter(|row| row["query"].is_string());
    let mut seeds: Seeds =
        given.map(|row| (text(row, "name").to_owned(), text(row, "query").as_bytes().to_vec())).collect();
    seeds.insert("genuine".to_owned(), query::GENUINE.clone().into_bytes());
    seeds.insert("genuine-plus".to_owned(), query::GENUINE.replace("%20", "+").into_bytes());
    seeds.insert("plus-in-a-token".to_owned(), query::GENUINE.replace("=o-1", "=o+1").into_bytes());
    for (name, hidden) in
        [("hides-a-parameter", "bank_billno%3D1"), ("hides-the-key", "key%3D"), ("hides-nothing", "k%3D1")]
    {
        seeds.insert(name.to_owned(), query::GENUINE.replace("%26x", &format!("%26{hidden}")).into_bytes());
    }
    for name in ["attach", "buyer_alias", "discount", "pay_info", "service_version", "sign_type"] {
        seeds.insert(format!("more-{name}"), format!("?{name}=1&{}", *query::GENUINE).into_bytes());
    }
    seeds.insert("gbk".to_owned(), query::GENUINE.replace("UTF-8", "GBK").replace("%E9%99%84", "%B8%BD").into_bytes());
    seeds
}

/// Content, bodies and queries of pushes.
fn pushes() -> Seeds {
    let file = vectors("push.json");
    let mut seeds = Seeds::new();
    for row in rows(&file) {
        for (kind, text) in [("body", &row["body"]), ("content", &row["push"]["content"]), ("query", &row["query"])] {
            let text = text.as_str().map(|text| text.as_bytes().to_vec());
            seeds.extend(text.map(|text| (format!("{}-{kind}", row["name"].as_str().unwrap_or_default()), text)));
        }
    }
    seeds
}

/// What people paste: bodies, queries, and fields in the spellings of programs.
fn pastes() -> Seeds {
    let mut seeds = bodies();
    seeds.extend(queries());
    let file = vectors("signatures.json");
    for row in rows(&file) {
        let pairs = |between: &str, around: &str, join: &str| {
            let parts: Vec<String> = fields(row)
                .iter()
                .map(|(name, value)| format!("{around}{name}{around}{between}{around}{value}{around}"))
                .collect();
            parts.join(join)
        };
        let (id, signature) = (text(row, "id"), text(row, "signature"));
        let spellings = [
            ("json", format!("{{{},\"sign\":\"{signature}\"}}", pairs(":", "\"", ","))),
            ("php", format!("array({},'sign'=>'{signature}');", pairs(" => ", "'", ",\n"))),
            ("query", format!("{}&sign={signature}", pairs("=", "", "&"))),
        ];
        seeds.extend(spellings.map(|(kind, text)| (format!("{kind}-{id}"), text.into_bytes())));
    }
    seeds
}

fn explanations() -> Seeds {
    let file = vectors("signatures.json");
    let seed = |row| {
        let mut lines = vec![text(row, "message").to_owned()];
        lines.extend(fields(row).iter().map(|(name, value)| format!("{name}={value}")));
        lines.push(format!("key:{}", text(row, "key")));
        lines.push(format!("given:{}", text(row, "signature")));
        lines.join("\n").into_bytes()
    };
    rows(&file).iter().map(|row| (text(row, "id").to_owned(), seed(row))).collect()
}

fn genuine_alarm() -> String {
    let fields =
        [("ErrorType", "1001"), ("Description", "a&b]]>c"), ("AlarmContent", "错误\r\n"), ("TimeStamp", "1393860740")];
    alarm::sign_test(&fields, APP_ID, &APP_KEYS[0]).expect("an alarm")
}

fn genuine_feedback() -> String {
    let signature = pay_sign(&[("OpenId", "o1"), ("AppId", APP_ID), ("TimeStamp", "1393400471")]);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><OpenId>o1</OpenId><AppId>{APP_ID}</AppId>\
         <TimeStamp> 1393400471</TimeStamp><MsgType>request</MsgType><FeedBackId>1</FeedBackId><TransId>1</TransId>\
         <Reason>x&#x20;</Reason><Solution> <![CDATA[]]></Solution><ExtInfo></ExtInfo><PicInfo>\
         <item><PicUrl><![CDATA[http://a/1.jpg]]></PicUrl></item> <item><PicUrl></PicUrl></item></PicInfo>\
         <AppSignature>{signature}</AppSignature><SignMethod>SHA1</SignMethod></xml>"
    )
}

fn genuine_request() -> String {
    let fields = [
        ("OpenId", "o1"),
        ("AppId", APP_ID),
        ("IsSubscribe", "0"),
        ("ProductId", "p-1"),
        ("TimeStamp", "1"),
        ("NonceStr", "n"),
    ];
    let elements: String = fields.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
    let signature = pay_sign(&fields);
    format!("<xml>{elements}<AppSignature>{signature}</AppSignature><SignMethod>sha1</SignMethod></xml>")
}

#[test]
fn the_genuine_seeds_are_genuine() {
    assert!(alarm::verify(genuine_alarm().as_bytes(), APP_ID, &*APP_KEYS).is_ok());
    let feedback = feedback::verify(genuine_feedback().as_bytes(), APP_ID, &*APP_KEYS).expect("a feedback");
    assert_eq!(feedback.unverified.pic_urls, ["http://a/1.jpg", ""]);
    assert!(native_package::verify_request(genuine_request().as_bytes(), APP_ID, &*APP_KEYS).is_ok());
    assert!(query::GENUINE.contains(PARTNER));
}

/// The second reader is no use if it is wrong where it is known what is right.
#[test]
fn the_second_reader_knows_the_verdicts_of_the_vectors() {
    let (mut accepted, mut refused) = (0, 0);
    for row in rows(&vectors("alarm-bodies.json")) {
        let read = reference::alarm(&body(row)).is_some();
        // What only the account or the signature refuses is read.
        let expected = ["ACCEPT", "SIGNATURE_MISMATCH", "BAD_APPID"].contains(&text(row, "verdict"));
        assert_eq!(read, expected, "{}", text(row, "name"));
        if read { accepted += 1 } else { refused += 1 }
    }
    assert!(accepted > 9 && refused > 50, "{accepted} and {refused}");
}

/// Writes them where `cargo xtask fuzz` takes them from.
#[test]
fn the_seeds_are_written_for_the_fuzzer() {
    for (name, _) in ALL {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeds").join(name);
        fs::create_dir_all(&folder).expect("the folder of the seeds");
        for (seed, bytes) in seeds(name) {
            fs::write(folder.join(seed), bytes).expect("a seed");
        }
    }
}

#[test]
fn each_law_has_its_fuzz_target_and_its_seeds() {
    let folder = repository("fuzz/fuzz_targets");
    let mut targets: Vec<String> = files(&folder).iter().map(|file| stem(file)).collect();
    targets.sort();
    assert_eq!(targets, ALL.map(|(name, _)| name));
    for (name, _) in ALL {
        assert!(seeds(name).len() >= 10, "{name} has few seeds");
    }
}

/// The inputs that the fuzzer found interesting, and those that once broke a law.
#[test]
fn the_laws_hold_for_what_is_kept() {
    let mut count = 0;
    for (name, law) in ALL {
        for kind in ["corpus", "regressions"] {
            for file in files(&repository(&format!("fuzz/{kind}/{name}"))) {
                hold(law, &fs::read(&file).expect("a file"), &file.display().to_string());
                count += 1;
            }
        }
    }
    assert!(count > 0, "nothing is kept");
}

#[test]
fn the_laws_hold_for_mutations_of_the_seeds() {
    let dictionary = dictionary();
    for (name, law) in ALL {
        let seeds = seeds(name);
        let all: Vec<&[u8]> = seeds.values().map(Vec::as_slice).collect();
        for (seed, bytes) in &seeds {
            hold(law, bytes, &format!("{name}, seed {seed}"));
        }
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for round in 0..MUTATIONS {
            let mut bytes = all[round % all.len()].to_vec();
            for _ in 0..=random.below(4) {
                mutate(&mut bytes, &mut random, &dictionary, &all);
            }
            hold(law, &bytes, &format!("{name}, mutation {round}: {}", bytes.escape_ascii()));
        }
    }
}

/// What the mutations must be able to do, or the laws above hold for nothing.
#[test]
fn mutations_are_read_and_accepted_often_enough() {
    let dictionary = dictionary();
    let seed = genuine_alarm().into_bytes();
    let mut random = Random(7);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..2_000 {
        let mut bytes = seed.clone();
        mutate(&mut bytes, &mut random, &dictionary, &[&seed]);
        if alarm::parse(&bytes).is_ok() { read += 1 } else { refused += 1 }
    }
    assert!(read > 100 && refused > 1_000, "{read} read, {refused} refused");
}

fn hold(law: Law, bytes: &[u8], what: &str) {
    assert!(catch_unwind(AssertUnwindSafe(|| law(bytes))).is_ok(), "the law is broken: {what}");
}

/// One small change, of the kinds a fuzzer makes.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random, dictionary: &[Vec<u8>], seeds: &[&[u8]]) {
    let start = random.below(bytes.len() + 1);
    let end = (start + random.below(24)).min(bytes.len());
    match random.below(8) {
        0 if start < bytes.len() => bytes[start] ^= 1 << random.below(8),
        1 if start < bytes.len() => bytes[start] = random.byte(),
        2 => drop(bytes.drain(start..end)),
        3 => {
            let piece = bytes[start..end].to_vec();
            let at = random.below(bytes.len() + 1);
            bytes.splice(at..at, piece);
        }
        4 => {
            let other = seeds[random.below(seeds.len())];
            let from = random.below(other.len() + 1);
            let to = (from + random.below(64)).min(other.len());
            bytes.splice(start..end, other[from..to].iter().copied());
        }
        5 => drop(bytes.splice(start..end, dictionary[random.below(dictionary.len())].iter().copied())),
        6 => {
            let white = b" \t\r\n"[random.below(4)];
            bytes.insert(start, white);
        }
        _ => drop(bytes.splice(start..start, dictionary[random.below(dictionary.len())].iter().copied())),
    }
}

/// The words of the fuzzer's dictionary: `"text"` a line, `\xNN` for a byte, `\"` and `\\`.
fn dictionary() -> Vec<Vec<u8>> {
    let text = fs::read_to_string(repository("fuzz/xml.dict")).expect("the dictionary");
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let words: Vec<Vec<u8>> = quoted.map(unescape).collect();
    assert!(words.len() > 60, "{} words", words.len());
    words
}

fn unescape(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, rest) {
            (b'\\', [b'x', high, low, after @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).expect("hexadecimal digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                rest = after;
            }
            (b'\\', [escaped, after @ ..]) => {
                bytes.push(*escaped);
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}

/// xorshift64: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % bound.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder; none if there is no folder, which is how git keeps an empty one.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn stem(file: &Path) -> String {
    file.file_stem().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn what_is_kept_stays_small() {
    let (mut count, mut size) = (0, 0);
    for (name, _) in ALL {
        for file in files(&repository(&format!("fuzz/corpus/{name}"))) {
            count += 1;
            size += fs::metadata(&file).expect("a file").len();
        }
    }
    assert!(count <= 300 && size <= 1_000_000, "{count} files, {size} bytes: `cargo xtask fuzz --keep` keeps fewer");
}

#[test]
fn the_key_of_the_laws_is_in_the_dictionary() {
    let words = dictionary();
    assert!(words.iter().any(|word| word == APP_KEY.as_bytes()), "or no mutation puts the key into a value");
}
