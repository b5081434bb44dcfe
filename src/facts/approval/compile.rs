//! Dialects, compiled: every expression once, every trailer's key in one table.

use regex::Regex;
use rustc_hash::FxHashMap;

use super::dialect::{Clue, Dialect, Grammar, Reads};
use super::found::{DialectId, Role};
use super::grammar::Cut;
use super::patterns::{Part, Pattern};
use super::robots::Robots;

/// Compiled size that one expression may have; generous for every dialect here, small for a hostile one.
const PATTERN_SIZE: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) source: Dialect,
    pub(super) author: Option<Regex>,
    pub(super) committer: Option<Regex>,
    pub(super) either: Option<Regex>,
    pub(super) all: Vec<usize>,
    pub(super) any: Vec<usize>,
    pub(super) none: Vec<usize>,
    pub(super) robots: Robots,
    pub(super) groups: Option<Regex>,
    pub(super) not_people: Option<Regex>,
}

#[derive(Debug)]
pub(super) struct CompiledClue {
    pub(super) dialect: DialectId,
    /// `None` for a clue that is only a condition.
    pub(super) role: Option<Role>,
    pub(super) matches: Option<Regex>,
    pub(super) key: Box<str>,
    pub(super) cut: Cut,
    pub(super) id_in_subject: bool,
    /// Names of the captures that its expression has.
    pub(super) captures: Vec<Box<str>>,
}

/// What is wrong with a dialect: its name, and a text that names the expression.
#[derive(Clone, Debug)]
pub struct BadDialect {
    /// Name of the dialect.
    pub dialect: String,
    /// What is wrong.
    pub message: String,
    /// The words in the file that are wrong.
    pub words: String,
}

/// What the clues of several dialects add up to.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) clues: Vec<CompiledClue>,
    pub(super) by_trailer: FxHashMap<String, Vec<usize>>,
    pub(super) texts: Vec<Pattern>,
}

impl Builder {
    pub(super) fn dialect(&mut self, id: DialectId, source: Dialect) -> Result<Compiled, BadDialect> {
        let name = source.dialect.clone();
        let compile = |text: &Option<String>| text.as_deref().map(|text| regex(&name, text)).transpose();
        let robots =
            Robots::compile(&source.robots).map_err(|message| bad(&name, &message, &source.robots.join("|")))?;
        let mut compiled = Compiled {
            author: compile(&source.when.author)?,
            committer: compile(&source.when.committer)?,
            groups: compile(&source.groups)?,
            not_people: compile(&source.not_people)?,
            either: compile(&source.when.either)?,
            all: Vec::new(),
            any: Vec::new(),
            none: Vec::new(),
            robots,
            source: source.clone(),
        };
        if source.reads != Reads::Message {
            return Ok(compiled);
        }
        for (clues, role) in [
            (&source.request, Some(Role::Request)),
            (&source.approvals, Some(Role::Approval)),
            (&source.later, Some(Role::Later)),
            (&source.authors, Some(Role::Author)),
            (&source.not_approvals, Some(Role::NotApproval)),
        ] {
            for clue in clues {
                self.clue(id, &name, clue, role)?;
            }
        }
        for clue in &source.when.all {
            compiled.all.push(self.clue(id, &name, clue, None)?);
        }
        for clue in &source.when.any {
            compiled.any.push(self.clue(id, &name, clue, None)?);
        }
        for clue in &source.when.none {
            compiled.none.push(self.clue(id, &name, clue, None)?);
        }
        Ok(compiled)
    }

    /// Takes over what another builder made of one dialect, behind the clues that are here already.
    pub(super) fn absorb(&mut self, other: Self, compiled: &mut Compiled) {
        let before = self.clues.len();
        self.clues.extend(other.clues);
        for (key, clues) in other.by_trailer {
            self.by_trailer.entry(key).or_default().extend(clues.iter().map(|clue| clue + before));
        }
        self.texts.extend(other.texts.into_iter().map(|text| Pattern { clue: text.clue + before, ..text }));
        for clue in [&mut compiled.all, &mut compiled.any, &mut compiled.none].into_iter().flatten() {
            *clue += before;
        }
    }

    fn clue(&mut self, id: DialectId, name: &str, clue: &Clue, role: Option<Role>) -> Result<usize, BadDialect> {
        let compile = |text: &Option<String>| text.as_deref().map(|text| regex(name, text)).transpose();
        let at = self.clues.len();
        let key = clue.trailer.as_deref().unwrap_or(match clue.people {
            _ if clue.subject.is_some() => "the subject",
            _ if clue.message.is_some() => "the text",
            Grammar::Name => "the text",
            _ => "a line",
        });
        self.clues.push(CompiledClue {
            dialect: id,
            role,
            matches: compile(&clue.matches)?,
            key: key.into(),
            cut: Cut { grammar: clue.people, split: compile(&clue.split)?, strip: compile(&clue.strip)? },
            id_in_subject: clue.id_in_subject,
            captures: Vec::new(),
        });
        let expression = match (&clue.trailer, &clue.line, &clue.subject, &clue.message) {
            (Some(key), None, None, None) => {
                self.by_trailer.entry(key.to_ascii_lowercase()).or_default().push(at);
                self.clues[at].matches.clone()
            }
            (None, Some(text), None, None) => Some(self.place(Part::Body, regex(name, text)?, at)),
            (None, None, Some(text), None) => Some(self.place(Part::Subject, regex(name, text)?, at)),
            (None, None, None, Some(text)) => Some(self.place(Part::Whole, regex(name, text)?, at)),
            _ => return Err(bad(name, "a clue looks at exactly one of trailer, line, subject and message", "")),
        };
        let captures = expression.iter().flat_map(Regex::capture_names).flatten();
        self.clues[at].captures = captures.map(Into::into).collect();
        Ok(at)
    }

    fn place(&mut self, part: Part, regex: Regex, clue: usize) -> Regex {
        self.texts.push(Pattern { part, regex: regex.clone(), clue });
        regex
    }
}

fn regex(dialect: &str, text: &str) -> Result<Regex, BadDialect> {
    regex::RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE)
        .multi_line(true)
        .crlf(true)
        .build()
        .map_err(|error| bad(dialect, &error.to_string(), text))
}

/// The error of a dialect; `words` are those in its file that are wrong.
pub(super) fn bad(dialect: &str, message: &str, words: &str) -> BadDialect {
    BadDialect { dialect: dialect.to_owned(), message: message.to_owned(), words: words.to_owned() }
}
