//! What a person sees: one line per step, and a failure in the tool's own words.

use std::env;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr, stdout};
use std::time::{Duration, Instant};

use anyhow::{Error, Result};

/// How a step ended well.
pub enum Done {
    /// The work was done; the note stands beside the name.
    Worked(String),
    /// Nothing had changed since the last run.
    Unchanged,
}

impl Done {
    /// Work that needs no words.
    pub fn silent() -> Self {
        Self::Worked(String::new())
    }
}

/// Standard error, as far as progress is concerned.
pub struct Ui {
    colour: bool,
    live: bool,
    indent: usize,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

impl Ui {
    pub fn new() -> Self {
        let plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        let live = stderr().is_terminal();
        Self { colour: live && !plain, live: live && !plain, indent: 0 }
    }

    /// For the steps inside a step.
    pub fn nested(&self) -> Self {
        Self { indent: self.indent + 1, ..*self }
    }

    /// Runs a step and says how it went and how long it took.
    pub fn step(&self, name: &str, work: impl FnOnce() -> Result<Done>) -> Result<()> {
        self.pending(name);
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        match &outcome {
            Ok(Done::Worked(note)) => self.line(GREEN, "✓", name, note, Some(took)),
            Ok(Done::Unchanged) => self.line(DIM, "·", name, "unchanged", None),
            Err(_) => self.failed(name, took),
        }
        outcome.map(|_| ())
    }

    /// The line of a step whose parts have had lines of their own.
    pub fn passed(&self, name: &str, note: &str, took: Duration) {
        self.line(GREEN, "✓", name, note, Some(took));
    }

    pub fn failed(&self, name: &str, took: Duration) {
        self.line(RED, "✗", name, "", Some(took));
    }

    pub fn error(&self, error: &Error) {
        let label = self.paint(RED, "error:");
        eprintln!("\n{label} {error}");
        for cause in error.chain().skip(1) {
            eprintln!("  because {cause}");
        }
    }

    /// Sets `words in backticks` in bold, or leaves them bare, on standard output.
    pub fn help(&self, text: &str) -> String {
        let colour = self.colour && stdout().is_terminal();
        let mut bold = false;
        let mut out = String::new();
        for part in text.split('`') {
            match (bold, colour) {
                (true, true) => {
                    let _ = write!(out, "\u{1b}[{BOLD}m{part}\u{1b}[0m");
                }
                _ => out.push_str(part),
            }
            bold = !bold;
        }
        out
    }

    fn pending(&self, name: &str) {
        if self.live {
            eprint!("{:1$}… {name}", "", self.margin());
            let _ = stderr().flush();
        }
    }

    fn line(&self, style: &str, mark: &str, name: &str, note: &str, took: Option<Duration>) {
        if self.live {
            eprint!("\r\u{1b}[2K");
        }
        let mark = self.paint(style, mark);
        let time = took.map(seconds).unwrap_or_default();
        let margin = self.margin();
        let width = 14 - self.indent * 2;
        let row = format!("{:margin$}{mark} {name:<width$} {note:<48}{time:>8}", "");
        eprintln!("{}", row.trim_end());
    }

    fn margin(&self) -> usize {
        2 + self.indent * 2
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// `1.2 s`, `75.0 s`.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_loses_its_backticks_when_there_is_no_colour() {
        let ui = Ui { colour: false, live: false, indent: 0 };
        assert_eq!(ui.help("`setup` installs"), "setup installs");
    }

    #[test]
    fn times_are_in_seconds() {
        assert_eq!(seconds(Duration::from_millis(75_040)), "75.0 s");
    }
}
