//! `build`: from src/ and pkg-templates/ to the npm package in pkg/.
//!
//! A file under pkg-templates/ is at the same path in target/npm/modules/, TypeScript as its JavaScript and
//! declarations. pkg/ is the same, but that the modules of an entry are one file: xtask/bundle.mjs. Everything else is
//! generated here, and nothing generated is ever edited afterwards.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::Tool;
use crate::repo::Repo;
use crate::setup::WASM_TARGET;
use crate::stamp::{Inputs, Stamp, clear, files, read, write};
use crate::ui::{Done, Ui};

/// A WebAssembly module of the package: `wasm/NAME.js` with its declarations and its bytes.
pub struct Module {
    name: &'static str,
    /// The features of the crate that it is compiled with.
    pub features: &'static str,
    /// What its code generation needs beside.
    pub flags: &'static [&'static str],
}

/// Three, so that nobody carries what he does not use.
pub const MODULES: [Module; 3] = [
    Module { name: "core", features: "wasm-core", flags: &[] },
    // It hashes four texts at once. load.diagnose.ts tells of runtimes without these instructions.
    Module { name: "diagnose", features: "wasm-diagnose", flags: &["-Ctarget-feature=+simd128"] },
    // AES without its rounds unrolled: it decrypts little.
    Module { name: "push", features: "wasm-push", flags: &["--cfg=aes_backend_soft=\"compact\""] },
];

/// Where Cargo leaves whichever module it compiled last.
const COMPILED: &str = "target/wasm/wasm32-unknown-unknown/release/paysign.wasm";
/// What TypeScript reads instead of the generated files: tsconfig.json lays it over pkg-templates/.
const DECLARATIONS: &str = "target/npm/declarations";
const JAVASCRIPT: &str = "target/npm/javascript";
/// The package before it is bundled, a file for each module.
const MODULE_FILES: &str = "target/npm/modules";
const BUNDLED: &str = "target/npm/bundled";

impl Module {
    fn compiled(&self) -> String {
        format!("target/npm/compiled/{}.wasm", self.name)
    }

    /// The glue as wasm-bindgen wrote it, and the optimised module.
    fn glue(&self) -> String {
        format!("target/npm/glue/{}", self.name)
    }
}

pub fn run(repo: &Repo, ui: &Ui) -> Result<()> {
    ui.step("compile", || each(|module| compile(repo, module)))?;
    ui.step("glue", || each(|module| glue(repo, module)))?;
    ui.step("optimise", || each(|module| optimise(repo, module)))?;
    ui.step("typescript", || typescript(repo))?;
    let modules = modules(repo)?;
    ui.step("modules", || modules.write_to(repo, MODULE_FILES))?;
    ui.step("bundle", || bundle(repo))?;
    ui.step("pkg", || {
        let done = published(repo, modules)?.write_to(repo, "pkg")?;
        link(repo)?;
        Ok(done)
    })
}

/// The work on each module, which says whether there was any.
fn each(work: impl Fn(&Module) -> Result<bool>) -> Result<Done> {
    let mut worked = Vec::new();
    for module in &MODULES {
        if work(module)? {
            worked.push(module.name);
        }
    }
    Ok(if worked.is_empty() { Done::Unchanged } else { Done::Worked(worked.join(", ")) })
}

fn compile(repo: &Repo, module: &Module) -> Result<bool> {
    let flags = flags(repo, module)?.join("\u{1f}");
    // Cargo would link anew at every change of features, also when nothing else has changed.
    let inputs = tooling(repo)?.path("src")?.path("Cargo.toml")?.path("rust-toolchain.toml")?;
    let inputs = inputs.text(&rustc_version(repo)?).text(&flags).text(module.features).finish();
    let stamp = Stamp::at(repo.path(&format!("{}.stamp", module.compiled())));
    if stamp.matches(&inputs) {
        return Ok(false);
    }
    Tool::cargo(repo)
        .args(["rustc", "--locked", "--release", "--package", "paysign", "--lib", "--crate-type", "cdylib"])
        .args(["--features", module.features, "--target", WASM_TARGET, "--target-dir", "target/wasm"])
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .run("compile")?;
    let wasm = read(&repo.path(COMPILED))?;
    for (_, folder) in local_folders(repo)? {
        if contains(&wasm, folder.to_string_lossy().as_bytes()) {
            bail!("the compiled module names {}, so it would differ on another machine", folder.display());
        }
    }
    write(&repo.path(&module.compiled()), &wasm)?;
    stamp.set(&inputs)?;
    Ok(true)
}

fn flags(repo: &Repo, module: &Module) -> Result<Vec<String>> {
    let mut flags = remap(repo)?;
    flags.extend(module.flags.iter().map(|flag| (*flag).to_owned()));
    // SHA-256 without its loop unrolled: a twentieth of the module, and it hashes little.
    flags.push("--cfg=sha2_backend_soft=\"compact\"".to_owned());
    Ok(flags)
}

fn rustc_version(repo: &Repo) -> Result<String> {
    Tool::new(repo, "rustc").args(["--version", "--verbose"]).run("rustc-version")
}

/// Panic messages carry paths of source files. These flags make them, and so the module, the same everywhere.
fn remap(repo: &Repo) -> Result<Vec<String>> {
    let version = rustc_version(repo)?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    let mut flags = Vec::new();
    for (origin, folder) in local_folders(repo)? {
        match origin {
            Origin::Checkout => flags.push((folder, "/paysign".to_owned())),
            // One folder for each registry, named after where this machine finds it.
            Origin::Registry => {
                for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                    flags.push((entry.path(), "/cargo".to_owned()));
                }
            }
            // Without the `rust-src` component these paths already are /rustc/COMMIT; with it they are local.
            Origin::Toolchain => flags.push((folder, format!("/rustc/{commit}"))),
        }
    }
    Ok(flags.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect())
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Checkout,
    Registry,
    Toolchain,
}

/// Where the sources of the module lie on this machine.
fn local_folders(repo: &Repo) -> Result<[(Origin, PathBuf); 3]> {
    let sysroot = Tool::new(repo, "rustc").args(["--print", "sysroot"]).run("sysroot")?;
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .context("the home folder is not known; set CARGO_HOME")?;
    Ok([
        (Origin::Checkout, repo.root().to_path_buf()),
        (Origin::Registry, cargo_home.join("registry/src")),
        (Origin::Toolchain, PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust")),
    ])
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn glue(repo: &Repo, module: &Module) -> Result<bool> {
    let inputs = tooling(repo)?.path(&module.compiled())?.finish();
    let folder = repo.path(&module.glue());
    let stamp = Stamp::at(folder.join("stamp"));
    if stamp.matches(&inputs) {
        return Ok(false);
    }
    clear(&folder)?;
    let generating = || "wasm-bindgen could not read the compiled module";
    bindgen(repo, module)
        .reset_state_function(true)
        .web(true)
        .and_then(|web| web.generate(&folder))
        .with_context(generating)?;
    // The published declarations are those for bundlers. Those for `web` add the loading functions, which are ours
    // to call and nobody else's, and whose types need the DOM library in every project that uses the package.
    let output = bindgen(repo, module).bundler(true).and_then(Bindgen::generate_output).with_context(generating)?;
    let declarations = output.ts().ok_or_else(|| anyhow!("wasm-bindgen wrote no declarations"))?;
    write(&folder.join("published.d.ts"), declarations.as_bytes())?;
    stamp.set(&inputs)?;
    Ok(true)
}

fn bindgen(repo: &Repo, module: &Module) -> Bindgen {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(repo.path(&module.compiled()))
        .out_name(module.name)
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
}

fn optimise(repo: &Repo, module: &Module) -> Result<bool> {
    let (folder, name) = (module.glue(), module.name);
    let inputs = tooling(repo)?.path(&format!("{folder}/{name}_bg.wasm"))?.finish();
    let stamp = Stamp::at(repo.path(&folder).join("optimised-stamp"));
    if stamp.matches(&inputs) {
        return Ok(false);
    }
    // No feature flags: wasm-opt reads in the module which features are in use, and would add others if told to.
    Tool::script(repo, "node_modules/binaryen/bin/wasm-opt")
        // rustc has inlined what is worth it: more of it makes the module larger and no call faster.
        .args(["-O3", "--one-caller-inline-max-function-size", "50"])
        .args([&format!("{folder}/{name}_bg.wasm"), "-o", &format!("{folder}/{name}.wasm")])
        .run("optimise")?;
    stamp.set(&inputs)?;
    Ok(true)
}

fn typescript(repo: &Repo) -> Result<Done> {
    let declarations = repo.path(DECLARATIONS).join("wasm");
    clear(&declarations)?;
    for module in &MODULES {
        let file = |ending: &str| declarations.join(format!("{}.{ending}", module.name));
        write(&file("d.ts"), &read(&repo.path(&module.glue()).join(format!("{}.d.ts", module.name)))?)?;
        write(&file("bytes.d.ts"), BYTES_DECLARATION.as_bytes())?;
    }

    let inputs = tooling(repo)?
        .path(DECLARATIONS)?
        .path("pkg-templates")?
        .path("tsconfig.json")?
        .path("tsconfig.portable.json")?
        .finish();
    let stamp = Stamp::at(repo.path("target/npm/javascript-stamp"));
    if stamp.matches(&inputs) {
        return Ok(Done::Unchanged);
    }
    clear(&repo.path(JAVASCRIPT))?;
    let tsc = || Tool::script(repo, "node_modules/typescript/bin/tsc").args(["--pretty", "false", "--project"]);
    tsc().args(["tsconfig.json", "--outDir", JAVASCRIPT]).run("typescript")?;
    tsc().args(["tsconfig.portable.json"]).run("typescript-portable")?;
    stamp.set(&inputs)?;
    Ok(Done::silent())
}

const BYTES_DECLARATION: &str = "declare const bytes: Uint8Array<ArrayBuffer>;\nexport default bytes;\n";

/// The package, a file for each module: what is bundled, and what the tests look into.
fn modules(repo: &Repo) -> Result<Package> {
    let mut package = Package::default();

    let templates = repo.path("pkg-templates");
    for file in files(&templates)? {
        if file.extension().is_none_or(|extension| extension != "ts") {
            package.add(inside(&templates, &file)?, read(&file)?)?;
        }
    }
    let javascript = repo.path(JAVASCRIPT);
    for file in files(&javascript)? {
        package.add(inside(&javascript, &file)?, read(&file)?)?;
    }
    for module in &MODULES {
        let (glue, name) = (repo.path(&module.glue()), module.name);
        let wasm = read(&glue.join(format!("{name}.wasm")))?;
        package.add(format!("wasm/{name}.js"), read(&glue.join(format!("{name}.js")))?)?;
        package.add(format!("wasm/{name}.d.ts"), read(&glue.join("published.d.ts"))?)?;
        package.add(format!("wasm/{name}.bytes.js"), bytes_module(&wasm).into_bytes())?;
        package.add(format!("wasm/{name}.wasm"), wasm)?;
    }
    for file in root_documents(repo)? {
        package.add(inside(repo.root(), &file)?, read(&file)?)?;
    }

    Ok(package)
}

fn bundle(repo: &Repo) -> Result<Done> {
    let inputs = tooling(repo)?.path(MODULE_FILES)?.finish();
    let stamp = Stamp::at(repo.path("target/npm/bundled-stamp"));
    if stamp.matches(&inputs) {
        return Ok(Done::Unchanged);
    }
    clear(&repo.path(BUNDLED))?;
    Tool::script(repo, "xtask/bundle.mjs").args([MODULE_FILES, BUNDLED]).run("bundle")?;
    stamp.set(&inputs)?;
    Ok(Done::silent())
}

/// The package as it is published.
fn published(repo: &Repo, mut package: Package) -> Result<Package> {
    package.files.retain(|path, _| stays(path));
    let bundled = repo.path(BUNDLED);
    for file in files(&bundled)? {
        package.add(inside(&bundled, &file)?, read(&file)?)?;
    }
    Ok(package)
}

/// Whether a file is published as it is. JavaScript is not, but that of the command line, which starts with one of its
/// commands and leaves the others alone.
fn stays(path: &str) -> bool {
    let is_javascript = path.ends_with(".js") || path.ends_with(".js.map");
    let is_command_line = path.starts_with("cli.") || path.starts_with("cli/");
    !is_javascript || is_command_line
}

fn root_documents(repo: &Repo) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(repo.root()).context("the repository cannot be listed")?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.context("the repository cannot be listed")?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == "README.md" || name == "CHANGELOG.md" || name.starts_with("LICENSE") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The module as text, for every runtime that may compile bytes: no file to find, no request to make. A character for
/// each byte: what repeats in the module repeats in the text, so it is compressed to a fifth less than base64, whose
/// letters straddle the bytes. Node.js reads such a text at once; a loop over it would be a third of its start.
fn bytes_module(wasm: &[u8]) -> String {
    let text = literal(wasm);
    format!(
        "const text =\n\t\"{text}\";\n\n\
         function bytes() {{\n\
         \t// By its full name, lest a bundler brings a Buffer along.\n\
         \tif (globalThis.Buffer) return globalThis.Buffer.from(text, \"latin1\");\n\
         \tconst bytes = new Uint8Array(text.length);\n\
         \tfor (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);\n\
         \treturn bytes;\n\
         }}\n\n\
         export default bytes();\n"
    )
}

/// The inside of a string literal with these characters: only what would end it, or a file of text, is escaped.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            // Before a digit, the short form would be another character.
            0 if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            _ => text.push(char::from(*byte)),
        }
    }
    text
}

/// The files of pkg/ by their path in it, with forward slashes.
#[derive(Default)]
struct Package {
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    fn add(&mut self, path: impl Into<String>, content: Vec<u8>) -> Result<()> {
        let path = path.into();
        if self.files.contains_key(&path) {
            bail!("two sources want to be pkg/{path}; rename one of them");
        }
        self.files.insert(path, content);
        Ok(())
    }

    /// Makes the folder hold exactly these files, touching only what differs.
    fn write_to(&self, repo: &Repo, folder: &str) -> Result<Done> {
        let folder = repo.path(folder);
        let mut changed = 0;
        for file in files(&folder)? {
            if !self.files.contains_key(&inside(&folder, &file)?) {
                fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
                changed += 1;
            }
        }
        for (path, content) in &self.files {
            let file = folder.join(path);
            if fs::read(&file).ok().as_ref() != Some(content) {
                write(&file, content)?;
                changed += 1;
            }
        }
        let all = self.files.len();
        Ok(if changed == 0 { Done::Unchanged } else { Done::Worked(format!("{changed} of {all} files")) })
    }
}

fn inside(folder: &Path, file: &Path) -> Result<String> {
    let relative = file.strip_prefix(folder).with_context(|| format!("{} is elsewhere", file.display()))?;
    Ok(relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// node_modules/paysign leads to pkg/, so that tests, examples and the demo import the package by its name.
fn link(repo: &Repo) -> Result<()> {
    let link = repo.path("node_modules/paysign");
    if fs::canonicalize(&link).ok() == fs::canonicalize(repo.path("pkg")).ok() {
        return Ok(());
    }
    // Whatever else bears the name is in the way; if nothing does, there is nothing to remove.
    let _ = fs::remove_file(&link).or_else(|_| fs::remove_dir_all(&link));
    symlink(&link).with_context(|| format!("{} cannot be made a link to pkg/", link.display()))
}

#[cfg(unix)]
fn symlink(link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink("../pkg", link)
}

#[cfg(windows)]
fn symlink(link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir("..\\pkg", link)
}

/// What every generated file depends on beside its own inputs: this program and the versions of the tools.
fn tooling(repo: &Repo) -> Result<Inputs<'_>> {
    Inputs::new(repo.root()).path("xtask")?.path("Cargo.lock")?.path("package-lock.json")
}

/// The sizes that people ask about, as a table.
pub fn sizes(repo: &Repo) -> Result<String> {
    let mut table = format!("\n{:28}{:>10}{:>12}\n", "pkg/", "bytes", "gzip -9");
    let pkg = repo.path("pkg");
    let total = files(&pkg)?;
    let of_modules = MODULES.iter().map(|module| format!("wasm/{}.wasm", module.name));
    for name in of_modules.chain(["index.js", "shared.js", "diagnose.js", "push.js"].map(str::to_owned)) {
        let bytes = read(&pkg.join(&name))?.len();
        let _ = writeln!(table, "{name:28}{bytes:>10}{:>12}", gzip(repo, &pkg.join(&name))?);
    }
    let bytes: usize = total.iter().map(|file| read(file).map(|content| content.len())).sum::<Result<usize>>()?;
    let _ = writeln!(table, "{:28}{bytes:>10}", format!("all {} files", total.len()));
    Ok(table)
}

fn gzip(repo: &Repo, file: &Path) -> Result<usize> {
    let script = "console.log(zlib.gzipSync(fs.readFileSync(process.argv[1]), { level: 9 }).length)";
    let said = Tool::new(repo, repo.pinned_node()).args(["--eval", script]).args([file]).run("gzip")?;
    said.trim().parse().context("Node.js did not print a size")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_one_line_that_no_byte_ends() {
        let bytes: Vec<u8> = (0..=255).chain([0, b'7']).collect();
        let text = literal(&bytes);
        assert!(!text.contains(['\0', '\n', '\r']));
        assert!(text.starts_with("\\0\u{1}") && text.ends_with("ÿ\\x007"));
        assert_eq!(text.matches('"').count(), text.matches("\\\"").count());
        assert_eq!(text.chars().filter(|character| *character == '\\').count(), 7);
    }

    #[test]
    fn the_package_is_exactly_what_was_added() {
        let repo = Repo::at(env::temp_dir().join(format!("paysign-xtask-{}-package", std::process::id())));
        let folder = repo.path("pkg");
        clear(&folder).unwrap();
        write(&folder.join("old/stale.js"), b"stale").unwrap();
        let mut package = Package::default();
        package.add("a.js", b"a".to_vec()).unwrap();
        package.add("deep/b.js", b"b".to_vec()).unwrap();
        assert!(package.add("a.js", b"again".to_vec()).is_err(), "one path, one source");

        assert!(matches!(package.write_to(&repo, "pkg").unwrap(), Done::Worked(said) if said == "3 of 2 files"));
        assert!(matches!(package.write_to(&repo, "pkg").unwrap(), Done::Unchanged), "a second run touches nothing");
        let names: Vec<String> = files(&folder).unwrap().iter().map(|file| inside(&folder, file).unwrap()).collect();
        assert_eq!(names, ["a.js", "deep/b.js"]);
        fs::remove_dir_all(repo.root()).unwrap();
    }

    #[test]
    fn a_path_in_a_module_is_found() {
        assert!(contains(b"\0asm /home/me/paysign/src/lib.rs", b"/home/me/paysign"));
        assert!(!contains(b"\0asm /paysign/src/lib.rs", b"/home/me/paysign"));
    }
}
