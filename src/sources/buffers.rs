//! Texts that an editor holds and has not saved yet: they stand in for the files on the disk, which they change next.
//!
//! There is one set of them in a process, because a language server serves one editor, and whoever reads a file below a
//! folder shall not have to know that there is an editor. No other command ever holds one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

static HELD: RwLock<BTreeMap<PathBuf, String>> = RwLock::new(BTreeMap::new());

/// Lets a text stand in for a file, until [`release`]. The path is taken as [`place`] tells it; what is not on the disk
/// is found by nobody, so that a file begins to count once it has been saved.
pub fn hold(path: PathBuf, text: String) {
    HELD.write().unwrap_or_else(PoisonError::into_inner).insert(path, text);
}

/// The file on the disk counts again.
pub fn release(path: &Path) {
    HELD.write().unwrap_or_else(PoisonError::into_inner).remove(path);
}

/// The path under which a file is held: without links and dots where it is there, otherwise as it is given.
#[must_use]
pub fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The text that stands in for a file.
pub(super) fn text(path: &Path) -> Option<String> {
    let held = HELD.read().unwrap_or_else(PoisonError::into_inner);
    if held.is_empty() { None } else { held.get(&place(path)).cloned() }
}
