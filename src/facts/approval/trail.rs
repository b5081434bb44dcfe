//! The trail of a change: who approved it, by which words, and what that shows.

use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::found::{DialectId, Discount, InRecord, Noted, Sealed, Seen};
use crate::error::Fault;
use crate::facts::calendar::When;
use crate::facts::forge::recorded;
use crate::facts::gap::Gap;
use crate::facts::moment::Moment;
use crate::facts::person::{Identity, Person};
use crate::sources::mailmap::Mailmap;
use crate::sources::oid::Oid;
use crate::text::Span;

/// How much an approval can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// Words in a message, which whoever made the commit could have typed; or a record beside the commit or in a register
    /// that an author of the change wrote or may have written, or of which the writers are not known.
    #[default]
    Claimed,
    /// A record beside the commit, such as a note, of which every writer is known and none is an author of the change.
    /// The writers are the author and the committer of each commit that gave the record its content, as these commits
    /// name them; no signature was verified.
    Witnessed,
    /// A signature that was verified here.
    Signed,
}

/// What the repository shows about one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// At least one approver is none of the authors.
    Approved,
    /// Every approver is an author.
    SelfApproved,
    /// A request is recorded, but no approver.
    Unevidenced,
    /// Neither a request nor an approver is recorded, or every review of the request is, and none of them approves.
    Unapproved,
    /// What would decide it could not be read.
    Untestable,
}

/// The content that an approval was given for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The commit that the approver saw.
    pub commit: Option<Oid>,
    /// The files that the approver saw.
    pub tree: Option<Oid>,
    /// Whether it was given for what that commit itself changes, and not for the commits before it.
    pub alone: bool,
    /// What the record names, where that leads to no commit of the change: the beginning of an object name.
    pub unknown: Option<Box<str>>,
}

/// One person's recorded consent to a change.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The approver, as the record names them.
    pub by: Person,
    /// When, where the record says so. What a note of `tickmark approve` holds counts from when it came, by the clock of
    /// whoever made the commit that brought it; `None` where that is not known.
    pub at: Option<Moment>,
    /// The dialect it is written in.
    pub dialect: DialectId,
    /// The commit whose message or note holds it.
    pub commit: Oid,
    /// Where in that message.
    pub span: Span,
    /// How it was seen.
    pub seen: Seen,
    /// The key or words it was found by.
    pub key: Box<str>,
    /// Number of the request that it was given to, where the dialect tells.
    pub request: Option<Box<str>>,
    /// How much it can be trusted.
    pub assurance: Assurance,
    /// Everybody who wrote the record beside the commit or in the register, by name. `None` for words in a message, and
    /// where it is not known who wrote the record.
    pub writers: Option<Arc<[Person]>>,
    /// The files of the reference that hold it, by their keys. `None` for words in a message, and where more than these
    /// files leads to it.
    pub files: Option<Arc<[String]>>,
    /// The envelope that holds it, where its signatures are in an envelope of their own.
    pub envelope: Option<Sealed>,
    /// What the line of a note of `tickmark approve` says beside, and how it came there.
    pub noted: Option<Arc<Noted>>,
    /// Whether the approver is none of the authors.
    pub independent: bool,
    /// Whether an author has the same full name under another address, so that they may be one person.
    pub namesake: bool,
    /// Why it does not count, whoever wrote the change.
    pub discount: Option<Discount>,
    /// The record of a register that it stands in.
    pub record: Option<Arc<InRecord>>,
    /// The content that it was given for, where the record says so.
    pub bound: Option<Bound>,
}

impl Approval {
    /// Whether it is a person's own, undiscounted approval, at whatever time it was given.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.discount.is_none() || self.is_late()
    }

    /// Whether it was given after the change had landed.
    #[must_use]
    pub const fn is_late(&self) -> bool {
        matches!(self.discount, Some(Discount::Late(_)))
    }

    /// Why it does not count for a change that landed at `landed`, if it does not. What came after that is late, by the time
    /// that the line of a note has for those who are or may be one person; see [`Noted::given_at`].
    #[must_use]
    pub fn discounted(
        &self,
        landed: Moment,
        may_be_one: impl Fn(&Person, &Person) -> bool,
    ) -> (Option<Moment>, Option<Discount>) {
        let Some(noted) = &self.noted else { return (self.at, self.discount.clone()) };
        let at = noted.given_at(&self.by, may_be_one);
        let discount = match (&self.discount, at) {
            (None | Some(Discount::Late(_)), None) => Some(Discount::Untied("when it was given cannot be read")),
            (None | Some(Discount::Late(_)), Some(at)) => {
                (at.seconds > landed.seconds).then(|| Discount::Late(When::instant(at.timestamp(), &TimeZone::UTC)))
            }
            (other, _) => other.clone(),
        };
        (at, discount)
    }

    /// Where it was found, in words.
    #[must_use]
    pub fn source(&self) -> String {
        let commit = self.commit;
        match self.seen {
            Seen::Strict => format!("trailer {} of {commit}", self.key),
            Seen::Lenient => format!("trailer {} of {commit}, outside what Git reads as trailers", self.key),
            Seen::Text => format!("{} of {commit}", self.key),
            Seen::Beside => format!("{} for {commit}", self.key),
        }
    }
}

/// The request that a change came through.
#[derive(Clone, Debug)]
pub struct Request {
    /// The dialect that names it.
    pub dialect: DialectId,
    /// Its number, or another name.
    pub id: Box<str>,
    /// The commit that names it.
    pub commit: Oid,
    /// Where in that commit's message.
    pub span: Span,
    /// Whether every review of it is known, so that a missing approval was not given.
    pub is_told: bool,
}

/// A change with its trail.
#[derive(Clone, Debug)]
pub struct Change {
    /// The first-parent commit.
    pub commit: Oid,
    /// Its first parent; `None` for the first commit of all.
    pub base: Option<Oid>,
    /// Trees of the change and of its base.
    pub trees: (Oid, Option<Oid>),
    /// All parents, in order.
    pub parents: Vec<Oid>,
    /// Commits of the branch from which those that it lands set out.
    pub forks: Vec<Oid>,
    /// The commits that it lands beside itself, without merges.
    pub brought: Vec<Oid>,
    /// The last commit of what was proposed: the second parent of a merge of two, or what a record says.
    pub head: Option<Oid>,
    /// Subject of the commit, in one line.
    pub subject: Box<str>,
    /// Whether it is a merge.
    pub merge: bool,
    /// Number of commits that it lands beside itself.
    pub landed: usize,
    /// When it landed, by the committer's clock.
    pub landed_at: Moment,
    /// Who landed it.
    pub landed_by: Person,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// The request that it came through.
    pub request: Option<Request>,
    /// All dialects that say something about it.
    pub dialects: Vec<DialectId>,
    /// All approvals found, counting or not.
    pub approvals: Vec<Approval>,
    /// Records of the register `changes` that are about it.
    pub records: Vec<Arc<recorded::Request>>,
    /// Number of requests that it lands at once, where the dialect batches them; 0 or 1 otherwise.
    pub batch: usize,
    /// Number of persons, none of them an author, who approved; in a batch, of the request that has fewest.
    pub independent_approvers: usize,
    /// The same without those who approved only after it had landed.
    pub approvers_in_time: usize,
    /// What the repository shows.
    pub verdict: Verdict,
    /// What could not be read of it.
    pub unreadable: Option<Gap>,
    /// The versions of `.mailmap` that decide who is who in it.
    pub mailmaps: Vec<Arc<Mailmap>>,
}

impl Change {
    /// Who is who in this change.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        Identity::new(self.mailmaps.iter().map(AsRef::as_ref).collect())
    }
}

/// The trails of a range of a branch.
#[derive(Debug)]
pub struct Trail {
    /// The changes, newest first.
    pub changes: Vec<Change>,
    /// What could not be read of the history as a whole; empty if and only if it was read whole.
    pub gaps: Vec<Gap>,
    /// Records of the register `changes` of which the commit is not in the history.
    pub missing: Vec<Arc<recorded::Request>>,
    /// What stands beside the changes as an approval, and cannot be read.
    pub unread: Vec<Unread>,
}

/// Something that stands beside a change as an approval, and cannot be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The change.
    pub change: Oid,
    /// What is wrong with it, at its place.
    pub fault: Fault,
}

/// Number of persons among these names.
pub fn persons<'p>(identity: &Identity<'_>, names: impl Iterator<Item = &'p Person>) -> usize {
    let mut known: Vec<&Person> = Vec::new();
    for name in names {
        if !known.iter().any(|person| identity.same(person, name)) {
            known.push(name);
        }
    }
    known.len()
}
