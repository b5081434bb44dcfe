//! What the files of an export hold, before it is put together.

use rustc_hash::FxHashMap;

use super::node::Node;
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
    /// Whether an object is a request that was merged, by the word that stands under a key; another one is counted, and one
    /// that does not say is a fault.
    pub(super) fn is_merged(&mut self, node: Node<'_>, key: &'static str, word: &str) -> bool {
        match node.at(key).text() {
            Some(state) if state == word => return true,
            Some(_) => self.not_merged += 1,
            None => node.wrong(&format!("told to be merged or not: it has no {key}")),
        }
        false
    }

    pub(super) fn note(&mut self, about: &str, what: impl Into<String>) {
        self.notes.push(Note { about: about.to_owned(), what: what.into() });
    }
}
