//! `tickmark respond`.

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::progress;
use crate::cli::{Format, Global, Respond};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::text::safe;

pub(super) fn respond(global: &Global, asked: &Respond) -> Result<Exit> {
    if global.format == Format::Json {
        return Err(Error::new(Kind::Usage, "respond writes a file, and prints no JSON").hint("leave --format out"));
    }
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let request = request(global, engine::directory(global.directory.as_deref()), &count);
    let begun = engine::begin_response(&request, &asked.fingerprint, asked.kind.into());
    bar.finish_and_clear();
    let begun = begun?;
    let mut out = Output::open(global)?;
    let text = format!(
        "{} is written\nfill in: {}\nuntil then it has no effect, which tickmark check tells\n",
        safe(&begun.path),
        begun.needed.join(", ")
    );
    out.write(text.as_bytes())?;
    out.close()?;
    Ok(Exit::Clean)
}
