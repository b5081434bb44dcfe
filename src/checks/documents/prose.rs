//! The words of written documents: places that were never filled in, and promises that nobody can test.

use std::ops::Range;
use std::sync::Arc;

use crate::checks::compose::{self, Exhibit, count};
use crate::facts::document::quantity::{self, Quantity};
use crate::facts::document::written::Written;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::sources::blocks::{Block, BlockKind};
use crate::text::{Span, shown};

/// Words that say that something is still to be written.
const MARKS: [&str; 2] = ["TODO", "TBD"];

/// Words that promise without saying how often or by when.
const VAGUE: [&str; 12] = [
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
    "from time to time",
];

/// Words that bind.
const BINDING: [&str; 6] = [" must ", " shall ", " should ", " will ", " required to ", " are to "];

/// Words of a document, and where they stand.
type Words = (Span, String);

/// Places that one finding shows.
const SHOWN: usize = 4;

/// What is wrong with the words of a document that is in force.
#[must_use]
pub fn findings(pack: &Pack, document: &Written) -> Vec<Finding> {
    let mut found = Vec::new();
    if !document.about.is_in_force() {
        return found;
    }
    let (mut vague, mut empty): (Vec<Words>, Vec<Words>) = (Vec::new(), Vec::new());
    for block in document.page.blocks.iter().filter(|block| !block.quoted && block.kind != BlockKind::Code) {
        let text = &block.words.text;
        let mut readings = quantity::read(text);
        // What is linked to a parameter is held against it, and told there.
        readings.retain(|reading| !is_linked(document, block.words.place(reading.at.clone())));
        let left = readings.iter().filter(|reading| reading.quantity == Quantity::Placeholder);
        let mut left: Vec<Range<usize>> = left.map(|reading| reading.at.clone()).collect();
        left.extend(marks(text));
        left.retain(|at| !(document.built && text[at.clone()].contains("{{")));
        left.sort_by_key(|at| at.start);
        empty.extend(left.into_iter().map(|at| (block.words.place(at.clone()), text[at].to_owned())));
        // A range of numbers is meant as one; words such as `bi-annual` are meant as one of two.
        for reading in readings.iter().filter(|reading| text[reading.at.clone()].starts_with(char::is_alphabetic)) {
            if let Quantity::Ambiguous(says) = &reading.quantity {
                found.extend(ambiguous(pack, document, block, (&reading.at, says)));
            }
        }
        vague.extend(promises(block).map(|at| (block.words.place(at.clone()), text[at].to_owned())));
    }
    found.extend(placeholders(pack, document, &empty));
    found.extend(untestable(pack, document, &vague));
    found
}

/// Whether some words are linked to a parameter of a control.
fn is_linked(document: &Written, place: Span) -> bool {
    let links = &document.page.links;
    let before = links.partition_point(|link| link.span.start <= place.start);
    let around = before.checked_sub(1).and_then(|last| links.get(last)).filter(|link| place.start < link.span.end);
    around.is_some_and(|link| link.target.contains("#with.") || link.target.contains(".with."))
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

fn placeholders(pack: &Pack, document: &Written, empty: &[Words]) -> Option<Finding> {
    let (_, first) = empty.first()?;
    let what = match empty.len() {
        1 => format!("{} was never filled in", shown(first)),
        several => format!("{} were never filled in, such as {}", count(several, "place", "places"), shown(first)),
    };
    places(pack, "documents/placeholder", document, empty, (what, "still as a template has it"))
}

fn ambiguous(pack: &Pack, document: &Written, block: &Block, (at, says): (&Range<usize>, &str)) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/ambiguous")?;
    let what = block.words.text[at.clone()].to_owned();
    let label = label(document, block.words.place(at.clone()), says.to_owned());
    let words = vec![("item", name(document).to_owned()), ("what", shown(&what)), ("fix", says.to_owned())];
    let exhibit = Exhibit { words, labels: vec![label], ..Exhibit::default() };
    Some(of(compose::finding(rule, None, name(document), &key(document, &what), exhibit), at))
}

/// Vague words of sentences that bind somebody and state no quantity.
fn promises(block: &Block) -> impl Iterator<Item = Range<usize>> + '_ {
    let heading = matches!(block.kind, BlockKind::Heading | BlockKind::HeaderCell);
    let text = if heading { "" } else { block.words.text.as_str() };
    sentences(text).filter_map(move |sentence| {
        let words = format!(" {} ", text[sentence.clone()].to_ascii_lowercase());
        let binds = BINDING.iter().any(|word| words.contains(word));
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

fn untestable(pack: &Pack, document: &Written, vague: &[Words]) -> Option<Finding> {
    let (_, first) = vague.first()?;
    let what = match vague.len() {
        1 => format!("something {}", shown(first)),
        several => {
            format!("something {}, and so in {}", shown(first), count(several - 1, "other place", "other places"))
        }
    };
    places(pack, "documents/vague", document, vague, (what, "how often, or by when?"))
}

/// One finding about several places of a document, of which the first are shown.
fn places(pack: &Pack, rule: &str, document: &Written, all: &[Words], (what, text): (String, &str)) -> Option<Finding> {
    let (_, rule) = pack.rule(rule)?;
    let labels = all.iter().take(SHOWN).map(|(span, _)| label(document, *span, text.to_owned())).collect();
    let words = vec![("item", name(document).to_owned()), ("what", what)];
    let exhibit = Exhibit { words, labels, ..Exhibit::default() };
    Some(compose::finding(rule, None, name(document), name(document), exhibit))
}

fn name(document: &Written) -> &str {
    document.source().name()
}

fn key(document: &Written, what: &str) -> String {
    format!("{}\0{what}", name(document))
}

/// Tells apart what stands several times in one document.
fn of(finding: Finding, at: &Range<usize>) -> Finding {
    Finding { part: at.start.to_string(), ..finding }
}

fn label(document: &Written, span: Span, text: String) -> Label {
    Label { place: Place::Text(Arc::clone(document.source()), span), text, primary: true }
}
