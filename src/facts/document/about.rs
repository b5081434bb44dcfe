//! What a written document says about itself, in whichever words its tool has for it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::criteria;

use crate::facts::calendar::{Cadence, DateReader, Day};
use crate::sources::blocks::{Block, BlockKind};
use crate::sources::markdown::Markdown;
use crate::sources::yaml::YamlDocument;
use crate::text::Span;

/// Something that is said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A criterion, as a document cites it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// Name of its catalogue, as it is written.
    pub catalogue: String,
    /// Its id.
    pub id: String,
    /// Where the id stands.
    pub span: Span,
}

/// What a written document says about itself.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Its name, by which other documents cite it.
    pub id: Option<Said<String>>,
    /// What it is called.
    pub title: Option<Said<String>>,
    /// Who answers for it.
    pub owner: Option<Said<String>>,
    /// Who approved it.
    pub approver: Option<Said<String>>,
    /// When it was approved, last reviewed, or last revised: the latest day of these.
    pub reviewed: Option<Said<Day>>,
    /// When its next review is due.
    pub next_review: Option<Said<Day>>,
    /// How often it is reviewed.
    pub review: Option<Said<Cadence>>,
    /// How far it has come, such as `draft` or `approved`.
    pub status: Option<Said<String>>,
    /// Criteria that it serves.
    pub satisfies: Vec<Cited>,
    /// How often a procedure runs, from six fields of cron of which the first counts seconds.
    pub runs: Option<Said<Cadence>>,
    /// Whether it says in so many words that it is a policy.
    pub is_policy: bool,
    /// Keys that are there and hold nothing.
    pub empty: Vec<Said<String>>,
}

const OWNER: &[&str] = &["owner", "policy_owner", "document_owner", "responsible_role"];
const APPROVER: &[&str] = &["approved_by", "approver", "approvedby"];
const REVIEWED: &[&str] = &[
    "last_reviewed",
    "lastreviewed",
    "last_review",
    "reviewed_on",
    "approved_on",
    "approval_date",
    "last_updated",
    "revision-date",
    "lastmod",
];
const NEXT: &[&str] = &["next_review", "next_review_date", "nextreview", "review_date"];
const REVIEW: &[&str] = &["review", "review_cadence", "review_frequency"];
const TITLE: &[&str] = &["title", "name"];
const CRITERIA: &[&str] = &["tsc_criteria", "tsc", "criteria"];

impl About {
    /// Reads what the front matter of a document says; what it says in other words is left alone.
    #[must_use]
    pub fn read(document: &YamlDocument) -> Self {
        let json = document.json();
        let Some(entries) = json.as_object() else { return Self::default() };
        let reader = Reader { document, entries };
        let day = |keys: &[&str]| {
            let days = keys.iter().filter_map(|key| reader.day(key));
            days.max_by_key(|said| said.value)
        };
        let cadence = |keys: &[&str]| {
            let said = reader.text(keys)?;
            said.value.to_lowercase().parse().ok().map(|value| Said { value, span: said.span })
        };
        let revised = day(REVIEWED).into_iter().chain(reader.revisions()).max_by_key(|said| said.value);
        Self {
            id: reader.text(&["id", "acronym"]),
            title: reader.text(TITLE),
            owner: reader.text(OWNER),
            approver: reader.text(APPROVER),
            reviewed: revised,
            next_review: day(NEXT),
            review: cadence(REVIEW),
            status: reader.text(&["status"]),
            satisfies: reader.satisfies(),
            runs: reader
                .text(&["cron"])
                .and_then(|said| cron(&said.value).map(|value| Said { value, span: said.span })),
            is_policy: reader.find("policy").is_some_and(|(_, value)| *value == Value::Bool(true)),
            empty: reader.empty(),
        }
    }

    /// Adds the criteria that tables of the document cite: cells of ids in a row with a cell that names their catalogue.
    pub fn cite_tables(&mut self, page: &Markdown) {
        let cells = page.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Cell);
        let mut rows: BTreeMap<usize, Vec<&Block>> = BTreeMap::new();
        for (at, cell) in cells {
            rows.entry(cell.row.unwrap_or(at)).or_default().push(cell);
        }
        for row in rows.into_values() {
            let Some(named) = row.iter().find(|cell| criteria::is_meant_by(&cell.words.text)) else { continue };
            for cell in row.iter().filter(|cell| !std::ptr::eq(**cell, *named)) {
                let text = &cell.words.text;
                let words = text.split([',', ';', ' ']).map(str::trim).filter(|word| is_criterion(word));
                self.satisfies.extend(words.map(|word| {
                    let start = word.as_ptr() as usize - text.as_ptr() as usize;
                    let span = cell.words.place(start..start + word.len());
                    Cited { catalogue: named.words.text.trim().to_owned(), id: word.to_owned(), span }
                }));
            }
        }
    }

    /// Whether the document binds anybody: it is no draft, and not withdrawn.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        const NOT: [&str; 9] =
            ["draft", "proposed", "review", "in review", "retired", "archived", "obsolete", "superseded", "withdrawn"];
        self.status.as_ref().is_none_or(|said| !NOT.contains(&said.value.to_lowercase().as_str()))
    }

    /// Whether it says something that only a document of an organisation about itself says.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        self.is_policy
            || !self.satisfies.is_empty()
            || self.runs.is_some()
            || self.next_review.is_some()
            || self.approver.is_some()
    }
}

struct Reader<'d> {
    document: &'d YamlDocument,
    entries: &'d serde_json::Map<String, Value>,
}

impl Reader<'_> {
    fn find(&self, key: &str) -> Option<(&String, &Value)> {
        self.entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))
    }

    fn span(&self, pointer: &str) -> Span {
        self.document.span(pointer).unwrap_or_default()
    }

    fn text(&self, keys: &[&str]) -> Option<Said<String>> {
        let (name, value) = keys.iter().find_map(|key| self.find(key).filter(|(_, value)| value.is_string()))?;
        let value = value.as_str().unwrap_or_default().trim().to_owned();
        (!value.is_empty()).then(|| Said { value, span: self.span(&format!("/{name}")) })
    }

    fn day(&self, key: &str) -> Option<Said<Day>> {
        let (name, value) = self.find(key)?;
        day(value).map(|value| Said { value, span: self.span(&format!("/{name}")) })
    }

    /// The days of the revisions that strongdm/comply keeps.
    fn revisions(&self) -> Option<Said<Day>> {
        let (name, value) = self.find("majorRevisions")?;
        let days = value.as_array()?.iter().enumerate().filter_map(|(at, revision)| {
            day(revision.get("date")?).map(|value| Said { value, span: self.span(&format!("/{name}/{at}/date")) })
        });
        days.max_by_key(|said| said.value)
    }

    fn satisfies(&self) -> Vec<Cited> {
        let mut found = Vec::new();
        let mut cite = |catalogue: &str, pointer: &str, value: &Value| {
            let ids = value.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(value));
            for (at, id) in ids.iter().enumerate() {
                let pointer = if value.is_array() { format!("{pointer}/{at}") } else { pointer.to_owned() };
                let Some(span) = self.document.span(&pointer).filter(|_| !id.is_object() && !id.is_null()) else {
                    continue;
                };
                // As it is written: 1.10 is not 1.1.
                let id = self.document.source.slice(span).trim_matches(['"', '\'']).to_owned();
                found.push(Cited { catalogue: catalogue.to_owned(), id, span });
            }
        };
        if let Some((name, Value::Object(catalogues))) = self.find("satisfies") {
            for (catalogue, ids) in catalogues {
                cite(catalogue, &format!("/{name}/{catalogue}"), ids);
            }
        }
        for (name, ids) in CRITERIA.iter().filter_map(|key| self.find(key)) {
            cite("TSC", &format!("/{name}"), ids);
        }
        if let Some((name, Value::Array(frameworks))) = self.find("frameworks") {
            for (at, framework) in frameworks.iter().enumerate() {
                if let (Some(catalogue), Some(ids)) = (framework["name"].as_str(), framework.get("sections")) {
                    cite(catalogue, &format!("/{name}/{at}/sections"), ids);
                }
            }
        }
        found
    }

    fn empty(&self) -> Vec<Said<String>> {
        let nothing = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        let empty = self.entries.iter().filter(|(_, value)| nothing(value));
        empty.map(|(name, _)| Said { value: name.clone(), span: self.span(&format!("/{name}")) }).collect()
    }
}

/// Whether a word looks like the id of a criterion: letters, a number, a dot and a number.
fn is_criterion(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = |part: &str| !part.is_empty() && part.len() < 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let family = ["CC", "A", "C", "PI", "P"].contains(&&word[..letters]);
    family && word[letters..].split_once('.').is_some_and(|(family, id)| number(family) && number(id))
}

/// A day, in any way of writing it that has one meaning.
fn day(value: &Value) -> Option<Day> {
    let reader = DateReader { zone: TimeZone::UTC, formats: Vec::new() };
    reader.read(value.as_str()?).ok().map(|when| Day(when.day))
}

/// How often something runs by six fields of cron: seconds, minutes, hours, day of the month, month, day of the week.
/// `None` where that is no cadence.
fn cron(text: &str) -> Option<Cadence> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [_, minute, hour, day, month, weekday] = fields[..] else { return None };
    let one = |field: &str| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    let any = |field: &str| matches!(field, "*" | "?");
    if !one(minute) || !one(hour) {
        return None;
    }
    let months = month.split(',').filter(|month| month.parse::<u8>().is_ok()).count();
    match (day, month, weekday) {
        (day, month, weekday) if any(day) && any(month) && any(weekday) => Some(Cadence::Daily),
        (day, month, weekday) if any(day) && any(month) && one(weekday) => Some(Cadence::Weekly),
        (day, month, weekday) if one(day) && any(month) && any(weekday) => Some(Cadence::Monthly),
        (day, "*/3", weekday) if one(day) && any(weekday) => Some(Cadence::Quarterly),
        (day, "*/6", weekday) if one(day) && any(weekday) => Some(Cadence::SemiAnnually),
        (day, _, weekday) if one(day) && any(weekday) => match months {
            1 => Some(Cadence::Annually),
            2 => Some(Cadence::SemiAnnually),
            4 => Some(Cadence::Quarterly),
            12 => Some(Cadence::Monthly),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::yaml;
    use crate::text::SourceText;

    fn about(text: &str) -> About {
        About::read(&yaml::parse(&SourceText::new("p.md", text)).unwrap()[0])
    }

    #[test]
    fn documents_of_several_tools_say_the_same() {
        let day = |text: &str| Some(Day(text.parse().unwrap()));
        let own = about(
            "owner: dana@acme.example\napproved_by: x\napproved_on: 2025-11-20\nreview: annually\nsatisfies: { TSC: [CC8.1] }\n",
        );
        assert_eq!(own.review.unwrap().value, Cadence::Annually);
        assert_eq!(own.reviewed.map(|said| said.value), day("2025-11-20"));
        assert_eq!(own.satisfies[0].id, "CC8.1");
        let comply = about(
            "name: Log\nacronym: L\nsatisfies:\n  TSC:\n    - CC9.9\n    - 1.10\nmajorRevisions:\n  - date: Jun 1 2018\n    comment: x\n",
        );
        assert_eq!(comply.reviewed.map(|said| said.value), day("2018-06-01"));
        assert_eq!(comply.satisfies.iter().map(|cited| cited.id.as_str()).collect::<Vec<_>>(), ["CC9.9", "1.10"]);
        let lines = about(
            "id: P-1\nstatus: draft\ntsc_criteria: [CC8.2]\nlast_reviewed: 2025-01-02\nnext_review: 2026-01-02\n",
        );
        assert!(!lines.is_in_force() && lines.is_recognised());
        assert_eq!(lines.next_review.map(|said| said.value), day("2026-01-02"));
        let probo = about("frameworks:\n  - name: SOC 2\n    sections: [CC6.1]\n");
        assert_eq!(probo.satisfies[0].catalogue, "SOC 2");
        let other = about("approver: Ann\napproval_date: ''\nlast_reviewed: 3/4/2025\n");
        assert_eq!((other.reviewed, other.empty[0].value.as_str()), (None, "approval_date"));
    }

    #[test]
    fn cron_is_read_where_it_is_a_cadence() {
        let cases = [
            ("0 0 0 15 4 *", Some(Cadence::Annually)),
            ("0 0 0 15 * *", Some(Cadence::Monthly)),
            ("0 0 0 1 1,4,7,10 *", Some(Cadence::Quarterly)),
            ("0 0 0 1 */3 *", Some(Cadence::Quarterly)),
            ("0 0 9 * * 1", Some(Cadence::Weekly)),
            ("0 0 9 * * *", Some(Cadence::Daily)),
            ("0 0 9 1 * 1", None),
            ("0 * * * * *", None),
            ("0 0 1 * *", None),
        ];
        for (text, expected) in cases {
            assert_eq!(cron(text), expected, "{text}");
        }
    }
}
