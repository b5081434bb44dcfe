//! OpenPGP keys: whose they are, which of their parts may sign, from when until when, and what was revoked.

use jiff::Timestamp;
use pgp::composed::{Deserializable, SignedPublicKey, SignedPublicSubKey};
use pgp::packet::{KeyFlags, PublicKey, PublicSubkey, RevocationCode, Signature, SignatureType, SubpacketData};
use pgp::types::{KeyDetails, SignedUser, Tag};

use super::armor;

/// Bytes of a keyring: the one of all kernel developers has some megabytes.
const MAX_BYTES: usize = 8 << 20;

/// User ids, subkeys, and signatures by the key itself on each of them: more than any real key has.
const MAX_PARTS: usize = 100;

/// Keys by whom signatures may be.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    pub(super) holders: Vec<Holder>,
    /// Why some of the keys may be missing.
    pub(super) fault: Option<String>,
}

/// One key with its parts.
#[derive(Debug)]
pub(super) struct Holder {
    /// User ids that the key itself signed and did not take back.
    pub(super) names: Vec<String>,
    /// The primary key and the subkeys.
    pub(super) parts: Vec<Part>,
    /// Why it cannot be told whether the key is revoked.
    pub(super) doubt: Option<&'static str>,
}

/// A primary key or a subkey. Times are seconds since 1970.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) key: Key,
    pub(super) made: i64,
    pub(super) until: Option<i64>,
    pub(super) may_sign: bool,
    pub(super) revoked: Option<Revoked>,
}

/// A key that signatures are held against.
#[derive(Debug)]
pub(super) enum Key {
    Primary(PublicKey),
    Subkey(PublicSubkey),
}

/// From when on signatures by a key count for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revoked {
    /// None counts: somebody else may have had the key.
    Always,
    /// The key was given up at this time.
    Since(i64),
}

impl Keyring {
    /// Reads the keys of a file, armored or binary.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut ring = Self::default();
        if bytes.len() > MAX_BYTES {
            ring.fault = Some(format!("the keyring has more than {MAX_BYTES} bytes"));
            return ring;
        }
        // A packet begins with its highest bit set, which no text has.
        let blocks = match bytes.first() {
            Some(first) if first & 0x80 != 0 => vec![Some(bytes.to_vec())],
            _ => armor::blocks(bytes, "PGP PUBLIC KEY BLOCK"),
        };
        if blocks.is_empty() {
            ring.fault = Some("the keyring holds no public key".to_owned());
        }
        for block in blocks {
            match block.as_deref().map(SignedPublicKey::from_bytes_many) {
                Some(Ok(keys)) => keys.for_each(|key| ring.add(key.ok().as_ref().and_then(Holder::of))),
                _ => ring.add(None),
            }
        }
        ring
    }

    fn add(&mut self, holder: Option<Holder>) {
        match holder {
            Some(holder) => self.holders.push(holder),
            None => self.fault = Some("a key of the keyring cannot be read".to_owned()),
        }
    }
}

impl Key {
    /// Whether a signature over some bytes is by this key.
    pub(super) fn verify(&self, signature: &Signature, payload: &[u8]) -> pgp::errors::Result<()> {
        match self {
            Self::Primary(key) => signature.verify(key, payload),
            Self::Subkey(key) => signature.verify(key, payload),
        }
    }

    /// Whether a signature says that it is by this key.
    pub(super) fn is_named_by(&self, signature: &Signature) -> bool {
        let (print, id) = match self {
            Self::Primary(key) => (key.fingerprint(), key.legacy_key_id()),
            Self::Subkey(key) => (key.fingerprint(), key.legacy_key_id()),
        };
        let prints = signature.issuer_fingerprint();
        if prints.is_empty() { signature.issuer_key_id().contains(&&id) } else { prints.contains(&&print) }
    }

    /// The fingerprint, as `gpg` shows it.
    pub(super) fn fingerprint(&self) -> String {
        match self {
            Self::Primary(key) => format!("{:X}", key.fingerprint()),
            Self::Subkey(key) => format!("{:X}", key.fingerprint()),
        }
    }
}

impl Holder {
    /// What a key says of itself; `None` if it has more parts than any real one, or parts that cannot be read.
    fn of(key: &SignedPublicKey) -> Option<Self> {
        let primary = &key.primary_key;
        let too_many = |signatures: &[Signature]| own(signatures, primary).count() > MAX_PARTS;
        if key.details.users.len() > MAX_PARTS
            || key.public_subkeys.len() > MAX_PARTS
            || too_many(&key.details.direct_signatures)
            || key.details.users.iter().any(|user| too_many(&user.signatures))
            || key.public_subkeys.iter().any(|subkey| subkey.signatures.len() > MAX_PARTS)
        {
            return None;
        }
        let direct = key.details.direct_signatures.iter().filter(|one| one.typ() == Some(SignatureType::Key));
        let mut selves: Vec<&Signature> = direct.filter(|one| one.verify_key(primary).is_ok()).collect();
        let mut names = Vec::new();
        for user in &key.details.users {
            if let Some(latest) = certification(user, primary) {
                selves.push(latest);
                names.push(String::from_utf8_lossy(user.id.id()).into_owned());
            }
        }
        let newest = selves.into_iter().max_by_key(|one| seconds(one));
        let made = i64::from(primary.created_at().as_secs());
        let until = newest.and_then(|one| expiry(made, one));
        let revocations = &key.details.revocation_signatures;
        let revoked = revocations.iter().filter(|one| one.verify_key(primary).is_ok()).map(revocation).min();
        let mut parts = vec![Part {
            key: Key::Primary(primary.clone()),
            made,
            until,
            may_sign: newest.is_some_and(|one| flags(one).is_none_or(|flags| flags.sign())),
            revoked,
        }];
        let subkeys = key.public_subkeys.iter().filter_map(|subkey| Part::of(subkey, primary));
        parts.extend(subkeys.map(|part| Part {
            until: part.until.into_iter().chain(until).min(),
            revoked: part.revoked.into_iter().chain(revoked).min(),
            ..part
        }));
        let doubtful = revocations.iter().any(|one| one.verify_key(primary).is_err());
        let doubt = doubtful.then_some("the key has a revocation that cannot be verified, by another key or damaged");
        Some(Self { names, parts, doubt })
    }
}

impl Part {
    /// A subkey that the primary key has bound to itself.
    fn of(subkey: &SignedPublicSubKey, primary: &PublicKey) -> Option<Self> {
        let valid = subkey.signatures.iter().filter(|one| one.verify_subkey_binding(primary, &subkey.key).is_ok());
        let (revocations, bindings): (Vec<&Signature>, Vec<&Signature>) =
            valid.partition(|one| one.typ() == Some(SignatureType::SubkeyRevocation));
        let newest = bindings.into_iter().max_by_key(|one| seconds(one))?;
        // A subkey that signs must sign that it belongs to the primary key, or anybody could claim it.
        let agrees = newest
            .embedded_signature()
            .is_some_and(|back| back.verify_primary_key_binding(&subkey.key, primary).is_ok());
        let made = i64::from(subkey.key.created_at().as_secs());
        Some(Self {
            key: Key::Subkey(subkey.key.clone()),
            made,
            until: expiry(made, newest),
            may_sign: agrees && flags(newest).is_some_and(|flags| flags.sign()),
            revoked: revocations.into_iter().map(revocation).min(),
        })
    }
}

impl PartialOrd for Revoked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Revoked {
    /// The earlier comes first.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let since = |revoked: &Self| match revoked {
            Self::Always => i64::MIN,
            Self::Since(at) => *at,
        };
        since(self).cmp(&since(other))
    }
}

/// The newest signature by which a key says that a user id is its own; `None` if it took that back since.
fn certification<'k>(user: &'k SignedUser, primary: &PublicKey) -> Option<&'k Signature> {
    let valid = |one: &&Signature| one.verify_certification(primary, Tag::UserId, &user.id).is_ok();
    let newest = own(&user.signatures, primary).filter(valid).max_by_key(|one| (seconds(one), is_taken_back(one)))?;
    (!is_taken_back(newest)).then_some(newest)
}

fn is_taken_back(signature: &Signature) -> bool {
    signature.typ() == Some(SignatureType::CertRevocation)
}

/// Signatures that say they are by a key itself: those of others are not asked.
fn own<'k>(signatures: &'k [Signature], primary: &PublicKey) -> impl Iterator<Item = &'k Signature> {
    let (print, id) = (primary.fingerprint(), primary.legacy_key_id());
    signatures.iter().filter(move |one| {
        let prints = one.issuer_fingerprint();
        if prints.is_empty() { one.issuer_key_id().contains(&&id) } else { prints.contains(&&print) }
    })
}

/// When a signature says that it was made; 1970 where it does not.
pub(super) fn seconds(signature: &Signature) -> i64 {
    signature.created().map_or(0, |at| i64::from(at.as_secs()))
}

/// When a key ends by a signature of its own.
fn expiry(made: i64, signature: &Signature) -> Option<i64> {
    signature
        .key_expiration_time()
        .map(|after| i64::from(after.as_secs()))
        .filter(|after| *after > 0)
        .map(|after| made + after)
}

/// What a key is for; `None` where that is not said, so that it is for everything.
fn flags(signature: &Signature) -> Option<KeyFlags> {
    signature.config()?.hashed_subpackets().find_map(|one| match &one.data {
        SubpacketData::KeyFlags(flags) => Some(flags.clone()),
        _ => None,
    })
}

/// From when on a revocation holds. Only where it says that the key was given up or replaced, what it signed before that
/// still counts.
fn revocation(signature: &Signature) -> Revoked {
    match signature.revocation_reason_code() {
        Some(RevocationCode::KeyRetired | RevocationCode::KeySuperseded) => Revoked::Since(seconds(signature)),
        _ => Revoked::Always,
    }
}

/// An instant as people read it.
pub(super) fn readable(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
