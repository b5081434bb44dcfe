//! The trust services criteria, by their ids alone: their text belongs to others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every criterion of 2017, by id, with a short label of our own; the revision of 2022 changed none.
const LABELS: [(&str, &str); 61] = [
    ("CC1.1", "integrity and ethics"),
    ("CC1.2", "oversight by the board"),
    ("CC1.3", "structure and authority"),
    ("CC1.4", "competence of people"),
    ("CC1.5", "accountability"),
    ("CC2.1", "information that controls need"),
    ("CC2.2", "communication inside"),
    ("CC2.3", "communication with outsiders"),
    ("CC3.1", "objectives"),
    ("CC3.2", "risks found and weighed"),
    ("CC3.3", "risk of fraud"),
    ("CC3.4", "changes that matter"),
    ("CC4.1", "controls evaluated"),
    ("CC4.2", "deficiencies told"),
    ("CC5.1", "controls chosen against risks"),
    ("CC5.2", "controls over technology"),
    ("CC5.3", "policies carried out"),
    ("CC6.1", "logical access"),
    ("CC6.2", "accounts given and taken away"),
    ("CC6.3", "access by role"),
    ("CC6.4", "access to buildings"),
    ("CC6.5", "disposal of data and devices"),
    ("CC6.6", "threats from outside"),
    ("CC6.7", "data in transit"),
    ("CC6.8", "malicious software"),
    ("CC7.1", "weaknesses found"),
    ("CC7.2", "monitoring"),
    ("CC7.3", "events weighed"),
    ("CC7.4", "response to incidents"),
    ("CC7.5", "recovery from incidents"),
    ("CC8.1", "changes"),
    ("CC9.1", "disruption of business"),
    ("CC9.2", "vendors and partners"),
    ("A1.1", "capacity"),
    ("A1.2", "backup and environment"),
    ("A1.3", "recovery tested"),
    ("C1.1", "confidential data kept"),
    ("C1.2", "confidential data destroyed"),
    ("PI1.1", "data described"),
    ("PI1.2", "inputs"),
    ("PI1.3", "processing"),
    ("PI1.4", "outputs"),
    ("PI1.5", "storage"),
    ("P1.1", "notice"),
    ("P2.1", "choice and consent"),
    ("P3.1", "data collected as told"),
    ("P3.2", "explicit consent"),
    ("P4.1", "use of data"),
    ("P4.2", "retention of data"),
    ("P4.3", "disposal of personal data"),
    ("P5.1", "access by persons"),
    ("P5.2", "correction by persons"),
    ("P6.1", "disclosure to others"),
    ("P6.2", "record of disclosures"),
    ("P6.3", "record of unlawful disclosures"),
    ("P6.4", "commitments of others"),
    ("P6.5", "notice by others"),
    ("P6.6", "notice of breaches"),
    ("P6.7", "account of data held"),
    ("P7.1", "quality of data"),
    ("P8.1", "complaints"),
];

/// Every criterion, by id.
pub const IDS: [&str; 61] = {
    let mut ids = [""; 61];
    let mut at = 0;
    while at < 61 {
        ids[at] = LABELS[at].0;
        at += 1;
    }
    ids
};

/// A short label of our own for a criterion.
#[must_use]
pub fn label(id: &str) -> Option<&'static str> {
    LABELS.iter().find(|(known, _)| *known == id).map(|(_, label)| *label)
}

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
