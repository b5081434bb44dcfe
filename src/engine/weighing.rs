//! What the configuration says of findings: how much those of a rule weigh.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::range::Extent;
use crate::config::Config;
use crate::error::Fault;
use crate::findings::finding::Severity;
use crate::findings::ledger::Ledger;
use crate::policies::pack::Pack;
use crate::sources::yaml::{self, YamlDocument, escape};
use crate::text::{SourceText, shown};

/// What a configuration says of findings.
#[derive(Default)]
pub(super) struct Weighing {
    severities: BTreeMap<String, Severity>,
    /// What is wrong with it, so that the configuration cannot be used.
    pub(super) faults: Vec<Fault>,
}

impl Weighing {
    /// Reads it from the text of a configuration. One that cannot be used says nothing, and neither does none.
    pub(super) fn read(source: Option<&Arc<SourceText>>, pack: &Pack) -> Self {
        let parsed = source.and_then(|source| yaml::parse(source).ok()).unwrap_or_default();
        let Some(document) = parsed.first().filter(|document| !document.value().is_null()) else {
            return Self::default();
        };
        let Ok(config) = yaml::read::<Config>(document) else { return Self::default() };
        let faults = config.severities.iter().filter_map(|(rule, severity)| wrong(document, pack, rule, *severity));
        Self { faults: faults.collect(), severities: config.severities }
    }

    /// Applies it to what was found, and gives what was applied. What is found of a range is weighed by the configuration before it: what a range
    /// brings does not decide how much it weighs itself.
    pub(super) fn settle(self, extent: Option<&Extent>, pack: &Pack, ledger: &mut Ledger) -> Self {
        let settled = extent.map_or(self, |extent| Self::read(extent.configuration_before(), pack));
        settled.apply(ledger);
        settled
    }

    /// Gives the findings the weight that the configuration says.
    pub(super) fn apply(&self, ledger: &mut Ledger) {
        if self.severities.is_empty() || ledger.misconfigured {
            return;
        }
        for finding in &mut ledger.findings {
            if let Some(severity) = self.severities.get(&finding.rule) {
                // What could not be read of an item is no lighter for what the rule weighs otherwise.
                let least = if finding.is_untestable() { finding.severity } else { Severity::Note };
                finding.severity = least.max(*severity);
            }
        }
    }
}

/// What is wrong with the severity of a rule.
fn wrong(document: &YamlDocument, pack: &Pack, rule: &str, severity: Severity) -> Option<Fault> {
    let pointer = format!("/severities/{}", escape(rule));
    if let Some((_, known)) = pack.rule(rule) {
        if !pack.is_about_reading(rule) || severity >= known.severity {
            return None;
        }
        let message = format!("{rule} says that something could not be read, and weighs no less than it does");
        let fault = document.fault(&pointer, "documents/bad-value", message);
        return Some(Fault {
            label: "weighs too little".to_owned(),
            help: Some("take it out; what cannot be read is no smaller matter for being expected".to_owned()),
            ..fault
        });
    }
    if !pack.unusable.is_empty() {
        // It may be a rule of a test that has a fault, which is told already.
        return None;
    }
    let near = pack.rules_of(rule).err().flatten().filter(|near| near.contains('/'));
    let fault = document.fault(&pointer, "documents/unknown-value", format!("there is no rule called {}", shown(rule)));
    Some(Fault {
        label: near.map_or_else(|| "no rule".to_owned(), |near| format!("did you mean {near}?")),
        help: Some("name one rule, such as change/self-approved; see all of them: tickmark explain".to_owned()),
        ..fault
    })
}
