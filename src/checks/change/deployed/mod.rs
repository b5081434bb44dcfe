//! Deployments: whether everything in them landed on the protected branch, was approved before it was deployed, and was
//! deployed by somebody who may.

mod deployer;
pub mod exposure;
mod kept;
mod labels;
mod listed;
mod times;
mod words;

use serde::Deserialize;

use super::approvers::{Approvers, Parameters};
use super::tally::{Outcome, Tally};
use crate::checks::compose::{Exhibit, clip, finding};
use crate::facts::calendar::Day;
use crate::facts::coverage::Covers;
use crate::facts::deployment::{Deployment, Lost, Where};
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Label};
use crate::findings::population::Member;
use crate::policies::test::Test;
use crate::sources::oid::Oid;

pub use kept::{branch_kept, lost, lost_member};

/// What a control states under `with` for the test `deployments`; `policies/change/deployments.yaml` says what each means.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// What it states of the changes, as for the test `change-approval`.
    #[serde(flatten)]
    pub changes: Parameters,
    /// Tags that are deployments.
    pub tags: Vec<String>,
    /// A branch whose moves are deployments.
    pub deployment_branch: Option<String>,
    /// Environments of the register.
    pub environments: Vec<String>,
    /// Whether every approval must be known to be older than the deployment.
    pub before_deployment: bool,
    /// Whether nobody deploys what they wrote.
    pub deployer_is_not_author: bool,
    /// Who may deploy.
    pub deployers: Vec<String>,
    /// Roles whose holders may deploy.
    pub deployer_roles: Vec<String>,
}

impl Asked {
    /// Where the control says that deployments are found; nothing where it does not.
    #[must_use]
    pub fn place(&self) -> Option<Where> {
        let (tags, branch) = (self.tags.clone(), self.deployment_branch.clone());
        let environments = if tags.is_empty() && branch.is_none() { self.environments.clone() } else { Vec::new() };
        Some(Where { tags, branch, environments }).filter(|found| found.ways() > 0)
    }
}

/// A change that a deployment brought.
pub struct Brought<'a> {
    /// The change with its approvals weighed.
    pub tally: Tally<'a>,
    /// Why it does not count as a change of a protected branch, if it does not.
    pub outside: Option<Outside>,
}

/// How a change that is on no protected branch came into a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// It says that it was picked from this commit, and is another patch.
    Differs(Oid),
    /// It landed on the protected branch by this change, which the deployment does not have.
    Later(Oid),
    /// Nothing of it is on the protected branch.
    Alone,
}

/// A deployment with everything that it brought.
pub struct Deployed<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// The deployments that it is measured from.
    pub since: Vec<&'a str>,
    /// The first day of which changes count, where nothing was deployed before it and the control or the period says one.
    pub from: Option<Day>,
    /// The changes, newest first.
    pub brought: Vec<Brought<'a>>,
    /// What the control asks for.
    pub asked: &'a Asked,
    /// The protected branch.
    pub branch: &'a str,
    /// Who may approve and who is who, as the register of people stood then.
    pub approvers: &'a Approvers<'a>,
    /// The organisation's day of the deployment.
    pub day: Day,
    /// Whether the changes are all that it brought, and none is left out.
    pub is_whole: bool,
    /// What is wrong with where its record says that it is.
    pub lost: Option<&'a Lost>,
}

/// What a check saw in a deployment.
pub struct Sight<'t> {
    /// The change that it is about, if it is about one.
    change: Option<&'t Tally<'t>>,
    /// What is said of the change, where that is not who approved it.
    told: Option<String>,
    exhibit: Exhibit,
}

impl<'t> Sight<'t> {
    /// Of the approvals of a change.
    const fn of(change: &'t Tally<'t>, exhibit: Exhibit) -> Self {
        Self { change: Some(change), told: None, exhibit }
    }

    /// Of something else about a change.
    const fn told(change: &'t Tally<'t>, told: String, exhibit: Exhibit) -> Self {
        Self { change: Some(change), told: Some(told), exhibit }
    }

    /// Of the deployment itself.
    const fn whole(exhibit: Exhibit) -> Self {
        Self { change: None, told: None, exhibit }
    }
}

/// One attribute asked of a deployment: everything that it saw where the attribute does not hold.
type Check = for<'t> fn(&'t Deployed<'t>) -> Vec<Sight<'t>>;

/// The checks by the names that rules give them.
pub const CHECKS: &[(&str, Check)] = &[
    ("deployed-from-branch", from_branch),
    ("deployed-listed", listed::all_listed),
    ("listed-deployed", listed::all_brought),
    ("deployed-approved", approved),
    ("deployed-approver-recorded", approver_recorded),
    ("deployed-readable", readable),
    ("approved-before-deployment", times::approved_before),
    ("approval-dated", times::approval_dated),
    ("deployer-not-author", deployer::not_author),
    ("deployer-allowed", deployer::allowed),
    ("deployer-recorded", deployer::recorded),
    ("deployment-kept", kept::kept),
    ("failure-recorded", kept::failure_recorded),
];

/// What the rules of a test find in one deployment.
#[must_use]
pub fn findings(test: &Test, control: &Control, deployed: &Deployed<'_>) -> Vec<Finding> {
    let deployment = deployed.deployment;
    let Member { key, name: item, .. } = member(deployment);
    let mut found = Vec::new();
    for rule in &test.rules {
        let Some((_, check)) = CHECKS.iter().find(|(name, _)| *name == rule.check) else { continue };
        for Sight { change, told, mut exhibit } in check(deployed) {
            exhibit.words.push(("deployment", deployment.name.clone()));
            exhibit.words.push(("branch", deployed.branch.to_owned()));
            let own: Vec<Label> = std::mem::take(&mut exhibit.labels);
            let parameter = exhibit.parameter.take();
            exhibit.labels = match change {
                Some(tally) => {
                    exhibit.words.push(("change", subject(tally)));
                    match told {
                        Some(text) => vec![labels::documented(control, parameter), labels::change(tally, text)],
                        None => super::labels::named(control, tally, parameter),
                    }
                }
                None => vec![labels::documented(control, parameter)],
            };
            exhibit.labels.insert(1, labels::deployment(deployed));
            exhibit.labels.extend(own);
            let part = change.map(|tally| tally.change.commit.to_string()).unwrap_or_default();
            let here = finding(rule, Some(&control.text.id), &item, &key, exhibit);
            found.push(Finding { counted: true, part, ..here });
        }
    }
    found
}

fn subject(tally: &Tally<'_>) -> String {
    let subject = &tally.change.subject;
    if subject.is_empty() { "(no subject)".to_owned() } else { clip(subject, 60) }
}

/// A deployment as its population keeps it.
#[must_use]
pub fn member(deployment: &Deployment) -> Member {
    let name = format!("{} {}", deployment.name, deployment.day());
    Member::new(deployment.key.as_str(), name, Some(Day(deployment.at.day)))
}

/// Asks that every change in a deployment has landed on a protected branch, or is an approved one that was picked.
fn from_branch<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let outside = deployed.brought.iter().filter_map(|brought| Some((brought, brought.outside?)));
    let sight = |(brought, outside): (&'t Brought<'t>, Outside)| {
        let words = words::outside(outside, deployed.branch);
        let parameter = Some(("branches", format!("what is deployed has landed on {}", deployed.branch)));
        let exhibit = Exhibit { words: vec![("reason", words)], parameter, ..Exhibit::default() };
        let by = brought.tally.change.landed_by.label();
        Some(Sight::told(&brought.tally, format!("made by {by}"), exhibit))
    };
    outside.filter_map(sight).collect()
}

/// The changes of which the rules of approval ask: those of a protected branch. A picked change has the approval of what
/// it was picked from; of what is outside, another rule tells.
fn asked_of<'t>(deployed: &'t Deployed<'t>) -> impl Iterator<Item = &'t Tally<'t>> {
    deployed.brought.iter().filter(|brought| brought.outside.is_none()).map(|brought| &brought.tally)
}

fn approved<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let sight = |tally: &'t Tally<'t>| {
        let reason = words::unapproved(tally).filter(|_| !times::is_late(deployed, tally))?;
        Some(Sight::of(tally, Exhibit { words: vec![("reason", reason)], ..Exhibit::default() }))
    };
    asked_of(deployed).filter_map(sight).collect()
}

fn approver_recorded<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let unknown = |tally: &&Tally<'_>| {
        matches!(tally.outcome, Outcome::RequestOnly | Outcome::Untied | Outcome::Unresolved | Outcome::Unverified)
    };
    let sight = |tally: &'t Tally<'t>| {
        let reason = match tally.outcome {
            Outcome::Unresolved => "its approver may be its author under another address",
            Outcome::Untied => "it cannot be told what its approvals were given for",
            Outcome::Unverified => "it cannot be told who signed its approval",
            _ => "the repository does not say who approved it",
        };
        let exhibit = Exhibit { words: vec![("reason", reason.to_owned())], ..Exhibit::default() };
        Sight::of(tally, exhibit)
    };
    asked_of(deployed).filter(unknown).map(sight).collect()
}

fn readable<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let sight = |brought: &'t Brought<'t>| {
        let tally = &brought.tally;
        let gap = match tally.outcome {
            Outcome::Unreadable => tally.change.unreadable.as_ref(),
            Outcome::Unreplayed => tally.coverage.and_then(|coverage| coverage.approvals.iter().find_map(Covers::gap)),
            _ => return None,
        };
        let what = gap.map_or("the history around it could not be read whole", |gap| &gap.what);
        let mend = gap.map_or("see evidence/history-incomplete", |gap| &gap.mend);
        let words = vec![("gap", what.to_owned()), ("mend", mend.to_owned())];
        Some(Sight::of(tally, Exhibit { words, ..Exhibit::default() }))
    };
    deployed.brought.iter().filter_map(sight).collect()
}
