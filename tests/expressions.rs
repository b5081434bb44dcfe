//! Expressions: what they mean, what is said of wrong ones, and that no text hurts.
//!
//! Every `tests/expressions/<fault>.yaml` has its fault beside it in `<fault>.expected`, as it is drawn at 80 columns,
//! and the very characters that the label stands at. `BLESS=1` rewrites them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "expressions/world.rs"]
mod world;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use tickmark::error::Fault;
use tickmark::facts::register::value::{Type, Value};
use tickmark::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use tickmark::policies::expression::{Expression, Scope, Template, Undecided};
use tickmark::reports::people::{Style, diagnostic};
use tickmark::sources::yaml::{self, YamlDocument};
use tickmark::text::{SourceText, Span};
use world::World;

#[track_caller]
fn answers(cases: &[(&str, &str)]) {
    let world = World::new();
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = world.answer(text);
        if found != *expected {
            writeln!(wrong, "{text}\n    found    {found}\n    expected {expected}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn values_are_read_compared_and_counted() {
    answers(&[
        ("account.account_id", "svc-Deploy"),
        ("account.kind == 'service' && account.logins > 3", "yes"),
        ("account.score * 2 + 1", "16"),
        ("account.logins / 5", "2"),
        ("account.logins % 5 == 2", "yes"),
        ("account.tags[1]", "ci"),
        ("account.tags + ['new']", "prod, ci and new"),
        ("account.kind in ['human', 'service']", "yes"),
        ("'prod' in account.tags", "yes"),
        ("account.tags.all(t, t in control.allowed)", "yes"),
        ("account.account_id.startsWith('svc-') && account.account_id.matches(r'^svc-[A-Z]\\w+$')", "yes"),
        ("account.account_id.lowerAscii()", "svc-deploy"),
        ("account.account_id.lower().contains('deploy')", "yes"),
        ("size(account.tags) + account.account_id.size()", "12"),
        ("control.deadlines.critical", "7 days"),
        ("control.deadlines['low']", "3 months"),
        ("'critical' in control.deadlines && !('none' in control.deadlines)", "yes"),
        ("account.privileged ? 'admin' : 'user'", "admin"),
        ("[3, 1, 2].min() + [3, 1, 2].max() + [3, 1, 2].sum()", "10"),
        ("[1, 2.5].sum()", "3.5"),
        ("accounts.map(a, a.account_id)", "svc-Deploy, ghost and half"),
        ("accounts.map(a, a.tags).filter(t, t != null).flatten().size()", "2"),
        ("accounts.filter(a, has(a.tags)).first().account_id", "svc-Deploy"),
        ("accounts.filter(a, false).last()", "(not given)"),
        ("[[1, 2], [3]].flatten()", "1, 2 and 3"),
        ("[3, 1, 2].latest(x, x) - [3, 1, 2].earliest(x, x)", "2"),
        ("same_cycle('2026-Q1', 'Q1 2026')", "yes"),
        ("accounts.exists_one(a, a.account_id == 'half')", "yes"),
    ]);
}

#[test]
fn what_is_not_given_is_never_a_no() {
    answers(&[
        ("ghost.kind == 'human'", "unknown: ghost.kind is not given"),
        ("ghost.kind != 'human'", "unknown: ghost.kind is not given"),
        ("!(ghost.kind == 'human')", "unknown: ghost.kind is not given"),
        ("ghost.logins < 3", "unknown: ghost.logins is not given"),
        ("ghost.kind in ['human']", "unknown: ghost.kind is not given"),
        ("'prod' in ghost.tags", "unknown: ghost.tags is not given"),
        ("ghost.tags.all(t, true)", "unknown: ghost.tags is not given"),
        ("ghost.privileged", "(not given)"),
        ("ghost.privileged && true", "unknown: ghost.privileged is not given"),
        ("ghost.kind == account.kind", "unknown: ghost.kind is not given"),
        ("ghost.logins + 1", "unknown: ghost.logins is not given"),
        ("ghost.grants[0].role == 'x'", "unknown: ghost.grants is not given"),
        ("missing.size() > 0", "unknown: missing is not given"),
        ("accounts[1].kind == 'human'", "unknown: accounts[1].kind is not given"),
        (
            "accounts.filter(a, a.account_id == 'ghost').first().kind == 'human'",
            "unknown: accounts.filter(a, a.account_id == 'ghost').first().kind is not given",
        ),
        ("control.deadlines.high < length('30d')", "unknown: control.deadlines.high is not given"),
        ("control.deadlines[account.kind] == length('1d')", "unknown: control.deadlines[account.kind] is not given"),
        // `null` itself can always be asked for.
        ("ghost.kind == null", "yes"),
        ("ghost.kind != null", "no"),
        ("null == account.kind", "no"),
        ("has(ghost.kind)", "no"),
        ("has(account.kind) && has(control.deadlines.low) && !has(control.deadlines.high)", "yes"),
        ("ghost.kind in ['human', null]", "yes"),
        ("account.kind in ['human', null]", "no"),
        ("ghost.kind.orValue('human') == 'human'", "yes"),
        ("ghost.tags.orValue([]).size()", "0"),
        ("has(ghost.grants) && ghost.grants[0].role == 'x'", "no"),
        // One side that decides is enough.
        ("false && ghost.privileged", "no"),
        ("ghost.privileged && false", "no"),
        ("ghost.privileged || true", "yes"),
        ("ghost.privileged ? 1 : 2", "unknown: ghost.privileged is not given"),
        ("true ? 1 : ghost.logins", "1"),
        ("(account.privileged ? ghost.logins : 1) > 2", "unknown: ghost.logins is not given"),
        ("accounts.exists(a, a.kind == 'service')", "yes"),
        ("accounts.exists(a, a.kind == 'shared')", "unknown: a.kind is not given"),
        ("accounts.all(a, a.kind == 'service')", "no"),
        ("accounts.all(a, a.kind != 'shared')", "unknown: a.kind is not given"),
        ("accounts.exists_one(a, a.kind == 'service')", "unknown: a.kind is not given"),
        ("accounts.exists_one(a, a.account_id.contains('h') && (a.kind == null || a.kind == 'human'))", "no"),
        ("accounts.filter(a, a.kind == 'service')", "unknown: a.kind is not given"),
        ("'shared' in accounts.map(a, a.kind)", "unknown: an element of accounts.map(a, a.kind) is not given"),
        ("'human' in accounts.map(a, a.kind)", "yes"),
        ("[1, 2] == [1, 3]", "no"),
        ("[ghost.logins, 2] == [1, 3]", "no"),
        ("[ghost.logins, 2] == [1, 2]", "unknown: an element of a list is not given"),
    ]);
}

#[test]
fn the_latest_and_the_earliest_are_found_or_cannot_be_told() {
    answers(&[
        ("account.grants.latest(g, g.at).role", "admin"),
        ("account.grants.earliest(g, g.at).role", "reader"),
        ("account.grants.filter(g, false).latest(g, g.at)", "(not given)"),
        (
            "account.grants.filter(g, false).latest(g, g.at).role == 'x'",
            "unknown: account.grants.filter(g, false).latest(g, g.at) is not given",
        ),
        ("half.grants.latest(g, g.at).role", "unknown: g.at is not given for one of them"),
        ("half.grants.latest(g, g.role).role", "writer"),
        ("[ghost.last_login_at, account.last_login_at].max()", "2026-03-04 18:22"),
        ("accounts.latest(a, a.grants.latest(g, g.at).at)", "unknown: a.grants is not given for one of them"),
    ]);
}

#[test]
fn times_are_counted_by_the_organisations_clock() {
    answers(&[
        ("account.created_at == account.last_login_at", "yes"),
        ("account.last_login_at < account.created_at + length('24h')", "yes"),
        ("account.created_at + length('1mo')", "2026-04-04"),
        ("account.last_login_at - length('2w')", "2026-02-18 18:22"),
        ("as_of", "2026-07-01 00:00"),
        ("day(as_of)", "2026-07-01"),
        ("year(as_of)", "2026"),
        ("days(account.created_at, as_of)", "119"),
        ("days(as_of, account.created_at) < 0", "yes"),
        ("hours(account.grants[0].at, account.grants[1].at)", "744"),
        ("hours(account.created_at, as_of)", "unknown: only the day of account.created_at is known"),
        ("account.created_at - length('5bd')", "failed: business days are counted forwards only"),
        ("account.created_at + length('5bd')", "2026-03-11"),
        ("control.remove_within == length('1d')", "yes"),
        (
            "control.remove_within < length('1mo')",
            "failed: which of 24 hours and 1 month is longer depends on the calendar",
        ),
        ("length('13d') < length('2w')", "yes"),
    ]);
}

#[test]
fn persons_are_one_where_the_register_says_so() {
    let cannot = "unknown: it cannot be told whether `maya@acme.example` and `nobody@acme.example` are one person";
    answers(&[
        ("account.owner == control.owner", "yes"),
        ("account.owner == half.owner", "no"),
        ("account.owner == ghost.owner", cannot),
        ("account.owner != ghost.owner", cannot),
        ("ghost.owner == ghost.owner", "yes"),
        ("half.owner in account.approvers", "yes"),
        (
            "account.owner in account.approvers",
            "unknown: it cannot be told whether `maya@acme.example` and `guest@acme.example` are one person",
        ),
        ("account.owner", "Maya Stone"),
        ("half.owner", "omar"),
        ("half.owner.manager == account.owner", "yes"),
        ("half.owner.manager.name", "Maya Stone"),
        ("account.owner.manager == null", "yes"),
        ("account.owner.manager.name == 'x'", "unknown: account.owner.manager is not given"),
        ("ghost.owner.role == 'lead'", "unknown: `nobody@acme.example` is in no register of people"),
        ("employed(account.owner, as_of)", "no"),
        ("employed(account.owner, account.created_at)", "yes"),
        ("employed(leaver, leaver.episodes.last().end)", "yes"),
        ("employed(leaver, leaver.episodes.last().end + length('1d'))", "no"),
        ("employed(half.owner, as_of)", "unknown: the episodes of `omar` are not given"),
        ("employed(ghost.owner, as_of)", "unknown: `nobody@acme.example` is in no register of people"),
        ("on_leave(account.owner, account.grants[0].at)", "no"),
        ("on_leave(account.owner, account.grants[0].at + length('3d'))", "yes"),
        ("role_on(account.owner, account.grants[1].at)", "engineer"),
        ("role_on(account.owner, account.created_at) == 'lead'", "yes"),
        ("role_on(account.owner, as_of)", "(not given)"),
        ("role_on(account.owner, as_of) == 'lead'", "unknown: role_on(account.owner, as_of) is not given"),
        ("role_on(half.owner, as_of)", "engineer"),
    ]);
}

#[test]
fn what_cannot_be_worked_out_fails_unless_the_other_side_decides() {
    answers(&[
        ("1 / 0", "failed: a number is divided by nought"),
        ("1.0 / 0.0", "failed: a number is divided by nought"),
        ("9223372036854775807 + 1", "failed: a number is too large"),
        ("-9223372036854775808 / -1", "failed: a number is too large"),
        ("1e308 * 10.0", "failed: a number is too large"),
        ("account.tags[7]", "failed: a list of 2 has no element 7, counted from 0"),
        ("account.tags[-1]", "failed: a list of 2 has no element -1, counted from 0"),
        ("false && 1 / 0 == 1", "no"),
        ("1 / 0 == 1 || true", "yes"),
        ("1 / 0 == 1 || ghost.privileged", "unknown: ghost.privileged is not given"),
        ("[1, 0].all(x, 1 / x > 1)", "no"),
    ]);
}

#[test]
fn an_evaluation_ends_after_so_many_steps_and_nothing_decides_then() {
    let world = World::new();
    let many = world::list((0..3_000).map(Value::Integer).collect());
    let scope = world.scope.clone().with("many", Type::List(std::sync::Arc::new(Type::Integer)));
    let slots: Vec<Value> = world.slots.iter().cloned().chain([many]).collect();
    for text in [
        "many.all(a, many.all(b, many.all(c, a + b + c >= 0))) || true",
        "many.map(a, many + many).size() > 0",
        "1 in [many.map(a, many + many + many + many).size(), 1]",
        "many.map(a, many).map(a, many.map(b, a)).flatten().flatten().size() > 0",
        "many.all(a, many.filter(b, b > a).map(b, b * 2).sum() >= 0)",
        "many.exists(a, many == [many].flatten() && many.filter(b, true) != many)",
    ] {
        let source = SourceText::new("test.yaml", text);
        let expression = Expression::compile(text, &source, Span::new(0, text.len()), &scope).unwrap();
        let started = Instant::now();
        let answer = expression.evaluate(&slots, &world.context());
        assert!(matches!(&answer, Err(Undecided::Failed(why)) if why.contains("steps")), "{text}: {answer:?}");
        assert!(started.elapsed() < Duration::from_secs(20), "{text}: {:?}", started.elapsed());
    }
}

#[test]
fn sentences_hold_values_as_people_read_them() {
    let world = World::new();
    let render = |text: &str| {
        let source = SourceText::new("test.yaml", text);
        Template::compile(text, &source, Span::new(0, text.len()), &world.scope)
            .unwrap_or_else(|fault| panic!("{text}: {}", fault.message))
            .render(&world.slots, &world.context())
    };
    assert_eq!(
        render("{account.account_id} of {account.owner} was used on {account.last_login_at}, {{so}} it is"),
        "svc-Deploy of Maya Stone was used on 2026-03-04 18:22, {so} it is"
    );
    assert_eq!(render("{ghost.kind}, {1 / 0}, {[] == []}"), "(not given), (cannot be worked out), yes");
    assert_eq!(render("{'}' + \"{\\\"\"}{'it\\'s}'}"), "}{\"it's}");
    assert_eq!(render("{[1, 2, 3, 4, 5, 6, 7, 8]}; {[1]}; {[1, 2]}"), "1, 2, 3, 4, 5 and 3 more; 1; 1 and 2");
    assert_eq!(render("{account.grants}"), "reader and admin");
    assert_eq!(render("{control.deadlines}, {control.remove_within}"), "critical: 7 days and low: 3 months, 24 hours");
    assert_eq!(render("{2.0 / 3.0} {7.0} {'a\\u001b[31m\\nb'}"), "0.6667 7 a\\u{1b}[31m b");
    assert_eq!(render(""), "");
}

#[test]
fn a_condition_that_has_no_value_holds_neither_way() {
    let world = World::new();
    let holds = |text: &str| world.compile(text).holds(&world.slots, &world.context());
    assert_eq!(holds("account.privileged"), Ok(true));
    assert_eq!(holds("!account.privileged"), Ok(false));
    assert_eq!(holds("ghost.privileged"), Err(Undecided::Unknown("ghost.privileged is not given".to_owned())));
    assert!(matches!(holds("1 / 0 == 1"), Err(Undecided::Failed(_))));
}

#[test]
fn types_are_known() {
    let world = World::new();
    for (text, kind) in [
        ("account.owner", Type::Person),
        ("account.created_at + length('1d')", Type::When),
        ("length('1d')", Type::Length),
        ("1 + 1.0", Type::Number),
        ("[null]", Type::List(std::sync::Arc::new(Type::Null))),
        ("ghost.privileged ? null : 'a'", Type::Text),
        ("account.tags.map(t, t.size())", Type::List(std::sync::Arc::new(Type::Integer))),
    ] {
        assert_eq!(*world.compile(text).kind(), kind, "{text}");
    }
}

#[test]
fn a_comparison_costs_little() {
    let world = World::new();
    let context = world.context();
    for text in ["account.kind == 'service'", "account.last_login_at <= as_of && account.logins > 3"] {
        let expression = world.compile(text);
        let (started, rounds) = (Instant::now(), 200_000);
        for _ in 0..rounds {
            assert_eq!(expression.evaluate(&world.slots, &context), Ok(Value::Bool(true)));
        }
        // An unoptimised build is some twenty times slower than what is shipped.
        let each = started.elapsed() / rounds;
        assert!(each < Duration::from_micros(20), "{text} takes {each:?}");
        if std::env::var_os("SHOW").is_some() {
            writeln!(std::io::stderr(), "{text}: {each:?}").unwrap();
        }
    }
}

// ---- The same meaning as CEL has elsewhere

/// A value as both evaluators write it.
fn canonical(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(value) => format!("{value:?}f"),
        Value::Text(value) => format!("{value:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(", ")),
        other => panic!("{other:?}"),
    }
}

fn canonical_cel(value: &cel::Value) -> String {
    match value {
        cel::Value::Null => "null".to_owned(),
        cel::Value::Bool(value) => value.to_string(),
        cel::Value::Int(value) => value.to_string(),
        cel::Value::Float(value) => format!("{value:?}f"),
        cel::Value::String(value) => format!("{value:?}"),
        cel::Value::List(items) => format!("[{}]", items.iter().map(canonical_cel).collect::<Vec<_>>().join(", ")),
        other => panic!("{other:?}"),
    }
}

/// Expressions that need no record. What is wrong is wrong for both, whether it is found before or while it is
/// evaluated.
const CONSTANT: &[&str] = &[
    "1 + 2 * 3",
    "(1 + 2) * 3",
    "7 - 10",
    "7 / 2",
    "-7 / 2",
    "7 % 3",
    "-7 % 3",
    "7 % -3",
    "-(3 + 4)",
    "--3",
    "- 5 + 2",
    "0x1F",
    "-0x10",
    "10 - 4 - 3",
    "100 / 10 / 5",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775807 + 1",
    "-9223372036854775808 - 1",
    "9223372036854775807 * 2",
    "-9223372036854775808 / -1",
    "-(-9223372036854775808)",
    "1 / 0",
    "1 % 0",
    "1.5 + 2.25",
    "2.0 * 3.5 - 1.0",
    "7.0 / 2.0",
    "1e3",
    "-1.5e-3",
    ".5 + .25",
    "1 < 2",
    "2 <= 2",
    "3 > 4",
    "4 >= 4",
    "1 == 1",
    "1 != 1",
    "1 == 1.0",
    "1 < 1.5",
    "2.5 > 2",
    "'a' < 'b'",
    "'Z' < 'a'",
    "'a' <= 'aa'",
    "'ä' > 'z'",
    "'abc' == \"abc\"",
    "'a' + 'b' + 'c'",
    "'' + ''",
    "'ab'.size()",
    "size('äöü🦀')",
    "''.size()",
    "'a\\tb\\n\\'\\\"\\\\'",
    "'\\u00e4\\x41\\101'",
    "r'a\\nb'",
    "'''a'b'''",
    "\"\"\"a\nb\"\"\"",
    "'abc'.contains('b')",
    "'abc'.contains('')",
    "'abc'.startsWith('ab')",
    "'abc'.endsWith('bc')",
    "'abc'.endsWith('abcd')",
    "true && false",
    "true || false",
    "!true",
    "!!true",
    "true && !false || false",
    "true || true && false",
    "(true || true) && false",
    "false && 1 / 0 == 1",
    "1 / 0 == 1 && false",
    "true || 1 / 0 == 1",
    "1 / 0 == 1 || true",
    "1 / 0 == 1 || false",
    "true ? 1 : 2",
    "false ? 1 : 2",
    "true ? 1 : 1 / 0",
    "1 / 0 == 1 ? 1 : 2",
    "false ? 1 : true ? 2 : 3",
    "1 < 2 ? 'a' : 'b'",
    "[1, 2, 3]",
    "[]",
    "[1] + [2, 3]",
    "[[1], [2, 3]]",
    "size([1, 2])",
    "[1, 2].size()",
    "[1, 2, 3][1]",
    "[1, 2, 3][3]",
    "[1, 2, 3][-1]",
    "1 in [1, 2]",
    "3 in [1, 2]",
    "1 in []",
    "'a' in ['a', 'b']",
    "1.0 in [1, 2]",
    "[1, 2] == [1, 2]",
    "[1, 2] == [2, 1]",
    "[1] != [1, 2]",
    "[1] == [1.0]",
    "null == null",
    "null != null",
    "1 == null",
    "[1, 2].all(x, x > 0)",
    "[1, 2].all(x, x > 1)",
    "[].all(x, 1 / 0 == 1)",
    "[1, 2].exists(x, x == 2)",
    "[].exists(x, true)",
    "[0, 1].exists(x, 1 / x == 1)",
    "[1, 0].exists(x, 1 / x == 5)",
    "[1, 0].all(x, 1 / x == 5)",
    "[0, 2].all(x, 1 / x == 0)",
    "[1, 2, 2].exists_one(x, x == 2)",
    "[1, 2].exists_one(x, x == 2)",
    "[1, 2, 3].filter(x, x % 2 == 1)",
    "[1, 2, 3].map(x, x * x)",
    "[1, 2, 3].map(x, x > 1, x * 10)",
    "[1, 0].map(x, 1 / x)",
    "[0, 1].filter(x, 1 / x == 1)",
    "[[1, 2], [3]].map(x, x.size())",
    "[1, 2].map(x, [3, 4].map(y, x * y))",
    "[1, 2].exists(x, [2, 3].exists(y, x == y))",
    "[1, 2].map(x, [x].map(x, x + 1))",
    "[1, 2, 3].filter(x, x > 1).map(x, x + 1).size()",
    "'a' + 1",
    "1 + 'a'",
    "!1",
    "-'a'",
    "-true",
    "1 && true",
    "true > 1",
    "1 ? 2 : 3",
    "size(1)",
    "1.contains('a')",
    "[1].contains(1)",
    "x",
    "f(1)",
    "1.x",
    "2 // a comment\n + 3",
];

#[test]
fn constants_have_the_value_that_they_have_in_cel() {
    let world = World::new();
    let mut wrong = String::new();
    for text in CONSTANT {
        let source = SourceText::new("test.yaml", *text);
        let ours = Expression::compile(text, &source, Span::new(0, text.len()), &Scope::default())
            .map_err(|fault| fault.message)
            .and_then(|expression| expression.evaluate(&[], &world.context()).map_err(|why| format!("{why:?}")));
        let program = cel::Program::compile(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let theirs = program.execute(&cel::Context::default());
        let same = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => canonical(ours) == canonical_cel(theirs),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        if !same {
            writeln!(wrong, "{text}\n    here      {ours:?}\n    elsewhere {theirs:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

// ---- What is said of wrong expressions

/// The fault of a document: a condition, a value or a sentence that stands in it.
fn fault_of(document: &YamlDocument) -> Option<Fault> {
    let scope = World::new().scope;
    let source = &document.source;
    let mapping = document.value().as_mapping()?;
    let (key, text) = mapping.iter().next().map(|(key, value)| (key.as_str().unwrap(), value.as_str().unwrap()))?;
    let place = document.span(&format!("/{key}"))?;
    match key {
        "condition" => Expression::compile_condition(text, source, place, &scope).err(),
        "value" => Expression::compile(text, source, place, &scope).err(),
        "sentence" => Template::compile(text, source, place, &scope).err(),
        other => panic!("{other}"),
    }
}

fn drawn(fault: &Fault) -> String {
    let place = Place::Text(fault.source.clone(), fault.span);
    let finding = Finding {
        rule: fault.rule.to_owned(),
        severity: Severity::Error,
        verdict: Verdict::Exception,
        control: None,
        item: String::new(),
        counted: false,
        key: String::new(),
        part: String::new(),
        message: fault.message.clone(),
        nature: Nature::Design,
        labels: vec![Label { place, text: fault.label.clone(), primary: true }],
        help: fault.help.clone().unwrap_or_default(),
    };
    let at = fault.source.slice(fault.span);
    format!("at {at:?}\n{}", diagnostic(&finding, Style { width: 80, color: false }))
}

#[test]
fn every_wrong_expression_has_the_fault_that_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let source = SourceText::new("test.yaml", std::fs::read_to_string(&path).unwrap());
        let documents = yaml::parse(&source).unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display()));
        let found = fault_of(&documents[0]).map(|fault| drawn(&fault)).unwrap_or_default();
        let beside = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&beside, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected || found.is_empty() {
            wrong.push(format!("{}\nfound:\n{found}expected:\n{expected}", path.display()));
        }
    }
    assert!(count >= 25, "only {count} expressions in {}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// ---- No text hurts

/// What becomes of a text: nothing, or a fault whose place lies in it.
fn compile(text: &str, scope: &Scope) -> Option<Expression> {
    let source = SourceText::new("test.yaml", format!("a: {text}"));
    let place = Span::new(3, 3 + text.len());
    let _ = Template::compile(text, &source, place, scope);
    match Expression::compile(text, &source, place, scope) {
        Ok(expression) => Some(expression),
        Err(fault) => {
            assert!(source.text().get(fault.span.start..fault.span.end).is_some(), "{text:?}: {fault:?}");
            assert!(fault.span.start >= 3, "{text:?}: {fault:?}");
            assert!(!fault.label.is_empty() && !fault.message.is_empty(), "{text:?}");
            None
        }
    }
}

const GOOD: &[&str] = &[
    "account.kind == 'service' && account.logins > 3 || !has(account.owner)",
    "accounts.filter(a, a.kind in ['human', \"shared\"]).map(a, a.owner.manager.name).exists(n, n == r'\\d')",
    "account.grants.latest(g, g.at).at + length(\"24h\") <= as_of ? control.deadlines['low'] : control.deadlines.low",
    "[1, 2.5e3, -0x1F].sum() * (3 - 4) / 5 % 6 >= -7.0 // a comment",
    "account.account_id.matches('^svc-[a-z]+$') && size(account.tags) in [1, 2, 3]",
    "employed(account.owner, day(as_of)) && role_on(leaver, as_of).orValue('none') != '''none\n'''",
    "accounts.all(a, a.tags.orValue([]).exists_one(t, t.startsWith('p') || t.endsWith(\"ä🦀\")))",
];

#[test]
fn no_change_of_an_expression_makes_the_reader_panic() {
    let world = World::new();
    let pieces = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".",
        ",",
        "?",
        ":",
        "!",
        "-",
        "'",
        "\"",
        "\\",
        "\n",
        "//",
        "&&",
        "||",
        "==",
        "in",
        " ",
        "\"\"\"",
        "ä",
        "🦀",
        "\u{0}",
        "0x",
        "1e",
        "r'",
        "b\"",
        "`",
        "has(",
        ".all(x, ",
        ".map(",
        "null",
        "\u{2028}",
        ".?",
        "[?",
        "@",
        "99999999999999999999",
        "x",
        "if",
        "\\u",
        "1u",
        "latest",
        "/*",
        "\t",
        ";",
        "=",
    ];
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let mut good = 0;
    for _ in 0..rounds {
        let mut bytes = GOOD[random(GOOD.len())].as_bytes().to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len() + 1);
            match random(4) {
                0 => drop(bytes.splice(at..at, pieces[random(pieces.len())].bytes())),
                1 => drop(bytes.drain(at..(at + random(6)).min(bytes.len()))),
                2 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = byte.wrapping_add(1 + random(255) as u8)),
                _ => {
                    let other = GOOD[random(GOOD.len())].as_bytes();
                    drop(bytes.splice(at..at, other.iter().copied().skip(random(40)).take(random(30))));
                }
            }
        }
        if let Some(expression) = compile(&String::from_utf8_lossy(&bytes), &world.scope) {
            good += 1;
            let _ = expression.evaluate(&world.slots, &world.context());
        }
    }
    assert!(good > rounds / 50, "only {good} of {rounds} can still be read");
}

/// Texts that have hurt one parser or another.
fn hostile() -> Vec<String> {
    let deep =
        |open: &str, inside: &str, close: &str, n: usize| format!("{}{inside}{}", open.repeat(n), close.repeat(n));
    let mut texts = Vec::new();
    for n in [40, 60, 64, 65, 127, 250, 255, 257, 600, 1_300] {
        texts.extend([
            deep("(", "1", ")", n),
            deep("[", "1", "]", n),
            deep("[[", "", "]]", n),
            deep("(", "", "", n),
            deep("[", "", "", n),
            deep("{", "", "}", n),
            deep("", "", ")", n),
            deep("!", "true", "", n),
            deep("!(", "true", ")", n),
            deep("-(", "1", ")", n),
            deep("- ", "1", "", n),
            deep("true ? 1 : ", "1", "", n),
            deep("true ? ", "1", " : 1", n),
            deep("size([", "1", "])", n),
            deep("", "account", ".owner", n),
            deep("", "half.owner", ".manager", n),
            deep("", "account", "[0]", n),
            deep("", "account", ".first()", n),
            deep("1 + ", "1", "", n),
            deep("(1 + ", "1", ")", n),
            deep("true && ", "true", "", n),
            deep("true == ", "true", "", n),
            deep("accounts.all(x, ", "true", ")", n),
            deep("[1].map(x, ", "[1]", ")", n),
            deep("1, ", "1", "", n),
            format!("[{}]", deep("1, ", "1", "", n)),
            deep("'", "", "", n),
            deep("'a' ", "", "", n),
            deep("a.", "", "", n),
            deep(".", "", "", n),
            deep("? ", "", "", n),
            deep(": ", "", "", n),
            deep("a ", "", "", n),
            deep("// ", "", "", n),
            deep("@", "", "", n),
            format!("'{}'", deep("\\", "", "", n)),
            format!("account.account_id.matches('{}')", deep("(", "a", ")*", n)),
            format!("account.account_id.matches('{}')", deep("(a{9}){9}", "", "", n.min(400))),
        ]);
    }
    texts
}

#[test]
fn hostile_expressions_end_soon_on_a_small_stack() {
    let world = World::new();
    let run = move || {
        for text in hostile() {
            let started = Instant::now();
            if let Some(expression) = compile(&text, &world.scope) {
                let _ = expression.evaluate(&world.slots, &world.context());
            }
            let short: String = text.chars().take(60).collect();
            assert!(started.elapsed() < Duration::from_secs(5), "{short} took {:?}", started.elapsed());
        }
    };
    // Half of what the threads of a run have.
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}
