//! Who is who in the registers: ids, addresses and account names, each leading to one person.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::value::{Record, Value};

/// Everybody in the register of people, found by every name that is theirs.
#[derive(Clone, Debug, Default)]
pub struct People {
    records: Vec<Arc<Record>>,
    /// Lower-case names; `None` where one name leads to two persons.
    by_name: FxHashMap<String, Option<u32>>,
}

impl People {
    /// Indexes the records of the register of people.
    #[must_use]
    pub fn new(records: Vec<Arc<Record>>) -> Self {
        let mut by_name: FxHashMap<String, Option<u32>> = FxHashMap::default();
        for (at, record) in records.iter().enumerate() {
            let at = at as u32;
            for name in names(record) {
                by_name.entry(name).and_modify(|known| *known = known.filter(|known| *known == at)).or_insert(Some(at));
            }
        }
        Self { records, by_name }
    }

    /// The person of an id, an address or an account name, in any case; `None` where nobody or more than one person
    /// has it.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        *self.by_name.get(&name.trim().to_lowercase())?
    }

    /// Whether more than one person has a name, so that it leads to none of them.
    #[must_use]
    pub fn is_shared(&self, name: &str) -> bool {
        self.by_name.get(&name.trim().to_lowercase()).is_some_and(Option::is_none)
    }

    /// The record of a person.
    #[must_use]
    pub fn record(&self, at: u32) -> Option<&Arc<Record>> {
        self.records.get(at as usize)
    }

    /// Everybody.
    #[must_use]
    pub fn records(&self) -> &[Arc<Record>] {
        &self.records
    }
}

/// Every name of a person: id, addresses, account names, and the name in full.
fn names(record: &Record) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |value: &Value| {
        if let Value::Text(text) = value {
            found.push(text.to_lowercase());
        }
    };
    add(record.get("id"));
    add(record.get("name"));
    if let Value::List(emails) = record.get("emails") {
        emails.iter().for_each(&mut add);
    }
    if let Value::List(logins) = record.get("logins") {
        for login in logins.iter() {
            if let Value::Record(login) = login {
                add(login.get("login"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
