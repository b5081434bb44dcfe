//! The management responses of a repository.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::error::Fault;
use crate::facts::document::response::{Response, ResponseText};
use crate::sources::tree;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::SourceText;

/// Folder that holds the responses.
pub const FOLDER: &str = "responses";

/// The responses of a repository, and everything that is wrong with them.
#[derive(Debug, Default)]
pub struct Responses {
    /// Responses that can be read, in order of their files.
    pub all: Vec<Arc<Response>>,
    /// Number of files that were read.
    pub files: usize,
    /// Every fault of every file. A response with one answers nothing; the others are read all the same.
    pub faults: Vec<Fault>,
}

/// Reads every response below a folder.
#[must_use]
pub fn read(root: &Path) -> Responses {
    let files = tree::read_all(root, FOLDER, &["*.yaml", "*.yml"]);
    let count = files.len();
    let read: Vec<Responses> = files
        .into_par_iter()
        .map(|file| match file {
            Ok(source) => parse(&source),
            Err(fault) => Responses { faults: vec![fault], ..Responses::default() },
        })
        .collect();
    let mut responses = Responses { files: count, ..Responses::default() };
    for file in read {
        responses.all.extend(file.all);
        responses.faults.extend(file.faults);
    }
    responses
}

/// Reads the responses of one file.
#[must_use]
pub fn parse(source: &Arc<SourceText>) -> Responses {
    let mut responses = Responses { files: 1, ..Responses::default() };
    match yaml::parse(source) {
        Ok(documents) => {
            let holds = |document: &YamlDocument| !document.value().is_null();
            for document in documents.into_iter().filter(holds) {
                match yaml::read::<ResponseText>(&document) {
                    Ok(text) => responses.all.push(Arc::new(Response { text, document })),
                    Err(faults) => responses.faults.extend(faults),
                }
            }
        }
        Err(faults) => responses.faults = faults,
    }
    responses
}
