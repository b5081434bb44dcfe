//! Names of tags that look like a version.

/// Words behind a version that still make it a release; others, such as `rc1` and `beta`, say that it is none yet.
const RELEASES: [&str; 9] = ["", "final", "ga", "release", "lts", "hotfix", "patch", "post", "p"];

/// Words before a number alone, or before a day, that make it a version.
const PREFIXES: [&str; 5] = ["v", "r", "release", "version", "deploy"];

/// Whether the name of a tag looks like the version of a release: `v1.2.0`, `app/2.4`, `release-2026-03-04`, `v7`. What
/// comes before a release, such as `v2.0-rc1`, is none: nobody says that it was deployed.
#[must_use]
pub fn looks_like_version(name: &str) -> bool {
    let mut parts = name.rsplit(['/', '@']);
    let last = parts.next().unwrap_or(name);
    let Some(start) = last.find(|letter: char| letter.is_ascii_digit()) else { return false };
    let (prefix, rest) = last.split_at(start);
    // What stands before a slash tells what a number alone is.
    let prefix = if prefix.is_empty() { parts.next().unwrap_or_default() } else { prefix };
    let prefix = prefix.trim_matches(|letter| matches!(letter, '-' | '_' | '.')).to_ascii_lowercase();
    let mut numbers: Vec<&str> = Vec::new();
    let mut behind = rest;
    loop {
        let end = behind.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(behind.len());
        numbers.push(&behind[..end]);
        behind = &behind[end..];
        match behind.strip_prefix(['.', '_', '-']) {
            Some(more) if more.starts_with(|letter: char| letter.is_ascii_digit()) => behind = more,
            _ => break,
        }
    }
    // What stands behind a plus says how it was built.
    let behind = behind.split('+').next().unwrap_or_default();
    let word = behind.trim_matches(|letter: char| !letter.is_alphabetic()).to_ascii_lowercase();
    let known = prefix.is_empty() || PREFIXES.contains(&prefix.as_str());
    let is_day = numbers.len() > 1 && numbers[0].len() == 4;
    let is_number = match numbers.len() {
        1 => known && !prefix.is_empty(),
        _ => known || !is_day,
    };
    is_number && RELEASES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_version() {
        for name in [
            "v1.0",
            "1.2.3",
            "v2",
            "app/v1.4.0",
            "@acme/cart@2.0.1",
            "release-1.2",
            "jq-1.7",
            "curl-7_88_1",
            "2026-03-04",
            "release-2026.03.04",
            "v1.2.3+build.5",
            "v1.0.0-hotfix.1",
            "3.2.0.Final",
            "v2.45.1",
            "Release/12",
            "deploy-91",
        ] {
            assert!(looks_like_version(name), "{name}");
        }
        for name in [
            "v2.0-rc1",
            "1.0b1",
            "v1.0-alpha",
            "v1.0.0-beta.2",
            "nightly",
            "backup-2026-01-01",
            "build-12",
            "before-2.0-move",
            "latest",
            "v",
            "",
            "wip/3",
            "v1.0.0-dev",
            "junio-gpg-pub",
            "3",
        ] {
            assert!(!looks_like_version(name), "{name}");
        }
    }
}
