//! What is wrong with management responses.

use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::facts::document::response::Response;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::safe;

/// What a rule finds of a response.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The key of the response that shows it: `evidence/path`, `exceptions/0`; the first that is there of several.
    pub at: Vec<String>,
    /// What is to be seen there.
    pub text: String,
    /// What stands in the rule's message in place of each word in braces.
    pub words: Vec<(&'static str, String)>,
    /// Other places that show why.
    pub others: Vec<Label>,
    /// What tells it from what else the rule finds of the response.
    pub part: String,
    /// What to do, where that is known better than the rule knows it.
    pub help: Option<String>,
}

impl Seen {
    /// Something that is to be seen at a key.
    #[must_use]
    pub fn at(key: &str, text: impl Into<String>) -> Self {
        Self { at: vec![key.to_owned()], text: text.into(), ..Self::default() }
    }

    /// The same with a word for the message.
    #[must_use]
    pub fn word(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.words.push((name, value.into()));
        self
    }
}

/// The finding of a rule about a response. What it answers tells it from other responses, wherever they stand; `None` if
/// there is no such rule, which a test excludes.
#[must_use]
pub fn finding(pack: &Pack, rule: &str, response: &Response, seen: Seen) -> Option<Finding> {
    let (_, rule) = pack.rule(rule)?;
    let (says, document) = (&response.text, &response.document);
    let places = seen.at.iter().chain([&"kind".to_owned()]).find_map(|key| document.entry_span(&format!("/{key}")));
    let place = Place::Text(Arc::clone(&document.source), places.unwrap_or_default());
    let label = Label { place, text: seen.text, primary: true };
    let labels = std::iter::once(label).chain(seen.others).collect();
    let subject = safe(&says.subject());
    let mut exceptions = says.exceptions.clone();
    exceptions.sort_unstable();
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let scope = [part(&says.rule), part(&says.control), part(&says.item), part(&says.period)];
    let key = [exceptions.join(" "), scope.join("\0"), format!("{:?}", says.kind)].join("\0");
    let words = [seen.words, vec![("subject", subject.clone())]].concat();
    let exhibit = Exhibit { words, labels, help: seen.help, ..Exhibit::default() };
    let found = compose::finding(rule, None, &format!("response to {subject}"), &key, exhibit);
    Some(Finding { part: seen.part, ..found })
}

/// A place that shows what a response answers: the one at which it is seen what happened.
#[must_use]
pub fn answered(found: &Finding, text: &str) -> Option<Label> {
    let label = found.labels.iter().find(|label| !label.primary).or(found.labels.first())?;
    Some(Label { place: label.place.clone(), text: text.to_owned(), primary: false })
}
