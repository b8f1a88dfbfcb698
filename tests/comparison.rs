//! Signatures are compared in one place, by `ct_eq`, and nowhere by an operator: a look at the sources.

/// What a digest, or the text of a signature, is called in the sources.
const SECRET: [&str; 6] = ["digest", ".bytes()", "signature", "given", "blind(", ".to_string()"];
const OPERATORS: [&str; 2] = ["==", "!="];
const CALLS: [&str; 6] = [".eq(", ".ne(", ".cmp(", ".starts_with(", ".ends_with(", ".eq_ignore_ascii_case("];

/// The last word before an operator, or the first one behind it.
fn operand<'a>(mut words: impl Iterator<Item = &'a str>) -> &'a str {
    words.find(|word| !word.is_empty()).unwrap_or_default()
}

fn is_secret(word: &str) -> bool {
    SECRET.iter().any(|name| word.contains(name))
}

/// Whether a line compares what only `ct_eq` may compare.
fn compares(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let by_operator = OPERATORS.iter().flat_map(|operator| code.match_indices(operator)).any(|(at, operator)| {
        let before = operand(code[..at].rsplit(' '));
        let behind = operand(code[at + operator.len()..].split(' '));
        // A length is no secret.
        [before, behind].iter().any(|word| is_secret(word) && !word.contains("len()"))
    });
    let by_call = CALLS.iter().flat_map(|call| code.match_indices(call)).any(|(at, _)| {
        let before = operand(code[..at].rsplit(' '));
        is_secret(before)
    });
    by_operator || by_call
}

#[test]
fn no_operator_compares_a_signature() {
    for file in ["signature.rs", "incoming.rs", "explain.rs"] {
        let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        for (index, line) in source.lines().enumerate() {
            assert!(!compares(line), "{file}:{}: {line}", index + 1);
        }
    }
}

#[test]
fn the_look_finds_what_it_is_for() {
    for bad in [
        "if self.digest == other.digest {",
        "self.bytes() == other.bytes()",
        "keys.iter().any(|key| sign(key).to_string() == given)",
        "blind(self, given) == blind(self, self)",
        "signature.to_string().eq_ignore_ascii_case(text)",
        "if given != signature.to_string() {",
    ] {
        assert!(compares(bad), "{bad}");
    }
    for good in [
        "(bytes.len() == expected).then(|| Self::new(&bytes, recipe.hex))",
        "field.role == Role::Signature",
        "blind(self, given).ct_eq(&blind(self, self)).into()",
        "// digest == digest",
    ] {
        assert!(!compares(good), "{good}");
    }
}
