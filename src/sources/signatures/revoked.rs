//! A list of SSH keys that are revoked, in its plain form: one public key on each line.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use ssh_key::public::KeyData;

use super::allowed::{fingerprint, key, lines};
use super::{KeyPlace, Refusal};
use crate::text::{SourceText, Span};

/// A list of revoked keys, as it stood.
#[derive(Debug)]
pub(super) struct RevokedKeys {
    source: Arc<SourceText>,
    lines: FxHashMap<String, Span>,
    /// Why the list cannot be relied on, and where.
    fault: Option<(String, Option<Span>)>,
}

impl RevokedKeys {
    /// Reads a list. A line that is no key could be one that somebody meant to revoke, so it is a fault.
    pub(super) fn parse(source: Arc<SourceText>) -> Self {
        let mut read = Self { lines: FxHashMap::default(), fault: None, source };
        let title = read.source.title().to_owned();
        if read.source.text().starts_with("SSHKRL\n") {
            let what = "a binary list (KRL), which is not read here; write one public key on each line";
            return Self { fault: Some((format!("{title} is {what}"), None)), ..read };
        }
        for (span, text) in lines(&read.source) {
            match key(text) {
                Ok(key) => {
                    read.lines.entry(fingerprint(&key)).or_insert(span);
                }
                Err(why) => {
                    let line = read.source.position(span.start).line;
                    let what = format!("line {line} of {title} cannot be read: {why}");
                    read.fault = read.fault.or(Some((what, Some(span))));
                }
            }
        }
        read
    }

    /// The line that revokes a key.
    ///
    /// # Errors
    /// The list has a fault, so that the key may be in it.
    pub(super) fn find(&self, key: &KeyData) -> Result<Option<KeyPlace>, Refusal> {
        let place = |span: Span| KeyPlace { source: Arc::clone(&self.source), span };
        match (self.lines.get(&fingerprint(key)), &self.fault) {
            (Some(span), _) => Ok(Some(place(*span))),
            (None, Some((why, span))) => Err(Refusal::Untold(why.clone(), span.map(place))),
            (None, None) => Ok(None),
        }
    }
}
