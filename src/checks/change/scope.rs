//! Which changes a control covers, and which classes it leaves out.

use super::approvers::{Exemption, Parameters, person};
use super::emergency::Marks;
use super::says::{Said, Says, globs};
use crate::facts::approval::trail::Change;
use crate::sources::oid::Oid;
use crate::sources::trailers::Message;
use crate::sources::tree::{Glob, matches};

/// The globs of a control, compiled.
pub struct Scope<'a> {
    paths: Vec<Glob>,
    exempt: Vec<Class<'a>>,
    emergencies: Option<Marks<'a>>,
}

struct Class<'a> {
    of: &'a Exemption,
    paths: Vec<Glob>,
    says: Says<'a>,
}

/// A change that says it belongs to a class, and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The class.
    pub class: String,
    /// How it says so.
    pub said: Said,
    /// Files that it touches beside those of the class.
    pub outside: Vec<String>,
    /// Globs of the class, as the control writes them.
    pub globs: Vec<String>,
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
        let exempt = parameters.exempt.iter().map(|of| {
            let says = Says::new(of.trailers.iter().map(String::as_str), &of.branches, &of.subjects)?;
            Ok::<_, (String, String)>(Class { of, paths: globs(&of.paths)?, says })
        });
        let exempt = exempt.collect::<Result<_, _>>()?;
        let emergencies = parameters.emergency.as_ref().map(Marks::new).transpose()?;
        Ok(Self { paths: globs(&parameters.paths)?, exempt, emergencies })
    }

    /// Whether the files of a change must be known to place it.
    #[must_use]
    pub fn needs_files(&self) -> bool {
        !self.paths.is_empty() || self.exempt.iter().any(|class| !class.paths.is_empty())
    }

    /// Whether the message of a change must be known to tell which class it says it belongs to.
    #[must_use]
    pub fn needs_messages(&self) -> bool {
        self.exempt.iter().any(|class| class.says.needs_messages())
    }

    /// What is an emergency, if the control says so.
    #[must_use]
    pub const fn emergencies(&self) -> Option<&Marks<'a>> {
        self.emergencies.as_ref()
    }

    /// The class that a change says it belongs to, if it touches files beside those of the class. `messages` are those of
    /// its commits, that of the landing commit first.
    #[must_use]
    pub fn misuse(&self, change: &Change, files: &[String], messages: &[(Oid, String)]) -> Option<Misuse> {
        let landing: Vec<_> = messages.iter().take(1).map(|(id, text)| (*id, Message::parse(text))).collect();
        self.exempt.iter().filter(|class| !class.paths.is_empty()).find_map(|class| {
            let said = class.says.of(change, &landing)?;
            let outside = files.iter().filter(|file| !class.paths.iter().any(|glob| matches(glob, file)));
            let outside: Vec<String> = outside.cloned().collect();
            let (class, globs) = (class.of.class.clone(), class.of.paths.clone());
            (!outside.is_empty()).then_some(Misuse { class, said, outside, globs })
        })
    }

    /// Places a change that touches these files.
    #[must_use]
    pub fn place(&self, change: &Change, files: &[String]) -> Place {
        let any = |globs: &[Glob], file: &str| globs.iter().any(|glob| matches(glob, file));
        if !self.paths.is_empty() && !files.iter().any(|file| any(&self.paths, file)) {
            return Place::Excluded("touches no file that the control covers".to_owned());
        }
        let identity = change.identity();
        for Class { of: class, paths, .. } in &self.exempt {
            let in_paths = paths.is_empty() || (!files.is_empty() && files.iter().all(|file| any(paths, file)));
            let names: Vec<_> = class.authors.iter().map(|text| person(text)).collect();
            let by_authors = names.is_empty()
                || change.authors.iter().all(|author| {
                    names
                        .iter()
                        .any(|name| identity.same(name, author) || name.name == author.name && name.name.is_some())
                });
            // A class that names neither files nor authors would take every change.
            if (!paths.is_empty() || !names.is_empty()) && in_paths && by_authors {
                return Place::Excluded(format!("{}: {}", class.class, class.why));
            }
        }
        Place::Covered
    }
}
