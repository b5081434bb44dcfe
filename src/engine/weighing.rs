//! What the configuration says of findings: how much those of a rule weigh, and which are accepted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::approved::{Around, Past};
use super::below;
use super::judging::Judging;
use super::range::Extent;
use super::responding::{self, Answering};
use super::suppressing;
use crate::config::Config;
use crate::error::{Exit, Fault};
use crate::facts::document::control::Control;
use crate::facts::document::response::Response;
use crate::findings::finding::{Finding, Severity};
use crate::findings::fingerprint::tell_apart;
use crate::findings::ledger::Ledger;
use crate::findings::response::Responded;
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
    responded: Responded,
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
        let Config { severities, suppressions, responded, .. } = config;
        Self { faults, severities, suppressions, responded, document: Some(document) }
    }

    /// Applies it to what was found, with the responses to that, and gives what was applied. What is found of a range is
    /// weighed by the configuration and the responses before it: what a range brings does not decide how much it weighs
    /// itself, or whether it is silenced or answered. `whole` says that everything was looked at.
    pub(super) fn settle(
        self,
        judging: &Judging<'_>,
        of: (&[Arc<Control>], &[Arc<Response>]),
        (extent, whole): (Option<&Extent>, bool),
        ledger: &mut Ledger,
    ) -> Self {
        tell_apart(&mut ledger.findings);
        let applied = if ledger.misconfigured {
            self
        } else {
            match extent {
                Some(extent) => self.settle_range(judging, of, extent, ledger),
                None => self.settle_all(judging, of, whole, ledger),
            }
        };
        tell_apart(&mut ledger.findings);
        applied
    }

    fn settle_all(
        self,
        judging: &Judging<'_>,
        (controls, responses): (&[Arc<Control>], &[Arc<Response>]),
        whole: bool,
        ledger: &mut Ledger,
    ) -> Self {
        let around = &around(judging, controls);
        let whole = whole && ledger.exit() != Exit::Incomplete;
        let past = &Past::of(newest(around));
        let told = self.silence(around, (past, whole), &mut ledger.findings);
        ledger.findings.extend(told);
        let Ledger { tests, findings, .. } = &mut *ledger;
        let answering = Answering { around, past, root: Some(&judging.configured.root), tests, whole };
        let told = responding::answer(&answering, responses, findings);
        ledger.findings.extend(told);
        self.apply(ledger);
        self
    }

    fn settle_range(
        self,
        judging: &Judging<'_>,
        (controls, responses): (&[Arc<Control>], &[Arc<Response>]),
        extent: &Extent,
        ledger: &mut Ledger,
    ) -> Self {
        let around = &around(judging, controls);
        let brought = Past::of(extent.tip().or_else(|| newest(around)));
        let told = self.of_range(around, (extent, &brought), responses, ledger);
        let (base, source) = extent.configuration_before();
        let (before, past) = (Self::read(source, around.pack), &Past::of(base));
        before.silence(around, (past, false), &mut ledger.findings);
        let Ledger { tests, findings, .. } = &mut *ledger;
        let answering = Answering { around, past, root: None, tests, whole: false };
        responding::answer(&answering, &responding::of_commit(around.repo, base, &around.below), findings);
        ledger.findings.extend(told);
        before.apply(ledger);
        before
    }

    /// What is wrong with the suppressions and the responses that a range brings. They have no effect on it.
    fn of_range(
        &self,
        around: &Around<'_>,
        (extent, past): (&Extent, &Past),
        responses: &[Arc<Response>],
        ledger: &Ledger,
    ) -> Vec<Finding> {
        let has_changed = |document: &YamlDocument| extent.has_changed(document.source.name());
        let changed = self.document.as_ref().is_some_and(has_changed);
        let below = &around.below;
        let is_new =
            |response: &&Arc<Response>| extent.has_changed(&format!("{below}{}", response.document.source.name()));
        let new: Vec<Arc<Response>> = responses.iter().filter(is_new).cloned().collect();
        if !changed && new.is_empty() {
            return Vec::new();
        }
        let (mut told, mut findings) = (Vec::new(), ledger.findings.clone());
        if changed {
            told.extend(self.silence(around, (past, false), &mut findings));
        }
        let answering = Answering { around, past, root: None, tests: &ledger.tests, whole: false };
        told.extend(responding::answer(&answering, &new, &mut findings));
        told
    }

    fn silence(&self, around: &Around<'_>, of: (&Past, bool), findings: &mut [Finding]) -> Vec<Finding> {
        let document = self.document.as_ref().filter(|_| !self.suppressions.is_empty());
        document
            .map(|document| suppressing::apply(around, (document, &self.suppressions), of, findings))
            .unwrap_or_default()
    }

    /// Gives the findings the weight that the configuration says.
    pub(super) fn apply(&self, ledger: &mut Ledger) {
        ledger.responded = self.responded;
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

/// What findings are weighed with.
fn around<'a>(judging: &Judging<'a>, controls: &'a [Arc<Control>]) -> Around<'a> {
    let Judging { repo, configured, pack, calendar, registers, .. } = *judging;
    let below = below(repo, configured.stands()).unwrap_or_default();
    Around { repo, pack, calendar, people: &registers.people, controls, below }
}

/// The newest commit of what is checked out.
fn newest(around: &Around<'_>) -> Option<Oid> {
    around.repo.head().ok().map(|(_, id)| id)
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
