//! Findings as formats for other programs tell them: one place in a file, clean words, a fingerprint. Every such format is
//! written from these entries, so that none of them counts otherwise than the others.

use std::collections::BTreeMap;

use super::results_json::{FindingEntry, LabelEntry, ResultsDocument};
use crate::facts::calendar::Calendar;
use crate::facts::document::response::ResponseKind;
use crate::findings::finding::{Finding, Nature, Severity, Verdict};
use crate::findings::ledger::Ledger;
use crate::findings::standing::Standing;
use crate::policies::pack::Pack;
use crate::sources::oid::Oid;
use crate::text::safe;

/// What a format is written from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Results and findings.
    pub ledger: &'a Ledger,
    /// Every test that was known, for the words of the rules.
    pub pack: &'a Pack,
    /// Name of the repository's folder.
    pub repository: &'a str,
    /// The commit that is checked out.
    pub commit: Option<Oid>,
    /// Period, time zone and as-of.
    pub calendar: &'a Calendar,
    /// What was looked at, where that is not everything.
    pub range: Option<Extent<'a>>,
    /// Where the folder of the documents lies in the repository, with a slash behind it; empty for its top.
    pub folder: &'a str,
    /// The file of each control, below that folder.
    pub controls: &'a BTreeMap<String, String>,
}

/// What a run looked at, where that is not everything.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    /// The range in words, with object names; not clean.
    pub words: &'a str,
    /// What it does not reach, one sentence each; not clean.
    pub beyond: &'a [String],
}

impl Extent<'_> {
    /// The range, then what was not judged: a line each, clean.
    pub fn lines(self) -> impl Iterator<Item = String> {
        let beyond = self.beyond.iter().map(|what| format!("not judged: {}", safe(what)));
        std::iter::once(format!("range: {}", safe(self.words))).chain(beyond)
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The rule.
    pub rule: &'a str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it says about its item.
    pub verdict: Verdict,
    /// Why it is an exception.
    pub nature: Nature,
    /// The control whose test found it, clean.
    pub control: Option<String>,
    /// The item, clean.
    pub item: String,
    /// What is wrong, clean.
    pub message: String,
    /// What to do, clean.
    pub help: String,
    /// The name that outlives reformatting and re-running.
    pub fingerprint: String,
    /// Where forges show it.
    pub spot: Spot,
    /// Every place with its words, clean, in one line each.
    pub places: Vec<String>,
    /// Files of the other places.
    pub others: Vec<(Spot, String)>,
    /// Full name of the first commit that it shows.
    pub commit: Option<String>,
    /// Whether it stands in the baseline, or is suppressed.
    pub standing: &'a Standing,
    /// What is said beside it: what it was answered, and why it does not count. Clean.
    pub beside: Option<String>,
    /// Whether it counts against the run, whatever it weighs.
    pub counts: bool,
    /// Whether it fails the run.
    pub fails: bool,
}

/// A place in a file of the working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Path from the top of the repository, as it is: not clean.
    pub path: String,
    /// Line, from 1; 1 where the place is in an older version of the file.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Number of characters; 0 where none are meant.
    pub length: usize,
}

impl<'a> Report<'a> {
    /// The document of a check.
    #[must_use]
    pub fn results(&self) -> ResultsDocument {
        ResultsDocument::new(self.ledger, self.repository.to_owned(), self.commit, self.calendar)
            .within(self.range.map(|range| range.words))
    }

    /// The findings, in the order of the ledger.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'a>> {
        self.ledger.findings.iter().map(|finding| self.entry(finding)).collect()
    }

    /// What a reader has to know beside the findings, a line each, clean: what was looked at, and which findings were left
    /// out or do not count against the run.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.range.iter().flat_map(|range| range.lines()).collect();
        let plural = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let of_rules: usize = self.ledger.left_out.values().sum();
        if of_rules > 0 {
            let rules = plural(self.ledger.left_out.len(), "rule");
            let were = if self.ledger.left_out.len() == 1 { "was" } else { "were" };
            remarks.push(format!("left out: {} of {rules} that {were} not asked for", plural(of_rules, "finding")));
        }
        let standings = || self.ledger.findings.iter().map(|finding| &finding.standing);
        let known = standings().filter(|standing| matches!(standing, Standing::Known)).count();
        if known > 0 {
            remarks.push(format!("known: {} of the baseline, which fail nothing", plural(known, "finding")));
        }
        let suppressed = standings().filter(|standing| matches!(standing, Standing::Suppressed(_))).count();
        if suppressed > 0 {
            let what = plural(suppressed, "finding");
            remarks.push(format!("suppressed: {what}, which fail nothing until their suppressions end"));
        }
        let answered = |kind| {
            // Those that fail the run all the same need no word: the response stands beside each of them.
            let passing = |finding: &&Finding| finding.standing.is_open() && !self.ledger.counts(finding);
            let of_kind = self.ledger.findings.iter().filter(passing).filter_map(|finding| finding.response.as_ref());
            of_kind.filter(|answer| answer.kind == kind).count()
        };
        let kinds = [(ResponseKind::Remedied, "remedied"), (ResponseKind::Accepted, "accepted")];
        let kinds = kinds.into_iter().chain([(ResponseKind::Disputed, "disputed")]);
        let kinds: Vec<(usize, &str)> =
            kinds.map(|(kind, word)| (answered(kind), word)).filter(|(count, _)| *count > 0).collect();
        if !kinds.is_empty() {
            let named: Vec<String> = kinds.iter().map(|(count, word)| format!("{count} {word}")).collect();
            let all = plural(kinds.iter().map(|(count, _)| count).sum(), "finding");
            remarks.push(format!("answered: {all} with a response, {}, which fail nothing", named.join(", ")));
        }
        remarks
    }

    fn entry(&self, finding: &'a Finding) -> Entry<'a> {
        let (standing, fails) = (&finding.standing, self.ledger.fails(finding));
        let (beside, counts) = (finding.beside(), self.ledger.counts(finding));
        let rule = finding.rule.as_str();
        let finding = FindingEntry::new(finding);
        let mut labels: Vec<&LabelEntry> = finding.labels.iter().collect();
        labels.sort_by_key(|label| !label.primary);
        let spots = labels.iter().filter_map(|label| Some((self.spot(label)?, safe(&label.text))));
        let mut spots: Vec<(Spot, String)> = spots.collect();
        // Forges refuse a report with a finding that has no file: what only commits show stands at its control.
        let spot = if spots.is_empty() { self.governing(finding.control.as_deref()) } else { spots.remove(0).0 };
        let commit = labels.iter().find_map(|label| commit(&label.source)).map(str::to_owned);
        let place =
            |label: &&LabelEntry| safe(&format!("{}:{}:{}: {}", label.source, label.line, label.column, label.text));
        Entry {
            rule,
            severity: finding.severity,
            verdict: finding.verdict,
            nature: finding.nature,
            control: finding.control.as_deref().map(safe),
            item: safe(&finding.item),
            message: safe(&finding.message),
            help: safe(&finding.help),
            fingerprint: finding.fingerprint.clone(),
            spot,
            places: labels.iter().map(place).collect(),
            others: spots,
            commit,
            standing,
            beside,
            counts,
            fails,
        }
    }

    fn governing(&self, control: Option<&str>) -> Spot {
        let file = control.and_then(|control| self.controls.get(control)).map_or("tickmark.yaml", String::as_str);
        Spot { path: format!("{}{file}", self.folder), line: 1, column: 1, length: 0 }
    }

    /// Where a label stands in the working tree; nothing for what is no file: a commit, a note, a tag, a log.
    fn spot(&self, label: &LabelEntry) -> Option<Spot> {
        let name = label.source.as_str();
        if ["commit ", "blob ", "tag ", "before ", "the log of ", "refs/"].iter().any(|begin| name.starts_with(begin)) {
            return None;
        }
        if let Some((at, path)) = name.split_once(':')
            && is_object(at)
        {
            // The line of an older version is none of today's file. Its path is told from the top of the repository.
            return Some(Spot { path: path.to_owned(), line: 1, column: 1, length: 0 });
        }
        let path = format!("{}{name}", self.folder);
        Some(Spot { path, line: label.line, column: label.column, length: label.length })
    }
}

impl Entry<'_> {
    /// The message, with the commit that it is about, what it was answered, and why it does not count if it does not.
    #[must_use]
    pub fn with_commit(&self) -> String {
        let commit = self.commit.as_ref().map(|commit| format!("commit {}", commit.get(..12).unwrap_or(commit)));
        let beside: Vec<String> = commit.into_iter().chain(self.beside.clone()).collect();
        if beside.is_empty() { self.message.clone() } else { format!("{} ({})", self.message, beside.join(", ")) }
    }

    /// How much it weighs for whoever has to act: what does not count is a note.
    #[must_use]
    pub const fn level(&self) -> Severity {
        if self.counts { self.severity } else { Severity::Note }
    }

    /// The path, clean.
    #[must_use]
    pub fn path(&self) -> String {
        safe(&self.spot.path)
    }
}

/// How much was tested and found, in one line.
#[must_use]
pub fn counted(ledger: &Ledger) -> String {
    let counts = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let found = counts(ledger.findings.len(), "finding");
    match ledger.tests.len() {
        0 => format!("Nothing was tested; {found}."),
        tests => format!("{} of controls, {found}.", counts(tests, "test")),
    }
}

/// The full name in `commit <name>`.
fn commit(source: &str) -> Option<&str> {
    source.strip_prefix("commit ")?.split(' ').next().filter(|name| is_object(name))
}

fn is_object(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The word that a severity, a verdict or a nature has in every format.
#[must_use]
pub fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A path as a URI that is relative to the top of the repository.
#[must_use]
pub fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])));
        }
        uri
    })
}
