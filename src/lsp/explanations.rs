//! What `tickmark explain` prints of a rule, as a file that an editor can open: it asks for an address, and there is no
//! server to ask.

use std::collections::BTreeMap;

use lsp_types::Uri;
use tempfile::TempDir;

use super::places;
use crate::policies::pack::Pack;
use crate::reports::explain;

/// Columns of an explanation.
const WIDTH: usize = 80;

/// Explanations in a folder that goes away with the server.
#[derive(Debug, Default)]
pub(super) struct Explanations {
    folder: Option<TempDir>,
    written: BTreeMap<String, Option<Uri>>,
}

impl Explanations {
    /// The address of the explanation of a rule; `None` where there is none, or no room for a file.
    pub(super) fn of(&mut self, rule: &str, pack: &Pack) -> Option<Uri> {
        if let Some(known) = self.written.get(rule) {
            return known.clone();
        }
        let address = self.write(rule, pack);
        self.written.insert(rule.to_owned(), address.clone());
        address
    }

    fn write(&mut self, id: &str, pack: &Pack) -> Option<Uri> {
        let (test, rule) = pack.rule(id)?;
        // A repository names its own rules, and a name may be anything.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'/';
        if !id.bytes().all(plain) || id.len() > 100 {
            return None;
        }
        if self.folder.is_none() {
            self.folder = tempfile::Builder::new().prefix("tickmark-explain-").tempdir().ok();
        }
        let file = self.folder.as_ref()?.path().join(format!("{}.txt", id.replace('/', "-")));
        std::fs::write(&file, explain::rule(test, rule, WIDTH)).ok()?;
        places::address(&file)
    }
}
