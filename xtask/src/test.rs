//! `test`: every check of the repository, in an order that fails fast.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Tool;
use crate::repo::Repo;
use crate::setup::{self, WASM_TARGET};
use crate::stamp::files;
use crate::ui::{Done, Ui, seconds};
use crate::{bench, build, crate_alone, demo, docs, supply, www};

/// How to run the checks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    list: bool,
    keep_going: bool,
    /// Empty means all.
    only: Vec<&'static str>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut left = arguments.iter();
        while let Some(argument) = left.next() {
            match argument.as_str() {
                "--list" => options.list = true,
                "--keep-going" => options.keep_going = true,
                "--only" => {
                    let name = left.next().context("`--only` wants the name of a check; `--list` shows them")?;
                    let step = STEPS.iter().find(|step| step.name == name);
                    let step = step.with_context(|| format!("there is no check `{name}`; `--list` shows them"))?;
                    options.only.push(step.name);
                }
                unknown => {
                    bail!("`test` knows --list, --only and --keep-going, and was given `{unknown}`")
                }
            }
        }
        Ok(options)
    }

    /// The steps to run: those asked for, after what they need.
    fn steps(&self) -> Vec<&'static Step> {
        let mut wanted: Vec<&str> = self.only.clone();
        let mut next = 0;
        while let Some(name) = wanted.get(next).copied() {
            wanted.extend(STEPS.iter().filter(|step| step.name == name).flat_map(|step| step.needs));
            next += 1;
        }
        STEPS.iter().filter(|step| wanted.is_empty() || wanted.contains(&step.name)).collect()
    }
}

struct Step {
    name: &'static str,
    proves: &'static str,
    needs: &'static [&'static str],
    work: Work,
}

enum Work {
    /// Prints a line for each of its parts.
    Parts(fn(&Repo, &Ui) -> Result<()>),
    /// Prints one line, with this note.
    One(fn(&Repo) -> Result<String>),
}

const STEPS: &[Step] = &[
    Step { name: "setup", proves: "the machine has what the rest needs", needs: &[], work: Work::Parts(setup::run) },
    Step { name: "fmt", proves: "Rust is formatted", needs: &[], work: Work::One(fmt) },
    Step {
        name: "biome",
        proves: "TypeScript, JavaScript and JSON are formatted and lint-free",
        needs: &["setup"],
        work: Work::One(biome),
    },
    Step { name: "clippy", proves: "no warnings in Rust, natively", needs: &[], work: Work::One(clippy) },
    Step {
        name: "clippy-wasm",
        proves: "no warnings in Rust, with the JavaScript bindings",
        needs: &["setup"],
        work: Work::One(clippy_wasm),
    },
    Step {
        name: "rust",
        proves: "the tests and documentation examples of the core and of xtask",
        needs: &[],
        work: Work::One(rust),
    },
    Step {
        name: "crate",
        proves: "the crate alone: its documentation, its oldest Rust, its core without the standard library",
        needs: &[],
        work: Work::One(crate_alone::check),
    },
    Step {
        name: "instructions",
        proves: "verify and build take as many instructions as bench/instructions.txt says",
        needs: &[],
        work: Work::One(bench::instructions),
    },
    Step {
        name: "supply",
        proves: "dependencies have an allowed licence and come, in one version each, from the registries",
        needs: &[],
        work: Work::One(supply::check),
    },
    Step { name: "build", proves: "the npm package builds", needs: &["setup"], work: Work::Parts(build::run) },
    Step {
        name: "types",
        proves: "the package's types say what tests/types expects, and fit those of Cloudflare; the page is typed",
        needs: &["build"],
        work: Work::One(types),
    },
    Step {
        name: "postgres",
        proves: "the machine has a PostgreSQL server for the next checks",
        needs: &[],
        work: Work::One(postgres),
    },
    Step {
        name: "redis",
        proves: "the machine has a Redis server for the next checks",
        needs: &[],
        work: Work::One(redis),
    },
    Step {
        name: "js",
        proves: "tests/js on the current Node.js",
        needs: &["build", "postgres", "redis"],
        work: Work::One(js),
    },
    Step {
        name: "js-system",
        proves: "tests/js on the machine's Node.js",
        needs: &["build", "postgres", "redis"],
        work: Work::One(js_system),
    },
    Step {
        name: "frameworks",
        proves: "the receivers of examples/ under their frameworks, axum among them",
        needs: &["build"],
        work: Work::One(frameworks),
    },
    Step {
        name: "faults",
        proves: "nothing is lost to any fault of tests/faults, in short",
        needs: &["build", "postgres", "redis"],
        work: Work::One(faults),
    },
    Step {
        name: "package",
        proves: "the tarball: its files, its manifest, its consumers",
        needs: &["build"],
        work: Work::One(package),
    },
    Step {
        name: "browsers",
        proves: "the machine has the browsers and the languages for the next checks",
        needs: &["setup"],
        work: Work::One(browsers),
    },
    Step {
        name: "runtimes",
        proves: "the tarball reaches the same verdicts in every runtime, browser, bundler and framework of the README",
        needs: &["build", "browsers"],
        work: Work::One(runtimes),
    },
    Step {
        name: "www",
        proves: "the page: its parts, the whole in Chromium, Firefox and WebKit, the programs that it writes",
        needs: &["build", "browsers"],
        work: Work::One(www),
    },
    Step { name: "demo", proves: "both demos run to their ends", needs: &["build"], work: Work::One(stories) },
    Step {
        name: "readme",
        proves: "every example in the README compiles, runs and prints what it says",
        needs: &["build"],
        work: Work::One(readme),
    },
    Step {
        name: "docs",
        proves: "the documentation: its examples run, every link leads somewhere, axe finds nothing",
        needs: &["build", "browsers"],
        work: Work::One(documentation),
    },
];

/// A step that has run.
struct Row {
    name: &'static str,
    took: Duration,
    passed: bool,
}

pub fn run(repo: &Repo, ui: &Ui, options: &Options) -> Result<ExitCode> {
    if options.list {
        for step in STEPS {
            println!("{:14}{}", step.name, step.proves);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let steps = options.steps();
    let mut rows: Vec<Row> = Vec::new();
    for step in &steps {
        let failed = |name: &&str| rows.iter().any(|row| row.name == *name && !row.passed);
        if step.needs.iter().any(failed) {
            continue;
        }
        let row = run_step(repo, ui, step);
        let stop = !row.passed && !options.keep_going;
        rows.push(row);
        if stop {
            break;
        }
    }
    print!("{}", report(&steps, &rows));
    Ok(if rows.iter().all(|row| row.passed) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_step(repo: &Repo, ui: &Ui, step: &Step) -> Row {
    let start = Instant::now();
    let outcome = match step.work {
        Work::Parts(work) => {
            let outcome = work(repo, &ui.nested());
            match &outcome {
                Ok(()) => ui.passed(step.name, "", start.elapsed()),
                Err(_) => ui.failed(step.name, start.elapsed()),
            }
            outcome
        }
        Work::One(work) => ui.step(step.name, || work(repo).map(Done::Worked)),
    };
    if let Err(error) = &outcome {
        ui.error(error);
        eprintln!("\nTo run this check alone: cargo xtask test --only {}\n", step.name);
    }
    Row { name: step.name, took: start.elapsed(), passed: outcome.is_ok() }
}

/// The table at the end, and the line that machines read.
fn report(steps: &[&Step], rows: &[Row]) -> String {
    let mut lines = vec![String::new()];
    for step in steps {
        let (state, time) = match rows.iter().find(|row| row.name == step.name) {
            Some(row) if row.passed => ("passed", seconds(row.took)),
            Some(row) => ("FAILED", seconds(row.took)),
            None => ("not run", String::new()),
        };
        lines.push(format!("{:14}{state:10}{time:>8}", step.name).trim_end().to_owned());
    }
    let total: Duration = rows.iter().map(|row| row.took).sum();
    lines.push(format!("{:14}{:10}{:>8}", "", "", seconds(total)));
    let passed = rows.iter().filter(|row| row.passed).count();
    let failed = rows.len() - passed;
    lines.push(format!("\n{passed} passed, {failed} failed\n"));
    lines.join("\n")
}

const FUZZ: &str = "fuzz/Cargo.toml";
const AXUM: &str = "examples/axum/Cargo.toml";

fn fmt(repo: &Repo) -> Result<String> {
    Tool::cargo(repo).args(["fmt", "--all", "--check"]).run("fmt")?;
    // The fuzz targets, the example and the core as a program to measure are workspaces of their own.
    for (manifest, name) in [(FUZZ, "fmt-fuzz"), (AXUM, "fmt-axum"), (bench::NATIVE, "fmt-bench")] {
        Tool::cargo(repo).args(["fmt", "--manifest-path", manifest, "--check"]).run(name)?;
    }
    Ok(String::new())
}

fn biome(repo: &Repo) -> Result<String> {
    let said = Tool::script(repo, "node_modules/@biomejs/biome/bin/biome")
        .args(["check", "--error-on-warnings", "--colors=off"])
        .run("biome")?;
    Ok(said.lines().find(|line| line.starts_with("Checked ")).unwrap_or_default().to_owned())
}

fn clippy(repo: &Repo) -> Result<String> {
    // Without the features first: what only they use must not be there.
    for features in ["", "paysign/diagnose,paysign/push"] {
        Tool::cargo(repo)
            .args(["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--features", features])
            .args(["--", "--deny", "warnings"])
            .run("clippy")?;
    }
    Tool::cargo(repo)
        .args(["clippy", "--quiet", "--locked", "--manifest-path", AXUM, "--target-dir", "target"])
        .args(["--all-targets", "--", "--deny", "warnings"])
        .run("clippy-axum")?;
    Tool::cargo(repo)
        .args(["clippy", "--quiet", "--locked", "--manifest-path", FUZZ, "--target-dir", "target"])
        .args(["--", "--deny", "warnings"])
        // Nothing is linked, and so libFuzzer need not be compiled, which would take a C++ compiler.
        .env("CUSTOM_LIBFUZZER_PATH", "not-linked/libfuzzer.a")
        .run("clippy-fuzz")
        .map(|_| String::new())
}

fn clippy_wasm(repo: &Repo) -> Result<String> {
    for module in &build::MODULES {
        Tool::cargo(repo)
            .args(["clippy", "--quiet", "--locked", "--package", "paysign", "--features", module.features])
            .args(["--target", WASM_TARGET, "--", "--deny", "warnings"])
            .run("clippy-wasm")?;
    }
    Ok(String::new())
}

fn rust(repo: &Repo) -> Result<String> {
    let said = Tool::cargo(repo)
        .args(["test", "--quiet", "--locked", "--workspace", "--features", "paysign/diagnose,paysign/push"])
        .run("rust")?;
    Count::of_cargo(&said).all()
}

fn types(repo: &Repo) -> Result<String> {
    for project in ["tests/types", "www", "examples/cloudflare"] {
        if !repo.path(project).join("tsconfig.json").is_file() {
            bail!("{project}/tsconfig.json is missing");
        }
        Tool::script(repo, "node_modules/typescript/bin/tsc")
            .args(["--pretty", "false", "--project", project])
            .run("types")?;
    }
    Ok(String::new())
}

fn js(repo: &Repo) -> Result<String> {
    js_tests(repo, "js", repo.pinned_node(), true)
}

fn js_system(repo: &Repo) -> Result<String> {
    let version = setup::node_version(repo)?;
    let current = setup::has_sqlite(&version);
    let note = js_tests(repo, "js-system", repo.system_node()?, current)?;
    let without = if current { "" } else { ", which has no node:sqlite and does not run miniflare" };
    Ok(format!("{note} on {version}{without}"))
}

/// What runs on a current Node.js only: `node:sqlite` came with 22.13, and miniflare wants 22 as well.
const CURRENT_ONLY: [&str; 2] = ["sqlite", "workerd"];
/// It holds the vectors against their script, for half a minute, and not the package: one Node.js is enough.
const ONCE: &str = "mistakes-corpus.test.mjs";

fn js_tests(repo: &Repo, log: &str, node: PathBuf, current: bool) -> Result<String> {
    let mut found = test_files(repo, "tests/js")?;
    found.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // The README's examples are a check of their own.
        let is_once = log == "js-system" && name == ONCE;
        name != "readme.test.mjs"
            && !is_once
            && (current || !CURRENT_ONLY.iter().any(|prefix| name.starts_with(prefix)))
    });
    let mut env = vec![("POSTGRES_BIN", setup::postgres(repo)?), ("REDIS_SERVER", setup::redis(repo)?)];
    env.extend(setup::shells(repo)?);
    node_test_with(repo, log, node, &found, &env)
}

fn frameworks(repo: &Repo) -> Result<String> {
    let said = Tool::cargo(repo)
        .args(["test", "--quiet", "--locked", "--manifest-path", AXUM, "--target-dir", "target"])
        .run("axum")?;
    let axum = Count::of_cargo(&said).all()?;
    node_test(repo, "frameworks", repo.pinned_node(), &test_files(repo, "tests/frameworks")?)
        .map(|note| format!("{note}, {axum} of axum"))
}

fn faults(repo: &Repo) -> Result<String> {
    setup::strace(repo)?;
    let env = [("POSTGRES_BIN", setup::postgres(repo)?), ("REDIS_SERVER", setup::redis(repo)?)];
    node_test_with(repo, "faults", repo.pinned_node(), &test_files(repo, "tests/faults")?, &env)
}

fn package(repo: &Repo) -> Result<String> {
    node_test(repo, "package", repo.system_node()?, &test_files(repo, "tests/package")?)
}

fn postgres(repo: &Repo) -> Result<String> {
    let said = Tool::new(repo, setup::postgres(repo)?.join("postgres")).args(["--version"]).run("postgres-version")?;
    Ok(said.trim().to_owned())
}

fn redis(repo: &Repo) -> Result<String> {
    let said = Tool::new(repo, setup::redis(repo)?).args(["--version"]).run("redis-version")?;
    // It goes on with how it was built.
    Ok(said.split(" sha=").next().unwrap_or_default().to_owned())
}

fn version_of(repo: &Repo, browser: &Path) -> Result<String> {
    let said = Tool::new(repo, browser).args(["--version"]).run("browser-version")?;
    // Debian's goes on with where it was built.
    let version = said.lines().last().unwrap_or_default().split(" built ").next();
    Ok(version.unwrap_or_default().trim().to_owned())
}

fn runtimes(repo: &Repo) -> Result<String> {
    setup::runtimes(repo)?;
    let mut env = setup::browsers(repo)?;
    env.push(("SYSTEM_NODE", repo.system_node()?));
    node_test_with(repo, "runtimes", repo.pinned_node(), &test_files(repo, "tests/runtimes")?, &env)
}

fn browsers(repo: &Repo) -> Result<String> {
    setup::languages(repo)?;
    let found = setup::browsers(repo)?;
    let version = |wanted: &str| {
        let program = found.iter().find(|(variable, _)| *variable == wanted).map(|(_, program)| program);
        version_of(repo, program.context("the browser is not in the list")?)
    };
    // WebKit's browser has no version without a screen; the tests say it.
    Ok(format!("{}, {}, WebKit", version("CHROMIUM")?, version("FIREFOX")?))
}

fn www(repo: &Repo) -> Result<String> {
    www::page(repo)?;
    let browsers = setup::browsers(repo)?;
    // What is timed runs alone.
    let (timed, others): (Vec<_>, Vec<_>) =
        test_files(repo, "tests/www")?.into_iter().partition(|file| file.ends_with("speed.test.mjs"));
    let note = node_test_with(repo, "www", repo.pinned_node(), &others, &browsers)?;
    node_test_with(repo, "www-speed", repo.pinned_node(), &timed, &browsers)
        .map(|speed| format!("{note}, {speed} of speed"))
}

fn readme(repo: &Repo) -> Result<String> {
    node_test(repo, "readme", repo.pinned_node(), &[repo.path("tests/js/readme.test.mjs")])
}

fn documentation(repo: &Repo) -> Result<String> {
    docs::site(repo)?;
    let mut env = setup::browsers(repo)?;
    let php = setup::php(repo)?;
    let note_on_php = if php.is_some() { "" } else { "; no PHP here, so its examples are not checked" };
    env.extend(php.map(|php| ("PHP", php)));
    let note = node_test_with(repo, "docs", repo.pinned_node(), &test_files(repo, "tests/docs")?, &env)?;
    Ok(format!("{note}{note_on_php}"))
}

fn stories(repo: &Repo) -> Result<String> {
    let mut lines = 0;
    for story in demo::Story::ALL {
        match Tool::script(repo, story.script()).run("demo")?.lines().count() {
            0 => bail!("{} said nothing", story.script()),
            said => lines += said,
        }
    }
    Ok(format!("{lines} lines"))
}

fn test_files(repo: &Repo, folder: &str) -> Result<Vec<PathBuf>> {
    let mut found = files(&repo.path(folder))?;
    let is_ours = |file: &PathBuf| !file.components().any(|part| part.as_os_str() == "node_modules");
    found.retain(|file| is_ours(file) && file.to_string_lossy().ends_with(".test.mjs"));
    Ok(found)
}

fn node_test(repo: &Repo, log: &str, node: PathBuf, files: &[PathBuf]) -> Result<String> {
    node_test_with(repo, log, node, files, &[])
}

fn node_test_with(repo: &Repo, log: &str, node: PathBuf, files: &[PathBuf], env: &[(&str, PathBuf)]) -> Result<String> {
    if files.is_empty() {
        bail!("there are no test files for this check");
    }
    let tool = env.iter().fold(Tool::new(repo, node), |tool, (name, value)| tool.env(name, value));
    let said = tool
        // Most of them wait for something most of the time: a server, a disk, another process.
        .args(["--test", "--test-reporter=spec", "--test-timeout=120000", "--test-concurrency=2"])
        .args(files)
        // The time-out of a test does not end a process in which the test left something running.
        .deadline(Duration::from_secs(15 * 60))
        .run(log)?;
    Count::of_node(&said).all()
}

/// How many tests there were, and how many of them were not really run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    tests: usize,
    skipped: usize,
}

impl Count {
    /// Adds up the lines `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    fn of_cargo(said: &str) -> Self {
        let mut count = Self::default();
        for line in said.lines().filter_map(|line| line.strip_prefix("test result: ok. ")) {
            for part in line.split("; ") {
                match part.split_once(' ') {
                    Some((number, "passed")) => count.tests += number.parse().unwrap_or(0),
                    Some((number, "ignored")) => count.skipped += number.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        count
    }

    /// Reads the lines `ℹ pass 12` and `ℹ skipped 1` at the end.
    fn of_node(said: &str) -> Self {
        let mut count = Self::default();
        for line in said.lines().filter_map(|line| line.strip_prefix("ℹ ")) {
            match line.split_once(' ') {
                Some(("pass", number)) => count.tests += number.parse().unwrap_or(0),
                Some(("skipped" | "todo" | "cancelled", number)) => count.skipped += number.parse().unwrap_or(0),
                _ => {}
            }
        }
        count
    }

    /// Nothing is skipped in silence: a test that does not run is a failure.
    fn all(&self) -> Result<String> {
        match self {
            Self { tests: 0, .. } => bail!("no test ran"),
            Self { tests, skipped: 0 } => Ok(format!("{tests} tests")),
            Self { tests, skipped } => {
                bail!("{skipped} tests were skipped ({tests} ran); every test must run everywhere")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(names: &[&str]) -> Vec<&'static str> {
        let words: Vec<String> = names.iter().flat_map(|name| ["--only".to_owned(), (*name).to_owned()]).collect();
        Options::parse(&words).unwrap().steps().iter().map(|step| step.name).collect()
    }

    #[test]
    fn one_check_brings_what_it_needs_in_order() {
        assert_eq!(only(&["fmt"]), ["fmt"]);
        assert_eq!(only(&["types"]), ["setup", "build", "types"]);
        assert_eq!(only(&["types", "fmt"]), ["setup", "fmt", "build", "types"]);
        assert_eq!(only(&[]).len(), STEPS.len());
    }

    #[test]
    fn needs_stand_before_what_needs_them() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                let at = STEPS.iter().position(|other| other.name == *need);
                assert!(at.is_some_and(|at| at < index), "{} needs {need}", step.name);
            }
        }
    }

    #[test]
    fn the_last_line_counts_steps() {
        let steps: Vec<&Step> = STEPS.iter().take(3).collect();
        let row = |index: usize, passed| Row { name: STEPS[index].name, took: Duration::from_secs(1), passed };
        let good = report(&steps, &[row(0, true), row(1, true), row(2, true)]);
        assert!(good.ends_with("\n3 passed, 0 failed\n"), "{good}");
        let bad = report(&steps, &[row(0, true), row(1, false)]);
        assert!(bad.ends_with("\n1 passed, 1 failed\n") && bad.contains("not run"), "{bad}");
    }

    #[test]
    fn cargo_and_node_are_counted() {
        let cargo = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\nx\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(Count::of_cargo(cargo), Count { tests: 15, skipped: 1 });
        let node = "✔ a (1ms)\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 1\nℹ todo 1";
        assert_eq!(Count::of_node(node), Count { tests: 2, skipped: 2 });
    }

    #[test]
    fn a_skipped_or_absent_test_fails() {
        assert!(Count { tests: 3, skipped: 0 }.all().is_ok());
        assert!(Count { tests: 3, skipped: 1 }.all().is_err());
        assert!(Count::default().all().is_err());
    }
}
