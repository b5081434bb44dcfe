//! What expressions mean.

use std::fmt::Write as _;

use tickmark::facts::register::value::Type;
use tickmark::policies::expression::{Template, Undecided};
use tickmark::text::{SourceText, Span};

use super::world::World;

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
        ("['b', 'a', 'b'].distinct()", "b and a"),
        ("[account.owner, account.owner].distinct().size()", "1"),
        ("['INC-9', 'INC-12', 'X', 'INC-010', 'REQ-1', 'REQ-3'].missing_numbers()", "INC-011 and REQ-2"),
        ("['INC-1', 'INC-2'].missing_numbers()", "none"),
        (
            "['INC-1', 'INC-5000'].missing_numbers()",
            "failed: between `INC-1` and `INC-5000` too many numbers are left out",
        ),
        ("[as_of, as_of, as_of + length('2h'), as_of + length('3h')].most_within(length('1h'))", "2"),
        ("[as_of, as_of + length('2h'), as_of + length('3h')].most_within(length('3h'))", "3"),
        ("[as_of].filter(t, t > as_of).most_within(length('1h'))", "0"),
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
