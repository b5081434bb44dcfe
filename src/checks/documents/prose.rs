//! The words of documents and controls: places that were never filled in, and promises that nobody can test.

use std::ops::Range;
use std::sync::Arc;

use crate::checks::compose::{self, Exhibit, count};
use crate::facts::document::about::Said;
use crate::facts::document::control::Control;
use crate::facts::document::quantity::{self, Quantity};
use crate::facts::document::written::Written;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::sources::blocks::{Block, BlockKind};
use crate::sources::markdown::{Link, Markdown};
use crate::text::{SourceText, Span, shown};

/// Words that say that something is still to be written.
const MARKS: [&str; 2] = ["TODO", "TBD"];

/// Words that promise without saying how often or by when.
const VAGUE: [&str; 11] = [
    "periodically",
    "periodic basis",
    "regularly",
    "regular basis",
    "regular intervals",
    "timely manner",
    "timely basis",
    "timely fashion",
    "as needed",
    "promptly",
    "best effort",
];

/// Words that bind.
const BINDING: [&str; 6] = [" must ", " shall ", " should ", " will ", " required to ", " are to "];

/// Places that one finding shows.
const SHOWN: usize = 4;

/// Some words, and where they stand.
type Words = (Span, String);

/// Which sentences promise something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promises {
    /// None: these words are a heading or a value.
    None,
    /// Those with a word that binds.
    Binding,
    /// Every one: a control says nothing but what is done.
    Every,
}

/// What is told of some words, and whose words they are.
struct Told<'a> {
    name: &'a str,
    /// What identifies the words' document or control.
    key: &'a str,
    source: &'a Arc<SourceText>,
    /// Whether a tool fills in what stands in double braces.
    built: bool,
    /// Whether the words are of something that is filled in wherever it is used.
    sample: bool,
    /// The links in the words, in their order.
    links: &'a [Link],
    vague: Vec<Words>,
    empty: Vec<Words>,
    /// The place of words with two meanings, the words, and both meanings.
    ambiguous: Vec<(Span, String, String)>,
}

/// What is wrong with the words of a document that is in force.
#[must_use]
pub fn findings(pack: &Pack, document: &Written) -> Vec<Finding> {
    if !document.about.is_in_force() {
        return Vec::new();
    }
    let mut told = Told::new((document.source().name(), &document.key), document.source(), document.built);
    told.links = &document.page.links;
    for said in &document.about.values {
        told.take(&said.value, Promises::None, |at| within(document.source(), said.span, &said.value[at]));
    }
    for block in document.page.blocks.iter().filter(|block| !block.quoted && block.kind != BlockKind::Code) {
        let heading = matches!(block.kind, BlockKind::Heading | BlockKind::HeaderCell);
        let promises = if heading { Promises::None } else { Promises::Binding };
        told.sample = is_sample(&document.page, block);
        told.take(&block.words.text, promises, |at| block.words.place(at));
    }
    told.findings(pack)
}

/// What is wrong with the words of a control.
#[must_use]
pub fn of_control(pack: &Pack, control: &Control) -> Vec<Finding> {
    let text = &control.text;
    let mut told = Told::new((&text.id, &text.id), control.source(), false);
    told.take(&text.title, Promises::Every, |at| control.place_of("title", &text.title[at]));
    told.take(&text.owner, Promises::None, |at| control.place_of("owner", &text.owner[at]));
    if let Some(statement) = &text.statement {
        told.take(statement, Promises::Every, |at| control.place_of("statement", &statement[at]));
    }
    told.findings(pack)
}

/// What was never filled in of the texts of a description of controls that another tool keeps.
#[must_use]
pub fn of_texts(pack: &Pack, source: &Arc<SourceText>, texts: &[Said<String>]) -> Vec<Finding> {
    let mut told = Told::new((source.name(), source.name()), source, false);
    for said in texts {
        told.take(&said.value, Promises::None, |at| within(source, said.span, &said.value[at]));
    }
    told.findings(pack)
}

/// Whether a block stands below a heading that says that it is a sample, such as a letter.
fn is_sample(page: &Markdown, block: &Block) -> bool {
    const WORDS: [&str; 7] = ["sample", "samples", "template", "templates", "example", "examples", "form"];
    let Some(own) = block.heading else { return false };
    let mut level = u8::MAX;
    page.headings.iter().take(own + 1).rev().any(|heading| {
        let above = heading.level < level;
        level = level.min(heading.level);
        above
            && heading
                .text
                .to_lowercase()
                .split(|letter: char| !letter.is_alphabetic())
                .any(|word| WORDS.contains(&word))
    })
}

/// The place of some words of a value; that of the value where they are not written out there.
fn within(source: &SourceText, value: Span, words: &str) -> Span {
    let at = source.slice(value).find(words).map(|at| value.start + at);
    at.map_or(value, |at| Span::new(at, at + words.len()))
}

impl<'a> Told<'a> {
    fn new((name, key): (&'a str, &'a str), source: &'a Arc<SourceText>, built: bool) -> Self {
        Self {
            name,
            key,
            source,
            built,
            sample: false,
            links: &[],
            vague: Vec::new(),
            empty: Vec::new(),
            ambiguous: Vec::new(),
        }
    }

    fn take(&mut self, text: &str, promises: Promises, place: impl Fn(Range<usize>) -> Span) {
        let mut readings = quantity::read(text);
        // What is linked to a parameter is held against it, and told there.
        readings.retain(|reading| !self.is_linked(place(reading.at.clone())));
        let left = readings.iter().filter(|reading| reading.quantity == Quantity::Placeholder);
        let mut left: Vec<Range<usize>> = left.map(|reading| reading.at.clone()).collect();
        left.extend(marks(text));
        left.retain(|at| !self.is_for_others(&text[at.clone()]));
        left.sort_by_key(|at| at.start);
        self.empty.extend(left.into_iter().map(|at| (place(at.clone()), text[at].to_owned())));
        for reading in &readings {
            let at = reading.at.clone();
            // A range of numbers is meant as one; words such as `bi-annual` are meant as one of two.
            let words = text[at.clone()].to_lowercase();
            if let Quantity::Ambiguous(says) = &reading.quantity
                && (words.starts_with("bi") || words.contains('('))
            {
                self.ambiguous.push((place(at.clone()), text[at].to_owned(), says.clone()));
            }
        }
        self.vague.extend(vague(text, promises).map(|at| (place(at.clone()), text[at].to_owned())));
    }

    /// Whether some words are linked to a parameter of a control.
    fn is_linked(&self, place: Span) -> bool {
        let before = self.links.partition_point(|link| link.span.start <= place.start);
        let around = before.checked_sub(1).and_then(|last| self.links.get(last));
        let around = around.filter(|link| place.start < link.span.end);
        around.is_some_and(|link| link.target.contains("#with.") || link.target.contains(".with."))
    }

    /// Whether a place that is left open is not for the people who wrote the document.
    fn is_for_others(&self, words: &str) -> bool {
        let sample = self.sample || self.name.to_lowercase().ends_with(".tmpl");
        (self.built && words.contains("{{")) || (sample && words.starts_with(['[', '<', '{', '_']))
    }

    fn findings(&self, pack: &Pack) -> Vec<Finding> {
        let ambiguous = self.ambiguous.iter().filter_map(|one| self.ambiguous(pack, one));
        ambiguous.chain(self.placeholders(pack)).chain(self.untestable(pack)).collect()
    }

    fn placeholders(&self, pack: &Pack) -> Option<Finding> {
        let (_, first) = self.empty.first()?;
        let what = match self.empty.len() {
            1 => format!("{} was never filled in", shown(first)),
            several => format!("{} were never filled in, such as {}", count(several, "place", "places"), shown(first)),
        };
        self.places(pack, "documents/placeholder", &self.empty, (what, "still as a template has it"))
    }

    fn ambiguous(&self, pack: &Pack, (span, what, says): &(Span, String, String)) -> Option<Finding> {
        let (_, rule) = pack.rule("documents/ambiguous")?;
        let words = vec![("item", self.name.to_owned()), ("what", shown(what)), ("fix", says.clone())];
        let exhibit = Exhibit { words, labels: vec![self.label(*span, says.clone())], ..Exhibit::default() };
        let key = format!("{}\0{what}", self.key);
        Some(compose::finding(rule, None, self.name, &key, exhibit))
    }

    fn untestable(&self, pack: &Pack) -> Option<Finding> {
        let (_, first) = self.vague.first()?;
        let what = match self.vague.len() {
            1 => format!("something {}", shown(first)),
            several => {
                format!("something {}, and so in {}", shown(first), count(several - 1, "other place", "other places"))
            }
        };
        self.places(pack, "documents/vague", &self.vague, (what, "how often, or by when?"))
    }

    /// One finding about several places, of which the first are shown.
    fn places(&self, pack: &Pack, rule: &str, all: &[Words], (what, text): (String, &str)) -> Option<Finding> {
        let (_, rule) = pack.rule(rule)?;
        let labels = all.iter().take(SHOWN).map(|(span, _)| self.label(*span, text.to_owned())).collect();
        let words = vec![("item", self.name.to_owned()), ("what", what)];
        let exhibit = Exhibit { words, labels, ..Exhibit::default() };
        Some(compose::finding(rule, None, self.name, self.key, exhibit))
    }

    fn label(&self, span: Span, text: String) -> Label {
        Label { place: Place::Text(Arc::clone(self.source), span), text, primary: true }
    }
}

/// Marks of what is still to be written.
fn marks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    MARKS.iter().flat_map(move |mark| {
        text.match_indices(mark).map(|(at, mark)| at..at + mark.len()).filter(move |at| is_word(text, at))
    })
}

fn is_word(text: &str, at: &Range<usize>) -> bool {
    let letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    !letter(text[..at.start].chars().next_back()) && !letter(text[at.end..].chars().next())
}

/// Vague words of sentences that promise something and state no quantity.
fn vague(text: &str, promises: Promises) -> impl Iterator<Item = Range<usize>> + '_ {
    let text = if promises == Promises::None { "" } else { text };
    sentences(text).filter_map(move |sentence| {
        let words = format!(" {} ", text[sentence.clone()].to_ascii_lowercase());
        let binds = promises == Promises::Every || BINDING.iter().any(|word| words.contains(word));
        // What follows a colon says it.
        if !binds || words.trim_end().ends_with(':') || !quantity::read(&text[sentence.clone()]).is_empty() {
            return None;
        }
        let at = VAGUE.iter().filter_map(|vague| Some((words.find(vague)?, vague.len()))).min()?;
        Some(sentence.start + at.0 - 1..sentence.start + at.0 - 1 + at.1)
    })
}

/// The sentences of a text.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.match_indices(['.', '!', '?', ';'])
        .map(|(at, mark)| at + mark.len())
        .filter(move |end| text[*end..].starts_with(char::is_whitespace))
        .chain(std::iter::once(text.len()))
        .map(move |end| std::mem::replace(&mut start, end)..end)
}
