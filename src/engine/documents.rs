//! What the documents say, each held against itself and against the others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::checks::documents::coverage::{self, Scope};
use crate::checks::documents::{about, fault, owners, prose};
use crate::config::Configured;
use crate::error::{Fault, Result};
use crate::facts::calendar::Calendar;
use crate::facts::document::written::Written;
use crate::facts::register::people::People;
use crate::findings::finding::Finding;
use crate::findings::ledger::Ledger;
use crate::policies::controls::{self, Documents};
use crate::policies::pack::Pack;
use crate::policies::statements;
use crate::policies::written::{self, WrittenDocuments};
use crate::sources::repo::Repo;
use crate::sources::yaml;

/// What documents are read with.
pub(super) struct Read<'a> {
    pub(super) repo: &'a Repo,
    pub(super) configured: &'a Configured,
    pub(super) pack: &'a Pack,
    pub(super) calendar: &'a Calendar,
}

impl Read<'_> {
    /// Reads the written documents, and enters what is wrong with them and with the controls; the documents, and the
    /// number of descriptions of controls by other tools.
    pub(super) fn findings(
        &self,
        directory: &Path,
        documents: &Documents,
        people: &People,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Written>, usize)> {
        let (pack, calendar, root) = (self.pack, self.calendar, &self.configured.root);
        let foreign = documents.files == 0 && self.configured.source.is_none() && !ledger.misconfigured;
        let written = if foreign {
            written::read_foreign(root, &below(root, directory))
        } else {
            written::read(root, &documents.controls)
        };
        let names = written.documents.iter().map(|document| (document.source().name(), document.key.as_str()));
        let names: FxHashMap<&str, &str> = names.collect();
        let told = |found: &Fault| {
            let file = found.source.name();
            fault::finding_in(pack, found, names.get(file).copied().unwrap_or(file))
        };
        ledger.findings.extend(written.faults.iter().filter_map(told));
        let of_each: Vec<Vec<Finding>> = written
            .documents
            .par_iter()
            .map(|document| of_document(document, &written, people, (pack, calendar)))
            .collect();
        ledger.findings.extend(of_each.into_iter().flatten());
        for control in &documents.controls {
            let hours = statements::uncounted_hours(control, pack, calendar).into_iter();
            let holder = format!("control {}", control.text.id);
            ledger.findings.extend(hours.filter_map(|found| fault::finding_in(pack, &found, &holder)));
        }
        ledger.findings.extend(super::statements::findings(root, pack, documents, &written.documents)?);
        for other in &written.others {
            ledger.findings.extend(about::criteria_of_catalogue(pack, &other.source, &other.cited));
            ledger.findings.extend(prose::of_texts(pack, &other.source, &other.texts));
            let place = other.without_responsible;
            ledger.findings.extend(place.and_then(|place| about::without_responsible(pack, &other.source, place)));
        }
        for control in &documents.controls {
            ledger.findings.extend(about::criteria_of_control(pack, control));
            ledger.findings.extend(owners::finding(pack, control, people, calendar));
            ledger.findings.extend(about::new_control(pack, control, calendar));
            ledger.findings.extend(prose::of_control(pack, control));
        }
        // What a control serves that cannot be read is not known, and it may be what seems to be missing.
        if documents.faults.is_empty() && !documents.controls.is_empty() {
            ledger.findings.extend(self.coverage(documents));
        }
        if documents.files == 0 {
            let not_tested = about::not_tested(pack, &written.documents, written.others.len()).filter(|_| foreign);
            if not_tested.is_none() {
                // Without a commit there is nothing at all yet, which is the better thing to say.
                self.repo.head()?;
            }
            ledger.findings.extend(not_tested.or_else(|| fault::no_controls(pack, controls::FOLDER)));
        }
        Ok((written.documents, written.others.len()))
    }

    /// Criteria in scope that no control serves, and controls that serve none, if the configuration says what is in scope.
    fn coverage(&self, documents: &Documents) -> Vec<Finding> {
        let categories = &self.configured.config.categories;
        let Some(source) = self.configured.source.as_ref().filter(|_| !categories.is_empty()) else {
            return Vec::new();
        };
        let parsed = yaml::parse(source).unwrap_or_default();
        let span = parsed.first().and_then(|document| document.span("/categories")).unwrap_or_default();
        let scope = Scope { categories, source, span };
        coverage::findings(self.pack, scope, documents.controls.iter().map(AsRef::as_ref))
    }
}

fn of_document(
    document: &Written,
    all: &WrittenDocuments,
    people: &People,
    (pack, calendar): (&Pack, &Calendar),
) -> Vec<Finding> {
    let defined = |catalogue: &str| all.catalogues.get(&(Arc::clone(&document.set), catalogue.to_owned()));
    let mut found = about::criteria_of_document(pack, document, defined);
    found.extend(about::approval(pack, document, people, calendar));
    found.extend(owners::of_document(pack, document, people, calendar));
    found.extend(prose::findings(pack, document));
    found
}

/// A folder as seen from the root; the root itself where it lies elsewhere.
fn below(root: &Path, directory: &Path) -> PathBuf {
    let whole = |path: &Path| path.canonicalize().ok();
    let below = whole(directory)
        .zip(whole(root))
        .and_then(|(directory, root)| directory.strip_prefix(root).map(Path::to_path_buf).ok());
    below.unwrap_or_default()
}
