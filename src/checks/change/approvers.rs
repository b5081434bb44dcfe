//! Who may approve, as a control says it.

use serde::Deserialize;

use super::emergency::Emergencies;
use crate::facts::approval::trail::Assurance;
use crate::facts::calendar::Day;
use crate::facts::document::roster::Roster;
use crate::facts::person::{Identity, Person};

/// The name by which a control covers its own repository beside others.
pub const THIS: &str = ".";

/// What a control states under `with` for the test `change-approval`; `policies/change/change-approval.yaml` says
/// what each means.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// Protected branches.
    pub branches: Vec<String>,
    /// Other repositories that are covered, in place of this one.
    pub repositories: Vec<String>,
    /// Globs of files that are covered.
    pub paths: Vec<String>,
    /// Whether an owner of each file must approve.
    pub code_owners: bool,
    /// Number of persons who must approve.
    pub approvals: usize,
    /// Who may approve.
    pub approvers: Vec<String>,
    /// Roles whose holders may approve.
    pub approver_roles: Vec<String>,
    /// A trailer whose persons may approve.
    pub approvers_seen_in: Option<String>,
    /// Whether an author who may approve counts.
    pub author_counts: AuthorCounts,
    /// Least assurance of an approval.
    pub assurance: Assurance,
    /// Whether what lands has to be what was approved.
    pub content_covered: bool,
    /// Trailers that each change must have.
    pub trailers: Vec<String>,
    /// How long after it landed a change must have a record, if it must.
    pub recorded_within: Option<String>,
    /// What approves a pure revert of an approved change.
    pub reverts: Carry,
    /// What approves an approved change that is picked onto another branch as it is.
    pub backports: Carry,
    /// Classes left out.
    pub exempt: Vec<Exemption>,
    /// What is an emergency, and how it is approved afterwards; nothing is if left out.
    pub emergency: Option<Emergencies>,
}

/// Whether an author counts as one of the approvers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorCounts {
    /// Never.
    #[default]
    Never,
    /// If the author is one of those who may approve.
    AsApprover,
}

/// What approves a change that carries over what was approved elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carry {
    /// Approvals of its own, as of any change.
    #[default]
    Approved,
    /// The approvals of what it carries over.
    Covered,
}

/// A class of changes that a control leaves out.
#[derive(Clone, Debug, Deserialize)]
pub struct Exemption {
    /// What people call it.
    pub class: String,
    /// Why it is left out.
    pub why: String,
    /// Globs that every file of the change must match.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Persons who must have written all of it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// How a change says that it belongs to the class: globs of the branch that it merges.
    #[serde(default)]
    pub branches: Vec<String>,
    /// The same: globs of its subject.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// The same: trailers, as `Key: value`.
    #[serde(default)]
    pub trailers: Vec<String>,
}

/// Who may approve.
pub struct Approvers<'a> {
    /// Persons whom the control names; anybody if nothing restricts it.
    named: Vec<Person>,
    roles: &'a [String],
    roster: &'a Roster,
    anybody: bool,
}

impl Parameters {
    /// Whether a repository is covered: one of the configuration by its name, or this one.
    #[must_use]
    pub fn cover(&self, repository: Option<&str>) -> bool {
        let name = repository.unwrap_or(THIS);
        if self.repositories.is_empty() {
            repository.is_none()
        } else {
            self.repositories.iter().any(|one| one == name)
        }
    }
}

impl<'a> Approvers<'a> {
    /// Who may approve by these parameters. `seen` are the persons named in the trailer that the control gives.
    #[must_use]
    pub fn new(parameters: &'a Parameters, roster: &'a Roster, seen: &[Person]) -> Self {
        let mut named: Vec<Person> = parameters.approvers.iter().map(|text| person(text)).collect();
        named.extend_from_slice(seen);
        let anybody = parameters.approvers.is_empty()
            && parameters.approver_roles.is_empty()
            && parameters.approvers_seen_in.is_none();
        Self { named, roles: &parameters.approver_roles, roster, anybody }
    }

    /// Whether a person may approve a change that landed on a day.
    #[must_use]
    pub fn allow(&self, who: &Person, identity: &Identity<'_>, day: Day) -> bool {
        if self.anybody || self.named.iter().any(|named| identity.same(named, who)) {
            return true;
        }
        let Some(record) = self.roster.find(who, identity) else { return false };
        let role = record.role_on(day);
        self.roles.iter().any(|wanted| role.as_deref() == Some(wanted.as_str()))
            || record.names().any(|name| self.named.iter().any(|named| identity.same(named, name)))
    }

    /// Whether two names are one person: by `.mailmap`, or by one record of the register of people.
    #[must_use]
    pub fn same(&self, identity: &Identity<'_>, one: &Person, other: &Person) -> bool {
        identity.same(one, other) || self.records(identity, one, other).is_some_and(|(one, other)| one == other)
    }

    /// Whether two names with one full name may be one person: nothing joins them, and the register of people does not
    /// tell them apart.
    #[must_use]
    pub fn may_be_one(&self, identity: &Identity<'_>, one: &Person, other: &Person) -> bool {
        identity.namesakes(one, other) && self.records(identity, one, other).is_none_or(|(one, other)| one == other)
    }

    /// Whether the register of people has two names as two persons, and nothing else joins them.
    #[must_use]
    pub fn are_two(&self, identity: &Identity<'_>, one: &Person, other: &Person) -> bool {
        !identity.same(one, other) && self.records(identity, one, other).is_some_and(|(one, other)| one != other)
    }

    /// The register of people.
    #[must_use]
    pub const fn roster(&self) -> &'a Roster {
        self.roster
    }

    /// Ids of the records of two names, where both have one.
    fn records(&self, identity: &Identity<'_>, one: &Person, other: &Person) -> Option<(&str, &str)> {
        let id = |person| self.roster.find(person, identity).map(|record| record.id.as_str());
        id(one).zip(id(other))
    }
}

/// An address, a `@login`, or a name, as people write it into a control.
#[must_use]
pub fn person(text: &str) -> Person {
    match text.strip_prefix('@') {
        Some(login) => Person::from_login(login),
        None if text.contains('@') => Person::new("", text),
        None => Person::new(text, ""),
    }
}
