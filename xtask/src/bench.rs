//! `bench`: how fast the package is against others and against its own limit; kept in bench/RESULTS.md.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::process::Tool;
use crate::repo::Repo;
use crate::ui::{Done, Ui};
use crate::{build, setup};

const NATIVE: &str = "bench/native/Cargo.toml";
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

fn native_program(repo: &Repo) -> PathBuf {
    repo.path(NATIVE_TARGET).join("release").join(format!("paysign-native-bench{}", env::consts::EXE_SUFFIX))
}
