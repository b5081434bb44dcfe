//! An export of a forge, read from one or several files.

use std::sync::Arc;

use super::gathered::{Gathered, Note};
use super::node::{Look, Node};
use super::{Forge, Request, azure, bitbucket, gerrit, github, gitlab};
use crate::error::Fault;
use crate::sources::records::{self, Format, Layout, Raw};
use crate::text::{SourceText, shown};

/// What stands before the JSON that Gerrit's REST API answers with, so that no browser runs it.
const GUARD: &str = ")]}'";

/// What an export tells.
#[derive(Debug, Default)]
pub struct Export {
    /// The requests that were merged and can be recorded, each once, in order of project, number and name.
    pub requests: Vec<Request>,
    /// Number of requests that were not merged.
    pub not_merged: usize,
    /// What could not be bound, and why; and what is missing of the export.
    pub notes: Vec<Note>,
    /// What could not be read. A request with a fault is not among the requests.
    pub faults: Vec<Fault>,
}

/// Reads an export. What is wrong with one request is a fault at its place, and the others are read.
#[must_use]
pub fn read(forge: Forge, files: &[Arc<SourceText>]) -> Export {
    let mut gathered = Gathered::default();
    let mut faults = Vec::new();
    for file in files {
        let source = without_guard(file);
        let look = Look::new(&source);
        let layout = Layout {
            pick: Some(forge.list(source.text()).to_owned()),
            lines: has_lines(source.text()),
            ..Layout::default()
        };
        let mut count = 0;
        let read = records::read(&source, Format::Json, &layout, &mut |raw| {
            count += 1;
            take(forge, &look, &raw, &mut gathered);
        });
        let next = read.header.iter().any(|field| matches!(&*field.name, "next"));
        if next || (forge == Forge::GitHub && count == 30) {
            let why = if next { "it says that more follow" } else { "30 is the limit of gh if none is given" };
            gathered.note("", format!("{} may hold only a part of the requests: {why}", file.name()));
        }
        faults.extend(read.faults);
        faults.extend(look.faults());
    }
    gathered.finish(faults)
}

/// Reads one object of an export. Nothing of an object with a fault is kept.
fn take(forge: Forge, look: &Look<'_>, raw: &Raw, gathered: &mut Gathered) {
    let (node, before) = (Node::of(look, raw), look.count());
    let (requests, notes) = (gathered.requests.len(), gathered.notes.len());
    match forge {
        Forge::GitHub => github::take(node, look, gathered),
        Forge::GitLab => gitlab::take(node, look, gathered),
        Forge::Gerrit => gerrit::take(node, look, gathered),
        Forge::AzureDevOps => azure::take(node, look, gathered),
        Forge::Bitbucket => bitbucket::take(node, look, gathered),
    }
    if look.count() > before {
        gathered.requests.truncate(requests);
        gathered.notes.truncate(notes);
    }
}

impl Gathered {
    /// Puts requests and the reviews that stand apart from them together, and leaves out what cannot be recorded.
    fn finish(mut self, mut faults: Vec<Fault>) -> Export {
        for request in &mut self.requests {
            if let Some(apart) = self.apart.remove(&request.apart) {
                // Pages of the REST API have 30 entries, or up to 100.
                if apart.is_unknown || matches!(apart.count, 30 | 100) {
                    request.cut_off.push("reviews");
                }
                request.reviews.get_or_insert_default().extend(apart.reviews);
            }
        }
        if !self.apart.is_empty() {
            let what = format!("{} requests have reviews here, and are not in the export themselves", self.apart.len());
            self.note("", what);
        }
        self.requests.sort_by(|one, other| {
            (&one.project, one.number, &one.id, one.place).cmp(&(&other.project, other.number, &other.id, other.place))
        });
        let mut requests: Vec<Request> = Vec::with_capacity(self.requests.len());
        for mut request in std::mem::take(&mut self.requests) {
            normalise(&mut request);
            if let Some(before) = requests.last().filter(|before| before.id == request.id) {
                if !says_the_same(before, &request) {
                    faults.push(twice(before, &request));
                }
                continue;
            }
            self.tell(&request);
            requests.push(request);
        }
        let differing: Vec<String> =
            faults.iter().filter(|fault| fault.rule == TWICE).map(|fault| fault.label.clone()).collect();
        requests.retain(|request| !differing.contains(&twice_label(request)));
        requests.retain(is_bound);
        self.notes.sort();
        self.notes.dedup();
        Export { requests, not_merged: self.not_merged, notes: self.notes, faults }
    }

    /// Notes what of a request cannot be bound.
    fn tell(&mut self, request: &Request) {
        let called = request.called();
        if request.merge_sha.is_none() && request.squash_sha.is_none() && request.head_sha.is_none() {
            self.note(&called, "no merge commit: it is not recorded, and a later export may have one");
        }
        match &request.reviews {
            None => self.note(&called, "its reviews are not in the export: it is not recorded; export them as well"),
            Some(reviews) => {
                for review in reviews.iter().filter(|review| review.is_lost) {
                    let by = &review.by;
                    self.note(&called, format!("tie lost: the forge does not know any more which commit {by} saw"));
                }
            }
        }
        for part in &request.cut_off {
            self.note(&called, format!("only a part of its {part} is in the export: no approval of it counts"));
        }
    }
}

/// The rule of a request that stands in an export in two ways.
const TWICE: &str = "documents/duplicate-id";

fn twice_label(request: &Request) -> String {
    format!("{} stands here in another way than before", shown(&request.id))
}

fn twice(before: &Request, request: &Request) -> Fault {
    let line = before.source.position(before.place.start).line;
    Fault {
        rule: TWICE,
        message: format!("the export has {} twice, and they differ", shown(&request.id)),
        label: twice_label(request),
        help: Some(format!("it stands in {}:{line} already; export it once", before.source.name())),
        source: Arc::clone(&request.source),
        span: crate::text::Span::new(request.place.start, request.place.start + 1),
        other: None,
    }
}

fn is_bound(request: &Request) -> bool {
    let names = [&request.merge_sha, &request.squash_sha, &request.head_sha];
    request.reviews.is_some() && names.into_iter().any(Option::is_some)
}

fn says_the_same(one: &Request, other: &Request) -> bool {
    let of = |request: &Request| {
        let names = (request.merge_sha.clone(), request.squash_sha.clone(), request.head_sha.clone());
        (names, request.reviews.clone(), request.author.clone(), request.branch.clone(), request.merged_at)
    };
    of(one) == of(other)
}

/// Puts everything into the one order that does not depend on how the export was made.
fn normalise(request: &mut Request) {
    if let Some(reviews) = &mut request.reviews {
        if reviews.iter().all(|review| review.at.is_some()) {
            reviews.sort_by(|one, other| (one.at, one.said, &one.by).cmp(&(other.at, other.said, &other.by)));
        }
        reviews.dedup();
    }
    for list in [&mut request.authors, &mut request.labels] {
        list.sort();
        list.dedup();
    }
    request.cut_off.sort_unstable();
    request.cut_off.dedup();
}

/// The text without what stands before its JSON; every offset stays.
fn without_guard(file: &Arc<SourceText>) -> Arc<SourceText> {
    let text = file.text();
    match text.trim_start_matches('\u{feff}').trim_start().strip_prefix(GUARD) {
        Some(rest) => {
            let before = text.len() - rest.len();
            SourceText::titled(file.name(), file.title(), " ".repeat(before) + rest)
        }
        None => Arc::clone(file),
    }
}

/// Whether each line is an object of its own.
fn has_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().is_some_and(|line| line.starts_with('{') && line.ends_with('}'));
    first && lines.next().is_some_and(|line| line.starts_with('{'))
}
