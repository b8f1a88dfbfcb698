//! What comes in from others, and the list of it that goes out with a release.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::Tool;
use crate::repo::Repo;
use crate::setup::WASM_TARGET;
use crate::stamp::{read, write};
use crate::tools;
use crate::ui::{Done, Ui};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";
/// What builds the documentation.
const WORKSPACE: &str = "docs/site";
const SBOM: &str = "target/sbom";

/// Licences, duplicates and sources of the crates, and where every line of the lock files comes from.
pub fn check(repo: &Repo) -> Result<String> {
    let crates = cargo_lock(&String::from_utf8_lossy(&read(&repo.path("Cargo.lock"))?))?;
    let mut packages = 0;
    for lock in ["package-lock.json", "tests/runtimes/package-lock.json"] {
        packages += package_lock(&json_file(repo, lock)?).with_context(|| format!("{lock} is not as it should be"))?;
    }
    tools::DENY.installed(repo)?;
    tools::DENY.tool(repo).args(["--locked", "check", "licenses", "bans", "sources"]).run("deny")?;
    Ok(format!("{crates} crates, {packages} npm packages"))
}

/// Known vulnerabilities and withdrawn versions. The list of them is fetched, so this is no check of every run.
pub fn advisories(repo: &Repo, ui: &Ui) -> Result<()> {
    tools::DENY.install(repo, ui)?;
    ui.step("advisories", || {
        tools::DENY.tool(repo).args(["--locked", "check", "advisories"]).run("advisories").map(|_| Done::silent())
    })
}

/// Counts the crates. All are from crates.io, by their checksum, but those of this repository.
fn cargo_lock(lock: &str) -> Result<usize> {
    let mut count = 0;
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let mut lines = package.lines();
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
        };
        let name = value("name").context("Cargo.lock has a package without a name")?;
        match value("source") {
            None if ["paysign", "xtask"].contains(&name) => {}
            Some(CRATES_IO) if value("checksum").is_some() => count += 1,
            _ => bail!("{name} in Cargo.lock is not from crates.io; no dependency comes from git or from a folder"),
        }
    }
    Ok(count)
}

/// Counts the npm packages. All are from the registry, by their hash.
fn package_lock(lock: &Value) -> Result<usize> {
    let mut count = 0;
    for (path, package) in
        lock.get("packages").and_then(Value::as_object).context("package-lock.json has no packages")?
    {
        // The two manifests of this repository, and npm's link to the second.
        let ours = ["", WORKSPACE].contains(&path.as_str()) || text(package, "/resolved") == Some(WORKSPACE);
        if ours {
            continue;
        }
        let from_registry =
            package.get("resolved").is_none_or(|url| url.as_str().is_some_and(|url| url.starts_with(NPM)));
        let hashed = text(package, "/integrity").is_some_and(|hash| hash.starts_with("sha512-"));
        if !from_registry || !hashed || package.get("link").is_some() {
            bail!("{path} in package-lock.json is not from the npm registry, or has no SHA-512");
        }
        count += 1;
    }
    Ok(count)
}

/// Writes what the crate and the npm package consist of, as CycloneDX.
pub fn sbom(repo: &Repo, ui: &Ui) -> Result<()> {
    tools::CYCLONEDX.install(repo, ui)?;
    ui.step("crate", || sbom_crate(repo))?;
    ui.step("npm package", || sbom_npm(repo))
}

fn sbom_crate(repo: &Repo) -> Result<Done> {
    tools::CYCLONEDX
        .tool(repo)
        .args(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--override-filename", "paysign-sbom"])
        .args(["--features", "wasm", "--target", WASM_TARGET])
        .run("cyclonedx")?;
    // It writes beside each manifest of the workspace.
    let mut bom = json_file(repo, "paysign-sbom.json")?;
    for file in ["paysign-sbom.json", "xtask/paysign-sbom.json"] {
        std::fs::remove_file(repo.path(file)).with_context(|| format!("{file} cannot be removed"))?;
    }
    // It names the crate after the folder it lies in.
    let folder = format!("path+file://{}#", repo.root().display());
    bom = serde_json::from_str(&bom.to_string().replace(&folder, "paysign#")).context("the list cannot be read")?;
    let said = Tool::cargo(repo)
        .args(["tree", "--locked", "--package", "paysign", "--edges", "normal,build", "--prefix", "none"])
        .args(["--features", "wasm", "--target", WASM_TARGET])
        .run("tree")?;
    let count = compare(&bom, &said)?;
    save(repo, "crate.cdx.json", &bom)?;
    Ok(Done::Worked(format!("{SBOM}/crate.cdx.json, {count} components")))
}

/// The list must be what Cargo builds the module from.
fn compare(bom: &Value, tree: &str) -> Result<usize> {
    if text(bom, "/bomFormat") != Some("CycloneDX") || text(bom, "/specVersion") != Some("1.5") {
        bail!("this is not a list in CycloneDX 1.5");
    }
    let components = bom.get("components").and_then(Value::as_array).context("the list has no components")?;
    let listed: BTreeSet<_> = components
        .iter()
        .map(|component| {
            let of = |key| text(component, key).unwrap_or_default();
            format!("{} v{}", of("/name"), of("/version"))
        })
        .collect();
    // `sha1 v0.11.0 (*)`, and first the crate itself with its folder.
    let built: BTreeSet<_> = tree
        .lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty() && !line.starts_with("paysign v"))
        .collect();
    if let Some(name) = listed.symmetric_difference(&built).next() {
        bail!("{name} is in the list or in the build, and not in both");
    }
    let licensed =
        |component: &&Value| component.get("licenses").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    if let Some(component) = components.iter().find(|component| !licensed(component)) {
        bail!("{} has no licence in the list", text(component, "/name").unwrap_or_default());
    }
    Ok(listed.len())
}

fn sbom_npm(repo: &Repo) -> Result<Done> {
    let said = Tool::new(repo, repo.npm()?)
        .args(["sbom", "--prefix", "pkg", "--sbom-format", "cyclonedx", "--sbom-type", "library"])
        .run("npm-sbom")?;
    // npm may warn about its settings first.
    let start = said.find("\n{").map_or(0, |line| line + 1);
    let mut bom: Value = serde_json::from_str(said.get(start..).unwrap_or_default()).context("npm wrote no list")?;
    if text(&bom, "/bomFormat") != Some("CycloneDX") || bom.get("components") != Some(&json!([])) {
        bail!("the npm package must have no npm packages in it, and npm lists some");
    }
    // What npm cannot see: the module inside was built from the crate and its dependencies.
    let inside = json_file(repo, &format!("{SBOM}/crate.cdx.json"))?;
    let list = |key: &str| inside.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let itself = inside.pointer("/metadata/component").context("the crate's list does not name the crate")?;
    let components = [vec![itself.clone()], list("components")].concat();
    let own = json!({ "ref": bom.pointer("/metadata/component/bom-ref"), "dependsOn": [itself.get("bom-ref")] });
    let dependencies = [vec![own], list("dependencies")].concat();
    let count = components.len();
    let changes = [
        ("/components", Value::Array(components)),
        ("/dependencies", Value::Array(dependencies)),
        // npm calls it after its folder.
        ("/metadata/component/name", json!("paysign")),
    ];
    for (place, value) in changes {
        *bom.pointer_mut(place).with_context(|| format!("npm's list has no {place}"))? = value;
    }
    save(repo, "npm.cdx.json", &bom)?;
    Ok(Done::Worked(format!("{SBOM}/npm.cdx.json, {count} components")))
}

/// The text at a place such as `/metadata/name`.
fn text<'v>(value: &'v Value, place: &str) -> Option<&'v str> {
    value.pointer(place)?.as_str()
}

fn save(repo: &Repo, name: &str, bom: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(bom).context("the list cannot be written")?;
    if text.contains(&*repo.root().to_string_lossy()) {
        bail!("the list names {}, which is nobody's business", repo.root().display());
    }
    write(&repo.path(SBOM).join(name), text.as_bytes())
}

fn json_file(repo: &Repo, file: &str) -> Result<Value> {
    serde_json::from_slice(&read(&repo.path(file))?).with_context(|| format!("{file} is not JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_files_name_registries_only() {
        let lock = |source: &str| format!("version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n{source}");
        let good = format!("source = \"{CRATES_IO}\"\nchecksum = \"00\"\n");
        assert_eq!(cargo_lock(&lock(&good)).unwrap(), 1);
        assert_eq!(cargo_lock("[[package]]\nname = \"paysign\"\nversion = \"0.1.0\"\n").unwrap(), 0);
        for bad in ["", "source = \"git+https://example.com/a#00\"\n", &format!("source = \"{CRATES_IO}\"\n")] {
            assert!(cargo_lock(&lock(bad)).is_err(), "{bad}");
        }

        let lock = |package: Value| json!({ "packages": { "": {}, "node_modules/a": package } });
        assert_eq!(package_lock(&lock(json!({ "integrity": "sha512-x" }))).unwrap(), 1);
        assert_eq!(package_lock(&lock(json!({ "link": true, "resolved": WORKSPACE }))).unwrap(), 0);
        assert_eq!(
            package_lock(&lock(json!({ "integrity": "sha512-x", "resolved": "https://registry.npmjs.org/a.tgz" })))
                .unwrap(),
            1
        );
        for bad in [
            json!({}),
            json!({ "integrity": "sha1-x" }),
            json!({ "link": true, "resolved": "../a" }),
            json!({ "integrity": "sha512-x", "resolved": "git+ssh://git@example.com/a.git" }),
        ] {
            assert!(package_lock(&lock(bad.clone())).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_lock_files_are_in_use() {
        let repo = Repo::find().unwrap();
        let alias = String::from_utf8(read(&repo.path(".cargo/config.toml")).unwrap()).unwrap();
        assert!(alias.contains("run --quiet --locked"), "{alias}");
        for file in crate::stamp::files(&repo.path("xtask/src")).unwrap() {
            let source = String::from_utf8(read(&file).unwrap()).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            // One piece for each call of Cargo, up to where it is run.
            for call in source.split("Tool::cargo(").skip(1) {
                let call = call.split(".run(").next().unwrap();
                let reads = ["rustc", "build", "test", "clippy", "bench", "install", "tree"];
                if reads.iter().any(|command| call.contains(&format!("[\"{command}\""))) {
                    assert!(call.contains("\"--locked\""), "{}: {call}", file.display());
                }
            }
            assert!(!source.contains("[\"install\", \"--no-audit\""), "{}: npm ci, not npm install", file.display());
        }
        let setup = String::from_utf8(read(&repo.path("xtask/src/setup.rs")).unwrap()).unwrap();
        assert!(setup.contains("[\"ci\", \"--no-audit\""));
    }

    #[test]
    fn the_list_is_what_is_built() {
        let bom = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "components": [{ "name": "sha1", "version": "0.11.0", "licenses": [{ "expression": "MIT" }] }],
        });
        let tree = "paysign v0.1.0 (/somewhere)\nsha1 v0.11.0\nsha1 v0.11.0 (*)\n";
        assert_eq!(compare(&bom, tree).unwrap(), 1);
        assert!(compare(&bom, &format!("{tree}md-5 v0.11.0\n")).is_err());
        assert!(compare(&bom, "paysign v0.1.0 (/somewhere)\n").is_err());
        assert!(compare(&json!({ "bomFormat": "SPDX" }), tree).is_err());
    }
}
