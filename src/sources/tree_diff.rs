//! Files that differ between two trees, by names and object ids alone.

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::{Entry, entries};

/// Folders nested deeper than this are none that Git could check out.
pub(super) const MAX_DEPTH: usize = 256;

/// The old and the new tree of a folder, where it is a folder there.
pub type Pair = (Option<Oid>, Option<Oid>);

/// A file that differs between two trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path. Bytes that are not UTF-8 are replaced: it is for matching and showing, never for opening.
    pub path: String,
    /// Its content in the old tree, if it is a file there.
    pub before: Option<Oid>,
    /// Its content in the new tree, if it is a file there.
    pub after: Option<Oid>,
}

/// Paths of the files that differ between two trees; every file of `new` where there is no `old`.
///
/// # Errors
/// As for [`differences`].
pub fn touched(repo: &Repo, old: Option<Oid>, new: Oid) -> Result<Vec<String>, (Oid, Unreadable)> {
    Ok(differences(repo, old, new, &|_, _| true)?.into_iter().map(|file| file.path).collect())
}

/// The files that differ between two trees; every file of `new` where there is no `old`. A folder that `enter` refuses
/// is not looked into; it is told the path, with a slash behind it, and the old and the new tree of the folder.
///
/// # Errors
/// A tree cannot be read, or holds a name twice, of which readers take different ones.
pub fn differences(
    repo: &Repo,
    old: Option<Oid>,
    new: Oid,
    enter: &dyn Fn(&str, Pair) -> bool,
) -> Result<Vec<Difference>, (Oid, Unreadable)> {
    let mut comparison = Comparison { repo, enter, found: Vec::new() };
    comparison.compare(old, Some(new), "", 0)?;
    Ok(comparison.found)
}

struct Comparison<'a> {
    repo: &'a Repo,
    enter: &'a dyn Fn(&str, Pair) -> bool,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn compare(
        &mut self,
        old: Option<Oid>,
        new: Option<Oid>,
        prefix: &str,
        depth: usize,
    ) -> Result<(), (Oid, Unreadable)> {
        if old == new {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            return Err((new.or(old).unwrap_or_default(), Unreadable::Damaged("folders nest too deep".to_owned())));
        }
        let (before, after) = (self.list(old)?, self.list(new)?);
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        while let Some(name) = [before.peek(), after.peek()].into_iter().flatten().map(|entry| &entry.name).min() {
            let was = before.next_if(|entry| entry.name == *name);
            let is = after.next_if(|entry| entry.name == *name);
            if was.map(same) == is.map(same) {
                continue;
            }
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            let file = |entry: Option<&Entry>| entry.filter(|entry| !entry.is_tree()).map(|entry| entry.id);
            let tree = |entry: Option<&Entry>| entry.filter(|entry| entry.is_tree()).map(|entry| entry.id);
            if tree(was).is_some() || tree(is).is_some() {
                let folder = format!("{path}/");
                if (self.enter)(&folder, (tree(was), tree(is))) {
                    self.compare(tree(was), tree(is), &folder, depth + 1)?;
                }
            }
            if file(was).is_some() || file(is).is_some() {
                self.found.push(Difference { path, before: file(was), after: file(is) });
            }
        }
        Ok(())
    }

    /// The entries of a tree by name.
    fn list(&self, tree: Option<Oid>) -> Result<Vec<Entry>, (Oid, Unreadable)> {
        let Some(tree) = tree else { return Ok(Vec::new()) };
        let read = |bytes: &[u8]| entries(bytes).map(|entry| entry.to_entry()).collect();
        let mut listed: Vec<Entry> = self.repo.read(tree, ObjectKind::Tree, read).map_err(|why| (tree, why))?;
        // Git orders a folder as if a slash stood behind its name.
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        if listed.windows(2).any(|pair| pair[0].name == pair[1].name) {
            return Err((tree, Unreadable::Damaged("it holds a name twice".to_owned())));
        }
        Ok(listed)
    }
}

/// What makes an entry the same. Old commits write a plain file's mode with the group's write bit.
fn same(entry: &Entry) -> (Oid, u32) {
    (entry.id, if entry.mode == 0o100_664 { 0o100_644 } else { entry.mode })
}
