//! Records of the register `changes`: what each tells of a request that was merged, and of its approvals.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::sealed::same_object;
use super::{Said, decisive};
use crate::facts::calendar::When;
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::facts::register::people::People;
use crate::facts::register::value::{Record, Value};
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// The register whose records these are.
pub const REGISTER: &str = "changes";
/// What a reviewer is called of whom a record says nothing.
const GONE: &str = "somebody whose account is gone";

/// A place of a register.
pub type Place = (Arc<SourceText>, Span);

/// A record of a request that was merged.
#[derive(Debug)]
pub struct Request {
    /// Name of the record.
    pub id: Box<str>,
    /// Its number in the project, or its name.
    pub called: Box<str>,
    /// The branch that it was merged into.
    pub branch: Option<Box<str>>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// The commit that it became.
    pub merge_sha: Option<Box<str>>,
    /// Who opened it, and who wrote its commits.
    pub authors: Vec<Person>,
    /// The file that it stands in, and where it tells of the commit.
    pub place: Place,
    /// Where it tells of the author.
    pub author_place: Span,
    /// The last decision of each reviewer who ever approved.
    pub decisions: Vec<Decision>,
    /// What it tells of an emergency.
    pub circumstances: Circumstances,
    pub(super) squash_sha: Option<Box<str>>,
    pub(super) head_sha: Option<Box<str>>,
    pub(super) project: Box<str>,
    is_cut_off: bool,
}

/// What a record tells of why a change was made, and of who brought it to production.
#[derive(Debug, Default)]
pub struct Circumstances {
    /// Where it says that the change is an emergency.
    pub emergency: Option<Span>,
    /// Its labels.
    pub labels: Vec<Box<str>>,
    /// Where they stand.
    pub labels_place: Span,
    /// The branch that its commits stood on.
    pub head_branch: Option<Box<str>>,
    /// Why it was needed.
    pub justification: Option<Box<str>>,
    /// The incident for which it was needed.
    pub incident: Option<Box<str>>,
    /// Who brought it to production.
    pub deployer: Option<Person>,
}

/// The last decision of a reviewer.
#[derive(Debug)]
pub struct Decision {
    /// Who, as the record names them.
    pub by: Person,
    /// When.
    pub at: Option<When>,
    /// The first instant at which it may have been given.
    begins: Option<Timestamp>,
    /// Whether it approves. Otherwise an earlier approval was taken back.
    pub approves: bool,
    /// Where it stands.
    pub place: Span,
    /// The commit that it was given for, by its name or the beginning of it.
    pub sha: Option<Box<str>>,
    is_lost: bool,
    /// Whether the record does not say who.
    is_gone: bool,
}

/// What an approval was given for, beside the change that it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// What landed, as far as the record tells.
    ForThis,
    /// Another commit than the last one: the one that was approved, and the last one.
    ForAnother(Box<str>, Box<str>),
    /// It cannot be told, and why.
    Unknown(&'static str),
    /// After it had landed, at this time.
    Late(When),
}

impl Request {
    /// A record of a request that was merged; nothing of any other.
    pub(super) fn of(record: &Arc<Record>, people: &People, zone: &TimeZone) -> Option<Self> {
        let text = |field: &str| text(record, field);
        let name = |field: &str| text(field).map(|name| Box::<str>::from(name.to_ascii_lowercase()));
        if text("status").is_some_and(|status| &*status != "merged") {
            return None;
        }
        let id = text("id")?;
        let called = match record.get("number") {
            Value::Integer(number) => number.to_string().into(),
            _ => id.clone(),
        };
        let mut authors: Vec<Person> = Vec::new();
        let named = std::iter::once(record.get("author")).chain(list(record.get("authors")));
        for author in named.filter_map(|value| person(value, people)) {
            if !authors.contains(&author) {
                authors.push(author);
            }
        }
        let first = ["merge_sha", "head_sha"].into_iter().find(|field| *record.get(field) != Value::Null);
        Some(Self {
            called,
            branch: text("branch"),
            merged_at: when(record.get("merged_at")).map(|when| when.at),
            merge_sha: name("merge_sha"),
            squash_sha: name("squash_sha"),
            head_sha: name("head_sha"),
            is_cut_off: !list(record.get("cut_off")).is_empty(),
            project: text("project").unwrap_or_else(|| record.source.name().into()),
            place: (Arc::clone(&record.source), record.place_of(first.unwrap_or("id"))),
            author_place: record.place_of("author"),
            decisions: decisions(record, people, zone),
            circumstances: Circumstances::of(record, people),
            authors,
            id,
        })
    }

    /// Whether the record has every review of the request.
    #[must_use]
    pub const fn tells_all(&self) -> bool {
        !self.is_cut_off
    }

    /// What a decision was given for. `merge` is the change: its commit, its further parents, and when it landed.
    #[must_use]
    pub fn given(
        &self,
        decision: &Decision,
        (tip, parents, landed): (Oid, &[Oid], Moment),
        same_files: impl Fn(&str, &str) -> bool,
    ) -> Given {
        if self.is_cut_off {
            return Given::Unknown("the export held only a part of the request");
        }
        if decision.is_gone {
            return Given::Unknown("the record does not say who gave it");
        }
        if decision.is_lost {
            return Given::Unknown("the forge does not know any more which commit it was given for");
        }
        let landed = self.merged_at.unwrap_or_else(|| landed.timestamp());
        if let (Some(at), Some(_)) = (decision.at, decision.begins.filter(|begins| *begins > landed)) {
            return Given::Late(at);
        }
        let Some(seen) = decision.sha.as_deref() else { return Given::ForThis };
        let tip = tip.to_string();
        if same_object(seen, &tip) {
            return Given::ForThis;
        }
        // Where the commits were made into one before the merge, that one is what was merged.
        let squashed =
            |parent: &&Oid| !self.squash_sha.as_deref().is_some_and(|squash| same_object(squash, &parent.to_string()));
        let second = parents.first().filter(squashed).map(Oid::to_string);
        let heads: Vec<&str> = self.head_sha.as_deref().into_iter().chain(second.as_deref()).collect();
        let other = heads.iter().find(|head| !same_object(seen, head) && !same_files(seen, head));
        match (heads.is_empty(), other) {
            (true, _) => Given::Unknown("the record does not say which commit was the last one of the request"),
            (false, None) => Given::ForThis,
            (false, Some(head)) => Given::ForAnother(seen.into(), (*head).into()),
        }
    }
}

impl Circumstances {
    fn of(record: &Record, people: &People) -> Self {
        let label = |value: &Value| match value {
            Value::Text(label) => Some(label.trim().into()),
            _ => None,
        };
        Self {
            emergency: text(record, "class").filter(|class| &**class == "emergency").map(|_| record.place_of("class")),
            labels: list(record.get("labels")).iter().filter_map(label).collect(),
            labels_place: record.place_of("labels"),
            head_branch: text(record, "head_branch"),
            justification: text(record, "justification"),
            incident: text(record, "incident"),
            deployer: person(record.get("deployer"), people),
        }
    }
}

/// The last decision of each reviewer who ever approved.
fn decisions(record: &Record, people: &People, zone: &TimeZone) -> Vec<Decision> {
    let read = |value: &Value| {
        let Value::Record(inner) = value else { return None };
        let Value::Text(word) = inner.get("state") else { return None };
        let said = Said::of(word)?;
        let named = person(inner.get("by"), people);
        let is_gone = named.is_none();
        let by = named.unwrap_or_else(|| Person::new(GONE, ""));
        let known = match inner.get("by") {
            Value::Person(named) => named.known,
            _ => None,
        };
        let key = known.map_or_else(|| by.label().to_lowercase(), |known| format!("#{known}"));
        let sha = match inner.get("sha") {
            Value::Text(sha) => Some(sha.trim().to_ascii_lowercase().into()),
            _ => None,
        };
        let is_lost = *inner.get("tie") != Value::Null;
        let (at, place, approves) = (when(inner.get("at")), inner.place, said == Said::Approved);
        let begins = at.map(|at| at.begins(zone));
        Some((key, said, Decision { by, at, begins, approves, place, sha, is_lost, is_gone }))
    };
    let all: Vec<(String, Said, Decision)> = list(record.get("approvals")).iter().filter_map(read).collect();
    let latest = decisive::latest(&all, |one| one.0.clone(), |one| one.2.at.map(|at| at.at), |one| one.1);
    let mut wanted: Vec<usize> = latest.into_iter().filter(|(_, approved)| *approved).map(|(at, _)| at).collect();
    wanted.sort_unstable();
    let kept = all.into_iter().enumerate().filter(|(at, _)| wanted.binary_search(at).is_ok());
    kept.map(|(_, (.., decision))| decision).collect()
}

/// What stands in a field, if anything does.
fn text(record: &Record, field: &str) -> Option<Box<str>> {
    match record.get(field) {
        Value::Text(text) if !text.trim().is_empty() => Some(text.trim().into()),
        _ => None,
    }
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn when(value: &Value) -> Option<When> {
    match value {
        Value::When(when) => Some(*when),
        _ => None,
    }
}

/// Somebody as a record names them: by an address, or by an account. Of an id of the register of people the address is
/// taken, by which history knows the person.
fn person(value: &Value, people: &People) -> Option<Person> {
    let Value::Person(named) = value else { return None };
    let written = named.written.trim();
    let known = named.known.and_then(|at| people.record(at));
    let of_record = |field: &str| match known?.get(field) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    if let Some(login) = written.strip_prefix('@') {
        return Some(Person::from_login(login));
    }
    if written.contains('@') {
        return Some(Person::new(&of_record("name").unwrap_or_default(), written));
    }
    if of_record("id").is_some_and(|id| id.eq_ignore_ascii_case(written)) {
        let first = known.map(|record| list(record.get("emails"))).and_then(|emails| emails.first());
        if let Some(Value::Text(email)) = first {
            return Some(Person::new(&of_record("name").unwrap_or_default(), email));
        }
    }
    (!written.is_empty()).then(|| Person::from_login(written))
}
