//! Signatures: what they were made for, whether they verify, and whose keys made them. Nothing is run and nothing is
//! fetched; whose key is whose stands in files of the repository.

mod allowed;
mod armor;
pub mod dsse;
mod keyring;
pub mod object;
mod openpgp;
mod patterns;
mod revoked;
pub mod signing;
mod ssh;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::text::{SourceText, Span};
use allowed::AllowedSigners;
use keyring::Keyring;
use revoked::RevokedKeys;

/// The namespace of Git's own signatures, over commits and tags.
pub const GIT: &str = "git";

/// The namespace of an approval that is signed by itself, such as a line of a note.
pub const APPROVAL: &str = "tickmark-approval";

/// Bytes of a signature that are read: an OpenPGP signature has about a thousand, one by a long RSA key some more.
const MAX_SIGNATURE: usize = 64 << 10;

/// Whose key made a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Everybody whom the key is given to: principals of the file of allowed signers, or user ids of an OpenPGP key.
    pub names: Vec<String>,
    /// Principals with wildcards or a negation, which name nobody in particular.
    pub patterns: Vec<String>,
    /// Fingerprint of the key, as `ssh-keygen -l` or `gpg --list-keys` shows it.
    pub key: String,
    /// The line that gives the key to them, where the file has lines.
    pub place: Option<KeyPlace>,
}

impl Signer {
    /// Whether one of the patterns takes an address or a login.
    #[must_use]
    pub fn may_be(&self, name: &str) -> bool {
        patterns::matches(&self.patterns, name)
    }
}

/// A line of a file of keys.
#[derive(Clone, Debug)]
pub struct KeyPlace {
    /// The file, as it stood.
    pub source: Arc<SourceText>,
    /// The line.
    pub span: Span,
}

impl PartialEq for KeyPlace {
    fn eq(&self, other: &Self) -> bool {
        self.source.name() == other.source.name() && self.span == other.span
    }
}

impl Eq for KeyPlace {}

/// Why a signature says nothing of whom it is said to be by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not verify: something else was signed, or the signature is damaged. The text says which.
    Broken(String),
    /// No file gives the key to anybody, or not for this use; the text says which key, and what is wrong, and the place is
    /// the line that gives it for another use.
    Unknown(String, Option<KeyPlace>),
    /// The key was not valid when the signature was made; the text says until or from when it was.
    OutOfTime(Box<Signer>, String),
    /// The key is revoked, which the place says where it is a line.
    Revoked(Box<Signer>, Option<KeyPlace>),
    /// It cannot be told: a file of keys has a fault, whose line is the place, or the signature is of a kind that is not
    /// verified here.
    Untold(String, Option<KeyPlace>),
}

impl Refusal {
    /// That it cannot be told, for a reason that has no place.
    #[must_use]
    pub fn untold(why: impl Into<String>) -> Self {
        Self::Untold(why.into(), None)
    }
}

/// The files that say whose key is whose, in one version. Until a file is given, why there is none is said of every
/// signature that needs it.
#[derive(Debug)]
pub struct Signers {
    ssh: Result<AllowedSigners, String>,
    openpgp: Result<Keyring, String>,
    revoked: Option<RevokedKeys>,
}

impl Signers {
    /// No file yet, for reasons that end a sentence: of allowed signers, and of OpenPGP keys.
    #[must_use]
    pub const fn missing(ssh: String, openpgp: String) -> Self {
        Self { ssh: Err(ssh), openpgp: Err(openpgp), revoked: None }
    }

    /// Adds a file of allowed signers, as `ssh-keygen` reads it. Its days begin in the time zone that is given.
    #[must_use]
    pub fn with_ssh(self, source: Arc<SourceText>, zone: &TimeZone) -> Self {
        Self { ssh: Ok(AllowedSigners::parse(source, zone)), ..self }
    }

    /// Adds OpenPGP keys, armored or binary.
    #[must_use]
    pub fn with_openpgp(self, bytes: &[u8]) -> Self {
        Self { openpgp: Ok(Keyring::parse(bytes)), ..self }
    }

    /// Adds a list of SSH keys that are revoked, one on each line.
    #[must_use]
    pub fn with_revoked(self, source: Arc<SourceText>) -> Self {
        Self { revoked: Some(RevokedKeys::parse(source)), ..self }
    }

    /// Who made an armored signature over a payload, in a namespace, at an instant in seconds since 1970. OpenPGP has no
    /// namespaces, and its signatures say themselves when they were made.
    ///
    /// # Errors
    /// It does not verify, or whose key made it cannot be told or is not accepted.
    pub fn verify(&self, payload: &[u8], armored: &[u8], namespace: &str, at: i64) -> Result<Signer, Refusal> {
        if armored.len() > MAX_SIGNATURE {
            let what =
                format!("the signature has {} bytes, more than the {MAX_SIGNATURE} that are read", armored.len());
            return Err(Refusal::Broken(what));
        }
        let start = armored.trim_ascii_start();
        if start.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
            ssh::verify(self.allowed()?, self.revoked.as_ref(), (payload, armored), namespace, at)
        } else if start.starts_with(b"-----BEGIN PGP SIGNATURE-----") {
            let missing = |why: &String| Refusal::untold(format!("it is made with an OpenPGP key, and {why}"));
            let keyring = self.openpgp.as_ref().map_err(missing)?;
            openpgp::verify(keyring, payload, armored, at)
        } else if start.starts_with(b"-----BEGIN SIGNED MESSAGE-----") {
            Err(Refusal::untold("it is made with an X.509 certificate, and these are not verified here"))
        } else {
            Err(Refusal::Broken("what stands for the signature is of no known kind".to_owned()))
        }
    }

    fn allowed(&self) -> Result<&AllowedSigners, Refusal> {
        self.ssh.as_ref().map_err(|why| Refusal::untold(format!("it is made with an SSH key, and {why}")))
    }
}
