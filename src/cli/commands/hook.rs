//! `tickmark hook`.

use std::io;

use super::check::check;
use super::request;
use crate::cli::hook::{self, Hook, PreCommit};
use crate::cli::terminal::{eprintln_note, style};
use crate::cli::{Format, Global, Settling};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::reports::people;

pub(super) fn hook(global: &Global, asked: &Hook) -> Result<Exit> {
    if global.format == Format::Json || global.output.is_some() || global.period.is_some() {
        return Err(Error::new(Kind::Usage, "a hook prints for people, and looks at what is committed or pushed")
            .hint("leave --format, --output and --period out, or write: tickmark check A..B"));
    }
    let told = PreCommit::read(|name| std::env::var(name).ok());
    let (remote, input) = match asked {
        Hook::PreCommit => return check(global, hook::committed(&told, hook::index()), &Settling::default()),
        Hook::CommitMsg { file } => {
            let request = request(global, engine::directory(global.directory.as_deref()), &|_| ());
            let (ledger, faults) = engine::message(&request, file)?;
            if faults > 0 {
                // Whoever wrote the message need not be the one to mend them, so that this stops nobody.
                eprintln_note(&format!(
                    "what controls with a fault ask of messages is not known ({faults}): tickmark check"
                ));
            }
            eprintln_note(&people::ledger(&ledger, style(global)));
            return Ok(ledger.exit());
        }
        Hook::PrePush { remote, .. } => (remote.as_deref(), io::read_to_string(io::stdin())),
    };
    let unread = |error: io::Error| Error::new(Kind::Source, format!("standard input cannot be read: {error}"));
    let pushed = hook::pushed(&input.map_err(unread)?, remote, &told)?;
    let mut worst = Exit::Clean;
    for scope in pushed.scopes {
        let exit = check(global, scope, &Settling::default())?;
        worst = hook::graver(worst, exit);
    }
    pushed.notes.iter().for_each(|note| eprintln_note(note));
    Ok(worst)
}
