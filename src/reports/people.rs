//! For people: every finding as a diagnostic, then each control with its k of n.

use std::fmt::Write;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use rayon::prelude::*;

use super::snippets::Snippets;
use super::totals;
use crate::error::Error;
use crate::findings::finding::{Finding, Severity, Verdict};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::Ledger;
use crate::findings::standing::Standing;
use crate::text::safe;

/// How text is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Number of columns.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
}

impl Style {
    fn handler(self) -> GraphicalReportHandler {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme).with_width(self.width).with_links(false).with_context_lines(0)
    }

    /// Columns left for a line of source behind the frame.
    const fn source_width(self) -> usize {
        self.width.saturating_sub(10)
    }
}

/// How much of a ledger is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What was found, and nothing else.
    Findings,
    /// The same, and what became of each test.
    #[default]
    Usual,
    /// The same, with fingerprints, the tests by name, and what is not yet due.
    All,
}

/// Every finding of a ledger, then the table of its tests.
#[must_use]
pub fn ledger(ledger: &Ledger, style: Style) -> String {
    ledger_in(ledger, style, Detail::Usual)
}

/// The same, in some detail.
#[must_use]
pub fn ledger_in(ledger: &Ledger, style: Style, detail: Detail) -> String {
    let named = |finding: &Finding| format!("  fingerprint: {}\n\n", fingerprint(finding));
    let drawn = |finding: &Finding| {
        diagnostic(finding, style) + &if detail == Detail::All { named(finding) } else { String::new() }
    };
    let mut out = ledger.findings.par_iter().map(drawn).collect::<Vec<_>>().concat();
    if detail != Detail::Findings {
        out.push_str(&totals::table(ledger, style.width, detail == Detail::All));
    }
    out
}

/// One finding.
#[must_use]
pub fn diagnostic(finding: &Finding, style: Style) -> String {
    let beside = finding.beside();
    if let Some(words) = beside.as_ref().filter(|_| !finding.standing.is_open()) {
        return set_aside(finding, words, style);
    }
    let beside = beside.map_or_else(String::new, |words| format!(" ({words})"));
    let shown = Shown {
        message: safe(&format!("{}{beside}: {}", finding.rule, finding.message)),
        help: Some(safe(&finding.help)).filter(|help| !help.is_empty()),
        severity: match (finding.severity, finding.verdict) {
            (Severity::Note, _) => miette::Severity::Advice,
            (Severity::Warning, _) | (_, Verdict::Unevidenced) => miette::Severity::Warning,
            _ => miette::Severity::Error,
        },
        snippets: Snippets::new(&finding.labels, style.source_width()),
    };
    draw(&shown, style)
}

/// A finding that does not count against the run: what it is, and why it does not. Its places would hide those of the others.
fn set_aside(finding: &Finding, word: &str, style: Style) -> String {
    let why = match &finding.standing {
        Standing::Suppressed(accepted) => {
            let by = accepted.approved_by.as_ref().map_or_else(String::new, |by| format!(", approved by {by}"));
            Some(safe(&format!("{}{by}", accepted.reason)))
        }
        Standing::Open | Standing::Known => None,
    };
    let message = safe(&format!("{} ({word}): {}", finding.rule, finding.message));
    draw(&Shown { message, help: why, severity: miette::Severity::Advice, snippets: Snippets::default() }, style)
}

/// An error that ended the run.
#[must_use]
pub fn error(error: &Error, style: Style) -> String {
    let shown = Shown {
        message: safe(&error.message),
        help: error.hint.as_deref().map(safe),
        severity: miette::Severity::Error,
        snippets: Snippets::default(),
    };
    draw(&shown, style)
}

fn draw(shown: &Shown, style: Style) -> String {
    let mut out = String::new();
    // Drawing into a string cannot fail; if it does all the same, the plain words are better than nothing.
    if style.handler().render_report(&mut out, shown).is_err() {
        let _ = writeln!(out, "{}", shown.message);
    }
    out.push('\n');
    out
}

/// What miette draws.
#[derive(Debug)]
struct Shown {
    message: String,
    help: Option<String>,
    severity: miette::Severity,
    snippets: Snippets,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.snippets.labels().is_empty()).then_some(&self.snippets as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.snippets.labels();
        (!labels.is_empty()).then(|| Box::new(labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}
