//! `www`: the debugger page, from www/ and the built package to dist/www.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::{Inputs, Stamp};
use crate::ui::{Done, Ui};
use crate::{build, setup};

const BUILT: &str = "dist/www";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The port to serve the page at; `None` only builds it.
    pub serve: Option<u16>,
}

impl Options {
    /// `task` is the task whose options these are.
    pub fn parse(task: &str, arguments: &[String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self { serve: None }),
            [serve] if serve == "--serve" => Ok(Self { serve: Some(8080) }),
            [serve, port] if serve == "--serve" => {
                let port = port.parse().context("the port of `--serve` is a number from 0 to 65535")?;
                Ok(Self { serve: Some(port) })
            }
            _ => anyhow::bail!("`{task}` knows one option: --serve, which a port may follow"),
        }
    }
}

pub fn run(repo: &Repo, ui: &Ui, options: &Options) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    ui.step("www", || page(repo))?;
    match options.serve {
        None => Ok(ExitCode::SUCCESS),
        Some(port) => serve(repo, port, "www"),
    }
}

/// Serves a folder of dist until it is interrupted.
pub fn serve(repo: &Repo, port: u16, folder: &str) -> Result<ExitCode> {
    let tool = Tool::script(repo, "www/serve.mjs").args([port.to_string(), folder.to_owned()]);
    tool.pass_through().map(ExitCode::from)
}

/// Builds the page out of the built package.
pub fn page(repo: &Repo) -> Result<Done> {
    let inputs = Inputs::new(repo.root())
        .path("www")?
        .path("pkg")?
        .path("tests/vectors/signatures.json")?
        .path("tests/vectors/mistakes.json")?
        .path("package-lock.json")?
        .finish();
    let stamp = Stamp::at(repo.path("target/www/stamp"));
    if stamp.matches(&inputs) && repo.path(BUILT).join("index.html").is_file() {
        return Ok(Done::Unchanged);
    }
    Tool::script(repo, "www/build.mjs").run("www")?;
    stamp.set(&inputs)?;
    Ok(Done::Worked(BUILT.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(line: &str) -> Result<Option<u16>> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse("www", &words).map(|options| options.serve)
    }

    #[test]
    fn the_port_is_optional() {
        assert_eq!(port("").unwrap(), None);
        assert_eq!(port("--serve").unwrap(), Some(8080));
        assert_eq!(port("--serve 0").unwrap(), Some(0));
        for line in ["serve", "--serve x", "--serve 70000", "--serve 1 2"] {
            assert!(port(line).is_err(), "{line}");
        }
    }
}
