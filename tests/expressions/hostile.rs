//! No text hurts: nothing panics, hangs, or needs a deep stack.

use std::time::{Duration, Instant};

use tickmark::facts::register::value::{Type, Value};
use tickmark::policies::expression::{Expression, Scope, Template, Undecided};
use tickmark::text::{SourceText, Span};

use super::world::World;

/// Longer than any of these takes by far, also without optimisation and beside other work.
const PATIENCE: Duration = Duration::from_secs(60);

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
            assert!(started.elapsed() < PATIENCE, "{short} took {:?}", started.elapsed());
        }
    };
    // Half of what the threads of a run have.
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn an_evaluation_ends_after_so_many_steps_and_nothing_decides_then() {
    let world = World::new();
    let many = super::world::list((0..3_000).map(Value::Integer).collect());
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
        assert!(started.elapsed() < PATIENCE, "{text}: {:?}", started.elapsed());
    }
}
