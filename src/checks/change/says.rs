//! How a change says what it is: by a trailer, by the branch that it merges, or by its subject.

use crate::facts::approval::trail::Change;
use crate::sources::oid::Oid;
use crate::sources::trailers::Message;
use crate::sources::tree::Glob;
use crate::text::Span;

/// What changes of one kind say of themselves.
pub(super) struct Says<'a> {
    /// `Key: value`, or only a key, which any value fits.
    trailers: Vec<&'a str>,
    branches: Vec<Glob>,
    subjects: Vec<Glob>,
}

/// That a change says it, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// How, in words: `the trailer Class: docs`.
    pub how: String,
    /// Whether that is a trailer.
    pub is_trailer: bool,
    /// Where: a commit, and a place in its message if it is not the subject.
    pub place: (Oid, Option<Span>),
}

impl<'a> Says<'a> {
    /// Compiles the globs.
    ///
    /// # Errors
    /// The first glob that is none, and what is wrong with it.
    pub(super) fn new(
        trailers: impl IntoIterator<Item = &'a str>,
        branches: &[String],
        subjects: &[String],
    ) -> Result<Self, (String, String)> {
        let (branches, subjects) = (globs(branches)?, globs(subjects)?);
        Ok(Self { trailers: trailers.into_iter().collect(), branches, subjects })
    }

    /// Whether messages must be known to tell.
    pub(super) fn needs_messages(&self) -> bool {
        !self.trailers.is_empty()
    }

    /// How a change says it, and where; `messages` are those of its commits, as far as they are wanted.
    pub(super) fn of(&self, change: &Change, messages: &[(Oid, Message<'_>)]) -> Option<Said> {
        for wanted in &self.trailers {
            if let Some((commit, span, words)) = messages.iter().find_map(|(id, message)| {
                let (span, words) = trailer(message, wanted)?;
                Some((*id, span, words))
            }) {
                return Some(Said {
                    how: format!("the trailer {words}"),
                    is_trailer: true,
                    place: (commit, Some(span)),
                });
            }
        }
        if let Some(branch) = merged_branch(&change.subject).filter(|_| change.merge)
            && self.names_branch(branch)
        {
            return Some(Said { how: format!("the branch {branch}"), is_trailer: false, place: (change.commit, None) });
        }
        let by_subject = self.subjects.iter().any(|glob| glob.matches(&change.subject));
        by_subject.then(|| Said { how: "its subject".to_owned(), is_trailer: false, place: (change.commit, None) })
    }

    /// Whether changes on a branch of this name say it.
    pub(super) fn names_branch(&self, branch: &str) -> bool {
        self.branches.iter().any(|glob| glob.matches(branch))
    }
}

/// Globs, compiled.
///
/// # Errors
/// The first that is none, and what is wrong with it.
pub(super) fn globs(texts: &[String]) -> Result<Vec<Glob>, (String, String)> {
    texts.iter().map(|glob| Glob::new(glob).map_err(|error| (glob.clone(), error.to_string()))).collect()
}

/// The trailer of a message that fits `Key: value` or a key alone: its place, and its words.
pub(super) fn trailer(message: &Message<'_>, wanted: &str) -> Option<(Span, String)> {
    let (key, value) = wanted.split_once(':').map_or((wanted, None), |(key, value)| (key, Some(value.trim())));
    message.trailers.iter().find_map(|trailer| {
        let (own_key, own) = (message.slice(trailer.key), message.slice(trailer.value).trim());
        let fits =
            own_key.eq_ignore_ascii_case(key.trim()) && value.is_none_or(|value| value.eq_ignore_ascii_case(own));
        // What was picked says what its own commit was.
        let fits = fits && !trailer.inherited;
        fits.then(|| (Span::new(trailer.key.start, trailer.value.end), format!("{own_key}: {own}")))
    })
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
