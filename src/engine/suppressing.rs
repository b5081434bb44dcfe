//! The suppressions of a configuration: which of them hold, and what they cover.

use std::sync::Arc;

use crate::checks::documents::aside::Entry;
use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::register::people::People;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::suppression::{Effect, Lack, Suppression};
use crate::policies::pack::Pack;
use crate::sources::commit::RawCommit;
use crate::sources::history::Repos;
use crate::sources::landed;
use crate::sources::line::{self, Line};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::yaml::{self, YamlDocument};
use crate::text::{SourceText, decode_keeping_offsets, safe, shown};

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

/// Silences what the suppressions of a configuration cover, and tells what is wrong with them; also which of them cover
/// nothing, if `whole` says that everything was looked at. `tip` is the newest commit that may have brought them.
pub(super) fn apply(
    around: &Around<'_>,
    (document, all): (&YamlDocument, &[Suppression]),
    (tip, whole): (Option<Oid>, bool),
    findings: &mut [Finding],
) -> Vec<Finding> {
    let mut told = Vec::new();
    for (at, says) in all.iter().enumerate() {
        let entry = Entry { document, at, says };
        let held = in_force(around, &entry).and_then(|effect| {
            approved(around, &entry, &effect, tip, findings)?;
            Ok(effect)
        });
        match held {
            Ok(effect) if effect.apply(findings) == 0 && whole => {
                let label = ("rule", "covers nothing");
                told.extend(entry.finding(around.pack, "documents/suppression-unused", label, Vec::new(), Vec::new()));
            }
            Ok(_) => {}
            Err(wrong) => told.extend(wrong),
        }
    }
    told
}

/// What a suppression does, if it has all that it needs and has not ended.
fn in_force(around: &Around<'_>, entry: &Entry<'_>) -> Result<Effect, Vec<Finding>> {
    let pack = around.pack;
    let invalid = |key: &str, label: &str, what: String| {
        let words = vec![("what", what)];
        Err(Vec::from_iter(entry.finding(pack, "documents/suppression-invalid", (key, label), words, Vec::new())))
    };
    let effect = match entry.says.effect() {
        Ok(effect) => effect,
        Err(Lack::Keys(keys)) => {
            let keys = keys.join(" and no ");
            return invalid(&keys, &format!("no {keys}"), format!("it says no {keys}"));
        }
        Err(Lack::Glob(why)) => return invalid("item", &safe(&why), "its item is no glob".to_owned()),
    };
    let rule = effect.rule();
    match pack.rule(rule) {
        None => {
            let near = pack.rules_of(rule).err().flatten().filter(|near| near.contains('/'));
            let label = near.map_or_else(|| "no rule".to_owned(), |near| format!("did you mean {near}?"));
            return invalid("rule", &label, format!("there is no rule called {}", shown(rule)));
        }
        Some(_) if pack.is_about_reading(rule) => {
            return invalid("rule", "cannot be accepted", format!("{rule} says that something could not be read"));
        }
        Some((test, _)) if test.test == "set-aside" => {
            return invalid("rule", "cannot be accepted", format!("{rule} says what is set aside"));
        }
        Some(_) => {}
    }
    match entry.says.until {
        Some(until) if until < around.calendar.today() => {
            let words = vec![("until", until.to_string())];
            let label = ("until", "the last day");
            Err(Vec::from_iter(entry.finding(pack, "documents/suppression-expired", label, words, Vec::new())))
        }
        _ => Ok(effect),
    }
}

/// Whether whoever approved a suppression may: somebody of the register who neither owns a control of which it covers
/// findings nor wrote it.
fn approved(
    around: &Around<'_>,
    entry: &Entry<'_>,
    effect: &Effect,
    tip: Option<Oid>,
    findings: &[Finding],
) -> Result<(), Vec<Finding>> {
    let Some(by) = &entry.says.approved_by else { return Ok(()) };
    let refused = |why: String, others: Vec<Label>| {
        let words = vec![("by", by.clone()), ("why", why)];
        let label = ("approved_by", "named as the approver");
        let found = entry.finding(around.pack, "documents/suppression-approver", label, words, others);
        Err(Vec::from_iter(found))
    };
    let Some(person) = around.people.find(by) else {
        return refused("nobody in the register of people has this name".to_owned(), Vec::new());
    };
    let covered = |control: &&Arc<Control>| {
        let id = &control.text.id;
        let of_it = |finding: &Finding| finding.control.as_ref() == Some(id) && effect.covers(finding);
        entry.says.control.as_ref() == Some(id) || findings.iter().any(of_it)
    };
    let owned = |control: &&Arc<Control>| around.people.find(&control.text.owner) == Some(person);
    if let Some(control) = around.controls.iter().filter(owned).find(covered) {
        let place = Place::Text(Arc::clone(control.source()), control.entry("owner"));
        let label = Label { place, text: format!("owner of {}", control.text.id), primary: false };
        return refused("it is about a control of theirs".to_owned(), vec![label]);
    }
    match writers(around, entry, tip) {
        Writers::Unread => refused("who wrote the entry cannot be read".to_owned(), Vec::new()),
        Writers::Of(commit, names) if names.iter().any(|name| around.people.find(name) == Some(person)) => {
            let place = Place::Commit(commit, None);
            let label = Label { place, text: "the change that brought the entry".to_owned(), primary: false };
            refused("they wrote it themselves".to_owned(), vec![label])
        }
        Writers::Of(..) | Writers::Nobody => Ok(()),
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

fn writers(around: &Around<'_>, entry: &Entry<'_>, tip: Option<Oid>) -> Writers {
    let Some(tip) = tip else { return Writers::Nobody };
    let path = format!("{}{}", around.below, entry.document.source.name());
    let line = Line::read(around.repo, tip);
    let read = Repos::open(around.repo).ok().and_then(|repos| {
        let versions = line::versions(&repos, &line, &[&path]).ok()?.into_iter().next()?;
        let mut brought = None;
        for version in versions {
            let Some(file) = version.entry.filter(|entry| !entry.is_tree()) else { break };
            let text = repos.mine().read(file.id, ObjectKind::Blob, decode_keeping_offsets).ok()?;
            if !holds(&path, text, entry.says) {
                break;
            }
            brought = Some(version.oldest);
        }
        Some(brought)
    });
    match read {
        None => Writers::Unread,
        Some(None) => Writers::Nobody,
        // Where the line ends before its beginning, an older change may have brought it.
        Some(Some(at)) if line.gap.is_some() && at + 1 == line.steps.len() => Writers::Unread,
        Some(Some(at)) => line.steps.get(at).map_or(Writers::Unread, |step| {
            authors(around, step.id).map_or(Writers::Unread, |names| Writers::Of(step.id, names))
        }),
    }
}

/// Whether a version of the configuration has the same suppression.
fn holds(path: &str, text: String, says: &Suppression) -> bool {
    let documents = yaml::parse(&SourceText::new(path, text)).unwrap_or_default();
    let all = documents.first().map(|document| document.json()["suppressions"].clone()).unwrap_or_default();
    let each = all.as_array().into_iter().flatten();
    each.filter_map(|one| serde_json::from_value::<Suppression>(one.clone()).ok()).any(|one| one == *says)
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
