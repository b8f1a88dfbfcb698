//! `timing`: whether the time of a comparison tells how much of a signature is right; kept in bench/TIMING.md.

use std::env;
use std::fs;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::process::Tool;
use crate::repo::Repo;
use crate::stamp::write;
use crate::ui::{Done, Ui};
use crate::{build, setup};

const RESULT: &str = "bench/TIMING.md";

pub fn run(repo: &Repo, ui: &Ui) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    let mut native = String::new();
    ui.step("native", || {
        native = Tool::cargo(repo).args(["bench", "--quiet", "--locked", "--bench", "timing"]).run("timing")?;
        Ok(Done::silent())
    })?;
    let mut wasm = String::new();
    ui.step("node", || {
        wasm = Tool::script(repo, "bench/timing.mjs").run("timing-node")?;
        Ok(Done::silent())
    })?;
    println!("{native}\n{wasm}");
    let rustc = Tool::new(repo, "rustc").args(["--version"]).run("rustc-version")?;
    let node = Tool::new(repo, repo.pinned_node()).args(["--version"]).run("node-version")?;
    let place = format!(
        "{}, {} {}, {}, Node.js {}, paysign at {}",
        date()?,
        env::consts::ARCH,
        processor(),
        rustc.trim(),
        node.trim(),
        Tool::new(repo, "git").args(["rev-parse", "--short", "HEAD"]).run("commit")?.trim()
    );
    let text =
        format!("{BEFORE}\n{place}\n\n```text\n{}\n```\n{BETWEEN}\n```text\n{}\n```\n", native.trim(), wasm.trim());
    write(&repo.path(RESULT), text.as_bytes())?;
    println!("{RESULT} is written.");
    Ok(ExitCode::SUCCESS)
}

const BEFORE: &str = "# Does time tell how much of a signature is right?

Written by `cargo xtask timing`; what is measured and how stands in [timing.rs](timing.rs). Two classes of input are timed
in random order and compared by Welch's t-test: above 4.5, on any share of the measurements, is a leak. The last row is a
control that stops at the first difference, and must be found out.

Limits: this is one machine, one compiler and the native build. An engine may compile the WebAssembly as it likes, so for it
nothing of this is promised; nor does `subtle` promise it of every processor. That is why what is compared is not the two
signatures but a digest of each under the computed one: even a comparison that stops early would tell something about digests that
nobody without the key can compute (THREATS T12). How long the digits that were sent take to read depends on those digits, which
is no secret; the classes are alike in that.

## Native
";

const BETWEEN: &str = "
## The package in Node.js

For information, by [timing.mjs](timing.mjs). The second row times one and the same body in both classes: what the noise
of this method alone comes to.
";

/// The model, where the system says it.
pub fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| "processor".to_owned(), |(_, name)| name.trim().to_owned())
}

/// Today in UTC, as `2026-08-01`.
pub fn date() -> Result<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?.as_secs();
    Ok(civil(seconds / 86_400))
}

/// The date of a day since 1970, by counting years and months down.
fn civil(mut days: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_are_dates() {
        for (day, date) in
            [(0, "1970-01-01"), (58, "1970-02-28"), (789, "1972-02-29"), (11_016, "2000-02-29"), (20_453, "2025-12-31")]
        {
            assert_eq!(civil(day), date);
        }
    }
}
