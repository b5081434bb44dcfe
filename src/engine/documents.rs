//! Written documents, held against controls and against each other.

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::checks::documents::{fault, linked};
use crate::facts::document::written::Written;
use crate::findings::finding::Finding;
use crate::policies::controls::Documents;
use crate::policies::pack::Pack;
use crate::policies::statements;

/// What is found in the words of the written documents.
pub(super) fn findings(root: &Path, pack: &Pack, controls: &Documents, written: &[Written]) -> Vec<Finding> {
    let statements = statements::read(root, written, controls, pack);
    let mut findings: Vec<Finding> = statements.faults.iter().filter_map(|one| fault::finding(pack, one)).collect();
    findings.extend(linked::agreeing(pack, &statements.found));
    findings.extend(linked::stated(pack, &controls.controls, written, &statements.found, &FxHashSet::default()));
    findings
}
