//! The commands: each runs the engine, prints what it has to say, and ends with an exit status.

mod approve;
mod check;
mod demo;
mod due;
mod explain;
mod hook;
mod import;
mod init;
mod list;
mod lsp;
mod report;
mod respond;
mod sample;
mod schema;
mod test;
mod trail;

use std::path::PathBuf;

use jiff::Timestamp;

use super::hook::index;
use super::output::Output;
use super::terminal::progress;
use super::{Cli, Command, Global, shipped};
use crate::engine::{self, Request, Scope};
use crate::error::{Error, Exit, Kind, Result};

/// Runs the command; the exit status that it ends with.
///
/// # Errors
/// It could not do what it is for.
pub fn run(cli: &Cli) -> Result<Exit> {
    if !cli.command.prints(cli.global.format) {
        let does = if cli.global.format.is_of_a_report() { "report" } else { "check" };
        return Err(Error::new(Kind::Usage, format!("this command does not print that format: {does} does"))
            .hint("print text or JSON: --format text, --format json"));
    }
    match &cli.command {
        Command::Check(asked) => check::check(&cli.global, asked.scope(index())?, &asked.settling),
        Command::Hook(asked) => hook::hook(&cli.global, asked),
        Command::Test { paths } => test::test(&cli.global, paths),
        Command::Trail { revision, all } => trail::trail(&cli.global, revision.as_deref(), *all),
        Command::Import { forge, files } => import::import(&cli.global, (*forge).into(), files),
        Command::Approve(approve) => approve::approve(&cli.global, &approve.asked()),
        Command::Respond(asked) => respond::respond(&cli.global, asked),
        Command::Due { within, ics, owner } => due::due(&cli.global, within.as_deref(), *ics, owner),
        Command::Report { earlier, merge } if merge.is_empty() => report::report(&cli.global, *earlier),
        Command::Report { merge, .. } => report::merge(&cli.global, merge),
        Command::Sample(asked) => sample::sample(&cli.global, asked),
        Command::Explain { rule } => explain::explain(&cli.global, rule.as_deref()),
        Command::List(asked) => list::list(&cli.global, asked),
        Command::Lsp => lsp::lsp(&cli.global),
        Command::Schema { name } => schema::schema(&cli.global, name.as_deref()),
        Command::Init { folder, dry_run } => init::init(&cli.global, folder.as_deref(), *dry_run),
        Command::Demo { directory } => demo::demo(&cli.global, directory.as_deref()),
        Command::Completions { shell } => print(&cli.global, &shipped::completions(*shell)),
        Command::Man { folder } => print(&cli.global, shipped::manual(folder)?.as_bytes()),
    }
}

/// Prints what is all of a command's report.
fn print(global: &Global, bytes: &[u8]) -> Result<Exit> {
    let mut out = Output::open(global)?;
    out.write(bytes)?;
    out.close()?;
    Ok(Exit::Clean)
}

/// Asks the engine in the folder that the user named, with a bar that shows how far it is.
fn asked<T>(global: &Global, ask: impl FnOnce(&Request<'_>) -> Result<T>) -> Result<T> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let answer = ask(&request(global, engine::directory(global.directory.as_deref()), &count));
    bar.finish_and_clear();
    answer
}

/// What the engine is asked for by the options.
fn request<'a>(global: &Global, directory: PathBuf, progress: &'a (dyn Fn(usize) + Sync)) -> Request<'a> {
    Request {
        directory,
        config: global.config.clone(),
        as_of: global.as_of.clone(),
        period: global.period.clone(),
        scope: Scope::Whole,
        now: Timestamp::now(),
        progress,
    }
}
