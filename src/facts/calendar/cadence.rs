//! How often something is done.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::length::{Length, Unit};
use crate::text::shown;

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Cadence {
    /// Every day.
    Daily,
    /// Every week from Monday to Sunday.
    Weekly,
    /// Every calendar month.
    Monthly,
    /// Every quarter of the fiscal year.
    Quarterly,
    /// Every half of the fiscal year.
    SemiAnnually,
    /// Every fiscal year.
    Annually,
}

const CADENCES: [(Cadence, &str); 6] = [
    (Cadence::Daily, "daily"),
    (Cadence::Weekly, "weekly"),
    (Cadence::Monthly, "monthly"),
    (Cadence::Quarterly, "quarterly"),
    (Cadence::SemiAnnually, "semi-annually"),
    (Cadence::Annually, "annually"),
];

/// Other words that can only mean one of them.
const SYNONYMS: [(&str, Cadence); 4] = [
    ("semi-annual", Cadence::SemiAnnually),
    ("semiannual", Cadence::SemiAnnually),
    ("semiannually", Cadence::SemiAnnually),
    ("annual", Cadence::Annually),
];

impl Cadence {
    /// Every cadence with its name, the most frequent first.
    pub const ALL: [(Self, &str); 6] = CADENCES;

    /// What the name of a cadence looks like, as a regular expression.
    #[must_use]
    pub fn pattern() -> String {
        let words: Vec<&str> = CADENCES.iter().map(|(_, name)| *name).chain(SYNONYMS.map(|(word, _)| word)).collect();
        format!("^({})$", words.join("|"))
    }
}

impl Cadence {
    /// The time from one to the next.
    #[must_use]
    pub const fn length(self) -> Length {
        let (count, unit) = match self {
            Self::Daily => (1, Unit::Days),
            Self::Weekly => (1, Unit::Weeks),
            Self::Monthly => (1, Unit::Months),
            Self::Quarterly => (3, Unit::Months),
            Self::SemiAnnually => (6, Unit::Months),
            Self::Annually => (12, Unit::Months),
        };
        Length { count, unit }
    }
}

impl FromStr for Cadence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = CADENCES.iter().map(|(cadence, name)| (*name, *cadence)).chain(SYNONYMS);
        if let Some((_, cadence)) = words.find(|(word, _)| *word == text) {
            return Ok(cadence);
        }
        let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
        let readings = [
            ("bian", "twice a year or every two years", "write semi-annually or annually"),
            ("bienn", "every two years or twice a year", "write semi-annually or annually"),
            ("biweek", "twice a week or every two weeks", "write weekly or monthly"),
            ("bimonth", "twice a month or every two months", "write weekly, monthly or quarterly"),
        ];
        Err(match readings.iter().find(|(start, ..)| plain.starts_with(start)) {
            Some((_, readings, remedy)) => format!("{} is ambiguous: {readings}; {remedy}", shown(text)),
            None => format!(
                "{} does not say how often; write daily, weekly, monthly, quarterly, semi-annually or annually",
                shown(text)
            ),
        })
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(CADENCES.iter().find(|(cadence, _)| cadence == self).map_or("", |(_, name)| name))
    }
}

impl TryFrom<String> for Cadence {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Cadence> for String {
    fn from(cadence: Cadence) -> Self {
        cadence.to_string()
    }
}

impl JsonSchema for Cadence {
    fn schema_name() -> Cow<'static, str> {
        "Cadence".into()
    }

    /// A pattern and no list of choices: what is not one of a list gets the nearest choice as advice, and the nearest
    /// to `biannually` would be `annually`.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = CADENCES.map(|(_, name)| name);
        json_schema!({
            "type": "string",
            "title": "daily, weekly, monthly, quarterly, semi-annually or annually",
            "description": "How often: daily, weekly, monthly, quarterly, semi-annually or annually. \
                            Words such as bi-annual and bi-weekly are ambiguous and not accepted.",
            "pattern": Self::pattern(),
            "examples": names,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cadence_is_called_by_one_name() {
        for (cadence, name) in CADENCES {
            assert_eq!(name.parse(), Ok(cadence));
            assert_eq!(cadence.to_string(), name);
            assert_eq!(serde_json::to_value(cadence).unwrap(), name);
            assert_eq!(serde_json::from_value::<Cadence>(name.into()).unwrap(), cadence);
        }
        for word in ["bi-annual", "biannual", "Bi-Annually", "biannually", "bi-weekly", "bimonthly", "biennially"] {
            assert!(word.parse::<Cadence>().unwrap_err().contains("is ambiguous"), "{word}");
        }
        let fault = serde_json::from_value::<Cadence>("bi-annual".into()).unwrap_err().to_string();
        assert_eq!(fault, "`bi-annual` is ambiguous: twice a year or every two years; write semi-annually or annually");
        for word in ["", "yearly", "Quarterly", "often", "annual "] {
            assert!(word.parse::<Cadence>().unwrap_err().contains("how often"), "{word}");
        }
    }

    #[test]
    fn other_words_are_read_but_not_written() {
        let pattern = regex::Regex::new(&Cadence::pattern()).unwrap();
        for (word, cadence) in SYNONYMS {
            assert_eq!(word.parse(), Ok(cadence), "{word}");
            assert_ne!(cadence.to_string(), word);
            assert!(pattern.is_match(word));
        }
        assert!(CADENCES.iter().all(|(_, name)| pattern.is_match(name)));
        assert!(!pattern.is_match("biannual") && !pattern.is_match("annual review"));
    }
}
