//! Detached OpenPGP signatures, as `gpg` makes them and Git stores them.

use pgp::crypto::hash::HashAlgorithm;
use pgp::errors::Error;
use pgp::packet::{Packet, PacketParser, Signature, SignatureType, SubpacketData};

use super::keyring::{Holder, Keyring, Part, Revoked, readable, seconds};
use super::{Refusal, Signer, armor, ssh};

/// Digests that nobody is known to forge.
const DIGESTS: [HashAlgorithm; 6] = [
    HashAlgorithm::Sha224,
    HashAlgorithm::Sha256,
    HashAlgorithm::Sha384,
    HashAlgorithm::Sha512,
    HashAlgorithm::Sha3_256,
    HashAlgorithm::Sha3_512,
];

/// Who made a signature over a payload. What is asked of the key is asked as of the time at which the signature says it
/// was made; `at` is when it was used.
pub(super) fn verify(keyring: &Keyring, payload: &[u8], armored: &[u8], at: i64) -> Result<Signer, Refusal> {
    let signature = parse(armored)?;
    let of = |holder: &'_ Holder| holder.parts.iter().position(|part| part.key.is_named_by(&signature));
    let found = keyring.holders.iter().find_map(|holder| Some((holder, holder.parts.get(of(holder)?)?)));
    let Some((holder, part)) = found else {
        return Err(match &keyring.fault {
            Some(fault) => Refusal::untold(fault.clone()),
            None => Refusal::Unknown(format!("the keyring does not have the key {}", named(&signature)), None),
        });
    };
    match part.key.verify(&signature, payload) {
        Ok(()) => {}
        Err(Error::Unsupported { message, .. }) => {
            return Err(Refusal::untold(format!("it is of a kind that is not verified here: {message}")));
        }
        Err(_) => return Err(Refusal::Broken(ssh::DIFFERENT.to_owned())),
    }
    let key = part.key.fingerprint();
    let signer = Signer { names: holder.names.clone(), patterns: Vec::new(), key, place: None };
    if let Some(doubt) = holder.doubt {
        return Err(Refusal::untold(doubt));
    }
    usable(part, &signature, at, signer)
}

/// That a key could sign when it did.
fn usable(part: &Part, signature: &Signature, at: i64, signer: Signer) -> Result<Signer, Refusal> {
    let made = seconds(signature);
    let late = |what: String| Err(Refusal::OutOfTime(Box::new(signer.clone()), what));
    match part.revoked {
        Some(Revoked::Always) => return Err(Refusal::Revoked(Box::new(signer), None)),
        Some(Revoked::Since(since)) if made >= since => return Err(Refusal::Revoked(Box::new(signer), None)),
        _ => {}
    }
    if !part.may_sign {
        return Err(Refusal::Unknown(format!("the key {} is there, but it may not sign", signer.key), None));
    }
    if made < part.made {
        return late(format!("the key was made at {} only", readable(part.made)));
    }
    if let Some(until) = part.until.filter(|until| made >= *until) {
        return late(format!("the key was valid until {} only", readable(until)));
    }
    let expires = signature.signature_expiration_time().map_or(0, |after| i64::from(after.as_secs()));
    if expires > 0 && at >= made + expires {
        return late(format!("the signature itself was valid until {} only", readable(made + expires)));
    }
    Ok(signer)
}

fn parse(armored: &[u8]) -> Result<Signature, Refusal> {
    let damaged = |what: &str| Refusal::Broken(format!("the signature is damaged: {what}"));
    let mut blocks = armor::blocks(armored, "PGP SIGNATURE").into_iter();
    let (Some(Some(bytes)), None) = (blocks.next(), blocks.next()) else {
        return Err(damaged("it is not one block of base64"));
    };
    let mut packets = PacketParser::new(&bytes[..]);
    let signature = match (packets.next(), packets.next()) {
        (Some(Ok(Packet::Signature(signature))), None) => signature,
        (Some(Ok(Packet::Signature(_))), Some(_)) => return Err(damaged("there is more behind the first signature")),
        _ => return Err(damaged("it holds no signature that can be read")),
    };
    if signature.created().is_none() || signature.config().is_none() {
        return Err(Refusal::untold("it does not say when it was made, or is of a version that is not read"));
    }
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Err(Refusal::Broken("it is no signature over a document".to_owned()));
    }
    match signature.hash_alg() {
        Some(digest) if DIGESTS.contains(&digest) => {}
        Some(digest) => return Err(Refusal::Broken(format!("it is made with {digest}, which can be forged"))),
        None => return Err(Refusal::untold("its digest is not known")),
    }
    let demands = signature.config().into_iter().flat_map(|config| config.hashed_subpackets());
    let unknown = demands.filter(|one| one.is_critical).any(|one| {
        matches!(one.data, SubpacketData::Notation(_) | SubpacketData::Other(..) | SubpacketData::Experimental(..))
    });
    if unknown { Err(Refusal::untold("it demands something that is not known here")) } else { Ok(signature) }
}

/// The key that a signature names.
fn named(signature: &Signature) -> String {
    let print = signature.issuer_fingerprint().first().map(|print| format!("{print:X}"));
    let id =
        || signature.issuer_key_id().first().map(|id| id.as_ref().iter().map(|byte| format!("{byte:02X}")).collect());
    print.or_else(id).unwrap_or_else(|| "that made it, and which it does not name".to_owned())
}
