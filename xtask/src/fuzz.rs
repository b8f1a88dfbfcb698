//! `fuzz`: searches for inputs that break the laws of `tests/laws/`, target after target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result, anyhow, bail};

use crate::process::Tool;
use crate::repo::Repo;
use crate::ui::{Done, Ui};

const TOOLS: &str = "target/tools";
const BUILT: &str = "target/fuzz";
/// What was found stays here from run to run.
const FOUND: &str = "target/fuzz/corpus";
/// `tests/laws.rs` writes them, from the vectors.
const SEEDS: &str = "target/tmp/seeds";
/// A selection of what was found, kept with the sources for the short form of the laws.
const KEPT: &str = "fuzz/corpus";
/// A crasher is put where `tests/laws.rs` looks, so that the test fails until the law holds for it.
const REGRESSIONS: &str = "fuzz/regressions";
const DICTIONARY: &str = "fuzz/xml.dict";
/// In bytes. Bodies may be longer, and what goes wrong goes wrong in less.
const LONGEST: usize = 2_048;
/// Of each target; `tests/laws.rs` limits all together.
const MOST_KEPT: usize = 55;

/// What to run, for how long, and what to keep.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    seconds: u32,
    keep: bool,
    /// Empty means all.
    targets: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { seconds: 60, keep: false, targets: Vec::new() };
        let mut left = arguments.iter();
        while let Some(argument) = left.next() {
            match argument.as_str() {
                "--seconds" => {
                    let given = left.next().and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
                    options.seconds = given.context("`--seconds` wants how many seconds to search in each target")?;
                }
                "--keep" => options.keep = true,
                option if option.starts_with('-') => {
                    bail!("`fuzz` knows --seconds and --keep, and was given `{option}`")
                }
                target => options.targets.push(target.to_owned()),
            }
        }
        Ok(options)
    }

    fn chosen(&self, known: &[String]) -> Result<Vec<String>> {
        if let Some(unknown) = self.targets.iter().find(|target| !known.contains(target)) {
            bail!("there is no fuzz target `{unknown}`; there are {}", known.join(", "));
        }
        Ok(known.iter().filter(|name| self.targets.is_empty() || self.targets.contains(name)).cloned().collect())
    }
}

/// What became of a target.
struct Row {
    target: String,
    found: Found,
    crashed: bool,
}

/// The numbers that libFuzzer prints at its end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    runs: u64,
    new_units: u64,
}

impl Found {
    fn of(said: &str) -> Self {
        let number = |name: &str| {
            let line = said.lines().rev().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
            line.and_then(|rest| rest.trim_start_matches(':').trim().parse().ok()).unwrap_or(0)
        };
        Self { runs: number("number_of_executed_units"), new_units: number("new_units_added") }
    }
}

pub fn run(repo: &Repo, ui: &Ui, options: &Options) -> Result<ExitCode> {
    let targets = options.chosen(&targets(repo)?)?;
    ui.step("nightly Rust", || nightly(repo))?;
    ui.step("cargo-fuzz", || cargo_fuzz(repo))?;
    ui.step("seeds", || seeds(repo))?;
    ui.step("fuzz targets", || fuzzer(repo).args(["build", "--target-dir", BUILT]).run("fuzz-build").map(worked))?;
    let mut rows = Vec::new();
    for target in targets {
        rows.push(search(repo, ui, target, options)?);
    }
    print!("{}", report(&rows));
    let crashed = rows.iter().any(|row| row.crashed);
    Ok(if crashed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn worked(_: String) -> Done {
    Done::silent()
}

/// The targets are the files.
fn targets(repo: &Repo) -> Result<Vec<String>> {
    let folder = repo.path("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| stem(entry.path())).collect();
    names.sort();
    Ok(names)
}

fn nightly(repo: &Repo) -> Result<Done> {
    let has_it = |said: String| said.lines().any(|line| line.starts_with("nightly"));
    let listed = Tool::new(repo, "rustup").args(["toolchain", "list"]).run("rustup-list");
    if listed.context("the sanitizer needs the nightly compiler, and rustup to install it").map(has_it)? {
        return Ok(Done::Unchanged);
    }
    Tool::new(repo, "rustup")
        .args(["toolchain", "install", "nightly", "--profile", "minimal"])
        .run("rustup-nightly")
        .context("the sanitizer needs the nightly compiler, and rustup could not install it")?;
    Ok(Done::Worked("installed".to_owned()))
}

fn cargo_fuzz(repo: &Repo) -> Result<Done> {
    if program(repo).is_file() {
        return Ok(Done::Unchanged);
    }
    Tool::cargo(repo)
        .args(["install", "cargo-fuzz", "--locked", "--root", TOOLS])
        .run("cargo-fuzz")
        .context("cargo-fuzz could not be installed; a registry is needed for this once")?;
    Ok(Done::Worked(format!("installed in {TOOLS}")))
}

fn program(repo: &Repo) -> PathBuf {
    repo.path(TOOLS).join("bin").join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX))
}

/// cargo-fuzz under the nightly compiler. `cargo xtask` itself runs under the pinned one, and says so to what it starts.
fn fuzzer(repo: &Repo) -> Tool<'_> {
    Tool::new(repo, "rustup").args(["run", "nightly"]).args([program(repo)]).env("CARGO", "cargo")
}

fn seeds(repo: &Repo) -> Result<Done> {
    Tool::cargo(repo)
        .args(["test", "--quiet", "--locked", "--features", "diagnose,push", "--test", "laws", "the_seeds_are_written"])
        .run("fuzz-seeds")
        .map(worked)
}

fn search(repo: &Repo, ui: &Ui, target: String, options: &Options) -> Result<Row> {
    let start = Instant::now();
    let [found, regressions] = [FOUND, REGRESSIONS].map(|folder| format!("{folder}/{target}"));
    for folder in [&found, &regressions] {
        fs::create_dir_all(repo.path(folder)).with_context(|| format!("{folder} cannot be made"))?;
    }
    let before = files(&repo.path(&regressions));
    let sources = [SEEDS, KEPT].map(|folder| format!("{folder}/{target}"));
    let outcome = fuzzer(repo)
        .args(["run", "--target-dir", BUILT, target.as_str(), found.as_str()])
        .args(sources.iter().filter(|folder| repo.path(folder).is_dir()))
        .args([regressions.as_str(), "--", "-print_final_stats=1", "-timeout=5"])
        .args([format!("-max_total_time={}", options.seconds), format!("-max_len={LONGEST}")])
        .args([format!("-dict={DICTIONARY}"), format!("-artifact_prefix={regressions}/")])
        .run(&format!("fuzz-{target}"));
    let said = match outcome {
        Ok(said) => said,
        Err(error) => {
            let said = error.to_string();
            let kept = files(&repo.path(&regressions)).into_iter().find(|file| !before.contains(file));
            if !said.contains("ERROR: libFuzzer") && !said.contains("AddressSanitizer") {
                return Err(error);
            }
            ui.failed(&target, start.elapsed());
            ui.error(&broken(&said, kept.as_deref().and_then(|path| path.strip_prefix(repo.root()).ok())));
            return Ok(Row { target, found: Found::of(&said), crashed: true });
        }
    };
    let row = Row { found: Found::of(&said), target, crashed: false };
    ui.passed(&row.target, &format!("{} runs", row.found.runs), start.elapsed());
    if options.keep {
        keep(repo, ui, &row.target, &found)?;
    }
    Ok(row)
}

/// The law's own words, and where the input is.
fn broken(said: &str, kept: Option<&Path>) -> anyhow::Error {
    let is_end = |line: &&str| line.starts_with("==") || line.starts_with("stack backtrace:");
    let words = said.lines().skip_while(|line| !line.contains("panicked at")).skip(1);
    let words: Vec<&str> = words.take_while(|line| !is_end(line)).collect();
    let words = words.join("\n");
    let law = if words.is_empty() { "see the log in target/xtask" } else { words.trim() };
    match kept {
        Some(file) => anyhow!(
            "a law is broken: {law}\n\nThe input is kept in {}. `cargo test --features diagnose,push --test laws` fails until the law holds for it; \
             then commit it under a name that says what it is.",
            file.display()
        ),
        None => anyhow!("a law is broken, by an input that is kept already: {law}"),
    }
}

/// Puts the inputs that together reach most into the folder that is kept with the sources.
fn keep(repo: &Repo, ui: &Ui, target: &str, found: &str) -> Result<()> {
    let chosen = format!("{BUILT}/keep/{target}");
    let kept = repo.path(&format!("{KEPT}/{target}"));
    ui.nested().step("kept", || {
        let folder = repo.path(&chosen);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("{chosen} cannot be made"))?;
        fuzzer(repo)
            .args(["run", "--target-dir", BUILT, target, chosen.as_str(), found, "--"])
            // Which branches, and not how often: a tenth of the files.
            .args(["-set_cover_merge=1", "-use_counters=0"])
            .run(&format!("fuzz-keep-{target}"))?;
        // The first that were chosen reach most.
        let mut files = files(&folder);
        files.sort_by_key(|file| fs::metadata(file).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH));
        files.truncate(MOST_KEPT);
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir_all(&kept).with_context(|| format!("{} cannot be made", kept.display()))?;
        for file in &files {
            let name = file.file_name().unwrap_or_default();
            fs::copy(file, kept.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
        }
        Ok(Done::Worked(format!("{} inputs in {KEPT}/{target}", files.len())))
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

fn report(rows: &[Row]) -> String {
    let mut lines = vec![format!("\n{:16}{:>12}{:>12}{:>10}", "target", "runs", "new units", "crashes")];
    for row in rows {
        let Found { runs, new_units } = row.found;
        lines.push(format!("{:16}{runs:>12}{new_units:>12}{:>10}", row.target, u8::from(row.crashed)));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_and_targets() {
        let all = Options { seconds: 60, keep: false, targets: Vec::new() };
        assert_eq!(parsed("").unwrap(), all);
        let known = ["query".to_owned(), "verify".to_owned()];
        assert_eq!(all.chosen(&known).unwrap(), known);
        let some = parsed("verify --seconds 5 --keep").unwrap();
        assert_eq!((some.seconds, some.keep, some.chosen(&known).unwrap()), (5, true, vec!["verify".to_owned()]));
        for wrong in ["--seconds", "--seconds x", "--seconds 0", "--fast"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
        assert!(parsed("vrify").unwrap().chosen(&known).is_err());
    }

    #[test]
    fn the_final_numbers_are_read() {
        let said = "Done 12 runs\nstat::number_of_executed_units: 494286\nstat::new_units_added:          3983\n";
        assert_eq!(Found::of(said), Found { runs: 494_286, new_units: 3983 });
        assert_eq!(Found::of("nothing"), Found::default());
    }

    #[test]
    fn a_broken_law_is_told_in_its_own_words() {
        let said = "INFO\nthread '<unnamed>' panicked at a.rs:1:2:\n3 bytes out of 2\n==1== ERROR: libFuzzer\n";
        let error = broken(said, Some(Path::new("fuzz/regressions/verify/crash-1"))).to_string();
        assert!(error.contains("3 bytes out of 2") && error.contains("fuzz/regressions/verify/crash-1"), "{error}");
    }

    #[test]
    fn the_table_counts_crashes() {
        let row = |crashed| Row { target: "query".to_owned(), found: Found { runs: 5, new_units: 1 }, crashed };
        let table = report(&[row(false), row(true)]);
        assert!(table.lines().last().is_some_and(|line| line.ends_with(" 1")), "{table}");
    }
}
