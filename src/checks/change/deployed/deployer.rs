//! Who deployed: whether they may, and whether they wrote what they deployed.

use super::{Deployed, Sight};
use crate::checks::change::approvers::person;
use crate::checks::compose::Exhibit;
use crate::facts::deployment::By;
use crate::facts::person::{Identity, Person};
use crate::facts::register::value::PersonRef;

/// Everybody by whose name the deployer may be found: their own, and those of their record in the register of people.
fn names(deployed: &Deployed<'_>, identity: &Identity<'_>) -> Vec<Person> {
    match &deployed.deployment.by {
        Some(By::Person(person)) => vec![person.clone()],
        Some(By::Named(name)) => of_record(deployed, name, identity),
        None => Vec::new(),
    }
}

fn of_record(deployed: &Deployed<'_>, name: &PersonRef, identity: &Identity<'_>) -> Vec<Person> {
    let roster = deployed.approvers.roster();
    let written = person(&name.written);
    let by_id = roster.people.iter().find(|record| record.id.eq_ignore_ascii_case(&name.written));
    let record = by_id.or_else(|| roster.find(&written, identity));
    let mut names: Vec<Person> = record.into_iter().flat_map(|record| record.names().cloned()).collect();
    names.push(written);
    names
}

/// Whether the control asks anything of deployers.
fn is_asked(deployed: &Deployed<'_>) -> bool {
    let asked = deployed.asked;
    asked.deployer_is_not_author || !asked.deployers.is_empty() || !asked.deployer_roles.is_empty()
}

/// What the control asks of deployers, with the parameter that says so.
fn parameter(deployed: &Deployed<'_>) -> (&'static str, String) {
    let asked = deployed.asked;
    if !asked.deployer_roles.is_empty() {
        ("deployer_roles", format!("deployed by {}", asked.deployer_roles.join(" or ")))
    } else if !asked.deployers.is_empty() {
        ("deployers", "deployed by somebody who is named here".to_owned())
    } else {
        ("deployer_is_not_author", "nobody deploys what they wrote".to_owned())
    }
}

pub(super) fn not_author<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    if !deployed.asked.deployer_is_not_author {
        return Vec::new();
    }
    let mut found = Vec::new();
    for brought in &deployed.brought {
        let identity = brought.tally.change.identity();
        let deployers = names(deployed, &identity);
        let is_one = |author: &&Person| deployers.iter().any(|name| deployed.approvers.same(&identity, author, name));
        if let Some(author) = brought.tally.change.authors.iter().find(is_one) {
            let words = vec![("who", author.label().to_owned())];
            let parameter = Some(("deployer_is_not_author", "nobody deploys what they wrote".to_owned()));
            let told = format!("{} wrote it", author.label());
            found.push(Sight::told(&brought.tally, told, Exhibit { words, parameter, ..Exhibit::default() }));
        }
    }
    found
}

pub(super) fn allowed<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let asked = deployed.asked;
    let Some(by) = deployed.deployment.by.as_ref() else { return Vec::new() };
    if asked.deployers.is_empty() && asked.deployer_roles.is_empty() {
        return Vec::new();
    }
    let identity = Identity::new(
        deployed
            .brought
            .first()
            .map_or_else(Vec::new, |brought| brought.tally.change.mailmaps.iter().map(AsRef::as_ref).collect()),
    );
    let names = names(deployed, &identity);
    let listed = asked
        .deployers
        .iter()
        .map(|text| person(text))
        .any(|listed| names.iter().any(|name| deployed.approvers.same(&identity, name, &listed)));
    let roster = deployed.approvers.roster();
    let role =
        names.iter().find_map(|name| roster.find(name, &identity)).and_then(|record| record.role_on(deployed.day));
    let holds = role.as_deref().is_some_and(|role| asked.deployer_roles.iter().any(|wanted| wanted == role));
    if listed || holds {
        return Vec::new();
    }
    let reason = match (asked.deployer_roles.is_empty(), role) {
        (true, _) => "whom the control does not name".to_owned(),
        (false, Some(role)) => format!("who was {role} then"),
        (false, None) => "who held no role then".to_owned(),
    };
    let words = vec![("who", by.label().to_owned()), ("reason", reason)];
    vec![Sight::whole(Exhibit { words, parameter: Some(parameter(deployed)), ..Exhibit::default() })]
}

pub(super) fn recorded<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    if !is_asked(deployed) || deployed.deployment.by.is_some() {
        return Vec::new();
    }
    vec![Sight::whole(Exhibit { parameter: Some(parameter(deployed)), ..Exhibit::default() })]
}
