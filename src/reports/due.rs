//! What has to be done next, and by when: a table for people, JSON for programs, and a calendar (RFC 5545).

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use unicode_width::UnicodeWidthStr;

use super::trail_table::cut;
use crate::error::{Error, Kind, Result};
use crate::facts::calendar::{Calendar, When};
use crate::facts::register::people::People;
use crate::findings::pending::Pending;
use crate::text::{safe, shown};

/// Columns that an owner's name may take.
const MOST_OWNER: usize = 24;

/// The document that `tickmark due --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "tickmark due")]
pub struct DueDocument<'a> {
    /// `tickmark.due/1`.
    #[schemars(extend("const" = "tickmark.due/1"))]
    pub schema: &'static str,
    /// The instant at which the question was asked (RFC 3339).
    pub as_of: String,
    /// What has to be done, the earliest first.
    pub due: Vec<DueEntry<'a>>,
}

/// Something that has to be done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DueEntry<'a> {
    /// By when: a day (to its end), or an instant (RFC 3339).
    pub due: String,
    /// Who has to do it.
    pub owner: &'a str,
    /// What is to be done.
    pub todo: &'a str,
    /// The item, as people name it.
    pub item: &'a str,
    /// The control that asks for it.
    pub control: &'a str,
    /// The rule that will find it missing.
    pub rule: &'a str,
}

impl<'a> DueDocument<'a> {
    /// The document of what is pending.
    #[must_use]
    pub fn new(pending: &[&'a Pending], calendar: &Calendar) -> Self {
        let entry = |one: &&'a Pending| DueEntry {
            due: one.due.to_string(),
            owner: &one.owner,
            todo: &one.todo,
            item: &one.item,
            control: &one.control,
            rule: &one.rule,
        };
        Self { schema: "tickmark.due/1", as_of: calendar.as_of.to_string(), due: pending.iter().map(entry).collect() }
    }
}

/// What is due from the as-of instant up to a point in time, each once, the earliest first.
#[must_use]
pub fn within<'a>(pending: &'a [Pending], calendar: &Calendar, until: Option<&When>) -> Vec<&'a Pending> {
    let open = |one: &&Pending| !calendar.overdue(&one.due) && until.is_none_or(|until| one.due.order(until).is_le());
    let mut found: Vec<&Pending> = pending.iter().filter(open).collect();
    found.sort_by(|a, b| a.due.order(&b.due).then_with(|| (&a.control, &a.todo).cmp(&(&b.control, &b.todo))));
    found.dedup_by(|a, b| (&a.control, &a.todo, &a.item, a.due) == (&b.control, &b.todo, &b.item, b.due));
    found
}

/// Of what is due, what some persons have to do, each named by id, address, account or name; all of it if nobody is
/// named.
///
/// # Errors
/// A name leads to nobody, or to more than one person: an empty list would look as if nothing were due.
pub fn owned<'a>(
    mut pending: Vec<&'a Pending>,
    names: &[String],
    people: &People,
    owners: &[String],
) -> Result<Vec<&'a Pending>> {
    let equal = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    for name in names.iter().filter(|name| people.find(name).is_none()) {
        let error = |why: &str| Error::new(Kind::Usage, format!("{} {why}", shown(name)));
        if people.is_shared(name) {
            return Err(error("is the name of more than one person").hint("name the person by id or by address"));
        }
        let owns = |one: &&Pending| one.person.is_none() && equal(&one.owner, name);
        if !owners.iter().any(|owner| equal(owner, name)) && !pending.iter().any(owns) {
            return Err(error("is nobody in the register of people, and owns no control")
                .hint("name a person by id, address, account or name, as registers/people has them"));
        }
    }
    let is_of = |one: &Pending, name: &String| match people.find(name) {
        Some(person) => one.person == Some(person),
        None => one.person.is_none() && equal(&one.owner, name),
    };
    pending.retain(|one| names.is_empty() || names.iter().any(|name| is_of(one, name)));
    Ok(pending)
}

/// A table with a row for each.
#[must_use]
pub fn table(pending: &[&Pending], width: usize) -> String {
    if pending.is_empty() {
        return "nothing is due\n".to_owned();
    }
    let owner = |one: &Pending| cut(&safe(&one.owner), MOST_OWNER);
    let owners = pending.iter().map(|one| owner(one).width()).max().unwrap_or(0);
    let mut out = String::new();
    for one in pending {
        let owner = owner(one);
        let left = format!("{}  {owner}{}  ", one.due.day, " ".repeat(owners - owner.width()));
        let _ = writeln!(out, "{left}{}", cut(&safe(&one.todo), width.saturating_sub(left.width())));
    }
    out
}

/// A calendar with a whole-day event for each, which other programs can subscribe to.
#[must_use]
pub fn calendar(pending: &[&Pending], calendar: &Calendar) -> String {
    let stamp = calendar.as_of.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::new();
    let mut line = |text: &str| folded(&mut out, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line(&format!("PRODID:-//tickmark//tickmark {}//EN", env!("CARGO_PKG_VERSION")));
    for one in pending {
        let day = one.due.day;
        let next = day.tomorrow().unwrap_or(day);
        let key = format!("{}\0{}\0{}\0{day}", one.control, one.rule, one.item);
        let id: String = Sha256::digest(key.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        line("BEGIN:VEVENT");
        line(&format!("UID:{id}@tickmark"));
        line(&format!("DTSTAMP:{stamp}"));
        line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
        line(&format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
        line(&format!("SUMMARY:{}", escaped(&format!("{} ({})", one.todo, one.owner))));
        line(&format!("DESCRIPTION:{}", escaped(&format!("{}: {}", one.control, one.item))));
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

/// Text of a property (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    safe(text).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// A line of at most 75 bytes; what is longer goes on behind a space (RFC 5545, 3.1).
fn folded(out: &mut String, text: &str) {
    let mut length = 0;
    for character in text.chars() {
        if length + character.len_utf8() > 75 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}
