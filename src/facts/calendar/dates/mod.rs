//! Days and instants as records write them. What could be read in two ways is refused, never guessed.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::When;
use format::Reading;
use written::Parts;

mod fault;
mod format;
mod plain;
mod written;

pub use fault::{DateFault, MONTHS};
pub use format::DateFormat;
pub use written::month;

/// Reads days and instants.
#[derive(Clone, Debug)]
pub struct DateReader {
    /// The zone of times that are written without one, and by whose clock every instant has its day.
    pub zone: TimeZone,
    /// How dates are written, as it was declared. They come before what is read without being told, and where several
    /// of them fit, they must lead to the same.
    pub formats: Vec<DateFormat>,
}

impl DateReader {
    /// Reads a day or an instant. Without a format these are read: a date whose year stands first (`2026-03-04`,
    /// `2026/03/04`), and one that names its month in English (`4 Mar 2026`, `Mar 4, 2026`, `04/Mar/26` as Jira writes
    /// it, RFC 2822), alone or with a time, and this with an offset or without one, as in RFC 3339.
    ///
    /// # Errors
    /// Why the text is none, or could be more than one.
    pub fn read(&self, text: &str) -> Result<When, DateFault> {
        let text = text.trim();
        if let Some(found) = self.declared(text) {
            return found;
        }
        let advises_to_declare =
            |fault| matches!(fault, DateFault::Order | DateFault::Number | DateFault::ShortYear | DateFault::Unknown);
        match plain::read(text) {
            Err(fault) if advises_to_declare(fault) && !self.formats.is_empty() => Err(DateFault::Undeclared),
            found => self.when(&found?),
        }
    }

    /// Reads a text by the formats that were declared; `None` where it is written like none of them.
    fn declared(&self, text: &str) -> Option<Result<When, DateFault>> {
        let mut found: Option<Result<When, DateFault>> = None;
        for reading in self.formats.iter().filter_map(|format| format.read(text)) {
            let one = match reading {
                Reading::At(at) => Ok(When::instant(at, &self.zone)),
                Reading::Parts(parts) => self.when(&parts),
            };
            found = match (found, one) {
                (Some(Ok(first)), Ok(second)) if first != second => return Some(Err(DateFault::Formats)),
                (Some(first), Err(_)) => Some(first),
                // A reading that leads to no day is none if another one leads to one.
                (_, one) => Some(one),
            };
        }
        found
    }

    fn when(&self, parts: &Parts) -> Result<When, DateFault> {
        let date = parts.date()?;
        let Some(clock) = parts.clock else { return When::day(date, &self.zone).ok_or(DateFault::TooFar) };
        let local = date.to_datetime(clock.time()?);
        let at = match parts.offset {
            Some(distance) => {
                let offset = Offset::from_seconds(distance.seconds()?).map_err(|_| DateFault::NoSuchTime)?;
                offset.to_timestamp(local).map_err(|_| DateFault::TooFar)?
            }
            None => self.local(local)?,
        };
        Ok(When::instant(at, &self.zone))
    }

    /// The instant of a time by the clock of the zone.
    fn local(&self, local: DateTime) -> Result<Timestamp, DateFault> {
        let possible = self.zone.to_ambiguous_timestamp(local);
        match possible.offset() {
            AmbiguousOffset::Unambiguous { .. } => possible.unambiguous().map_err(|_| DateFault::TooFar),
            AmbiguousOffset::Gap { .. } => Err(DateFault::Skipped),
            AmbiguousOffset::Fold { .. } => Err(DateFault::Twice),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::Weekday;

    use super::DateFault::{
        Formats, NoSuchMonth, NoSuchTime, Number, Order, ShortYear, Skipped, TooFar, Twice, Undeclared, Unknown, Zone,
    };
    use super::*;

    /// Reads as an organisation in Berlin does, and tells the result as a day or an instant.
    fn read(formats: &[&str], text: &str) -> Result<String, DateFault> {
        let formats = formats.iter().map(|format| format.parse().unwrap()).collect();
        let reader = DateReader { zone: TimeZone::get("Europe/Berlin").unwrap(), formats };
        reader.read(text).map(|when| when.to_string())
    }

    #[track_caller]
    fn all(formats: &[&str], cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(read(formats, text).as_deref(), Ok(*expected), "{text}");
        }
    }

    #[track_caller]
    fn none(formats: &[&str], fault: DateFault, texts: &[&str]) {
        for text in texts {
            assert_eq!(read(formats, text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_year_that_stands_first_needs_no_format() {
        all(
            &[],
            &[
                ("2026-03-04", "2026-03-04"),
                ("  2026-03-04\n", "2026-03-04"),
                ("2026/03/04", "2026-03-04"),
                ("2026-3-4", "2026-03-04"),
                ("2026-Mar-04", "2026-03-04"),
                ("Wed 2026-03-04", "2026-03-04"),
                ("2028-02-29", "2028-02-29"),
                ("2026-03-04T18:22:00Z", "2026-03-04T18:22:00Z"),
                ("2026-03-04t18:22:00z", "2026-03-04T18:22:00Z"),
                ("2026-03-04T18:22Z", "2026-03-04T18:22:00Z"),
                ("2026-03-04 18:22:00Z", "2026-03-04T18:22:00Z"),
                ("2026-03-04 18:22:00 UTC", "2026-03-04T18:22:00Z"),
                ("2026-03-04T18:22:00+02:00", "2026-03-04T16:22:00Z"),
                ("2026-03-04T18:22:00-0530", "2026-03-04T23:52:00Z"),
                ("2026-03-04 18:22:00+01", "2026-03-04T17:22:00Z"),
                ("2026-03-04T18:22:00.000+0000", "2026-03-04T18:22:00Z"),
                ("2026-03-04T18:22:00.25Z", "2026-03-04T18:22:00.25Z"),
                ("2026-03-04T18:22:00.123456789Z", "2026-03-04T18:22:00.123456789Z"),
                // A leap second.
                ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
                // By the clock of Berlin, in winter and in summer.
                ("2026-03-04 18:22", "2026-03-04T17:22:00Z"),
                ("2026-07-04T18:22:00", "2026-07-04T16:22:00Z"),
                ("2026-07-04  6:22 pm", "2026-07-04T16:22:00Z"),
                ("2019/07/11 15:36:14", "2019-07-11T13:36:14Z"),
            ],
        );
    }

    #[test]
    fn a_month_that_is_named_needs_no_format() {
        all(
            &[],
            &[
                ("4 Mar 2026", "2026-03-04"),
                ("04 march 2026", "2026-03-04"),
                ("4. Mar. 2026", "2026-03-04"),
                ("4.Mar.2026", "2026-03-04"),
                ("04-MAR-2026", "2026-03-04"),
                ("Mar 4, 2026", "2026-03-04"),
                ("March 4th, 2026", "2026-03-04"),
                ("Sept. 1st 2026", "2026-09-01"),
                ("Jun 1 2018", "2018-06-01"),
                ("4 Mar 2026 18:22", "2026-03-04T17:22:00Z"),
                ("Mar 4, 2026, 6:22:05 PM", "2026-03-04T17:22:05Z"),
                ("04/Mar/26", "2026-03-04"),
                ("04/Mar/26 10:15 AM", "2026-03-04T09:15:00Z"),
                ("30/Oct/26 5:00 PM", "2026-10-30T16:00:00Z"),
                ("30/Jul/18 23:33", "2018-07-30T21:33:00Z"),
                ("04/Mar/2026 12:00 AM", "2026-03-03T23:00:00Z"),
                ("04/Mar/2026 12:00 PM", "2026-03-04T11:00:00Z"),
                ("Wed, 04 Mar 2026 18:22:00 +0100", "2026-03-04T17:22:00Z"),
                ("Wed, 4 Mar 2026 18:22 GMT", "2026-03-04T18:22:00Z"),
                ("Wednesday, March 4, 2026", "2026-03-04"),
                ("Wed Mar 4 18:22:00 2026 +0100", "2026-03-04T17:22:00Z"),
                ("Wed Mar  4 18:22:00 UTC 2026", "2026-03-04T18:22:00Z"),
                ("Wed Mar  4 18:22:00 2026", "2026-03-04T17:22:00Z"),
            ],
        );
    }

    #[test]
    fn numbers_alone_are_refused_until_their_order_is_declared() {
        none(
            &[],
            Order,
            &[
                "03/04/2026",
                "25/03/2026",
                "6/21/2025 16:14",
                "4.3.2026",
                "4. 3. 2026",
                "04-03-26",
                "04 03 2026",
                "31/31/9999",
            ],
        );
        assert!(Order.to_string().contains("declare the order, as in `dates: [DD/MM/YYYY]`"));
        all(&["DD/MM/YYYY"], &[("03/04/2026", "2026-04-03"), ("3/4/2026", "2026-04-03"), ("25/03/2026", "2026-03-25")]);
        all(
            &["MM/DD/YYYY"],
            &[("03/04/2026", "2026-03-04"), ("2026-03-04", "2026-03-04"), ("4 Mar 2026", "2026-03-04")],
        );
        all(&["M/D/YYYY HH:mm"], &[("6/21/2025 16:14", "2025-06-21T14:14:00Z")]);
        all(
            &["D.M.YYYY", "D.M.YYYY H:mm:ss"],
            &[("4.3.2026", "2026-03-04"), ("4.3.2026 8:00:01", "2026-03-04T07:00:01Z")],
        );
        none(&["DD/MM/YYYY"], NoSuchMonth(13), &["03/13/2026"]);
        none(&["DD/MM/YYYY"], Undeclared, &["03.04.2026", "03/04/26", "03/04/2026 10:00", "1772648520"]);
        // What is declared comes before what would be read without it.
        all(&["YYYY-DD-MM"], &[("2026-03-04", "2026-04-03")]);
    }

    #[test]
    fn several_formats_must_lead_to_the_same() {
        let both = ["DD/MM/YYYY", "MM/DD/YYYY"];
        none(&both, Formats, &["03/04/2026"]);
        all(&both, &[("03/03/2026", "2026-03-03"), ("25/03/2026", "2026-03-25"), ("03/25/2026", "2026-03-25")]);
        none(&both, NoSuchMonth(25), &["25/25/2026"]);
        none(&["epoch", "epoch-ms"], Formats, &["1772648520"]);
    }

    #[test]
    fn years_of_two_digits_are_read_only_where_it_is_declared() {
        none(&[], ShortYear, &["4 Mar 26", "Mar 4, 26", "04-Mar-26", "4 Mar 26 18:22"]);
        all(&["D.M.YY"], &[("4.3.26", "2026-03-04"), ("4.3.68", "2068-03-04"), ("4.3.69", "1969-03-04")]);
        all(&["D MMM YY"], &[("4 Mar 26", "2026-03-04"), ("4 March 26", "2026-03-04")]);
        all(&["DD/MMM/YY h:mm A"], &[("04/Mar/26 6:22 PM", "2026-03-04T17:22:00Z")]);
    }

    #[test]
    fn numbers_count_only_where_it_is_declared() {
        none(&[], Number, &["1772648520", "1772648520000", "20260304", "2026", "0", "-1", "46085"]);
        all(&["epoch"], &[("1772648520", "2026-03-04T18:22:00Z"), ("-1", "1969-12-31T23:59:59Z")]);
        all(&["epoch-ms"], &[("1772648520250", "2026-03-04T18:22:00.25Z"), ("-1", "1969-12-31T23:59:59.999Z")]);
        all(
            &["YYYYMMDD", "YYYYMMDDTHHmmssZ"],
            &[("20260304", "2026-03-04"), ("20260304T182200Z", "2026-03-04T18:22:00Z")],
        );
        none(&["YYYYMMDD"], Undeclared, &["2026304", "202603041"]);
        none(&["epoch"], Undeclared, &["99999999999999", "9223372036854775808", "+1", "1.5", "1e9", "1_000", "soon"]);
    }

    #[test]
    fn what_never_was_says_so() {
        for (text, words) in [
            ("2026-02-30", "there is no such day: February 2026 has days 1 to 28"),
            ("2028-02-30", "there is no such day: February 2028 has days 1 to 29"),
            ("31 Apr 2026", "there is no such day: April 2026 has days 1 to 30"),
            ("2026-03-00", "there is no such day: March 2026 has days 1 to 31"),
            ("2026-13-01", "there is no month 13"),
            ("0000-00-00", "there is no month 0"),
            ("Fri, 06 Mar 2020 10:00:00 +0000 ", ""),
            ("Thu, 06 Mar 2020 10:00:00 +0000", "this day is a Friday, and another day of the week stands beside it"),
        ] {
            let found = read(&[], text).err().map(|fault| fault.to_string()).unwrap_or_default();
            assert_eq!(found, words, "{text}");
        }
        none(&[], DateFault::Weekday(Weekday::Wednesday), &["Fri, 04 Mar 2026 18:22:00 +0100"]);
        none(
            &[],
            NoSuchTime,
            &[
                "2026-03-04 24:00",
                "2026-03-04 18:60",
                "2026-03-04T18:22:61Z",
                "4 Mar 2026 13:00 PM",
                "4 Mar 2026 0:00 AM",
                "2026-03-04T18:22:00+24:00",
                "2026-03-04T18:22:00+01:60",
            ],
        );
        none(&[], TooFar, &["9999-12-31", "9999-12-31T23:59:59-12:00"]);
    }

    #[test]
    fn a_time_that_never_was_or_was_twice_needs_its_offset() {
        none(&[], Skipped, &["2026-03-29 02:00", "2026-03-29T02:59:59", "29/Mar/26 2:30 AM"]);
        none(&[], Twice, &["2026-10-25 02:00", "25 Oct 2026 02:59:59"]);
        none(&["D.M.YYYY H:mm"], Twice, &["25.10.2026 2:30"]);
        all(
            &[],
            &[
                ("2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
                ("2026-03-29 03:00", "2026-03-29T01:00:00Z"),
                ("2026-10-25 01:59:59", "2026-10-24T23:59:59Z"),
                ("2026-10-25 03:00", "2026-10-25T02:00:00Z"),
                ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"),
                ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
                ("2026-10-25T02:30:00Z", "2026-10-25T02:30:00Z"),
                ("2026-10-25", "2026-10-25"),
            ],
        );
    }

    #[test]
    fn everything_else_is_refused_and_nothing_breaks() {
        let long = format!("2026-03-04{}", " ".repeat(100_000) + "x");
        none(
            &[],
            Unknown,
            &[
                "",
                " ",
                "-",
                "soon",
                "N/A",
                "Never logged in",
                "2026-03",
                "2026-Q1",
                "2026-W10",
                "2026-063",
                "2026-03/04",
                "2026-03-04T",
                "2026-03-04x",
                "2026-03-04T18",
                "2026-03-04T18:22:00.Z",
                "2026-03-04T18:22:00.1234567890Z",
                "2026-03-04T18:22:00+1",
                "4 März 2026",
                "Mar 2026",
                "4 Mar",
                "4 Mar 02026",
                "Mar 4 18:22:00",
                "18:22",
                "２０２６-03-04",
                "2026‐03‐04",
                "\u{0}",
                "2026-03-04\u{0}",
                "Wed",
                "Wed,",
                &long,
                "2026-03-04 18:22 2026-03-04",
                "é026-03-04",
                "+",
                "--1",
            ],
        );
        none(
            &[],
            Zone,
            &[
                "2026-03-04 18:22 CET",
                "2026-03-04 18:22 Europe/Berlin",
                "2026-03-04T18:22:00Zulu",
                "4 Mar 2026 18:22 EST",
            ],
        );
    }

    #[test]
    fn every_beginning_of_a_date_is_read_or_refused() {
        let formats = ["DD/MM/YYYY HH:mm:ss.SSS Z", "D MMM YY", "YYYYMMDD", "epoch"];
        for text in ["Wed, 04 Mar 2026 18:22:00.5 +0100é", "2026-03-04T18:22:00.000+00:00é", "04/Mar/26 10:15 AMé"] {
            for (end, _) in text.char_indices() {
                for start in (0..end).filter(|start| text.is_char_boundary(*start)) {
                    let _ = (read(&[], &text[start..end]), read(&formats, &text[start..end]));
                }
            }
        }
    }
}
