//! The suppressions of a configuration: which of them hold, and what they cover.

use super::approved::{self, Around, Named, Past};
use crate::checks::documents::aside::Entry as Suppressed;
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Label};
use crate::findings::suppression::{Effect, Lack, Suppression};
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::tree_object::Entry;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::{SourceText, decode_keeping_offsets, safe, shown};

/// Silences what the suppressions of a configuration cover, and tells what is wrong with them; also which of them cover
/// nothing, if `whole` says that everything was looked at. `past` is what may have brought them.
pub(super) fn apply(
    around: &Around<'_>,
    (document, all): (&YamlDocument, &[Suppression]),
    (past, whole): (&Past, bool),
    findings: &mut [Finding],
) -> Vec<Finding> {
    let mut told = Vec::new();
    for (at, says) in all.iter().enumerate() {
        let entry = Suppressed { document, at, says };
        let held = in_force(around, &entry).and_then(|effect| {
            by_another(around, &entry, &effect, past, findings)?;
            Ok(effect)
        });
        match held {
            Ok(effect) if effect.apply(findings) == 0 && whole => {
                let label = ("rule", "covers nothing");
                told.extend(entry.finding(around.pack, "documents/suppression-unused", label, Vec::new(), Vec::new()));
            }
            Ok(_) => {}
            Err(wrong) => told.extend(wrong),
        }
    }
    told
}

/// What a suppression does, if it has all that it needs and has not ended.
fn in_force(around: &Around<'_>, entry: &Suppressed<'_>) -> Result<Effect, Vec<Finding>> {
    let pack = around.pack;
    let invalid = |key: &str, label: &str, what: String| {
        let words = vec![("what", what)];
        Err(Vec::from_iter(entry.finding(pack, "documents/suppression-invalid", (key, label), words, Vec::new())))
    };
    let effect = match entry.says.effect() {
        Ok(effect) => effect,
        Err(Lack::Keys(keys)) => {
            let keys = keys.join(" and no ");
            return invalid(&keys, &format!("no {keys}"), format!("it says no {keys}"));
        }
        Err(Lack::Glob(why)) => return invalid("item", &safe(&why), "its item is no glob".to_owned()),
    };
    let rule = effect.rule();
    match pack.rule(rule) {
        None => {
            let near = pack.rules_of(rule).err().flatten().filter(|near| near.contains('/'));
            let label = near.map_or_else(|| "no rule".to_owned(), |near| format!("did you mean {near}?"));
            return invalid("rule", &label, format!("there is no rule called {}", shown(rule)));
        }
        Some(_) if pack.is_about_reading(rule) => {
            return invalid("rule", "cannot be accepted", format!("{rule} says that something could not be read"));
        }
        Some(_) if pack.is_about_answers(rule) => {
            return invalid("rule", "cannot be accepted", format!("{rule} says what is set aside"));
        }
        Some(_) => {}
    }
    match entry.says.until {
        Some(until) if until < around.calendar.today() => {
            let words = vec![("until", until.to_string())];
            let label = ("until", "the last day");
            Err(Vec::from_iter(entry.finding(pack, "documents/suppression-expired", label, words, Vec::new())))
        }
        _ => Ok(effect),
    }
}

/// Whether whoever approved a suppression may: somebody of the register who neither owns a control of which it covers
/// findings nor wrote it.
fn by_another(
    around: &Around<'_>,
    entry: &Suppressed<'_>,
    effect: &Effect,
    past: &Past,
    findings: &[Finding],
) -> Result<(), Vec<Finding>> {
    let Some(by) = &entry.says.approved_by else { return Ok(()) };
    let refused = |why: String, others: Vec<Label>| {
        let words = vec![("by", by.clone()), ("why", why)];
        let label = ("approved_by", "named as the approver");
        let found = entry.finding(around.pack, "documents/suppression-approver", label, words, others);
        Err(Vec::from_iter(found))
    };
    let is_about = |control: &Control| {
        let id = &control.text.id;
        let of_it = |finding: &Finding| finding.control.as_ref() == Some(id) && effect.covers(finding);
        entry.says.control.as_ref() == Some(id) || findings.iter().any(of_it)
    };
    let path = format!("{}{}", around.below, entry.document.source.name());
    let same = |repo: &Repo, file: &Entry| {
        let text = (!file.is_tree()).then(|| repo.read(file.id, ObjectKind::Blob, decode_keeping_offsets).ok());
        text.map_or(Some(false), |text| Some(holds(&path, text?, entry.says)))
    };
    let named = Named { by, is_about: &is_about, path: &path, holds: &same, what: "entry" };
    match approved::refusal(around, past, &named) {
        Some((why, others)) => refused(why, others),
        None => Ok(()),
    }
}

/// Whether a version of the configuration has the same suppression.
fn holds(path: &str, text: String, says: &Suppression) -> bool {
    let documents = yaml::parse(&SourceText::new(path, text)).unwrap_or_default();
    let all = documents.first().map(|document| document.json()["suppressions"].clone()).unwrap_or_default();
    let each = all.as_array().into_iter().flatten();
    each.filter_map(|one| serde_json::from_value::<Suppression>(one.clone()).ok()).any(|one| one == *says)
}
