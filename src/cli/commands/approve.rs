//! `tickmark approve`.

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::progress;
use crate::cli::{Format, Global};
use crate::engine::{self, Asked};
use crate::error::{Error, Exit, Kind, Result};

pub(super) fn approve(global: &Global, asked: &Asked<'_>) -> Result<Exit> {
    if global.format == Format::Json || global.as_of.is_some() || global.period.is_some() {
        return Err(Error::new(
            Kind::Usage,
            "approve says that you approve a change now: it knows no other day, and prints no JSON",
        )
        .hint("leave --format, --as-of and --period out"));
    }
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let approved = engine::approve(&request(global, engine::directory(global.directory.as_deref()), &count), asked);
    bar.finish_and_clear();
    let mut out = Output::open(global)?;
    out.write(approved?.lines().as_bytes())?;
    out.close()?;
    Ok(Exit::Clean)
}
