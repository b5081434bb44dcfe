//! What could not be read of the files of a repository, each known by what has it.

use rustc_hash::FxHashMap;

use crate::checks::documents::fault;
use crate::error::Fault;
use crate::facts::register::store::Registers;
use crate::findings::finding::Finding;
use crate::findings::ledger::Ledger;
use crate::policies::controls::Documents;
use crate::policies::pack::Pack;

/// A ledger that holds what could not be read of the configuration and of the other files. A fault is known by what has
/// it: the configuration, a control or a register, wherever that lies.
pub(super) fn begun(
    pack: &Pack,
    misconfigured: bool,
    (of_configuration, others): (&[&[Fault]], &[&[Fault]]),
    (documents, registers): (&Documents, &Registers),
) -> Ledger {
    let told = |found: &Fault| fault::finding_in(pack, found, "the configuration");
    let mut findings: Vec<Finding> = of_configuration.iter().copied().flatten().filter_map(told).collect();
    let mut files: Option<FxHashMap<&str, &str>> = None;
    for found in others.iter().copied().flatten() {
        let files = files.get_or_insert_with(|| registers.holders());
        let file = found.source.name();
        let register = || files.get(file).map(|name| format!("register {name}"));
        let holder = documents.holder(found).or_else(register).unwrap_or_else(|| file.to_owned());
        findings.extend(fault::finding_in(pack, found, &holder));
    }
    Ledger { misconfigured, findings, ..Ledger::default() }
}
