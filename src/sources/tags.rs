//! Tags: the commit that each leads to, and who says when it was made.

use super::commit::Signature;
use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use crate::text::decode_keeping_offsets;

/// Tags of tags are followed so far; Git itself makes none.
const MAX_DEPTH: usize = 8;

/// Bytes of a tag's message that are kept.
const MAX_MESSAGE: usize = 64 << 10;

/// A tag that leads to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The commit.
    pub commit: Oid,
    /// What the tag itself says; `None` of one that is only a name, of which nothing tells who made it and when.
    pub said: Option<Said>,
}

/// What an annotated tag says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Name and address of who made it, and when: seconds since 1970 in UTC, and the offset of their clock in minutes.
    pub by: Option<(String, String, i64, i16)>,
    /// Its message.
    pub message: String,
}

/// Every tag whose name is wanted, in the order of their names, and the names of those that cannot be read, each with
/// the object. A tag of a file or of a folder is left out.
#[must_use]
pub fn tags(repo: &Repo, wanted: impl Fn(&str) -> bool) -> (Vec<Tag>, Vec<(String, Oid, Unreadable)>) {
    let (mut tags, mut unread) = (Vec::new(), Vec::new());
    for full in repo.references("refs/tags/*") {
        let name = full.strip_prefix("refs/tags/").unwrap_or(&full);
        let Some(id) = repo.target(&full).filter(|_| wanted(name)) else { continue };
        match follow(repo, id) {
            Ok(Some((commit, said))) => tags.push(Tag { name: name.to_owned(), commit, said }),
            Ok(None) => {}
            Err((id, why)) => unread.push((name.to_owned(), id, why)),
        }
    }
    (tags, unread)
}

/// A commit, with what the first tag on the way to it says.
type Followed = (Oid, Option<Said>);

/// The commit that an object leads to.
fn follow(repo: &Repo, id: Oid) -> Result<Option<Followed>, (Oid, Unreadable)> {
    let (mut at, mut first) = (id, None);
    for _ in 0..MAX_DEPTH {
        match repo.kind(at).map_err(|why| (at, why))? {
            Some(ObjectKind::Commit) => return Ok(Some((at, first))),
            Some(ObjectKind::Tag) => {
                let read = repo.read(at, ObjectKind::Tag, parse).map_err(|why| (at, why))?;
                let damaged = || (at, Unreadable::Damaged("it has no header that Git would write".to_owned()));
                let (next, said) = read.ok_or_else(damaged)?;
                first.get_or_insert(said);
                at = next;
            }
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// What a tag object names and says.
fn parse(bytes: &[u8]) -> Option<(Oid, Said)> {
    let end = memchr::memmem::find(bytes, b"\n\n");
    let (header, message) = end.map_or((bytes, &b""[..]), |end| (&bytes[..end], &bytes[end + 2..]));
    let mut lines = header.split(|&byte| byte == b'\n');
    let object = Oid::parse(lines.next()?.strip_prefix(b"object ")?)?;
    let mut by = None;
    for line in lines {
        if let Some(value) = line.strip_prefix(b"tagger ") {
            // Two lines of this kind are none that Git writes, and readers would differ on whom they name.
            if by.is_some() {
                return None;
            }
            let signature = Signature::parse(value)?;
            let text = |bytes| decode_keeping_offsets(bytes);
            by = Some((text(signature.name), text(signature.email), signature.seconds, signature.offset));
        }
    }
    let message = decode_keeping_offsets(message.get(..MAX_MESSAGE).unwrap_or(message));
    Some((object, Said { by, message }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::sources::script;
    use crate::text::SourceText;

    #[test]
    fn a_tag_says_who_made_it_if_it_has_a_message() {
        let steps = "people: { dana: Dana Roe <dana@acme.example> }\nsteps:\n\
                     - commit: { on: main, by: dana, at: 2026-03-04T10:00:00Z, message: x, name: one }\n\
                     - tag: { name: v1, on: one }\n\
                     - tag: { name: v2, on: one, by: dana, at: 2026-03-05T10:00:00+01:00, message: Second }\n\
                     - tag: { name: other, on: one }\n";
        let folder = tempfile::tempdir().unwrap();
        let script = script::parse(&SourceText::new("history.yaml", steps)).unwrap();
        let written = script::write(&script, folder.path(), true).unwrap();
        let (found, unread) = tags(&Repo::open(folder.path()).unwrap(), |name| name.starts_with('v'));
        assert!(unread.is_empty());
        let one = written.names["one"];
        let by = Some(("Dana Roe".to_owned(), "dana@acme.example".to_owned(), 1_772_701_200, 60));
        let said = Some(Said { by, message: "Second\n".to_owned() });
        let expected =
            [Tag { name: "v1".to_owned(), commit: one, said: None }, Tag { name: "v2".to_owned(), commit: one, said }];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tag_that_readers_take_differently_is_none() {
        let text = format!("object {}\ntype commit\ntag v1\ntagger A <a@x> 1 +0000\n", "a".repeat(40));
        assert!(parse(format!("{text}\nx\n").as_bytes()).is_some());
        assert!(parse(format!("{text}tagger B <b@x> 1 +0000\n\nx\n").as_bytes()).is_none());
        assert!(parse(b"type commit\n\nx\n").is_none());
        assert!(parse(b"").is_none());
    }
}
