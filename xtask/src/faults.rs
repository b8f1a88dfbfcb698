//! `faults`: the faults of tests/faults, many times each; the outcome is kept in docs/RELIABILITY.md.

use std::env;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::write;
use crate::timing::{date, processor};
use crate::ui::{Done, Ui};
use crate::{build, setup};

const SCRIPT: &str = "tests/faults/main.mjs";
const RESULT: &str = "docs/RELIABILITY.md";

/// Which faults to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub short: bool,
    /// Empty means all.
    pub names: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--short" => options.short = true,
                unknown if unknown.starts_with('-') => bail!("`faults` knows --short, and was given `{unknown}`"),
                name => options.names.push(name.to_owned()),
            }
        }
        Ok(options)
    }
}

pub fn run(repo: &Repo, ui: &Ui, options: &Options) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    setup::strace(repo)?;
    let (postgres, redis) = (setup::postgres(repo)?, setup::redis(repo)?);
    let known = Tool::script(repo, SCRIPT).args(["--list"]).run("faults")?;
    let known: Vec<&str> = known.lines().collect();
    if let Some(name) = options.names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("there is no fault `{name}`; they are {}", known.join(", "));
    }
    let wanted = known.iter().filter(|name| options.names.is_empty() || options.names.iter().any(|only| only == *name));

    let start = Instant::now();
    let mut rows = Vec::new();
    let mut failed = 0;
    for name in wanted {
        let outcome = ui.step(name, || {
            let said = Tool::new(repo, repo.pinned_node())
                .args(["--disable-warning=ExperimentalWarning", SCRIPT, name])
                .args(options.short.then_some("--short"))
                .env("POSTGRES_BIN", &postgres)
                .env("REDIS_SERVER", &redis)
                .deadline(Duration::from_secs(15 * 60))
                .run(&format!("fault-{name}"))?;
            let row = Row::read(&said)?;
            let note = format!("{}, {} lost", row.tries, row.lost);
            let ok = row.ok;
            rows.push(row);
            if ok { Ok(Done::Worked(note)) } else { bail!("the fault `{name}` was not survived. It said:\n\n{said}") }
        });
        if let Err(error) = outcome {
            ui.error(&error);
            failed += 1;
        }
    }
    println!("\n{}", table(&rows));
    if failed > 0 {
        println!("{failed} failed; {RESULT} is left as it is.");
        return Ok(ExitCode::FAILURE);
    }
    if !options.short && options.names.is_empty() {
        let text = format!("{BEFORE}\n{}\n\n{}{AFTER}", place(repo, start.elapsed())?, table(&rows));
        write(&repo.path(RESULT), text.as_bytes())?;
        println!("{RESULT} is written.");
    }
    Ok(ExitCode::SUCCESS)
}

/// What happened with one fault, as tests/faults/main.mjs says it.
struct Row {
    fault: String,
    what: String,
    tries: String,
    lost: u64,
    wrong: u64,
    seconds: Option<f64>,
    note: String,
    ok: bool,
}

impl Row {
    /// The line of JSON among the progress.
    fn read(said: &str) -> Result<Self> {
        let line = said.lines().rev().find(|line| line.starts_with('{')).context("the fault said no outcome")?;
        let value: Value = serde_json::from_str(line).context("the outcome of the fault is not JSON")?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        (|| {
            Some(Self {
                fault: text("fault")?,
                what: text("what")?,
                tries: text("tries")?,
                lost: number("lost")?,
                wrong: number("wrong")?,
                seconds: value.get("seconds").and_then(Value::as_f64),
                note: text("note")?,
                ok: value.get("ok").and_then(Value::as_bool)?,
            })
        })()
        .context("the outcome of the fault lacks a member")
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = "| | fault | tries | lost | wrong | seconds | verdict | |\n\
                    | --- | --- | --- | ---: | ---: | ---: | --- | --- |\n"
        .to_owned();
    for row in rows {
        let seconds = row.seconds.map(|seconds| format!("{seconds:.1}")).unwrap_or_default();
        let verdict = if row.ok { "survived" } else { "FAILED" };
        let Row { fault, what, tries, lost, wrong, note, .. } = row;
        let _ = writeln!(text, "| {fault} | {what} | {tries} | {lost} | {wrong} | {seconds} | {verdict} | {note} |");
    }
    text
}

/// When and where it was, and how long it took.
fn place(repo: &Repo, took: Duration) -> Result<String> {
    let versions = "process.versions.node + ', SQLite ' + process.versions.sqlite";
    let node = Tool::new(repo, repo.pinned_node()).args(["--print", versions]).run("node-version")?;
    let postgres =
        Tool::new(repo, setup::postgres(repo)?.join("postgres")).args(["--version"]).run("postgres-version")?;
    Ok(format!(
        "{}, {} {} with {} cores, {}, Node.js {}, {}, paysign at {}; {} min in all",
        date()?,
        env::consts::ARCH,
        processor(),
        available_parallelism().map_or(1, usize::from),
        env::consts::OS,
        node.trim(),
        postgres.trim().replace("postgres (PostgreSQL)", "PostgreSQL"),
        Tool::new(repo, "git").args(["rev-parse", "--short", "HEAD"]).run("commit")?.trim(),
        took.as_secs().div_ceil(60)
    ))
}

const BEFORE: &str = "# What was done to it, and what was lost

Written by `cargo xtask faults`, which makes each fault happen many times; the check `faults` of `cargo xtask test` does the
same in short. What each fault is stands in [tests/faults](../tests/faults/index.mjs); the numbers are those of the fault table
in the threat model. *Lost* is what was acknowledged and is not there afterwards, or came too late. *Wrong* is anything else
that must not be: acknowledged without a commit, kept twice, an answer that is neither, a process that does not end. *Seconds*
is how long it took, at worst, until everything went on.
";

const AFTER: &str = "
Limits: this is one machine, and its disk, its kernel and its file system did what they promise. A power cut is not made here:
what is proved is that the sync is asked for and succeeds before each acknowledgement. kill -9 alone would prove nothing of that,
which is why the first row has a control group.
";

#[cfg(test)]
mod tests {
    use super::{Row, table};

    const LINE: &str = r#"{"fault":"F1","name":"x","what":"a kill","tries":"3 kills","lost":0,"wrong":0,"seconds":1.25,"ok":true,"note":"n"}"#;

    #[test]
    fn the_outcome_is_found_among_the_progress() {
        let row = Row::read(&format!("25 kills\n{LINE}\nbye\n")).unwrap();
        assert!(row.ok && row.lost == 0 && row.wrong == 0);
        assert!(table(&[row]).ends_with("| F1 | a kill | 3 kills | 0 | 0 | 1.2 | survived | n |\n"));
    }

    #[test]
    fn anything_less_is_an_error() {
        for said in ["", "done", "{", "{}", &LINE.replace("\"lost\":0,", "")] {
            assert!(Row::read(said).is_err(), "{said}");
        }
    }
}
