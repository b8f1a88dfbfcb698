//! Programs that no registry of ours has: they come from the machine, and root on Debian gets them through `apt-get`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::Tool;
use crate::repo::Repo;

/// A program of the machine.
pub struct Program {
    /// How people call it.
    title: &'static str,
    /// The environment variable that names another one, and that tells the tests which it is.
    pub variable: &'static str,
    /// Its names on PATH.
    names: &'static [&'static str],
    /// Where it is otherwise; `*` is any one folder.
    places: &'static [&'static str],
    /// Debian's packages.
    packages: &'static [&'static str],
}

const fn on_path(
    title: &'static str,
    variable: &'static str,
    names: &'static [&'static str],
    packages: &'static [&'static str],
) -> Program {
    Program { title, variable, names, places: &[], packages }
}

pub const CHROMIUM: Program = Program {
    title: "Chromium",
    variable: "CHROMIUM",
    names: &["chromium", "chromium-browser", "google-chrome", "chrome"],
    places: &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    packages: &["chromium"],
};

/// The server itself; its other programs stand beside it, which on Debian is not on PATH.
pub const POSTGRES: Program = Program {
    title: "PostgreSQL's server",
    variable: "POSTGRES",
    names: &["postgres"],
    places: &["/usr/lib/postgresql/*/bin/postgres"],
    packages: &["postgresql"],
};

pub const REDIS: Program = on_path("Redis's server", "REDIS_SERVER", &["redis-server"], &["redis-server"]);

/// What the command line is run in: the shells whose completions are tried, beside bash, which is everywhere, and a terminal.
pub const SHELLS: &[Program] = &[
    on_path("zsh", "ZSH", &["zsh"], &["zsh"]),
    on_path("fish", "FISH", &["fish"], &["fish"]),
    on_path("script, which makes a terminal", "SCRIPT", &["script"], &["bsdutils"]),
];

/// It counts the syncs of the disk and makes them fail; it exists on Linux only.
pub const STRACE: Program = on_path("strace", "STRACE", &["strace"], &["strace"]);

/// It counts the instructions of the core; asked for on Linux only.
pub const VALGRIND: Program = on_path("valgrind", "VALGRIND", &["valgrind"], &["valgrind"]);

/// What the tests of the page drive, beside geckodriver, which is built from crates.io.
pub const BROWSERS: &[Program] = &[
    CHROMIUM,
    on_path("Chromium's WebDriver", "CHROMEDRIVER", &["chromedriver"], &["chromium-driver"]),
    Program {
        title: "Firefox",
        variable: "FIREFOX",
        names: &["firefox-esr", "firefox"],
        places: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        packages: &["firefox-esr"],
    },
    on_path("WebKit's WebDriver", "WEBKITDRIVER", &["WebKitWebDriver"], &["webkit2gtk-driver"]),
    Program {
        title: "WebKit's browser",
        variable: "MINIBROWSER",
        names: &[],
        places: &["/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser"],
        packages: &["libwebkit2gtk-4.1-0"],
    },
    // And a font for what it shows in Chinese.
    on_path("the X server without a screen", "XVFB", &["Xvfb"], &["xvfb", "fonts-wqy-microhei"]),
];

pub const PHP: Program = on_path("PHP", "PHP", &["php"], &["php-cli"]);

/// The languages in which the page writes programs, besides Rust and Node.js.
pub const LANGUAGES: &[Program] = &[
    PHP,
    on_path("Java", "JAVAC", &["javac"], &["default-jdk-headless"]),
    on_path("Python", "PYTHON", &["python3"], &["python3"]),
    on_path("Go", "GO", &["go"], &["golang-go"]),
];

/// The programs, in the same order; installs what is missing where that is known to work.
pub fn all(repo: &Repo, programs: &[Program], check: &str) -> Result<Vec<PathBuf>> {
    let missing = |program: &&Program| program.find(repo).is_none();
    let packages: Vec<_> = programs.iter().filter(missing).flat_map(|program| program.packages).copied().collect();
    if !packages.is_empty() && can_install(repo) {
        install(repo, &packages).with_context(|| hint(programs.iter().filter(missing), check))?;
    }
    if programs.iter().any(|program| missing(&program)) {
        bail!("{}", hint(programs.iter().filter(missing), check));
    }
    programs.iter().map(|program| program.find(repo).context(program.title)?).collect()
}

/// The same for what a check can do without.
pub fn all_if_possible(repo: &Repo, programs: &[Program], check: &str) -> Result<()> {
    if can_install(repo) { all(repo, programs, check).map(|_| ()) } else { Ok(()) }
}

fn hint<'p>(missing: impl Iterator<Item = &'p Program>, check: &str) -> String {
    let missing: Vec<_> = missing.collect();
    let titles: Vec<_> = missing.iter().map(|program| program.title).collect();
    let packages: Vec<_> = missing.iter().flat_map(|program| program.packages).copied().collect();
    let variables: Vec<_> = missing.iter().map(|program| program.variable).collect();
    format!(
        "the check `{check}` needs what this machine lacks: {}. Install it (`apt-get install {}` on Debian), or say where \
         it is in {}",
        titles.join(", "),
        packages.join(" "),
        variables.join(", ")
    )
}

impl Program {
    /// Where it is: an error if the environment names what is not there.
    pub fn find(&self, repo: &Repo) -> Option<Result<PathBuf>> {
        if let Some(named) = env::var_os(self.variable).map(PathBuf::from) {
            let is_there = named.is_file();
            return Some(if is_there { Ok(named) } else { Err(not_a_file(self.variable, &named)) });
        }
        let found = self.names.iter().find_map(|name| repo.on_path(name));
        found.or_else(|| self.places.iter().find_map(|place| matching(Path::new(place)))).map(Ok)
    }
}

fn not_a_file(variable: &str, named: &Path) -> anyhow::Error {
    anyhow::anyhow!("{variable} names {}, which is not a file", named.display())
}

/// The first file of this path, in which one folder or the name may be `*`.
fn matching(place: &Path) -> Option<PathBuf> {
    let Some(star) = place.ancestors().find(|folder| folder.ends_with("*")) else {
        return place.is_file().then(|| place.to_path_buf());
    };
    let rest = place.strip_prefix(star).ok()?;
    let entries = fs::read_dir(star.parent()?).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<_> = entries
        .map(|entry| if rest.as_os_str().is_empty() { entry } else { entry.join(rest) })
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found.into_iter().next()
}

fn can_install(repo: &Repo) -> bool {
    is_debian(&fs::read_to_string("/etc/os-release").unwrap_or_default()) && is_root(repo)
}

fn install(repo: &Repo, packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let tool = Tool::new(repo, "apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        // Installing a server must not start one.
        tool.env("RUNLEVEL", "1").run("apt-get").map(|_| ())
    };
    let install = || apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat());
    // A fresh container has no list of packages, and an old one has a list of versions that are gone.
    install().or_else(|_| apt(&["update"]).and_then(|()| install()))
}

/// Ubuntu's packages of browsers only point to another installer, so it is not enough to be like Debian.
fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line == "ID=debian")
}

fn is_root(repo: &Repo) -> bool {
    Tool::new(repo, "id").args(["-u"]).run("id").is_ok_and(|said| said.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_debian_itself_is_debian() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n") && !is_debian(""));
    }

    #[test]
    fn a_star_is_any_folder_or_any_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = root.join("src/machine.rs");
        assert_eq!(matching(&file), Some(file.clone()));
        assert_eq!(matching(&root.join("*/machine.rs")), Some(file));
        assert_eq!(matching(&root.join("*/nothing.rs")), None);
        assert!(matching(&root.join("src/*")).is_some());
        assert_eq!(matching(&root.join("nothing/*")), None);
    }

    #[test]
    fn what_is_missing_is_said_at_once() {
        let said = hint(LANGUAGES.iter().take(2), "www");
        assert!(said.contains("PHP, Java") && said.contains("php-cli default-jdk-headless"), "{said}");
        assert!(said.contains("PHP, JAVAC") && said.contains("`www`"), "{said}");
    }
}
