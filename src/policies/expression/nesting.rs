//! How deep the parts of an expression stand inside each other, counted before anything calls itself.

use super::complaint::Complaint;
use super::mark::Mark;
use super::{MAX_DEPTH, MAX_LINKS};
use crate::text::Span;

/// What is open at one token.
#[derive(Debug)]
pub(super) struct Nesting {
    levels: Vec<Level>,
    /// Links that stand above the token, of all levels that are open.
    links: usize,
    /// Brackets and choices that are open.
    deep: usize,
    last: Span,
    /// Whether a value may have ended before the token.
    ended: bool,
}

/// The inside of one bracket. Commas divide it into parts, and a part is divided into terms by the operators that bind
/// least, `&&`, `||`, `?` and `:`. Of a part only the deepest term counts, and of a bracket only the deepest part.
#[derive(Debug, Default)]
struct Level {
    /// Operators, dots and indexes of this term: each may stand above all that was before it.
    links: usize,
    /// Depth of the deepest bracket in this term.
    below: usize,
    /// Depth of the deepest term before it.
    term: usize,
    /// Operators between the terms of this part.
    between: usize,
    /// Depth of the deepest part before it.
    part: usize,
    /// Choices of this part.
    choices: usize,
    /// Choices whose other side has not begun.
    asked: Vec<Span>,
}

impl Default for Nesting {
    fn default() -> Self {
        Self { levels: vec![Level::default()], links: 0, deep: 0, last: Span::default(), ended: false }
    }
}

impl Nesting {
    pub(super) fn add(&mut self, mark: Mark, written: &str, span: Span) -> Result<(), Complaint> {
        self.last = span;
        match mark {
            Mark::Open => {
                if self.ended && written == "[" {
                    self.link(written, span)?;
                }
                self.levels.push(Level::default());
                self.deep += 1;
            }
            Mark::Close => {
                self.end_part()?;
                self.deep -= 1;
                let inside = self.levels.pop().unwrap_or_default().part + 1;
                if let Some(level) = self.levels.last_mut() {
                    level.below = level.below.max(inside);
                }
            }
            Mark::Comma => self.end_part()?,
            Mark::Dot | Mark::Sign => self.link(written, span)?,
            Mark::Word | Mark::Number | Mark::Quoted => {}
        }
        self.ended = mark.ends_operand();
        let below = self.levels.last().map_or(0, |level| level.below);
        self.check(below)
    }

    pub(super) fn end(mut self) -> Result<(), Complaint> {
        self.end_part()
    }

    fn link(&mut self, written: &str, span: Span) -> Result<(), Complaint> {
        let Some(level) = self.levels.last_mut() else { return Ok(()) };
        self.links += 1;
        if !matches!(written, "&&" | "||" | "?" | ":") {
            level.links += 1;
            return Ok(());
        }
        self.links -= level.links;
        level.end_term();
        level.between += 1;
        match written {
            "?" => {
                self.deep += 1;
                level.choices += 1;
                level.asked.push(span);
            }
            ":" if level.asked.pop().is_none() => {
                let message = "`:` begins the other side of a choice, and there is none";
                return Err(Complaint::new(span, message, "not expected here").help(CHOICE));
            }
            _ => {}
        }
        Ok(())
    }

    /// A part of the innermost bracket ends.
    fn end_part(&mut self) -> Result<(), Complaint> {
        let Some(level) = self.levels.last_mut() else { return Ok(()) };
        if let Some(&asked) = level.asked.last() {
            let message = "a choice has two sides, and the other one is missing";
            return Err(Complaint::new(asked, message, "it is asked here").help(CHOICE));
        }
        self.links -= level.links + level.between;
        self.deep -= level.choices;
        level.end_term();
        level.part = level.part.max(level.between + level.term);
        (level.between, level.term, level.choices) = (0, 0, 0);
        let deepest = level.part;
        self.check(deepest)
    }

    /// Whether something so deep below the links that are open is within the limits.
    fn check(&self, below: usize) -> Result<(), Complaint> {
        if self.deep > MAX_DEPTH || self.links + self.levels.len() + below > MAX_LINKS {
            let message = "parts of this expression stand too deep inside each other";
            return Err(Complaint::new(self.last, message, "the limit is passed here").help("give parts of it names"));
        }
        Ok(())
    }
}

impl Level {
    fn end_term(&mut self) {
        self.term = self.term.max(self.links + self.below);
        (self.links, self.below) = (0, 0);
    }
}

const CHOICE: &str = "a choice is written: condition ? one : other";

#[cfg(test)]
mod tests {
    use super::super::tokens::Tokens;

    #[test]
    fn only_what_stands_inside_each_other_counts() {
        let read = |text: String| Tokens::of(&text).is_ok();
        assert!(read("a.b == c && ".repeat(100) + "d"));
        assert!(read(format!("[{}1]", "a.b.c.d, ".repeat(400))));
        assert!(read(format!("{}1{}", "(".repeat(64), ")".repeat(64))));
        assert!(!read(format!("{}1{}", "(".repeat(65), ")".repeat(65))));
        assert!(read(format!("a{}", ".b".repeat(120))));
        assert!(!read(format!("a{}", ".b".repeat(130))));
        assert!(!read(format!("a{}", "[0]".repeat(130))));
        assert!(!read(format!("a{}{}", ".b".repeat(70), " && c".repeat(70))));
        assert!(!read(format!("{}a{}{}", "(".repeat(60), ")".repeat(60), ".b".repeat(80))));
        assert!(!read(format!("{}a{}", "(x + y.z + ".repeat(50), ")".repeat(50))));
        assert!(!read("a ? b : ".repeat(65) + "c"));
    }
}
