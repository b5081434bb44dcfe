//! The logs that Git keeps of where references were in this clone.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use super::commit::Signature;
use super::oid::Oid;
use super::repo::Repo;
use crate::text::{SourceText, Span, decode_keeping_offsets};

/// Bytes of a log that are read; one with more has been written for years, and only its beginning is left out.
const MAX_LOG: u64 = 16 << 20;

/// One line of a log.
#[derive(Clone, Debug)]
pub struct Move {
    /// Where the reference was; [`Oid::ZERO`] where it was not there.
    pub old: Oid,
    /// Where it was from then on.
    pub new: Oid,
    /// When: seconds since 1970 in UTC, and the offset of the clock in minutes.
    pub at: (i64, i16),
    /// The log.
    pub text: Arc<SourceText>,
    /// The line in it.
    pub line: Span,
}

/// The log of a reference, oldest first; empty where this clone keeps none. A line that is none is left out.
#[must_use]
pub fn moves(repo: &Repo, reference: &str) -> Vec<Move> {
    let path = repo.inner.commondir().join("logs").join(reference);
    let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() <= MAX_LOG);
    let mut bytes = Vec::new();
    let read = is_file.then(|| File::open(&path).and_then(|file| file.take(MAX_LOG).read_to_end(&mut bytes)));
    if !matches!(read, Some(Ok(_))) {
        return Vec::new();
    }
    let text = SourceText::new(format!("the log of {reference}"), decode_keeping_offsets(&bytes));
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.text().split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        if let Some((old, new, at)) = parse(line.as_bytes()) {
            found.push(Move { old, new, at, text: Arc::clone(&text), line: span });
        }
    }
    found
}

/// `old new Name <address> seconds zone`, and a tab before what was done.
fn parse(line: &[u8]) -> Option<(Oid, Oid, (i64, i16))> {
    let (old, new) = (Oid::parse(line.get(..40)?)?, Oid::parse(line.get(41..81)?)?);
    let who = line.get(82..)?.split(|&byte| byte == b'\t').next()?;
    let signature = Signature::parse(who.trim_ascii_end())?;
    Some((old, new, (signature.seconds, signature.offset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_log_says_from_where_to_where_and_when() {
        let line = format!(
            "{} {} Dana Roe <dana@acme.example> 1772701200 +0100\tfetch: forced-update\n",
            "a".repeat(40),
            "b".repeat(40)
        );
        let (old, new, at) = parse(line.as_bytes()).unwrap_or_default();
        assert_eq!((old.short(), new.short(), at), ("aaaaaaa".to_owned(), "bbbbbbb".to_owned(), (1_772_701_200, 60)));
        assert!(parse(b"short").is_none());
        assert!(parse("é".repeat(60).as_bytes()).is_none());
    }
}
