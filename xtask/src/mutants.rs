//! `mutants`: the core is broken in one place at a time, and a test must notice each time.
//!
//! What no test can notice, because it changes nothing that can be observed, is explained in tests/mutants.md.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo::Repo;
use crate::stamp::read;
use crate::tools;
use crate::ui::Ui;

const OUTPUT: &str = "target/mutants";
const EXPLAINED: &str = "tests/mutants.md";

pub fn run(repo: &Repo, ui: &Ui, files: &[String]) -> Result<ExitCode> {
    for file in files {
        if !repo.path(file).is_file() {
            bail!("there is no file {file}; name files from the root, such as src/xml.rs");
        }
    }
    tools::MUTANTS.install(repo, ui)?;
    let explained = explained(&String::from_utf8_lossy(&read(&repo.path(EXPLAINED))?));
    let code = tools::MUTANTS
        .tool(repo)
        .args(["mutants", "--no-shuffle", "--jobs", "1", "--output", OUTPUT])
        .args(files.iter().flat_map(|file| ["--file", file]))
        .pass_through()?;
    // 2: some survived, which the table says better; 3: some ran into the time limit, which counts as noticed.
    if !matches!(code, 0 | 2 | 3) {
        bail!("cargo-mutants failed (exit code {code}); above is why");
    }
    let outcomes = read(&repo.path(OUTPUT).join("mutants.out/outcomes.json"))?;
    let outcomes: Value = serde_json::from_slice(&outcomes).context("outcomes.json cannot be read")?;
    let tally = Tally::of(&outcomes, &explained);
    print!("{}", tally.table());
    Ok(if tally.rows.iter().all(|row| row.unexplained.is_empty()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The mutants of the explanations: the lines of the form "- `src/file.rs: what is replaced`".
fn explained(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("- `"));
    lines.filter_map(|line| line.split_once('`')).map(|(name, _)| name.to_owned()).collect()
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    file: String,
    caught: usize,
    timeout: usize,
    unviable: usize,
    explained: usize,
    unexplained: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    rows: Vec<Row>,
}

impl Tally {
    fn of(outcomes: &Value, explained: &[String]) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for outcome in outcomes.get("outcomes").and_then(Value::as_array).into_iter().flatten() {
            let text = |place| outcome.pointer(place).and_then(Value::as_str);
            let (Some(file), Some(name)) = (text("/scenario/Mutant/file"), text("/scenario/Mutant/name")) else {
                continue; // The baseline.
            };
            let index = rows.iter().position(|row| row.file == file).unwrap_or_else(|| {
                rows.push(Row { file: file.to_owned(), ..Row::default() });
                rows.len() - 1
            });
            let Some(row) = rows.get_mut(index) else { continue };
            match text("/summary") {
                Some("CaughtMutant") => row.caught += 1,
                Some("Timeout") => row.timeout += 1,
                Some("Unviable") => row.unviable += 1,
                _ if explained.contains(&without_place(name)) => row.explained += 1,
                _ => row.unexplained.push(name.to_owned()),
            }
        }
        Self { rows }
    }

    fn table(&self) -> String {
        let mut table = format!(
            "\n{:24}{:>8}{:>10}{:>10}{:>11}{:>10}\n",
            "", "caught", "timeout", "unviable", "explained", "survived"
        );
        for row in &self.rows {
            let survived = row.unexplained.len();
            let _ = writeln!(
                table,
                "{:24}{:>8}{:>10}{:>10}{:>11}{survived:>10}",
                row.file, row.caught, row.timeout, row.unviable, row.explained
            );
        }
        for name in self.rows.iter().flat_map(|row| &row.unexplained) {
            let _ = writeln!(table, "\nsurvived: {name}");
        }
        let survived: usize = self.rows.iter().map(|row| row.unexplained.len()).sum();
        if survived > 0 {
            let _ = writeln!(table, "\nWrite the test that notices it, or explain in {EXPLAINED} why none can.");
        }
        let caught: usize = self.rows.iter().map(|row| row.caught + row.timeout).sum();
        let explained: usize = self.rows.iter().map(|row| row.explained).sum();
        let _ = writeln!(table, "\n{caught} caught, {explained} explained, {survived} survived");
        table
    }
}

/// `src/xml.rs:66:55: replace …` without line and column, which every edit above it moves.
fn without_place(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(name: &str, summary: &str) -> Value {
        json!({ "scenario": { "Mutant": { "file": "src/a.rs", "name": name } }, "summary": summary })
    }

    #[test]
    fn only_what_nobody_explains_has_survived() {
        let text = "# Explained\n\nWords.\n\n- `src/a.rs: replace f -> bool with true`: because.\n";
        let outcomes = json!({ "outcomes": [
            { "scenario": "Baseline", "summary": "Success" },
            outcome("src/a.rs:1:2: replace f -> bool with true", "MissedMutant"),
            outcome("src/a.rs:9:2: replace g -> bool with true", "MissedMutant"),
            outcome("src/a.rs:9:2: replace g -> bool with false", "CaughtMutant"),
            outcome("src/a.rs:9:2: replace + with * in g", "Timeout"),
            outcome("src/a.rs:9:3: replace + with - in g", "Unviable"),
        ]});
        let tally = Tally::of(&outcomes, &explained(text));
        let expected = Row {
            file: "src/a.rs".to_owned(),
            caught: 1,
            timeout: 1,
            unviable: 1,
            explained: 1,
            unexplained: vec!["src/a.rs:9:2: replace g -> bool with true".to_owned()],
        };
        assert_eq!(tally.rows, [expected]);
        assert!(tally.table().ends_with("\n2 caught, 1 explained, 1 survived\n"), "{}", tally.table());
    }

    /// The functions that the explanations are about must still be there.
    fn check(repo: &Repo) -> Result<()> {
        let explained = explained(&String::from_utf8_lossy(&read(&repo.path(EXPLAINED))?));
        for name in &explained {
            let (file, what) = name.split_once(": ").with_context(|| format!("{EXPLAINED}: `{name}` names no file"))?;
            let source = String::from_utf8_lossy(&read(&repo.path(file))?).into_owned();
            // "… in Value<'a>::push_text", "replace Signature::matches -> bool with true"
            let function = what.rsplit_once(" in ").map_or_else(
                || what.trim_start_matches("replace ").split(" -> ").next().unwrap_or(what),
                |(_, function)| function,
            );
            let function = function.rsplit("::").next().unwrap_or(function);
            if !source.contains(&format!("fn {function}(")) && !source.contains(&format!("fn {function}<")) {
                bail!("{EXPLAINED} explains a mutant of `{function}`, which {file} has no more; remove it");
            }
        }
        Ok(())
    }

    #[test]
    fn explanations_are_about_functions_that_exist() {
        check(&Repo::find().unwrap()).unwrap();
    }
}
