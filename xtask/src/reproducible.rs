//! `reproducible`: the last commit, built in two folders, must give the same bytes.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::{files, read};
use crate::ui::{Done, Ui};

const MODULE: &str = "wasm/core.wasm";

pub fn run(repo: &Repo, ui: &Ui) -> Result<ExitCode> {
    let commit = Tool::new(repo, "git").args(["rev-parse", "HEAD"]).run("commit")?;
    // Of different length, so that a path that leaks into the module also moves what follows it.
    let scratch = env::temp_dir().join(format!("paysign-reproducible-{}", std::process::id()));
    let folders = [scratch.join("one"), scratch.join("another/one")];
    let mut builds = Vec::new();
    for (folder, name) in folders.iter().zip(["first build", "second build"]) {
        ui.step(name, || {
            builds.push(build(repo, &scratch, folder)?);
            Ok(Done::silent())
        })?;
    }
    // What is left behind is only in the way.
    let _ = fs::remove_dir_all(&scratch);
    let (same, said) = report(commit.trim(), &builds);
    print!("{said}");
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The SHA-256 of each file of pkg/.
type Hashes = BTreeMap<PathBuf, String>;

fn build(repo: &Repo, scratch: &Path, folder: &Path) -> Result<Hashes> {
    fs::create_dir_all(folder.parent().unwrap_or(folder))
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    Tool::new(repo, "git").args(["clone", "--quiet", "--no-hardlinks"]).args([repo.root(), folder]).run("clone")?;
    let clone = Repo::at(folder.to_path_buf());
    // The module has a folder of its own in each clone; what builds it need not be built twice.
    Tool::cargo(&clone).args(["xtask", "build"]).env("CARGO_TARGET_DIR", scratch.join("xtask")).run("build")?;
    let pkg = clone.path("pkg");
    let mut hashes = Hashes::new();
    for file in files(&pkg)? {
        let hash: String = Sha256::digest(read(&file)?).iter().map(|byte| format!("{byte:02x}")).collect();
        hashes.insert(file.strip_prefix(&pkg).unwrap_or(&file).to_path_buf(), hash);
    }
    Ok(hashes)
}

fn report(commit: &str, builds: &[Hashes]) -> (bool, String) {
    let hash = |build: &Hashes, file: &Path| build.get(file).cloned().unwrap_or_else(|| "missing".to_owned());
    let mut lines = vec![format!("\ncommit {commit}")];
    let mut different: Vec<&PathBuf> = builds.iter().flat_map(Hashes::keys).collect();
    different.sort();
    different.dedup();
    let total = different.len();
    different.retain(|file| {
        let mut hashes = builds.iter().map(|build| hash(build, file));
        let first = hashes.next();
        hashes.any(|other| Some(other) != first)
    });
    for file in different.iter().map(|file| file.as_path()).chain([Path::new(MODULE)]) {
        lines.extend(builds.iter().map(|build| format!("{}  {}", hash(build, file), file.display())));
    }
    let same = different.is_empty() && total > 0;
    let verdict = if same { "the same bytes" } else { "NOT the same bytes" };
    lines.push(format!("\n{total} files, {} different: {verdict}\n", different.len()));
    (same, lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(rows: &[(&str, &str)]) -> Hashes {
        rows.iter().map(|(file, hash)| (PathBuf::from(file), (*hash).to_owned())).collect()
    }

    #[test]
    fn one_different_or_missing_file_fails() {
        let one = hashes(&[(MODULE, "aa"), ("index.js", "bb")]);
        assert!(report("c", &[one.clone(), one.clone()]).0);
        for other in [hashes(&[(MODULE, "aa"), ("index.js", "cc")]), hashes(&[(MODULE, "aa")]), hashes(&[])] {
            let (same, said) = report("c", &[one.clone(), other]);
            assert!(!same && said.contains("index.js"), "{said}");
        }
        assert!(!report("c", &[hashes(&[]), hashes(&[])]).0, "nothing is not the same as nothing");
    }
}
