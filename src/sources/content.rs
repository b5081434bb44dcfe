//! What a file that a record names holds: whether it is there, its size, its SHA-256, and the number of its records.

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::records::{self, Format, Layout};
use super::tree::{self, Place};
use crate::text::SourceText;

/// Bytes that a file may have to be read; the program reads no larger register either.
pub const MAX_BYTES: u64 = tree::MAX_REGISTER_BYTES;
/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;
/// Bytes that the pointer to a file in Git LFS may have; by its specification it has fewer.
const MAX_POINTER: usize = 1024;
/// How the pointer to a file in Git LFS begins.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A file with something in it.
    There,
    /// A file with nothing in it.
    Empty,
    /// A file that only says where Git LFS keeps what should be in it.
    Pointer,
    /// Nothing.
    Missing,
    /// A folder.
    Folder,
    /// A link, or a path that leads through one; links are not followed.
    Link,
    /// A device or a pipe, which is not opened.
    Special,
    /// Whatever it is, it lies outside the repository, and is not looked at.
    Outside,
    /// A file with more than [`MAX_BYTES`], or one after others that are large together.
    TooLarge,
    /// A file that the system does not let the program read.
    Unreadable,
}

impl State {
    /// Every state with the word for it.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::There, "there"),
        (Self::Empty, "empty"),
        (Self::Pointer, "pointer"),
        (Self::Missing, "missing"),
        (Self::Folder, "folder"),
        (Self::Link, "link"),
        (Self::Special, "special"),
        (Self::Outside, "outside"),
        (Self::TooLarge, "too_large"),
        (Self::Unreadable, "unreadable"),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("unreadable", |(_, word)| word)
    }
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What stands there.
    pub state: State,
    /// Its size in bytes, if it is a file.
    pub bytes: Option<u64>,
    /// The SHA-256 of its content in small hexadecimal digits, if it was read.
    pub sha256: Option<String>,
    /// Number of its records, if its name says that it holds some and all of it could be read as such.
    pub rows: Option<usize>,
}

impl Content {
    /// Of something that is not read.
    #[must_use]
    pub const fn of(state: State, bytes: Option<u64>) -> Self {
        Self { state, bytes, sha256: None, rows: None }
    }
}

/// The SHA-256 of some bytes in small hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::digest(bytes).as_slice())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands at a path below `root`, without a look into it.
#[must_use]
pub fn look(root: &Path, path: &Path) -> Content {
    match tree::place(root, path) {
        Place::Outside => Content::of(State::Outside, None),
        Place::Link => Content::of(State::Link, None),
        Place::Missing => Content::of(State::Missing, None),
        Place::Unreadable => Content::of(State::Unreadable, None),
        Place::Folder => Content::of(State::Folder, None),
        Place::Special => Content::of(State::Special, None),
        Place::File(0) => Content::of(State::Empty, Some(0)),
        Place::File(bytes) if bytes > MAX_BYTES => Content::of(State::TooLarge, Some(bytes)),
        Place::File(bytes) => Content::of(State::There, Some(bytes)),
    }
}

/// Reads a file below `root` once, from its first byte to its last.
#[must_use]
pub fn read(root: &Path, path: &Path) -> Content {
    let seen = look(root, path);
    if seen.state != State::There {
        return seen;
    }
    let format = Format::of(path);
    let Some(taken) = tree::open(&root.join(path)).ok().and_then(|file| take(file, format.is_some()).ok()) else {
        return Content::of(State::Unreadable, seen.bytes);
    };
    let state = match taken.bytes {
        // It may have been exchanged since it was looked at; what was read is what counts.
        0 => State::Empty,
        bytes if bytes > MAX_BYTES => return Content::of(State::TooLarge, Some(bytes)),
        bytes if bytes < MAX_POINTER as u64 && taken.begins.starts_with(POINTER) => State::Pointer,
        _ => State::There,
    };
    let rows = format.filter(|_| state == State::There).and_then(|format| rows(path, format, taken.text));
    Content { state, bytes: Some(taken.bytes), sha256: Some(taken.sha256), rows }
}

/// What was taken of a file.
struct Taken {
    bytes: u64,
    sha256: String,
    begins: Vec<u8>,
    /// All of it, where that was asked for.
    text: Vec<u8>,
}

fn take(mut file: impl Read, whole: bool) -> std::io::Result<Taken> {
    let (mut hash, mut bytes, mut begins, mut text) = (Sha256::new(), 0u64, Vec::new(), Vec::new());
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 || bytes > MAX_BYTES {
            break;
        }
        hash.update(&chunk[..read]);
        bytes += read as u64;
        let wanted = MAX_POINTER.saturating_sub(begins.len()).min(read);
        begins.extend_from_slice(&chunk[..wanted]);
        if whole {
            text.extend_from_slice(&chunk[..read]);
        }
    }
    let sha256 = hexadecimal(hash.finalize().as_slice());
    Ok(Taken { bytes, sha256, begins, text })
}

/// The records of a file that is read without any mapping; nothing where a part of it cannot be read.
fn rows(path: &Path, format: Format, text: Vec<u8>) -> Option<usize> {
    let source = SourceText::new(path.to_string_lossy(), String::from_utf8(text).ok()?);
    let layout = Layout { pick: None, ..Layout::default() };
    let mut rows = 0;
    let read = records::read(&source, format, &layout, &mut |_| rows += 1);
    read.faults.is_empty().then_some(rows)
}
