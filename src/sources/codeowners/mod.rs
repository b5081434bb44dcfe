//! `CODEOWNERS`, as GitHub and as GitLab read it: who owns which files, with the place of everything.

mod index;
mod line;
mod pattern;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Fault;
use crate::text::{SourceText, Span};
use index::Index;
use pattern::Pattern;

/// Where a `CODEOWNERS` may lie; the first one that is there counts.
pub const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];
/// Bytes that it may have: GitHub takes no notice of a larger one.
pub const MAX_BYTES: usize = 3_000_000;
/// Sections that it may have.
const MAX_SECTIONS: usize = 1_000;
/// Faults that are listed; whoever corrects that many reads it again.
const MAX_FAULTS: usize = 200;
/// The rule of every fault.
const RULE: &str = "documents/invalid-code-owners";

/// Whose rules a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub's: of all lines that match, the last one counts.
    GitHub,
    /// GitLab's: of each section, the last line that matches counts.
    GitLab,
}

/// Somebody who owns files, as the file names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `@login`, `@organisation/team`, `@@role`, or an address.
    pub text: String,
    /// Where.
    pub place: Span,
}

/// One line that says who owns some files.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where its pattern stands.
    pub place: Span,
    /// Who owns them; nobody if there is none. Of a line without owners those of its section.
    pub owners: Arc<[Owner]>,
    /// How many of the owners must approve a change.
    pub approvals: usize,
    /// Name of its section.
    pub section: Option<Arc<str>>,
    /// Whether a change needs no approval of the owners.
    pub optional: bool,
}

/// One version of the file.
#[derive(Debug)]
pub struct CodeOwners {
    /// The text.
    pub source: Arc<SourceText>,
    /// Whose rules it follows.
    pub forge: Forge,
    /// Its entries, in order. A line with a fault is none, as it is none for the forge.
    pub entries: Vec<Entry>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Whether it asks for so much that who owns what was not worked out; nobody is then known to own anything.
    pub too_much: bool,
    takes: Index,
    /// Of GitLab: what is taken out of a section again.
    leaves: Index,
}

/// What a section says for its entries.
#[derive(Clone, Debug)]
struct Header {
    number: usize,
    name: Option<Arc<str>>,
    optional: bool,
    approvals: usize,
    owners: Arc<[Owner]>,
}

/// What was read so far.
struct Reading<'a> {
    source: &'a Arc<SourceText>,
    forge: Forge,
    header: Header,
    sections: FxHashMap<String, usize>,
    entries: Vec<Entry>,
    takes: Vec<(usize, usize, Pattern)>,
    leaves: Vec<(usize, usize, Pattern)>,
    faults: Vec<Fault>,
}

impl CodeOwners {
    /// Reads a file that lies at one of [`PLACES`].
    #[must_use]
    pub fn parse(source: Arc<SourceText>, path: &str) -> Self {
        let forge = forge(path, source.text());
        let header = Header { number: 0, name: None, optional: false, approvals: 1, owners: Arc::new([]) };
        let mut reading = Reading {
            source: &source,
            forge,
            header,
            sections: FxHashMap::default(),
            entries: Vec::new(),
            takes: Vec::new(),
            leaves: Vec::new(),
            faults: Vec::new(),
        };
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            reading.line(line.trim_end_matches(['\n', '\r']), start);
            start += line.len();
        }
        let mut too_much = reading.sections.len() > MAX_SECTIONS;
        let Reading { entries, takes, leaves, mut faults, .. } = reading;
        let mut index = |entries: Vec<(usize, usize, Pattern)>, places: &[Entry]| {
            Index::new(entries).unwrap_or_else(|at| {
                too_much = true;
                let message =
                    "more patterns begin alike than are tried on each path, so that who owns what is not known";
                let place = places.get(at).map_or_else(Span::default, |entry| entry.place);
                faults.push(fault(&source, place, message.to_owned(), "this is one too many"));
                Index::default()
            })
        };
        let (takes, leaves) = (index(takes, &entries), index(leaves, &[]));
        Self { source, forge, entries, faults, too_much, takes, leaves }
    }

    /// The entries that say who owns a file, with owners or without: on GitHub at most one, on GitLab one of each section.
    pub fn of<'o>(&'o self, path: &str) -> impl Iterator<Item = &'o Entry> + use<'o> {
        let mut found = self.takes.find(path);
        let left: FxHashSet<usize> = self.leaves.find(path).into_keys().collect();
        found.retain(|section, _| !left.contains(section));
        let mut found: Vec<usize> = found.into_values().collect();
        found.sort_unstable();
        found.into_iter().filter_map(|at| self.entries.get(at))
    }
}

/// Whose rules a file follows: by its folder, otherwise by whether it has sections, which GitHub does not know.
fn forge(path: &str, text: &str) -> Forge {
    let section = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix('^').unwrap_or(line).starts_with('[') && line.contains(']')
    };
    if path.starts_with(".gitlab/") || (!path.starts_with(".github/") && text.lines().any(section)) {
        Forge::GitLab
    } else {
        Forge::GitHub
    }
}

fn fault(source: &Arc<SourceText>, span: Span, message: String, label: &str) -> Fault {
    let (label, source) = (label.to_owned(), Arc::clone(source));
    Fault { rule: RULE, message, label, help: None, source, span, other: None }
}
