//! The owners of files: who owns what changes touch, and what is wrong with the file that says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::checks::change::approvers::person;
use crate::error::{Fault, Result};
use crate::facts::approval::trail::Change;
use crate::facts::calendar::Day;
use crate::facts::code_owners::{self, Ownership};
use crate::facts::document::roster::Roster;
use crate::facts::person::Identity;
use crate::sources::codeowners::{CodeOwners, Forge, MAX_BYTES, Owner, PLACES};
use crate::sources::content::{self, State};
use crate::sources::history::Repos;
use crate::sources::repo::Repo;
use crate::sources::tree;
use crate::text::{Span, shown};

/// Who owns what each of some changes touches, in their order; `None` if no file said so before any of them.
pub(super) fn of_changes(repo: &Repo, changes: &[&Change]) -> Result<Option<Vec<Ownership>>> {
    let owned = code_owners::of_changes(&Repos::open(repo)?, &repo.gaps(), changes);
    let none = owned.iter().all(|one| matches!(one, Ownership::NoFile));
    Ok((!none || owned.is_empty()).then_some(owned))
}

/// What is wrong with the file in the working tree: its lines, and, if there is a register of people, owners whom it does
/// not know or who are gone on a day.
pub(super) fn faults(root: &Path, roster: &Roster, day: Day) -> Vec<Fault> {
    let there = |path: &&str| content::look(root, Path::new(path)).state != State::Missing;
    let Some(path) = PLACES.into_iter().find(there) else { return Vec::new() };
    let source = match tree::read_register(root, Path::new(path)) {
        Ok(source) => source,
        Err(fault) => return vec![fault],
    };
    if source.text().len() > MAX_BYTES {
        let message = format!("{path} has more than {MAX_BYTES} bytes, so that no forge reads it");
        let label = "too large".to_owned();
        return vec![Fault {
            rule: "documents/too-large",
            message,
            label,
            help: None,
            source,
            span: Span::default(),
            other: None,
        }];
    }
    let file = CodeOwners::parse(source, path);
    let mut faults = file.faults.clone();
    if !roster.people.is_empty() {
        faults.extend(owners(&file).into_values().filter_map(|(owner, count)| wrong(&file, owner, count, roster, day)));
    }
    faults.sort_by_key(|fault| fault.span);
    faults
}

/// Every owner once, with the number of entries that name them.
fn owners(file: &CodeOwners) -> BTreeMap<String, (&Owner, usize)> {
    let mut owners: BTreeMap<String, (&Owner, usize)> = BTreeMap::new();
    for owner in file.entries.iter().flat_map(|entry| entry.owners.iter()) {
        owners.entry(owner.text.to_lowercase()).or_insert((owner, 0)).1 += 1;
    }
    owners
}

/// What is wrong with an owner, as far as the register of people tells.
fn wrong(file: &CodeOwners, owner: &Owner, count: usize, roster: &Roster, day: Day) -> Option<Fault> {
    let name = owner.text.trim_start_matches('@');
    let groups = || roster.people.iter().flat_map(|record| record.groups());
    let short = name.rsplit('/').next().unwrap_or(name);
    let is_group = groups().any(|group| {
        let group = group.trim_start_matches('@');
        group.eq_ignore_ascii_case(name) || group.eq_ignore_ascii_case(short)
    });
    let fault = |rule: &'static str, message: String, label: String| {
        let (help, source) = (None, Arc::clone(&file.source));
        Some(Fault { rule, message, label, help, source, span: owner.place, other: None })
    };
    let entries = if count == 1 { "one entry".to_owned() } else { format!("{count} entries") };
    match roster.find(&person(&owner.text), &Identity::default()) {
        Some(record) if record.is_here(day) == Some(false) => {
            let message = format!("{} owns files, and does not work here any more", shown(&owner.text));
            fault(
                "documents/code-owner-gone",
                message,
                format!("{} in the register of people; in {entries}", record.id),
            )
        }
        Some(_) => None,
        // A register that has no groups says nothing of any, and on GitLab a group may be called like a person.
        None if is_group || owner.text.starts_with("@@") => None,
        None if groups().next().is_none() && (name.contains('/') || file.forge == Forge::GitLab) => None,
        None => {
            let message = format!("{} owns files, and the register of people does not know them", shown(&owner.text));
            fault("documents/code-owner-unknown", message, format!("nobody there has this name; in {entries}"))
        }
    }
}
