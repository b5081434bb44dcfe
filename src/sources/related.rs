//! Which files have something to do with those that change, so that a hook before a commit does not have to read all of a
//! large repository.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::tree::{Glob, MAX_BYTES, matches};
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
    /// Controls: one of them is taken at least, where there are any, and an id stands in one of them only.
    pub is_control: fn(&str) -> bool,
    /// Whether a file is taken in any case.
    pub is_needed: fn(&str) -> bool,
    /// Whether nothing else can be left out once such a file changes.
    pub changes_all: fn(&str) -> bool,
}

/// A file as the index has it.
pub(super) struct Entry<'a> {
    /// Its path, with `/` between its parts.
    pub(super) path: &'a str,
    /// What the index remembers of the file of the working tree.
    pub(super) stamp: Option<Stamp>,
}

/// The working tree that the index stands for.
pub(super) struct Checkout {
    /// Its folder.
    pub(super) top: PathBuf,
    /// When the index was written: seconds and nanoseconds since 1970.
    pub(super) written: (u64, u32),
}

impl Checkout {
    /// What a file holds, if that is known to be what the index has; without going through Git.
    fn read(&self, entry: &Entry<'_>) -> Option<Vec<u8>> {
        let (path, stamp) = (self.top.join(entry.path), entry.stamp?);
        if !stamp.holds(&path, self.written) {
            return None;
        }
        let size = stamp.size as usize;
        let mut bytes = vec![0; size + 1];
        // All of it comes at once, and one byte less than there is room for.
        let length = File::open(path).ok()?.read(&mut bytes).ok()?;
        bytes.truncate(length);
        (length == size).then_some(bytes)
    }
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

/// What files say.
pub(super) struct Texts<'a> {
    /// Reads one as it is, by its position.
    pub(super) now: &'a dyn Fn(usize) -> Option<String>,
    /// Reads one that changes as it was, by its path.
    pub(super) before: &'a dyn Fn(&str) -> Option<String>,
    /// The working tree, where there is one.
    pub(super) checkout: Option<&'a Checkout>,
}

/// Positions of the files that have to do with those that changed: these themselves, what they name, what names them or
/// something that they define, and what is needed in any case. `None` where everything has.
pub(super) fn related(
    entries: &[Entry<'_>],
    changed: &[String],
    wanted: &Wanted<'_>,
    texts: &Texts<'_>,
) -> Option<Vec<usize>> {
    let is_configuration = |path: &str| wanted.configuration.contains(&path);
    let all = |path: &String| is_configuration(path) || (wanted.changes_all)(path);
    if changed.len() > MOST || changed.iter().any(all) || !entries.iter().any(|entry| is_configuration(entry.path)) {
        return None;
    }
    let changed: FxHashSet<&str> = changed.iter().map(String::as_str).collect();
    let mut named = Named::default();
    let mut sought = Sought::default();
    let mut taken: Vec<bool> = vec![false; entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        let (is_new, is_needed) = (changed.contains(entry.path), (wanted.is_needed)(entry.path));
        let is_configuration = is_configuration(entry.path);
        taken[at] = is_new || is_needed || is_configuration;
        if is_new || is_configuration {
            let text = (texts.now)(at)?;
            named.words_of(&text);
            if is_configuration {
                named.globs_of(&text);
            } else {
                let before = (texts.before)(entry.path);
                sought.add(entry.path, (&text, before.as_deref()), (wanted.is_control)(entry.path));
            }
        }
    }
    if let Some(one) = entries.iter().position(|entry| (wanted.is_control)(entry.path)) {
        taken[one] = true;
    }
    let (of_all, of_ids) = (sought.finder(true)?, sought.finder(false)?);
    let others: Vec<usize> = (0..entries.len()).filter(|at| !taken[*at]).collect();
    let checkout = texts.checkout;
    let rest = others.par_iter().map(|at| {
        let entry = &entries[*at];
        if named.has(entry.path, wanted.is_document) {
            return (*at, Some(true));
        }
        let finder = if (wanted.is_control)(entry.path) { &of_ids } else { &of_all };
        // A document that is too long is read by nobody, and told where it changes.
        let is_long = entry.stamp.is_some_and(|stamp| u64::from(stamp.size) > MAX_BYTES);
        if !(wanted.is_document)(entry.path) || finder.patterns_len() == 0 || is_long {
            return (*at, Some(false));
        }
        let read = checkout.and_then(|checkout| checkout.read(entry));
        (*at, read.map(|bytes| finder.is_match(&bytes)))
    });
    for (at, known) in rest.collect::<Vec<_>>() {
        let finder = if (wanted.is_control)(entries[at].path) { &of_ids } else { &of_all };
        taken[at] = known.unwrap_or_else(|| (texts.now)(at).is_none_or(|text| finder.is_match(&text)));
    }
    Some((0..entries.len()).filter(|at| taken[*at]).collect())
}

/// What is looked for in files that do not change.
#[derive(Default)]
struct Sought {
    /// In pages: the names of all that changes, and every id that it gives.
    names: Vec<String>,
    /// In controls, which name pages, and among which an id may stand once: the names of pages, and ids that are new.
    ids: Vec<String>,
}

impl Sought {
    fn add(&mut self, path: &str, (now, before): (&str, Option<&str>), is_control: bool) {
        let (names, old) = (defined(path, now), before.map(|before| defined(path, before)).unwrap_or_default());
        let new = |name: &&String| !is_control || (!old.contains(name) && name.as_str() != stem(path));
        self.ids.extend(names.iter().filter(new).cloned());
        self.names.extend(names);
    }

    fn finder(&self, everywhere: bool) -> Option<AhoCorasick> {
        let names = if everywhere { &self.names } else { &self.ids };
        AhoCorasick::builder().ascii_case_insensitive(true).build(names).ok()
    }
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
