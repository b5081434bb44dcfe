//! Files of this project that are taken into the program when it is built.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::yaml::{self, YamlDocument};
use crate::error::{Error, Kind, Result};
use crate::text::SourceText;

/// The path of a file inside this project, and its text.
pub type File = (&'static str, &'static str);

/// Takes files into the program, by what stands before and behind their names: their paths and texts.
macro_rules! embedded {
    ($before:literal, $after:literal: $($name:literal)*) => {
        &[$((
            concat!($before, $name, $after),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $before, $name, $after)),
        )),*]
    };
}
pub(crate) use embedded;

/// Reads one document of each file as a type, in the order of the files.
///
/// # Errors
/// A file does not hold one document of this type: a mistake of this program.
pub fn read<T: DeserializeOwned + JsonSchema + Send + 'static>(files: &[File]) -> Result<Vec<(T, YamlDocument)>> {
    files.par_iter().map(|file| document(file)).collect()
}

fn document<T: DeserializeOwned + JsonSchema + 'static>((path, text): &File) -> Result<(T, YamlDocument)> {
    let wrong = |faults| Error {
        faults,
        ..Error::new(Kind::Internal, format!("{path}, which comes with this program, cannot be used"))
    };
    let mut documents = yaml::parse(&SourceText::new(*path, *text)).map_err(wrong)?;
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => Ok((yaml::read(&document).map_err(wrong)?, document)),
        _ => Err(wrong(Vec::new())),
    }
}
