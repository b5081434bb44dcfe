//! The files that say whose keys are whose, as they stood on the branch before each change.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::gap;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind, Repo};
use crate::sources::signatures::Signers;
use crate::text::{SourceText, decode_keeping_offsets};

/// File mode of a link.
const LINK: u32 = 0o120_000;

/// Where the repository says whose keys are whose. Each is read as it stood before the change that is judged, so that no
/// change brings its own key along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerFiles {
    /// Path of a file of allowed signers, as `ssh-keygen -Y verify` reads it. Days without a Z begin in `timezone`.
    #[serde(default)]
    pub ssh: Option<String>,
    /// Path of a file with OpenPGP keys, armored or binary.
    #[serde(default)]
    pub openpgp: Option<String>,
    /// Path of a list of SSH keys that are revoked, one on each line.
    #[serde(default)]
    pub revoked: Option<String>,
    /// Principals or addresses of applications whose signature on an attestation of gittuf counts for the reviewers that
    /// it names.
    #[serde(default)]
    pub applications: Vec<String>,
}

impl SignerFiles {
    /// Every path that is named, with its key.
    pub fn paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("ssh", &self.ssh), ("openpgp", &self.openpgp), ("revoked", &self.revoked)];
        all.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?)))
    }

    /// The same, where the folder that the paths are in lies below that of the repository: with a slash behind it.
    #[must_use]
    pub fn below(&self, folder: &str) -> Self {
        let below =
            |path: &Option<String>| path.as_ref().map(|path| format!("{folder}{}", path.trim_start_matches("./")));
        let (ssh, openpgp, revoked) = (below(&self.ssh), below(&self.openpgp), below(&self.revoked));
        Self { ssh, openpgp, revoked, applications: self.applications.clone() }
    }
}

/// What stood in each of the three files; `None` where it was not there.
type Blobs = [Option<Oid>; 3];

/// The versions that the files have had, each read once.
pub(super) struct Versions<'r> {
    repos: &'r Repos,
    clone: &'r Gaps,
    files: &'r SignerFiles,
    zone: &'r TimeZone,
    by_blobs: Mutex<FxHashMap<Blobs, Arc<Signers>>>,
}

impl<'r> Versions<'r> {
    /// Nothing is read before it is asked for.
    pub(super) fn new(repos: &'r Repos, clone: &'r Gaps, files: &'r SignerFiles, zone: &'r TimeZone) -> Self {
        Self { repos, clone, files, zone, by_blobs: Mutex::default() }
    }

    /// The signers in a tree; where there is no tree, no file stood in it.
    ///
    /// # Errors
    /// A file is there and cannot be read; in words.
    pub(super) fn in_tree(&self, tree: Option<Oid>) -> Result<Arc<Signers>, String> {
        let repo = self.repos.mine();
        let mut blobs: Blobs = [None; 3];
        for (blob, path) in blobs.iter_mut().zip([&self.files.ssh, &self.files.openpgp, &self.files.revoked]) {
            if let (Some(tree), Some(path)) = (tree, path) {
                *blob = self.find(&repo, tree, path)?;
            }
        }
        if let Some(known) = self.by_blobs.lock().unwrap_or_else(PoisonError::into_inner).get(&blobs) {
            return Ok(Arc::clone(known));
        }
        let signers = Arc::new(self.read(&repo, blobs)?);
        self.by_blobs.lock().unwrap_or_else(PoisonError::into_inner).insert(blobs, Arc::clone(&signers));
        Ok(signers)
    }

    fn find(&self, repo: &Repo, tree: Oid, path: &str) -> Result<Option<Oid>, String> {
        let entry = repo.entry_at(tree, path).map_err(|why| gap::object(self.clone, tree, &why, WHAT).what)?;
        match entry {
            Some(entry) if entry.is_tree() => Err(format!("{path} is a folder")),
            Some(entry) if entry.mode & 0o170_000 == LINK => {
                Err(format!("{path} is a link, and links are not followed"))
            }
            entry => Ok(entry.map(|entry| entry.id)),
        }
    }

    fn read(&self, repo: &Repo, [ssh, openpgp, revoked]: Blobs) -> Result<Signers, String> {
        let bytes = |id: Oid| {
            let read = repo.read(id, ObjectKind::Blob, <[u8]>::to_vec);
            read.map_err(|why| gap::object(self.clone, id, &why, WHAT).what)
        };
        let text = |id: Oid, path: &Option<String>| {
            let path = path.as_deref().unwrap_or_default();
            let title = format!("{path} (git show {})", id.short());
            bytes(id).map(|bytes| SourceText::titled(format!("blob {id}"), title, decode_keeping_offsets(&bytes)))
        };
        let missing = |path: &Option<String>, key: &str| match path {
            Some(path) => format!("{path} did not stand on the branch before the change"),
            None => format!("tickmark.yaml does not say under signers.{key} whose keys are whose"),
        };
        let mut signers = Signers::missing(missing(&self.files.ssh, "ssh"), missing(&self.files.openpgp, "openpgp"));
        if let Some(id) = ssh {
            signers = signers.with_ssh(text(id, &self.files.ssh)?, self.zone);
        }
        if let Some(id) = openpgp {
            signers = signers.with_openpgp(&bytes(id)?);
        }
        if let Some(id) = revoked {
            signers = signers.with_revoked(text(id, &self.files.revoked)?);
        }
        Ok(signers)
    }
}

/// What cannot be told where a file of signers cannot be read.
const WHAT: &str = "whose keys are whose cannot be told";
