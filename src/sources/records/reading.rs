//! One file while it is read: the names that repeat in every record, and the faults so far.

use std::collections::HashSet;
use std::sync::Arc;

use super::{MAX_FAULTS, Raw, RawField, Read};
use crate::error::Fault;
use crate::text::{SourceText, Span};

/// Names that are kept to be shared between records; a file with more of them repeats none often.
const MAX_NAMES: usize = 65_536;

/// What is known of a file while it is read.
pub(super) struct Reading<'a> {
    pub(super) source: &'a Arc<SourceText>,
    each: &'a mut dyn FnMut(Raw),
    names: HashSet<Arc<str>>,
    columns: HashSet<Arc<str>>,
    read: Read,
}

/// The words of a fault.
pub(super) struct Words {
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
}

impl Words {
    pub(super) fn new(message: impl Into<String>, label: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), label: label.into(), help: help.into() }
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(source: &'a Arc<SourceText>, each: &'a mut dyn FnMut(Raw)) -> Self {
        Self { source, each, names: HashSet::new(), columns: HashSet::new(), read: Read::default() }
    }

    pub(super) fn finish(self) -> Read {
        self.read
    }

    /// The text, which outlives this reading.
    pub(super) fn text(&self) -> &'a str {
        self.source.text()
    }

    /// Where the text begins: behind a byte-order mark.
    pub(super) fn start(&self) -> usize {
        if self.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// A name, shared with every record that has it.
    pub(super) fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        if self.names.len() < MAX_NAMES {
            self.names.insert(Arc::clone(&name));
        }
        name
    }

    /// Notes the name of a column.
    pub(super) fn column(&mut self, name: &Arc<str>, place: Span) {
        if self.columns.insert(Arc::clone(name)) {
            self.read.columns.push((Arc::clone(name), place));
        }
    }

    /// A column that has the name of another one of its table.
    pub(super) fn repeated(&mut self, name: &Arc<str>, place: Span) {
        self.read.repeated.push((Arc::clone(name), place));
    }

    /// Hands over a record.
    pub(super) fn hand_over(&mut self, record: Raw) {
        (self.each)(record);
    }

    /// Adds a single value that stands beside the list of records.
    pub(super) fn header(&mut self, field: RawField) {
        self.read.header.push(field);
    }

    /// Adds a fault. An empty help is none.
    pub(super) fn fault(&mut self, rule: &'static str, span: Span, words: Words) {
        let help = (!words.help.is_empty()).then_some(words.help);
        let source = Arc::clone(self.source);
        let span = source.clamp(span);
        self.add(Fault { rule, message: words.message, label: words.label, help, source, span, other: None });
    }

    /// Adds a fault that another reader found.
    pub(super) fn add(&mut self, fault: Fault) {
        match self.read.faults.len() {
            0..MAX_FAULTS => self.read.faults.push(fault),
            MAX_FAULTS => {
                let message = format!("this file has more than {MAX_FAULTS} faults; the rest is not listed");
                let (label, help) = ("one of those that are not listed".to_owned(), None);
                self.read.faults.push(Fault { message, label, help, ..fault });
            }
            _ => {}
        }
    }

    /// The line, from 1, that an offset lies in. Unlike a whole position it costs no walk along a line, which in a file
    /// that a program wrote can be the only one.
    pub(super) fn line(&self, offset: usize) -> usize {
        let begun = |line: usize| self.source.line(line).is_some_and(|place| place.start <= offset);
        let (mut low, mut high) = (1, 2);
        while begun(high) {
            (low, high) = (high, high.saturating_mul(2));
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if begun(middle) { low = middle } else { high = middle }
        }
        low
    }

    /// The part of a place that its first line holds, which is what a label can underline.
    pub(super) fn first_line(&self, place: Span) -> Span {
        let text = self.source.slice(place);
        let line = text.split(['\n', '\r']).next().unwrap_or_default().trim_end();
        Span::new(place.start, place.start + line.len())
    }
}
