//! Whether the owners of what a change touches approved it.

use std::fmt::Write;

use super::approvers::{Approvers, person};
use crate::facts::calendar::Day;
use crate::facts::code_owners::Demand;
use crate::facts::document::roster::PersonRecord;
use crate::facts::person::{Identity, Person};
use crate::text::safe;

/// What became of one demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As many owners approved as it asks for.
    Approved,
    /// Fewer did: so many. `own` says that all owners are authors, whose own approval does not count.
    Missing {
        /// Number of owners who approved.
        found: usize,
        /// Whether every owner is an author.
        own: bool,
    },
    /// It cannot be told: why, and what to do.
    Unknown(String, String),
}

/// Who approved a change, as far as owners are asked.
pub struct Approved<'a> {
    /// Whose approval counts.
    pub sure: Vec<&'a Person>,
    /// Whose approval may count: it is trusted less than the control asks, or may be an author's own.
    pub unsure: Vec<&'a Person>,
    /// The authors.
    pub authors: Vec<&'a Person>,
    /// Whether an author who is an owner counts as one who approved.
    pub authors_count: bool,
}

/// Who is who on the day of a change.
pub struct Who<'a> {
    /// Who may approve, and the register of people.
    pub approvers: &'a Approvers<'a>,
    /// `.mailmap` at the change.
    pub identity: &'a Identity<'a>,
    /// The day on which the change landed.
    pub day: Day,
}

impl Who<'_> {
    /// Whether enough of the owners approved.
    #[must_use]
    pub fn answer(&self, demand: &Demand, approved: &Approved<'_>) -> Answer {
        let owns = |who: &Person| self.owns(demand, who);
        let yes = |persons: &[&Person]| persons.iter().filter(|who| owns(who) == Some(true)).count();
        let by_authors = if approved.authors_count { yes(&approved.authors).min(1) } else { 0 };
        let sure = self.persons(approved.sure.iter().copied().filter(|who| owns(who) == Some(true)));
        if sure + by_authors >= demand.approvals {
            return Answer::Approved;
        }
        let all = || approved.sure.iter().chain(&approved.unsure).copied();
        let possible = self.persons(all().filter(|who| owns(who) != Some(false)));
        if possible + by_authors < demand.approvals {
            let author = |owner: &str| approved.authors.iter().any(|author| self.is(owner, author) == Some(true));
            let own = demand.owners.iter().all(|owner| author(&owner.text));
            return Answer::Missing { found: sure + by_authors, own };
        }
        match all().find(|who| owns(who).is_none()) {
            Some(who) => self.why(demand, who),
            None => Answer::Unknown(
                "an owner approved it only in words that the control does not trust, or may be an author".to_owned(),
                "Record the approval where the control trusts it, or say in .mailmap who is who".to_owned(),
            ),
        }
    }

    /// Whether somebody is one of the owners; `None` where it cannot be told.
    fn owns(&self, demand: &Demand, who: &Person) -> Option<bool> {
        let mut answer = Some(false);
        for owner in demand.owners.iter() {
            match self.is(&owner.text, who) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// Whether somebody is an owner.
    fn is(&self, owner: &str, who: &Person) -> Option<bool> {
        let record = self.approvers.roster().find(who, self.identity);
        if let Some(team) = self.team(owner) {
            // Of a team that nobody in the register belongs to, nothing is known.
            return match (team, record) {
                (members, _) if members.is_empty() => None,
                (members, Some(record)) => Some(members.iter().any(|member| member.id == record.id)),
                (_, None) => Some(false),
            };
        }
        let owner = person(owner);
        if self.approvers.same(self.identity, &owner, who) {
            return Some(true);
        }
        let known = self.approvers.roster().find(&owner, self.identity).is_some();
        let comparable =
            (owner.email.is_some() && who.email.is_some()) || (owner.login.is_some() && who.login.is_some());
        (known || comparable).then_some(false)
    }

    /// The members of a team, as far as the register of people tells; `None` if the owner is a person.
    fn team(&self, owner: &str) -> Option<Vec<&PersonRecord>> {
        let name = owner.strip_prefix('@')?;
        let members = |name: &str| {
            let people = self.approvers.roster().people.iter();
            people.filter(|record| self.belongs(record, name)).collect::<Vec<_>>()
        };
        if name.starts_with('@') {
            return Some(Vec::new());
        }
        if name.contains('/') {
            return Some(members(name));
        }
        // On GitLab a group may be called like a person.
        let login = self.approvers.roster().find(&Person::from_login(name), self.identity).is_some();
        Some(members(name)).filter(|members| !login && !members.is_empty())
    }

    /// Whether a person belongs to a team: by a group of the register, written with the organisation or without, or by
    /// the role held on the day.
    fn belongs(&self, record: &PersonRecord, team: &str) -> bool {
        let slug = |text: &str| text.trim_start_matches('@').to_lowercase().replace(' ', "-");
        let (team, short) = (slug(team), team.rsplit('/').next().map(slug).unwrap_or_default());
        let is = |name: &str| slug(name) == team || slug(name) == short;
        record.groups().any(is) || record.role_on(self.day).is_some_and(|role| is(&role))
    }

    fn persons<'p>(&self, names: impl Iterator<Item = &'p Person>) -> usize {
        let mut known: Vec<&Person> = Vec::new();
        for name in names {
            if !known.iter().any(|person| self.approvers.same(self.identity, person, name)) {
                known.push(name);
            }
        }
        known.len()
    }

    /// Why it cannot be told whether somebody is one of the owners.
    fn why(&self, demand: &Demand, who: &Person) -> Answer {
        let owner = demand.owners.iter().find(|owner| self.is(&owner.text, who).is_none());
        let owner = owner.map(|owner| safe(&owner.text)).unwrap_or_default();
        let (name, people) = (safe(who.label()), "registers/people.yaml");
        match owner.strip_prefix("@@") {
            Some(role) => Answer::Unknown(
                format!("nothing here says whether {name} has the role {role} of the forge"),
                format!("Name persons or teams in CODEOWNERS in place of {owner}"),
            ),
            None if owner.contains('/') => Answer::Unknown(
                format!("nothing here says whether {name} belongs to {owner}"),
                format!("Say who belongs to it, under groups in {people}: groups: [{}]", owner.trim_start_matches('@')),
            ),
            None => Answer::Unknown(
                format!("nothing here says whether {name} is {owner}"),
                format!("Say whose login {owner} is, under logins in {people}"),
            ),
        }
    }
}

/// The owners of a line, as a sentence lists them.
#[must_use]
pub fn named(demand: &Demand) -> String {
    const MOST: usize = 4;
    let names: Vec<String> = demand.owners.iter().take(MOST).map(|owner| safe(&owner.text)).collect();
    let more = demand.owners.len().saturating_sub(MOST);
    let mut list = match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if more == 0 => format!("{} or {last}", first.join(", ")),
        names => names.join(", "),
    };
    if more > 0 {
        let _ = write!(list, " or {more} others");
    }
    list
}

/// The files of a demand, as a sentence names them.
#[must_use]
pub fn files(demand: &Demand) -> String {
    let first = demand.files.first().map(|path| safe(path)).unwrap_or_default();
    match demand.count {
        0 | 1 => first,
        2 => format!("{first} and one more file"),
        many => format!("{first} and {} more files", many - 1),
    }
}
