//! What written documents ask to be done, as their sentences state it without a link: how often access is reviewed, until
//! when it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::tokens::Token;
use super::quantity::{Clock, Reading};
use crate::error::Result;
use crate::sources::embedded::{self, File, embedded};
use crate::text::Span;

mod disagree;
mod phrase;
mod read;
mod scope;
mod sentences;

pub use disagree::{Standing, compare};
pub use read::candidates;

use phrase::Phrases;

const FILES: &[File] = embedded! { "policies/", ".yaml": "duties" };

/// The duties that are known, and the words that tell them apart: `policies/duties.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark duties")]
pub struct DutyList {
    /// Words that tell one thing of a kind from another, by what they stand for.
    pub scopes: BTreeMap<String, Vec<String>>,
    /// Words that tell nothing apart.
    pub general: Vec<String>,
    /// The duties.
    pub duties: Vec<DutyText>,
}

/// One duty. Words that end with `*` stand for all that begin so.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyText {
    /// Its name.
    #[schemars(regex(pattern = "^[a-z-]+$"))]
    pub duty: String,
    /// What is stated, as the end of a sentence: `how often access is reviewed`.
    pub title: String,
    /// What kind of quantity states it.
    pub reads: Reads,
    /// What it is about; one of them must be named.
    pub of: Vec<String>,
    /// What is done; one of them must be named, if there are any.
    #[serde(default)]
    pub act: Vec<String>,
    /// What must be named as well, in the sentence or above it; one of them, if there are any.
    #[serde(default)]
    pub with: Vec<String>,
    /// Words of another duty: a sentence that has one is not read.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Words that tell nothing apart where they stand beside what the duty is about.
    #[serde(default)]
    pub general: Vec<String>,
    /// From when its time is counted where the sentence does not say it.
    #[serde(default)]
    pub clock: Option<DutyClock>,
    /// Whether it has a value for each severity or tier.
    #[serde(default)]
    pub by: Option<By>,
    /// Whether it can be stated that nothing is asked for.
    #[serde(default)]
    pub nothing: bool,
    /// The test that asks for it, and the parameter that a control states for it.
    #[serde(default)]
    pub test: Option<String>,
    /// The parameter of that test.
    #[serde(default)]
    pub parameter: Option<String>,
}

/// What kind of quantity states a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// How often.
    Rate,
    /// A time until which something is done.
    Deadline,
    /// An age at which something changes.
    Age,
    /// How often, or how much time may pass.
    Interval,
    /// A number of persons.
    People,
    /// A number of characters.
    Characters,
    /// A number of attempts.
    Attempts,
    /// A number of passwords.
    Passwords,
}

/// By what a duty has several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By severities or tiers.
    Severity,
}

/// From when the time of a duty is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DutyClock {
    /// The end of an employment.
    Termination,
    /// A change of role.
    Transfer,
    /// When something was noticed.
    Detection,
    /// When something was published.
    Publication,
    /// The first day.
    Hire,
    /// The end of an incident.
    Resolution,
    /// A change.
    Change,
}

/// The duties, made ready to be looked for.
#[derive(Debug)]
pub struct Duties {
    duties: Vec<Duty>,
    scopes: Vec<(String, Phrases)>,
    general: BTreeSet<String>,
}

/// A duty, made ready to be looked for.
#[derive(Debug)]
pub struct Duty {
    /// What its file says.
    pub text: DutyText,
    of: Phrases,
    act: Phrases,
    with: Phrases,
    unless: Phrases,
}

/// A value that a sentence states for a duty.
#[derive(Clone, Debug)]
pub struct Candidate<'d> {
    /// The duty.
    pub duty: &'d Duty,
    /// What is stated.
    pub reading: Reading,
    /// What it is stated for.
    pub scope: Scope,
    /// Where the quantity stands.
    pub place: Span,
}

/// What a duty is stated for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The severity or tier; `None` for all.
    pub severity: Option<String>,
    /// What tells it from others of its kind.
    pub words: BTreeSet<String>,
}

impl Duties {
    /// The duties that come with the program.
    ///
    /// # Errors
    /// The file is wrong: a mistake of this program.
    pub fn builtin() -> Result<&'static Self> {
        // Whoever checks many repositories in one run, as the tests do, reads them once.
        static READ: OnceLock<Duties> = OnceLock::new();
        if let Some(duties) = READ.get() {
            return Ok(duties);
        }
        let lists = embedded::read::<DutyList>(FILES)?;
        let (mut duties, mut scopes, mut general) = (Vec::new(), BTreeMap::new(), Vec::new());
        for list in lists {
            duties.extend(list.duties);
            scopes.extend(list.scopes);
            general.extend(list.general);
        }
        Ok(READ.get_or_init(|| Self::of(duties, scopes, general)))
    }

    fn of(duties: Vec<DutyText>, scopes: BTreeMap<String, Vec<String>>, general: Vec<String>) -> Self {
        let ready = |text: DutyText| Duty {
            of: Phrases::new(&text.of),
            act: Phrases::new(&text.act),
            with: Phrases::new(&text.with),
            unless: Phrases::new(&text.unless),
            text,
        };
        let scopes = scopes.into_iter().map(|(name, words)| (name, Phrases::new(&words))).collect();
        Self { duties: duties.into_iter().map(ready).collect(), scopes, general: general.into_iter().collect() }
    }
}

impl Duty {
    /// Whether some words name what the duty is about.
    fn names(&self, tokens: &[Token]) -> bool {
        self.of.places(tokens).iter().any(|place| !scope::is_beside(tokens, place.start))
    }

    /// From when its time is counted where a sentence does not say it.
    #[must_use]
    pub fn clock(&self) -> Option<Clock> {
        Some(match self.text.clock? {
            DutyClock::Termination => Clock::Termination,
            DutyClock::Transfer => Clock::Transfer,
            DutyClock::Detection => Clock::Detection,
            DutyClock::Publication => Clock::Publication,
            DutyClock::Hire => Clock::Hire,
            DutyClock::Resolution => Clock::Resolution,
            DutyClock::Change => Clock::Change,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_a_start_is_what_people_wrote() -> Result<()> {
        embedded::hold::<DutyList>(FILES)
    }
}
