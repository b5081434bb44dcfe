//! Whether whoever is named as the approver of what a document says may be: somebody of the register of people, who owns
//! none of the controls that it is about and did not write it.

use std::sync::{Arc, OnceLock};

use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::register::people::People;
use crate::findings::finding::{Label, Place};
use crate::policies::pack::Pack;
use crate::sources::commit::RawCommit;
use crate::sources::history::Repos;
use crate::sources::landed;
use crate::sources::line::{self, Line};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::tree_object::Entry;
use crate::text::decode_keeping_offsets;

/// What the findings of a run are weighed with.
pub(super) struct Around<'a> {
    pub(super) repo: &'a Repo,
    pub(super) pack: &'a Pack,
    pub(super) calendar: &'a Calendar,
    pub(super) people: &'a People,
    pub(super) controls: &'a [Arc<Control>],
    /// Where the configuration lies in the repository, with a slash behind it, or empty.
    pub(super) below: String,
}

/// The commits that may have brought what a document says, read once for all that is asked.
pub(super) struct Past {
    tip: Option<Oid>,
    line: OnceLock<Option<(Repos, Line)>>,
}

impl Past {
    /// Those that lead to a commit; none where there is none yet.
    pub(super) fn of(tip: Option<Oid>) -> Self {
        Self { tip, line: OnceLock::new() }
    }
}

/// Something that names an approver.
pub(super) struct Named<'s> {
    /// The approver.
    pub(super) by: &'s str,
    /// Whether it is about a control.
    pub(super) is_about: &'s dyn Fn(&Control) -> bool,
    /// The file or the folder that holds it, from the top of the repository.
    pub(super) path: &'s str,
    /// Whether a version of that holds the same; nothing where this cannot be read.
    pub(super) holds: &'s dyn Fn(&Repo, &Entry) -> Option<bool>,
    /// What it is called.
    pub(super) what: &'s str,
}

/// Why somebody may not approve something, with the places that show it; nothing if they may.
pub(super) fn refusal(around: &Around<'_>, past: &Past, named: &Named<'_>) -> Option<(String, Vec<Label>)> {
    let Some(person) = around.people.find(named.by) else {
        return Some(("nobody in the register of people has this name".to_owned(), Vec::new()));
    };
    let owned = |control: &&Arc<Control>| around.people.find(&control.text.owner) == Some(person);
    if let Some(control) = around.controls.iter().filter(owned).find(|control| (named.is_about)(control)) {
        let place = Place::Text(Arc::clone(control.source()), control.entry("owner"));
        let label = Label { place, text: format!("owner of {}", control.text.id), primary: false };
        return Some(("it is about a control of theirs".to_owned(), vec![label]));
    }
    match writers(around, past, named) {
        Writers::Unread => Some((format!("who wrote the {} cannot be read", named.what), Vec::new())),
        Writers::Of(commit, names) if names.iter().any(|name| around.people.find(name) == Some(person)) => {
            let text = format!("the change that brought the {}", named.what);
            let label = Label { place: Place::Commit(commit, None), text, primary: false };
            Some(("they wrote it themselves".to_owned(), vec![label]))
        }
        Writers::Of(..) | Writers::Nobody => None,
    }
}

/// Who wrote an entry.
enum Writers {
    /// It stands in no commit yet.
    Nobody,
    /// The commit that brought it to the branch, and every name and address of the authors of what that brought.
    Of(Oid, Vec<String>),
    /// It cannot be read.
    Unread,
}

fn writers(around: &Around<'_>, past: &Past, named: &Named<'_>) -> Writers {
    let Some(tip) = past.tip else { return Writers::Nobody };
    let opened = past.line.get_or_init(|| Some((Repos::open(around.repo).ok()?, Line::read(around.repo, tip))));
    let Some((repos, line)) = opened else { return Writers::Unread };
    let read = || {
        let versions = line::versions(repos, line, &[named.path]).ok()?.into_iter().next()?;
        let mut brought = None;
        for version in versions {
            let Some(entry) = version.entry else { break };
            if !(named.holds)(&repos.mine(), &entry)? {
                break;
            }
            brought = Some(version.oldest);
        }
        Some(brought)
    };
    match read() {
        None => Writers::Unread,
        Some(None) => Writers::Nobody,
        // Where the line ends before its beginning, an older change may have brought it.
        Some(Some(at)) if line.gap.is_some() && at + 1 == line.steps.len() => Writers::Unread,
        Some(Some(at)) => line.steps.get(at).map_or(Writers::Unread, |step| {
            authors(around, step.id).map_or(Writers::Unread, |names| Writers::Of(step.id, names))
        }),
    }
}

/// Names and addresses of the authors of all commits that a change brought; of a merge, those of what it merged.
fn authors(around: &Around<'_>, commit: Oid) -> Option<Vec<String>> {
    let known: Vec<Oid> = around.repo.first_parent(commit).into_iter().collect();
    let mut brought = landed::landed(around.repo, &known, commit).ok()?.all;
    if brought.len() > 1 {
        brought.retain(|id| *id != commit);
    }
    let mut names = Vec::new();
    for id in brought {
        let of = around.repo.read(id, ObjectKind::Commit, |bytes| {
            let author = RawCommit::parse(bytes)?.author;
            Some([decode_keeping_offsets(author.name), decode_keeping_offsets(author.email)])
        });
        names.extend(of.ok()??);
    }
    Some(names)
}
