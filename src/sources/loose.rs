//! Loose objects, checked before libgit2 reads them: libgit2 1.9 never returns from a loose object whose compressed
//! stream ends too early.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::ZlibDecoder;
use rustc_hash::FxHashMap;

use super::oid::Oid;

/// Alternates may name further alternates; Git itself stops at five.
const MAX_ALTERNATES: usize = 5;

/// An object folder and, behind it, its alternates.
pub(crate) fn object_folders(objects: PathBuf) -> Vec<PathBuf> {
    let mut folders = vec![objects];
    let mut from = 0;
    for _ in 0..MAX_ALTERNATES {
        let level = from..folders.len();
        from = level.end;
        for at in level {
            let Ok(alternates) = fs::read_to_string(folders[at].join("info/alternates")) else { continue };
            let named = alternates.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let named: Vec<PathBuf> = named.map(|line| folders[at].join(line)).collect();
            folders.extend(named.into_iter().filter(|folder| !folders.contains(folder)).collect::<Vec<_>>());
        }
    }
    folders
}

/// Objects that are looked for one by one before all are listed: a run that reads few of them needs no list.
const FEW: usize = 64;

/// Which objects stand alone in a file of their own, and where.
#[derive(Debug)]
pub(crate) struct LooseObjects {
    folders: Vec<PathBuf>,
    asked: AtomicUsize,
    listed: OnceLock<FxHashMap<Oid, PathBuf>>,
}

impl LooseObjects {
    /// Those of some object folders.
    pub(crate) fn of(folders: Vec<PathBuf>) -> Self {
        Self { folders, asked: AtomicUsize::new(0), listed: OnceLock::new() }
    }

    fn path(&self, id: Oid) -> Option<Cow<'_, Path>> {
        if self.listed.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            let name = id.to_string();
            let (fan, rest) = name.split_at_checked(2)?;
            let mut paths = self.folders.iter().map(|objects| objects.join(fan).join(rest));
            return paths.find(|path| path.symlink_metadata().is_ok()).map(Cow::Owned);
        }
        let listed = self.listed.get_or_init(|| list(&self.folders));
        listed.get(&id).map(|path| Cow::Borrowed(path.as_path()))
    }

    /// Reads a loose object to its end once, and says what is wrong with its stream, if anything is.
    pub(crate) fn fault(&self, id: Oid) -> Option<String> {
        let path = self.path(id)?;
        let file = match File::open(path) {
            Ok(file) => file,
            // Packed since it was listed, or gone: libgit2 tells which.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => return Some(error.to_string()),
        };
        inflate(file).err().map(|error| error.to_string())
    }
}

fn list(folders: &[PathBuf]) -> FxHashMap<Oid, PathBuf> {
    let mut found = FxHashMap::default();
    for (objects, fan) in folders.iter().flat_map(|objects| (0..=255_u8).map(move |fan| (objects, fan))) {
        let Ok(entries) = fs::read_dir(objects.join(format!("{fan:02x}"))) else { continue };
        for entry in entries.flatten() {
            let Some(rest) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if let Some(id) = Oid::parse(format!("{fan:02x}{rest}").as_bytes()) {
                found.insert(id, entry.path());
            }
        }
    }
    found
}

/// Inflates an object and compares its size with the one that its header declares.
fn inflate(file: File) -> io::Result<()> {
    let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut stream = ZlibDecoder::new(io::BufReader::new(file));
    let mut header = Vec::with_capacity(32);
    loop {
        let mut byte = [0];
        if stream.read(&mut byte)? == 0 || header.len() > 64 {
            return Err(invalid("the object has no complete header"));
        }
        if byte[0] == 0 {
            break;
        }
        header.push(byte[0]);
    }
    let declared = std::str::from_utf8(&header).ok().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    let declared = declared.ok_or_else(|| invalid("the object's header is not one that Git writes"))?;
    let read = io::copy(&mut stream.take(declared.saturating_add(1)), &mut io::sink())?;
    if read == declared { Ok(()) } else { Err(invalid("the object is shorter or longer than its header says")) }
}
