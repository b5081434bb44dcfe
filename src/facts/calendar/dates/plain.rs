//! Dates that nobody can take for another one, and are therefore read without being told how they are written.

use super::fault::DateFault;
use super::written::{Clock, Cursor, Distance, Parts, short_year};

/// Bytes that a date may have.
const LONGEST: usize = 64;

/// Reads a date that names its month, or whose year stands first.
pub(super) fn read(text: &str) -> Result<Parts, DateFault> {
    if text.len() > LONGEST {
        return Err(DateFault::Unknown);
    }
    let mut cursor = Cursor::new(text);
    let sign = cursor.next().is_some_and(|first| ['-', '+'].contains(&first));
    let digits = text.get(usize::from(sign)..).unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DateFault::Number);
    }
    let mut parts = Parts { weekday: cursor.weekday(), ..Parts::default() };
    if parts.weekday.is_some() {
        cursor.eat('.');
        cursor.eat(',');
        if !cursor.blanks() {
            return Err(DateFault::Unknown);
        }
    }
    match cursor.digits_ahead() {
        0 => month_first(&mut cursor, &mut parts)?,
        4 => year_first(&mut cursor, &mut parts)?,
        _ => day_first(&mut cursor, &mut parts)?,
    }
    Ok(parts)
}

/// `2026-03-04`, `2026/03/04`, `2026-Mar-04`, and what follows.
fn year_first(cursor: &mut Cursor<'_>, parts: &mut Parts) -> Result<(), DateFault> {
    parts.year = year(cursor)?;
    let between = cursor.next().filter(|next| ['-', '/', '.'].contains(next)).ok_or(DateFault::Unknown)?;
    cursor.eat(between);
    parts.month = cursor.month().or_else(|| cursor.number(1, 2)).ok_or(DateFault::Unknown)?;
    if !cursor.eat(between) {
        return Err(DateFault::Unknown);
    }
    parts.day = cursor.number(1, 2).ok_or(DateFault::Unknown)?;
    if cursor.is_done() {
        return Ok(());
    }
    if cursor.eat('T') || cursor.eat('t') { time(cursor, parts) } else { time_behind(cursor, parts) }
}

/// `4 Mar 2026`, `04-Mar-2026`, `04/Mar/26 10:15 AM`, and what follows.
fn day_first(cursor: &mut Cursor<'_>, parts: &mut Parts) -> Result<(), DateFault> {
    if is_numbers(*cursor) {
        return Err(DateFault::Order);
    }
    parts.day = day(cursor).ok_or(DateFault::Unknown)?;
    let between = separator(cursor).ok_or(DateFault::Unknown)?;
    parts.month = cursor.month().ok_or(DateFault::Unknown)?;
    if between == ' ' {
        cursor.eat(',');
    }
    if separator(cursor) != Some(between) {
        return Err(DateFault::Unknown);
    }
    // Jira's own form, in which a day always comes first.
    if between == '/' && cursor.digits_ahead() == 2 {
        parts.year = cursor.exactly(2).map(short_year).ok_or(DateFault::Unknown)?;
    } else {
        parts.year = year(cursor)?;
    }
    time_behind(cursor, parts)
}

/// `Mar 4, 2026`, `Mar 4 18:22:00 2026 +0100`, and what follows.
fn month_first(cursor: &mut Cursor<'_>, parts: &mut Parts) -> Result<(), DateFault> {
    parts.month = cursor.month().ok_or(DateFault::Unknown)?;
    let between = separator(cursor).ok_or(DateFault::Unknown)?;
    parts.day = day(cursor).ok_or(DateFault::Unknown)?;
    if between == ' ' {
        cursor.eat(',');
    }
    if separator(cursor) != Some(between) {
        return Err(DateFault::Unknown);
    }
    let mut ahead = *cursor;
    if between == ' ' && ahead.number(1, 2).is_some() && ahead.next() == Some(':') {
        // Git and the clocks of Unix write the year behind the time, and the zone before it or behind it.
        parts.clock = Some(clock(cursor)?);
        cursor.blanks();
        if cursor.digits_ahead() == 0 {
            parts.offset = Some(offset(cursor)?);
            cursor.blanks();
        }
        parts.year = year(cursor)?;
        if parts.offset.is_none() && cursor.blanks() {
            parts.offset = Some(offset(cursor)?);
        }
        return if cursor.is_done() { Ok(()) } else { Err(DateFault::Unknown) };
    }
    parts.year = year(cursor)?;
    time_behind(cursor, parts)
}

/// Whether day, month and year are all numbers, the year last.
fn is_numbers(mut cursor: Cursor<'_>) -> bool {
    let mut number = |last: bool| cursor.number(1, 4).is_some() && (last || separator(&mut cursor).is_some());
    number(false) && number(false) && number(true)
}

/// What stands between day, month and year: a hyphen, a slash, a full stop, or blanks, also behind a full stop.
fn separator(cursor: &mut Cursor<'_>) -> Option<char> {
    if cursor.blanks() {
        return Some(' ');
    }
    let found = cursor.next().filter(|next| ['-', '/', '.'].contains(next))?;
    cursor.eat(found);
    Some(if cursor.blanks() { ' ' } else { found })
}

/// A day of the month, also as `4th`.
fn day(cursor: &mut Cursor<'_>) -> Option<u32> {
    let day = cursor.number(1, 2)?;
    let mut ahead = *cursor;
    if ["st", "nd", "rd", "th"].contains(&ahead.letters()) {
        *cursor = ahead;
    }
    Some(day)
}

fn year(cursor: &mut Cursor<'_>) -> Result<i16, DateFault> {
    match cursor.digits_ahead() {
        2 => Err(DateFault::ShortYear),
        _ => cursor.number(4, 4).and_then(|year| i16::try_from(year).ok()).ok_or(DateFault::Unknown),
    }
}

/// A time behind a date, if there is one.
fn time_behind(cursor: &mut Cursor<'_>, parts: &mut Parts) -> Result<(), DateFault> {
    if cursor.is_done() {
        return Ok(());
    }
    cursor.eat(',');
    if cursor.blanks() { time(cursor, parts) } else { Err(DateFault::Unknown) }
}

/// A time with its offset, and nothing behind it.
fn time(cursor: &mut Cursor<'_>, parts: &mut Parts) -> Result<(), DateFault> {
    parts.clock = Some(clock(cursor)?);
    cursor.blanks();
    if cursor.is_done() {
        return Ok(());
    }
    parts.offset = Some(offset(cursor)?);
    if cursor.is_done() { Ok(()) } else { Err(DateFault::Unknown) }
}

fn offset(cursor: &mut Cursor<'_>) -> Result<Distance, DateFault> {
    let named = cursor.next().is_some_and(char::is_alphabetic);
    cursor.distance().ok_or(if named { DateFault::Zone } else { DateFault::Unknown })
}

/// `18:22`, `18:22:00`, `18:22:00.000`, `6:22 PM`.
fn clock(cursor: &mut Cursor<'_>) -> Result<Clock, DateFault> {
    let mut clock = Clock { hour: cursor.number(1, 2).ok_or(DateFault::Unknown)?, ..Clock::default() };
    if !cursor.eat(':') {
        return Err(DateFault::Unknown);
    }
    clock.minute = cursor.number(2, 2).ok_or(DateFault::Unknown)?;
    if cursor.eat(':') {
        clock.second = cursor.number(2, 2).ok_or(DateFault::Unknown)?;
        if cursor.eat('.') {
            clock.nanosecond = cursor.billionths().ok_or(DateFault::Unknown)?;
        }
    }
    let mut ahead = *cursor;
    ahead.blanks();
    if let Some(afternoon) = ahead.half() {
        clock.afternoon = Some(afternoon);
        *cursor = ahead;
    }
    Ok(clock)
}
