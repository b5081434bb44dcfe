//! `tickmark.baseline/1`: what was found when a repository began to be checked, so that only what is new fails.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::fingerprint::fingerprint;
use super::standing::Standing;
use crate::facts::calendar::Period;

/// The name of the form.
const SCHEMA: &str = "tickmark.baseline/1";

/// Findings that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark baseline")]
pub struct Baseline {
    /// `tickmark.baseline/1`.
    #[schemars(extend("const" = "tickmark.baseline/1"))]
    pub schema: String,
    /// The observation period of the check that wrote it.
    pub period: Period,
    /// What was found, in the order of the report.
    pub findings: Vec<Known>,
}

/// A finding that is known: the rule, and what it is about. Lines and wording are not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The rule.
    pub rule: String,
    /// The control whose test found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The item.
    pub item: String,
    /// The other repository that it is about, by its name in the configuration; left out for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The fingerprint of the finding.
    pub fingerprint: String,
}

/// Rule, control, item and repository.
type Subject<'s> = (&'s str, Option<&'s str>, &'s str, Option<&'s str>);

impl Known {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            control: finding.control.clone(),
            item: finding.item.clone(),
            repository: finding.repository.clone(),
            fingerprint: fingerprint(finding),
        }
    }

    fn subject(&self) -> Subject<'_> {
        (&self.rule, self.control.as_deref(), &self.item, self.repository.as_deref())
    }
}

impl Baseline {
    /// The baseline of findings. What could not be read belongs to none, and neither does what does not count anyway.
    /// `is_about_reading` says whether a rule tells of what could not be read.
    pub fn of(findings: &[Finding], period: Period, is_about_reading: impl Fn(&str) -> bool) -> Self {
        let kept = findings.iter().filter(|finding| finding.standing.is_open() && holds(finding, &is_about_reading));
        Self { schema: SCHEMA.to_owned(), period, findings: kept.map(Known::of).collect() }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// It is none, or one of a later version; why, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if read.schema == SCHEMA { Ok(read) } else { Err(format!("its schema is not {SCHEMA}")) }
    }

    /// Marks the findings that are known, and tells the entries that match none. An entry stands for one finding: the one
    /// of its fingerprint, or else one of its rule about the same subject that no other entry stands for.
    pub fn apply(&self, findings: &mut [Finding], is_about_reading: impl Fn(&str) -> bool) -> Vec<&Known> {
        let of: Vec<Known> = findings.iter().map(Known::of).collect();
        let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut by_subject: FxHashMap<Subject<'_>, Vec<usize>> = FxHashMap::default();
        for (at, finding) in findings.iter().enumerate().rev() {
            if finding.standing.is_open() && holds(finding, &is_about_reading) {
                by_name.entry(&of[at].fingerprint).or_default().push(at);
                by_subject.entry(of[at].subject()).or_default().push(at);
            }
        }
        let mut known = vec![false; findings.len()];
        // Each place is taken from its list once, whether it is used or not.
        let mut take = |places: Option<&mut Vec<usize>>| {
            let places = places?;
            let free = std::iter::from_fn(|| places.pop()).find(|at| !known[*at])?;
            known[free] = true;
            Some(free)
        };
        let is_exact = |entry: &&Known| take(by_name.get_mut(entry.fingerprint.as_str())).is_none();
        let changed: Vec<&Known> = self.findings.iter().filter(is_exact).collect();
        let stale: Vec<&Known> =
            changed.into_iter().filter(|entry| take(by_subject.get_mut(&entry.subject())).is_none()).collect();
        for (finding, known) in findings.iter_mut().zip(known) {
            if known {
                finding.standing = Standing::Known;
            }
        }
        stale
    }
}

fn holds(finding: &Finding, is_about_reading: impl Fn(&str) -> bool) -> bool {
    !finding.is_untestable() && !is_about_reading(&finding.rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::finding::{Nature, Severity, Verdict};

    fn finding(rule: &str, item: &str, key: &str) -> Finding {
        Finding {
            rule: rule.to_owned(),
            severity: Severity::Error,
            verdict: Verdict::Exception,
            control: Some("CM-01".to_owned()),
            item: item.to_owned(),
            counted: true,
            key: key.to_owned(),
            part: String::new(),
            message: String::new(),
            nature: Nature::Late,
            labels: Vec::new(),
            help: String::new(),
            repository: None,
            on: None,
            impact: Vec::new(),
            response: None,
            standing: Standing::Open,
        }
    }

    fn known(findings: &[Finding]) -> Vec<bool> {
        findings.iter().map(|finding| finding.standing == Standing::Known).collect()
    }

    #[test]
    fn an_entry_stands_for_one_finding_and_its_fingerprint_decides_which() {
        let old = [finding("a/b", "shop", "1"), finding("a/b", "shop", "2")];
        let baseline = Baseline::of(&old, Period::default(), |_| false);
        let mut now = [finding("a/b", "shop", "3"), finding("a/b", "shop", "2"), finding("a/b", "shop", "4")];
        assert!(baseline.apply(&mut now, |_| false).is_empty());
        assert_eq!(known(&now), [true, true, false], "one is known by its name, one by its subject, and one is new");
    }

    #[test]
    fn another_rule_control_or_repository_is_another_finding() {
        let baseline = Baseline::of(&[finding("a/b", "shop", "1")], Period::default(), |_| false);
        let elsewhere = Finding { repository: Some("payments".to_owned()), ..finding("a/b", "shop", "2") };
        let mut now = [
            finding("a/c", "shop", "1"),
            Finding { control: None, ..finding("a/b", "shop", "1") },
            elsewhere,
            finding("a/b", "till", "2"),
        ];
        assert_eq!(baseline.apply(&mut now, |_| false).len(), 1);
        assert_eq!(known(&now), [false; 4]);
    }

    #[test]
    fn what_could_not_be_read_is_never_known() {
        let unread = Finding { verdict: Verdict::Untestable, ..finding("a/b", "shop", "1") };
        let about_reading = |rule: &str| rule == "documents/unknown-key";
        let faulty = finding("documents/unknown-key", "x:1:1", "x");
        let mut both = [unread, faulty];
        assert_eq!(Baseline::of(&both, Period::default(), about_reading).findings, []);
        let forged = Baseline::of(&both, Period::default(), |_| false);
        let forged = Baseline { findings: [forged.findings, vec![Known::of(&both[0])]].concat(), ..forged };
        assert_eq!(forged.apply(&mut both, about_reading).len(), 2);
        assert_eq!(known(&both), [false, false]);
    }

    #[test]
    fn a_baseline_of_another_version_or_with_another_key_is_none() {
        let text = r#"{"schema":"tickmark.baseline/1","period":{"from":null,"to":null},"findings":[]}"#;
        assert!(Baseline::parse(text).is_ok());
        assert!(Baseline::parse(&text.replace("/1", "/2")).is_err_and(|why| why.contains("tickmark.baseline/1")));
        assert!(Baseline::parse(&text.replace("findings", "found")).is_err());
        assert!(Baseline::parse("").is_err());
    }
}
