//! How dates are written, where a table or a register declares it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::written::{Clock, Cursor, Parts, short_year};
use crate::text::shown;

/// How dates are written, as `tickmark.yaml` declares it: `DD/MM/YYYY`, `MM/DD/YYYY HH:mm`, `DD/MMM/YY h:mm A`,
/// `epoch` (seconds since 1970) or `epoch-ms` (thousandths of them).
///
/// Years are `YYYY` or `YY` (1969 to 2068), months `MM`, `M`, or `MMM` and `MMMM` for their English names, days `DD` or
/// `D`; hours `HH` or `H`, or `hh` or `h` with `A` for AM and PM; minutes `mm`, seconds `ss`, their decimal places `SSS`,
/// and the offset `Z`. Whatever stands between them stands there in the date as well. Zeros in front may be missing
/// where something stands between the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateFormat {
    written: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Pieces(Vec<Piece>),
    /// A number of units since 1970, of which so many make a second.
    Epoch {
        per_second: i64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Field {
        field: Field,
        /// Whether it touches another number, so that only its width tells where it ends.
        exact: bool,
    },
    Between(char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    HourOfHalf,
    Minute,
    Second,
    Decimals,
    Half,
    Offset,
}

/// The letters of a format, the longer ones before those that they begin with.
const LETTERS: [(&str, Field); 17] = [
    ("YYYY", Field::Year),
    ("YY", Field::ShortYear),
    ("MMMM", Field::MonthName),
    ("MMM", Field::MonthName),
    ("MM", Field::Month),
    ("M", Field::Month),
    ("DD", Field::Day),
    ("D", Field::Day),
    ("HH", Field::Hour),
    ("H", Field::Hour),
    ("hh", Field::HourOfHalf),
    ("h", Field::HourOfHalf),
    ("mm", Field::Minute),
    ("ss", Field::Second),
    ("SSS", Field::Decimals),
    ("A", Field::Half),
    ("Z", Field::Offset),
];

/// Characters that a format may have.
const LONGEST: usize = 40;

/// Regular expression that every format fits.
const PATTERN: &str =
    "^(epoch|epoch-ms|(YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A|Z|T|[^A-Za-z0-9\\p{C}]){3,40})$";

impl DateFormat {
    /// What a date that is written like this says; `None` where it is written in another way.
    pub(super) fn read(&self, text: &str) -> Option<Reading> {
        match &self.kind {
            Kind::Epoch { per_second } => epoch(text, *per_second).map(Reading::At),
            Kind::Pieces(pieces) => parts(pieces, text).map(Reading::Parts),
        }
    }
}

/// What a date says.
pub(super) enum Reading {
    At(Timestamp),
    Parts(Parts),
}

impl FromStr for DateFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let kind = match text {
            "epoch" => Kind::Epoch { per_second: 1 },
            "epoch-ms" => Kind::Epoch { per_second: 1000 },
            _ => Kind::Pieces(pieces(text).map_err(|why| {
                format!(
                    "{} is no format of dates: {why}; write one such as DD/MM/YYYY, MM/DD/YYYY HH:mm, DD/MMM/YY h:mm A, \
                     epoch or epoch-ms",
                    shown(text)
                )
            })?),
        };
        Ok(Self { written: text.to_owned(), kind })
    }
}

/// The pieces of a format.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(format!("it has more than {LONGEST} characters"));
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some((letters, field, after)) =
            LETTERS.iter().find_map(|(letters, field)| Some((*letters, *field, rest.strip_prefix(letters)?)))
        {
            touch(&mut pieces, letters, field)?;
            rest = after;
        } else if next != 'T' && (next.is_alphanumeric() || next.is_control()) {
            return Err(format!("{} stands for nothing in it", shown(&next.to_string())));
        } else {
            pieces.push(Piece::Between(next));
            rest = rest.strip_prefix(next).unwrap_or_default();
        }
    }
    whole(&pieces)?;
    Ok(pieces)
}

/// Adds a field, which must have a fixed width, as its neighbour must, where two numbers touch.
fn touch(pieces: &mut Vec<Piece>, letters: &str, field: Field) -> Result<(), String> {
    let is_number = |field: Field| !matches!(field, Field::MonthName | Field::Half | Field::Offset);
    // A single letter stands for one digit or two, and decimal places may be as many as they like.
    let fixed = letters.len() > 1 && field != Field::Decimals;
    let mut exact = false;
    if let Some(Piece::Field { field: before, exact: width }) = pieces.last_mut()
        && is_number(*before)
        && is_number(field)
    {
        if !fixed || *before == Field::Decimals {
            return Err("something must stand between two numbers, or both must be written with two letters".to_owned());
        }
        (*width, exact) = (true, true);
    }
    pieces.push(Piece::Field { field, exact });
    Ok(())
}

/// Whether the pieces name one day, and a time only as a whole.
fn whole(pieces: &[Piece]) -> Result<(), String> {
    let count = |of: &[Field]| {
        pieces.iter().filter(|piece| matches!(piece, Piece::Field { field, .. } if of.contains(field))).count()
    };
    for (of, name) in [
        (&[Field::Year, Field::ShortYear][..], "year (YYYY or YY)"),
        (&[Field::Month, Field::MonthName], "month (MM, M or MMM)"),
        (&[Field::Day], "day (DD or D)"),
    ] {
        if count(of) != 1 {
            return Err(format!("it must have one {name}"));
        }
    }
    let hours = count(&[Field::Hour, Field::HourOfHalf]);
    let minutes = count(&[Field::Minute]);
    for of in [Field::Minute, Field::Second, Field::Decimals, Field::Half, Field::Offset] {
        if count(&[of]) > 1 || hours > 1 {
            return Err("a part of the time stands in it twice".to_owned());
        }
    }
    if hours != minutes {
        return Err("a time needs hours (HH or h) and minutes (mm)".to_owned());
    }
    if count(&[Field::HourOfHalf]) != count(&[Field::Half]) {
        return Err("h needs A for AM and PM, and HH has none".to_owned());
    }
    let seconds = count(&[Field::Second]);
    if count(&[Field::Offset]) > hours || seconds > minutes || count(&[Field::Decimals]) > seconds {
        return Err("seconds and an offset need hours (HH or h) and minutes (mm)".to_owned());
    }
    Ok(())
}

/// What a text that is written in these pieces says; `None` where it is written in another way.
fn parts(pieces: &[Piece], text: &str) -> Option<Parts> {
    let mut cursor = Cursor::new(text);
    let (mut parts, mut clock, mut timed) = (Parts::default(), Clock::default(), false);
    for piece in pieces {
        let (field, exact) = match piece {
            Piece::Field { field, exact } => (*field, *exact),
            Piece::Between(' ') if cursor.blanks() => continue,
            Piece::Between(wanted) if cursor.eat(*wanted) => continue,
            Piece::Between(_) => return None,
        };
        let number = |cursor: &mut Cursor<'_>| if exact { cursor.exactly(2) } else { cursor.number(1, 2) };
        match field {
            Field::Year if exact => parts.year = i16::try_from(cursor.exactly(4)?).ok()?,
            Field::Year => parts.year = i16::try_from(cursor.number(4, 4)?).ok()?,
            Field::ShortYear if exact => parts.year = short_year(cursor.exactly(2)?),
            Field::ShortYear => parts.year = short_year(cursor.number(2, 2)?),
            Field::Month => parts.month = number(&mut cursor)?,
            Field::MonthName => parts.month = cursor.month()?,
            Field::Day => parts.day = number(&mut cursor)?,
            Field::Hour | Field::HourOfHalf => (clock.hour, timed) = (number(&mut cursor)?, true),
            Field::Minute => clock.minute = number(&mut cursor)?,
            Field::Second => clock.second = number(&mut cursor)?,
            Field::Decimals => clock.nanosecond = cursor.billionths()?,
            Field::Half => clock.afternoon = Some(cursor.half()?),
            Field::Offset => parts.offset = Some(cursor.distance()?),
        }
    }
    parts.clock = timed.then_some(clock);
    cursor.is_done().then_some(parts)
}

/// The instant that lies a number of units after 1970 began. `None` where the text is no whole number, or where it
/// leads out of the calendar.
fn epoch(text: &str, per_second: i64) -> Option<Timestamp> {
    const BILLION: i64 = 1_000_000_000;
    let plain = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    let count: i64 = text.parse().ok().filter(|_| plain)?;
    let rest = count.rem_euclid(per_second) * (BILLION / per_second);
    Timestamp::new(count.div_euclid(per_second), i32::try_from(rest).ok()?).ok()
}

impl fmt::Display for DateFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

impl TryFrom<String> for DateFormat {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<DateFormat> for String {
    fn from(format: DateFormat) -> Self {
        format.written
    }
}

impl JsonSchema for DateFormat {
    fn schema_name() -> Cow<'static, str> {
        "DateFormat".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "title": "a format of dates, such as DD/MM/YYYY",
            "description": "How dates are written: YYYY or YY, MM, M, MMM or MMMM, DD or D, HH or H, hh or h with A, mm, \
                            ss, SSS and Z, with what stands between them; or epoch, or epoch-ms.",
            "pattern": PATTERN,
            "examples": ["DD/MM/YYYY", "MM/DD/YYYY HH:mm", "DD/MMM/YY h:mm A", "epoch", "epoch-ms"],
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_format_is_written_as_it_was_read() {
        let pattern = regex::Regex::new(PATTERN).unwrap();
        for text in [
            "DD/MM/YYYY",
            "MM/DD/YYYY HH:mm",
            "DD/MMM/YY h:mm A",
            "D.M.YY",
            "D. MMMM YYYY",
            "YYYYMMDD",
            "YYYY-MM-DDTHH:mm:ss.SSSZ",
            "YYYYMMDDHHmmss",
            "hh:mm:ss A DD.MM.YYYY",
            "epoch",
            "epoch-ms",
        ] {
            let format: DateFormat = text.parse().unwrap();
            assert_eq!(format.to_string(), text);
            assert_eq!(serde_json::to_value(&format).unwrap(), text);
            assert_eq!(serde_json::from_value::<DateFormat>(text.into()).unwrap(), format);
            assert!(pattern.is_match(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_format_says_why() {
        for (text, why) in [
            ("", "one year"),
            ("DD/MM", "one year"),
            ("YYYY-MM", "one day"),
            ("YYYY-DD", "one month"),
            ("dd/mm/yyyy", "`d` stands for nothing"),
            ("%Y-%m-%d", "`Y` stands for nothing"),
            ("DD/MM/YYYY at HH:mm", "`a` stands for nothing"),
            ("DD/MM/YYYY YY", "one year"),
            ("DD/MM/YYYY HH", "needs hours"),
            ("DD/MM/YYYY mm", "needs hours"),
            ("DD/MM/YYYY HH:ss", "needs hours"),
            ("DD/MM/YYYY ss", "seconds and an offset"),
            ("DD/MM/YYYY HH:mm.SSS", "seconds and an offset"),
            ("DD/MM/YYYY Z", "seconds and an offset"),
            ("DD/MM/YYYY h:mm", "h needs A"),
            ("DD/MM/YYYY HH:mm A", "h needs A"),
            ("DD/MM/YYYY HH:mm h", "twice"),
            ("DD/MM/YYYY HH:mm mm", "twice"),
            ("YYYYMD", "must stand between"),
            ("DMYYYY", "must stand between"),
            ("Epoch", "`E` stands for nothing"),
            ("epoch-us", "`e` stands for nothing"),
            ("DD/MM/YYYY\u{1b}", "`\\u{1b}` stands for nothing"),
            ("DD/MM/YYYY ----------------------------------------", "more than 40"),
        ] {
            let fault = text.parse::<DateFormat>().unwrap_err();
            assert!(fault.contains(why), "{text}: {fault}");
            assert!(fault.contains("is no format of dates") && !fault.contains('\u{1b}'), "{fault}");
        }
        let fault = serde_json::from_value::<DateFormat>("DD/MM".into()).unwrap_err().to_string();
        assert!(fault.starts_with("`DD/MM` is no format of dates: it must have one year"), "{fault}");
    }
}
