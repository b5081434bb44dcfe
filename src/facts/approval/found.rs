//! What one pass over a commit's message finds: requests, approvals, authors, and words known for none of these.

use std::sync::Arc;

use super::line::Signed;
use crate::facts::calendar::When;
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// Index of a dialect in the compiled set.
pub type DialectId = u8;

/// What a clue says about the commit that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It came through a request.
    Request,
    /// Somebody approved it.
    Approval,
    /// Somebody approved an earlier commit, which is named.
    Later,
    /// Somebody wrote it, beside its author.
    Author,
    /// Somebody is named who did not approve it, by words that another dialect takes for an approval.
    NotApproval,
}

/// How a clue was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// In a trailer, by Git's own reading.
    Strict,
    /// In a trailer that Git's own reading does not see.
    Lenient,
    /// In the subject or in a line of the body.
    Text,
    /// In a note, an attestation, or a record.
    Beside,
}

/// Why an approval does not count, whoever wrote the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discount {
    /// A robot is no person.
    Robot,
    /// A group does not say who.
    Group,
    /// The token names nobody.
    NotAPerson,
    /// It was given to another commit, from which this one was picked.
    Inherited,
    /// It was taken back.
    Dismissed,
    /// The approver is not among those whom the attested policy trusts.
    Outsider,
    /// It was given for other content, another base or another branch; the text says which.
    Elsewhere(Box<str>),
    /// It was given for this commit, and the second one landed.
    Stale(Box<str>, Box<str>),
    /// It cannot be told what it was given for; the text says why.
    Untied(&'static str),
    /// It was given after the change had landed; the text says when.
    Late(When),
}

impl Discount {
    /// Why the approval does not count, in words.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Robot => "a robot is no person".to_owned(),
            Self::Group => "a group does not say who".to_owned(),
            Self::NotAPerson => "the word names no person".to_owned(),
            Self::Inherited => "given to the commit that this one was picked from".to_owned(),
            Self::Dismissed => "it was taken back".to_owned(),
            Self::Outsider => "no principal of the attested policy".to_owned(),
            Self::Elsewhere(why) => format!("given to something else: {why}"),
            Self::Stale(seen, landed) => format!("given for {}, and {} landed", short(seen), short(landed)),
            Self::Untied(why) => (*why).to_owned(),
            Self::Late(at) => format!("given on {at}, after it had landed"),
        }
    }
}

/// The first seven digits of a name, as people quote it.
#[must_use]
pub fn short(name: &str) -> &str {
    name.get(..7).unwrap_or(name)
}

/// The content that an approval was given for, as its record says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenFor {
    /// A commit with all that is before it.
    Commit(Oid),
    /// What the commit that the record belongs to changes itself.
    ThisAlone,
    /// A tree.
    Tree(Oid),
    /// A commit whose object name begins so.
    Named(Box<str>),
}

/// One thing that a message says about approval, in a dialect.
#[derive(Clone, Debug)]
pub struct Found {
    /// The dialect that it is written in.
    pub dialect: DialectId,
    /// What it says.
    pub role: Role,
    /// Who, for an approval or an author.
    pub person: Option<Person>,
    /// Number of the request that it belongs to, where the dialect tells.
    pub id: Option<Box<str>>,
    /// When, where the record says so; for a line of a note of `tickmark approve` when it came, and `None` where that is
    /// not known.
    pub at: Option<Moment>,
    /// Place in the message.
    pub span: Span,
    /// How it was seen.
    pub seen: Seen,
    /// The key or words it was found by, such as `Reviewed-by`.
    pub key: Box<str>,
    /// Why it does not count, if it does not.
    pub discount: Option<Discount>,
    /// The record of a register that it stands in.
    pub record: Option<Arc<InRecord>>,
    /// The signed envelope that holds it, if one does.
    pub envelope: Option<Box<Sealed>>,
    /// The content that it was given for, where the record says so.
    pub given_for: Option<GivenFor>,
    /// What the line of a note of `tickmark approve` says beside, and how it came there.
    pub noted: Option<Arc<Noted>>,
}

/// What a line of a note says beside who approved, and how it came there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The role in which it was given.
    pub role: Option<Box<str>>,
    /// The incident that the change was made for in an emergency.
    pub incident: Option<Box<str>>,
    /// When it was given, as the line itself says.
    pub said_at: Moment,
    /// When the line came, by the clock of whoever made the commit that brought it; `None` where that cannot be read.
    pub came_at: Option<Moment>,
    /// The commits of the notes that brought the line; empty where they cannot be read.
    pub commits: Vec<Oid>,
    /// Author and committer of these commits, by name; `None` where that is not known.
    pub writers: Option<Arc<[Person]>>,
    /// The signature on the line.
    pub signed: Option<Signed>,
}

impl Noted {
    /// From when an approval by `by` counts. An approver can write any time into a line of their own, which counts from when it
    /// came, unless it says that it was given later. Where somebody else brought it, that one vouches for the time that it
    /// says, as a workflow of the forge does, which records a review once the request has landed. `may_be_one` says whether
    /// two names are one person or may be: whoever may be the approver vouches for nothing.
    #[must_use]
    pub fn given_at(&self, by: &Person, may_be_one: impl Fn(&Person, &Person) -> bool) -> Option<Moment> {
        let came = self.came_at?;
        let own = self.writers.as_ref().is_none_or(|writers| writers.iter().any(|writer| may_be_one(writer, by)));
        Some(if own && came.seconds > self.said_at.seconds { came } else { self.said_at })
    }
}

/// Where in a register something stands.
#[derive(Debug)]
pub struct InRecord {
    /// The file.
    pub source: Arc<SourceText>,
    /// Where in it.
    pub span: Span,
    /// Everybody who wrote the file, where that is known.
    pub writers: Option<Arc<[Person]>>,
}

/// An approval in a signed envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope.
    pub blob: Oid,
    /// Whether it is written by an application that names the approvers, and not by these themselves.
    pub reported: bool,
}

impl Found {
    /// Whether what a later finding says of the same message is already said by this one.
    fn claims(&self, later: &Self) -> bool {
        if self.seen == Seen::Beside {
            false
        } else if self.dialect == later.dialect {
            self.span == later.span && (self.role == Role::NotApproval || self.person == later.person)
        } else {
            overlap(self.span, later.span)
        }
    }
}

/// Every approval of one commit once, out of what was found in order of rank: words that several dialects read belong
/// to the first of them, also where that one knows them for no approval. What stands beside the commit is left as it
/// is.
pub fn approvals<'f>(found: impl Iterator<Item = &'f Found>) -> Vec<&'f Found> {
    let mut kept: Vec<&Found> = Vec::new();
    for one in found.filter(|one| matches!(one.role, Role::Approval | Role::NotApproval)) {
        if one.seen == Seen::Beside || !kept.iter().any(|known| known.claims(one)) {
            kept.push(one);
        }
    }
    kept.retain(|one| one.role == Role::Approval);
    kept
}

/// Keeps what is known to be no approval only where another dialect takes the same words for one.
pub(super) fn forget_what_nobody_mistakes(found: &mut Vec<Found>) {
    if found.iter().any(|one| one.role == Role::NotApproval) {
        let taken: Vec<(DialectId, Span)> =
            found.iter().filter(|one| one.role == Role::Approval).map(|one| (one.dialect, one.span)).collect();
        found.retain(|one| {
            let mistaken = |(dialect, span): &(DialectId, Span)| *dialect > one.dialect && overlap(*span, one.span);
            one.role != Role::NotApproval || taken.iter().any(mistaken)
        });
    }
}

const fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}
