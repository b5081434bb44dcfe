//! What was written, and what to do next, in words.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{CONFIGURATION, Home, Kept, Plan};
use crate::text::safe;

/// What the owner of the files reads first.
const GUIDE: &str = "controls/README.md";

impl Plan {
    /// Each file with what becomes of it, then how many of them.
    #[must_use]
    pub fn listed(&self, dry: bool) -> String {
        let mut out = String::new();
        let new = if dry { "would write" } else { "wrote" };
        for file in &self.files {
            let path = &file.path;
            let _ = match &file.kept {
                None => writeln!(out, "{new}  {path}"),
                Some(Kept::Itself) => writeln!(out, "{:1$}  {path}", "kept", new.len()),
                Some(Kept::Other(other)) => writeln!(out, "left out  {path}: there is {}", safe(other)),
                Some(Kept::Configured) => writeln!(out, "left out  {path}: the configuration names another file"),
            };
        }
        let written = self.unwritten().count();
        let files = if written == 1 { "file" } else { "files" };
        let _ = write!(out, "\n{written} {files} {}", if dry { "would be written" } else { "written" });
        let _ = match self.files.len() - written {
            0 => writeln!(out),
            old => writeln!(out, "; nothing that was there is changed ({old} not written)"),
        };
        out
    }

    /// What to do next, with commands that can be typed in the folder where the program was run.
    #[must_use]
    pub fn next(&self) -> String {
        let mut out = String::new();
        let configuration = self.files.first().and_then(|file| file.kept.as_ref());
        if let (None, Some(day)) = (configuration, self.period.from) {
            let _ = writeln!(out, "The observation period begins on {day}: change it in tickmark.yaml.");
        }
        let _ = writeln!(out, "What to fill in, and in which order, stands in {GUIDE}.");
        if self.home == Home::Below {
            out.push_str("Globs of controls begin at the folder of the repository, which lies above.\n");
        }
        out.push_str("\nNext:\n\n");
        let folder = self.folder.to_string_lossy();
        if folder != "." {
            let _ = writeln!(out, "  cd {}", quoted(&folder));
        }
        if self.home == Home::Nowhere {
            out.push_str("  git init -b main\n");
        }
        let names: BTreeSet<&str> = self.unwritten().filter_map(|path| path.split('/').next()).collect();
        if !names.is_empty() {
            let _ = writeln!(out, "  git add {}", names.into_iter().collect::<Vec<_>>().join(" "));
            out.push_str("  git commit -m 'Say what we do, and where we record it'\n");
        }
        let check = match (&self.home, configuration) {
            (Home::Below, Some(Kept::Other(other))) => format!("tickmark check --config {}", quoted(other)),
            (Home::Below, _) => format!("tickmark check --config {CONFIGURATION}"),
            (Home::Nowhere | Home::Root, _) => "tickmark check".to_owned(),
        };
        let _ = writeln!(out, "  {check}");
        out
    }

    /// Paths of what was not there when the plan was made.
    fn unwritten(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter(|file| file.kept.is_none()).map(|file| file.path.as_str())
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "/._~+-".contains(character);
    let path = safe(path);
    if path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}
