//! Robots: accounts that merge, test and comment, and are nobody's second pair of eyes.

use regex::RegexSet;
use serde::{Deserialize, Serialize};

use crate::facts::person::Person;

/// The list that every project shares: `policies/robots.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark robots")]
pub struct RobotList {
    /// Regular expressions over a name, a login or an address. They match whole words, so that a robot's short name
    /// does not take out a person whose name contains it.
    pub robots: Vec<String>,
}

/// Expressions that tell a robot, compiled together.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    set: RegexSet,
}

impl Robots {
    /// Compiles expressions; each must match a whole name, login or address, in any case.
    ///
    /// # Errors
    /// The text of the first expression that is not valid.
    pub fn compile(expressions: &[String]) -> Result<Self, String> {
        let whole = expressions.iter().map(|expression| format!("^(?:{expression})$"));
        let set = regex::RegexSetBuilder::new(whole).case_insensitive(true).size_limit(1 << 22).build();
        set.map(|set| Self { set }).map_err(|error| error.to_string())
    }

    /// Whether a person is a robot by name, login or address.
    #[must_use]
    pub fn is_robot(&self, person: &Person) -> bool {
        let known = [&person.name, &person.email, &person.login];
        known.into_iter().flatten().any(|text| self.set.is_match(text))
    }
}
