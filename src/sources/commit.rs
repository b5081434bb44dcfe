//! A commit object, read from its raw bytes with the strictness that evidence needs.
//!
//! Git and libgit2 disagree about commits with two authors or a broken address; here such a commit is unverifiable.

use memchr::{memchr, memmem};

use super::oid::Oid;

/// Who and when, as a header line gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signature<'a> {
    /// `Name <address>`, as it stands in the header.
    pub whole: &'a [u8],
    /// Name, without surrounding blanks.
    pub name: &'a [u8],
    /// Address, without brackets.
    pub email: &'a [u8],
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Offset from UTC in minutes; 0 where the line gives one that no place on Earth has.
    pub offset: i16,
}

/// A commit, borrowed from the object's bytes.
#[derive(Clone, Debug)]
pub struct RawCommit<'a> {
    /// The tree that the commit names.
    pub tree: Oid,
    /// Parents in order, as the object itself names them: neither grafts nor a shallow file change them.
    pub parents: Vec<Oid>,
    /// Who wrote the change.
    pub author: Signature<'a>,
    /// Who made the commit.
    pub committer: Signature<'a>,
    /// The message, from the first byte behind the header's blank line.
    pub message: &'a [u8],
    /// Why the commit cannot be relied on, if Git and other readers would take it differently.
    pub unverifiable: Option<&'static str>,
}

impl<'a> RawCommit<'a> {
    /// Parses a commit object. `None` where not even the tree and the parents can be told.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (header, message) = match memmem::find(bytes, b"\n\n") {
            Some(at) => (&bytes[..at], &bytes[at + 2..]),
            None => (bytes.strip_suffix(b"\n").unwrap_or(bytes), &bytes[bytes.len()..]),
        };
        let mut lines = header.split(|&byte| byte == b'\n').peekable();
        let tree = Oid::parse(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::with_capacity(2);
        while let Some(parent) = lines.peek().and_then(|line| line.strip_prefix(b"parent ")) {
            parents.push(Oid::parse(parent)?);
            lines.next();
        }
        let mut commit = Self {
            tree,
            parents,
            author: Signature::default(),
            committer: Signature::default(),
            message,
            unverifiable: None,
        };
        let (mut authors, mut committers) = (0, 0);
        for line in lines {
            if let Some(value) = line.strip_prefix(b"author ") {
                authors += 1;
                commit.sign(value, true);
            } else if let Some(value) = line.strip_prefix(b"committer ") {
                committers += 1;
                commit.sign(value, false);
            } else if line.starts_with(b"parent ") || line.starts_with(b"tree ") {
                commit.unverifiable = Some("its header names a tree or a parent at a place where Git never writes one");
            } else if line.strip_prefix(b"encoding ").is_some_and(|name| name.eq_ignore_ascii_case(b"utf-7")) {
                commit.unverifiable = Some("its message is in UTF-7, which readers decode differently");
            }
        }
        if authors != 1 || committers != 1 {
            commit.unverifiable = Some("its header does not name exactly one author and one committer");
        }
        if memchr(0, message).is_some() {
            commit.unverifiable = Some("its message holds a NUL byte, behind which readers see different texts");
        }
        Some(commit)
    }

    fn sign(&mut self, value: &'a [u8], author: bool) {
        let signature = Signature::parse(value).unwrap_or_else(|| {
            self.unverifiable = Some("a name or an address in its header is broken, so readers see different persons");
            Signature::default()
        });
        if author { self.author = signature } else { self.committer = signature }
    }
}

impl<'a> Signature<'a> {
    /// Parses `Name <address> seconds zone`. `None` where the brackets are not exactly one pair.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let open = value.iter().position(|&byte| byte == b'<')?;
        let close = open + value[open..].iter().position(|&byte| byte == b'>')?;
        let rest = &value[close + 1..];
        if rest.contains(&b'>') || value[open + 1..close].contains(&b'<') {
            return None;
        }
        let mut words = rest.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
        let number = |word: &[u8]| std::str::from_utf8(word).ok()?.parse::<i64>().ok();
        let seconds = words.next().and_then(number).unwrap_or_default();
        let zone = words.next().and_then(number).unwrap_or_default();
        let minutes = (zone / 100) * 60 + zone % 100;
        let offset = if minutes.abs() <= 14 * 60 { minutes as i16 } else { 0 };
        Some(Self {
            whole: &value[..=close],
            name: value[..open].trim_ascii(),
            email: value[open + 1..close].trim_ascii(),
            seconds,
            offset,
        })
    }
}

/// The parents that a commit's own bytes name, without reading anything else of it.
#[must_use]
pub fn parents(bytes: &[u8]) -> Option<Vec<Oid>> {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    Oid::parse(lines.next()?.strip_prefix(b"tree ")?)?;
    let mut parents = Vec::with_capacity(1);
    for line in lines {
        let Some(parent) = line.strip_prefix(b"parent ") else { break };
        parents.push(Oid::parse(parent)?);
    }
    Some(parents)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const DANA: &str = "Dana Roe <dana@acme.example> 1772000000 +0100\n";

    fn parse(text: &str) -> RawCommit<'_> {
        RawCommit::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_ordinary_commit_is_read() {
        let text = format!("{TREE}parent {}\nauthor {DANA}committer {DANA}\nsubject\n\nbody\n", "a".repeat(40));
        let commit = parse(&text);
        assert_eq!(commit.parents.len(), 1);
        assert_eq!(commit.author.name, b"Dana Roe");
        assert_eq!(commit.author.email, b"dana@acme.example");
        assert_eq!((commit.author.seconds, commit.author.offset), (1_772_000_000, 60));
        assert_eq!(commit.message, b"subject\n\nbody\n");
        assert_eq!(commit.unverifiable, None);
    }

    #[test]
    fn what_readers_take_differently_is_unverifiable() {
        for header in [
            format!("{TREE}author {DANA}author {DANA}committer {DANA}\nx\n"),
            format!("{TREE}author {DANA}committer {DANA}parent {}\n\nx\n", "a".repeat(40)),
            format!("{TREE}author A <a@x>x <b@x> 1 +0000\ncommitter {DANA}\nx\n"),
            format!("{TREE}author {DANA}committer {DANA}\nx\0\n\nReviewed-by: B <b@x>\n"),
            format!("{TREE}committer {DANA}\nx\n"),
        ] {
            assert!(parse(&header).unverifiable.is_some(), "{header}");
        }
    }

    #[test]
    fn a_zone_that_does_not_exist_is_utc_and_a_huge_date_is_no_panic() {
        let text = format!("{TREE}author A <a@x> 99999999999999999999 +9999\ncommitter {DANA}\nx\n");
        let commit = parse(&text);
        assert_eq!((commit.author.seconds, commit.author.offset), (0, 0));
    }
}
