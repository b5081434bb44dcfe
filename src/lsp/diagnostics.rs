//! Findings as an editor shows them: each in a document, at what is documented there.

use std::collections::BTreeMap;
use std::sync::Arc;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range, Uri,
};

use rustc_hash::FxHashMap;

use super::places::Lines;
use crate::engine::Texts;
use crate::findings::finding::{Finding, Label, Place, Severity, Verdict};
use crate::text::{SourceText, Span, safe};

/// Findings that are shown of one file; the last of more says how many there are.
const MOST: usize = 500;
/// What stands for the repository where a finding is about no file.
const CONFIGURATION: &str = "tickmark.yaml";

/// What findings are shown with.
pub(super) struct Showing<'a> {
    texts: &'a Texts,
    address: &'a dyn Fn(&str) -> Option<Uri>,
    explained: &'a mut dyn FnMut(&str) -> Option<Uri>,
    /// The documents as they are now, by their path.
    now: FxHashMap<&'a str, &'a Arc<SourceText>>,
    /// Whether there is a file of a name.
    there: FxHashMap<&'a str, bool>,
    /// The lines of every text that was asked about: many findings can be in one, and it can be long.
    lines: FxHashMap<*const SourceText, Lines<'a>>,
}

/// Where a label is shown: a file, and a place in its text; no text where there is no such file.
#[derive(Clone, Copy)]
struct Spot<'a> {
    file: &'a str,
    text: Option<&'a Arc<SourceText>>,
    span: Span,
}

impl<'a> Showing<'a> {
    /// `address` tells the address of a file by its path below the root, and `explained` where the explanation of a rule
    /// can be read.
    pub(super) fn new(
        texts: &'a Texts,
        address: &'a dyn Fn(&str) -> Option<Uri>,
        explained: &'a mut dyn FnMut(&str) -> Option<Uri>,
    ) -> Self {
        let controls = texts.controls.controls.iter().map(|control| control.source());
        let all = controls.chain(texts.written.iter().map(|written| written.source()));
        let now = all.map(|source| (source.name(), source)).collect();
        Self { texts, address, explained, now, there: FxHashMap::default(), lines: FxHashMap::default() }
    }

    /// The findings of each file, by its path below the root.
    pub(super) fn all(mut self, findings: impl Iterator<Item = &'a Finding>) -> BTreeMap<String, Vec<Diagnostic>> {
        let mut shown: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for finding in findings {
            let spot = self.spot(finding);
            let count = counts.entry(spot.file).or_default();
            *count += 1;
            if *count <= MOST {
                let diagnostic = self.diagnostic(finding, spot);
                shown.entry(spot.file.to_owned()).or_default().push(diagnostic);
            }
        }
        for (file, count) in counts.into_iter().filter(|(_, count)| *count > MOST) {
            let message = format!("{} more findings are not shown here: run tickmark check", count - MOST);
            let more = Diagnostic { message, source: Some("tickmark".to_owned()), ..Diagnostic::default() };
            shown.entry(file.to_owned()).or_default().push(more);
        }
        shown
    }

    fn range(&mut self, spot: Spot<'a>) -> Range {
        let Some(text) = spot.text else { return Range::default() };
        let lines = self.lines.entry(Arc::as_ptr(text)).or_insert_with(|| Lines::of(text.text()));
        lines.range(text.clamp(spot.span))
    }

    fn diagnostic(&mut self, finding: &'a Finding, spot: Spot<'a>) -> Diagnostic {
        let severity = match (finding.severity, finding.verdict) {
            _ if !finding.standing.is_open() => DiagnosticSeverity::HINT,
            (Severity::Note, _) => DiagnosticSeverity::INFORMATION,
            (Severity::Warning, _) | (_, Verdict::Unevidenced) => DiagnosticSeverity::WARNING,
            _ => DiagnosticSeverity::ERROR,
        };
        let mut message = safe(&finding.message);
        if let Some(word) = finding.beside() {
            message = format!("{message} ({word})");
        }
        if !finding.help.is_empty() {
            message = format!("{message}\nhelp: {}", safe(&finding.help));
        }
        let related = finding.labels.iter().filter_map(|label| self.related(label, spot)).collect();
        Diagnostic {
            range: self.range(spot),
            severity: Some(severity),
            code: Some(NumberOrString::String(finding.rule.clone())),
            code_description: (self.explained)(&finding.rule).map(|href| CodeDescription { href }),
            source: Some("tickmark".to_owned()),
            message,
            related_information: Some(related),
            ..Diagnostic::default()
        }
    }

    /// What a label says, where it is in a file; what it says of a commit, which no editor can open, beside the finding.
    fn related(&mut self, label: &'a Label, spot: Spot<'a>) -> Option<DiagnosticRelatedInformation> {
        let Place::Text(text, span) = &label.place else { return None };
        let (own, message) = match self.in_file(text, *span) {
            Some(own) => (own, safe(&label.text)),
            None => (spot, format!("{}: {}", safe(text.title()), safe(&label.text))),
        };
        let location = Location::new((self.address)(own.file)?, self.range(own));
        Some(DiagnosticRelatedInformation { location, message })
    }

    /// Where a finding is shown: at what is documented, as the file says it now; else at what happened, if that is in a
    /// file; else at its control.
    fn spot(&mut self, finding: &'a Finding) -> Spot<'a> {
        let (first, others): (Vec<&Label>, Vec<&Label>) = finding.labels.iter().partition(|label| label.primary);
        let mut spots = Vec::new();
        for label in first.into_iter().chain(others) {
            if let Place::Text(text, span) = &label.place {
                spots.extend(self.in_file(text, *span));
            }
        }
        if let Some(exact) = spots.iter().find(|spot| spot.text.is_some() && !spot.span.is_empty()) {
            return *exact;
        }
        let control = || {
            let id = finding.control.as_deref()?;
            let control = self.texts.controls.controls.iter().find(|control| control.text.id == id)?;
            Some(Spot { file: control.source().name(), text: Some(control.source()), span: control.id_span() })
        };
        let known = control().or_else(|| spots.first().copied());
        known.unwrap_or(Spot { file: CONFIGURATION, text: None, span: Span::default() })
    }

    /// A place in a file as it is now; `None` for a text that is no file of the working tree.
    fn in_file(&mut self, text: &'a Arc<SourceText>, span: Span) -> Option<Spot<'a>> {
        let file = file(text.name());
        let Some(now) = self.now.get(file).copied() else {
            let root = &self.texts.root;
            let there = !file.is_empty() && *self.there.entry(file).or_insert_with(|| root.join(file).is_file());
            let text = Some(text).filter(|text| text.name() == file);
            return there.then_some(Spot { file, text, span });
        };
        if now.text() == text.text() {
            return Some(Spot { file, text: Some(now), span });
        }
        // It was found in another version: the same words are the same place, and otherwise only the file is known.
        let words = text.slice(span);
        let start = Some(words).filter(|words| !words.is_empty()).and_then(|words| now.text().find(words));
        let span = start.map_or_else(Span::default, |start| Span::new(start, start + words.len()));
        Some(Spot { file, text: Some(now), span })
    }
}

/// The file of a text; of an old version, which is named as Git names it, the path behind the commit.
fn file(name: &str) -> &str {
    let old = name.split_once(':').filter(|(id, _)| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    old.map_or(name, |(_, path)| path)
}
