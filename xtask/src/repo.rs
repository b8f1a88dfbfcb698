//! Where things are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The repository and the programs that work on it.
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    pub fn find() -> Result<Self> {
        // Set by `cargo run`; the compiled-in path serves when the program is started by hand.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.parent().map(Path::to_path_buf).unwrap_or_default();
        if !root.join("pkg-templates").is_dir() {
            bail!("the repository was not found; run `cargo xtask` inside a checkout of paysign");
        }
        Ok(Self { root })
    }

    /// Another checkout.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn cargo(&self) -> OsString {
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
    }

    /// The Node.js of the machine. Under `npm run`, node_modules/.bin comes first on PATH with another one.
    pub fn system_node(&self) -> Result<PathBuf> {
        self.on_path("node").context("Node.js was not found on PATH; install version 20.19 or newer, with npm")
    }

    pub fn npm(&self) -> Result<PathBuf> {
        self.on_path("npm").context("npm was not found on PATH; it comes with Node.js, or as a package of its own")
    }

    /// The Node.js that package-lock.json pins: current, and the same on every machine.
    pub fn pinned_node(&self) -> PathBuf {
        self.path("node_modules/node/bin").join(format!("node{}", env::consts::EXE_SUFFIX))
    }

    /// A program of this name on PATH.
    pub fn on_path(&self, program: &str) -> Option<PathBuf> {
        let names: &[String] =
            if cfg!(windows) { &[format!("{program}.exe"), format!("{program}.cmd")] } else { &[program.to_owned()] };
        let path = env::var_os("PATH")?;
        env::split_paths(&path)
            .filter(|folder| !folder.ends_with("node_modules/.bin"))
            .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
            .find(|candidate| candidate.is_file())
    }
}
