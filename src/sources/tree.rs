//! Files of the working tree: found by name, read without following a link, never from outside the folder.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub use glob::Pattern as Glob;
use glob::{MatchOptions, Pattern};
use walkdir::WalkDir;

use super::buffers;
use crate::error::Fault;
use crate::text::{SourceText, Span};

/// Bytes that one file may have.
pub const MAX_BYTES: u64 = 1 << 20;
/// Bytes that a register may have: an export of a year's tickets, not something that people write by hand.
pub const MAX_REGISTER_BYTES: u64 = 256 << 20;
/// Bytes that a document of this program may have which it reads again: the report of a large organisation has a few.
pub const MAX_DOCUMENT_BYTES: u64 = 64 << 20;
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
    read_named(root, path, MAX_REGISTER_BYTES)
}

/// Reads one file that a person named: as [`read`], but a path that leads out of `root`, by itself or through a link to
/// a folder, is refused.
///
/// # Errors
/// As [`read`]; also where the path leads out of `root`.
pub fn read_inside(root: &Path, path: &Path) -> Result<Arc<SourceText>, Fault> {
    read_named(root, path, MAX_BYTES)
}

/// Reads a document of this program that a person named, wherever it lies: as [`read`], but up to
/// [`MAX_DOCUMENT_BYTES`].
///
/// # Errors
/// As [`read`].
pub fn read_document(path: &Path) -> Result<Arc<SourceText>, Fault> {
    read_within(Path::new(""), path, MAX_DOCUMENT_BYTES)
}

fn read_named(root: &Path, path: &Path, limit: u64) -> Result<Arc<SourceText>, Fault> {
    let name = path.to_string_lossy().replace('\\', "/");
    stays_below(root, path).map_err(|(label, help)| unreadable(&name, label, help))?;
    read_within(root, path, limit)
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
    let held = buffers::text(&whole).map(String::into_bytes);
    let bytes = held.map_or_else(|| bytes(&whole, data.len(), limit), Ok);
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
            other: None,
        }
    })
}

/// The bytes of a file, which had so many when it was looked at, and one more than the limit at most.
fn bytes(path: &Path, size: u64, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size as usize);
    open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// That a path names something below `root`, and that none of the folders on the way is a link; otherwise what is
/// wrong with it, and what to do.
fn stays_below(root: &Path, path: &Path) -> Result<(), (&'static str, String)> {
    if !is_below(path) {
        return Err(("this path leads out of the repository", "name a file below the folder of the repository".into()));
    }
    if leads_through_link(root, path) {
        return Err(("this path leads through a link, and links are not followed", "name the folder itself".into()));
    }
    Ok(())
}

/// What stands at a path.
pub(super) enum Place {
    /// A file, with so many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A link, or a path that leads through one.
    Link,
    /// A device or a pipe.
    Special,
    /// Nothing.
    Missing,
    /// Something that the system does not show.
    Unreadable,
    /// It lies outside `root`; whatever it is, nobody looks.
    Outside,
}

/// What stands at a path below `root`. No link is followed, and nothing is opened.
pub(super) fn place(root: &Path, path: &Path) -> Place {
    if !is_below(path) {
        return Place::Outside;
    }
    if leads_through_link(root, path) {
        return Place::Link;
    }
    match std::fs::symlink_metadata(root.join(path)) {
        Ok(data) if data.is_symlink() => Place::Link,
        Ok(data) if data.is_dir() => Place::Folder,
        Ok(data) if data.is_file() => Place::File(data.len()),
        Ok(_) => Place::Special,
        // Below a file there is nothing either, and a name that the system cannot have names nothing.
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied) => Place::Unreadable,
        Err(_) => Place::Missing,
    }
}

fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn leads_through_link(root: &Path, path: &Path) -> bool {
    let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    folders.into_iter().any(|folder| std::fs::symlink_metadata(root.join(folder)).is_ok_and(|data| data.is_symlink()))
}

/// Files that [`find`] found.
#[derive(Debug, Default)]
pub struct Found {
    /// Their paths below the root, sorted. A link that matches is among them, and reading it is a fault.
    pub files: Vec<PathBuf>,
    /// What could not be looked through: `documents/unreadable-file`, `documents/too-large`, and
    /// `documents/bad-value` for a glob that is none. The places are empty, in a text named after what it is about.
    pub faults: Vec<Fault>,
}

/// The files below `root` whose whole path matches a glob, such as `exports/**/*.csv`. A name that starts with a dot is
/// found only where the glob names the dot. Links are not followed, and `.git` is never entered.
#[must_use]
pub fn find(root: &Path, glob: &str) -> Found {
    let mut found = Found::default();
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let pattern = match Pattern::new(glob) {
        Ok(pattern) => pattern,
        Err(error) => {
            let fault = unreadable(glob, "this is no glob", error.msg.to_owned());
            found.faults.push(Fault { rule: "documents/bad-value", ..fault });
            return found;
        }
    };
    // Only what lies in the folders that the glob writes out can match, so the walk starts there.
    let written = &glob[..glob.find(['*', '?', '[']).unwrap_or(glob.len())];
    let start = written.rfind('/').map_or("", |slash| &written[..slash]);
    if let Err((label, help)) = stays_below(root, Path::new(glob)) {
        found.faults.push(unreadable(glob, label, help));
        return found;
    }
    let whole = root.join(start);
    if start.split('/').any(is_git) || !whole.is_dir() {
        return found;
    }
    look_through(root, &whole, &pattern, &mut found);
    found.files.sort();
    found
}

/// The files at and below a folder, itself below `root`, whose whole path is `wanted`, without entering the folders that
/// are `left_out` by name. As with [`find`], links are not followed, and `.git` is never entered.
#[must_use]
pub fn find_below(root: &Path, folder: &Path, wanted: impl Fn(&Path) -> bool, left_out: &[&str]) -> Found {
    let mut found = Found::default();
    let start = root.join(folder);
    let name = folder.to_string_lossy().replace('\\', "/");
    if let Err((label, help)) = stays_below(root, &folder.join("any")) {
        found.faults.push(unreadable(&name, label, help));
    } else if start.is_dir() {
        walk(root, &start, &name, &mut found, wanted, left_out);
        found.files.sort();
    }
    found
}

fn look_through(root: &Path, start: &Path, pattern: &Pattern, found: &mut Found) {
    let options = MatchOptions { require_literal_separator: true, ..OPTIONS };
    let wanted = |path: &Path| pattern.matches_with(&path.to_string_lossy().replace('\\', "/"), options);
    walk(root, start, pattern.as_str(), found, wanted, &[]);
}

/// Looks through a folder; `name` is what is asked for, as a fault tells it.
fn walk(root: &Path, start: &Path, name: &str, found: &mut Found, wanted: impl Fn(&Path) -> bool, left_out: &[&str]) {
    let walk = WalkDir::new(start).follow_links(false).sort_by_file_name().into_iter();
    let entered = walk.filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(is_git(&name) || (entry.file_type().is_dir() && left_out.contains(&&*name)))
    });
    for (seen, entry) in entered.enumerate() {
        if seen >= MAX_SEEN || found.files.len() + found.faults.len() >= MAX_FILES {
            let help = format!("at most {MAX_FILES} files are found among {MAX_SEEN}; name fewer of them");
            let fault = unreadable(name, "there are more files than are read", help);
            found.faults.push(Fault { rule: "documents/too-large", ..fault });
            return;
        }
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
                if wanted(path) {
                    found.files.push(path.to_owned());
                }
            }
            Err(error) => {
                let path = error.path().unwrap_or(root).display().to_string();
                found.faults.push(unreadable(&path, "this folder cannot be read", error.to_string()));
            }
        }
    }
}

/// Whether a name is that of Git's own folder, also where the file system takes no notice of case.
fn is_git(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git")
}

/// Whether a path, as Git or a person writes it, matches a glob. `**` spans folders; a glob without a slash matches
/// the file's name in any folder.
#[must_use]
pub fn matches(glob: &Pattern, path: &str) -> bool {
    let options = MatchOptions { require_literal_separator: true, require_literal_leading_dot: false, ..OPTIONS };
    let name = if glob.as_str().contains('/') { path } else { path.rsplit('/').next().unwrap_or(path) };
    glob.matches_with(name, options)
}

pub(super) fn open(path: &Path) -> std::io::Result<File> {
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
        other: None,
    }
}
