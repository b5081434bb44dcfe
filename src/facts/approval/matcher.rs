//! Dialects, compiled together, and what one pass over a commit's message finds for all of them.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::compile::{BadDialect, Builder, Compiled, CompiledClue, bad};
use super::dialect::{Dialect, Parents};
use super::found::{DialectId, Discount, Found, GivenFor, Role, Seen, forget_what_nobody_mistakes};
use super::grammar::people;
use super::patterns::Patterns;
use super::robots::Robots;
use crate::facts::person::Person;
use crate::sources::trailers::{Message, Reading, Trailer};
use crate::text::Span;

/// The parts of a commit that dialects look at.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// Author, as `Name <address>`.
    pub author: &'a str,
    /// Committer, as `Name <address>`.
    pub committer: &'a str,
    /// Number of parents.
    pub parents: usize,
    /// Message, cut into its parts.
    pub message: &'a Message<'a>,
}

/// Dialects compiled for matching.
#[derive(Debug)]
pub struct Matcher {
    dialects: Vec<Compiled>,
    clues: Vec<CompiledClue>,
    by_trailer: FxHashMap<String, Vec<usize>>,
    texts: Patterns,
    robots: Robots,
}

/// Where a clue was hit.
#[derive(Clone, Copy, Debug)]
enum Hit {
    Trailer(usize),
    Text(usize),
}

impl Matcher {
    /// Compiles dialects, in order of their rank.
    ///
    /// # Errors
    /// A regular expression cannot be compiled, is too large, or a clue looks nowhere.
    pub fn new(mut dialects: Vec<Dialect>, robots: Robots) -> Result<Self, BadDialect> {
        dialects.sort_by(|a, b| (a.rank, &a.dialect).cmp(&(b.rank, &b.dialect)));
        // Compiling the expressions is most of what a run on a small repository takes.
        let build = |(at, dialect): (usize, Dialect)| {
            let too_many = |_| bad(&dialect.dialect, "there are more than 256 dialects", "");
            let id = DialectId::try_from(at).map_err(too_many)?;
            let mut builder = Builder::default();
            Ok((builder.dialect(id, dialect)?, builder))
        };
        let built: Vec<Result<(Compiled, Builder), BadDialect>> =
            dialects.into_par_iter().enumerate().map(build).collect();
        let (mut builder, mut compiled) = (Builder::default(), Vec::with_capacity(built.len()));
        for one in built {
            let (mut dialect, own) = one?;
            builder.absorb(own, &mut dialect);
            compiled.push(dialect);
        }
        Ok(Self {
            dialects: compiled,
            texts: Patterns::new(builder.texts).map_err(|message| bad("all", &message, ""))?,
            clues: builder.clues,
            by_trailer: builder.by_trailer,
            robots,
        })
    }

    /// The dialect of an index.
    #[must_use]
    pub fn dialect(&self, id: DialectId) -> &Dialect {
        &self.dialects[usize::from(id)].source
    }

    /// All dialects, in order of their rank.
    pub fn dialects(&self) -> impl Iterator<Item = (DialectId, &Dialect)> {
        self.dialects.iter().enumerate().map(|(at, dialect)| (at as DialectId, &dialect.source))
    }

    /// Why a person named in a dialect is none, if so.
    #[must_use]
    pub fn discount(&self, dialect: DialectId, person: &Person) -> Option<Discount> {
        let own = &self.dialects[usize::from(dialect)];
        let token = person.login.as_deref().or(person.name.as_deref()).unwrap_or_default();
        if own.groups.as_ref().is_some_and(|groups| groups.is_match(token)) {
            Some(Discount::Group)
        } else if self.robots.is_robot(person) || own.robots.is_robot(person) {
            Some(Discount::Robot)
        } else if own.not_people.as_ref().is_some_and(|words| words.is_match(token)) {
            Some(Discount::NotAPerson)
        } else {
            None
        }
    }

    /// Whether the words that a person was read from say that it is nobody, as a remark behind the name may.
    fn names_nobody(&self, dialect: DialectId, words: &str) -> Option<Discount> {
        let not_people = self.dialects[usize::from(dialect)].not_people.as_ref()?;
        not_people.is_match(words).then_some(Discount::NotAPerson)
    }

    /// Whether a person is one of the robots that every project knows.
    #[must_use]
    pub fn is_robot(&self, person: &Person) -> bool {
        self.robots.is_robot(person)
    }

    /// Everything that the dialects find in one commit, in order of rank.
    #[must_use]
    pub fn read(&self, commit: Commit<'_>) -> Vec<Found> {
        let message = commit.message;
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        let mut key = String::new();
        for (at, trailer) in message.trailers.iter().enumerate() {
            key.clear();
            key.extend(message.slice(trailer.key).chars().map(|letter| letter.to_ascii_lowercase()));
            for &clue in self.by_trailer.get(&key).map(Vec::as_slice).unwrap_or_default() {
                let matches = self.clues[clue].matches.as_ref();
                if matches.is_none_or(|regex| regex.is_match(message.slice(trailer.value))) {
                    hits.push((clue, Hit::Trailer(at)));
                }
            }
        }
        hits.extend(self.texts.matches(message).into_iter().map(|at| (self.texts.get(at).clue, Hit::Text(at))));
        if hits.is_empty() {
            return Vec::new();
        }
        self.interpret(commit, &mut hits)
    }

    fn interpret(&self, commit: Commit<'_>, hits: &mut [(usize, Hit)]) -> Vec<Found> {
        hits.sort_by_key(|(clue, _)| self.clues[*clue].dialect);
        let mut found: Vec<Found> = Vec::new();
        for group in hits.chunk_by(|(a, _), (b, _)| self.clues[*a].dialect == self.clues[*b].dialect) {
            let id = self.clues[group[0].0].dialect;
            if self.applies(id, commit, group) {
                for &(clue, hit) in group {
                    self.take(commit.message, &self.clues[clue], hit, &mut found);
                }
            }
        }
        forget_what_nobody_mistakes(&mut found);
        found
    }

    fn applies(&self, id: DialectId, commit: Commit<'_>, hits: &[(usize, Hit)]) -> bool {
        let dialect = &self.dialects[usize::from(id)];
        let hit = |clue: &usize| hits.iter().any(|(found, _)| found == clue);
        let parents =
            dialect.source.when.parents.is_none_or(|wanted| (wanted == Parents::Many) == (commit.parents > 1));
        parents
            && dialect.author.as_ref().is_none_or(|regex| regex.is_match(commit.author))
            && dialect.committer.as_ref().is_none_or(|regex| regex.is_match(commit.committer))
            && dialect
                .either
                .as_ref()
                .is_none_or(|regex| regex.is_match(commit.author) || regex.is_match(commit.committer))
            && dialect.all.iter().all(hit)
            && (dialect.any.is_empty() || dialect.any.iter().any(hit))
            && !dialect.none.iter().any(hit)
    }

    fn take(&self, message: &Message<'_>, clue: &CompiledClue, hit: Hit, found: &mut Vec<Found>) {
        let Some(role) = clue.role else { return };
        match hit {
            Hit::Trailer(at) => {
                let trailer = message.trailers[at];
                let value = message.slice(trailer.value);
                let captures = clue.matches.as_ref().and_then(|regex| regex.captures(value));
                let (seen, offset) = (seen(message.reading), trailer.value.start);
                self.enter(message, clue, role, (captures, value, offset), (seen, Some(trailer)), found);
            }
            Hit::Text(at) => {
                let pattern = self.texts.get(at);
                let part = pattern.part.of(message);
                for captures in pattern.regex.captures_iter(message.slice(part)) {
                    let all = captures.get(0).map_or("", |all| all.as_str());
                    self.enter(message, clue, role, (Some(captures), all, part.start), (Seen::Text, None), found);
                }
            }
        }
    }

    /// Enters what one match says: a request, or each of the persons that it names.
    fn enter(
        &self,
        message: &Message<'_>,
        clue: &CompiledClue,
        role: Role,
        (captures, value, offset): (Option<regex::Captures<'_>>, &str, usize),
        (seen, trailer): (Seen, Option<Trailer>),
        found: &mut Vec<Found>,
    ) {
        let named = |name: &str| captures.as_ref().and_then(|captures| captures.name(name));
        // An alternative of the expression without the capture is there to pass over words that must not be read.
        let passes_over = |name: &str| named(name).is_none() && clue.captures.iter().any(|known| **known == *name);
        if passes_over(if role == Role::Request { "id" } else { "by" }) {
            return;
        }
        if let (true, Some(id)) = (clue.id_in_subject, named("id"))
            && !has_number(message.slice(message.subject), id.as_str())
        {
            return;
        }
        let place = captures.as_ref().and_then(|captures| captures.get(0)).map_or(offset, |all| offset + all.start());
        // A subject may name the request of the pick itself.
        let above = |picked: usize| (message.body.start..picked).contains(&place);
        let inherited = trailer.map_or_else(|| message.picked.is_some_and(above), |trailer| trailer.inherited);
        let blank = Found {
            dialect: clue.dialect,
            role,
            person: None,
            id: named("id").map(|id| id.as_str().into()),
            at: None,
            span: Span::default(),
            seen,
            key: trailer.map_or_else(|| clue.key.clone(), |trailer| message.slice(trailer.key).into()),
            discount: inherited.then_some(Discount::Inherited),
            record: None,
            envelope: None,
            given_for: named("commit").map(|commit| GivenFor::Named(commit.as_str().into())),
            noted: None,
        };
        if role == Role::Request {
            if !inherited {
                let span = captures.as_ref().and_then(|captures| captures.get(0));
                let span = span.map_or(Span::new(offset, offset + value.len()), |all| {
                    Span::new(offset + all.start(), offset + all.end())
                });
                found.push(Found { span, ..blank });
            }
            return;
        }
        if matches!(role, Role::NotApproval | Role::Later) {
            if role == Role::Later && (inherited || blank.given_for.is_none()) {
                return;
            }
            let start = trailer.map_or(offset, |trailer| trailer.key.start);
            found.push(Found { span: Span::new(start, offset + value.len()), ..blank });
            return;
        }
        let (words, start) = named("by").map_or((value, offset), |by| (by.as_str(), offset + by.start()));
        self.enter_people(message, clue, (words, start), &blank, trailer, found);
    }

    /// Enters each of the persons that some words name, like `blank` in everything else.
    fn enter_people(
        &self,
        message: &Message<'_>,
        clue: &CompiledClue,
        (words, start): (&str, usize),
        blank: &Found,
        trailer: Option<Trailer>,
        found: &mut Vec<Found>,
    ) {
        for written in people(words, start, &clue.cut) {
            let own = || self.discount(clue.dialect, &written.person);
            let remark = || self.names_nobody(clue.dialect, message.slice(written.span));
            let discount = blank.discount.clone().or_else(own).or_else(remark);
            if blank.role == Role::Author && matches!(discount, Some(Discount::Group | Discount::NotAPerson)) {
                continue;
            }
            let span = trailer.map_or(written.span, |trailer| Span::new(trailer.key.start, written.span.end));
            found.push(Found { person: Some(written.person), span, discount, ..blank.clone() });
        }
    }
}

const fn seen(reading: Reading) -> Seen {
    match reading {
        Reading::Strict => Seen::Strict,
        Reading::Lenient => Seen::Lenient,
    }
}

/// Whether `#12` stands in a subject as a number of its own, not as the start of `#123`.
fn has_number(subject: &str, id: &str) -> bool {
    let mark = format!("#{id}");
    let behind = |at: usize| subject.as_bytes().get(at + mark.len());
    subject.match_indices(&mark).any(|(at, _)| !behind(at).is_some_and(u8::is_ascii_digit))
}
