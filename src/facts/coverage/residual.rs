//! What landed beyond what was given: files, and lines with their numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::sources::oid::Oid;
use crate::sources::replay::text::{self, Conflicts, Run};
use crate::sources::replay::{Given, Missing, Side, Unexplained};
use crate::sources::repo::{ObjectKind, Repo};
use crate::text::{SourceText, decode_keeping_offsets};

/// Files of which the lines are kept; of others only their numbers are.
const SHOWN: usize = 12;
/// Files that are looked at; a residual of more is a proposal of its own.
const MOST_FILES: usize = 2_000;

/// What landed beyond what was given.
#[derive(Clone, Debug, Default)]
pub struct Residual {
    /// The files, in order of their paths.
    pub files: Vec<Beyond>,
    /// Number of further files, which were not looked at.
    pub more: usize,
    /// Whether Git itself merged it, or nothing had to be merged.
    pub confirmed: bool,
}

/// A file that is not as it was given.
#[derive(Clone, Debug)]
pub struct Beyond {
    /// Its path.
    pub path: String,
    /// What differs.
    pub what: What,
}

/// What differs about a file.
#[derive(Clone, Debug)]
pub enum What {
    /// Lines.
    Lines(Lines),
    /// The content of a file that is no text, or too large to be compared; the sizes in bytes, where it is there.
    Content {
        /// As it was given.
        before: Option<usize>,
        /// As it landed.
        after: Option<usize>,
        /// Whether both sides had changed it so that it had to be settled by hand.
        settled: bool,
    },
    /// The commit of a submodule.
    Submodule(Option<Oid>, Option<Oid>),
    /// The mode alone.
    Mode(u32, u32),
    /// The path alone: it was given under this one.
    Renamed(String),
}

/// Lines of a file that differ.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Number of lines that were added, and of those that were taken out.
    pub beyond: (usize, usize),
    /// The same where both sides had changed the file so that it had to be settled by hand.
    pub settled: (usize, usize),
    /// The mode as it was given and as it landed, where the file has another one now.
    pub mode: Option<(u32, u32)>,
    /// The runs of lines, and the file as it landed and as it was given, where it is one of the first files.
    pub shown: Option<Shown>,
}

/// A file with the lines that differ.
#[derive(Clone, Debug)]
pub struct Shown {
    /// As it landed; empty if it did not.
    pub landed: Arc<SourceText>,
    /// As it was given; empty if it was not.
    pub given: Arc<SourceText>,
    /// What differs, in order.
    pub runs: Vec<Run>,
}

impl Residual {
    /// What these paths come to. `commit` is the one that landed.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn of(repo: &Repo, found: Vec<Unexplained>, commit: Oid, confirmed: bool) -> Result<Self, Missing> {
        let mut residual = Self { files: Vec::new(), more: found.len().saturating_sub(MOST_FILES), confirmed };
        let moved = moved(&found);
        let reader = Reader { repo, commit };
        for one in found.iter().take(MOST_FILES) {
            let what = match moved.get(one.path.as_str()) {
                Some(Move::From(path)) => Some(What::Renamed((*path).to_owned())),
                Some(Move::Away) => None,
                None => Some(reader.what(one, residual.files.len() < SHOWN)?),
            };
            residual.files.extend(what.map(|what| Beyond { path: one.path.clone(), what }));
        }
        Ok(residual)
    }

    /// Whether something landed that is more than a conflict settled by hand.
    #[must_use]
    pub fn goes_beyond(&self) -> bool {
        self.more > 0 || self.files.iter().any(Beyond::goes_beyond)
    }

    /// Whether a conflict was settled by hand.
    #[must_use]
    pub fn settles(&self) -> bool {
        self.files.iter().any(Beyond::settles)
    }
}

impl Beyond {
    /// Whether it is more than a conflict settled by hand.
    #[must_use]
    pub fn goes_beyond(&self) -> bool {
        match &self.what {
            What::Lines(lines) => lines.beyond != (0, 0) || lines.mode.is_some(),
            What::Content { settled, .. } => !settled,
            _ => true,
        }
    }

    /// Whether a conflict in it was settled by hand.
    #[must_use]
    pub fn settles(&self) -> bool {
        match &self.what {
            What::Lines(lines) => lines.settled != (0, 0),
            What::Content { settled, .. } => *settled,
            _ => false,
        }
    }
}

enum Move<'a> {
    From(&'a str),
    Away,
}

/// Files that landed under another path than they were given, whole.
fn moved(found: &[Unexplained]) -> FxHashMap<&str, Move<'_>> {
    let mut gone: FxHashMap<Oid, Vec<&str>> = FxHashMap::default();
    for one in found.iter().rev() {
        if let (Given::File(side), None) = (&one.given, one.landed) {
            gone.entry(side.id).or_default().push(&one.path);
        }
    }
    let mut moved = FxHashMap::default();
    for one in found {
        if let (Given::Nothing, Some(side)) = (&one.given, one.landed)
            && let Some(from) = gone.get_mut(&side.id).and_then(Vec::pop)
        {
            moved.insert(one.path.as_str(), Move::From(from));
            moved.insert(from, Move::Away);
        }
    }
    moved
}

struct Reader<'a> {
    repo: &'a Repo,
    commit: Oid,
}

impl Reader<'_> {
    fn what(&self, one: &Unexplained, shown: bool) -> Result<What, Missing> {
        let conflict = matches!(one.given, Given::Conflict(_));
        // Of what no merge can join, one side is what was given.
        let given = match &one.given {
            Given::File(side) => Some(*side),
            Given::Conflict(None) => one.ours.or(one.theirs),
            _ => None,
        };
        let submodule = |side: Option<Side>| side.filter(|side| side.is_submodule()).map(|side| side.id);
        if submodule(given).or(submodule(one.landed)).is_some() && !conflict {
            return Ok(What::Submodule(submodule(given), submodule(one.landed)));
        }
        if let (Some(given), Some(landed)) = (given, one.landed)
            && given.id == landed.id
            && !conflict
        {
            return Ok(What::Mode(given.mode, landed.mode));
        }
        let before = match &one.given {
            Given::Merged(_, content) | Given::Conflict(Some(content)) => Content::Whole(content.clone()),
            _ => self.content(given)?,
        };
        let after = self.content(one.landed)?;
        let (Some(old), Some(new)) = (before.text(), after.text()) else {
            return Ok(What::Content { before: before.size(), after: after.size(), settled: conflict });
        };
        let mut runs = text::runs(old, new, &Conflicts::of(old));
        if runs.is_empty() {
            return Ok(What::Content { before: before.size(), after: after.size(), settled: conflict });
        }
        if conflict {
            self.settle(one, old, new, &mut runs)?;
        }
        let mode = match &one.given {
            Given::Merged(mode, _) => Some(*mode),
            Given::File(side) => Some(side.mode),
            _ => None,
        };
        let mode = mode.zip(one.landed.map(|side| side.mode)).filter(|(given, landed)| given != landed);
        Ok(What::Lines(self.lines(one, (old, new), (runs, mode), shown)))
    }

    /// In a file that conflicts, what only moves lines of either side is a part of settling it, and so is taking one side.
    fn settle(&self, one: &Unexplained, before: &[u8], after: &[u8], runs: &mut [Run]) -> Result<(), Missing> {
        let whole = one.landed.is_none() || one.landed == one.ours || one.landed == one.theirs;
        if whole || matches!(one.given, Given::Conflict(None)) {
            runs.iter_mut().for_each(|run| run.conflict = true);
            return Ok(());
        }
        let lines = |content: &[u8]| -> BTreeSet<Vec<u8>> {
            content.split(|&byte| byte == b'\n').map(|line| line.trim_ascii().to_vec()).collect()
        };
        let mut known = lines(before);
        for side in [one.ours, one.theirs] {
            known.extend(self.content(side)?.text().map(&lines).unwrap_or_default());
        }
        let after: Vec<&[u8]> = after.split(|&byte| byte == b'\n').collect();
        for run in runs.iter_mut().filter(|run| run.added > 0) {
            let added = after.iter().skip(run.new - 1).take(run.added);
            run.conflict |= added.into_iter().all(|line| known.contains(line.trim_ascii()));
        }
        Ok(())
    }

    fn lines(
        &self,
        one: &Unexplained,
        (before, after): (&[u8], &[u8]),
        (runs, mode): (Vec<Run>, Option<(u32, u32)>),
        shown: bool,
    ) -> Lines {
        let mut lines = Lines { mode, ..Lines::default() };
        for run in &runs {
            let sum = if run.conflict { &mut lines.settled } else { &mut lines.beyond };
            *sum = (sum.0 + run.added, sum.1 + run.removed);
        }
        if shown {
            let (path, commit) = (&one.path, self.commit);
            let source = |name: String, title: String, content: &[u8]| {
                SourceText::titled(name, title, decode_keeping_offsets(content))
            };
            let landed = source(format!("{commit}:{path}"), format!("{path} at {}", commit.short()), after);
            let given = source(format!("before {commit}:{path}"), format!("{path} before {}", commit.short()), before);
            lines.shown = Some(Shown { landed, given, runs });
        }
        lines
    }

    fn content(&self, side: Option<Side>) -> Result<Content, Missing> {
        let Some(Side { id, .. }) = side.filter(|side| !side.is_submodule()) else {
            return Ok(if side.is_some() { Content::Large(0) } else { Content::None });
        };
        let size = self.repo.size(id).map_err(|why| (id, why))?;
        if size > text::MAX_TEXT {
            return Ok(Content::Large(size));
        }
        self.repo.read(id, ObjectKind::Blob, |bytes| Content::Whole(bytes.to_vec())).map_err(|why| (id, why))
    }
}

/// What a file holds.
enum Content {
    /// There is no file.
    None,
    /// All of it.
    Whole(Vec<u8>),
    /// So many bytes, too many to be compared; none of a submodule.
    Large(usize),
}

impl Content {
    /// Its lines, where it has any; a file that is not there has none.
    fn text(&self) -> Option<&[u8]> {
        match self {
            Self::None => Some(&[]),
            Self::Whole(content) => text::is_text(content).then_some(content),
            Self::Large(_) => None,
        }
    }

    fn size(&self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Whole(content) => Some(content.len()),
            Self::Large(size) => Some(*size),
        }
    }
}
