//! Documents of runs, which lie in files, joined into one report. No repository is needed for it, and no file is opened
//! but those that were named.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::{Error, Fault, Kind, Result};
use crate::policies::pack::Pack;
use crate::reports::period::merged::reading::{self, Refused, Told};
use crate::reports::period::merged::{Joined, join};
use crate::sources::tree;

/// Files that may be named.
const MOST_FILES: usize = 10_000;
/// Bytes that all of them may have together.
const MOST_BYTES: u64 = 1 << 30;
/// Files that are in memory as text at once.
const AT_ONCE: usize = 16;

/// Joins the documents in some files, which are named from a folder.
///
/// # Errors
/// More files are named than are read, or the tests that are built in cannot be read.
pub fn merge(folder: &Path, files: &[PathBuf]) -> Result<Joined> {
    if files.len() > MOST_FILES {
        let what = format!("{} files are named, and no more than {MOST_FILES} are joined", files.len());
        return Err(Error::new(Kind::Usage, what).hint("join some of them first: a merged report can be joined again"));
    }
    let pack = Pack::builtin()?;
    let mut files: Vec<(String, PathBuf)> =
        files.iter().map(|file| (file.to_string_lossy().into_owned(), folder.join(file))).collect();
    files.sort();
    let (mut told, mut refused): (Vec<Told>, Vec<Refused>) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for some in files.chunks(AT_ONCE) {
        let mut texts = Vec::new();
        for (name, path) in some {
            match tree::read_document(path) {
                Ok(text) if bytes + text.text().len() as u64 <= MOST_BYTES => {
                    bytes += text.text().len() as u64;
                    texts.push((name, text));
                }
                Ok(_) => refused.push(too_much(name)),
                Err(fault) => refused.push(unread(name, &fault)),
            }
        }
        let read: Vec<_> = texts.par_iter().map(|(name, text)| reading::read(name, text.text(), &pack)).collect();
        for one in read {
            match one {
                Ok(one) => told.push(one),
                Err(one) => refused.push(one),
            }
        }
    }
    Ok(join(told, refused))
}

fn unread(file: &str, fault: &Fault) -> Refused {
    let help = "name files that `tickmark report --format json --output FILE` wrote";
    let more = fault.help.as_ref().map_or_else(String::new, |more| format!(" ({more})"));
    let place = (fault.span.start > 0).then(|| {
        let position = fault.source.position(fault.span.start);
        format!("line {}, column {}", position.line, position.column)
    });
    Refused::unread(file, place, format!("{}{more}", fault.label), help)
}

fn too_much(file: &str) -> Refused {
    let what = format!("the files before it have {} MiB together, and no more is read", MOST_BYTES >> 20);
    Refused::unread(file, None, what, "join some of them first: a merged report can be joined again")
}
