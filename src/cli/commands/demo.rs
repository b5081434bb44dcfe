//! `tickmark demo`.

use std::io::{self, IsTerminal};
use std::path::Path;

use super::check::check_in;
use crate::cli::terminal::eprintln_note;
use crate::cli::{Global, Settling};
use crate::demo;
use crate::engine::Scope;
use crate::error::{Error, Exit, Kind, Result};

pub(super) fn demo(global: &Global, directory: Option<&Path>) -> Result<Exit> {
    let temporary = match directory {
        Some(_) => None,
        None => {
            let failed = |error: io::Error| Error::new(Kind::Source, format!("no temporary folder: {error}"));
            Some(tempfile::Builder::new().prefix("tickmark-demo-").tempdir().map_err(failed)?)
        }
    };
    let folder = match (&temporary, directory) {
        (Some(temporary), _) => temporary.path().join("acme-shop"),
        (None, Some(named)) => named.to_path_buf(),
        (None, None) => return Err(Error::new(Kind::Internal, "the demo has no folder")),
    };
    demo::write(&folder)?;
    if io::stderr().is_terminal() && temporary.is_none() {
        eprintln_note(&format!("the demo's repository is in {}", folder.display()));
    }
    let as_of = global.as_of.clone().or_else(|| Some(demo::AS_OF.to_owned()));
    check_in(&Global { as_of, ..global.clone() }, folder, Scope::Whole, &Settling::default())
}
