//! The steps of a test, compiled.

use std::sync::Arc;

use super::{Compiler, Use, cycle_shape};
use crate::facts::register::value::{Shape, Type};
use crate::policies::expression::{Expression, Scope};
use crate::policies::test;
use crate::text::shown;

/// One step: what it adds to what is known.
#[derive(Debug)]
pub struct Step {
    /// What it does.
    pub kind: Kind,
    /// Only that for which this holds. Of `Each` and `All` the record is known by the name of the step.
    pub only: Option<Expression>,
}

/// What a step does.
#[derive(Debug)]
pub enum Kind {
    /// Goes on once for every record.
    Each(Which),
    /// Goes on once for every group of records that hold the same in these fields.
    Groups(Which, Vec<usize>),
    /// Goes on once for every element of a list.
    Element(Expression),
    /// Collects records in a list.
    All(Which),
    /// Goes on once for every cycle.
    Cycles {
        /// How often.
        cadence: Expression,
        /// First day.
        from: Option<Expression>,
        /// Last day.
        to: Option<Expression>,
    },
    /// Names a value.
    Be(Expression),
}

/// Some records of a register.
#[derive(Debug)]
pub struct Which {
    /// The register.
    pub register: String,
    /// Positions of the fields by which they are found, in the shape of the register.
    pub fields: Vec<usize>,
    /// The values that these fields must have.
    pub values: Vec<Expression>,
    /// Of which snapshot.
    pub snapshot: Snapshot,
}

/// Of which snapshot records are.
#[derive(Debug)]
pub enum Snapshot {
    /// Of all.
    All,
    /// Of the latest one.
    Latest,
    /// Of the latest one that is no later than a time.
    At(Expression),
}

impl Compiler<'_> {
    pub(super) fn steps(&mut self, steps: &[test::Step], pointer: &str, scope: &mut Scope) -> Vec<Step> {
        let mut compiled = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let pointer = format!("{pointer}/{at}");
            if scope.slot(&step.name).is_some() {
                self.fault(&format!("{pointer}/as"), format!("two steps are called {}", step.name), None);
                continue;
            }
            let Some((kind, named)) = self.kind(step, &pointer, scope) else {
                // Whatever names it is no fault of its own.
                self.broken.push(step.name.clone());
                continue;
            };
            self.without_meaning(step, &kind, &pointer);
            let of_one = match &named {
                Type::List(one) if matches!(kind, Kind::All(_)) => Type::clone(one),
                other => other.clone(),
            };
            let only = step.only.as_deref().and_then(|text| {
                self.condition(&format!("{pointer}/where"), text, &scope.clone().with(&step.name, of_one))
            });
            *scope = std::mem::take(scope).with(&step.name, named);
            compiled.push(Step { kind, only });
        }
        compiled
    }

    fn kind(&mut self, step: &test::Step, pointer: &str, scope: &Scope) -> Option<(Kind, Type)> {
        match (&step.each, &step.all, &step.cycles, &step.be) {
            (Some(each), None, None, None) if self.registers.get(each).is_some() && scope.slot(each).is_none() => {
                let (which, shape) = self.which(each, step, pointer, scope)?;
                if step.by.is_empty() {
                    return Some((Kind::Each(which), Type::Record(shape)));
                }
                let by = self.fields(each, &step.by, &shape, &format!("{pointer}/by"))?;
                Some((Kind::Groups(which, by), Type::List(Arc::new(Type::Record(shape)))))
            }
            (Some(each), None, None, None) if is_name(each) && scope.slot(each).is_none() => {
                self.no_register(each, &format!("{pointer}/each"));
                None
            }
            (Some(each), None, None, None) => {
                let list = self.expression(&format!("{pointer}/each"), each, scope)?;
                match list.kind().clone() {
                    Type::List(of) => Some((Kind::Element(list), Type::clone(&of))),
                    _ => {
                        let names: Vec<&str> = self.registers.by_name.keys().map(String::as_str).collect();
                        let help = format!("write a list, or one of the registers: {}", names.join(", "));
                        self.fault(&format!("{pointer}/each"), "this is no list".to_owned(), Some(help));
                        None
                    }
                }
            }
            (None, Some(all), None, None) => {
                let (which, shape) = self.which(all, step, pointer, scope)?;
                Some((Kind::All(which), Type::List(Arc::new(Type::Record(shape)))))
            }
            (None, None, Some(cadence), None) => {
                let cadence = self.expression(&format!("{pointer}/cycles"), cadence, scope)?;
                let from = self.optional(&format!("{pointer}/from"), step.from.as_deref(), scope, &Type::When);
                let to = self.optional(&format!("{pointer}/to"), step.to.as_deref(), scope, &Type::When);
                Some((Kind::Cycles { cadence, from, to }, Type::Record(cycle_shape())))
            }
            (None, None, None, Some(text)) => {
                let value = self.expression(&format!("{pointer}/be"), text, scope)?;
                let kind = value.kind().clone();
                Some((Kind::Be(value), kind))
            }
            _ => {
                self.fault(pointer, "a step has exactly one of each, all, cycles and be".to_owned(), None);
                None
            }
        }
    }

    fn fields(&mut self, register: &str, names: &[String], shape: &Shape, pointer: &str) -> Option<Vec<usize>> {
        let mut fields = Vec::new();
        for (at, name) in names.iter().enumerate() {
            match shape.position(name) {
                Some(field) => fields.push(field),
                None => self.fault(&format!("{pointer}/{at}"), format!("{register} has no field {name}"), None),
            }
        }
        (fields.len() == names.len()).then_some(fields)
    }

    /// Keys that a step of this kind takes no notice of, so that what they ask for would not be done.
    fn without_meaning(&mut self, step: &test::Step, kind: &Kind, pointer: &str) {
        let of_register = matches!(kind, Kind::Each(_) | Kind::Groups(..) | Kind::All(_));
        let of_cycles = matches!(kind, Kind::Cycles { .. });
        let keys = [
            ("of", !step.of.is_empty(), of_register),
            ("snapshot", step.snapshot.is_some(), of_register),
            ("optional", step.optional, of_register),
            ("where", step.only.is_some(), !matches!(kind, Kind::Be(_))),
            ("by", !step.by.is_empty(), matches!(kind, Kind::Groups(..))),
            ("from", step.from.is_some(), of_cycles),
            ("to", step.to.is_some(), of_cycles),
        ];
        for (key, given, has_meaning) in keys {
            if given && !has_meaning {
                let message = format!("`{key}` has no meaning for this step");
                self.fault_of("documents/unknown-key", &format!("{pointer}/{key}"), message, None);
            }
        }
    }

    fn no_register(&mut self, name: &str, pointer: &str) {
        let names: Vec<&str> = self.registers.by_name.keys().map(String::as_str).collect();
        let help = format!("the registers are: {}", names.join(", "));
        self.fault(pointer, format!("there is no register called {}", shown(name)), Some(help));
    }

    fn which(&mut self, name: &str, step: &test::Step, pointer: &str, scope: &Scope) -> Option<(Which, Arc<Shape>)> {
        let Some(register) = self.registers.get(name) else {
            self.no_register(name, &format!("{pointer}/all"));
            return None;
        };
        self.used.push(Use { register: name.to_owned(), optional: step.optional, rule: self.rule });
        let (mut fields, mut values) = (Vec::new(), Vec::new());
        let mut list = None;
        for (field, text) in &step.of {
            let pointer = format!("{pointer}/of/{field}");
            let Some(at) = register.shape.position(field) else {
                self.fault(&pointer, format!("{name} has no field {field}"), None);
                continue;
            };
            if matches!(register.shape.fields[at].kind, Type::List(_))
                && let Some(other) = list.replace(field)
            {
                // A record would be found by every pair of their elements, and there may be very many.
                let help = Some(format!("ask for one of them under `where`: x in …{field}"));
                self.fault(&pointer, format!("{other} and {field} are lists, and one list can be looked up"), help);
            }
            if let Some(value) = self.expression(&pointer, text, scope) {
                let one = match &register.shape.fields[at].kind {
                    Type::List(one) => one,
                    other => other,
                };
                if !joins(one, value.kind()) {
                    let message =
                        format!("{field} holds {}, and this is {}", super::words(one), super::words(value.kind()));
                    self.fault(&pointer, message, None);
                }
                fields.push(at);
                values.push(value);
            }
        }
        let snapshot = match step.snapshot.as_deref() {
            None => Snapshot::All,
            Some(_) if register.snapshot_field().is_none() => {
                self.fault(&format!("{pointer}/snapshot"), format!("{name} is no register of snapshots"), None);
                Snapshot::All
            }
            Some("latest") => Snapshot::Latest,
            text => match self.optional(&format!("{pointer}/snapshot"), text, scope, &Type::When) {
                Some(at) => Snapshot::At(at),
                None => Snapshot::All,
            },
        };
        Some((Which { register: name.to_owned(), fields, values, snapshot }, Arc::clone(&register.shape)))
    }
}

/// Whether a text is a name and no longer expression.
fn is_name(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Whether values of two types can be equal.
fn joins(one: &Type, other: &Type) -> bool {
    let text = |kind: &Type| matches!(kind, Type::Text | Type::Choice(_));
    let is_path = matches!((one, other), (Type::File, Type::Text));
    let is_person = matches!((one, other), (Type::Person, Type::Record(shape)) if shape.name == "people");
    is_person || is_path || (text(one) && text(other)) || std::mem::discriminant(one) == std::mem::discriminant(other)
}
