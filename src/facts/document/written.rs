//! A written document: a policy, a narrative or a procedure, in Markdown.

use std::sync::Arc;

use super::about::About;
use crate::sources::markdown::Markdown;
use crate::text::SourceText;

/// What a written document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// What the organisation requires of itself.
    Policy,
    /// How the organisation and its systems work, in prose for the auditor.
    Narrative,
    /// The steps of something that is done again and again.
    Procedure,
}

/// One written document.
#[derive(Debug)]
pub struct Written {
    /// What it is for.
    pub kind: Kind,
    /// What identifies it wherever it lies: its id, its title if it has none, and its path where another document says the
    /// same of itself, or where it says neither.
    pub key: String,
    /// The folder whose documents describe one organisation, below the root: empty where that is the root itself. Only
    /// documents of one set can contradict each other.
    pub set: Arc<str>,
    /// What it says about itself.
    pub about: About,
    /// Whether a tool builds it, and fills in what stands in double braces.
    pub built: bool,
    /// What it says.
    pub page: Markdown,
}

impl Written {
    /// The file.
    #[must_use]
    pub fn source(&self) -> &Arc<SourceText> {
        &self.page.source
    }
}
