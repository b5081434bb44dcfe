//! The registers that the program knows, taken into it when it is built.

use std::sync::OnceLock;

use super::definition::Definition;
use crate::error::Result;
use crate::sources::embedded::{self, File, embedded};

/// Every register's file: its path, and the text.
#[must_use]
pub fn sources() -> &'static [File] {
    embedded! { "policies/registers/", ".yaml":
        "access-requests"
        "access-reviews"
        "accounts"
        "alerts"
        "assets"
        "change-reviews"
        "changes"
        "config-snapshots"
        "deployments"
        "evidence"
        "exceptions"
        "exercises"
        "incident-mentions"
        "incidents"
        "offboarding"
        "penetration-tests"
        "people"
        "performances"
        "plans"
        "prior-findings"
        "record-arrivals"
        "record-changes"
        "risk-acceptances"
        "scans"
        "self-assessments"
        "systems"
        "training"
        "vendor-mentions"
        "vendor-reports"
        "vendors"
        "vulnerabilities"
    }
}

/// The registers that the program knows.
///
/// # Errors
/// One of the files is no definition of a register: a mistake of this program.
pub fn definitions() -> Result<Vec<Definition>> {
    static READ: OnceLock<Vec<Definition>> = OnceLock::new();
    if let Some(definitions) = READ.get() {
        return Ok(definitions.clone());
    }
    let definitions = embedded::read(sources())?;
    Ok(READ.get_or_init(|| definitions).clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::register::definition::FieldType;

    #[test]
    fn the_list_is_the_content_of_the_folder() -> std::io::Result<()> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/registers");
        let mut files: Vec<String> = std::fs::read_dir(folder)?
            .map(|entry| Ok(format!("policies/registers/{}", entry?.file_name().to_string_lossy())))
            .collect::<std::io::Result<_>>()?;
        files.sort();
        assert_eq!(files, sources().iter().map(|file| file.path).collect::<Vec<_>>());
        Ok(())
    }

    #[test]
    fn every_definition_is_whole() -> Result<()> {
        embedded::hold::<Definition>(sources())?;
        for (file, definition) in sources().iter().zip(definitions()?) {
            let path = file.path;
            assert_eq!(path, format!("policies/registers/{}.yaml", definition.file()));
            let has = |name: &String| definition.fields.iter().any(|field| field.name == *name);
            assert!(definition.key.iter().chain(&definition.header).all(has), "{path}");
            for field in &definition.fields {
                assert_eq!(field.kind == FieldType::Choice, !field.values.is_empty(), "{path}: {}", field.name);
                assert_eq!(field.kind == FieldType::Records, !field.fields.is_empty(), "{path}: {}", field.name);
            }
        }
        Ok(())
    }
}
