//! Notes of a script.

use super::writer::{Writer, ended};
use super::{Note, signing, step::git};
use crate::error::Result;

impl Writer<'_> {
    /// Writes a note, or adds lines to it.
    pub(super) fn note(&self, note: &Note) -> Result<()> {
        let author = self.signature(&note.by, note.at)?;
        let committer = self.signature(note.committer.as_deref().unwrap_or(&note.by), note.at)?;
        let on = self.find(&note.on)?;
        let mut text = ended(self.filled(&note.text)?);
        if let Some(by) = &note.line_signature {
            let signed = |line: &str| signing::line(line, by, self.lookup).map(|line| line + "\n");
            text = text.lines().map(signed).collect::<Result<_>>()?;
        }
        if note.append
            && let Ok(old) = self.repo.find_note(Some(&note.reference), on)
        {
            text = ended(old.message().unwrap_or_default().to_owned()) + &text;
        }
        let made = self.repo.note(&author, &committer, Some(&note.reference), on, &text, true);
        made.map_err(|error| git(&error))?;
        match (&note.signature, self.target(&note.reference)) {
            (Some(signature), Some(id)) => {
                self.point(&note.reference, signing::sign(&self.repo, id, signature, note.at, self.lookup)?)
            }
            _ => Ok(()),
        }
    }
}
