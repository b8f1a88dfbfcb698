//! Programs that only some tasks need, built from crates.io into target/tools, each in one version.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::Stamp;
use crate::ui::{Done, Ui};

const FOLDER: &str = "target/tools";

/// A program from crates.io.
pub struct Program {
    pub name: &'static str,
    pub version: &'static str,
}

pub const MUTANTS: Program = Program { name: "cargo-mutants", version: "27.1.0" };
pub const DENY: Program = Program { name: "cargo-deny", version: "0.20.2" };
pub const CYCLONEDX: Program = Program { name: "cargo-cyclonedx", version: "0.5.9" };

/// Firefox's WebDriver, by Mozilla. Debian does not have it.
pub const GECKODRIVER: Program = Program { name: "geckodriver", version: "0.37.1" };

impl Program {
    /// The program, ready to run.
    pub fn tool<'repo>(&self, repo: &'repo Repo) -> Tool<'repo> {
        Tool::new(repo, self.binary(repo))
    }

    /// Installs it, and says so with a line of its own: the first time takes minutes.
    pub fn install(&self, repo: &Repo, ui: &Ui) -> Result<()> {
        ui.step(self.name, || self.installed(repo))
    }

    pub fn installed(&self, repo: &Repo) -> Result<Done> {
        let stamp = Stamp::at(repo.path(FOLDER).join(format!("{}.version", self.name)));
        if stamp.matches(self.version) && self.binary(repo).is_file() {
            return Ok(Done::Unchanged);
        }
        Tool::cargo(repo)
            // Without optimisation the build takes half the time, and these programs mostly wait for others.
            .args(["install", "--quiet", "--locked", "--debug", "--root", FOLDER, self.name, "--version", self.version])
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .run(self.name)
            .with_context(|| format!("{} could not be built from crates.io", self.name))?;
        stamp.set(self.version)?;
        Ok(Done::Worked(format!("{} built", self.version)))
    }

    pub fn binary(&self, repo: &Repo) -> PathBuf {
        repo.path(FOLDER).join("bin").join(format!("{}{}", self.name, env::consts::EXE_SUFFIX))
    }
}
