//! `tickmark.trail/1`: the trail of each change, for programs.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::approval::found::Discount;
use crate::facts::approval::matcher::Matcher;
use crate::facts::approval::trail::{Approval, Assurance, Change, Trail, Verdict};
use crate::facts::person::Person;
use crate::sources::oid::Oid;

/// The document that `tickmark trail --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "tickmark trail")]
pub struct TrailDocument<'a> {
    /// `tickmark.trail/1`.
    #[schemars(extend("const" = "tickmark.trail/1"))]
    pub schema: &'static str,
    /// Name of the repository's folder.
    pub repository: String,
    /// The branch or revision asked for.
    pub branch: String,
    /// Where the range begins; what it has is left out. `null` for the whole history.
    pub base: Option<Oid>,
    /// Where the range ends.
    pub tip: Oid,
    /// Whether everything that the verdicts need was read.
    pub complete: bool,
    /// What could not be read, with the command that mends it.
    pub gaps: Vec<GapEntry<'a>>,
    /// Number of changes by verdict.
    pub summary: Summary,
    /// The changes, newest first.
    pub changes: Vec<ChangeEntry<'a>>,
}

/// Number of changes by verdict.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// All changes of the range.
    pub changes: usize,
    /// At least one approver is none of the authors.
    pub approved: usize,
    /// Every approver is an author.
    pub self_approved: usize,
    /// A request is recorded, but no approver.
    pub unevidenced: usize,
    /// Neither a request nor an approver is recorded.
    pub unapproved: usize,
    /// What would decide it could not be read.
    pub untestable: usize,
}

/// Something that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GapEntry<'a> {
    /// What is missing.
    pub what: &'a str,
    /// The command that mends it.
    pub mend: &'a str,
}

/// One change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeEntry<'a> {
    /// The first-parent commit.
    pub commit: Oid,
    /// Its subject, in one line.
    pub subject: &'a str,
    /// Whether it is a merge or a direct commit.
    pub kind: Kind,
    /// When it landed, by the committer's clock (RFC 3339).
    pub landed_at: String,
    /// Who landed it.
    pub landed_by: PersonEntry<'a>,
    /// Who wrote it.
    pub authors: Vec<PersonEntry<'a>>,
    /// The request that it came through.
    pub request: Option<RequestEntry<'a>>,
    /// Every dialect that says something about it.
    pub dialects: Vec<&'a str>,
    /// All approvals found, counting or not.
    pub approvals: Vec<ApprovalEntry<'a>>,
    /// Number of persons, none of them an author, who approved.
    pub independent_approvers: usize,
    /// What the repository shows about it.
    pub verdict: Verdict,
    /// What could not be read of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub unreadable: Option<GapEntry<'a>>,
}

/// How a change landed.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A commit with two parents or more.
    Merge,
    /// A commit with one parent, or none.
    Direct,
}

/// A person, as the record names them.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct PersonEntry<'a> {
    /// Name in full.
    pub name: Option<&'a str>,
    /// Mail address.
    pub email: Option<&'a str>,
    /// Name of the account on the forge.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub login: Option<&'a str>,
}

/// The request that a change came through.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestEntry<'a> {
    /// The dialect that names it.
    pub dialect: &'a str,
    /// Its number, or another name.
    pub id: &'a str,
}

/// One approval.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApprovalEntry<'a> {
    /// The approver.
    pub by: PersonEntry<'a>,
    /// When, where the record says so (RFC 3339).
    pub at: Option<String>,
    /// The dialect it is written in.
    pub dialect: &'a str,
    /// Where it was found.
    pub source: String,
    /// How much it can be trusted.
    pub assurance: Assurance,
    /// Whether it counts and the approver is none of the authors.
    pub independent: bool,
    /// The role in which it was given, where the record says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub role: Option<&'a str>,
    /// The incident that the change was made for, where the record says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub incident: Option<&'a str>,
    /// Why it does not count, whoever wrote the change.
    pub discounted: Option<String>,
    /// What a reader should look at although it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub doubt: Option<&'static str>,
}

impl<'a> TrailDocument<'a> {
    /// The document of a trail.
    #[must_use]
    pub fn new(
        trail: &'a Trail,
        matcher: &'a Matcher,
        repository: String,
        branch: String,
        range: (Option<Oid>, Oid),
    ) -> Self {
        Self {
            schema: "tickmark.trail/1",
            repository,
            branch,
            base: range.0,
            tip: range.1,
            complete: trail.gaps.is_empty(),
            gaps: trail.gaps.iter().map(|gap| GapEntry { what: &gap.what, mend: &gap.mend }).collect(),
            summary: Summary::count(&trail.changes),
            changes: trail.changes.par_iter().map(|change| ChangeEntry::new(change, matcher)).collect(),
        }
    }
}

impl Summary {
    /// Counts changes by verdict.
    #[must_use]
    pub fn count(changes: &[Change]) -> Self {
        let of = |verdict: Verdict| changes.iter().filter(|change| change.verdict == verdict).count();
        Self {
            changes: changes.len(),
            approved: of(Verdict::Approved),
            self_approved: of(Verdict::SelfApproved),
            unevidenced: of(Verdict::Unevidenced),
            unapproved: of(Verdict::Unapproved),
            untestable: of(Verdict::Untestable),
        }
    }
}

impl<'a> ChangeEntry<'a> {
    fn new(change: &'a Change, matcher: &'a Matcher) -> Self {
        let name = |id| matcher.dialect(id).dialect.as_str();
        Self {
            commit: change.commit,
            subject: &change.subject,
            kind: if change.merge { Kind::Merge } else { Kind::Direct },
            landed_at: change.landed_at.rfc3339(),
            landed_by: (&change.landed_by).into(),
            authors: change.authors.iter().map(PersonEntry::from).collect(),
            request: change
                .request
                .as_ref()
                .map(|request| RequestEntry { dialect: name(request.dialect), id: &request.id }),
            dialects: change.dialects.iter().map(|id| name(*id)).collect(),
            approvals: change.approvals.iter().map(|approval| ApprovalEntry::new(approval, matcher)).collect(),
            independent_approvers: change.independent_approvers,
            verdict: change.verdict,
            unreadable: change.unreadable.as_ref().map(|gap| GapEntry { what: &gap.what, mend: &gap.mend }),
        }
    }
}

impl<'a> ApprovalEntry<'a> {
    fn new(approval: &'a Approval, matcher: &'a Matcher) -> Self {
        Self {
            by: (&approval.by).into(),
            at: approval.at.map(|at| at.rfc3339()),
            dialect: &matcher.dialect(approval.dialect).dialect,
            source: approval.source(),
            assurance: approval.assurance,
            independent: approval.independent,
            role: approval.noted.as_ref().and_then(|noted| noted.role.as_deref()),
            incident: approval.noted.as_ref().and_then(|noted| noted.incident.as_deref()),
            discounted: approval.discount.as_ref().filter(|_| !approval.counts()).map(Discount::reason),
            doubt: if approval.namesake {
                Some("an author has the same name under another address")
            } else {
                approval.is_late().then_some("given after the change had landed")
            },
        }
    }
}

impl<'a> From<&'a Person> for PersonEntry<'a> {
    fn from(person: &'a Person) -> Self {
        Self { name: person.name.as_deref(), email: person.email.as_deref(), login: person.login.as_deref() }
    }
}
