//! The rules of a test, compiled.

use super::{Compiler, Step};
use crate::facts::register::value::{Shape, Type};
use crate::policies::expression::{Expression, Scope, Template};
use crate::policies::test::{self, Ask, Overrun};
use crate::text::shown as shown_name;

/// Names that a check adds for the words of its rule: `within` knows when something was due and by how much it was
/// missed, `covered` what is not covered.
const OF_WITHIN: [(&str, Type); 2] = [("due", Type::When), ("late", Type::Text)];
const OF_COVERED: [(&str, Type); 3] = [("gap_start", Type::When), ("gap_end", Type::When), ("gap", Type::Text)];

/// A rule, ready to be asked.
#[derive(Debug)]
pub struct Rule {
    /// Position of the rule in its test.
    pub at: usize,
    /// From the item to what the rule is asked of.
    pub steps: Vec<Step>,
    /// It is asked only where this holds.
    pub only: Option<Expression>,
    /// What it asks.
    pub asked: Asked,
    /// The finding in one sentence.
    pub message: Template,
    /// What to do.
    pub fix: Template,
    /// What has to be done before it is due.
    pub todo: Option<Template>,
    /// The parameter that asks for it, and the words.
    pub documented: Option<(Option<String>, Template)>,
    /// The places of what happened.
    pub happened: Vec<Shown>,
    /// What followed from it.
    pub impact: Vec<Impact>,
}

/// Something that followed from what a finding tells.
#[derive(Debug)]
pub struct Impact {
    /// From what the rule is asked of to what it is told of.
    pub steps: Vec<Step>,
    /// It is told only where this holds.
    pub only: Option<Expression>,
    /// The words.
    pub text: Template,
    /// The first day of it.
    pub from: Option<Expression>,
    /// The last day of it.
    pub to: Option<Expression>,
}

/// What a rule asks.
#[derive(Debug)]
pub enum Asked {
    /// That a condition holds.
    Each(Box<Expression>),
    /// That something was done by the time it was due.
    Within {
        /// When it was due.
        due: Box<Expression>,
        /// When it was done.
        done: Box<Expression>,
        /// Until when the records show what was done.
        shown_until: Option<Box<Expression>>,
        /// What is found; both where nothing is said.
        finds: Option<Overrun>,
    },
    /// That every day is covered.
    Covered(Box<Covered>),
}

/// What covers, and what must be covered.
#[derive(Debug)]
pub struct Covered {
    /// Where each cover begins.
    pub starts: Expression,
    /// Where each ends.
    pub ends: Option<Expression>,
    /// How long each lasts.
    pub lasts: Option<Expression>,
    /// First day that must be covered.
    pub from: Option<Expression>,
    /// Last day that must be covered.
    pub to: Option<Expression>,
}

/// A place that a finding shows.
#[derive(Debug)]
pub struct Shown {
    /// Slot of the record.
    pub slot: usize,
    /// Field of the record; all of it if not given.
    pub field: Option<String>,
    /// The words.
    pub text: Template,
}

/// The checks of records, by the names that rules give them.
pub const CHECKS: [&str; 3] = ["each", "within", "covered"];

impl Compiler<'_> {
    /// That the parameters exist which a rule names: one that waits for another is never asked.
    pub(super) fn named_parameters(&mut self, rule: &test::Rule, pointer: &str, parameters: &Shape) {
        let needed = rule.needs.iter().enumerate().map(|(at, name)| (format!("{pointer}/needs/{at}"), name));
        let shown = rule.documented.as_ref().and_then(|documented| documented.parameter.as_ref());
        for (pointer, name) in needed.chain(shown.map(|name| (format!("{pointer}/documented/parameter"), name))) {
            if parameters.position(name).is_none() {
                let names: Vec<&str> = parameters.fields.iter().map(|field| field.name.as_str()).collect();
                let help = if names.is_empty() { "it has none".to_owned() } else { names.join(", ") };
                let message = format!("the test has no parameter {}", shown_name(name));
                self.fault_of("documents/unknown-value", &pointer, message, Some(format!("its parameters: {help}")));
            }
        }
    }

    pub(super) fn rule(&mut self, rule: &test::Rule, pointer: &str, scope: &Scope) -> Option<Rule> {
        let mut scope = scope.clone();
        let steps = self.steps(&rule.of, &format!("{pointer}/of"), &mut scope);
        let Some(ask) = &rule.ask else {
            self.fault(pointer, "a rule of records has `ask`".to_owned(), None);
            return None;
        };
        let of_ask = format!("{pointer}/ask");
        let only = ask.only.as_deref().and_then(|text| self.condition(&format!("{of_ask}/where"), text, &scope));
        if !CHECKS.contains(&rule.check.as_str()) {
            let message = format!("no check of records is called {}", shown_name(&rule.check));
            let help = Some(format!("the checks are: {}", CHECKS.join(", ")));
            self.fault_of("documents/unknown-value", &format!("{pointer}/check"), message, help);
        }
        self.without_meaning_for(&rule.check, ask, &of_ask);
        let asked = self.asked(&rule.check, ask, &of_ask, &scope);
        let more: &[(&str, Type)] = match rule.check.as_str() {
            "within" => &OF_WITHIN,
            "covered" => &OF_COVERED,
            _ => &[],
        };
        let scope = more.iter().fold(scope, |scope, (name, kind)| scope.with(name, kind.clone()));
        let todo = rule.todo.as_deref().and_then(|text| self.template(&format!("{pointer}/todo"), text, &scope));
        let message = self.template(&format!("{pointer}/message"), &rule.message, &scope);
        let fix = self.template(&format!("{pointer}/fix"), rule.fix.trim(), &scope);
        let documented = rule.documented.as_ref().and_then(|documented| {
            let text = self.template(&format!("{pointer}/documented/text"), &documented.text, &scope)?;
            Some((documented.parameter.clone(), text))
        });
        let mut happened = Vec::new();
        for (at, one) in rule.happened.iter().enumerate() {
            happened.extend(self.shown(one, &format!("{pointer}/happened/{at}"), &scope));
        }
        let at = pointer.rsplit('/').next().and_then(|at| at.parse().ok())?;
        let impact = self.impact(&rule.impact, pointer, &scope);
        let (message, fix) = (message?, fix?);
        Some(Rule { at, steps, only, asked: asked?, message, fix, todo, documented, happened, impact })
    }

    fn impact(&mut self, all: &[test::Impact], pointer: &str, scope: &Scope) -> Vec<Impact> {
        let mut impact = Vec::new();
        for (at, one) in all.iter().enumerate() {
            let pointer = format!("{pointer}/impact/{at}");
            let mut scope = scope.clone();
            // A finding stands without what followed from it, so no test waits for a register that only tells of that.
            let needed = self.used.len();
            let steps = self.steps(&one.of, &format!("{pointer}/of"), &mut scope);
            self.used.truncate(needed);
            let only = one.only.as_deref().and_then(|text| self.condition(&format!("{pointer}/where"), text, &scope));
            let from = self.optional(&format!("{pointer}/from"), one.from.as_deref(), &scope, &Type::When);
            let to = self.optional(&format!("{pointer}/to"), one.to.as_deref(), &scope, &Type::When);
            let text = self.template(&format!("{pointer}/text"), &one.text, &scope);
            impact.extend(text.map(|text| Impact { steps, only, text, from, to }));
        }
        impact
    }

    /// Keys that a check takes no notice of, so that what they ask for would not be asked.
    fn without_meaning_for(&mut self, check: &str, ask: &Ask, pointer: &str) {
        let keys = [
            ("require", ask.require.is_some(), "each"),
            ("due", ask.due.is_some(), "within"),
            ("done", ask.done.is_some(), "within"),
            ("finds", ask.finds.is_some(), "within"),
            ("shown_until", ask.shown_until.is_some(), "within"),
            ("starts", ask.starts.is_some(), "covered"),
            ("ends", ask.ends.is_some(), "covered"),
            ("lasts", ask.lasts.is_some(), "covered"),
            ("from", ask.from.is_some(), "covered"),
            ("to", ask.to.is_some(), "covered"),
        ];
        for (key, given, of) in keys {
            if given && of != check && CHECKS.contains(&check) {
                let message = format!("the check {check} asks nothing of `{key}`");
                self.fault_of("documents/unknown-key", &format!("{pointer}/{key}"), message, None);
            }
        }
    }

    fn asked(&mut self, check: &str, ask: &Ask, pointer: &str, scope: &Scope) -> Option<Asked> {
        let needed = |compiler: &mut Self, key: &str, text: Option<&String>| {
            if text.is_none() {
                compiler.fault(pointer, format!("the check {check} needs `{key}`"), None);
            }
            text.cloned()
        };
        match check {
            "each" => {
                let text = needed(self, "require", ask.require.as_ref())?;
                self.condition(&format!("{pointer}/require"), &text, scope)
                    .map(|condition| Asked::Each(Box::new(condition)))
            }
            "within" => {
                let (due, done) = (needed(self, "due", ask.due.as_ref()), needed(self, "done", ask.done.as_ref()));
                let due = self.optional(&format!("{pointer}/due"), due.as_deref(), scope, &Type::When)?;
                let done = self.optional(&format!("{pointer}/done"), done.as_deref(), scope, &Type::When)?;
                let until = ask.shown_until.as_deref();
                let shown_until = self.optional(&format!("{pointer}/shown_until"), until, scope, &Type::When);
                let shown_until = shown_until.map(Box::new);
                Some(Asked::Within { due: Box::new(due), done: Box::new(done), shown_until, finds: ask.finds })
            }
            "covered" => {
                let moments = Type::List(std::sync::Arc::new(Type::When));
                let starts = needed(self, "starts", ask.starts.as_ref());
                let starts = self.optional(&format!("{pointer}/starts"), starts.as_deref(), scope, &moments)?;
                let mut part = |key: &str, text: &Option<String>, kind: &Type| {
                    self.optional(&format!("{pointer}/{key}"), text.as_deref(), scope, kind)
                };
                let ends = part("ends", &ask.ends, &moments);
                let lasts = part("lasts", &ask.lasts, &Type::Length);
                let (from, to) = (part("from", &ask.from, &Type::When), part("to", &ask.to, &Type::When));
                if ask.ends.is_some() == ask.lasts.is_some() {
                    self.fault(pointer, "the check covered needs either `ends` or `lasts`".to_owned(), None);
                }
                Some(Asked::Covered(Box::new(Covered { starts, ends, lasts, from, to })))
            }
            // That there is no such check was said where it is named.
            _ => None,
        }
    }

    fn shown(&mut self, one: &test::Happened, pointer: &str, scope: &Scope) -> Option<Shown> {
        let text = self.template(&format!("{pointer}/text"), &one.text, scope)?;
        let (name, field) = one.at.split_once('.').map_or((one.at.as_str(), None), |(name, field)| (name, Some(field)));
        let Some(slot) = scope.slot(name) else {
            if self.broken.iter().any(|broken| broken == name) {
                return None;
            }
            self.fault(&format!("{pointer}/at"), format!("no step is called {name}"), None);
            return None;
        };
        match (scope.kind(slot), field) {
            (Some(Type::Record(shape)), Some(field)) if shape.position(field).is_none() => {
                self.fault(&format!("{pointer}/at"), format!("{} has no field {field}", shape.name), None);
                None
            }
            (Some(Type::Record(_)), _) => Some(Shown { slot, field: field.map(str::to_owned), text }),
            _ => {
                self.fault(&format!("{pointer}/at"), format!("{name} is no record"), None);
                None
            }
        }
    }
}
