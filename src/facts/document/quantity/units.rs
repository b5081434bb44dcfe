//! Units of time, and what else is counted.

use super::Counted;
use super::tokens::{Token, What};
use crate::facts::calendar::{Length, Unit};

/// A unit, how many of it one word stands for, and how many tokens say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Of {
    pub(super) unit: Unit,
    pub(super) times: u32,
    pub(super) tokens: usize,
}

impl Of {
    /// So many of it.
    pub(super) fn length(self, count: u32) -> Option<Length> {
        Some(Length { count: count.checked_mul(self.times)?, unit: self.unit })
    }
}

/// What a unit of time is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    /// A unit.
    Of(Of),
    /// A unit that no calendar here counts, such as business weeks, with the number of its tokens.
    Unknown(usize),
}

/// The unit of time at a token, with the words that belong to it: `business days`, `calendar month`, `day(s)`.
pub(super) fn unit(tokens: &[Token], at: usize) -> Option<TimeUnit> {
    let mut next = at;
    let mut business = false;
    while let Some(token) = tokens.get(next).filter(|_| next < at + 3) {
        match token.word() {
            "business" | "working" | "work" => business = true,
            "calendar" | "consecutive" | "full" | "fiscal" | "clock" | "whole" | "contiguous" | "us" | "rolling" => {}
            _ => break,
        }
        next += 1;
        next += usize::from(tokens.get(next).is_some_and(|token| token.is('-')));
    }
    let token = tokens.get(next)?;
    let short = token.glued && next == at && at > 0;
    // HR is no hour where no number stands before it.
    let behind_number = at.checked_sub(1).is_some_and(|before| {
        matches!(tokens[before].what, What::Number(_)) || tokens[before].is('-') || tokens[before].is(')')
    });
    let word = token.word().trim_end_matches("'s").trim_end_matches('\'');
    let (unit, times) = match word {
        "minute" | "minutes" => (Unit::Minutes, 1),
        "hour" | "hours" if business => (Unit::BusinessHours, 1),
        "hour" | "hours" => (Unit::Hours, 1),
        "day" | "days" if business => (Unit::BusinessDays, 1),
        "day" | "days" => (Unit::Days, 1),
        "week" | "weeks" => (Unit::Weeks, 1),
        "fortnight" | "fortnights" => (Unit::Weeks, 2),
        "month" | "months" => (Unit::Months, 1),
        "quarter" | "quarters" => (Unit::Months, 3),
        "year" | "years" => (Unit::Years, 1),
        "annum" => (Unit::Years, 1),
        "min" | "mins" if behind_number => (Unit::Minutes, 1),
        "hr" | "hrs" if behind_number => (Unit::Hours, 1),
        "wk" | "wks" if behind_number => (Unit::Weeks, 1),
        "mo" | "mos" if behind_number => (Unit::Months, 1),
        "yr" | "yrs" if behind_number => (Unit::Years, 1),
        "h" if short => (Unit::Hours, 1),
        "d" if short => (Unit::Days, 1),
        "bh" if short => (Unit::BusinessHours, 1),
        "bd" if short => (Unit::BusinessDays, 1),
        "w" if short => (Unit::Weeks, 1),
        "y" if short => (Unit::Years, 1),
        _ => return None,
    };
    let mut used = next + 1 - at;
    // The plural in brackets: day(s).
    let brackets = [tokens.get(at + used), tokens.get(at + used + 1), tokens.get(at + used + 2)];
    if let [Some(open), Some(letter), Some(close)] = brackets
        && open.is('(')
        && letter.word() == "s"
        && close.is(')')
    {
        used += 3;
    }
    let known = !business || matches!(unit, Unit::BusinessHours | Unit::BusinessDays);
    Some(if known { TimeUnit::Of(Of { unit, times, tokens: used }) } else { TimeUnit::Unknown(used) })
}

/// Words between a number and what it counts.
const BETWEEN: [&str; 22] = [
    "other",
    "different",
    "independent",
    "separate",
    "additional",
    "consecutive",
    "invalid",
    "failed",
    "unsuccessful",
    "previous",
    "prior",
    "last",
    "unique",
    "distinct",
    "senior",
    "authorised",
    "authorized",
    "login",
    "logon",
    "code",
    "more",
    "peer",
];

/// What is counted at a token, and how many tokens say it.
pub(super) fn counted(tokens: &[Token], at: usize) -> (Counted, usize) {
    let mut next = at;
    while tokens.get(next).is_some_and(|token| token.is('-') || BETWEEN.contains(&token.word())) && next < at + 4 {
        next += 1;
    }
    let counted = match tokens.get(next).map_or("", |token| token.word()) {
        "person" | "persons" | "people" | "approval" | "approvals" | "approver" | "approvers" | "reviewer"
        | "reviewers" | "review" | "reviews" | "employee" | "employees" | "engineer" | "engineers" | "developer"
        | "developers" | "member" | "members" | "individual" | "individuals" | "manager" | "managers" | "peer"
        | "peers" | "colleague" | "colleagues" | "lead" | "leads" => Counted::People,
        "character" | "characters" | "char" | "chars" => Counted::Characters,
        "attempt" | "attempts" | "try" | "tries" | "failure" | "failures" => Counted::Attempts,
        "password" | "passwords" => Counted::Passwords,
        _ => return (Counted::Other, 0),
    };
    (counted, next + 1 - at)
}
