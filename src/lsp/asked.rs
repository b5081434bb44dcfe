//! What an editor asks about a place in a document, and the answers as the protocol writes them.

use lsp_types::{
    CompletionItem, CompletionTextEdit, Hover, HoverContents, Location, MarkupContent, MarkupKind, Position, Range,
    TextEdit, Uri,
};
use serde_json::Value;

use super::places::Lines;
use super::{completion, links};
use crate::engine::Texts;

/// Something that is asked about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What is it?
    Hover,
    /// Where does it lead?
    Definition,
    /// What can follow?
    Completion,
}

impl Question {
    /// The question that a method asks.
    pub(super) fn of(method: &str) -> Option<Self> {
        Some(match method {
            "textDocument/hover" => Self::Hover,
            "textDocument/definition" => Self::Definition,
            "textDocument/completion" => Self::Completion,
            _ => return None,
        })
    }
}

/// The answer to a question about a place in a text, of a file by its path below the root; `None` where there is
/// nothing to say. `address` tells the address of a file.
pub(super) fn answer(
    question: Question,
    texts: &Texts,
    file: &str,
    text: &str,
    at: Position,
    address: &dyn Fn(&str) -> Option<Uri>,
) -> Option<Value> {
    let lines = Lines::of(text);
    let offset = lines.offset(at);
    match question {
        Question::Hover => {
            let (value, span) = links::hover(texts, file, offset)?;
            // Plain, because what is shown was written by others, and Markdown could be more than words.
            let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::PlainText, value });
            serde_json::to_value(Hover { contents, range: Some(lines.range(span)) }).ok()
        }
        Question::Definition => {
            let found = links::targets(texts, file, offset);
            let location = |target: links::Target<'_>| {
                let range = Lines::of(target.text.text()).range(target.span);
                Some(Location::new(address(target.text.name())?, range))
            };
            serde_json::to_value(found.into_iter().filter_map(location).collect::<Vec<Location>>()).ok()
        }
        Question::Completion => {
            let before = text.get(..offset)?;
            let range = Range::new(lines.position(word(before)), at);
            let edited = |item: CompletionItem| edit(item, range);
            let items = completion::items(texts, file, before, text).into_iter().map(edited);
            serde_json::to_value(items.collect::<Vec<CompletionItem>>()).ok()
        }
    }
}

/// Where the word before a place begins. What is one word is not left to the editor: ids have dots and dashes.
fn word(before: &str) -> usize {
    let of_a_word = |character: char| character.is_alphanumeric() || "-_./#@".contains(character);
    before.trim_end_matches(of_a_word).len()
}

fn edit(mut item: CompletionItem, range: Range) -> CompletionItem {
    let new_text = item.insert_text.take().unwrap_or_else(|| item.label.clone());
    item.text_edit = Some(CompletionTextEdit::Edit(TextEdit { range, new_text }));
    item
}
