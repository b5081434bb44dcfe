//! Loose objects, checked before libgit2 reads them: libgit2 1.9 never returns from a loose object whose compressed
//! stream ends too early.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;
use rustc_hash::FxHashMap;

use super::oid::Oid;

/// Alternates may name further alternates; Git itself stops at five.
const MAX_ALTERNATES: usize = 5;

/// Which objects stand alone in a file of their own, and where.
#[derive(Debug, Default)]
pub(crate) struct LooseObjects {
    paths: FxHashMap<Oid, PathBuf>,
}

impl LooseObjects {
    /// Lists the loose objects of an object folder and of its alternates.
    pub(crate) fn list(objects: &Path) -> Self {
        let mut found = Self::default();
        found.add_folder(objects, 0);
        found
    }

    fn add_folder(&mut self, objects: &Path, depth: usize) {
        for fan in 0..=255_u8 {
            let Ok(entries) = fs::read_dir(objects.join(format!("{fan:02x}"))) else { continue };
            for entry in entries.flatten() {
                let Some(rest) = entry.file_name().to_str().map(str::to_owned) else { continue };
                if let Some(id) = Oid::parse(format!("{fan:02x}{rest}").as_bytes()) {
                    self.paths.insert(id, entry.path());
                }
            }
        }
        if depth < MAX_ALTERNATES
            && let Ok(alternates) = fs::read_to_string(objects.join("info/alternates"))
        {
            for line in alternates.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                self.add_folder(&objects.join(line), depth + 1);
            }
        }
    }

    /// Reads a loose object to its end once, and says what is wrong with its stream, if anything is.
    pub(crate) fn fault(&self, id: Oid) -> Option<String> {
        let path = self.paths.get(&id)?;
        let file = match File::open(path) {
            Ok(file) => file,
            // Packed since it was listed, or gone: libgit2 tells which.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => return Some(error.to_string()),
        };
        inflate(file).err().map(|error| error.to_string())
    }
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
