//! The register of people: who somebody is, and which role they held when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;
use crate::facts::person::{Identity, Person};

/// One person of `registers/people.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// Name of the record.
    pub id: String,
    /// Name in full.
    #[serde(default)]
    pub name: Option<String>,
    /// Every address that is theirs.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Every account name that is theirs.
    #[serde(default)]
    pub logins: Vec<Login>,
    /// How they belong to the organisation.
    #[serde(default, rename = "type")]
    pub kind: Option<EmploymentType>,
    /// The role they hold now.
    #[serde(default)]
    pub role: Option<String>,
    /// Id of the person they report to.
    #[serde(default)]
    pub manager: Option<String>,
    /// Where they work.
    #[serde(default)]
    pub department: Option<String>,
    /// Every time from a start to an end in which they belonged to the organisation.
    #[serde(default)]
    pub episodes: Vec<Episode>,
    /// Every change of role.
    #[serde(default)]
    pub role_changes: Vec<RoleChange>,
}

/// An account name on one system.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The system.
    pub system: String,
    /// The account name there.
    pub login: String,
}

/// How somebody belongs to the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EmploymentType {
    /// Employed.
    Employee,
    /// Working under a contract that ends.
    Contractor,
    /// In training.
    Intern,
    /// Working for a vendor.
    Vendor,
}

/// One time of belonging to the organisation.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Episode {
    /// First day.
    pub start: Day,
    /// Last day; open if still going on.
    #[serde(default)]
    pub end: Option<Day>,
}

/// A change of role.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// First day in the new role.
    pub at: Day,
    /// The role before.
    pub from: String,
    /// The role since.
    pub to: String,
}

/// The register of people, as its file describes it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "tickmark register of people")]
#[serde(transparent)]
pub struct Roster {
    /// The records.
    pub people: Vec<PersonRecord>,
}

impl Roster {
    /// The person of a record whom a name, an address or a login belongs to.
    #[must_use]
    pub fn find(&self, person: &Person, identity: &Identity<'_>) -> Option<&PersonRecord> {
        self.people.iter().find(|record| record.names().any(|name| identity.same(&name, person)))
    }
}

impl PersonRecord {
    /// Every name by which the person may appear in a history.
    pub fn names(&self) -> impl Iterator<Item = Person> + '_ {
        let name = self.name.as_deref().unwrap_or_default();
        let mails = self.emails.iter().map(move |email| Person::new(name, email));
        let logins = self.logins.iter().map(|login| Person::from_login(&login.login));
        mails.chain(logins)
    }

    /// The role held on a day; `None` outside every episode.
    #[must_use]
    pub fn role_on(&self, day: Day) -> Option<&str> {
        let within = |episode: &Episode| episode.start <= day && episode.end.is_none_or(|end| day <= end);
        if !self.episodes.is_empty() && !self.episodes.iter().any(within) {
            return None;
        }
        let mut changes: Vec<&RoleChange> = self.role_changes.iter().collect();
        changes.sort_by_key(|change| change.at);
        let before = changes.iter().rev().find(|change| change.at <= day).map(|change| change.to.as_str());
        before.or_else(|| changes.first().map(|change| change.from.as_str())).or(self.role.as_deref())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_role_is_held_from_its_day_and_only_while_employed() {
        let record: PersonRecord = serde_json::from_value(serde_json::json!({
            "id": "p1", "role": "lead", "episodes": [{ "start": "2025-01-01", "end": "2026-06-30" }],
            "role_changes": [{ "at": "2026-03-01", "from": "engineer", "to": "lead" }]
        }))
        .unwrap();
        let on = |text: &str| record.role_on(Day(text.parse().unwrap()));
        assert_eq!(on("2026-02-28"), Some("engineer"));
        assert_eq!(on("2026-03-01"), Some("lead"));
        assert_eq!(on("2026-07-01"), None);
        assert_eq!(on("2024-12-31"), None);
    }
}
