//! The trust services criteria, by their ids alone: their text belongs to others.

/// Every criterion of 2017, by id; the revision of 2022 changed none.
pub const IDS: [&str; 61] = [
    "CC1.1", "CC1.2", "CC1.3", "CC1.4", "CC1.5", "CC2.1", "CC2.2", "CC2.3", "CC3.1", "CC3.2", "CC3.3", "CC3.4",
    "CC4.1", "CC4.2", "CC5.1", "CC5.2", "CC5.3", "CC6.1", "CC6.2", "CC6.3", "CC6.4", "CC6.5", "CC6.6", "CC6.7",
    "CC6.8", "CC7.1", "CC7.2", "CC7.3", "CC7.4", "CC7.5", "CC8.1", "CC9.1", "CC9.2", "A1.1", "A1.2", "A1.3", "C1.1",
    "C1.2", "PI1.1", "PI1.2", "PI1.3", "PI1.4", "PI1.5", "P1.1", "P2.1", "P3.1", "P3.2", "P4.1", "P4.2", "P4.3",
    "P5.1", "P5.2", "P6.1", "P6.2", "P6.3", "P6.4", "P6.5", "P6.6", "P6.7", "P7.1", "P8.1",
];

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
    let id = id.trim().to_ascii_uppercase();
    let focus = |known: &str| {
        id.strip_prefix(known)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    IDS.iter().any(|known| id == *known || focus(known))
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
        assert_eq!(family("CC9.9"), ["CC9.1", "CC9.2"]);
        assert!(is_meant_by("TSC-2017") && is_meant_by("SOC 2") && !is_meant_by("ISO27001"));
        assert!(is_meant_by("SOC 2 Criteria") && !is_meant_by("criteria"));
    }
}
