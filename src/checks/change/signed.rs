//! Whether the signatures on an approval are those of its approver.

use crate::facts::approval::proof::{Proof, Verified};
use crate::facts::approval::trail::{Approval, Change};
use crate::facts::document::roster::Roster;
use crate::facts::person::{Identity, Person};
use crate::sources::signatures::{KeyPlace, Refusal, Signer};

/// Why an approval that is signed is not signed by its approver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The signature says nothing.
    Refused(Refusal),
    /// It is by a key of somebody else, or of nobody in particular.
    NotBy(Signer),
    /// The key is the approver's and somebody else's, who the name is of.
    Shared(Signer, String),
}

impl Flaw {
    /// The line of a file of keys that shows it, if there is one.
    #[must_use]
    pub fn place(&self) -> Option<&KeyPlace> {
        match self {
            Self::Refused(Refusal::Revoked(signer, revoked)) => revoked.as_ref().or(signer.place.as_ref()),
            Self::Refused(Refusal::OutOfTime(signer, _)) => signer.place.as_ref(),
            Self::NotBy(signer) | Self::Shared(signer, _) => signer.place.as_ref(),
            Self::Refused(Refusal::Unknown(_, place) | Refusal::Untold(_, place)) => place.as_ref(),
            Self::Refused(Refusal::Broken(_)) => None,
        }
    }

    /// Whether it cannot be told who signed.
    #[must_use]
    pub const fn is_untold(&self) -> bool {
        matches!(self, Self::Refused(Refusal::Untold(..)))
    }
}

/// What the signatures on an approval say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is none.
    Unsigned,
    /// They are the approver's.
    Signed,
    /// They are not, or it cannot be told.
    Flawed(Flaw),
}

/// Who is who, for the signatures of one change.
pub struct Holders<'a, S> {
    /// The change.
    pub change: &'a Change,
    /// Whether two names are one person.
    pub same: S,
    /// The register of people.
    pub roster: &'a Roster,
    /// The versions of `.mailmap` that decide.
    pub identity: &'a Identity<'a>,
}

impl<S: Fn(&Person, &Person) -> bool> Holders<'_, S> {
    /// What the signatures on an approval say.
    pub fn answer(&self, approval: &Approval, proof: &Proof) -> Answer {
        match proof {
            Proof::Unsigned => Answer::Unsigned,
            Proof::Vouched => Answer::Signed,
            Proof::Every(all) => {
                let flaw = all.iter().find_map(|one| self.flaw(approval, one));
                flaw.map_or(Answer::Signed, Answer::Flawed)
            }
            Proof::Any(all) => {
                let flaws: Vec<Option<Flaw>> = all.iter().map(|one| self.flaw(approval, one)).collect();
                if flaws.iter().any(Option::is_none) {
                    return Answer::Signed;
                }
                // What cannot be told might be the approver's; among the rest, whose it is says most.
                let rank = |flaw: &Flaw| match flaw {
                    Flaw::Refused(Refusal::Untold(..)) => 0,
                    Flaw::Refused(Refusal::Revoked(..) | Refusal::OutOfTime(..)) | Flaw::Shared(..) => 1,
                    Flaw::Refused(Refusal::Broken(_)) => 2,
                    Flaw::NotBy(_) => 3,
                    Flaw::Refused(Refusal::Unknown(..)) => 4,
                };
                flaws.into_iter().flatten().min_by_key(rank).map_or(Answer::Unsigned, Answer::Flawed)
            }
        }
    }

    fn flaw(&self, approval: &Approval, verified: &Verified) -> Option<Flaw> {
        let signer = match verified {
            Ok(signer) => signer,
            Err(refusal) => return Some(Flaw::Refused(refusal.clone())),
        };
        let names: Vec<Person> = signer.names.iter().map(|name| person(name)).collect();
        if !names.iter().any(|name| (self.same)(name, &approval.by)) {
            return Some(Flaw::NotBy(signer.clone()));
        }
        let other = self.other(&approval.by, &names, signer)?;
        Some(Flaw::Shared(signer.clone(), other))
    }

    /// Somebody else whom a key of the approver is given to as well: an author of the change, another approver, or another
    /// person of the register. Whoever of them signed cannot be told.
    fn other(&self, by: &Person, names: &[Person], signer: &Signer) -> Option<String> {
        let change = self.change;
        let people = change.authors.iter().chain(change.approvals.iter().map(|one| &one.by));
        let is_other = |person: &&Person| {
            let has = |name: &Option<Box<str>>| name.as_deref().is_some_and(|name| signer.may_be(name));
            let given = names.iter().any(|name| (self.same)(name, person)) || has(&person.email) || has(&person.login);
            given && !(self.same)(person, by)
        };
        let in_change = people.into_iter().find(is_other).map(|person| person.label().to_owned());
        in_change.or_else(|| {
            let own = self.roster.find(by, self.identity)?;
            let found = names.iter().filter_map(|name| self.roster.find(name, self.identity));
            found.into_iter().find(|record| record.id != own.id).map(|record| record.id.clone())
        })
    }
}

/// The person whom a principal or a user id names: `Name (comment) <address>`, an address, or a login.
#[must_use]
pub fn person(text: &str) -> Person {
    let text = text.trim();
    match text.split_once('<') {
        Some((name, rest)) => {
            let name = name.split_once('(').map_or(name, |(name, _)| name);
            Person::new(name.trim(), rest.trim_end_matches('>').trim())
        }
        None if text.contains('@') => Person::new("", text),
        None => Person::from_login(text),
    }
}
