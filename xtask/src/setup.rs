//! `setup`: what the other tasks need and a fresh machine lacks.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::machine;
use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::{Inputs, Stamp};
use crate::tools;
use crate::ui::{Done, Ui};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

pub fn run(repo: &Repo, ui: &Ui) -> Result<()> {
    ui.step("machine", || machine(repo))?;
    ui.step("wasm target", || wasm_target(repo))?;
    ui.step("npm tools", || npm_tools(repo))
}

fn machine(repo: &Repo) -> Result<Done> {
    let node = node_version(repo)?;
    let npm = Tool::new(repo, repo.npm()?).args(["--version"]).run("npm-version")?;
    // npm may warn about its settings first.
    let npm = npm.lines().last().unwrap_or_default().to_owned();
    Ok(Done::Worked(format!("node {node}, npm {npm}")))
}

/// The version of the machine's Node.js, which must be one that the package promises to run on.
pub fn node_version(repo: &Repo) -> Result<String> {
    let said = Tool::new(repo, repo.system_node()?).args(["--version"]).run("node-version")?;
    let version = said.trim().trim_start_matches('v').to_owned();
    match parse(&version) {
        Some(numbers) if supported(numbers) => Ok(version),
        _ => bail!("Node.js 20.19, 22.12 or newer is needed; the one on PATH is {version}"),
    }
}

/// Whether this Node.js has `node:sqlite` without a flag.
pub fn has_sqlite(version: &str) -> bool {
    parse(version).is_some_and(|numbers| numbers >= (22, 13))
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

// From these versions on, `require()` loads an ES module.
fn supported(version: (u32, u32)) -> bool {
    match version {
        (20, minor) => minor >= 19,
        (22, minor) => minor >= 12,
        (major, _) => major > 22,
    }
}

fn wasm_target(repo: &Repo) -> Result<Done> {
    let sysroot = Tool::new(repo, "rustc").args(["--print", "sysroot"]).run("sysroot")?;
    let library = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib");
    if library.is_dir() {
        return Ok(Done::Worked(WASM_TARGET.to_owned()));
    }
    Tool::new(repo, "rustup").args(["target", "add", WASM_TARGET]).run("rustup").with_context(|| {
        format!("Rust's standard library for {WASM_TARGET} is missing; add it with rustup, or with the package manager that Rust came from")
    })?;
    Ok(Done::Worked(format!("{WASM_TARGET} added")))
}

fn npm_tools(repo: &Repo) -> Result<Done> {
    npm_ci(repo, "", &repo.pinned_node())
}

/// The other versions of Node.js, the bundlers and the frameworks that the `runtimes` check tries the package in.
pub fn runtimes(repo: &Repo) -> Result<()> {
    let folder = "tests/runtimes/";
    let node = format!("{folder}node_modules/node26/bin/node{}", std::env::consts::EXE_SUFFIX);
    npm_ci(repo, folder, &repo.path(&node)).map(|_| ())
}

/// Installs what the manifest in this folder pins, in which a Node.js is that its install script puts here.
fn npm_ci(repo: &Repo, folder: &str, node: &Path) -> Result<Done> {
    let path = |name: &str| format!("{folder}{name}");
    let inputs = Inputs::new(repo.root()).path(&path("package.json"))?.path(&path("package-lock.json"))?.finish();
    // Inside node_modules, so that removing the folder removes the claim that it is complete.
    let stamp = Stamp::at(repo.path(&path("node_modules/.paysign-setup")));
    if stamp.matches(&inputs) && node.is_file() {
        return Ok(Done::Unchanged);
    }
    Tool::new(repo, repo.npm()?)
        .args(["ci", "--no-audit", "--no-fund", "--prefix", &format!("./{folder}")])
        .run("npm-ci")
        .context("the npm tools could not be installed; `npm ci` must work here, which needs a registry")?;
    if !node.is_file() {
        bail!(
            "npm did not install Node.js: it must be allowed to run the install scripts of the packages in package.json"
        );
    }
    stamp.set(&inputs)?;
    Ok(Done::Worked("npm ci".to_owned()))
}

/// The folder with the programs of the PostgreSQL server that the check `js` starts for itself.
pub fn postgres(repo: &Repo) -> Result<PathBuf> {
    let found = machine::all(repo, &[machine::POSTGRES], "js")?;
    let folder = found.first().and_then(|server| server.parent());
    Ok(folder.context("there is no PostgreSQL")?.to_path_buf())
}

/// The Redis server that the check `js` starts for itself.
pub fn redis(repo: &Repo) -> Result<PathBuf> {
    machine::all(repo, &[machine::REDIS], "js")?.pop().context("there is no Redis")
}

/// The shells that the check `js` runs, and the variables that tell the tests where they are.
pub fn shells(repo: &Repo) -> Result<Vec<(&'static str, PathBuf)>> {
    let found = machine::all(repo, machine::SHELLS, "js")?;
    Ok(machine::SHELLS.iter().map(|program| program.variable).zip(found).collect())
}

/// What the faults of the disk need.
pub fn strace(repo: &Repo) -> Result<PathBuf> {
    machine::all(repo, &[machine::STRACE], "faults")?.pop().context("there is no strace")
}

/// What counts instructions.
pub fn valgrind(repo: &Repo) -> Result<PathBuf> {
    machine::all(repo, &[machine::VALGRIND], "instructions")?.pop().context("there is no valgrind")
}

/// The browsers that the `www` check drives, their drivers, and the variables that tell the tests where they are.
pub fn browsers(repo: &Repo) -> Result<Vec<(&'static str, PathBuf)>> {
    let found = machine::all(repo, machine::BROWSERS, "www")?;
    tools::GECKODRIVER.installed(repo)?;
    let mut named: Vec<_> = machine::BROWSERS.iter().map(|program| program.variable).zip(found).collect();
    named.push(("GECKODRIVER", tools::GECKODRIVER.binary(repo)));
    Ok(named)
}

/// The languages whose programs the `www` check runs. It says which it did not find.
pub fn languages(repo: &Repo) -> Result<()> {
    machine::all_if_possible(repo, machine::LANGUAGES, "www")
}

/// The PHP that checks the guide's programs, where there is one or can be.
pub fn php(repo: &Repo) -> Result<Option<PathBuf>> {
    machine::all_if_possible(repo, &[machine::PHP], "docs")?;
    machine::PHP.find(repo).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promised_versions_of_node() {
        for good in ["20.19.0", "20.20.2", "22.12.0", "23.0.0", "24.21.0", "100.0.0"] {
            assert!(parse(good).is_some_and(supported), "{good}");
        }
        for bad in ["18.20.0", "20.18.9", "21.7.3", "22.11.0", "", "nonsense"] {
            assert!(!parse(bad).is_some_and(supported), "{bad}");
        }
    }

    #[test]
    fn sqlite_came_with_22_13() {
        assert!(!has_sqlite("20.20.2") && !has_sqlite("22.12.0"));
        assert!(has_sqlite("22.13.0") && has_sqlite("24.0.0"));
    }
}
