//! Whether the records beside a change were written by somebody else than its authors.

use rustc_hash::FxHashMap;

use super::found::Seen;
use super::trail::{Approval, Assurance};
use crate::facts::person::Person;

/// Answers for one change, each writer looked at once.
pub struct Witnesses<'a, S> {
    authors: &'a [Person],
    may_be_one: S,
    known: FxHashMap<Person, bool>,
}

impl<'a, S: Fn(&Person, &Person) -> bool> Witnesses<'a, S> {
    /// Answers for a change by these authors. `may_be_one` says whether an author and a writer are one person, or may
    /// be: a doubtful writer is no witness.
    pub fn new(authors: &'a [Person], may_be_one: S) -> Self {
        Self { authors, may_be_one, known: FxHashMap::default() }
    }

    /// How much an approval can be trusted. What was verified stays so, whoever wrote the record.
    pub fn assurance(&mut self, approval: &Approval) -> Assurance {
        if approval.assurance == Assurance::Signed {
            return Assurance::Signed;
        }
        let writers = approval.writers.as_deref().filter(|_| approval.seen == Seen::Beside).unwrap_or_default();
        if !writers.is_empty() && writers.iter().all(|writer| self.is_another(writer)) {
            Assurance::Witnessed
        } else {
            Assurance::Claimed
        }
    }

    /// Whether a writer is none of the authors. Where an author is nobody that could be named, that cannot be told.
    fn is_another(&mut self, writer: &Person) -> bool {
        if let Some(known) = self.known.get(writer) {
            return *known;
        }
        let is_writer = |author: &Person| *author == Person::default() || (self.may_be_one)(author, writer);
        let another = !self.authors.is_empty() && !self.authors.iter().any(is_writer);
        self.known.insert(writer.clone(), another);
        another
    }
}
