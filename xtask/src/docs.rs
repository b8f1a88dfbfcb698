//! `docs`: the documentation, from docs/, the built package and the crate to dist/docs.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::{Inputs, Stamp};
use crate::ui::{Done, Ui};
use crate::{build, setup, www};

const BUILT: &str = "dist/docs";
/// The catalogue of mistakes, as the core has it.
const MISTAKES: &str = "target/docs/mistakes.json";
const RUSTDOC: &str = "target/doc";

pub fn run(repo: &Repo, ui: &Ui, options: &www::Options) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    ui.step("docs", || site(repo))?;
    match options.serve {
        None => Ok(ExitCode::SUCCESS),
        Some(port) => www::serve(repo, port, "docs"),
    }
}

/// Builds the documentation. The package must be built.
pub fn site(repo: &Repo) -> Result<Done> {
    let inputs =
        ["docs", "src", "README.md", "Cargo.toml", "Cargo.lock", "examples/mistakes.rs", "pkg", "www/theme.css"]
            .into_iter()
            .chain(["tests/vectors/errors.json", "tests/vectors/errcodes.json", "package-lock.json"])
            .try_fold(Inputs::new(repo.root()), Inputs::path)?
            .finish();
    let stamp = Stamp::at(repo.path("target/docs/stamp"));
    if stamp.matches(&inputs) && repo.path(BUILT).join("index.html").is_file() {
        return Ok(Done::Unchanged);
    }
    let mistakes = Tool::cargo(repo)
        .args(["run", "--quiet", "--locked", "--features", "diagnose", "--example", "mistakes"])
        .run("docs-mistakes")?;
    // What Cargo may say stands before it.
    let json = mistakes.lines().last().context("the catalogue of mistakes is empty")?;
    fs::create_dir_all(repo.path("target/docs")).context("target/docs cannot be made")?;
    fs::write(repo.path(MISTAKES), json).context("the catalogue of mistakes cannot be kept")?;
    // What another call has left there would be published too.
    if repo.path(RUSTDOC).is_dir() {
        fs::remove_dir_all(repo.path(RUSTDOC)).context("the old documentation of the crate cannot be removed")?;
    }
    Tool::cargo(repo)
        .args(["doc", "--quiet", "--locked", "--no-deps", "--package", "paysign", "--features", "diagnose,push"])
        .env("RUSTDOCFLAGS", "--deny rustdoc::broken-intra-doc-links")
        .run("docs-rust")?;
    let said = Tool::script(repo, "docs/site/build.mjs").args([MISTAKES, RUSTDOC]).run("docs")?;
    stamp.set(&inputs)?;
    Ok(Done::Worked(format!("{BUILT}, {}", said.trim())))
}
