//! The versions of a control that judge a repository.

use serde::de::DeserializeOwned;

use super::Run;
use crate::checks::change::approvers::Parameters;
use crate::checks::change::scope::Scope;
use crate::checks::documents::fault;
use crate::engine::places;
use crate::error::{Error, Kind, Result};
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, Ruling};
use crate::findings::finding::Finding;
use crate::findings::ledger::Ledger;
use crate::policies::test::{PopulationKind, Test};

/// A version of a control, with what it states for its test.
pub(super) struct Ruled<'g, T> {
    /// Position among all versions.
    pub(super) at: usize,
    pub(super) ruling: &'g Ruling,
    pub(super) control: &'g Control,
    pub(super) test: &'g Test,
    pub(super) asked: T,
}

impl<'a> Run<'a> {
    /// The versions of a control over one population that cover the repository. `changes` are what they state of changes.
    pub(super) fn ruled<'g, T: DeserializeOwned>(
        &self,
        governed: &'g Governed,
        population: PopulationKind,
        changes: impl Fn(&T) -> &Parameters,
    ) -> Result<Vec<Ruled<'g, T>>>
    where
        'a: 'g,
    {
        let mut found = Vec::new();
        for (at, ruling) in governed.versions.iter().enumerate() {
            let control = &*ruling.control;
            let Some(test) = self.pack.test(&control.text.test).filter(|test| test.population == population) else {
                continue;
            };
            let asked: T = serde_json::from_value(control.text.with.clone())
                .map_err(|error| Error::new(Kind::Internal, format!("{}: {error}", control.text.id)))?;
            if changes(&asked).cover(self.name) {
                found.push(Ruled { at, ruling, control, test, asked });
            }
        }
        Ok(found)
    }

    /// What a version covers; nothing where one of its globs is none, which is entered. The other versions judge their own
    /// time all the same.
    pub(super) fn scope<'p>(
        &self,
        control: &Control,
        parameters: &'p Parameters,
        ledger: &mut Ledger,
    ) -> Option<Scope<'p>> {
        Scope::new(parameters)
            .map_err(|(glob, why)| {
                let found = places::bad_glob(control, &glob, &why);
                let found = fault::finding_in(self.pack, &found, &format!("control {}", control.text.id));
                // Where the control covers several repositories, each would find it.
                let known = |found: &Finding| {
                    ledger.findings.iter().any(|known| (&known.rule, &known.key) == (&found.rule, &found.key))
                };
                let found = found.filter(|found| !known(found));
                ledger.findings.extend(found);
            })
            .ok()
    }
}
