//! Files of this project that are taken into the program when it is built: as people write them, and as JSON, which the
//! build script makes of them and which is read at every start.

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::yaml::{self, YamlDocument};
use crate::error::{Error, Fault, Kind, Result};
use crate::text::SourceText;

/// A file of this project.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its path.
    pub path: &'static str,
    /// What it says, as YAML.
    pub text: &'static str,
    /// The same as JSON.
    pub json: &'static str,
}

/// Takes files into the program, by what stands before and behind their names.
macro_rules! embedded {
    ($before:literal, $after:literal: $($name:literal)*) => {
        &[$($crate::sources::embedded::File {
            path: concat!($before, $name, $after),
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $before, $name, $after)),
            json: include_str!(concat!(env!("OUT_DIR"), "/", $before, $name, $after, ".json")),
        }),*]
    };
}
pub(crate) use embedded;

/// Reads each file as a type, in the order of the files.
///
/// # Errors
/// A file does not hold this type: a mistake of this program.
pub fn read<T: DeserializeOwned + Send>(files: &[File]) -> Result<Vec<T>> {
    files.par_iter().map(File::read).collect()
}

impl File {
    /// Reads it as a type.
    ///
    /// # Errors
    /// It does not hold this type: a mistake of this program.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.json).map_err(|error| self.unusable(&error.to_string()))
    }

    /// Its document, with the place of everything in it.
    ///
    /// # Errors
    /// It does not hold one document: a mistake of this program.
    pub fn document(&self) -> std::result::Result<YamlDocument, Vec<Fault>> {
        let mut documents = yaml::parse(&SourceText::new(self.path, self.text))?;
        match (documents.pop(), documents.is_empty()) {
            (Some(document), true) => Ok(document),
            _ => Err(Vec::new()),
        }
    }

    /// The error of a file that cannot be used.
    #[must_use]
    pub fn unusable(&self, why: &str) -> Error {
        Error::new(Kind::Internal, format!("{}, which comes with this program, cannot be used: {why}", self.path))
    }
}

/// Holds files against the schema of their type, and what is read at a start against what people wrote.
///
/// # Errors
/// What is wrong with the first file that is.
#[cfg(test)]
pub(crate) fn hold<T: DeserializeOwned + schemars::JsonSchema + 'static>(files: &[File]) -> Result<()> {
    for file in files {
        let wrong = |faults: Vec<Fault>| Error { faults, ..file.unusable("see below") };
        let document = file.document().map_err(wrong)?;
        yaml::read::<T>(&document).map_err(wrong)?;
        if *document.value() != file.read::<serde_yaml::Value>()? {
            return Err(file.unusable("it reads otherwise as JSON"));
        }
    }
    Ok(())
}
