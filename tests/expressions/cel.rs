//! The same meaning as CEL has elsewhere.

use std::fmt::Write as _;

use tickmark::facts::register::value::Value;
use tickmark::policies::expression::{Expression, Scope};
use tickmark::text::{SourceText, Span};

use super::world::World;

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
