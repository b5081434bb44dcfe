//! The lines around some places of several texts, made safe to show and joined into one text that miette can draw.
//!
//! miette draws one source a diagnostic and reads it from its first byte for every label. Here only the lines shown
//! are copied: cleaned, cut to the width, and told apart by their own names, so that what is documented and what
//! happened stand in one diagnostic, at the same cost for a file of any size.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::trail_table::wrapped;
use crate::findings::finding::{Label, Place};
use crate::text::{SourceText, Span, is_unsafe_to_show};

/// Columns that the words of a label have in any case.
const LEAST: usize = 12;

/// Texts joined for one diagnostic.
#[derive(Debug, Default)]
pub(super) struct Snippets {
    joined: String,
    parts: Vec<Part>,
    labels: Vec<LabeledSpan>,
}

/// A run of lines of one text.
#[derive(Debug)]
struct Part {
    title: String,
    start: usize,
    end: usize,
    /// Line and column of the first label, from 0.
    at: (usize, usize),
}

/// One label's line and columns in its text.
struct Spot<'a> {
    source: &'a SourceText,
    line: usize,
    span: Span,
    label: &'a Label,
}

impl Snippets {
    /// Joins the lines that these labels point at. `width` is the number of characters that a line may have.
    pub(super) fn new(labels: &[Label], width: usize) -> Self {
        let mut spots: Vec<Spot<'_>> = labels
            .iter()
            .filter_map(|label| match &label.place {
                Place::Text(source, span) => {
                    let span = source.clamp(*span);
                    Some(Spot { source, line: source.position(span.start).line, span, label })
                }
                Place::Commit(..) => None,
            })
            .collect();
        let order =
            |spot: &Spot<'_>| labels.iter().position(|label| same_source(label, spot.source)).unwrap_or_default();
        spots.sort_by_key(|spot| (order(spot), spot.span));
        let mut snippets = Self::default();
        for group in spots.chunk_by(|a, b| std::ptr::eq(a.source, b.source) && b.line <= a.line + 3) {
            snippets.add(group, width);
        }
        snippets
    }

    /// The labels, at their places in the joined text.
    pub(super) fn labels(&self) -> &[LabeledSpan] {
        &self.labels
    }

    fn add(&mut self, spots: &[Spot<'_>], width: usize) {
        let (Some(first), Some(last)) = (spots.first(), spots.last()) else { return };
        let source = first.source;
        let start = self.joined.len();
        for number in first.line..=last.line {
            let line = source.line(number).unwrap_or_default();
            let here: Vec<&Spot<'_>> = spots.iter().filter(|spot| spot.line == number).collect();
            self.add_line(source, line, &here, width);
        }
        let position = source.position(first.span.start);
        let title = crate::text::safe(source.title());
        self.parts.push(Part { title, start, end: self.joined.len(), at: (first.line - 1, position.column - 1) });
    }

    fn add_line(&mut self, source: &SourceText, line: Span, spots: &[&Spot<'_>], width: usize) {
        let text = source.slice(line);
        // A long line is shown from shortly before its first label.
        let anchor = spots.first().map_or(0, |spot| spot.span.start.saturating_sub(line.start));
        let long = text.chars().count() > width;
        let before = text[..anchor.min(text.len())].chars().count();
        let skip = if long && before > width / 3 { before - width / 3 } else { 0 };
        let mut offsets = vec![usize::MAX; text.len() + 1];
        let begin = self.joined.len();
        if skip > 0 {
            self.joined.push('…');
        }
        let mut shown = 0;
        for (at, (offset, character)) in text.char_indices().enumerate() {
            if at < skip {
                offsets[offset] = self.joined.len();
                continue;
            }
            offsets[offset] = self.joined.len();
            if shown >= width {
                break;
            }
            shown += push_safe(&mut self.joined, character);
        }
        let end = self.joined.len();
        if shown >= width {
            self.joined.push('…');
        }
        for offset in &mut offsets {
            *offset = (*offset).min(end);
        }
        for spot in spots {
            let to = |offset: usize| offsets[offset.saturating_sub(line.start).min(text.len())];
            let (from, until) = (to(spot.span.start), to(spot.span.end.min(line.end)));
            let label = crate::text::safe(&spot.label.text);
            // The words stand to the right of the middle of what they are about.
            let columns = |from: usize, until: usize| self.joined[from..until].chars().count();
            let middle = columns(begin, from) + columns(from, until.max(from)) / 2;
            let room = width.saturating_sub(middle).max(LEAST);
            let lines = wrapped(&label, " ", room);
            let lines: Vec<&str> = lines.lines().map(str::trim_start).collect();
            let label = Some(lines.join("\n")).filter(|label| !label.is_empty());
            self.labels.push(LabeledSpan::new(label, from, until.saturating_sub(from)));
        }
        self.joined.push('\n');
    }
}

fn same_source(label: &Label, source: &SourceText) -> bool {
    matches!(&label.place, Place::Text(other, _) if std::ptr::eq(other.as_ref(), source))
}

/// Pushes a character so that it cannot steer the terminal, and tells how many characters stand for it.
fn push_safe(out: &mut String, character: char) -> usize {
    let written: String = match character {
        '\t' => "    ".to_owned(),
        '[' if out.ends_with("##") => "\\[".to_owned(),
        _ if is_unsafe_to_show(character) => character.escape_unicode().collect(),
        _ => character.to_string(),
    };
    out.push_str(&written);
    written.chars().count()
}

impl SourceCode for Snippets {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let holds = |part: &&Part| part.start <= span.offset() && end <= part.end;
        // Labels of two texts are asked for together once; refusing keeps their snippets apart.
        let part = self.parts.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let text = &self.joined[part.start..part.end];
        let whole = SourceSpan::new(part.start.into(), text.len());
        let lines = text.lines().count();
        Ok(Box::new(MietteSpanContents::new_named(
            part.title.clone(),
            text.as_bytes(),
            whole,
            part.at.0,
            part.at.1,
            lines,
        )))
    }
}
