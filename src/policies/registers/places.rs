//! Where faults of a whole file or of its configuration stand.

use std::sync::Arc;

use crate::error::Fault;
use crate::text::{SourceText, Span};

/// What is wrong with a source of a register, at the word of the configuration that says it.
pub(super) fn in_configuration(source: &Arc<SourceText>, words: &str, message: String) -> Fault {
    let at = source.text().find(words).unwrap_or_default();
    Fault {
        rule: "documents/unknown-value",
        message,
        label: "named here".to_owned(),
        help: None,
        source: Arc::clone(source),
        span: Span::new(at, at + words.len()),
        other: None,
    }
}

/// What is wrong with all of a file.
pub(super) fn whole_file(source: &Arc<SourceText>, rule: &'static str, message: String) -> Fault {
    Fault {
        rule,
        label: message.clone(),
        message,
        help: None,
        source: Arc::clone(source),
        span: Span::default(),
        other: None,
    }
}
