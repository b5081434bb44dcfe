//! What the configuration says of findings: how much those of a rule weigh, and which are accepted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::below;
use super::judging::Judging;
use super::range::Extent;
use super::suppressing;
use crate::config::Config;
use crate::error::{Exit, Fault};
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Severity};
use crate::findings::ledger::Ledger;
use crate::findings::suppression::Suppression;
use crate::policies::pack::Pack;
use crate::sources::oid::Oid;
use crate::sources::yaml::{self, YamlDocument, escape};
use crate::text::{SourceText, shown};

/// What a configuration says of findings.
#[derive(Default)]
pub(super) struct Weighing {
    severities: BTreeMap<String, Severity>,
    suppressions: Vec<Suppression>,
    document: Option<YamlDocument>,
    /// What is wrong with it, so that the configuration cannot be used.
    pub(super) faults: Vec<Fault>,
}

impl Weighing {
    /// Reads it from the text of a configuration. One that cannot be used says nothing, and neither does none.
    pub(super) fn read(source: Option<&Arc<SourceText>>, pack: &Pack) -> Self {
        let parsed = source.and_then(|source| yaml::parse(source).ok()).unwrap_or_default();
        let Some(document) = parsed.into_iter().next().filter(|document| !document.value().is_null()) else {
            return Self::default();
        };
        let Ok(config) = yaml::read::<Config>(&document) else { return Self::default() };
        let faults = config.severities.iter().filter_map(|(rule, severity)| wrong(&document, pack, rule, *severity));
        let faults = faults.collect();
        Self { faults, severities: config.severities, suppressions: config.suppressions, document: Some(document) }
    }

    /// Applies it to what was found, and gives what was applied. What is found of a range is weighed by the configuration
    /// before it: what a range brings does not decide how much it weighs itself, or whether it is silenced.
    /// `whole` says that everything was looked at that the configuration asks about.
    pub(super) fn settle(
        self,
        judging: &Judging<'_>,
        controls: &[Arc<Control>],
        (extent, whole): (Option<&Extent>, bool),
        ledger: &mut Ledger,
    ) -> Self {
        if ledger.misconfigured {
            return self;
        }
        let Judging { repo, configured, pack, calendar, registers, .. } = *judging;
        let below = below(repo, configured.stands()).unwrap_or_default();
        let around = &suppressing::Around { repo, pack, calendar, people: &registers.people, controls, below };
        let head = || around.repo.head().ok().map(|(_, id)| id);
        let whole = whole && ledger.exit() != Exit::Incomplete;
        let Some(extent) = extent else {
            let told = self.silence(around, (head(), whole), &mut ledger.findings);
            ledger.findings.extend(told);
            self.apply(ledger);
            return self;
        };
        let changed = self.document.as_ref().is_some_and(|document| extent.has_changed(document.source.name()));
        let told = if changed {
            self.silence(around, (extent.tip().or_else(head), false), &mut ledger.findings.clone())
        } else {
            Vec::new()
        };
        let (base, source) = extent.configuration_before();
        let before = Self::read(source, around.pack);
        before.silence(around, (base, false), &mut ledger.findings);
        ledger.findings.extend(told);
        before.apply(ledger);
        before
    }

    fn silence(
        &self,
        around: &suppressing::Around<'_>,
        of: (Option<Oid>, bool),
        findings: &mut [Finding],
    ) -> Vec<Finding> {
        let document = self.document.as_ref().filter(|_| !self.suppressions.is_empty());
        document
            .map(|document| suppressing::apply(around, (document, &self.suppressions), of, findings))
            .unwrap_or_default()
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
