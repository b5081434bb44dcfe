//! What a written document says about itself, in whichever words its tool has for it.

use std::sync::Arc;

use serde_json::Value;

use super::quantity::{self, Quantity, Rate};
use crate::error::Fault;
use crate::facts::calendar::{Cadence, Day};
use crate::sources::markdown::Markdown;
use crate::sources::yaml::YamlDocument;
use crate::text::{Span, shown};

mod cited;
mod cron;
mod days;
mod entries;

use entries::Entry;

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
    /// Who wrote it.
    pub author: Option<Said<String>>,
    /// Everybody who approved it.
    pub approvers: Vec<Said<String>>,
    /// When it was approved: the latest day.
    pub approved: Option<Said<Day>>,
    /// When it was approved, last reviewed, or last revised: the latest day of these.
    pub reviewed: Option<Said<Day>>,
    /// When its next review is due.
    pub next_review: Option<Said<Day>>,
    /// How often it is reviewed.
    pub review: Option<Said<Rate>>,
    /// How far it has come, such as `draft` or `approved`.
    pub status: Option<Said<String>>,
    /// Criteria that it serves.
    pub satisfies: Vec<Cited>,
    /// How often a procedure runs, from six fields of cron of which the first counts seconds.
    pub runs: Option<Said<Cadence>>,
    /// Keys that are there and hold nothing, by their names.
    pub empty: Vec<Said<String>>,
    /// Every single value of its front matter.
    pub values: Vec<Said<String>>,
    recognised: bool,
}

const ID: &[&str] = &["id", "acronym", "documentid", "policyid", "documentnumber", "policynumber"];
const OWNER: &[&str] = &["owner", "owners", "policyowner", "documentowner", "processowner", "responsiblerole"];
const AUTHOR: &[&str] = &["author", "preparedby", "writtenby"];
const APPROVER: &[&str] = &["approvedby", "approver", "approvers"];
/// Days on which somebody approved it.
const APPROVED: &[&str] = &["approvedon", "approvaldate", "dateapproved"];
/// Days on which somebody looked at the whole document. What `review_date` stands for differs from tool to tool.
const REVIEWED: &[&str] = &[
    "lastreviewed",
    "lastreview",
    "lastreviewdate",
    "lastrevieweddate",
    "reviewedon",
    "approvedon",
    "approvaldate",
    "dateapproved",
    "lastupdated",
    "lastrevised",
    "revisiondate",
    "lastmod",
];
const NEXT: &[&str] = &["nextreview", "nextreviewdate", "nextreviewdue", "reviewdue", "nextreviewby"];
const REVIEW: &[&str] = &["review", "reviewcadence", "reviewfrequency", "reviewcycle", "reviewschedule"];
const TITLE: &[&str] = &["title", "name"];
const STATUS: &[&str] = &["status", "documentstatus"];

/// Whether a key, in lower case and without punctuation, is one of those above.
fn is_key(key: &str) -> bool {
    [ID, OWNER, AUTHOR, APPROVER, REVIEWED, NEXT, REVIEW, TITLE, STATUS].iter().any(|keys| keys.contains(&key))
}

impl About {
    /// Reads what a document says about itself, in its front matter and on its page; what it says in other words is
    /// left alone. What stands under a key that is known and cannot be read is a fault.
    #[must_use]
    pub fn read(data: Option<&YamlDocument>, page: &Markdown) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let json = data.map(YamlDocument::json).unwrap_or_default();
        let front = data.map(|data| entries::of_front_matter(data, &json)).unwrap_or_default();
        let values = front.iter().filter(|entry| !entry.value.is_empty()).map(Entry::said).collect();
        let satisfies = data.map(|data| cited::in_front_matter(data, &json)).unwrap_or_default();
        let on_page = entries::of_page(page);
        let recognised = is_of_an_organisation(&front, &satisfies);
        let reader = Reader { entries: front.into_iter().chain(on_page).collect(), page };
        let mut about = Self {
            id: reader.text(ID),
            title: reader.text(TITLE),
            owner: reader.text(OWNER),
            author: reader.text(AUTHOR),
            approvers: reader.all(APPROVER).map(Entry::said).collect(),
            // What cannot be read is told where all days are read.
            approved: reader.latest(APPROVED, Vec::new(), &mut Vec::new()),
            reviewed: reader.latest(REVIEWED, data.map(|data| revisions(data, &json)).unwrap_or_default(), &mut faults),
            next_review: reader.latest(NEXT, Vec::new(), &mut faults),
            review: reader.cadence(&mut faults),
            status: reader.text(STATUS),
            satisfies,
            runs: reader.schedule(&mut faults),
            empty: reader.empty(),
            values,
            recognised,
        };
        about.satisfies.extend(cited::on_page(page, &reader.entries));
        (about, faults)
    }

    /// Whether the document binds anybody: it is no draft, and not withdrawn.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        const NOT: [&str; 10] = [
            "draft",
            "proposed",
            "review",
            "in review",
            "under review",
            "retired",
            "archived",
            "obsolete",
            "superseded",
            "withdrawn",
        ];
        self.status.as_ref().is_none_or(|said| {
            let status = said.value.to_lowercase();
            // People add what is missing, as in `Draft (waiting for the board)`.
            let first = status.split([' ', '(', ',', '-', ';']).next().unwrap_or_default();
            !NOT.contains(&status.as_str()) && !NOT.iter().any(|word| *word != "review" && *word == first)
        })
    }

    /// Whether its front matter says something that only a document of an organisation about itself says.
    #[must_use]
    pub const fn is_recognised(&self) -> bool {
        self.recognised
    }
}

/// Whether front matter is that of a document of an organisation about itself.
fn is_of_an_organisation(front: &[Entry], satisfies: &[Cited]) -> bool {
    let has = |keys: &[&str]| front.iter().any(|entry| entry.is(keys));
    let is_policy = front.iter().any(|entry| entry.is(&["policy"]) && entry.value == "true");
    let approved = has(APPROVER) && (has(OWNER) || has(REVIEW) || has(REVIEWED));
    is_policy || !satisfies.is_empty() || has(&["cron", "majorrevisions"]) || has(NEXT) || approved
}

struct Reader<'p> {
    /// Those of the front matter come first.
    entries: Vec<Entry>,
    page: &'p Markdown,
}

impl Reader<'_> {
    /// Everything that stands under some keys, without what is empty.
    fn all<'r>(&'r self, keys: &'r [&str]) -> impl Iterator<Item = &'r Entry> {
        self.entries.iter().filter(move |entry| !entry.value.is_empty() && entry.is(keys))
    }

    fn text(&self, keys: &[&str]) -> Option<Said<String>> {
        self.all(keys).next().map(Entry::said)
    }

    /// The latest of the days under some keys.
    fn latest(&self, keys: &[&str], more: Vec<Entry>, faults: &mut Vec<Fault>) -> Option<Said<Day>> {
        let mut latest: Option<Said<Day>> = None;
        for entry in self.all(keys).chain(&more) {
            match days::read(&entry.value) {
                Ok(value) if latest.as_ref().is_none_or(|known| known.value < value) => {
                    latest = Some(Said { value, span: entry.span });
                }
                Ok(_) => {}
                // Words without a number, such as `none yet`, are no attempt at a day.
                Err(message)
                    if entry.value.contains(|letter: char| letter.is_ascii_digit()) && !is_filled_in(entry) =>
                {
                    faults.push(self.fault(entry, "documents/bad-date", message, "write it as 2026-03-04"));
                }
                Err(_) => {}
            }
        }
        latest
    }

    fn cadence(&self, faults: &mut Vec<Fault>) -> Option<Said<Rate>> {
        for entry in self.all(REVIEW) {
            let word = entry.value.to_lowercase().parse::<Cadence>().ok().map(Rate::from);
            let said = word.or_else(|| rate(&entry.value));
            if let Some(value) = said {
                return Some(Said { value, span: entry.span });
            }
            // `review` alone may hold anything, such as the name of who does it.
            if !entry.is(&["review"]) && !is_filled_in(entry) {
                let message = format!("{} does not say how often", shown(&entry.value));
                let help = "write daily, weekly, monthly, quarterly, semi-annually, annually, or as in every 18 months";
                faults.push(self.fault(entry, "documents/bad-value", message, help));
            }
        }
        None
    }

    fn schedule(&self, faults: &mut Vec<Fault>) -> Option<Said<Cadence>> {
        let entry = self.all(&["cron"]).next()?;
        match cron::read(&entry.value) {
            Ok(cadence) => cadence.map(|value| Said { value, span: entry.span }),
            Err(_) if is_filled_in(entry) => None,
            Err(why) => {
                let message = format!("{} is no schedule: {why}", shown(&entry.value));
                let help = "write seconds, minutes, hours, day of the month, month and day of the week, such as \
                            0 0 0 15 4 * for the 15th of April";
                faults.push(self.fault(entry, "documents/bad-value", message, help));
                None
            }
        }
    }

    fn empty(&self) -> Vec<Said<String>> {
        let empty = self.entries.iter().filter(|entry| entry.value.is_empty());
        empty.map(|entry| Said { value: entry.name.clone(), span: entry.span }).collect()
    }

    fn fault(&self, entry: &Entry, rule: &'static str, message: String, help: &str) -> Fault {
        let label = format!("this is what {} says", shown(&entry.name));
        let source = Arc::clone(&self.page.source);
        Fault { rule, message, label, help: Some(help.to_owned()), source, span: entry.span, other: None }
    }
}

/// Whether something was left to be filled in, by a person or by a tool; that is told, or is no fault, elsewhere.
fn is_filled_in(entry: &Entry) -> bool {
    quantity::read(&entry.value).iter().any(|reading| reading.quantity == Quantity::Placeholder)
}

/// How often something is done, if some words say nothing else.
fn rate(text: &str) -> Option<Rate> {
    match quantity::read(text).as_slice() {
        [reading] => match &reading.quantity {
            Quantity::Rate(rate) => Some(*rate),
            // `12 months` under such a key can only be the time from one to the next.
            Quantity::Length(per) if reading.at == (0..text.len()) => Some(Rate { times: 1, per: *per }),
            _ => None,
        },
        _ => None,
    }
}

/// The days of the revisions that strongdm/comply keeps.
fn revisions(document: &YamlDocument, json: &Value) -> Vec<Entry> {
    let revisions = json["majorRevisions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let day = |(at, revision): (usize, &Value)| {
        let span = document.span(&format!("/majorRevisions/{at}/date"))?;
        Some(Entry::new("date", revision["date"].as_str()?, span))
    };
    revisions.iter().enumerate().filter_map(day).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::{markdown, yaml};
    use crate::text::SourceText;

    fn read(text: &str) -> (About, Vec<Fault>) {
        let page = markdown::parse(&SourceText::new("p.md", text)).unwrap();
        let data = page.front_matter.map(|front| yaml::parse_within(&page.source, front).unwrap());
        About::read(data.as_ref().map(|data| &data[0]), &page)
    }

    fn about(front: &str) -> About {
        read(&format!("---\n{front}---\n")).0
    }

    fn ids(about: &About) -> Vec<&str> {
        about.satisfies.iter().map(|cited| cited.id.as_str()).collect()
    }

    fn text(said: &Option<Said<String>>) -> Option<&str> {
        said.as_ref().map(|said| said.value.as_str())
    }

    #[test]
    fn documents_of_several_tools_say_the_same() {
        let day = |text: &str| Some(Day(text.parse().unwrap()));
        let own = about(
            "owner: dana@acme.example\napproved_by: x\napproved_on: 2025-11-20\nreview: annually\nsatisfies: { TSC: [CC8.1] }\n",
        );
        assert_eq!(own.review.unwrap().value, Rate::from(Cadence::Annually));
        assert_eq!(own.reviewed.map(|said| said.value), day("2025-11-20"));
        assert_eq!(own.satisfies[0].id, "CC8.1");
        let comply = about(
            "name: Log\nacronym: L\nsatisfies:\n  TSC:\n    - CC9.9\n    - 1.10\nmajorRevisions:\n  - date: Jun 1 2018\n    comment: x\n",
        );
        assert_eq!(comply.reviewed.as_ref().map(|said| said.value), day("2018-06-01"));
        assert_eq!(ids(&comply), ["CC9.9", "1.10"]);
        let lines = about(
            "id: P-1\nstatus: draft\ntsc_criteria: [CC8.2]\nlast_reviewed: 2025-01-02\nnext_review: 2026-01-02\n",
        );
        assert!(!lines.is_in_force() && lines.is_recognised());
        assert_eq!(lines.next_review.map(|said| said.value), day("2026-01-02"));
        let probo = about("frameworks:\n  - name: SOC 2\n    sections: [CC6.1]\n");
        assert_eq!(probo.satisfies[0].catalogue, "SOC 2");
        let other = about("approver: Ann\napproval_date: ''\neffective_date: 2026-01-01\nowner: Security\n");
        assert_eq!((other.reviewed.clone(), other.empty[0].value.as_str()), (None, "approval_date"));
        assert!(other.is_recognised() && !about("approver: Ann\n").is_recognised());
    }

    #[test]
    fn a_page_says_it_in_tables_and_in_lines() {
        let (page, faults) = read(concat!(
            "# Access control policy (AC-POL-001)\n\n",
            "| Field | Value |\n|---|---|\n| Policy owner | Dana Roe |\n| Approved by | |\n",
            "| Next review date | January 2026 |\n| Review cycle | every 18 months |\n\n",
            "**Status:** Approved | **TSC criteria:** CC6.1, CC9.9\n\n",
            "## Risks\n\n| Owner | Status |\n|---|---|\n| Mira Sand | open |\n",
        ));
        assert_eq!(faults.len(), 0, "{faults:?}");
        assert_eq!((text(&page.id), text(&page.owner)), (Some("AC-POL-001"), Some("Dana Roe")));
        assert_eq!((text(&page.status), page.empty[0].value.as_str()), (Some("Approved"), "Approved by"));
        assert_eq!(page.next_review.as_ref().map(|said| said.value.to_string()).as_deref(), Some("2026-01-31"));
        assert_eq!(page.review.as_ref().map(|said| said.value.to_string()).as_deref(), Some("every 18 months"));
        assert_eq!(ids(&page), ["CC6.1", "CC9.9"]);

        let (wide, _) = read("# POL-7: Logs\n\n| Owner | Approver |\n|---|---|\n| Dana Roe | Mira Sand |\n");
        assert_eq!((text(&wide.id), text(&wide.owner)), (Some("POL-7"), Some("Dana Roe")));
        assert_eq!(wide.approvers[0].value, "Mira Sand");
        let (listed, _) = read("# Logs\n\n- **Document ID**: P-1\n- **Owner**: Dana Roe\\\n* **Approver**: `Mira`\n");
        assert_eq!((text(&listed.id), text(&listed.owner)), (Some("P-1"), Some("Dana Roe")));
        assert_eq!(listed.approvers[0].value, "Mira");
        assert_eq!(text(&read("# Logs\n\n## Report\n\n**Owner**: who reports\n").0.owner), None);
    }

    #[test]
    fn criteria_are_found_beside_their_names_and_in_their_columns() {
        let front = about("satisfies:\n  ISO/IEC 27001: [A.5.1]\n  TSC: ['CC6.1 Access', \"CC9.9\", 1.10]\n");
        assert_eq!(ids(&front), ["A.5.1", "CC6.1", "CC9.9", "1.10"]);
        assert_eq!(ids(&about("tsc_criteria: CC6.1, CC6.2\n")), ["CC6.1", "CC6.2"]);
        let (page, _) = read(concat!(
            "# Logs\n\n## Mapping\n\n| Framework | Reference |\n|---|---|\n| SOC 2 | CC7.2, CC9.3 |\n| ISO | A.8.15 |\n\n",
            "| Requirement | TSC criteria |\n|---|---|\n| Logs are kept | CC7.3 |\n",
        ));
        assert_eq!(ids(&page), ["CC7.2", "CC9.3", "CC7.3"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_place() {
        let told = |front: &str| {
            let faults = read(&format!("---\n{front}---\n")).1;
            faults.into_iter().map(|fault| (fault.rule, fault.source.slice(fault.span).to_owned())).collect::<Vec<_>>()
        };
        let one = |rule, text: &str| vec![(rule, text.to_owned())];
        assert_eq!(told("last_reviewed: 3/4/2025\n"), one("documents/bad-date", "3/4/2025"));
        assert_eq!(told("next_review: 2026-02-30\n"), one("documents/bad-date", "2026-02-30"));
        assert_eq!(told("name: Patch\ncron: 0 0 1 * *\n"), one("documents/bad-value", "0 0 1 * *"));
        assert_eq!(told("review_cadence: now and then\n"), one("documents/bad-value", "now and then"));
        for silent in ["last_reviewed: never\n", "next_review:\n", "last_reviewed: '{{ day1 }}'\n", "review: Dana\n"] {
            assert_eq!(told(silent), [], "{silent}");
        }
    }

    #[test]
    fn drafts_bind_nobody() {
        for (status, binds) in
            [("Draft (for the board)", false), ("in review", false), ("approved", true), ("Reviewed", true)]
        {
            assert_eq!(about(&format!("status: {status}\n")).is_in_force(), binds, "{status}");
        }
    }
}
