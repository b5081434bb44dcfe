//! Files of the working tree: found by name, read without following a link, never from outside the folder.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path};
use std::sync::Arc;

use glob::{MatchOptions, Pattern};
use walkdir::WalkDir;

use crate::error::Fault;
use crate::text::{SourceText, Span};

/// Bytes that one file may have.
pub const MAX_BYTES: u64 = 1 << 20;
/// Bytes that a register may have: an export of a year's tickets, not something that people write by hand.
pub const MAX_REGISTER_BYTES: u64 = 256 << 20;
/// Files that one folder may hold; a folder beyond it is none that people keep controls in.
const MAX_FILES: usize = 10_000;
/// Files and folders that are looked at to find some by a glob.
const MAX_SEEN: usize = 1_000_000;

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: false, require_literal_leading_dot: true };

/// Every file below `folder` (itself below `root`) whose name matches one of the globs, in order of its path, read as
/// text; what cannot be read is a fault at its place. A folder that does not exist holds no file.
#[must_use]
pub fn read_all(root: &Path, folder: &str, globs: &[&str]) -> Vec<Result<Arc<SourceText>, Fault>> {
    let patterns: Vec<Pattern> = globs.iter().filter_map(|glob| Pattern::new(glob).ok()).collect();
    let wanted = |name: &str| patterns.iter().any(|pattern| pattern.matches_with(name, OPTIONS));
    let start = root.join(folder);
    if !start.is_dir() || std::fs::symlink_metadata(&start).is_ok_and(|data| data.is_symlink()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(start).follow_links(false).sort_by_file_name().into_iter().take(MAX_FILES) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() || !wanted(&entry.file_name().to_string_lossy()) => {}
            Ok(entry) => {
                let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
                found.push(read(root, path));
            }
            Err(error) => {
                let path = error.path().unwrap_or(root).display().to_string();
                found.push(Err(unreadable(&path, "this folder cannot be read", error.to_string())));
            }
        }
    }
    found
}

/// Reads one file below `root` as text.
///
/// # Errors
/// The file is missing, a link, not a plain file, too large, or not UTF-8.
pub fn read(root: &Path, path: &Path) -> Result<Arc<SourceText>, Fault> {
    read_within(root, path, MAX_BYTES)
}

/// Reads a register below `root` as text: as [`read`], but up to [`MAX_REGISTER_BYTES`], and without following a link
/// to any of the folders that lead to it.
///
/// # Errors
/// As [`read`]; also where the path leads out of `root`.
pub fn read_register(root: &Path, path: &Path) -> Result<Arc<SourceText>, Fault> {
    let name = path.to_string_lossy().replace('\\', "/");
    stays_below(root, path).map_err(|(label, help)| unreadable(&name, label, help))?;
    read_within(root, path, MAX_REGISTER_BYTES)
}

fn read_within(root: &Path, path: &Path, limit: u64) -> Result<Arc<SourceText>, Fault> {
    let name = path.to_string_lossy().replace('\\', "/");
    let whole = root.join(path);
    let data = std::fs::symlink_metadata(&whole)
        .map_err(|error| unreadable(&name, "this file cannot be read", error.to_string()))?;
    if data.is_symlink() {
        return Err(unreadable(&name, "this is a link, and links are not followed", "put the file itself here".into()));
    }
    if !data.is_file() {
        return Err(unreadable(&name, "this is no plain file", "a device or a pipe is not opened".into()));
    }
    if data.len() > limit {
        return Err(too_large(&name, data.len(), limit));
    }
    let bytes = open(&whole).and_then(|file| {
        let mut bytes = Vec::with_capacity(data.len() as usize);
        file.take(limit + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = bytes.map_err(|error| unreadable(&name, "this file cannot be read", error.to_string()))?;
    // It may have grown since its size was asked.
    if bytes.len() as u64 > limit {
        return Err(too_large(&name, bytes.len() as u64, limit));
    }
    String::from_utf8(bytes).map(|text| SourceText::new(name.clone(), text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = SourceText::from_bytes(name, error.as_bytes());
        Fault {
            rule: "documents/unreadable-file",
            message: "the file is not UTF-8".to_owned(),
            label: "this byte begins no UTF-8 character".to_owned(),
            help: Some("save the file as UTF-8".to_owned()),
            source,
            span: Span::new(at, at + 1),
        }
    })
}

/// Reads one file that a person named: as [`read`], but a path that leads out of `root`, by itself or through a link to
/// a folder, is refused.
///
/// # Errors
/// As [`read`]; also where the path leads out of `root`.
pub fn read_inside(root: &Path, path: &Path) -> Result<Arc<SourceText>, Fault> {
    let name = path.to_string_lossy().replace('\\', "/");
    stays_below(root, path).map_err(|(label, help)| unreadable(&name, label, help))?;
    read(root, path)
}

/// Whether a path leads to something below `root` without a link on its way; what to say if not.
fn stays_below(root: &Path, path: &Path) -> Result<(), (&'static str, String)> {
    let outside = |part: Component<'_>| !matches!(part, Component::Normal(_) | Component::CurDir);
    if path.components().any(outside) {
        return Err(("this leads out of the repository", "name a file inside".to_owned()));
    }
    let mut folder = root.to_path_buf();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        if folder.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
            return Err(("a link leads to this file", "put the folder itself where the link is".to_owned()));
        }
    }
    Ok(())
}

/// Whether a path, as Git or a person writes it, matches a glob. `**` spans folders; a glob without a slash matches
/// the file's name in any folder.
#[must_use]
pub fn matches(glob: &Pattern, path: &str) -> bool {
    let options = MatchOptions { require_literal_separator: true, require_literal_leading_dot: false, ..OPTIONS };
    let name = if glob.as_str().contains('/') { path } else { path.rsplit('/').next().unwrap_or(path) };
    glob.matches_with(name, options)
}

fn open(path: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new().read(true).open(path)?;
    // It may have been exchanged since it was looked at; what is open now is what counts.
    if file.metadata()?.is_file() { Ok(file) } else { Err(ErrorKind::InvalidInput.into()) }
}

fn too_large(name: &str, bytes: u64, limit: u64) -> Fault {
    let help = format!("it has {bytes} bytes; at most {limit} are read");
    Fault { rule: "documents/too-large", ..unreadable(name, "this file is too large", help) }
}

fn unreadable(name: &str, label: &str, help: String) -> Fault {
    Fault {
        rule: "documents/unreadable-file",
        message: format!("{name} cannot be read"),
        label: label.to_owned(),
        help: Some(help),
        source: SourceText::new(name, ""),
        span: Span::default(),
    }
}
