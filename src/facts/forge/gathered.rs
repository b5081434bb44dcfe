//! What the files of an export hold, before it is put together.

use rustc_hash::FxHashMap;

use super::{Request, Review};

/// Something that a reader of the export must know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The request, as people call it; empty where it is about the export.
    pub about: String,
    /// What there is to know.
    pub what: String,
}

/// What the files of an export hold, before it is put together.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) requests: Vec<Request>,
    /// Reviews that stand apart from their requests, by what names the request.
    pub(super) apart: FxHashMap<String, Apart>,
    pub(super) not_merged: usize,
    pub(super) notes: Vec<Note>,
}

/// The reviews of one request that stand apart from it.
#[derive(Default)]
pub(super) struct Apart {
    /// Those that decide something.
    pub(super) reviews: Vec<Review>,
    /// All of them.
    pub(super) count: usize,
    /// Whether one of them says something that is not known.
    pub(super) is_unknown: bool,
}

impl Gathered {
    pub(super) fn note(&mut self, about: &str, what: impl Into<String>) {
        self.notes.push(Note { about: about.to_owned(), what: what.into() });
    }
}
