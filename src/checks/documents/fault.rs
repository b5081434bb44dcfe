//! A fault that was met while a file was read becomes a finding of the rule that it breaks.

use std::sync::Arc;

use crate::checks::compose;
use crate::error::Fault;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::standing::Standing;
use crate::policies::pack::Pack;
use crate::text::{SourceText, Span};

/// The finding of a repository without a single control.
#[must_use]
pub fn no_controls(pack: &Pack, folder: &str) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/no-controls")?;
    let words = vec![("folder", format!("{folder}/"))];
    Some(compose::finding(rule, None, folder, folder, compose::Exhibit { words, ..compose::Exhibit::default() }))
}

/// The finding of a fault, which its file identifies; `None` if no rule has the name that the fault gives, which a test
/// excludes.
#[must_use]
pub fn finding(pack: &Pack, fault: &Fault) -> Option<Finding> {
    finding_in(pack, fault, fault.source.name())
}

/// The same, where something outlives the name of its file, such as the id of the control that has the fault.
#[must_use]
pub fn finding_in(pack: &Pack, fault: &Fault, holder: &str) -> Option<Finding> {
    let (_, rule) = pack.rule(fault.rule)?;
    let at = fault.source.position(fault.span.start);
    // However they are laid out, and with or without quotes.
    let words =
        fault.source.slice(fault.span).split_whitespace().collect::<Vec<_>>().join(" ").replace(['"', '\''], "");
    let label = |source: &Arc<SourceText>, span: Span, text: &str, primary: bool| Label {
        place: Place::Text(Arc::clone(source), span),
        text: text.to_owned(),
        primary,
    };
    let mut labels = vec![label(&fault.source, fault.span, &fault.label, true)];
    labels.extend(fault.other.iter().map(|other| label(&other.source, other.span, &other.label, false)));
    Some(Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        verdict: rule.verdict,
        control: None,
        item: format!("{}:{}:{}", fault.source.name(), at.line, at.column),
        counted: false,
        key: format!("{holder}\0{words}\0{}", fault.message),
        part: String::new(),
        message: fault.message.clone(),
        nature: rule.nature,
        labels,
        help: fault.help.clone().unwrap_or_else(|| rule.fix.trim().to_owned()),
        repository: None,
        on: None,
        impact: Vec::new(),
        response: None,
        standing: Standing::Open,
    })
}
