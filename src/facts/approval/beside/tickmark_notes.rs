//! The notes of `tickmark approve`: one approval a line, each with whoever brought it and with when it came.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Beside, Job, Missing, discounted, records};
use crate::error::Fault;
use crate::facts::approval::found::{Discount, Found, GivenFor, Noted, Role};
use crate::facts::approval::line::{Statement, Wrong};
use crate::facts::approval::trail::Unread;
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::line_writers::{Brought, Files, Lines, brought};
use crate::sources::notes;
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// Lines of one note that are read. One commit is not approved by more.
const MOST_LINES: usize = 1_000;

/// A line that could be read.
struct Said {
    commit: Oid,
    statement: Statement,
    /// Where it stands in its note.
    span: Span,
    /// The key of its note, and its position among the lines of the note.
    place: (String, usize),
}

pub(super) fn read(job: &Job<'_>, beside: &mut Beside) -> Result<(), Missing> {
    let listed = notes::list(job.repo, job.tree)?;
    let (mut files, mut said) = (Files::new(), Vec::new());
    for landing in job.landings {
        let change = job.history.get(landing.tip).id;
        for at in std::iter::once(&landing.tip).chain(&landing.landed) {
            let commit = job.history.get(*at).id;
            let Some(blob) = listed.get(&commit) else { continue };
            let note = Note::new(job, commit, job.text(*blob)?);
            let lines = note.read(&mut said, |fault| beside.unread.push(Unread { change, fault }));
            files.insert(note.commit.to_string(), Lines { blob: *blob, lines });
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    let came = brought(job.repos, job.tip, &files, records::person);
    for one in said {
        let (key, at) = &one.place;
        let came = came.as_ref().and_then(|came| came.get(key)?.get(*at)?.as_ref());
        let (commit, found) = (one.commit, one.found(job, came));
        if let (Some(id), None) = (found.id.as_deref(), &found.discount) {
            beside.add(commit, job.found(Role::Request, None, Some(id), None));
        }
        beside.add(commit, found);
    }
    Ok(())
}

struct Note {
    commit: Oid,
    source: Arc<SourceText>,
}

impl Note {
    fn new(job: &Job<'_>, commit: Oid, text: String) -> Self {
        let name = |commit: String| format!("{} on {commit}", job.reference);
        Self { commit, source: SourceText::titled(name(commit.to_string()), name(commit.short()), text) }
    }

    /// Reads every line once, and hands back those that can be read; one that stands there twice says nothing new.
    fn read(&self, said: &mut Vec<Said>, mut fault: impl FnMut(Fault)) -> Vec<String> {
        let key = self.commit.to_string();
        let (mut own, mut seen) = (Vec::new(), FxHashSet::default());
        let text = self.source.text();
        for (at, line) in text.lines().enumerate() {
            let words = line.trim();
            let start = words.as_ptr() as usize - text.as_ptr() as usize;
            if at == MOST_LINES {
                let what = format!("a note has more than {MOST_LINES} lines, and the rest is not read");
                fault(self.fault(Span::new(start, start + words.len()), &Wrong { what, at: 0 }));
                break;
            }
            if words.is_empty() || !seen.insert(words) {
                continue;
            }
            let span = Span::new(start, start + words.len());
            match Statement::read(words) {
                Ok(statement) => {
                    said.push(Said { commit: self.commit, statement, span, place: (key.clone(), own.len()) });
                    own.push(words.to_owned());
                }
                Err(wrong) => fault(self.fault(span, &wrong)),
            }
        }
        own
    }

    fn fault(&self, line: Span, wrong: &Wrong) -> Fault {
        Fault {
            rule: "evidence/approval-unreadable",
            message: format!("an approval of {} cannot be read: {}", self.commit.short(), wrong.what),
            label: "what it says is not known".to_owned(),
            help: Some(format!(
                "See who wrote it, git log refs/notes/tickmark, and let them correct it: git notes --ref tickmark edit {}. If a \
                 later version of tickmark wrote it, read it with that version.",
                self.commit.short()
            )),
            source: Arc::clone(&self.source),
            span: Span::new((line.start + wrong.at).min(line.end), line.end),
            other: None,
        }
    }
}

impl Said {
    /// The approval. From when it counts is told once it is known who is who.
    fn found(self, job: &Job<'_>, came: Option<&Brought<Person>>) -> Found {
        let said = self.statement;
        let mut found = job.found(Role::Approval, Some(said.by), said.request.as_deref(), None);
        found.span = self.span;
        found.given_for = Some(GivenFor::Commit(said.reviewed.unwrap_or(said.commit)));
        let mut commits = came.map(|came| came.commits.clone()).unwrap_or_default();
        commits.sort_unstable();
        found.noted = Some(Arc::new(Noted {
            role: said.role,
            incident: said.incident,
            said_at: said.at,
            came_at: came.map(|came| Moment { seconds: came.at.0, offset: came.at.1 }),
            commits,
            writers: came.filter(|came| !came.people.is_empty()).map(|came| sorted(&came.people)),
            signed: said.signed.map(|signed| *signed),
        }));
        let landed = job.history.find(self.commit).map(|at| job.history.get(at).tree);
        let elsewhere = if said.commit != self.commit {
            Some(format!("the commit {}", said.commit.short()))
        } else {
            (landed != Some(said.tree)).then(|| format!("the tree {}", said.tree.short()))
        };
        match elsewhere {
            Some(what) => discounted(found, Discount::Elsewhere(what.into())),
            None => found,
        }
    }
}

fn sorted(people: &[Person]) -> Arc<[Person]> {
    let mut people = people.to_vec();
    people.sort_unstable_by_key(Person::signature);
    people.into()
}
