//! Packs, read for the one case that a long history consists of: a commit that stands whole in a pack.
//!
//! For every object libgit2 takes a lock that all threads share and prepares its inflater anew, which on a long history
//! costs more than everything else together. What is read here is held against its name like everything else, so
//! nothing wrong can come of it. Whatever is not this one case is left to libgit2: deltas, other index formats, a pack
//! that is damaged.

use std::cmp::Ordering;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicUsize};

use libdeflater::{DecompressionError, Decompressor};

use super::oid::Oid;

/// Commits that Git writes lie near those that are read next, so more than one object is read at once.
const BLOCK: usize = 32 << 10;

/// Commits beyond this size are left to libgit2.
const MAX_COMMIT: usize = 1 << 20;

/// Indexes are kept in memory; what lies beyond this is left to libgit2, which maps them.
const MAX_INDEXES: u64 = 512 << 20;

/// Commits that are left to libgit2 before the packs are opened.
const FEW: usize = 16;

/// Kind of an entry that is a whole commit, in the three bits of its first byte.
const COMMIT: u8 = 1;

/// All packs of a repository and of its alternates.
#[derive(Debug, Default)]
pub(crate) struct Packs {
    folders: Vec<PathBuf>,
    opened: OnceLock<Vec<Pack>>,
    asked: AtomicUsize,
}

/// What one thread needs for reading packs, kept from one object to the next.
pub(crate) struct Inflater {
    zlib: Decompressor,
    block: Block,
    object: Vec<u8>,
}

#[derive(Debug)]
struct Pack {
    data: File,
    index: Index,
}

/// An index of version 2: names in order, and the offset of each in the pack.
#[derive(Debug)]
struct Index {
    bytes: Vec<u8>,
    count: usize,
}

/// Bytes of one pack, from one offset on.
#[derive(Default)]
struct Block {
    pack: usize,
    start: u64,
    bytes: Vec<u8>,
}

impl Packs {
    /// The packs of some object folders. They are opened once more than a few commits are asked for: their indexes are long.
    pub(crate) fn of(folders: Vec<PathBuf>) -> Self {
        Self { folders, opened: OnceLock::new(), asked: AtomicUsize::new(0) }
    }

    /// The bytes of a commit, if it stands whole in one of the packs and has the name that it is asked for by.
    pub(crate) fn commit<'i>(
        &self,
        id: Oid,
        inflater: &'i mut Inflater,
        has_its_name: impl Fn(&[u8]) -> bool,
    ) -> Option<&'i [u8]> {
        if self.opened.get().is_none() && self.asked.fetch_add(1, atomic::Ordering::Relaxed) < FEW {
            return None;
        }
        let each = self.opened.get_or_init(|| open(&self.folders));
        // Commits that follow each other mostly stand in the same pack.
        let first = inflater.block.pack.min(each.len().checked_sub(1)?);
        let others = (0..each.len()).filter(|at| *at != first);
        let (pack, offset) =
            std::iter::once(first).chain(others).find_map(|at| Some((at, each[at].index.offset(id)?)))?;
        let size = inflater.inflate(&each[pack].data, pack, offset)?;
        let object = inflater.object.get(..size)?;
        has_its_name(object).then_some(object)
    }
}

/// Opens the packs of some object folders. What cannot be opened is left to libgit2, which says why.
fn open(folders: &[PathBuf]) -> Vec<Pack> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder.join("pack")) else { continue };
        paths.extend(entries.flatten().map(|entry| entry.path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
    let mut room = MAX_INDEXES;
    let mut each = Vec::new();
    for path in paths {
        let Ok(size) = fs::metadata(&path).map(|data| data.len()) else { continue };
        if size <= room
            && let Some(pack) = Pack::open(&path)
        {
            room -= size;
            each.push(pack);
        }
    }
    each
}

impl Pack {
    fn open(index: &Path) -> Option<Self> {
        Some(Self { data: File::open(index.with_extension("pack")).ok()?, index: Index::new(fs::read(index).ok()?)? })
    }
}

impl Index {
    const MAGIC: &[u8] = b"\xfftOc\0\0\0\x02";
    const NAMES: usize = 8 + 256 * 4;

    fn new(bytes: Vec<u8>) -> Option<Self> {
        let index = Self { count: 0, bytes };
        let count = index.word(8 + 255 * 4)? as usize;
        // Names, checksums and offsets, and behind them the checksums of the pack and of the index itself.
        let whole = index.bytes.len() >= Self::NAMES + count.checked_mul(20 + 4 + 4)? + 40;
        (index.bytes.starts_with(Self::MAGIC) && whole).then_some(Self { count, ..index })
    }

    fn word(&self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?))
    }

    fn offset(&self, id: Oid) -> Option<u64> {
        let names = self.bytes.get(Self::NAMES..Self::NAMES + self.count * 20)?;
        let name = |at: usize| names[at * 20..].first_chunk().map_or(Oid::ZERO, |name| Oid(*name));
        let fan = |byte: u8| self.word(8 + usize::from(byte) * 4).map(|word| word as usize);
        let mut low = id.0[0].checked_sub(1).map_or(Some(0), fan)?;
        let mut high = fan(id.0[0])?.min(self.count);
        // Names are spread evenly, so what follows the first byte says nearly where to look. From there the search
        // takes steps that grow until they pass the name, and then halves what is left.
        let share = u128::from(id.leading() << 8);
        let mut middle = low + ((high.saturating_sub(low) as u128 * share) >> 64) as usize;
        let mut step = 16;
        while low < high {
            let (up, down) = match name(middle).cmp(&id) {
                Ordering::Less => (middle + 1 + step, 0),
                Ordering::Greater => (0, middle.saturating_sub(step)),
                Ordering::Equal => return self.offset_of(middle),
            };
            if up > 0 {
                low = middle + 1
            } else {
                high = middle
            }
            middle = if (low..high).contains(&up) {
                up
            } else if (low + 1..high).contains(&down) {
                down
            } else {
                low + high.saturating_sub(low) / 2
            };
            step *= 4;
        }
        None
    }

    fn offset_of(&self, entry: usize) -> Option<u64> {
        let offsets = Self::NAMES + self.count * (20 + 4);
        let offset = self.word(offsets + entry * 4)?;
        // In a pack of more than 2 GiB, the first bit sends the reader to a table of longer offsets.
        let Some(long) = offset.checked_sub(1 << 31) else { return Some(u64::from(offset)) };
        let at = offsets + self.count * 4 + long as usize * 8;
        Some(u64::from(self.word(at)?) << 32 | u64::from(self.word(at + 4)?))
    }
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self { zlib: Decompressor::new(), block: Block::default(), object: Vec::new() }
    }

    /// Inflates the commit at an offset of a pack into `object`; its size.
    fn inflate(&mut self, data: &File, pack: usize, offset: u64) -> Option<usize> {
        let mut wanted = BLOCK;
        loop {
            let (bytes, ends) = self.block.at(data, pack, offset, wanted)?;
            let (size, header) = commit_header(bytes)?;
            if self.object.len() < size {
                self.object.resize(size, 0);
            }
            match self.zlib.zlib_decompress(&bytes[header..], &mut self.object[..size]) {
                Ok(inflated) => return (inflated == size).then_some(size),
                // What was in the block may have been too little; the next one starts at the object and is larger.
                Err(DecompressionError::BadData) if !ends && wanted <= 2 * MAX_COMMIT => {
                    self.block.forget();
                    wanted *= 2;
                }
                Err(_) => return None,
            }
        }
    }
}

impl Block {
    fn forget(&mut self) {
        self.bytes.clear();
    }

    /// What follows an offset, and whether the pack ends with it.
    fn at(&mut self, data: &File, pack: usize, offset: u64, wanted: usize) -> Option<(&[u8], bool)> {
        /// So much of an object is nearly always all of it.
        const USUAL: u64 = 2 << 10;
        let end = self.start + self.bytes.len() as u64;
        if self.pack != pack || offset < self.start || offset + USUAL > end {
            self.bytes.resize(wanted, 0);
            let read = read_at(data, &mut self.bytes, offset).ok()?;
            self.bytes.truncate(read);
            (self.pack, self.start) = (pack, offset);
        }
        let from = usize::try_from(offset - self.start).ok()?;
        Some((self.bytes.get(from..)?, self.bytes.len() < wanted))
    }
}

/// Size of a whole commit and length of the header that gives it; `None` for every other kind of entry.
fn commit_header(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    if (first >> 4) & 7 != COMMIT {
        return None;
    }
    let (mut size, mut shift, mut at, mut byte) = (usize::from(first & 15), 4, 1, first);
    while byte & 128 != 0 {
        byte = *bytes.get(at)?;
        size |= usize::from(byte & 127).checked_shl(shift)?;
        (shift, at) = (shift + 7, at + 1);
        if size > MAX_COMMIT {
            return None;
        }
    }
    Some((size, at))
}

/// Reads as much as there is, up to the length of the buffer.
#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    use std::os::unix::fs::FileExt;
    file.read_at(buffer, offset)
}

/// Reads as much as there is, up to the length of the buffer.
#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    use std::os::windows::fs::FileExt;
    file.seek_read(buffer, offset)
}
