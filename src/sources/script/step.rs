//! What every step needs: the files beside the script, and errors that say what is wrong with it.

use crate::error::{Error, Kind};

/// Finds the content of a file that a script names by `from` or as a key.
pub type Lookup<'a> = dyn Fn(&str) -> Option<Vec<u8>> + 'a;

/// That Git refuses something.
pub(super) fn git(error: &git2::Error) -> Error {
    Error::new(Kind::Source, format!("Git cannot do this: {}", error.message()))
}

/// That a step asks for something that cannot be.
pub(super) fn wrong(message: impl Into<String>) -> Error {
    Error::new(Kind::Configuration, message)
}
