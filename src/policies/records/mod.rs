//! A test of records, compiled: its steps and rules with every expression checked, once for all controls that name it.

mod rules;
mod steps;

use std::sync::Arc;

pub use rules::{Asked, CHECKS, Impact, Rule, Shown};
pub use steps::{Kind, Snapshot, Step, Which};

use super::expression::{Context, Expression, Scope, Template};
use super::test::{Items, Test};
use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::register::files;
use crate::facts::register::store::Registers;
use crate::facts::register::value::{FieldShape, Record, Shape, Type};
use crate::sources::yaml::YamlDocument;
use crate::text::Span;

/// What every expression of a test may name.
pub const GIVEN: [&str; 8] =
    ["control", "as_of", "period_start", "period_end", "controls", "control_id", "exports", "known_at"];

/// A test of records, ready to be run.
#[derive(Debug)]
pub struct RecordTest {
    /// The shape of a control's parameters.
    pub parameters: Arc<Shape>,
    /// From the first record to the item.
    pub steps: Vec<Step>,
    /// The event that places an item in the period.
    pub at: Option<Expression>,
    /// When an item happened, where `at` does not say it.
    judged_at: Option<Expression>,
    /// The day under which reports show an item, where neither says it.
    dated: Option<Expression>,
    /// When an item was done.
    pub done: Option<Expression>,
    /// How people name an item.
    pub name: Template,
    /// What identifies it.
    pub key: Template,
    /// Who has to act next.
    pub owner: Option<Expression>,
    /// What is left out, with the reason.
    pub exclude: Vec<(Expression, String)>,
    /// The rules, in the order of the test's own.
    pub rules: Vec<Rule>,
    registers: Vec<Use>,
}

/// One place at which a test reads a register.
#[derive(Debug)]
struct Use {
    register: String,
    optional: bool,
    /// The rule that reads it; `None` of the items themselves.
    rule: Option<usize>,
}

/// Compiles expressions of one test, and keeps what is wrong with them.
struct Compiler<'a> {
    document: &'a YamlDocument,
    registers: &'a Registers,
    faults: Vec<Fault>,
    used: Vec<Use>,
    /// The rule that is compiled.
    rule: Option<usize>,
    /// Names of steps that have a fault.
    broken: Vec<String>,
}

impl RecordTest {
    /// Compiles a test.
    ///
    /// # Errors
    /// Everything that is wrong with its steps and expressions, each at its place.
    pub fn compile(test: &Test, items: &Items, registers: &Registers) -> Result<Self, Vec<Fault>> {
        let Some(document) = test.origin.document() else { return Err(Vec::new()) };
        let (faults, used, broken) = (Vec::new(), Vec::new(), Vec::new());
        let mut compiler = Compiler { document: &document, registers, faults, used, rule: None, broken };
        let parameters = test.shape();
        let mut scope = Scope::default()
            .with(GIVEN[0], Type::Record(Arc::clone(&parameters)))
            .with(GIVEN[1], Type::When)
            .with(GIVEN[2], Type::When)
            .with(GIVEN[3], Type::When)
            .with(GIVEN[4], Type::List(Arc::new(Type::Text)))
            .with(GIVEN[5], Type::Text)
            .with(GIVEN[6], Type::List(Arc::new(Type::Record(files::export_shape()))))
            .with(GIVEN[7], Type::When);
        if let Some(people) = registers.get("people") {
            scope = scope.with_people(Arc::clone(&people.shape));
        }
        let steps = compiler.steps(&items.steps, "/items/steps", &mut scope);
        let at = compiler.optional("/items/at", items.at.as_deref(), &scope, &Type::When);
        let judged_at = compiler.optional("/items/judged_at", items.judged_at.as_deref(), &scope, &Type::When);
        let dated = compiler.optional("/items/dated", items.dated.as_deref(), &scope, &Type::When);
        let done = compiler.optional("/items/done", items.done.as_deref(), &scope, &Type::When);
        let owner = compiler.optional("/items/owner", items.owner.as_deref(), &scope, &Type::Person);
        let name = compiler.template("/items/name", &items.name, &scope);
        let key = compiler.template("/items/key", &items.key, &scope);
        let mut exclude = Vec::new();
        for (at, one) in items.exclude.iter().enumerate() {
            let condition = compiler.condition(&format!("/items/exclude/{at}/when"), &one.when, &scope);
            exclude.extend(condition.map(|condition| (condition, one.why.clone())));
        }
        let mut rules = Vec::new();
        for (at, rule) in test.rules.iter().enumerate() {
            compiler.rule = Some(at);
            let pointer = format!("/rules/{at}");
            compiler.named_parameters(rule, &pointer, &parameters);
            rules.extend(compiler.rule(rule, &pointer, &scope));
        }
        let broken = |fault: &Fault| compiler.broken.iter().any(|name| name == fault.source.slice(fault.span));
        let follows = |fault: &Fault| fault.rule == "documents/bad-expression" && broken(fault);
        compiler.faults.retain(|fault| !follows(fault));
        match (name, key, compiler.faults) {
            (Some(name), Some(key), faults) if faults.is_empty() => {
                let registers = compiler.used;
                Ok(Self { parameters, steps, at, judged_at, dated, done, name, key, owner, exclude, rules, registers })
            }
            (_, _, faults) => Err(faults),
        }
    }

    /// When an item happened, for the version of the control that judges it.
    #[must_use]
    pub fn judged_at(&self) -> Option<&Expression> {
        self.judged_at.as_ref().or(self.at.as_ref())
    }

    /// When an item happened or began, for reports.
    #[must_use]
    pub fn dated(&self) -> Option<&Expression> {
        self.dated.as_ref().or_else(|| self.judged_at())
    }

    /// Registers that are read where some of the rules are asked, each with whether it may be missing. `asked` is told
    /// the position of a rule.
    #[must_use]
    pub fn registers(&self, asked: impl Fn(usize) -> bool) -> Vec<(&str, bool)> {
        let mut read: Vec<(&str, bool)> = Vec::new();
        for used in self.registers.iter().filter(|used| used.rule.is_none_or(&asked)) {
            match read.iter_mut().find(|(known, _)| *known == used.register) {
                Some((_, optional)) => *optional &= used.optional,
                None => read.push((&used.register, used.optional)),
            }
        }
        read
    }

    /// What a control states, for expressions.
    #[must_use]
    pub fn stated(&self, control: &Control, context: &Context<'_>) -> Record {
        super::test::stated(&self.parameters, control, context)
    }
}

/// The shape of a cycle.
#[must_use]
pub fn cycle_shape() -> Arc<Shape> {
    let field = |name: &str, kind: Type| FieldShape { name: name.to_owned(), kind, required: true };
    Shape::new("cycle", vec![field("name", Type::Text), field("start", Type::When), field("end", Type::When)])
}

impl Compiler<'_> {
    fn expression(&mut self, pointer: &str, text: &str, scope: &Scope) -> Option<Expression> {
        let place = self.document.span(pointer).unwrap_or_default();
        let compiled = Expression::compile(text, &self.document.source, place, scope);
        compiled.map_err(|fault| self.faults.push(fault)).ok()
    }

    fn condition(&mut self, pointer: &str, text: &str, scope: &Scope) -> Option<Expression> {
        let place = self.document.span(pointer).unwrap_or_default();
        let compiled = Expression::compile_condition(text, &self.document.source, place, scope);
        compiled.map_err(|fault| self.faults.push(fault)).ok()
    }

    fn template(&mut self, pointer: &str, text: &str, scope: &Scope) -> Option<Template> {
        let place = self.document.span(pointer).unwrap_or_default();
        let compiled = Template::compile(text, &self.document.source, place, scope);
        compiled.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// An expression of a type that may be left out.
    fn optional(&mut self, pointer: &str, text: Option<&str>, scope: &Scope, kind: &Type) -> Option<Expression> {
        let compiled = self.expression(pointer, text?, scope)?;
        if compiled.kind() == kind || *compiled.kind() == Type::Null {
            return Some(compiled);
        }
        let message = format!("{} is expected here, and this is {}", words(kind), words(compiled.kind()));
        self.fault(pointer, message, None);
        None
    }

    fn fault(&mut self, pointer: &str, message: String, help: Option<String>) {
        self.fault_of("documents/bad-expression", pointer, message, help);
    }

    fn fault_of(&mut self, rule: &'static str, pointer: &str, message: String, help: Option<String>) {
        self.faults.push(Fault {
            rule,
            message,
            label: "here".to_owned(),
            help,
            source: Arc::clone(&self.document.source),
            span: self.place(pointer),
            other: None,
        });
    }
}

impl Compiler<'_> {
    /// What is written at a pointer, if it stands on one line; otherwise the key that leads to it.
    fn place(&self, pointer: &str) -> Span {
        let value = self.document.span(pointer).filter(|span| !self.document.source.slice(*span).contains('\n'));
        value.or_else(|| self.document.entry_span(pointer)).unwrap_or_default()
    }
}

/// A type in plain words.
fn words(kind: &Type) -> &'static str {
    match kind {
        Type::Null => "nothing",
        Type::Bool => "a condition",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Text | Type::Choice(_) => "a text",
        Type::Person => "a person",
        Type::When => "a day or an instant",
        Type::Length => "a length of time",
        Type::File => "a file",
        Type::List(_) => "a list",
        Type::Record(_) => "a record",
        Type::Map(_) => "values by name",
    }
}
