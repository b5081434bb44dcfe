//! What an import of a forge's export did.

use super::finding::Finding;
use crate::error::{Exit, Fault};
use crate::facts::forge::Note;

/// What an import did.
#[derive(Debug, Default)]
pub struct Imported {
    /// Each file that was written, with the number of its records.
    pub written: Vec<(String, usize)>,
    /// Number of requests that were merged and can be recorded.
    pub requests: usize,
    /// Number of those that were recorded before, and are told as they were.
    pub known: usize,
    /// Number of requests that were not merged.
    pub not_merged: usize,
    /// What could not be bound, and what else there is to know.
    pub notes: Vec<Note>,
    /// What could not be read of the export.
    pub faults: Vec<Fault>,
    /// Requests of which the export says otherwise than the record that is there.
    pub contradictions: Vec<Finding>,
}

impl Imported {
    /// The exit status: 1 where something could not be read, or contradicts a record.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.faults.is_empty() && self.contradictions.is_empty() { Exit::Clean } else { Exit::Exceptions }
    }
}
