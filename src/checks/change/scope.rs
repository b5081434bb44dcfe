//! Which changes a control covers, and which classes it leaves out.

use glob::Pattern;

use super::approvers::{Exemption, Parameters, person};
use crate::facts::approval::trail::Change;
use crate::sources::tree::matches;

/// The globs of a control, compiled.
pub struct Scope<'a> {
    paths: Vec<Pattern>,
    exempt: Vec<(&'a Exemption, Vec<Pattern>)>,
}

/// Where a change belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is tested.
    Covered,
    /// It is left out, for a reason that the report names.
    Excluded(String),
}

impl<'a> Scope<'a> {
    /// Compiles the globs of a control.
    ///
    /// # Errors
    /// The first glob that is none, and what is wrong with it.
    pub fn new(parameters: &'a Parameters) -> Result<Self, (String, String)> {
        let compile = |globs: &[String]| -> Result<Vec<Pattern>, (String, String)> {
            globs.iter().map(|glob| Pattern::new(glob).map_err(|error| (glob.clone(), error.to_string()))).collect()
        };
        let exempt = parameters.exempt.iter().map(|class| compile(&class.paths).map(|paths| (class, paths)));
        Ok(Self { paths: compile(&parameters.paths)?, exempt: exempt.collect::<Result<_, _>>()? })
    }

    /// Whether the files of a change must be known to place it.
    #[must_use]
    pub fn needs_files(&self) -> bool {
        !self.paths.is_empty() || self.exempt.iter().any(|(_, paths)| !paths.is_empty())
    }

    /// Places a change that touches these files.
    #[must_use]
    pub fn place(&self, change: &Change, files: &[String]) -> Place {
        let any = |globs: &[Pattern], file: &str| globs.iter().any(|glob| matches(glob, file));
        if !self.paths.is_empty() && !files.iter().any(|file| any(&self.paths, file)) {
            return Place::Excluded("touches no file that the control covers".to_owned());
        }
        let identity = change.identity();
        for (class, paths) in &self.exempt {
            let in_paths = paths.is_empty() || (!files.is_empty() && files.iter().all(|file| any(paths, file)));
            let names: Vec<_> = class.authors.iter().map(|text| person(text)).collect();
            let by_authors = names.is_empty()
                || change.authors.iter().all(|author| names.iter().any(|name| identity.same(name, author) || name.name == author.name && name.name.is_some()));
            // A class that names neither files nor authors would take every change.
            if (!paths.is_empty() || !names.is_empty()) && in_paths && by_authors {
                return Place::Excluded(format!("{}: {}", class.class, class.why));
            }
        }
        Place::Covered
    }
}
