//! Written documents, held against controls and against each other.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::checks::documents::duties::{self, Spoken};
use crate::checks::documents::{fault, linked};
use crate::error::Result;
use crate::facts::document::duty::{Duties, candidates};
use crate::facts::document::written::Written;
use crate::findings::finding::Finding;
use crate::policies::controls::Documents;
use crate::policies::pack::Pack;
use crate::policies::statements;

/// What is found in the words of the written documents.
pub(super) fn findings(root: &Path, pack: &Pack, controls: &Documents, written: &[Written]) -> Result<Vec<Finding>> {
    let statements = statements::read(root, written, controls, pack);
    let mut findings: Vec<Finding> = statements
        .faults
        .iter()
        .filter_map(|(document, found)| fault::finding_in(pack, found, &document.key))
        .collect();
    findings.extend(linked::agreeing(pack, &statements.found));
    let known = Duties::builtin()?;
    let spoken: Vec<Spoken<'_>> = written.par_iter().flat_map_iter(|document| spoken(known, document)).collect();
    findings.extend(duties::disagreeing(pack, &spoken));
    let unlinked = duties::unlinked(pack, &controls.controls, &spoken, &statements.found);
    let elsewhere: FxHashSet<(String, String)> = unlinked.iter().map(duties::Unlinked::parameter).collect();
    findings.extend(unlinked.iter().filter_map(|one| one.finding(pack)));
    findings.extend(linked::stated(pack, &controls.controls, written, &statements.found, &elsewhere));
    Ok(findings)
}

/// What a document in force states for duties.
fn spoken<'a>(known: &'a Duties, document: &'a Written) -> Vec<Spoken<'a>> {
    if !document.about.is_in_force() {
        return Vec::new();
    }
    candidates(known, document).into_iter().map(|candidate| Spoken { document, candidate }).collect()
}
