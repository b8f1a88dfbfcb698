//! `demo`: the package at work, offline.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::Tool;
use crate::repo::Repo;
use crate::ui::Ui;
use crate::{build, setup};

pub const STORY: &str = "examples/demo/story.mjs";

pub fn run(repo: &Repo, ui: &Ui, serve: bool) -> Result<ExitCode> {
    setup::run(repo, ui)?;
    build::run(repo, ui)?;
    let code = Tool::script(repo, STORY).args(serve.then_some("--serve")).pass_through()?;
    Ok(ExitCode::from(code))
}
