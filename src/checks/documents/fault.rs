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

/// The finding of a fault; `None` if no rule has the name that the fault gives, which a test excludes.
#[must_use]
pub fn finding(pack: &Pack, fault: &Fault) -> Option<Finding> {
    let (_, rule) = pack.rule(fault.rule)?;
    let at = fault.source.position(fault.span.start);
    let words = fault.source.slice(fault.span);
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
        key: format!("{}\0{words}\0{}", fault.source.name(), fault.message),
        part: String::new(),
        message: fault.message.clone(),
        nature: rule.nature,
        labels,
        help: fault.help.clone().unwrap_or_else(|| rule.fix.trim().to_owned()),
        repository: None,
        on: None,
        impact: Vec::new(),
        standing: Standing::Open,
    })
}
