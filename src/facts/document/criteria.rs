//! The trust services criteria, by their ids alone: their text belongs to others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every criterion of 2017, by id; the revision of 2022 changed none.
pub const IDS: [&str; 61] = [
    "CC1.1", "CC1.2", "CC1.3", "CC1.4", "CC1.5", "CC2.1", "CC2.2", "CC2.3", "CC3.1", "CC3.2", "CC3.3", "CC3.4",
    "CC4.1", "CC4.2", "CC5.1", "CC5.2", "CC5.3", "CC6.1", "CC6.2", "CC6.3", "CC6.4", "CC6.5", "CC6.6", "CC6.7",
    "CC6.8", "CC7.1", "CC7.2", "CC7.3", "CC7.4", "CC7.5", "CC8.1", "CC9.1", "CC9.2", "A1.1", "A1.2", "A1.3", "C1.1",
    "C1.2", "PI1.1", "PI1.2", "PI1.3", "PI1.4", "PI1.5", "P1.1", "P2.1", "P3.1", "P3.2", "P4.1", "P4.2", "P4.3",
    "P5.1", "P5.2", "P6.1", "P6.2", "P6.3", "P6.4", "P6.5", "P6.6", "P6.7", "P7.1", "P8.1",
];

/// A category of the criteria, which a report can have in its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Security: the common criteria, which every report has in its scope.
    Security,
    /// Availability.
    Availability,
    /// Processing integrity.
    ProcessingIntegrity,
    /// Confidentiality.
    Confidentiality,
    /// Privacy.
    Privacy,
}

impl Category {
    /// Its name in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Availability => "availability",
            Self::ProcessingIntegrity => "processing integrity",
            Self::Confidentiality => "confidentiality",
            Self::Privacy => "privacy",
        }
    }

    /// Its criteria, by id.
    pub fn ids(self) -> impl Iterator<Item = &'static str> {
        let letters = match self {
            Self::Security => "CC",
            Self::Availability => "A",
            Self::ProcessingIntegrity => "PI",
            Self::Confidentiality => "C",
            Self::Privacy => "P",
        };
        IDS.into_iter().filter(move |id| id.trim_end_matches(|sign: char| !sign.is_ascii_alphabetic()) == letters)
    }
}

/// The criterion that an id names, also where it names a point of focus of it.
#[must_use]
pub fn named(id: &str) -> Option<&'static str> {
    let id = id.trim().to_ascii_uppercase();
    IDS.into_iter().find(|known| {
        let rest = id.strip_prefix(known);
        rest.is_some_and(|rest| {
            let number = rest.strip_prefix('.').unwrap_or("no number");
            rest.is_empty() || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        })
    })
}

/// Names under which documents cite the catalogue.
const NAMES: [&str; 7] = ["tsc", "tsc2017", "soc2", "soc2tsc", "aicpatsc", "trustservicescriteria", "aicpatsc2017"];

/// Whether documents mean the trust services criteria by a name, such as `TSC-2017` or `SOC 2`.
#[must_use]
pub fn is_meant_by(catalogue: &str) -> bool {
    let plain: String = catalogue.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let names = |plain: &str| NAMES.contains(&plain);
    // What stands below a heading such as `TSC criteria` is no other thing than what stands below `TSC`.
    names(&plain)
        || ["criteria", "criterion", "mapping", "reference"]
            .iter()
            .any(|end| plain.strip_suffix(end).is_some_and(names))
}

/// Whether there is a criterion of an id, in any case. A further number names one of its points of focus, such as
/// `CC6.1.3`, of which only the criterion is looked up.
#[must_use]
pub fn exists(id: &str) -> bool {
    named(id).is_some()
}

/// The criteria of the family that an id names, such as all that begin with `CC9.`; those of every family where it
/// names none.
#[must_use]
pub fn family(id: &str) -> Vec<&'static str> {
    let id = id.trim().to_ascii_uppercase();
    let family = id.split_once('.').map_or(id.as_str(), |(family, _)| family);
    IDS.iter().copied().filter(|known| known.split_once('.').is_some_and(|(known, _)| known == family)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty_one_and_no_other() {
        assert!(IDS.iter().all(|id| exists(id)));
        assert!(exists("cc6.1") && exists("CC6.1.3"));
        for none in
            ["CC9.9", "CC9.3", "CC8.2", "PI1.6", "CC6", "CC6.", "CC6.1.", "CC6.10", "CC6.1.x", "", "P6.8", "A1.4"]
        {
            assert!(!exists(none), "{none}");
        }
        let categories = [
            (Category::Security, 33),
            (Category::Availability, 3),
            (Category::ProcessingIntegrity, 5),
            (Category::Confidentiality, 2),
            (Category::Privacy, 18),
        ];
        for (category, count) in categories {
            assert_eq!(category.ids().count(), count, "{}", category.name());
        }
        assert_eq!((named("cc6.1.3"), named("CC6.11")), (Some("CC6.1"), None));
        assert_eq!(family("CC9.9"), ["CC9.1", "CC9.2"]);
        assert!(is_meant_by("TSC-2017") && is_meant_by("SOC 2") && !is_meant_by("ISO27001"));
        assert!(is_meant_by("SOC 2 Criteria") && !is_meant_by("criteria"));
    }
}
