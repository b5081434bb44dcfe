//! DSSE envelopes: a payload with its type, and any number of signatures over both, as gittuf and in-toto write them.

use serde::Deserialize;
use signature::Verifier;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, Signature};

use super::allowed::{AllowedSigners, fingerprint};
use super::{GIT, Refusal, Signer, Signers, armor, ssh};

/// Signatures of one envelope that are looked at. An approval needs some; more cost time and say nothing.
const MAX_SIGNATURES: usize = 32;

/// Keys that a signature without a key of its own is tried with.
const MAX_KEYS: usize = 500;

/// An envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// What was signed, together with its type.
    pub payload: Vec<u8>,
    signatures: Vec<Written>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Written {
    key: String,
    bytes: Vec<u8>,
    /// Whether the signature needs more than a key, such as a certificate of Sigstore.
    extended: bool,
}

#[derive(Deserialize)]
struct Json {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    #[serde(default)]
    signatures: Vec<JsonSignature>,
}

#[derive(Deserialize)]
struct JsonSignature {
    #[serde(default)]
    keyid: Option<String>,
    sig: String,
    #[serde(default)]
    extension: Option<serde::de::IgnoredAny>,
}

impl Envelope {
    /// Reads an envelope; `None` for a text that is none, or one with more signatures than are read.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(text).ok()?;
        if json.signatures.len() > MAX_SIGNATURES {
            return None;
        }
        let written = |one: JsonSignature| {
            Some(Written {
                key: one.keyid.unwrap_or_default(),
                bytes: decode(&one.sig)?,
                extended: one.extension.is_some(),
            })
        };
        let signatures = json.signatures.into_iter().map(written).collect::<Option<_>>()?;
        Some(Self { payload_type: json.payload_type, payload: decode(&json.payload)?, signatures })
    }

    /// The keys that the signatures name, in their order; empty where one names none.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|one| one.key.as_str())
    }

    /// Who made each signature, in their order. An envelope does not say when it was signed, so keys are asked about the
    /// instant that is given: SSH signatures are in the namespace of Git, as gittuf makes them.
    #[must_use]
    pub fn verify(&self, signers: &Signers, at: i64) -> Vec<Result<Signer, Refusal>> {
        let signed = self.signed();
        let verify = |one: &Written| {
            if one.extended {
                let what = "it is made through Sigstore, whose certificates are not verified here";
                Err(Refusal::untold(what))
            } else if one.bytes.starts_with(b"-----BEGIN ") {
                signers.verify(&signed, &one.bytes, GIT, at)
            } else {
                signers.verify_plain(&signed, &one.bytes, &one.key, at)
            }
        };
        self.signatures.iter().map(verify).collect()
    }

    /// The bytes that signatures are over (PAE): type and payload, each with its length.
    fn signed(&self) -> Vec<u8> {
        let (kind, payload) = (&self.payload_type, &self.payload);
        let mut signed = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
        signed.extend_from_slice(payload);
        signed
    }
}

impl Signers {
    /// Who made a bare signature, which holds neither its key nor a namespace: Ed25519, or ECDSA in DER.
    fn verify_plain(&self, signed: &[u8], bytes: &[u8], key: &str, at: i64) -> Result<Signer, Refusal> {
        let allowed = self.allowed()?;
        let Some(found) = maker(allowed, signed, bytes, key) else {
            // Nothing tells a signature that was altered from one by a key that nobody knows, unless it names its key.
            let by_name = key.starts_with("SHA256:");
            let known = allowed.keys(GIT, MAX_KEYS).any(|one| fingerprint(one) == key);
            return Err(match (by_name, known) {
                (true, true) => Refusal::Broken(ssh::DIFFERENT.to_owned()),
                (true, false) => allowed.missing(key),
                (false, _) => allowed.missing("that made it"),
            });
        };
        ssh::trusted(allowed, self.revoked.as_ref(), found, GIT, at)
    }
}

/// The key that made a bare signature.
fn maker<'s>(allowed: &'s AllowedSigners, signed: &[u8], bytes: &[u8], key: &str) -> Option<&'s KeyData> {
    let by_name = key.starts_with("SHA256:");
    allowed.keys(GIT, MAX_KEYS).filter(|one| !by_name || fingerprint(one) == key).find(|one| {
        let signature = match one {
            KeyData::Ed25519(_) => Signature::new(Algorithm::Ed25519, bytes),
            KeyData::Ecdsa(_) => match from_der(bytes) {
                Some(numbers) => Signature::new(one.algorithm(), numbers),
                None => return false,
            },
            _ => return false,
        };
        signature.is_ok_and(|signature| one.verify(signed, &signature).is_ok())
    })
}

/// The two numbers of an ECDSA signature in DER, as SSH writes them: each with its length in four bytes before it.
fn from_der(bytes: &[u8]) -> Option<Vec<u8>> {
    let (inner, rest) = element(bytes, 0x30)?;
    let (first, behind) = element(inner, 0x02)?;
    let (second, end) = element(behind, 0x02)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let mut written = Vec::with_capacity(bytes.len() + 8);
    for number in [first, second] {
        written.extend_from_slice(&u32::try_from(number.len()).ok()?.to_be_bytes());
        written.extend_from_slice(number);
    }
    Some(written)
}

/// The content of a DER element of a kind, and what stands behind it. None is longer than 255 bytes.
fn element(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (length, start) = match bytes {
        [first, 0x81, length, ..] if *first == kind => (usize::from(*length), 3),
        [first, length, ..] if *first == kind && *length < 0x80 => (usize::from(*length), 2),
        _ => return None,
    };
    let rest = bytes.get(start..)?;
    (rest.len() >= length).then(|| rest.split_at(length))
}

/// Base64 of either alphabet.
fn decode(text: &str) -> Option<Vec<u8>> {
    armor::decode(text.replace('-', "+").replace('_', "/").as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_signed_has_its_lengths_before_it() {
        let text = r#"{"payloadType":"http://example.com/HelloWorld","payload":"aGVsbG8gd29ybGQ=","signatures":[]}"#;
        let envelope = Envelope::parse(text).unwrap();
        assert_eq!(envelope.signed(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assert!(Envelope::parse(r#"{"payload":"YQ=="}"#).is_none());
    }

    #[test]
    fn numbers_of_der_are_those_of_ssh() {
        assert_eq!(from_der(&[0x30, 6, 2, 1, 5, 2, 1, 7]).unwrap(), [0, 0, 0, 1, 5, 0, 0, 0, 1, 7]);
        for broken in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 6, 2, 1, 5, 2, 1],
            &[0x30, 3, 2, 1, 5],
            &[0x30, 6, 2, 9, 5, 2, 1, 7],
        ] {
            assert_eq!(from_der(broken), None);
        }
    }
}
