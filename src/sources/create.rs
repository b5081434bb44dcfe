//! New files below a folder: never over a file that is there, never outside the folder, never through a link.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};

use crate::error::{Error, Kind, Result};

/// Whether something of this name lies below `root`: a file, a folder, or a link, wherever it leads.
#[must_use]
pub fn is_there(root: &Path, path: &str) -> bool {
    root.join(path).symlink_metadata().is_ok()
}

/// Makes sure that a file can be made below `root`, before any is.
///
/// # Errors
/// The path leads out of the folder, or one of the folders on the way is a link or no folder.
pub fn can_create(root: &Path, path: &str) -> Result<()> {
    let refused = |why: String| Error::new(Kind::Source, format!("{path} is not written: {why}"));
    if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(refused("the path leads out of the folder".to_owned()));
    }
    for folder in Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        let why = match root.join(folder).symlink_metadata() {
            Ok(found) if found.is_symlink() => "is a link, and links are not followed",
            Ok(found) if !found.is_dir() => "is there already, and is no folder",
            _ => continue,
        };
        return Err(refused(format!("{} {why}", folder.display()))
            .hint(format!("make {} a folder, or name another folder to write to", folder.display())));
    }
    Ok(())
}

/// Makes a file below `root` that appears only once it is complete, with the folders that lead to it.
///
/// # Errors
/// As [`can_create`]; or something of this name is there by now, or it cannot be written.
pub fn create_whole(root: &Path, path: &str, text: &str) -> Result<()> {
    can_create(root, path)?;
    let whole = root.join(path);
    let folder = whole.parent().unwrap_or(root);
    let failed = |error: std::io::Error| Error::new(Kind::Source, format!("{path} cannot be written: {error}"));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    // Who may read it, the umask says, as of every other file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".tickmark-").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(&whole).map(|_| ()).map_err(|error| failed(error.error))
}

/// Makes a file below `root`, with the folders that lead to it.
///
/// # Errors
/// As [`can_create`]; or something of this name is there by now, or it cannot be written.
pub fn create(root: &Path, path: &str, text: &str) -> Result<()> {
    can_create(root, path)?;
    let whole = root.join(path);
    let failed = |error: std::io::Error| {
        let error_of = |why: String| Error::new(Kind::Source, format!("{path} cannot be written: {why}"));
        match error.kind() {
            ErrorKind::AlreadyExists => error_of("something of this name is there by now".to_owned()),
            _ => error_of(error.to_string()).hint("name a folder in which you may write"),
        }
    };
    whole.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
    // What is new is never somebody else's file, nor what a link leads to.
    let mut file = OpenOptions::new().write(true).create_new(true).open(&whole).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(|error| {
        // Half a file would be left alone by the next run.
        let _ = std::fs::remove_file(&whole);
        failed(error)
    })
}
