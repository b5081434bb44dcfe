//! Which files have something to do with those that change, so that a hook before a commit does not have to read all of a
//! large repository.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::tree::{Glob, matches};
use super::yaml;
use crate::text::SourceText;

/// With more files than this that change, everything is read.
const MOST: usize = 200;
/// Names of pages that stand for their folder.
const OF_FOLDERS: [&str; 3] = ["readme", "index", "_index"];

/// What is asked for.
pub struct Wanted<'a> {
    /// Names of the configuration.
    pub configuration: &'a [&'a str],
    /// Whether a file is one of the many documents that are taken only if they have to do with what changes.
    pub is_document: fn(&str) -> bool,
    /// Documents of which one is taken at least, where there are any.
    pub one_of: fn(&str) -> bool,
    /// Whether a file is taken in any case.
    pub is_needed: fn(&str) -> bool,
    /// Whether nothing else can be left out once such a file changes.
    pub changes_all: fn(&str) -> bool,
}

/// A file as the index has it.
pub(super) struct Entry<'a> {
    /// Its path, with `/` between its parts.
    pub(super) path: &'a str,
    /// The file of the working tree and its length, if it is known to hold the same.
    pub(super) same: Option<(PathBuf, usize)>,
}

/// When a file was last written and how long it is, as the index remembers it of the working tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    /// Seconds and nanoseconds since 1970.
    pub(super) written: (i32, u32),
    /// Bytes.
    pub(super) size: u32,
}

impl Stamp {
    /// Whether a file still has it. A file that was written when the index was, or after it, may have changed since.
    pub(super) fn holds(self, path: &Path, index: (u64, u32)) -> bool {
        let Ok(data) = path.symlink_metadata() else { return false };
        let Some(at) = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()) else { return false };
        let written = (u64::try_from(self.written.0).unwrap_or(u64::MAX), self.written.1);
        data.is_file()
            && data.len() == u64::from(self.size)
            && (at.as_secs(), at.subsec_nanos()) == written
            && written < index
    }
}

/// Positions of the files that have to do with those that changed: these themselves, what they name, what names them or
/// something that they define, and what is needed in any case. `None` where everything has. `text` reads a file.
pub(super) fn related(
    entries: &[Entry<'_>],
    changed: &[String],
    wanted: &Wanted<'_>,
    text: &dyn Fn(usize) -> Option<String>,
) -> Option<Vec<usize>> {
    let is_configuration = |path: &str| wanted.configuration.contains(&path);
    let all = |path: &String| is_configuration(path) || (wanted.changes_all)(path);
    if changed.len() > MOST || changed.iter().any(all) || !entries.iter().any(|entry| is_configuration(entry.path)) {
        return None;
    }
    let changed: FxHashSet<&str> = changed.iter().map(String::as_str).collect();
    let mut named = Named::default();
    let mut names = Vec::new();
    let mut taken: Vec<bool> = vec![false; entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        let (is_new, is_needed) = (changed.contains(entry.path), (wanted.is_needed)(entry.path));
        let is_configuration = is_configuration(entry.path);
        taken[at] = is_new || is_needed || is_configuration;
        if is_new || is_configuration {
            let text = text(at)?;
            named.words_of(&text);
            if is_configuration {
                named.globs_of(&text);
            } else {
                names.extend(defined(entry.path, &text));
            }
        }
    }
    if let Some(one) = entries.iter().position(|entry| (wanted.one_of)(entry.path)) {
        taken[one] = true;
    }
    let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&names).ok()?;
    let says = |text: &str| finder.is_match(text);
    let others: Vec<usize> = (0..entries.len()).filter(|at| !taken[*at]).collect();
    let rest = others.par_iter().map(|at| {
        let entry = &entries[*at];
        if named.has(entry.path, wanted.is_document) {
            return (*at, Some(true));
        }
        if !(wanted.is_document)(entry.path) {
            return (*at, Some(false));
        }
        let read = entry.same.as_ref().and_then(|(path, size)| read(path, *size).ok());
        (*at, read.map(|bytes| says(&String::from_utf8_lossy(&bytes))))
    });
    for (at, known) in rest.collect::<Vec<_>>() {
        taken[at] = known.unwrap_or_else(|| text(at).is_none_or(|text| says(&text)));
    }
    Some((0..entries.len()).filter(|at| taken[*at]).collect())
}

/// Reads a file of a known length, at once.
fn read(path: &Path, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size + 1];
    let length = File::open(path)?.read(&mut bytes)?;
    if length != size {
        return std::fs::read(path);
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// What others may call a file by: its name without its ending, and every id that it gives.
fn defined(path: &str, text: &str) -> Vec<String> {
    let mut names = vec![stem(path).to_owned()];
    let parsed = yaml::parse(&SourceText::new(path, text)).unwrap_or_default();
    let ids = parsed.iter().filter_map(|document| document.value().get("id")?.as_str().map(str::to_owned));
    names.extend(ids);
    // The head of a page, and a file that cannot be parsed as a whole.
    let lines = text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("id:"));
    names.extend(lines.map(|id| id.trim().trim_matches(['"', '\'']).to_owned()));
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn stem(path: &str) -> &str {
    let name = name(path);
    name.split_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// What texts may name: words that a file may be called by, and globs.
#[derive(Default)]
struct Named {
    words: FxHashSet<String>,
    globs: Vec<Glob>,
}

impl Named {
    fn words_of(&mut self, text: &str) {
        self.words.extend(words(text));
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        if decoded != text {
            self.words.extend(words(&decoded));
        }
    }

    fn globs_of(&mut self, text: &str) {
        let parts = text.split(|letter: char| letter.is_whitespace() || "[],{}\"'".contains(letter));
        self.globs.extend(parts.filter(|part| part.contains(['*', '?'])).filter_map(|part| Glob::new(part).ok()));
    }

    /// Whether a file may be named: every word of its name is, with or without its ending, or that of its folder where it
    /// stands for one.
    fn has(&self, path: &str, is_document: impl Fn(&str) -> bool) -> bool {
        let (name, stem) = (name(path), stem(path));
        let are_known = |text: &str| {
            let mut words = words(text).peekable();
            words.peek().is_some() && words.all(|word| self.words.contains(&word))
        };
        if are_known(name) || (is_document(path) && are_known(stem)) {
            return true;
        }
        let of_folder = OF_FOLDERS.iter().any(|of| stem.eq_ignore_ascii_case(of));
        let folder = path.rsplit('/').nth(1).filter(|_| of_folder && is_document(path));
        folder.is_some_and(are_known) || self.globs.iter().any(|glob| matches(glob, path))
    }
}

/// The words of a text that files may be called by, in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts =
        text.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() && !"-_.+@~".contains(letter));
    parts.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
