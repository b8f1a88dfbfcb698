//! `demo`: the package at work, offline.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::Tool;
use crate::repo::Repo;
use crate::ui::Ui;
use crate::{build, setup};

/// Which story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// An alarm and a delivery.
    Legacy,
    /// The same, and the double keeps running.
    Served,
    /// Shipping notices, pushes and APIv3.
    Today,
}

impl Story {
    pub const ALL: [Self; 2] = [Self::Legacy, Self::Today];

    pub fn script(self) -> &'static str {
        match self {
            Self::Legacy | Self::Served => "examples/demo/story.mjs",
            Self::Today => "examples/demo/today.mjs",
        }
    }
}

pub fn run(repo: &Repo, ui: &Ui, story: Story) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    let serve = (story == Story::Served).then_some("--serve");
    let code = Tool::script(repo, story.script()).args(serve).pass_through()?;
    Ok(ExitCode::from(code))
}
