//! Where deployments are found: tags, a branch, a register.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{By, Deployment};
use crate::facts::calendar::When;
use crate::facts::landing::History;
use crate::facts::person::Person;
use crate::facts::register::value::{PersonRef, Record, Value};
use crate::sources::oid::Oid;
use crate::sources::tags::Tag;
use crate::text::{SourceText, Span};

/// What is wrong with where a record says that its deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It names no commit and no tag.
    Nowhere,
    /// It names a commit that is not in this clone.
    Commit(String),
    /// It names a tag that is not there.
    Tag(String),
    /// It names a commit, and a tag that leads to another one.
    Moved {
        /// The tag.
        tag: String,
        /// The commit of the record.
        was: Oid,
        /// The commit that the tag leads to.
        is: Oid,
    },
}

/// The deployments of a register, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Those whose commit is known.
    pub deployments: Vec<Deployment>,
    /// What is wrong with where a record says that it is.
    pub lost: Vec<(Arc<Record>, Lost)>,
}

/// Each tag is a deployment. Of one that is only a name nothing tells when it was made; it is given the date of its
/// commit, if the commit was read.
#[must_use]
pub fn of_tags(tags: &[Tag], history: &History, zone: &TimeZone) -> Vec<Deployment> {
    tags.iter().filter_map(|tag| of_tag(tag, history, zone)).collect()
}

fn of_tag(tag: &Tag, history: &History, zone: &TimeZone) -> Option<Deployment> {
    let committed = history.get(history.find(tag.commit)?).committed;
    let said = tag.said.as_ref();
    let made = said.and_then(|said| said.by.as_ref());
    let at = made
        .map_or(committed, |(.., seconds, offset)| crate::facts::moment::Moment { seconds: *seconds, offset: *offset });
    let shown = said.map(|said| {
        let who = made.map_or("nobody", |(name, ..)| name.as_str());
        let title = format!("tag {}, {}, by {who}", tag.name, at.readable());
        let text = SourceText::titled(format!("tag {}", tag.name), title, said.message.clone());
        let end = text.text().find('\n').unwrap_or(text.text().len());
        (text, Span::new(0, end))
    });
    Some(Deployment {
        name: tag.name.clone(),
        key: format!("tag {}", tag.name),
        commit: tag.commit,
        at: When::instant(at.timestamp(), zone),
        timed: made.is_some(),
        by: made.map(|(name, email, ..)| By::Person(Person::new(name, email))),
        shown,
        record: None,
        lane: String::new(),
    })
}

/// Each commit of the first-parent line of a branch is a deployment, newest first. Where `is_change` says that a commit
/// is a change of a protected branch, the branch was moved to it later, and nothing tells when and by whom.
#[must_use]
pub fn of_branch(
    branch: &str,
    tip: Oid,
    history: &History,
    is_change: impl Fn(u32) -> bool,
    zone: &TimeZone,
) -> Vec<Deployment> {
    let mut found = Vec::new();
    let mut next = history.find(tip);
    while let Some(at) = next {
        let commit = history.get(at);
        let own = !is_change(at);
        found.push(Deployment {
            name: format!("{branch} at {}", commit.id.short()),
            key: format!("{branch} {}", commit.id),
            commit: commit.id,
            at: When::instant(commit.committed.timestamp(), zone),
            timed: own,
            by: own.then(|| By::Person(history.people.get(commit.author).clone())),
            shown: None,
            record: None,
            lane: String::new(),
        });
        next = commit.parents.first().and_then(|parent| history.find(*parent));
    }
    found
}

/// The deployments of some records. `commit` finds the commit of a name that stands in a record, `tag` that of a tag.
#[must_use]
pub fn of_records<'r>(
    records: impl Iterator<Item = &'r Arc<Record>>,
    commit: impl Fn(&str) -> Option<Oid>,
    tag: impl Fn(&str) -> Option<Oid>,
) -> Recorded {
    let mut recorded = Recorded::default();
    for record in records {
        let text = |field: &str| match record.get(field) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        };
        let Value::When(at) = *record.get("at") else { continue };
        let (sha, name) = (text("sha"), text("tag"));
        let (was, is) = (sha.as_deref().and_then(&commit), name.as_deref().and_then(&tag));
        let lost = match (&sha, &name, was, is) {
            (None, None, ..) => Some(Lost::Nowhere),
            (Some(sha), _, None, _) => Some(Lost::Commit(sha.clone())),
            (_, Some(name), _, None) => Some(Lost::Tag(name.clone())),
            (_, Some(name), Some(was), Some(is)) if was != is => Some(Lost::Moved { tag: name.clone(), was, is }),
            _ => None,
        };
        recorded.lost.extend(lost.map(|lost| (Arc::clone(record), lost)));
        let Some(commit) = was.or(is) else { continue };
        let by = match record.get("deployer") {
            Value::Person(person) => Some(By::Named(Arc::clone(person))),
            _ => None,
        };
        let id = text("id").unwrap_or_default();
        let lane = [text("environment"), text("system")].map(Option::unwrap_or_default).join("\0");
        recorded.deployments.push(Deployment {
            name: id.clone(),
            key: format!("record {id}"),
            commit,
            at,
            timed: true,
            by,
            shown: Some((Arc::clone(&record.source), record.place_of("id"))),
            record: Some(Arc::clone(record)),
            lane,
        });
    }
    recorded
}

impl Deployment {
    /// The same deployment with what its record says of it.
    #[must_use]
    pub fn with_record(mut self, of_record: &Self) -> Self {
        self.record.clone_from(&of_record.record);
        self.by = of_record.by.clone().or(self.by);
        self.lane.clone_from(&of_record.lane);
        if !self.timed {
            (self.at, self.timed) = (of_record.at, of_record.timed);
        }
        self.shown = self.shown.or_else(|| of_record.shown.clone());
        self
    }

    /// Everybody whom a field of its record names.
    #[must_use]
    pub fn named(&self, field: &str) -> Option<&Arc<PersonRef>> {
        match self.record.as_ref()?.get(field) {
            Value::Person(person) => Some(person),
            _ => None,
        }
    }
}
