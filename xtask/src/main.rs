//! `cargo xtask`: everything a person or a machine does to this repository, one file per task.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod bench;
mod build;
mod crate_alone;
mod demo;
mod docs;
mod faults;
mod fuzz;
mod machine;
mod mutants;
mod process;
mod repo;
mod reproducible;
mod setup;
mod stamp;
mod supply;
mod test;
mod timing;
mod tools;
mod ui;
mod www;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::repo::Repo;
use crate::ui::Ui;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    Help,
    Setup,
    Build,
    Test(test::Options),
    Demo(demo::Story),
    Www(www::Options),
    Docs(www::Options),
    Faults(faults::Options),
    Fuzz(fuzz::Options),
    Mutants(Vec<String>),
    Advisories,
    Sbom,
    Reproducible,
    Timing,
    Bench,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ui = Ui::new();
    let outcome = parse(&arguments).and_then(|task| run(task, &ui));
    outcome.unwrap_or_else(|error| {
        ui.error(&error);
        ExitCode::FAILURE
    })
}

fn run(task: Task, ui: &Ui) -> Result<ExitCode> {
    if task == Task::Help {
        print!("{}", ui.help(HELP));
        return Ok(ExitCode::SUCCESS);
    }
    let repo = Repo::find()?;
    match task {
        Task::Help => {}
        Task::Setup => setup::run(&repo, ui)?,
        Task::Build => {
            setup::run(&repo, ui)?;
            build::run(&repo, ui)?;
            print!("{}", build::sizes(&repo)?);
        }
        Task::Test(options) => return test::run(&repo, ui, &options),
        Task::Demo(story) => return demo::run(&repo, ui, story),
        Task::Www(options) => return www::run(&repo, ui, &options),
        Task::Docs(options) => return docs::run(&repo, ui, &options),
        Task::Faults(options) => return faults::run(&repo, ui, &options),
        Task::Fuzz(options) => return fuzz::run(&repo, ui, &options),
        Task::Mutants(files) => return mutants::run(&repo, ui, &files),
        Task::Advisories => supply::advisories(&repo, ui)?,
        Task::Sbom => {
            setup::run(&repo, ui)?;
            build::run(&repo, ui)?;
            supply::sbom(&repo, ui)?;
        }
        Task::Reproducible => return reproducible::run(&repo, ui),
        Task::Timing => return timing::run(&repo, ui),
        Task::Bench => return bench::run(&repo, ui),
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(arguments: &[String]) -> Result<Task> {
    let Some((task, options)) = arguments.split_first() else {
        return Ok(Task::Help);
    };
    if options.iter().any(|option| option == "--help" || option == "-h") {
        return Ok(Task::Help);
    }
    match task.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "setup" => none(task, options).map(|()| Task::Setup),
        "build" => none(task, options).map(|()| Task::Build),
        "test" | "ci" => test::Options::parse(options).map(Task::Test),
        "demo" => match options {
            [] => Ok(Task::Demo(demo::Story::Legacy)),
            [serve] if serve == "--serve" => Ok(Task::Demo(demo::Story::Served)),
            [today] if today == "--today" => Ok(Task::Demo(demo::Story::Today)),
            _ => bail!("`demo` knows two options, one at a time: --serve and --today"),
        },
        "www" => www::Options::parse(task, options).map(Task::Www),
        "docs" => www::Options::parse(task, options).map(Task::Docs),
        "faults" => faults::Options::parse(options).map(Task::Faults),
        "fuzz" => fuzz::Options::parse(options).map(Task::Fuzz),
        "mutants" => match options.iter().find(|option| option.starts_with('-')) {
            None => Ok(Task::Mutants(options.to_vec())),
            Some(option) => bail!("`mutants` takes files, such as src/xml.rs, and was given `{option}`"),
        },
        "advisories" => none(task, options).map(|()| Task::Advisories),
        "sbom" => none(task, options).map(|()| Task::Sbom),
        "reproducible" => none(task, options).map(|()| Task::Reproducible),
        "timing" => none(task, options).map(|()| Task::Timing),
        "bench" => none(task, options).map(|()| Task::Bench),
        unknown => bail!("there is no task `{unknown}`; `cargo xtask --help` lists them"),
    }
}

fn none(task: &str, options: &[String]) -> Result<()> {
    match options.first() {
        None => Ok(()),
        Some(option) => bail!("`{task}` takes no options, and was given `{option}`"),
    }
}

// Words in `backticks` are set in bold on a terminal.
const HELP: &str = "
`cargo xtask` builds and tests paysign.

    cargo xtask <task> [options]

    `setup`               install what the tasks need: the wasm target of Rust, the tools from npm
    `build`               build the npm package into pkg/
    `test`                run every check, cheapest first, and stop at the first that fails
        --list            name the checks and say what each proves
        --only <check>    run one check, after what it needs; may be repeated
        --keep-going      after a failure, run the remaining checks too
    `demo`                tell the story of an alarm and a delivery against a local double of WeChat
        --serve           then keep the double running, to be explored
        --today           the story of a merchant of today: shipping notices, pushes, APIv3
    `www`                 build the debugger page into dist/www
        --serve [port]    then serve it on this machine, at 8080 if nothing else is said
    `docs`                build the documentation into dist/docs
        --serve [port]    then serve it on this machine
    `faults` [name]...      kill, starve and cut off what runs, many times; all of them keep docs/RELIABILITY.md
        --short           as few times as the tests do, and keep nothing
    `fuzz` [target]...    search for inputs that break the laws of tests/laws
        --seconds <n>     search for so long in each target (60)
        --keep            then renew fuzz/corpus, what the short form of the laws runs
    `ci`                  the same as test
    `mutants` [file…]     break the core in one place at a time; a test must notice each time
    `bench`               measure the speed against other libraries and against native code; keeps bench/RESULTS.md
    `timing`              measure whether the time of a comparison tells anything; keeps bench/TIMING.md
    `reproducible`        build the last commit in two folders and compare every byte
    `advisories`          look for known vulnerabilities in the crates; fetches the list of them
    `sbom`                list what the crate and the npm package consist of, in target/sbom/

Each task first does what it needs and skips what has not changed, so there is no order to remember.
Progress goes to standard error and results to standard output; what each tool said is kept in
target/xtask/. Colours appear on a terminal only and respect NO_COLOR.

";

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn help_is_the_default_and_wins_over_a_task() {
        for line in ["", "help", "--help", "-h", "test --help", "demo -h"] {
            assert_eq!(parse(&words(line)).unwrap(), Task::Help, "{line}");
        }
    }

    #[test]
    fn tasks_and_their_options() {
        assert_eq!(parse(&words("setup")).unwrap(), Task::Setup);
        assert_eq!(parse(&words("build")).unwrap(), Task::Build);
        assert_eq!(parse(&words("demo")).unwrap(), Task::Demo(demo::Story::Legacy));
        assert_eq!(parse(&words("demo --serve")).unwrap(), Task::Demo(demo::Story::Served));
        assert_eq!(parse(&words("demo --today")).unwrap(), Task::Demo(demo::Story::Today));
        assert_eq!(parse(&words("ci")).unwrap(), parse(&words("test")).unwrap());
        assert_eq!(parse(&words("mutants")).unwrap(), Task::Mutants(Vec::new()));
        assert_eq!(parse(&words("mutants src/xml.rs")).unwrap(), Task::Mutants(vec!["src/xml.rs".to_owned()]));
        assert_eq!(parse(&words("docs --serve 0")).unwrap(), Task::Docs(www::Options { serve: Some(0) }));
        assert_eq!(parse(&words("advisories")).unwrap(), Task::Advisories);
        assert_eq!(parse(&words("sbom")).unwrap(), Task::Sbom);
        assert_eq!(parse(&words("reproducible")).unwrap(), Task::Reproducible);
        assert_eq!(
            parse(&words("faults kill-9 --short")).unwrap(),
            Task::Faults(faults::Options { short: true, names: vec!["kill-9".to_owned()] })
        );
        assert_eq!(parse(&words("timing")).unwrap(), Task::Timing);
        assert_eq!(parse(&words("bench")).unwrap(), Task::Bench);
    }

    #[test]
    fn anything_else_is_refused_with_a_sentence() {
        for line in [
            "tset",
            "build --fast",
            "faults --long",
            "fuzz --seconds",
            "demo --serve --today",
            "docs --fast",
            "mutants --fast",
            "sbom x",
            "test --only",
            "test --only nonsense",
        ] {
            let error = parse(&words(line)).unwrap_err().to_string();
            assert!(error.split_whitespace().count() > 3, "{line}: {error}");
        }
    }
}
