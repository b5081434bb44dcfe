//! The notes of `tickmark approve`: one approval a line, each with whoever brought it and with when it came.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;

use super::{Beside, Job, Missing, discounted, records};
use crate::error::Fault;
use crate::facts::approval::found::{Discount, Found, GivenFor, Noted, Role};
use crate::facts::approval::line::{Statement, Wrong};
use crate::facts::approval::trail::Unread;
use crate::facts::calendar::When;
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
    /// When the change that lands the commit did so.
    landed: Moment,
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
        let tip = job.history.get(landing.tip);
        let change = tip.id;
        for at in std::iter::once(&landing.tip).chain(&landing.landed) {
            let commit = job.history.get(*at).id;
            let Some(blob) = listed.get(&commit) else { continue };
            let note = Note::new(job, (commit, tip.committed), job.text(*blob)?);
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
    landed: Moment,
    source: Arc<SourceText>,
}

impl Note {
    fn new(job: &Job<'_>, (commit, landed): (Oid, Moment), text: String) -> Self {
        let name = |commit: String| format!("{} on {commit}", job.reference);
        Self { commit, landed, source: SourceText::titled(name(commit.to_string()), name(commit.short()), text) }
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
                    let (commit, landed, place) = (self.commit, self.landed, (key.clone(), own.len()));
                    said.push(Said { commit, landed, statement, span, place });
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
        }
    }
}

impl Said {
    /// The approval. An approver can write any time into a line of their own, which counts from when it came, unless it says
    /// that it was given later. Where somebody else brought it, that one vouches for the time that it says, as a workflow of
    /// the forge does, which records a review once the request has landed.
    fn found(self, job: &Job<'_>, came: Option<&Brought<Person>>) -> Found {
        let said = self.statement;
        let own =
            |came: &Brought<Person>| came.people.is_empty() || came.people.iter().any(|one| is_one(one, &said.by));
        let at = came.map(|came| match (Moment { seconds: came.at.0, offset: came.at.1 }) {
            arrived if own(came) && arrived.seconds > said.at.seconds => arrived,
            _ => said.at,
        });
        let mut found = job.found(Role::Approval, Some(said.by), said.request.as_deref(), at);
        found.span = self.span;
        found.given_for = Some(GivenFor::Commit(said.reviewed.unwrap_or(said.commit)));
        let mut commits = came.map(|came| came.commits.clone()).unwrap_or_default();
        commits.sort_unstable();
        found.noted = Some(Arc::new(Noted {
            role: said.role,
            incident: said.incident,
            said_at: said.at,
            commits,
            writers: came.filter(|came| !came.people.is_empty()).map(|came| sorted(&came.people)),
            signed: said.signed.map(|signed| *signed),
        }));
        let landed = job.history.find(self.commit).map(|at| job.history.get(at).tree);
        let late = at.filter(|at| at.seconds > self.landed.seconds);
        let late = late.map(|at| Discount::Late(When::instant(at.timestamp(), &TimeZone::UTC)));
        let elsewhere = if said.commit != self.commit {
            Some(format!("the commit {}", said.commit.short()))
        } else {
            (landed != Some(said.tree)).then(|| format!("the tree {}", said.tree.short()))
        };
        match elsewhere.map(|what| Discount::Elsewhere(what.into())).or(late.filter(|_| found.discount.is_none())) {
            Some(why) => discounted(found, why),
            None => found,
        }
    }
}

/// Whether two names have the same address or account, or the same name where one of them has neither.
fn is_one(one: &Person, other: &Person) -> bool {
    let known = |person: &Person| person.email.is_some() || person.login.is_some();
    (one.email.is_some() && one.email == other.email)
        || (one.login.is_some() && one.login == other.login)
        || (one.name.is_some() && one.name == other.name && !(known(one) && known(other)))
}

fn sorted(people: &[Person]) -> Arc<[Person]> {
    let mut people = people.to_vec();
    people.sort_unstable_by_key(Person::signature);
    people.into()
}
