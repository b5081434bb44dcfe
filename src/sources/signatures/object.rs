//! What was signed of a Git object, and the signature beside it.

use memchr::memmem;

/// The header that holds a signature over the object by its SHA-1 name.
const OWN: &[u8] = b"gpgsig";

/// What other headers of signatures begin with, such as the one over what the object is in a repository by SHA-256. Git
/// leaves out all of them.
const OTHER: &[u8] = b"gpgsig";

/// A commit that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCommit {
    /// The bytes that were signed: the commit without its signatures.
    pub payload: Vec<u8>,
    /// The armored signature.
    pub signature: Vec<u8>,
    /// Whether there is more than one, so that readers may take another.
    pub ambiguous: bool,
}

/// Takes a raw commit apart; `None` if it is not signed. A signature that stands only for SHA-256 is none here.
#[must_use]
pub fn commit(bytes: &[u8]) -> Option<SignedCommit> {
    let end = memmem::find(bytes, b"\n\n").map_or(bytes.len(), |at| at + 1);
    let (header, rest) = bytes.split_at(end);
    let mut payload = Vec::with_capacity(bytes.len());
    let mut signature = Vec::new();
    let mut number = 0;
    // Which header the lines with a blank in front belong to.
    let mut within: Option<&[u8]> = None;
    for line in header.split_inclusive(|&byte| byte == b'\n') {
        if let Some(more) = line.strip_prefix(b" ") {
            match within {
                Some(OWN) => signature.extend_from_slice(more),
                Some(_) => {}
                None => payload.extend_from_slice(line),
            }
            continue;
        }
        let key = line.split(|&byte| byte == b' ').next().unwrap_or(line);
        within = if key == OWN && key.len() < line.len() {
            number += 1;
            signature.extend_from_slice(&line[OWN.len() + 1..]);
            Some(OWN)
        } else if key.starts_with(OTHER) {
            Some(b"other")
        } else {
            payload.extend_from_slice(line);
            None
        };
    }
    payload.extend_from_slice(rest);
    (number > 0).then_some(SignedCommit { payload, signature, ambiguous: number > 1 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HEADER: &str =
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n";

    #[test]
    fn a_commit_is_signed_without_its_signatures() {
        let signed = format!("{HEADER}gpgsig one\n two\n  three\ngpgsig-sha256 x\n y\nencoding UTF-8\n\ngpgsig no\n");
        let found = commit(signed.as_bytes()).unwrap();
        assert_eq!(found.payload, format!("{HEADER}encoding UTF-8\n\ngpgsig no\n").into_bytes());
        assert_eq!(found.signature, b"one\ntwo\n three\n");
        assert!(!found.ambiguous);
    }

    #[test]
    fn what_is_not_signed_or_signed_twice_is_told() {
        assert_eq!(commit(format!("{HEADER}\ngpgsig x\n").as_bytes()), None);
        assert_eq!(commit(format!("{HEADER}gpgsig-sha256 x\n\nx\n").as_bytes()), None);
        assert!(commit(format!("{HEADER}gpgsig a\ngpgsig b\n\nx\n").as_bytes()).unwrap().ambiguous);
        assert_eq!(commit(b""), None);
    }
}
