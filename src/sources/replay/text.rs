//! Contents of files: merged line by line, and held against each other line by line.

use git2::{DiffOptions, MergeFileInput, MergeFileOptions, Patch};
use memchr::memchr;

/// Signs in a row that mark a conflict: so many that no content has them by chance, as it has the seven of Git.
const MARK: u16 = 61;
/// Contents beyond this size are not merged or compared line by line.
pub const MAX_TEXT: usize = 4 << 20;
/// So far into a content Git looks for a NUL byte.
const LOOKED_AT: usize = 8000;

/// Whether a content is text to Git, and not too large to be compared line by line.
#[must_use]
pub fn is_text(content: &[u8]) -> bool {
    content.len() <= MAX_TEXT && memchr(0, &content[..content.len().min(LOOKED_AT)]).is_none()
}

/// Merges three contents as Git does. The result, and whether the changes fit together: if not, it holds both with marks
/// around them, which [`Conflicts`] finds. `None` if one of them is no text.
#[must_use]
pub fn merge(ancestor: &[u8], ours: &[u8], theirs: &[u8]) -> Option<(Vec<u8>, bool)> {
    if ![ancestor, ours, theirs].into_iter().all(is_text) {
        return None;
    }
    // Of all that is asked of libgit2 here, merging alone does not set it up, which only opening a repository does then.
    git2::Oid::from_str("0").ok()?;
    let input = |content| {
        let mut input = MergeFileInput::new();
        input.content(content).path("file");
        input
    };
    let mut options = MergeFileOptions::new();
    options.marker_size(MARK).ancestor_label("").our_label("").their_label("");
    let result = git2::merge_file(&input(ancestor), &input(ours), &input(theirs), Some(&mut options)).ok()?;
    Some((result.content().to_vec(), result.is_automergeable()))
}

/// Where a merged content holds conflicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// First and last line of each, from 1, with the marks.
    ranges: Vec<(usize, usize)>,
}

impl Conflicts {
    /// The conflicts that [`merge`] marked.
    #[must_use]
    pub fn of(marked: &[u8]) -> Self {
        let mark = |line: &[u8], sign: u8| {
            line.len() >= usize::from(MARK) && line[..usize::from(MARK)].iter().all(|&byte| byte == sign)
        };
        let (mut ranges, mut open) = (Vec::new(), None);
        for (at, line) in marked.split(|&byte| byte == b'\n').enumerate() {
            if mark(line, b'<') {
                open = Some(at + 1);
            } else if mark(line, b'>')
                && let Some(start) = open.take()
            {
                ranges.push((start, at + 1));
            }
        }
        Self { ranges }
    }

    /// Number of conflicts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether one of them, or the line behind or before one, lies in these lines.
    fn touch(&self, first: usize, last: usize) -> bool {
        self.ranges.iter().any(|(start, end)| *start <= last.saturating_add(1) && first <= end.saturating_add(1))
    }
}

/// Lines that differ between two contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First line in the old content, from 1; where nothing is taken out, the line before.
    pub old: usize,
    /// Number of lines that are taken out.
    pub removed: usize,
    /// First line in the new content, from 1; where nothing is added, the line before.
    pub new: usize,
    /// Number of lines that are added.
    pub added: usize,
    /// Whether the old content has a conflict there.
    pub conflict: bool,
}

/// The lines in which two contents differ, in order. `conflicts` are those of the old one.
#[must_use]
pub fn runs(old: &[u8], new: &[u8], conflicts: &Conflicts) -> Vec<Run> {
    let mut options = DiffOptions::new();
    options.context_lines(0).interhunk_lines(0).force_text(true);
    let Ok(patch) = Patch::from_buffers(old, None, new, None, Some(&mut options)) else { return Vec::new() };
    let mut found = Vec::new();
    for at in 0..patch.num_hunks() {
        let Ok((hunk, _)) = patch.hunk(at) else { continue };
        let number = |number: u32| number as usize;
        let (old, removed) = (number(hunk.old_start()), number(hunk.old_lines()));
        let conflict = conflicts.touch(old, (old + removed).saturating_sub(1).max(old));
        let (new, added) = (number(hunk.new_start()), number(hunk.new_lines()));
        found.push(Run { old, removed, new, added, conflict });
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn changes_that_fit_are_merged_and_others_are_marked() {
        let (content, fits) = merge(b"a\nb\nc\nd\ne\n", b"A\nb\nc\nd\ne\n", b"a\nb\nc\nd\nE\n").unwrap();
        assert!(fits);
        assert_eq!(content, b"A\nb\nc\nd\nE\n");
        let (marked, fits) = merge(b"a\nb\nc\n", b"a\nx\nc\n", b"a\ny\nc\n").unwrap();
        assert!(!fits);
        assert_eq!(Conflicts::of(&marked).ranges, [(2, 6)]);
        assert!(merge(b"a\0", b"b", b"c").is_none());
    }

    #[test]
    fn what_is_settled_in_a_conflict_is_told_from_what_is_added_elsewhere() {
        let base = b"a\nb\nc\nd\ne\nf\ng\nh\n";
        let (marked, _) = merge(base, b"a\nx\nc\nd\ne\nf\ng\nh\n", b"a\ny\nc\nd\ne\nf\ng\nh\n").unwrap();
        let runs = runs(&marked, b"a\nxy\nc\nd\ne\nf\nEVIL\ng\nh\n", &Conflicts::of(&marked));
        let seen: Vec<_> = runs.iter().map(|run| (run.new, run.added, run.conflict)).collect();
        assert_eq!(seen, [(2, 1, true), (7, 1, false)]);
    }
}
