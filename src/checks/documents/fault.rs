//! A fault that was met while a file was read becomes a finding of the rule that it breaks.

use crate::checks::compose;
use crate::error::Fault;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::standing::Standing;
use crate::policies::pack::Pack;

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
        labels: vec![Label {
            place: Place::Text(fault.source.clone(), fault.span),
            text: fault.label.clone(),
            primary: true,
        }],
        help: fault.help.clone().unwrap_or_else(|| rule.fix.trim().to_owned()),
        repository: None,
        standing: Standing::Open,
    })
}
