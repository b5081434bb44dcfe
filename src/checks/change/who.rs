//! Who is who in a change.

use super::approvers::Approvers;
use crate::facts::person::{Identity, Person};

/// Who is who in a change, by `.mailmap` and by the register of people.
pub(super) struct Who<'a> {
    pub(super) approvers: &'a Approvers<'a>,
    pub(super) identity: &'a Identity<'a>,
}

impl Who<'_> {
    pub(super) fn same(&self, one: &Person, other: &Person) -> bool {
        self.approvers.same(self.identity, one, other)
    }

    /// Whether only the register of people joins two names; what `.mailmap` joins, the trail has weighed already.
    pub(super) fn joined(&self, one: &Person, other: &Person) -> bool {
        !self.identity.same(one, other) && self.same(one, other)
    }

    pub(super) fn may_be_one(&self, one: &Person, other: &Person) -> bool {
        self.approvers.may_be_one(self.identity, one, other)
    }

    /// Number of persons among these names.
    pub(super) fn persons<'p>(&self, names: impl Iterator<Item = &'p Person>) -> usize {
        number(names, |one, other| self.same(one, other))
    }

    /// Number of persons, where one full name under two addresses counts once.
    pub(super) fn distinct<'p>(&self, names: impl Iterator<Item = &'p Person>) -> usize {
        number(names, |one, other| self.same(one, other) || self.may_be_one(one, other))
    }
}

fn number<'p>(names: impl Iterator<Item = &'p Person>, same: impl Fn(&Person, &Person) -> bool) -> usize {
    let mut known: Vec<&Person> = Vec::new();
    for name in names {
        if !known.iter().any(|person| same(person, name)) {
            known.push(name);
        }
    }
    known.len()
}
