//! A record that is there already, held against what a later export tells of the same request.

use jiff::Timestamp;

use super::{Request, Said};
use crate::facts::register::value::{Record, Value};
use crate::text::{Span, shown};

/// Something that a record says and a later export says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What they differ in, as a sentence says it.
    pub what: &'static str,
    /// What the record says.
    pub sealed: String,
    /// What the export says.
    pub told: String,
    /// Where the record says it.
    pub place: Span,
}

/// Everything in which an export contradicts a record. What only one of the two tells is no contradiction, except for an
/// approval that is gone.
#[must_use]
pub fn contradictions(record: &Record, request: &Request) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let mut compare = |what, field: &str, told: &Option<String>, same: &dyn Fn(&str, &str) -> bool| {
        if let (Some(sealed), Some(told)) = (text(record.get(field)), told)
            && !same(&sealed, told)
        {
            let (place, told) = (record.place_of(field), told.clone());
            found.push(Contradiction { what, sealed, told, place });
        }
    };
    compare("the merge commit", "merge_sha", &request.merge_sha, &same_object);
    compare("the last commit of the request", "head_sha", &request.head_sha, &same_object);
    compare("the author", "author", &request.author, &|one, other| one.eq_ignore_ascii_case(other));
    compare("the branch", "branch", &request.branch, &|one, other| one == other);
    let merged_at = request.merged_at.map(|at| at.to_string());
    compare("the time of the merge", "merged_at", &merged_at, &|one, other| one == other);
    if let Some(reviews) = &request.reviews {
        let gone = decisions(record).filter(|decision| !reviews.iter().any(|review| decision.is(review)));
        found.extend(gone.map(|decision| Contradiction {
            what: "what a reviewer decided",
            sealed: format!("{} {}", decision.by, decision.said.word().replace('_', " ")),
            told: reviews.iter().rfind(|review| review.by.eq_ignore_ascii_case(&decision.by)).map_or_else(
                || format!("nothing by {}", decision.by),
                |review| format!("{} {}", review.by, review.said.word().replace('_', " ")),
            ),
            place: decision.place,
        }));
    }
    found
}

/// Number of decisions that an export tells and the record does not have.
#[must_use]
pub fn later(record: &Record, request: &Request) -> usize {
    let sealed: Vec<Decision> = decisions(record).collect();
    let reviews = request.reviews.iter().flatten();
    reviews.filter(|review| !sealed.iter().any(|decision| decision.is(review))).count()
}

impl Contradiction {
    /// Both sides in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} was {} and is {} now", self.what, shown(&self.sealed), shown(&self.told))
    }
}

/// What a record says that a reviewer decided.
struct Decision {
    by: String,
    said: Said,
    at: Option<Timestamp>,
    sha: Option<String>,
    place: Span,
}

impl Decision {
    /// Whether a review of an export is this decision. A forge may lose the commit that a review was given for.
    fn is(&self, review: &super::Review) -> bool {
        let same_time = self.at.zip(review.at).is_none_or(|(one, other)| one == other);
        let same_sha = self.sha.as_ref().zip(review.sha.as_ref()).is_none_or(|(one, other)| same_object(one, other));
        self.by.eq_ignore_ascii_case(&review.by) && self.said == review.said && same_time && same_sha
    }
}

fn decisions(record: &Record) -> impl Iterator<Item = Decision> + '_ {
    let list = match record.get("approvals") {
        Value::List(items) => &items[..],
        _ => &[],
    };
    list.iter().filter_map(|item| {
        let Value::Record(inner) = item else { return None };
        let said = Said::of(&text(inner.get("state"))?)?;
        let at = match inner.get("at") {
            Value::When(when) => Some(when.at),
            _ => None,
        };
        Some(Decision {
            by: text(inner.get("by")).unwrap_or_default(),
            said,
            at,
            sha: text(inner.get("sha")),
            place: inner.place,
        })
    })
}

/// Whether two names are of one object; one of them may be shortened.
pub(super) fn same_object(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    one.starts_with(&other) || other.starts_with(&one)
}

/// A value as the record has it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Person(person) => Some(person.written.clone()),
        Value::When(when) => Some(when.at.to_string()),
        _ => None,
    }
}
