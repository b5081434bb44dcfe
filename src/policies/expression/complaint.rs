//! What is wrong with an expression, at its place in the expression's own text.

use crate::text::Span;

/// Something wrong; it becomes a fault once the place of the expression is known.
#[derive(Debug)]
pub(super) struct Complaint {
    pub(super) at: Span,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

impl Complaint {
    pub(super) fn new(at: Span, message: impl Into<String>, label: &str) -> Self {
        Self { at, message: message.into(), label: label.to_owned(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(super) fn maybe(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}
