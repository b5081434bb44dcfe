//! What a package brings beside the program: completions for shells, and manual pages. Both come out of the description of
//! the command line, so that they cannot say anything else.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::examples;
use crate::error::{Error, Kind, Result};

/// What completes commands and options in a shell.
#[must_use]
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut examples::command(), "tickmark", &mut out);
    out
}

/// Writes a manual page for the program and for each command, and tells their names. A page of the same name is replaced.
///
/// # Errors
/// A page cannot be written, or is a link.
pub fn manual(folder: &Path) -> Result<String> {
    let failed = |path: &Path, error: &io::Error| {
        Error::new(Kind::Source, format!("{} cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut command = examples::command().disable_help_subcommand(true);
    command.build();
    let mut told = String::new();
    for (name, page) in pages(&command).map_err(|error| failed(folder, &error))? {
        let path = folder.join(&name);
        if path.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
            return Err(Error::new(Kind::Source, format!("{} is a link, and is not written to", path.display())));
        }
        fs::write(&path, page).map_err(|error| failed(&path, &error))?;
        let _ = writeln!(told, "{name}");
    }
    Ok(told)
}

/// The page of a command and of those below it, each under its file name.
fn pages(command: &Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut page = Vec::new();
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    Man::new(command.clone()).render(&mut page)?;
    let mut all = vec![(format!("{name}.1"), page)];
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        all.extend(pages(below)?);
    }
    Ok(all)
}
