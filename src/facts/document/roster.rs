//! The register of people beside a history: which of its records a name in Git belongs to, and which role it held.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::facts::calendar::{Day, When};
use crate::facts::person::{Identity, Person};
use crate::facts::register::people::People;
use crate::facts::register::value::{Record, Value};

/// One person of the register of people.
#[derive(Debug)]
pub struct PersonRecord {
    /// Name of the record.
    pub id: String,
    names: Vec<Person>,
    record: Arc<Record>,
}

/// The register of people, as a history is held against it.
#[derive(Debug, Default)]
pub struct Roster {
    /// The records.
    pub people: Vec<PersonRecord>,
}

impl Roster {
    /// The roster of a register of people.
    #[must_use]
    pub fn of(people: &People) -> Self {
        Self { people: people.records().iter().map(PersonRecord::of).collect() }
    }

    /// The person of a record whom a name, an address or a login belongs to.
    #[must_use]
    pub fn find(&self, person: &Person, identity: &Identity<'_>) -> Option<&PersonRecord> {
        self.people.iter().find(|record| record.names().any(|name| identity.same(name, person)))
    }
}

impl PersonRecord {
    fn of(record: &Arc<Record>) -> Self {
        let name = text(record, "name").unwrap_or_default();
        let mails = list(record, "emails").iter().filter_map(|email| match email {
            Value::Text(email) => Some(Person::new(name, email)),
            _ => None,
        });
        let logins = list(record, "logins").iter().filter_map(|login| match login {
            Value::Record(login) => text(login, "login").map(Person::from_login),
            _ => None,
        });
        let names = mails.chain(logins).collect();
        Self { id: text(record, "id").unwrap_or_default().to_owned(), names, record: Arc::clone(record) }
    }

    /// Every name by which the person may appear in a history.
    pub fn names(&self) -> impl Iterator<Item = &Person> {
        self.names.iter()
    }

    /// Groups and teams that the person belongs to.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        list(&self.record, "groups").iter().filter_map(|group| match group {
            Value::Text(group) => Some(&**group),
            _ => None,
        })
    }

    /// Whether the person belonged to the organisation on a day; `None` where no episode is recorded.
    #[must_use]
    pub fn is_here(&self, day: Day) -> Option<bool> {
        self.record.employed(When::day(day.0, &TimeZone::UTC)?)
    }

    /// The role held on a day; `None` outside every episode.
    #[must_use]
    pub fn role_on(&self, day: Day) -> Option<Arc<str>> {
        // Of the register only days are asked, which are the same in every time zone.
        self.record.role_on(When::day(day.0, &TimeZone::UTC)?)
    }
}

fn text<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    match record.get(field) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn list<'r>(record: &'r Record, field: &str) -> &'r [Value] {
    match record.get(field) {
        Value::List(items) => items,
        _ => &[],
    }
}
