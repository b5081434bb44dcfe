//! The version in force: a control as it stood on the protected branch when something happened.

use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::control::Control;
use crate::error::Fault;
use crate::facts::calendar::Day;
use crate::facts::moment::Moment;
use crate::sources::line::{Line, Step};
use crate::sources::oid::Oid;

/// The controls of a repository as they stood along its protected branch.
#[derive(Debug, Default)]
pub struct InForce {
    /// Every control that is there now or was at some time, in the order of the files of today, then by id.
    pub controls: Vec<Governed>,
    /// Versions with a fault.
    pub unread: Vec<Unread>,
    /// The line along which they are known, newest first; empty where the repository has no history.
    line: Line,
    at: FxHashMap<Oid, usize>,
    /// The newest step that judges; 0 where every one does.
    floor: usize,
}

/// One control with every version of it.
#[derive(Debug)]
pub struct Governed {
    /// The control in the working tree; `None` where it has been taken out.
    pub today: Option<Arc<Control>>,
    /// Its versions, newest first; never empty. A control that stands in no commit has the one of the working tree.
    pub versions: Vec<Ruling>,
}

/// One version of a control.
#[derive(Debug)]
pub struct Ruling {
    /// What it says.
    pub control: Arc<Control>,
    /// The steps of the line during which it stood, from the newest to the oldest; `None` where it stands in no commit.
    pub steps: Option<(usize, usize)>,
}

/// A version of a file of controls that has a fault, so that other versions had to stand in for what it says.
#[derive(Debug)]
pub struct Unread {
    /// The first of its faults.
    pub fault: Fault,
    /// The steps of the line during which it stood, from the newest to the oldest.
    pub steps: (usize, usize),
    /// Ids of the controls for which another version stands in.
    pub controls: Vec<String>,
}

impl InForce {
    /// The controls along a line.
    #[must_use]
    pub fn new(line: Line, controls: Vec<Governed>, unread: Vec<Unread>) -> Self {
        let at = line.steps.iter().enumerate().map(|(at, step)| (step.id, at)).collect();
        Self { controls, unread, line, at, floor: 0 }
    }

    /// The same where nothing newer than a step judges: what a range brings along is not what the range is judged by.
    #[must_use]
    pub fn no_newer_than(self, floor: usize) -> Self {
        Self { floor, ..self }
    }

    /// The controls of the working tree alone, where there is no history that they could have stood in.
    #[must_use]
    pub fn today(controls: &[Arc<Control>]) -> Self {
        let alone = |control: &Arc<Control>| Governed::alone(control);
        Self::new(Line::default(), controls.iter().map(alone).collect(), Vec::new())
    }

    /// The line along which the versions are known.
    #[must_use]
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// The step whose documents judge a commit: its first parent, so that no change is judged by rules that it brings
    /// along itself. A commit that is not on the line is judged by what stood when it was made.
    #[must_use]
    pub fn before(&self, commit: Oid, landed_at: Moment) -> usize {
        match self.at.get(&commit) {
            Some(position) => (position + 1).max(self.floor),
            None => self.standing_at(landed_at.seconds),
        }
    }

    /// The newest step that was made by an instant, in seconds since 1970.
    #[must_use]
    pub fn standing_at(&self, seconds: i64) -> usize {
        let made = |step: &Step| step.seconds <= seconds;
        self.line.steps.iter().position(made).unwrap_or(self.line.steps.len()).max(self.floor)
    }

    /// The oldest commit known to have a version; `None` where it stands in no commit.
    #[must_use]
    pub fn commit(&self, ruling: &Ruling) -> Option<Oid> {
        self.line.steps.get(ruling.steps?.1).map(|step| step.id)
    }

    /// The day on which a version was replaced or taken out; `None` if it still stands.
    #[must_use]
    pub fn until(&self, ruling: &Ruling) -> Option<Day> {
        self.day(ruling.steps?.0.checked_sub(1)?)
    }

    /// When the newest commit was made, by the clock of whoever made it.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.line.steps.first().map(|step| Moment::from(step).timestamp())
    }

    /// The day on which a step was made, by the clock of whoever made it.
    #[must_use]
    pub fn day(&self, step: usize) -> Option<Day> {
        let step = self.line.steps.get(step)?;
        Some(Day(Moment::from(step).local().date()))
    }
}

impl Governed {
    /// A control that stands in no commit.
    #[must_use]
    pub fn alone(control: &Arc<Control>) -> Self {
        let versions = vec![Ruling { control: Arc::clone(control), steps: None }];
        Self { today: Some(Arc::clone(control)), versions }
    }

    /// Position among the versions of the one that stood at a step. What happened before the first version is judged
    /// by that one: a control that says it has been in force for longer must hold for longer. `None` while the control
    /// was taken out.
    #[must_use]
    pub fn standing(&self, step: usize) -> Option<usize> {
        let holds = |ruling: &Ruling| ruling.steps.is_none_or(|(newest, oldest)| (newest..=oldest).contains(&step));
        let begins_after = |ruling: &Ruling| ruling.steps.is_some_and(|(_, oldest)| oldest < step);
        let found = self.versions.iter().position(holds);
        found.or_else(|| self.versions.last().filter(|first| begins_after(first)).map(|_| self.versions.len() - 1))
    }
}
