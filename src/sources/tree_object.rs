//! Tree objects, entry by entry, from their raw bytes.

use super::oid::Oid;

/// One entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// File mode as Git writes it, such as `0o100644`.
    pub mode: u32,
    /// Name of the entry: bytes, never a path to be opened.
    pub name: Vec<u8>,
    /// Object that it names.
    pub id: Oid,
}

impl Entry {
    /// Whether the entry is a folder.
    #[must_use]
    pub fn is_tree(&self) -> bool {
        is_tree(self.mode)
    }
}

/// One entry, borrowed from the tree's bytes.
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'a> {
    /// File mode.
    pub mode: u32,
    /// Name of the entry.
    pub name: &'a [u8],
    /// Object that it names.
    pub id: Oid,
}

impl EntryRef<'_> {
    /// Whether the entry is a folder.
    #[must_use]
    pub fn is_tree(&self) -> bool {
        is_tree(self.mode)
    }

    /// The entry with a name of its own.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        Entry { mode: self.mode, name: self.name.to_vec(), id: self.id }
    }
}

const fn is_tree(mode: u32) -> bool {
    mode & 0o170_000 == 0o040_000
}

/// The entries of a raw tree, in their order. Ends at the first entry that is not well formed; libgit2 has verified
/// the object's hash before.
pub fn entries(mut bytes: &[u8]) -> impl Iterator<Item = EntryRef<'_>> {
    std::iter::from_fn(move || {
        let blank = bytes.iter().position(|&byte| byte == b' ')?;
        let mode = bytes[..blank].iter().try_fold(0_u32, |mode, &byte| {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 8)?;
            mode.checked_mul(8)?.checked_add(u32::from(digit))
        })?;
        let rest = &bytes[blank + 1..];
        let end = rest.iter().position(|&byte| byte == 0)?;
        let id = rest.get(end + 1..end + 21)?;
        bytes = &rest[end + 21..];
        Some(EntryRef { mode, name: &rest[..end], id: Oid(id.try_into().ok()?) })
    })
}
