//! `bench`: how fast the package is against others and against its own limit; kept in bench/RESULTS.md.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::write;
use crate::ui::{Done, Ui};
use crate::{build, setup};

pub const NATIVE: &str = "bench/native/Cargo.toml";
const NATIVE_TARGET: &str = "target/bench-native";

pub fn run(repo: &Repo, ui: &Ui) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    ui.step("peers", || {
        let npm = Tool::new(repo, repo.npm()?);
        npm.args(["ci", "--prefix", "bench", "--no-audit", "--no-fund"]).run("bench-npm-ci")?;
        Ok(Done::silent())
    })?;
    ui.step("native", || native(repo).map(|_| Done::silent()))?;
    let rustc = Tool::new(repo, "rustc").args(["--version"]).run("rustc-version")?;
    let code = Tool::script(repo, "bench/speed.mjs")
        .args(["--write"])
        .env("NATIVE", native_program(repo))
        .env("RUSTC", rustc.trim())
        .pass_through()?;
    if code != 0 {
        bail!("bench/speed.mjs failed");
    }
    println!("\nbench/RESULTS.md is written.");
    Ok(ExitCode::SUCCESS)
}

/// Builds the core as a program of its own.
pub fn native(repo: &Repo) -> Result<PathBuf> {
    Tool::cargo(repo)
        .args(["build", "--quiet", "--locked", "--release", "--manifest-path", NATIVE, "--target-dir", NATIVE_TARGET])
        .run("bench-native")
        .context("bench/native could not be built")?;
    Ok(native_program(repo))
}

/// How many instructions a call takes, natively; the compiler first, then a line for each work. Valgrind shows a program
/// the same processor everywhere, one that has no instructions for hashes.
const INSTRUCTIONS: &str = "bench/instructions.txt";
/// In hundredths, up and down: the C library changes a little of it, too.
const BAND: f64 = 3.0;

/// Compares the number of instructions, which is the same on a busy machine, with the one that is written down.
pub fn instructions(repo: &Repo) -> Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok("not counted: Valgrind is asked for on Linux alone".to_owned());
    }
    let valgrind = setup::valgrind(repo)?;
    let program = native(repo)?;
    let mut found = compiler(&Tool::new(repo, "rustc").args(["--version", "--verbose"]).run("rustc-version")?)?;
    for work in ["verify", "build"] {
        // The difference leaves out what the start of the program takes.
        let count = |times: u32| {
            let said = Tool::new(repo, &valgrind)
                .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
                .args([&program])
                .args(["repeat", work, &times.to_string()])
                .run("instructions")?;
            counted(&said).context("callgrind did not say how many instructions it collected")
        };
        writeln!(found, "{work} {}", (count(2000)? - count(1000)?) / 1000).context("a line cannot be written")?;
    }
    let file = repo.path(INSTRUCTIONS);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        write(&file, found.as_bytes())?;
    }
    let expected = fs::read_to_string(&file).with_context(|| format!("{INSTRUCTIONS} cannot be read"))?;
    compare(&expected, &found)
}

/// The first line: which compiler, and for what it compiles.
fn compiler(said: &str) -> Result<String> {
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let version = said.lines().next().zip(host).context("rustc did not say its version and host")?;
    Ok(format!("{}, {}\n", version.0, version.1))
}

/// The number in `Collected : 38533215`.
fn counted(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("Collected : "))?;
    line.1.trim().parse().ok()
}

/// What there is to say of the numbers, if it is not that they are others. Those of another compiler are not compared.
fn compare(expected: &str, found: &str) -> Result<String> {
    let (recorded_by, expected) = expected.split_once('\n').with_context(|| format!("{INSTRUCTIONS} is empty"))?;
    let (found_by, found) = found.split_once('\n').context("nothing was counted")?;
    let counts = found.trim().replace('\n', ", ");
    if recorded_by != found_by {
        return Ok(format!("{counts} by {found_by}; not compared, for {INSTRUCTIONS} is by {recorded_by}"));
    }
    if expected.lines().count() != found.lines().count() {
        bail!("{INSTRUCTIONS} is not complete");
    }
    for (expected, found) in expected.lines().zip(found.lines()) {
        let number = |line: &str| line.rsplit(' ').next().and_then(|number| number.parse::<f64>().ok());
        let change = number(expected).zip(number(found)).map(|(before, now)| (now / before - 1.0) * 100.0);
        let change = change.with_context(|| format!("{INSTRUCTIONS} has the line `{expected}`"))?;
        if change.abs() > BAND {
            bail!(
                "`{found}` is {change:+.1} % from the `{expected}` instructions of {INSTRUCTIONS}. If that is meant, renew \
                 them: UPDATE_SNAPSHOTS=1 cargo xtask test --only instructions"
            );
        }
    }
    Ok(counts)
}

fn native_program(repo: &Repo) -> PathBuf {
    repo.path(NATIVE_TARGET).join("release").join(format!("paysign-native-bench{}", env::consts::EXE_SUFFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_and_fewer_instructions_fail() {
        assert_eq!(compare("a\nverify 1000\n", "a\nverify 1029\n").ok().as_deref(), Some("verify 1029"));
        assert!(compare("a\nverify 1000\n", "a\nverify 1031\n").is_err());
        assert!(compare("a\nverify 1000\n", "a\nverify 969\n").is_err());
        assert!(compare("a\nverify 1000\n", "a\nverify 1000\nbuild 5\n").is_err());
        assert!(compare("", "a\nverify 1000\n").is_err());
    }

    #[test]
    fn the_instructions_of_another_compiler_are_said_and_not_compared() {
        let said = compare("rustc 1, a\nverify 1000\n", "rustc 2, a\nverify 2000\nbuild 5\n").unwrap_or_default();
        assert!(said.starts_with("verify 2000, build 5 by rustc 2, a;"), "{said}");
    }

    #[test]
    fn the_compiler_is_named_with_its_host() {
        let said = compiler("rustc 1.95.0 (5980 2026-04-14)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n");
        assert_eq!(said.ok().as_deref(), Some("rustc 1.95.0 (5980 2026-04-14), x86_64-unknown-linux-gnu\n"));
        assert!(compiler("rustc 1.95.0\n").is_err());
    }

    #[test]
    fn callgrind_says_how_many() {
        assert_eq!(counted("==1== \n==1== Collected : 53577991\n"), Some(53_577_991));
    }
}
