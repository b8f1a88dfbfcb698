//! Running the tools.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::repo::Repo;

/// A program with its arguments, to be run in the root of the repository.
pub struct Tool<'repo> {
    repo: &'repo Repo,
    command: Command,
    deadline: Option<Duration>,
}

impl<'repo> Tool<'repo> {
    pub fn new(repo: &'repo Repo, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(repo.root()).stdin(Stdio::null());
        Self { repo, command, deadline: None }
    }

    pub fn cargo(repo: &'repo Repo) -> Self {
        Self::new(repo, repo.cargo())
    }

    /// A script of an npm tool, under the pinned Node.js: no shell wrapper, so the same on every system.
    pub fn script(repo: &'repo Repo, script: &str) -> Self {
        Self::new(repo, repo.pinned_node()).args([repo.path(script)])
    }

    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Ends it when it has not ended by itself after this time.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Runs it and returns what it said. When it fails, what it said is the error.
    pub fn run(mut self, log: &str) -> Result<String> {
        // A file rather than a pipe: a process left behind by the tool cannot keep us waiting.
        let folder = self.repo.path("target/xtask");
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let log = folder.join(format!("{log}.log"));
        let file = File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let twin = file.try_clone().context("a file handle cannot be duplicated")?;
        self.command.stdout(file).stderr(twin);
        let name = self.name();
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("`{name}` cannot be started: the program is not installed, or not on PATH")
            }
            Err(error) => return Err(error).with_context(|| format!("`{name}` cannot be started")),
        };
        let end = wait(&mut child, self.deadline).with_context(|| format!("`{name}` cannot be waited for"))?;
        let said = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
        match end {
            Some(status) if status.success() => Ok(said),
            Some(status) => bail!("`{name}` failed ({status}). It said:\n\n{}", said.trim_end()),
            None => bail!("`{name}` did not end, and was ended. It said:\n\n{}", said.trim_end()),
        }
    }

    /// Runs it with our own standard streams and returns its exit code.
    pub fn pass_through(mut self) -> Result<u8> {
        let status = self.command.stdin(Stdio::inherit()).status();
        let status = status.with_context(|| format!("`{}` cannot be started", self.name()))?;
        // A process ended by a signal has no code.
        Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    /// The command as a person would type it, without the folders of programs and scripts.
    fn name(&self) -> String {
        let mut words = vec![file_name(self.command.get_program())];
        for argument in self.command.get_args() {
            let in_repo = Path::new(argument).strip_prefix(self.repo.root());
            words.push(in_repo.map_or_else(|_| argument.to_string_lossy(), |path| path.to_string_lossy()).into_owned());
        }
        words.join(" ")
    }
}

/// Waits for the end of the process, or ends it at the deadline and returns `None`.
fn wait(child: &mut Child, deadline: Option<Duration>) -> io::Result<Option<ExitStatus>> {
    let Some(deadline) = deadline else {
        return child.wait().map(Some);
    };
    let start = Instant::now();
    while start.elapsed() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn file_name(program: &OsStr) -> String {
    Path::new(program).file_stem().unwrap_or(program).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Cargo stands in for any program: it is there, and knows how to succeed, to fail and to take its time.
    fn cargo(argument: &str) -> Result<String> {
        let repo = Repo::find()?;
        Tool::cargo(&repo).args([argument]).deadline(Duration::from_secs(60)).run(&format!("test{argument}"))
    }

    #[test]
    fn what_a_tool_said_is_returned_or_is_the_error() {
        assert!(cargo("--version").unwrap().starts_with("cargo "));
        let error = cargo("--nonsense").unwrap_err().to_string();
        assert!(error.starts_with("`cargo --nonsense` failed") && error.contains("unexpected argument"), "{error}");
    }

    #[test]
    fn a_missing_tool_is_named() {
        let repo = Repo::find().unwrap();
        let error = Tool::new(&repo, "paysign-no-such-tool").run("test-missing").unwrap_err().to_string();
        assert!(error.contains("`paysign-no-such-tool`") && error.contains("not installed"), "{error}");
    }

    #[test]
    fn a_tool_that_does_not_end_is_ended() {
        let repo = Repo::find().unwrap();
        let tool = Tool::cargo(&repo).args(["--list"]).deadline(Duration::ZERO);
        let error = tool.run("test-deadline").unwrap_err().to_string();
        assert!(error.contains("did not end"), "{error}");
    }
}
