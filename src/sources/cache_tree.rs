//! The folders of an index of which Git knows the tree: where that is the tree of the commit, nothing below can differ.
//!
//! Git writes them behind the entries, as the extension `TREE` (gitformat-index); libgit2 reads it and shows it to nobody.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::oid::Oid;

/// Bytes of an entry before its name: what is known of the file, its name as an object, and flags.
const FIXED: usize = 62;
/// The flag of an entry that has two bytes of flags more.
const EXTENDED: u16 = 0x4000;
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 20;

/// The trees of folders, by their paths with a slash behind them; that of the top has no name.
pub(super) type Trees = FxHashMap<Vec<u8>, Oid>;

/// The trees that an index knows; none where it cannot be read so far, which makes nothing wrong, only slower.
pub(super) fn read(index: &Path) -> Trees {
    let mut trees = Trees::default();
    if let Some(extension) = std::fs::read(index).ok().as_deref().and_then(extension) {
        let mut rest = extension;
        // A part that is not well formed is left out, with all that is behind it.
        let _ = folder(&mut rest, &[], &mut trees);
    }
    trees
}

/// What the extension holds.
fn extension(bytes: &[u8]) -> Option<&[u8]> {
    let version = word(bytes, 4)?;
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let mut at = 12;
    for _ in 0..word(bytes, 8)? {
        let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
        let mut name = at + FIXED + if version > 2 && flags & EXTENDED != 0 { 2 } else { 0 };
        if version == 4 {
            // How much of the name before is kept: seven bits a byte, the last without the eighth.
            name += bytes.get(name..)?.iter().position(|byte| byte & 0x80 == 0)? + 1;
        }
        let end = name + bytes.get(name..)?.iter().position(|byte| *byte == 0)?;
        at = if version == 4 { end + 1 } else { at + (end - at + 8) / 8 * 8 };
    }
    while at + 8 + CHECKSUM <= bytes.len() {
        let size = word(bytes, at + 4)? as usize;
        let content = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        if bytes.get(at..at + 4)? == b"TREE" {
            return Some(content);
        }
        at += 8 + size;
    }
    None
}

/// Reads a folder and those in it: its name, how many entries are below, how many folders are in it, and its tree.
fn folder(rest: &mut &[u8], before: &[u8], trees: &mut Trees) -> Option<()> {
    let name = until(rest, 0)?;
    let path = if name.is_empty() { before.to_vec() } else { [before, name, b"/"].concat() };
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<i64>().ok();
    let (below, folders) = (number(until(rest, b' ')?)?, number(until(rest, b'\n')?)?);
    // Of a folder in which something was staged since, the tree is not known.
    if below >= 0 {
        let (id, behind) = rest.split_first_chunk()?;
        *rest = behind;
        trees.insert(path.clone(), Oid(*id));
    }
    if path.len() > 4096 {
        return None;
    }
    (0..folders).try_for_each(|_| folder(rest, &path, trees))
}

fn until<'b>(rest: &mut &'b [u8], end: u8) -> Option<&'b [u8]> {
    let at = rest.iter().position(|byte| *byte == end)?;
    let (part, behind) = rest.split_at(at);
    *rest = behind.get(1..)?;
    Some(part)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
