//! Places that only the engine can show: the message of a commit, read once more for the findings that quote it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::moment::Moment;
use crate::findings::finding::{Finding, Place};
use crate::sources::commit::RawCommit;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::trailers::Message;
use crate::text::{SourceText, Span, decode_keeping_offsets, safe};

/// Puts the text of the commit in place of every place that names one. `name` is that of another repository.
pub(super) fn show_commits((repo, name): (&Repo, Option<&str>), findings: &mut [Finding]) {
    let mut read: FxHashMap<Oid, Arc<SourceText>> = FxHashMap::default();
    for label in findings.iter_mut().flat_map(|finding| &mut finding.labels) {
        let Place::Commit(id, span) = label.place else { continue };
        let source = read.entry(id).or_insert_with(|| message(repo, name, id));
        let span = span.unwrap_or_else(|| Message::parse(source.text()).subject);
        label.place = Place::Text(Arc::clone(source), span);
    }
}

/// Says of a finding about another repository as a whole in which one that is. One about an item says so at its place.
pub(super) fn name_repository(name: &str, finding: &mut Finding) {
    finding.repository = Some(name.to_owned());
    if !finding.counted {
        finding.message += &format!(" (in {})", safe(name));
        finding.item += &format!(" of {name}");
        name.clone_into(&mut finding.part);
    }
}

fn message(repo: &Repo, name: Option<&str>, id: Oid) -> Arc<SourceText> {
    let of = name.map_or_else(String::new, |name| format!(" of {}", safe(name)));
    let read = repo.read(id, ObjectKind::Commit, |bytes| {
        let commit = RawCommit::parse(bytes)?;
        let at = Moment { seconds: commit.committer.seconds, offset: commit.committer.offset };
        let who = decode_keeping_offsets(commit.author.name);
        let title = format!("commit {}{of}, {}, by {who}", id.short(), at.readable());
        Some(SourceText::titled(format!("commit {id}{of}"), title, decode_keeping_offsets(commit.message)))
    });
    read.ok().flatten().unwrap_or_else(|| SourceText::new(format!("commit {id}"), "(cannot be read)"))
}

/// The fault of a glob that is none.
pub(super) fn bad_glob(control: &Control, glob: &str, why: &str) -> Fault {
    let source = Arc::clone(control.source());
    let at = source.text().find(glob);
    let span = at.map_or_else(|| control.parameter("paths"), |at| Span::new(at, at + glob.len()));
    Fault {
        rule: "documents/bad-value",
        message: format!("`{glob}` is no glob: {why}"),
        label: "this glob".to_owned(),
        help: Some("* stands for anything in one folder, ** for any folders".to_owned()),
        source,
        span,
        other: None,
    }
}
