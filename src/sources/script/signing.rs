//! Signs the commits of a script. The keys are those of tests and examples, and protect nothing.

use git2::{ObjectType, Oid as GitOid, Repository};
use pgp::composed::{ArmorOptions, Deserializable, DetachedSignature, SignedSecretKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{KeyDetails, Password, Timestamp};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::step::{Lookup, git, wrong};
use super::{Instant, Signature, SignedBy};
use crate::error::Result;
use crate::sources::signatures::{APPROVAL, GIT};

/// Makes a commit once more with a signature, and tells its new name.
///
/// # Errors
/// There is no such file beside the script, or it holds no key that can sign.
pub(super) fn sign(
    repo: &Repository,
    id: GitOid,
    signature: &Signature,
    at: Instant,
    lookup: &Lookup<'_>,
) -> Result<GitOid> {
    let path = match signature {
        Signature::By(by) => &by.key,
        Signature::From(file) => &file.from,
    };
    let file = lookup(path).ok_or_else(|| wrong(format!("there is no file `{path}` beside the script")))?;
    let odb = repo.odb().map_err(|error| git(&error))?;
    let commit = odb.read(id).map_err(|error| git(&error))?.data().to_vec();
    let text = String::from_utf8(file).map_err(|_| wrong(format!("`{path}` is no text")))?;
    let armored = match signature {
        Signature::From(_) => text,
        Signature::By(_) => {
            let made = if text.contains("BEGIN PGP") { openpgp(&text, &commit, at) } else { ssh(&text, &commit, GIT) };
            made.ok_or_else(|| wrong(format!("`{path}` is no private key that can sign")))?
        }
    };
    odb.write(ObjectType::Commit, &signed(&commit, &armored)).map_err(|error| git(&error))
}

/// A line of JSON with a signature over it as its last member.
///
/// # Errors
/// There is no such file beside the script, or it holds no SSH key that can sign.
pub(super) fn line(text: &str, by: &SignedBy, lookup: &Lookup<'_>) -> Result<String> {
    let path = &by.key;
    let file = lookup(path).ok_or_else(|| wrong(format!("there is no file `{path}` beside the script")))?;
    let key = String::from_utf8(file).ok();
    let made = key.and_then(|key| ssh(&key, text.as_bytes(), APPROVAL));
    let armored = made.ok_or_else(|| wrong(format!("`{path}` is no private SSH key that can sign")))?;
    let members = text.strip_suffix('}').ok_or_else(|| wrong("a line that is signed ends with `}`"))?;
    Ok(format!("{members},\"signature\":{}}}", serde_json::Value::String(armored)))
}

fn ssh(key: &str, payload: &[u8], namespace: &str) -> Option<String> {
    let signature = PrivateKey::from_openssh(key).ok()?.sign(namespace, HashAlg::Sha512, payload).ok()?;
    signature.to_pem(LineEnding::LF).ok()
}

fn openpgp(key: &str, payload: &[u8], at: Instant) -> Option<String> {
    let (key, _) = SignedSecretKey::from_string(key).ok()?;
    let made = Timestamp::from_secs(u32::try_from(at.seconds).ok()?);
    let mut config = SignatureConfig::v4(SignatureType::Binary, key.primary_key.algorithm(), HashAlgorithm::Sha512);
    let said = [SubpacketData::SignatureCreationTime(made), SubpacketData::IssuerFingerprint(key.fingerprint())];
    config.hashed_subpackets = said.into_iter().map(Subpacket::regular).collect::<std::result::Result<_, _>>().ok()?;
    let signature = config.sign(&key.primary_key, &Password::empty(), payload).ok()?;
    DetachedSignature::new(signature).to_armored_string(ArmorOptions::default()).ok()
}

/// A raw commit with a signature behind its other headers, of which each further line has a blank in front.
fn signed(commit: &[u8], armored: &str) -> Vec<u8> {
    let end = commit.windows(2).position(|pair| pair == b"\n\n").map_or(commit.len(), |at| at + 1);
    let header = format!("gpgsig {}\n", armored.trim_end().replace('\n', "\n "));
    [&commit[..end], header.as_bytes(), &commit[end..]].concat()
}
