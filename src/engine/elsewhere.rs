//! Other repositories that controls cover, by the clones that the configuration names.

use super::changes::Run;
use super::deployed::Around;
use super::judging::Judging;
use crate::checks::change::approvers::THIS;
use crate::checks::evidence;
use crate::config;
use crate::error::Result;
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce};
use crate::findings::ledger::{Ledger, TestResult};
use crate::policies::test::PopulationKind::{Changes, Deployments};
use crate::sources::repo::Repo;
use crate::text::shown;

/// A repository that some control covers beside its own.
pub(super) struct Elsewhere<'a> {
    name: String,
    configured: Option<&'a config::Repository>,
    /// The clone, or why there is none.
    clone: std::result::Result<Repo, String>,
}

/// A run over the changes of another repository.
pub(super) struct Other<'a> {
    of: &'a Elsewhere<'a>,
    run: Option<Run<'a>>,
}

impl<'a> Judging<'a> {
    /// The other repositories that any version of a control covers, each opened once.
    pub(super) fn elsewhere(&self, in_force: &InForce) -> Vec<Elsewhere<'a>> {
        let versions = in_force.controls.iter().flat_map(|governed| &governed.versions);
        let over_changes = |control: &&Control| {
            let kind = self.pack.test(&control.text.test).map(|test| test.population);
            matches!(kind, Some(Changes | Deployments))
        };
        let controls = versions.map(|ruling| &*ruling.control).filter(over_changes);
        let mut names: Vec<&str> = controls.flat_map(covered).filter(|name| *name != THIS).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.open(name)).collect()
    }

    fn open(&self, name: &str) -> Elsewhere<'a> {
        let configured = self.configured.config.repositories.get(name);
        let clone = match configured {
            None => Err("which tickmark.yaml does not name".to_owned()),
            Some(repository) => {
                let gone = |_| format!("of which there is no clone at {}", shown(&repository.path.to_string_lossy()));
                Repo::open_exactly(&self.configured.root.join(&repository.path)).map_err(gone)
            }
        };
        Elsewhere { name: name.to_owned(), configured, clone }
    }
}

/// The repositories that a control names.
fn covered(control: &Control) -> impl Iterator<Item = &str> {
    let named = control.text.with.get("repositories").and_then(|names| names.as_array());
    named.into_iter().flatten().filter_map(|name| name.as_str())
}

impl<'a> Elsewhere<'a> {
    /// A run over its changes, like one over those of the repository of the controls.
    pub(super) fn other(&'a self, run: &Run<'a>) -> Other<'a> {
        let run = self.clone.as_ref().ok().map(|repo| run.elsewhere(repo, &self.name));
        Other { of: self, run }
    }
}

impl Other<'_> {
    /// Runs the test of a control that covers the repository.
    pub(super) fn control(
        &mut self,
        judging: &Judging<'_>,
        governed: &Governed,
        in_force: &InForce,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let names = |control: &&Control| covered(control).any(|name| name == self.of.name);
        let versions = governed.versions.iter().map(|ruling| &*ruling.control);
        let Some(control) = versions.into_iter().find(names) else { return Ok(()) };
        match (&mut self.run, &self.of.clone) {
            (Some(run), _) => {
                let (branches, place) = self
                    .of
                    .configured
                    .map_or((&[][..], None), |repository| (&repository.branches[..], repository.deployments.as_ref()));
                run.both(governed, in_force, &Around { branches, place, registers: judging.registers }, ledger)
            }
            (None, Err(why)) => {
                let path = self.of.configured.map(|repository| repository.path.to_string_lossy().into_owned());
                let found = evidence::repository_present(judging.pack, control, (&self.of.name, path.as_deref()), why);
                let kind = judging.pack.test(&control.text.test).map(|test| test.population);
                let items = if kind == Some(Deployments) { "deployments" } else { "changes" };
                let repository = Some(self.of.name.clone());
                ledger.enter(TestResult { repository, ..TestResult::of(control, items) }, found.into_iter().collect());
                Ok(())
            }
            (None, Ok(_)) => Ok(()),
        }
    }
}
