//! The check `crate`: what users of the crate alone are promised.

use anyhow::{Context, Result};

use crate::process::Tool;
use crate::repo::Repo;

/// A target that has no standard library.
const BARE_TARGET: &str = "thumbv7em-none-eabi";
/// The artefacts of another compiler would replace those of the other checks.
const TARGET_FOLDER: &str = "target/crate";

/// The documentation has no warning; the oldest Rust that `Cargo.toml` names compiles every feature of the crate, and the
/// core for a target without a standard library.
pub fn check(repo: &Repo) -> Result<String> {
    Tool::cargo(repo)
        .args(["doc", "--quiet", "--locked", "--no-deps", "--package", "paysign", "--features", "diagnose,push"])
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run("doc")?;

    let oldest = oldest_rust(&std::fs::read_to_string(repo.path("Cargo.toml"))?)?;
    let install = ["toolchain", "install", &oldest, "--profile", "minimal", "--target", BARE_TARGET];
    // Where rustup reaches nothing that old, clippy alone says what the oldest Rust lacks (`incompatible_msrv`).
    let has_oldest = Tool::new(repo, "rustup").args(install).run("rustup-oldest").is_ok();
    if !has_oldest {
        Tool::new(repo, "rustup")
            .args(["target", "add", BARE_TARGET])
            .run("rustup-bare")
            .with_context(|| format!("the core is checked for {BARE_TARGET}, and rustup could not add it"))?;
    }
    for wanted in [&["--features", "diagnose,push"][..], &["--target", BARE_TARGET, "--features", "push"]] {
        let cargo = if has_oldest {
            // `cargo xtask` itself runs under the newest compiler, and says so to what it starts.
            Tool::new(repo, "rustup").args(["run", &oldest, "cargo"]).env("CARGO", "cargo")
        } else {
            Tool::cargo(repo)
        };
        cargo
            .args(["check", "--quiet", "--locked", "--package", "paysign", "--target-dir", TARGET_FOLDER])
            .args(wanted)
            .env("RUSTFLAGS", "--deny warnings")
            .run("crate")?;
    }
    let compiler = if has_oldest { format!("Rust {oldest}") } else { format!("no Rust {oldest} to be had, this one") };
    Ok(format!("{compiler}, {BARE_TARGET}"))
}

fn oldest_rust(manifest: &str) -> Result<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    Ok(line.context("Cargo.toml has no `rust-version`")?.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_rust_is_that_of_the_manifest() {
        let manifest = "[workspace.package]\nedition = \"2024\"\nrust-version = \"1.88\"\n";
        assert_eq!(oldest_rust(manifest).ok().as_deref(), Some("1.88"));
        assert!(oldest_rust("rust-version.workspace = true\n").is_err());
    }
}
