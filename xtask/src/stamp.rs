//! What has not changed is not done again: content, not times, decides.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A fingerprint of everything a step reads.
pub struct Inputs<'root> {
    root: &'root Path,
    hasher: DefaultHasher,
}

impl<'root> Inputs<'root> {
    pub fn new(root: &'root Path) -> Self {
        Self { root, hasher: DefaultHasher::new() }
    }

    /// A file, or a folder with everything in it; a missing one counts as missing.
    pub fn path(mut self, relative: &str) -> Result<Self> {
        relative.hash(&mut self.hasher);
        for file in files(&self.root.join(relative))? {
            let name = file.strip_prefix(self.root).unwrap_or(&file);
            name.hash(&mut self.hasher);
            read(&file)?.hash(&mut self.hasher);
        }
        Ok(self)
    }

    /// Something that is in no file.
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.hasher);
        self
    }

    pub fn finish(self) -> String {
        format!("{:016x}", self.hasher.finish())
    }
}

/// Where the fingerprint of the last good run is kept.
pub struct Stamp {
    file: PathBuf,
}

impl Stamp {
    pub fn at(file: PathBuf) -> Self {
        Self { file }
    }

    pub fn matches(&self, inputs: &str) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|last| last == inputs)
    }

    pub fn set(&self, inputs: &str) -> Result<()> {
        write(&self.file, inputs.as_bytes())
    }
}

/// Every file under a path, in one order on every machine. A file is its own list; a missing path has none.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![path.to_path_buf()];
    while let Some(path) = left.pop() {
        if path.ends_with("node_modules") {
            // The lock file says what is in it.
        } else if path.is_dir() {
            let cannot = || format!("{} cannot be listed", path.display());
            for entry in fs::read_dir(&path).with_context(cannot)? {
                left.push(entry.with_context(cannot)?.path());
            }
        } else if path.exists() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Writes a file and the folders it stands in.
pub fn write(file: &Path, content: &[u8]) -> Result<()> {
    let cannot = || format!("{} cannot be written", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(cannot)?;
    }
    fs::write(file, content).with_context(cannot)
}

/// Leaves an empty folder.
pub fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("paysign-xtask-{}-{name}", std::process::id()));
        clear(&folder).unwrap();
        folder
    }

    fn fingerprint(root: &Path) -> String {
        Inputs::new(root).path("in").unwrap().finish()
    }

    #[test]
    fn a_fingerprint_follows_content_names_and_presence() {
        let root = scratch("inputs");
        let missing = fingerprint(&root);
        write(&root.join("in/a"), b"1").unwrap();
        let one = fingerprint(&root);
        write(&root.join("in/a"), b"1").unwrap();
        assert_eq!(fingerprint(&root), one, "rewriting the same content changes nothing");
        write(&root.join("in/a"), b"2").unwrap();
        let two = fingerprint(&root);
        fs::rename(root.join("in/a"), root.join("in/b")).unwrap();
        let renamed = fingerprint(&root);
        let all = [missing, one, two, renamed];
        for (index, fingerprint) in all.iter().enumerate() {
            assert!(!all[..index].contains(fingerprint), "{index} equals an earlier one");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn the_border_between_files_counts() {
        let root = scratch("border");
        write(&root.join("in/a"), b"xy").unwrap();
        write(&root.join("in/b"), b"").unwrap();
        let before = fingerprint(&root);
        write(&root.join("in/a"), b"x").unwrap();
        write(&root.join("in/b"), b"y").unwrap();
        assert_ne!(fingerprint(&root), before);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_stamp_remembers_the_last_inputs_only() {
        let root = scratch("stamp");
        let stamp = Stamp::at(root.join("deep/stamp"));
        assert!(!stamp.matches("a"));
        stamp.set("a").unwrap();
        assert!(stamp.matches("a") && !stamp.matches("b"));
        fs::remove_dir_all(root).unwrap();
    }
}
