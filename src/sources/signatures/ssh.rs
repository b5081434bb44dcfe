//! SSH signatures (SSHSIG), as `ssh-keygen -Y sign` makes them and `git` stores them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, PublicKey, SshSig};

use super::allowed::{AllowedSigners, fingerprint};
use super::revoked::RevokedKeys;
use super::{Refusal, Signer, armor};
use crate::text::short;

/// What stands before the version of a signature.
const MAGIC: &[u8] = b"SSHSIG";

/// RSA keys are verified from this size on, and up to the next one, in bits.
const RSA: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Who made a signature over a payload. Like `ssh-keygen`, it is verified first, then looked for among the revoked keys,
/// then among the allowed ones.
pub(super) fn verify(
    allowed: &AllowedSigners,
    revoked: Option<&RevokedKeys>,
    (payload, armored): (&[u8], &[u8]),
    namespace: &str,
    at: i64,
) -> Result<Signer, Refusal> {
    let signature = parse(armored)?;
    if signature.namespace() != namespace {
        let other = short(signature.namespace());
        return Err(Refusal::Broken(format!("it is made for the namespace {other}, and not for {namespace}")));
    }
    let key = signature.public_key();
    is_verified_here(key)?;
    let holder = PublicKey::new(key.clone(), "");
    holder.verify(namespace, payload, &signature).map_err(|_| Refusal::Broken(DIFFERENT.to_owned()))?;
    trusted(allowed, revoked, key, namespace, at)
}

/// What is said of a signature that does not fit its content.
pub(super) const DIFFERENT: &str = "what it signs is something else, or the signature was altered";

/// Whose a key is that made a signature which verifies, if it is not revoked.
pub(super) fn trusted(
    allowed: &AllowedSigners,
    revoked: Option<&RevokedKeys>,
    key: &KeyData,
    namespace: &str,
    at: i64,
) -> Result<Signer, Refusal> {
    let known = allowed.signer(key, namespace, at);
    match revoked.map_or(Ok(None), |list| list.find(key))? {
        None => known,
        Some(place) => {
            let nobody = Signer { names: Vec::new(), patterns: Vec::new(), key: fingerprint(key), place: None };
            let signer = match known {
                Ok(signer) => signer,
                Err(Refusal::OutOfTime(signer, _)) => *signer,
                Err(_) => nobody,
            };
            Err(Refusal::Revoked(Box::new(signer), Some(place)))
        }
    }
}

/// That a key is of a kind and a size that are verified here.
pub(super) fn is_verified_here(key: &KeyData) -> Result<(), Refusal> {
    let untold = |what: String| Err(Refusal::untold(what));
    match (key, key.algorithm()) {
        (KeyData::Rsa(rsa), _) => {
            let bits = rsa.n.as_positive_bytes().map_or(0, |bytes| bytes.len() * 8);
            if RSA.contains(&bits) {
                return Ok(());
            }
            untold(format!("it is made with an RSA key of {bits} bits; {} to {} are verified", RSA.start(), RSA.end()))
        }
        (_, Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256) => {
            Ok(())
        }
        (_, other) => untold(format!("keys of the kind {} are not verified here", short(other.as_str()))),
    }
}

fn parse(armored: &[u8]) -> Result<SshSig, Refusal> {
    let damaged = |what: &str| Refusal::Broken(format!("the signature is damaged: {what}"));
    let mut blocks = armor::blocks(armored, "SSH SIGNATURE").into_iter();
    let (Some(Some(bytes)), None) = (blocks.next(), blocks.next()) else {
        return Err(damaged("it is not one block of base64"));
    };
    if kind(&bytes).is_some_and(|kind| kind.contains("-cert-v01@")) {
        let what = "it is made with a certificate, and certificates (cert-authority) are not followed here";
        return Err(Refusal::untold(what));
    }
    // The decoder takes the armored form alone, with lines of one length; writers differ on it.
    let base64 = STANDARD.encode(&bytes).into_bytes();
    let lines: Vec<&str> = base64.chunks(70).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let whole = format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"));
    let signature = SshSig::from_pem(whole).map_err(|error| damaged(&error.to_string()))?;
    if signature.version() == SshSig::VERSION { Ok(signature) } else { Err(damaged("it is of another version")) }
}

/// The kind of the key in a signature.
fn kind(bytes: &[u8]) -> Option<&str> {
    let behind = bytes.strip_prefix(MAGIC)?.get(4..)?;
    std::str::from_utf8(text(text(behind)?)?).ok()
}

/// A text with its length before it.
fn text(bytes: &[u8]) -> Option<&[u8]> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    bytes.get(4..)?.get(..length)
}
