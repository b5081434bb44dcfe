//! What became of an approval, in words.

use std::fmt::Write;

use crate::facts::approval::line::REFERENCE;
use crate::facts::approval::trail::Change;
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::text::{safe, short};

/// An approval that stands beside its commit.
#[derive(Debug)]
pub struct Approved {
    /// The change.
    pub change: Change,
    /// What the line says; when it stood there already, who it is by and when it came.
    pub by: Person,
    /// When it was given.
    pub at: Moment,
    /// Whether it was written now; else it stood there already.
    pub is_new: bool,
    /// Whether it is signed.
    pub is_signed: bool,
    /// Whether the configuration reads approvals of this kind.
    pub is_read: bool,
}

impl Approved {
    /// What was written, or that it stood there already, and how others get it.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut out = String::new();
        let (said, signed) = match (self.is_new, self.is_signed) {
            (true, true) => ("approved", ", signed"),
            (true, false) => ("approved", ""),
            (false, _) => ("approved already", ""),
        };
        let authors: Vec<String> = self.change.authors.iter().map(|author| safe(author.label())).collect();
        let (commit, subject) = (self.change.commit.short(), short(&self.change.subject));
        let _ = writeln!(out, "{said}  {commit} \"{subject}\" by {}", authors.join(", "));
        let _ =
            writeln!(out, "{:1$}  {2}, {3}{signed}", "", said.len(), safe(&self.by.signature()), self.at.readable());
        if !self.is_new {
            let _ = writeln!(out, "\nIt stands in {REFERENCE} since then; nothing was changed.");
            return out;
        }
        let _ = writeln!(out, "\nOne line was added to the note on it in {REFERENCE}.");
        if !self.is_read {
            out.push_str("tickmark.yaml does not read it yet: add tickmark-notes under trails.\n");
        }
        let _ = writeln!(out, "\nPush it:\n\n  git push origin {REFERENCE}");
        out
    }
}
