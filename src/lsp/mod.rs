//! A language server over standard input and output: what `check` finds, in the documents as they stand in an editor.
//!
//! One thread reads, so that the other knows when a person stops typing; everything else happens in the order in which
//! it is asked. Documents are read again after every change, what happened only after one has been saved.

mod asked;
mod completion;
mod diagnostics;
mod explanations;
mod links;
mod places;
mod server;
mod wire;

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Error, Exit, Kind, Result};
use server::Server;
use wire::Incoming;

/// How long nothing must have been typed before the documents are read again.
const QUIET: Duration = Duration::from_millis(200);
/// Messages that may wait; a client that sends more has to wait itself.
const WAITING: usize = 64;

/// What a session is asked for, as the command line says it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder to work in; the one that the client names if left out.
    pub directory: Option<PathBuf>,
    /// A configuration named by the user.
    pub config: Option<PathBuf>,
    /// As-of, as the user wrote it.
    pub as_of: Option<String>,
    /// Period, as the user wrote it.
    pub period: Option<String>,
    /// The wall clock, which is asked for every check.
    pub now: fn() -> Timestamp,
}

/// Serves one client until it says `exit` or goes away. The exit status is that of the protocol: 0 after a `shutdown`,
/// and 1 without one, whatever was found.
///
/// # Errors
/// What the client sends is no message, and no next one can be found behind it.
pub fn serve(options: &Options, input: impl BufRead + Send + 'static, out: &mut dyn Write) -> Result<Exit> {
    let (send, incoming) = sync_channel(WAITING);
    let mut input = input;
    // It ends with the input, or with the process.
    thread::spawn(move || {
        while let Some(next) = wire::read(&mut input) {
            let last = matches!(next, Incoming::Broken(_));
            if send.send(next).is_err() || last {
                return;
            }
        }
    });
    let mut server = Server::new(options, out);
    // Whoever does not read the answers has gone away as well.
    listen(&mut server, &incoming).unwrap_or(Ok(Exit::Exceptions))
}

fn listen(server: &mut Server<'_>, incoming: &Receiver<Incoming>) -> std::io::Result<Result<Exit>> {
    loop {
        let next = if server.is_due() {
            incoming.recv_timeout(QUIET)
        } else {
            incoming.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(Incoming::Message(message)) => {
                if let Some(exit) = server.take(message)? {
                    return Ok(Ok(exit));
                }
            }
            Ok(Incoming::Malformed(why)) => server.malformed(&why)?,
            Ok(Incoming::Broken(why)) => {
                let hint = "let an editor start it; it speaks the Language Server Protocol";
                return Ok(Err(Error::new(Kind::Source, why).hint(hint)));
            }
            Err(RecvTimeoutError::Timeout) => server.refresh()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(Ok(Exit::Exceptions)),
        }
    }
}
