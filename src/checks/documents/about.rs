//! What written documents say about themselves: criteria that exist, reviews in time, approvals by somebody else.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::checks::compose::{self, Exhibit, count};
use crate::facts::calendar::{Calendar, Day};
use crate::facts::document::about::{Cited, Said};
use crate::facts::document::control::Control;
use crate::facts::document::criteria;
use crate::facts::document::written::Written;
use crate::facts::register::people::People;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::{SourceText, Span, shown};

/// Words by which a document says that somebody approved it.
const APPROVED: [&str; 3] = ["approved", "in force", "effective"];
/// Words by which it says so only among others.
const PUBLISHED: [&str; 3] = ["active", "published", "final"];

/// A criterion of a control that does not exist.
#[must_use]
pub fn criteria_of_control(pack: &Pack, control: &Control) -> Vec<Finding> {
    let unknown = control.text.criteria.iter().enumerate().filter(|(_, id)| !criteria::exists(id));
    let one = |(at, id): (usize, &String)| {
        let span = control.entry(&format!("criteria/{at}"));
        let of = (control.text.id.as_str(), control.text.id.as_str());
        unknown_criterion(pack, (control.source(), span), of, (id, "the trust services criteria"))
    };
    unknown.filter_map(one).collect()
}

/// The criteria of a document that its catalogue does not have. `defined` are the ids of a catalogue that the documents
/// bring themselves.
#[must_use]
pub fn criteria_of_document<'d>(
    pack: &Pack,
    document: &Written,
    defined: impl Fn(&str) -> Option<&'d FxHashSet<String>>,
) -> Vec<Finding> {
    let one = |cited: &Cited| {
        let (exists, name) = if criteria::is_meant_by(&cited.catalogue) {
            (criteria::exists(&cited.id), "the trust services criteria".to_owned())
        } else {
            // A catalogue that nobody defines here cannot be looked into.
            (defined(&cited.catalogue)?.contains(&cited.id), cited.catalogue.clone())
        };
        let place = (document.source(), cited.span);
        (!exists)
            .then(|| unknown_criterion(pack, place, (document.source().name(), &document.key), (&cited.id, &name)))?
    };
    document.about.satisfies.iter().filter_map(one).collect()
}

/// The criteria of a description of controls that do not exist.
#[must_use]
pub fn criteria_of_catalogue(pack: &Pack, source: &Arc<SourceText>, cited: &[Cited]) -> Vec<Finding> {
    let unknown = cited.iter().filter(|cited| criteria::is_meant_by(&cited.catalogue) && !criteria::exists(&cited.id));
    let one = |cited: &Cited| {
        let of = (source.name(), source.name());
        unknown_criterion(pack, (source, cited.span), of, (&cited.id, "the trust services criteria"))
    };
    unknown.filter_map(one).collect()
}

fn unknown_criterion(
    pack: &Pack,
    (source, span): (&Arc<SourceText>, Span),
    (item, key): (&str, &str),
    (id, catalogue): (&str, &str),
) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/unknown-criterion")?;
    let family = criteria::family(id);
    let help = match family.as_slice() {
        [] => None,
        ids => Some(format!("cite one that exists; this family has {}", ids.join(", "))),
    };
    let labels = vec![label(source, span, "there is no such criterion".to_owned())];
    let words = vec![("item", item.to_owned()), ("id", shown(id)), ("catalogue", catalogue.to_owned())];
    let exhibit = Exhibit { words, labels, help, ..Exhibit::default() };
    let key = format!("{key}\0{id}");
    Some(compose::finding(rule, None, item, &key, exhibit))
}

/// What is wrong with the owner, the review and the approval of a document that is in force.
#[must_use]
pub fn approval(pack: &Pack, document: &Written, people: &People, calendar: &Calendar) -> Vec<Finding> {
    if !document.about.is_in_force() {
        return Vec::new();
    }
    let found = [
        overdue(pack, document, calendar),
        by_itself(pack, document, people),
        unapproved(pack, document),
        without_owner(pack, document),
    ];
    found.into_iter().flatten().collect()
}

fn overdue(pack: &Pack, document: &Written, calendar: &Calendar) -> Option<Finding> {
    let about = &document.about;
    let (due, span) = match (&about.next_review, &about.reviewed, &about.review) {
        (Some(next), ..) => (next.value, next.span),
        (None, Some(last), Some(every)) => {
            let interval = every.value.interval()?;
            (Day(calendar.add(calendar.end_of(last.value), interval).day), last.span)
        }
        _ => return None,
    };
    let (_, rule) = pack.rule("documents/review-overdue")?;
    if calendar.today() <= due {
        return None;
    }
    let text = match (&about.next_review, &about.review) {
        (None, Some(every)) => format!("last looked at then, and it is reviewed {}", every.value),
        _ => "its next review".to_owned(),
    };
    let words = vec![("due", due.to_string())];
    Some(finding(rule, document, words, vec![label(document.source(), span, text)]))
}

/// That everybody who approved a document owns it or wrote it.
fn by_itself(pack: &Pack, document: &Written, people: &People) -> Option<Finding> {
    let about = &document.about;
    let one_of = |said: &&Said<String>| about.approvers.iter().all(|by| is_same(&by.value, &said.value, people));
    let approver = about.approvers.first()?;
    let owner = about.owner.as_ref().filter(one_of).map(|owner| (owner, "owned", "who answers for it"));
    let author = about.author.as_ref().filter(one_of).map(|author| (author, "written", "who wrote it"));
    let (who, what, text) = owner.or(author)?;
    let (_, rule) = pack.rule("documents/self-approved")?;
    let labels = vec![
        label(document.source(), who.span, text.to_owned()),
        Label { primary: false, ..label(document.source(), approver.span, "and who approved it".to_owned()) },
    ];
    Some(finding(rule, document, vec![("who", shown(&who.value)), ("what", what.to_owned())], labels))
}

/// Whether two names are of one person: the same words, or two names of the register of people.
fn is_same(one: &str, two: &str, people: &People) -> bool {
    let person = |name: &str| names(name).find_map(|name| people.find(name));
    let known = person(one).zip(person(two)).is_some_and(|(one, two)| one == two);
    known || names(one).any(|one| names(two).any(|two| one.eq_ignore_ascii_case(two)))
}

/// The name and the address in `Dana Roe <dana@acme.example>`; anything else is one name.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['<', '>']).map(str::trim).filter(|name| !name.is_empty())
}

fn unapproved(pack: &Pack, document: &Written) -> Option<Finding> {
    let about = &document.about;
    let is = |words: &[&str]| about.status.as_ref().filter(|said| words.contains(&said.value.to_lowercase().as_str()));
    let empty = about.empty.iter().find(|said| said.value.to_lowercase().starts_with("approv"));
    // Pages of a site are published and active without anybody's approval, unless they have a place for it.
    let status = is(&APPROVED).or_else(|| is(&PUBLISHED).filter(|_| empty.is_some()))?;
    if !about.approvers.is_empty() && empty.is_none() {
        return None;
    }
    let (_, rule) = pack.rule("documents/unapproved")?;
    let what = match empty {
        Some(empty) => format!("{} holds nothing", shown(&empty.value)),
        None => "nothing says who approved it".to_owned(),
    };
    let mut labels = vec![label(document.source(), status.span, "this binds".to_owned())];
    labels.extend(empty.map(|empty| Label {
        primary: false,
        ..label(document.source(), empty.span, "nothing stands here".to_owned())
    }));
    Some(finding(rule, document, vec![("status", shown(&status.value)), ("what", what)], labels))
}

/// A place for the owner in which nobody is named.
fn without_owner(pack: &Pack, document: &Written) -> Option<Finding> {
    let about = &document.about;
    let empty = about.empty.iter().find(|said| said.value.to_lowercase().ends_with("owner"));
    let empty = empty.filter(|_| about.owner.is_none())?;
    let (_, rule) = pack.rule("documents/owner-missing")?;
    Some(finding(
        rule,
        document,
        Vec::new(),
        vec![label(document.source(), empty.span, "nobody is named here".to_owned())],
    ))
}

/// A description of controls by another tool that names nobody who is responsible.
#[must_use]
pub fn without_responsible(pack: &Pack, source: &Arc<SourceText>, place: Span) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/owner-missing")?;
    let name = source.name();
    let labels = vec![label(source, place, "no responsible_role stands in this component".to_owned())];
    let words = vec![("item", name.to_owned())];
    let help = Some("add responsible_role, and let it name a person or a role that somebody holds".to_owned());
    Some(compose::finding(rule, None, name, name, Exhibit { words, labels, help, ..Exhibit::default() }))
}

/// That documents were read and no control is there that could be tested.
#[must_use]
pub fn not_tested(pack: &Pack, documents: &[Written], others: usize) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/not-tested").filter(|_| documents.len() + others > 0)?;
    let mut sets: Vec<&str> = documents.iter().map(|document| &*document.set).collect();
    sets.dedup();
    let named: Vec<String> = sets.iter().filter(|set| !set.is_empty()).map(|set| format!("{set}/")).collect();
    let within = match named.as_slice() {
        [] => String::new(),
        [one] => format!(" of {one}"),
        [first @ .., last] => format!(" of {} and {last}", first.join(", ")),
    };
    let number = documents.len() + others;
    let were = if number == 1 { "was" } else { "were" };
    let words = vec![("count", format!("{}{within} {were}", count(number, "document", "documents")))];
    Some(compose::finding(rule, None, "documents", "documents", Exhibit { words, ..Exhibit::default() }))
}

/// A control that came into force after the period began.
#[must_use]
pub fn new_control(pack: &Pack, control: &Control, calendar: &Calendar) -> Option<Finding> {
    let (since, from) = control.text.since.zip(calendar.period.from).filter(|(since, from)| since > from)?;
    let (_, rule) = pack.rule("documents/new-control")?;
    let id = &control.text.id;
    let words = vec![("item", id.clone()), ("since", since.to_string()), ("from", from.to_string())];
    let labels = vec![label(control.source(), control.entry("since"), "tested only from here on".to_owned())];
    Some(compose::finding(rule, None, id, id, Exhibit { words, labels, ..Exhibit::default() }))
}

fn finding(
    rule: &crate::policies::test::Rule,
    document: &Written,
    mut words: Vec<(&'static str, String)>,
    labels: Vec<Label>,
) -> Finding {
    let name = document.source().name();
    words.push(("item", name.to_owned()));
    compose::finding(rule, None, name, &document.key, Exhibit { words, labels, ..Exhibit::default() })
}

fn label(source: &Arc<SourceText>, span: Span, text: String) -> Label {
    Label { place: Place::Text(Arc::clone(source), span), text, primary: true }
}
