//! Records that the expressions of these tests are about.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tickmark::facts::calendar::{Calendar, Period, When};
use tickmark::facts::register::builtin;
use tickmark::facts::register::files::Files;
use tickmark::facts::register::people::People;
use tickmark::facts::register::value::{FieldShape, PersonRef, Record, Shape, Type, Value};
use tickmark::policies::expression::{Budget, Context, Expression, Scope, Undecided, render_value};
use tickmark::text::{SourceText, Span};

/// Everything that an expression is evaluated with.
pub struct World {
    pub scope: Scope,
    pub slots: Vec<Value>,
    calendar: Calendar,
    people: People,
    files: Files,
    budget: Budget,
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn list(values: Vec<Value>) -> Value {
    Value::List(values.into())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// A day, or an instant.
pub fn when(text: &str) -> Value {
    Value::When(match text.parse::<Timestamp>() {
        Ok(at) => When::instant(at, &zone()),
        Err(_) => When::day(text.parse().unwrap(), &zone()).unwrap(),
    })
}

fn record(shape: &Arc<Shape>, fields: &[(&str, Value)]) -> Value {
    let value = |name: &str| fields.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, v)| v.clone());
    assert!(fields.iter().all(|(name, _)| shape.position(name).is_some()), "{fields:?}");
    let cells = shape.fields.iter().map(|field| (value(&field.name), Span::default())).collect();
    let at = Span::new(0, fields.len());
    Value::Record(Arc::new(Record::new(Arc::clone(shape), SourceText::new("a.yaml", "x".repeat(40)), at, cells)))
}

fn shape(name: &str, fields: &[(&str, Type)]) -> Arc<Shape> {
    let field =
        |(name, kind): &(&str, Type)| FieldShape { name: (*name).to_owned(), kind: kind.clone(), required: false };
    Shape::new(name, fields.iter().map(field).collect())
}

fn of(kind: Type) -> Type {
    Type::List(Arc::new(kind))
}

fn people_shape() -> Arc<Shape> {
    builtin::definitions().unwrap().iter().find(|one| one.register == "people").unwrap().shape()
}

fn inner(shape: &Shape, field: &str) -> Arc<Shape> {
    match &shape.field(field).unwrap().kind {
        Type::List(of) => match &**of {
            Type::Record(shape) => Arc::clone(shape),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn everybody(shape: &Arc<Shape>) -> People {
    let episode = |start: &str, end: Option<&str>| {
        let end = end.map_or(Value::Null, when);
        record(&inner(shape, "episodes"), &[("start", when(start)), ("end", end)])
    };
    let change = [("at", when("2026-03-01")), ("from", text("engineer")), ("to", text("lead"))];
    let leave = [("start", when("2026-01-05")), ("end", when("2026-01-16"))];
    let maya = record(
        shape,
        &[
            ("id", text("maya")),
            ("name", text("Maya Stone")),
            ("emails", list(vec![text("maya@acme.example"), text("m.stone@acme.example")])),
            ("role", text("lead")),
            ("type", text("employee")),
            ("episodes", list(vec![episode("2025-01-01", Some("2026-06-30"))])),
            ("role_changes", list(vec![record(&inner(shape, "role_changes"), &change)])),
            ("leave", list(vec![record(&inner(shape, "leave"), &leave)])),
        ],
    );
    let omar = record(
        shape,
        &[
            ("id", text("omar")),
            ("emails", list(vec![text("omar@acme.example")])),
            ("manager", Value::Person(Arc::new(PersonRef { written: "maya".to_owned(), known: Some(0) }))),
            ("role", text("engineer")),
        ],
    );
    let records = [maya, omar].into_iter().map(|value| match value {
        Value::Record(record) => record,
        other => panic!("{other:?}"),
    });
    People::new(records.collect())
}

pub fn accounts() -> (Arc<Shape>, Arc<Shape>) {
    let grant = shape("grants", &[("role", Type::Text), ("at", Type::When), ("by", Type::Person)]);
    let kinds: Vec<String> = ["human", "service", "shared"].map(str::to_owned).into();
    let account = shape(
        "accounts",
        &[
            ("account_id", Type::Text),
            ("kind", Type::Choice(kinds.into())),
            ("owner", Type::Person),
            ("created_at", Type::When),
            ("last_login_at", Type::When),
            ("tags", of(Type::Text)),
            ("privileged", Type::Bool),
            ("score", Type::Number),
            ("logins", Type::Integer),
            ("approvers", of(Type::Person)),
            ("grants", of(Type::Record(Arc::clone(&grant)))),
        ],
    );
    (account, grant)
}

impl World {
    pub fn new() -> Self {
        let (shape_of_people, (account, grant)) = (people_shape(), accounts());
        let people = everybody(&shape_of_people);
        let person =
            |name: &str| Value::Person(Arc::new(PersonRef { written: name.to_owned(), known: people.find(name) }));
        let granted =
            |role: &str, at: Value, by: &str| record(&grant, &[("role", text(role)), ("at", at), ("by", person(by))]);
        let full = record(
            &account,
            &[
                ("account_id", text("svc-Deploy")),
                ("kind", text("service")),
                ("owner", person("maya@acme.example")),
                ("created_at", when("2026-03-04")),
                ("last_login_at", when("2026-03-04T17:22:00Z")),
                ("tags", list(vec![text("prod"), text("ci")])),
                ("privileged", Value::Bool(true)),
                ("score", Value::Number(7.5)),
                ("logins", Value::Integer(12)),
                ("approvers", list(vec![person("omar"), person("guest@acme.example")])),
                (
                    "grants",
                    list(vec![
                        granted("reader", when("2026-01-02T08:00:00Z"), "omar"),
                        granted("admin", when("2026-02-02T08:00:00Z"), "maya"),
                    ]),
                ),
            ],
        );
        let bare = record(&account, &[("account_id", text("ghost")), ("owner", person("nobody@acme.example"))]);
        let half = record(
            &account,
            &[
                ("account_id", text("half")),
                ("kind", text("human")),
                ("owner", person("omar")),
                (
                    "grants",
                    list(vec![granted("reader", Value::Null, "omar"), granted("writer", when("2026-02-03"), "maya")]),
                ),
            ],
        );
        let deadlines: BTreeMap<String, Value> = [("critical", "7d"), ("low", "3mo")]
            .map(|(name, length)| (name.to_owned(), Value::Length(length.parse().unwrap())))
            .into();
        let parameters = shape(
            "control",
            &[
                ("remove_within", Type::Length),
                ("deadlines", Type::Map(Arc::new(Type::Length))),
                ("allowed", of(Type::Text)),
                ("at_most", Type::Integer),
                ("owner", Type::Person),
            ],
        );
        let control = record(
            &parameters,
            &[
                ("remove_within", Value::Length("24h".parse().unwrap())),
                ("deadlines", Value::Map(Arc::new(deadlines))),
                ("allowed", list(vec![text("prod"), text("ci"), text("dev")])),
                ("at_most", Value::Integer(3)),
                ("owner", person("m.stone@acme.example")),
            ],
        );
        let leaver = Value::Record(Arc::clone(people.record(0).unwrap()));
        let accounts = list(vec![full.clone(), bare.clone(), half.clone()]);
        let kind = Type::Record(account);
        let scope = Scope::default()
            .with("control", Type::Record(parameters))
            .with("as_of", Type::When)
            .with("account", kind.clone())
            .with("ghost", kind.clone())
            .with("half", kind.clone())
            .with("accounts", of(kind))
            .with("leaver", Type::Record(Arc::clone(&shape_of_people)))
            .with("missing", Type::Text)
            .with_people(shape_of_people);
        let slots = vec![control, when("2026-06-30T22:00:00Z"), full, bare, half, accounts, leaver, Value::Null];
        let calendar = Calendar::new(zone(), Period::default(), "2026-06-30T22:00:00Z".parse().unwrap());
        Self { scope, slots, calendar, people, files: Files::default(), budget: Budget::new(u64::MAX) }
    }

    pub fn context(&self) -> Context<'_> {
        Context { calendar: &self.calendar, people: &self.people, files: &self.files, budget: &self.budget }
    }

    pub fn compile(&self, text: &str) -> Expression {
        let source = SourceText::new("test.yaml", text);
        let compiled = Expression::compile(text, &source, Span::new(0, text.len()), &self.scope);
        compiled.unwrap_or_else(|fault| panic!("{text}: {} ({}) {:?}", fault.message, fault.label, fault.help))
    }

    /// The value of an expression as people read it, or why there is none.
    pub fn answer(&self, text: &str) -> String {
        let context = self.context();
        match self.compile(text).evaluate(&self.slots, &context) {
            Ok(value) => render_value(&value, &context),
            Err(Undecided::Unknown(why)) => format!("unknown: {why}"),
            Err(Undecided::Failed(why)) => format!("failed: {why}"),
        }
    }
}
