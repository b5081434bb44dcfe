//! Who was who, and who held which role, when a change was made: the register of people as it stood before it.

use super::judging::Judging;
use super::register_versions::RegisterVersions;
use crate::error::Result;
use crate::facts::document::roster::Roster;
use crate::facts::gap::{self, Gap};
use crate::facts::register::people::People;
use crate::policies::registers::{Old, PEOPLE};
use crate::sources::history::Repos;
use crate::sources::line::Line;

/// The versions of the register of people.
pub(super) struct Rosters {
    /// The position from which each stood, oldest first; where it stands in no commit, that of the working tree.
    versions: Vec<(usize, Roster)>,
    /// That of the working tree.
    pub(super) today: Roster,
}

impl Rosters {
    /// The register of today alone.
    pub(super) fn today(people: &People) -> Self {
        Self { versions: vec![(usize::MAX, Roster::of(people))], today: Roster::of(people) }
    }

    /// Every version along a line, and what could not be read: then that of today stands in for all.
    pub(super) fn read(judging: &Judging<'_>, line: &Line, below: &str) -> Result<(Self, Option<Gap>)> {
        let people = &judging.registers.people;
        let today = || Self::today(people);
        let Some(register) = judging.registers.get(PEOPLE).filter(|register| register.is_there()) else {
            return Ok((today(), None));
        };
        let places = (judging.configured.root.as_path(), &judging.configured.zone);
        let old = Old::new(places, &register.definition, &judging.configured.config.registers, people)?;
        match RegisterVersions::read(&Repos::open(judging.repo)?, line, below, &old) {
            Ok(versions) => Ok((Self::of(&versions, people), None)),
            Err((id, why)) => {
                let what = "who was in the register of people cannot be read";
                Ok((today(), Some(gap::object(&judging.repo.gaps(), id, &why, what))))
            }
        }
    }

    fn of(versions: &RegisterVersions, people: &People) -> Self {
        let roster = |(at, records)| (at, Roster::of(&People::new(records)));
        let all: Vec<(usize, Roster)> =
            versions.whole().skip_while(|(_, records)| records.is_empty()).map(roster).collect();
        if all.is_empty() { Self::today(people) } else { Self { versions: all, today: Roster::of(people) } }
    }

    /// All of them, oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Roster> {
        self.versions.iter().map(|(_, roster)| roster)
    }

    /// Position among all of the one that stood at a step. What was before the first is judged by the first.
    pub(super) fn standing(&self, step: usize) -> usize {
        self.versions.iter().rposition(|(from, _)| *from >= step).unwrap_or_default()
    }
}
