//! Which changes a control covers, and which classes it leaves out.

use glob::Pattern;

use super::approvers::{Exemption, Parameters, person};
use crate::facts::approval::trail::Change;
use crate::sources::trailers::Message;
use crate::sources::tree::matches;
use crate::text::Span;

/// The globs of a control, compiled.
pub struct Scope<'a> {
    paths: Vec<Pattern>,
    exempt: Vec<Class<'a>>,
}

struct Class<'a> {
    of: &'a Exemption,
    paths: Vec<Pattern>,
    branches: Vec<Pattern>,
    subjects: Vec<Pattern>,
}

/// A change that says it belongs to a class, and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The class.
    pub class: String,
    /// How it says so, in words.
    pub says: String,
    /// Where it says so in the message of the landing commit.
    pub place: Option<Span>,
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
        let compile = |globs: &[String]| -> Result<Vec<Pattern>, (String, String)> {
            globs.iter().map(|glob| Pattern::new(glob).map_err(|error| (glob.clone(), error.to_string()))).collect()
        };
        let exempt = parameters.exempt.iter().map(|of| {
            let (paths, branches) = (compile(&of.paths)?, compile(&of.branches)?);
            Ok::<_, (String, String)>(Class { of, paths, branches, subjects: compile(&of.subjects)? })
        });
        Ok(Self { paths: compile(&parameters.paths)?, exempt: exempt.collect::<Result<_, _>>()? })
    }

    /// Whether the files of a change must be known to place it.
    #[must_use]
    pub fn needs_files(&self) -> bool {
        !self.paths.is_empty() || self.exempt.iter().any(|class| !class.paths.is_empty())
    }

    /// Whether the message of a change must be known to tell which class it says it belongs to.
    #[must_use]
    pub fn needs_messages(&self) -> bool {
        self.exempt.iter().any(|class| !class.of.trailers.is_empty())
    }

    /// The class that a change says it belongs to, if it touches files beside those of the class. `message` is that of its
    /// landing commit.
    #[must_use]
    pub fn misuse(&self, change: &Change, files: &[String], message: &str) -> Option<Misuse> {
        let parsed = Message::parse(message);
        self.exempt.iter().filter(|class| !class.paths.is_empty()).find_map(|class| {
            let (says, place) = class.said(change, &parsed)?;
            let outside = files.iter().filter(|file| !class.paths.iter().any(|glob| matches(glob, file)));
            let outside: Vec<String> = outside.cloned().collect();
            let (class, globs) = (class.of.class.clone(), class.of.paths.clone());
            (!outside.is_empty()).then_some(Misuse { class, says, place, outside, globs })
        })
    }

    /// Places a change that touches these files.
    #[must_use]
    pub fn place(&self, change: &Change, files: &[String]) -> Place {
        let any = |globs: &[Pattern], file: &str| globs.iter().any(|glob| matches(glob, file));
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

impl Class<'_> {
    /// How a change says that it belongs to the class, and where.
    fn said(&self, change: &Change, message: &Message<'_>) -> Option<(String, Option<Span>)> {
        for trailer in &message.trailers {
            let (key, value) = (message.slice(trailer.key), message.slice(trailer.value));
            let named = self.of.trailers.iter().filter_map(|wanted| wanted.split_once(':'));
            let mut named = named.map(|(key, value)| (key.trim(), value.trim()));
            if named.any(|(wanted, of)| wanted.eq_ignore_ascii_case(key) && of.eq_ignore_ascii_case(value.trim())) {
                let place = Span::new(trailer.key.start, trailer.value.end);
                return Some((format!("the trailer {key}: {}", value.trim()), Some(place)));
            }
        }
        if let Some(branch) = merged_branch(&change.subject).filter(|_| change.merge)
            && self.branches.iter().any(|glob| glob.matches(branch))
        {
            return Some((format!("the branch {branch}"), None));
        }
        self.subjects.iter().any(|glob| glob.matches(&change.subject)).then(|| ("its subject".to_owned(), None))
    }
}

/// The branch that a merge says it merges: `Merge branch 'docs/x' into main`, `Merge pull request #7 from acme/docs/x`,
/// `Merged in docs/x (pull request #7)`.
fn merged_branch(subject: &str) -> Option<&str> {
    if let Some(rest) =
        subject.strip_prefix("Merge branch '").or_else(|| subject.strip_prefix("Merge remote-tracking branch '"))
    {
        return rest.split_once('\'').map(|(branch, _)| branch);
    }
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        return rest.split_once(" from ")?.1.split_once('/').map(|(_, branch)| branch);
    }
    subject.strip_prefix("Merged in ")?.split_once(" (pull request #").map(|(branch, _)| branch)
}
