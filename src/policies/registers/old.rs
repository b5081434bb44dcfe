//! Old versions of registers, read as the files of today are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{Reading, default_globs};
use crate::error::Result;
use crate::facts::register::definition::Definition;
use crate::facts::register::mapping::{Mapping, Sources};
use crate::facts::register::people::People;
use crate::facts::register::value::{Record, Shape};
use crate::policies::mappings::Mappings;
use crate::sources::records::Format;
use crate::sources::tree::{self, Glob};
use crate::text::SourceText;

/// Where the files of a register lie, and how a text of one is read.
pub struct Old<'a> {
    root: &'a Path,
    zone: &'a TimeZone,
    people: &'a People,
    definition: &'a Definition,
    shape: Arc<Shape>,
    sources: Vec<Source>,
}

/// One kind of file of a register.
struct Source {
    globs: Vec<Glob>,
    /// The part of the globs before the first sign that stands for something else.
    below: String,
    mapping: Mapping,
    own: bool,
}

impl<'a> Old<'a> {
    /// The files of a register, where the configuration says that they lie, or at their default place.
    ///
    /// # Errors
    /// A mapping that comes with the program is wrong, which the tests exclude.
    pub fn new(
        (root, zone): (&'a Path, &'a TimeZone),
        definition: &'a Definition,
        configured: &BTreeMap<String, Sources>,
        people: &'a People,
    ) -> Result<Self> {
        let default = || (default_globs(definition).to_vec(), Mapping::default(), false);
        let all = match configured.get(&definition.register) {
            None => vec![default()],
            Some(sources) => {
                let mappings = Mappings::builtin()?;
                let read = |source: &Mapping| {
                    let (mapping, own) = mappings.resolve(source, &definition.register).ok()?;
                    Some(match &source.file {
                        Some(glob) => (vec![glob.trim_start_matches("./").to_owned()], mapping, own),
                        None => (default().0, mapping, own),
                    })
                };
                sources.list().iter().filter_map(read).collect()
            }
        };
        let source = |(globs, mapping, own): (Vec<String>, Mapping, bool)| {
            let first = globs.first().map(String::as_str).unwrap_or_default();
            let written = &first[..first.find(['*', '?', '[']).unwrap_or(first.len())];
            let below = if written.len() == first.len() {
                written.to_owned()
            } else {
                written.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
            };
            let globs = globs.iter().filter_map(|glob| Glob::new(glob).ok()).collect();
            Source { globs, below, mapping, own }
        };
        let sources = all.into_iter().map(source).collect();
        Ok(Self { root, zone, people, definition, shape: definition.shape(), sources })
    }

    /// The files and folders that hold everything of the register, below the root; empty for the root itself.
    #[must_use]
    pub fn places(&self) -> Vec<&str> {
        let mut places: Vec<&str> = self.sources.iter().map(|source| source.below.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether a path is one of a file of the register.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        self.source(path).is_some()
    }

    fn source(&self, path: &str) -> Option<&Source> {
        let takes = |source: &&Source| source.globs.iter().any(|glob| tree::matches(glob, path));
        self.sources.iter().find(takes).filter(|_| Format::of(Path::new(path)).is_some())
    }

    /// The records of a text that stood at a path. A record with a fault is left out, as in a file of today.
    #[must_use]
    pub fn records(&self, path: &str, text: &Arc<SourceText>) -> Arc<[Arc<Record>]> {
        let Some(source) = self.source(path) else { return Arc::from([]) };
        let (root, zone, people) = (self.root, self.zone, self.people);
        let reading =
            Reading { root, zone, definition: self.definition, shape: &self.shape, people, configuration: None };
        reading.text(Path::new(path), text, &source.mapping, source.own).records.into()
    }
}
