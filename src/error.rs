//! What can go wrong, by kind, and the exit status that each kind ends with.

use std::fmt;
use std::sync::Arc;

use crate::text::{SourceText, Span};

/// Exit status of the program. The meanings are the same for every command and every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above the failing level.
    Clean = 0,
    /// Exceptions, or items that nothing in the repository shows either way.
    Exceptions = 1,
    /// It could not run: usage, configuration, no repository, an internal error.
    CouldNotRun = 2,
    /// It ran, but something that a test needed could not be read.
    Incomplete = 3,
}

/// Why the program could not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The command line asks for something that does not exist.
    Usage,
    /// `tickmark.yaml` or another file that steers the run cannot be used.
    Configuration,
    /// The repository or a file cannot be opened or written.
    Source,
    /// The repository is there, but what a test needs of it cannot be read: exit status 3, not 2.
    Unreadable,
    /// A mistake of this program.
    Internal,
}

/// An error that ends the run, with a hint that can be typed.
#[derive(Debug)]
pub struct Error {
    /// What kind of error it is; decides the exit status.
    pub kind: Kind,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Faults at their places, where the error is about a file's content.
    pub faults: Vec<Fault>,
}

/// Result of everything that can end the run.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind, without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, faults: Vec::new() }
    }

    /// The same error with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The exit status that this error ends the run with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Unreadable => Exit::Incomplete,
            Kind::Usage | Kind::Configuration | Kind::Source | Kind::Internal => Exit::CouldNotRun,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A fault in a text, at its place. It does not end the run: the other files are still read, and the fault
/// becomes a finding of the rule that it names.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The rule that this fault breaks, such as `documents/unknown-key`.
    pub rule: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The words at the place itself.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The text that holds the fault.
    pub source: Arc<SourceText>,
    /// Where in that text.
    pub span: Span,
    /// The other place that it is about, if there are two.
    pub other: Option<Box<OtherPlace>>,
}

/// The second of two places that a fault is about.
#[derive(Clone, Debug)]
pub struct OtherPlace {
    /// The text.
    pub source: Arc<SourceText>,
    /// Where in it.
    pub span: Span,
    /// The words there.
    pub label: String,
}
