//! Persons as history names them, and when two of these names are the same person.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::sources::mailmap::Mailmap;

/// A person as one place names it. Some places know only a login, some only a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Person {
    /// Name in full.
    #[serde(default)]
    pub name: Option<Box<str>>,
    /// Mail address.
    #[serde(default)]
    pub email: Option<Box<str>>,
    /// Name of the person's account on the forge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Box<str>>,
}

impl Person {
    /// A person with a name and an address; empty ones are unknown.
    #[must_use]
    pub fn new(name: &str, email: &str) -> Self {
        let known = |text: &str| (!text.is_empty()).then(|| text.into());
        Self { name: known(name), email: known(email), login: None }
    }

    /// A person of whom only the login is known.
    #[must_use]
    pub fn from_login(login: &str) -> Self {
        Self { login: Some(login.into()), ..Self::default() }
    }

    /// What people would call this person: the name, else the login, else the address.
    #[must_use]
    pub fn label(&self) -> &str {
        [&self.name, &self.login, &self.email].into_iter().flatten().next().map_or("nobody named", |text| text)
    }

    /// `Name <address>`, as Git writes it, with what is known.
    #[must_use]
    pub fn signature(&self) -> String {
        match (&self.name, &self.email) {
            (Some(name), Some(email)) => format!("{name} <{email}>"),
            (None, Some(email)) => format!("<{email}>"),
            _ => self.label().to_owned(),
        }
    }

    /// The login that an address stands for: what a forge puts before `@users.noreply…`, else the local part.
    #[must_use]
    pub fn login_of_email(email: &str) -> &str {
        let local = email.split(['@', '%']).next().unwrap_or(email);
        match local.split_once('+') {
            Some((number, login)) if email.contains("noreply") && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                login
            }
            _ => local,
        }
    }
}

/// Index of a person in [`People`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub u32);

/// Every distinct way in which a history names a person, each kept once.
#[derive(Debug, Default)]
pub struct People {
    list: Vec<Person>,
    index: FxHashMap<Person, PersonId>,
}

impl People {
    /// Index of a person, who is added when new.
    pub fn intern(&mut self, person: Person) -> PersonId {
        if let Some(&id) = self.index.get(&person) {
            return id;
        }
        let id = PersonId(self.list.len() as u32);
        self.list.push(person.clone());
        self.index.insert(person, id);
        id
    }

    /// The person of an index.
    #[must_use]
    pub fn get(&self, id: PersonId) -> &Person {
        &self.list[id.0 as usize]
    }

    /// Everybody, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (PersonId, &Person)> {
        self.list.iter().enumerate().map(|(at, person)| (PersonId(at as u32), person))
    }
}

/// What decides whether two names are one person: addresses after every version of `.mailmap` that is given.
///
/// More than one version may be given, and it is enough that one of them joins two names: an alias that the judged
/// change takes away, or that somebody adds only later, still shows that both are one person.
#[derive(Clone, Debug, Default)]
pub struct Identity<'a> {
    mailmaps: Vec<&'a Mailmap>,
}

impl<'a> Identity<'a> {
    /// Identity by these versions of `.mailmap`.
    #[must_use]
    pub fn new(mailmaps: Vec<&'a Mailmap>) -> Self {
        Self { mailmaps }
    }

    /// Whether two names are shown to be one person. Addresses decide where both have one. Where one side has only a
    /// login, it must equal the other's login, the local part or the forge's login of its address, or its name. Where
    /// one side has only a name, the names must agree.
    #[must_use]
    pub fn same(&self, one: &Person, other: &Person) -> bool {
        if let (Some(a), Some(b)) = (&one.email, &other.email) {
            return self.same_email((one, a), (other, b));
        }
        if let (Some(a), Some(b)) = (&one.login, &other.login) {
            return equal(a, b);
        }
        match (&one.login, &other.login) {
            (Some(login), None) => self.login_is(login, other),
            (None, Some(login)) => self.login_is(login, one),
            _ => match (&one.name, &other.name) {
                (Some(a), Some(b)) => equal(a, b),
                _ => false,
            },
        }
    }

    /// Whether two names might be one person although their addresses differ: the same full name.
    #[must_use]
    pub fn namesakes(&self, one: &Person, other: &Person) -> bool {
        match (&one.name, &other.name) {
            (Some(a), Some(b)) => a.split_whitespace().nth(1).is_some() && equal(a, b) && !self.same(one, other),
            _ => false,
        }
    }

    fn same_email(&self, (one, a): (&Person, &str), (other, b): (&Person, &str)) -> bool {
        if equal(a, b) {
            return true;
        }
        let name = |person: &Person| person.name.clone().unwrap_or_default();
        self.mailmaps.iter().any(|map| map.email(&name(one), a) == map.email(&name(other), b))
    }

    fn login_is(&self, login: &str, person: &Person) -> bool {
        let name = person.name.as_deref().unwrap_or_default();
        let Some(email) = person.email.as_deref() else { return equal(login, name) };
        let mapped = self.mailmaps.iter().map(|map| map.email(name, email));
        equal(login, name)
            || equal(login, Person::login_of_email(email))
            || mapped.into_iter().any(|email| equal(login, Person::login_of_email(&email)))
    }
}

fn equal(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_decide_and_case_does_not() {
        let identity = Identity::default();
        let dana = Person::new("Dana Roe", "dana@acme.example");
        assert!(identity.same(&dana, &Person::new("D.", "DANA@Acme.example")));
        assert!(!identity.same(&dana, &Person::new("Dana Roe", "dana@home.example")));
        assert!(identity.namesakes(&dana, &Person::new("dana roe", "dana@home.example")));
    }

    #[test]
    fn one_version_of_the_mailmap_that_joins_is_enough() {
        let map = Mailmap::parse("Dana Roe <dana@acme.example> <dana@home.example>\n");
        let nothing = Mailmap::default();
        let identity = Identity::new(vec![&nothing, &map]);
        assert!(identity.same(&Person::new("Dana", "dana@acme.example"), &Person::new("D", "dana@home.example")));
    }

    #[test]
    fn a_login_is_held_against_address_and_name() {
        let identity = Identity::default();
        let login = Person::from_login("danar");
        assert!(identity.same(&login, &Person::new("Dana", "danar@acme.example")));
        assert!(identity.same(&login, &Person::new("Dana", "12+danar@users.noreply.github.com")));
        assert!(identity.same(&login, &Person::new("DanaR", "x@acme.example")));
        assert!(!identity.same(&login, &Person::new("Dana", "dana@acme.example")));
        assert!(identity.same(&Person::from_login("wtc"), &Person::new("", "wtc%google.com@none")));
    }
}
