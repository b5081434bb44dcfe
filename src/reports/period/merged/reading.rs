//! Reads a document that is to be joined with others. Whoever wrote it may have meant harm or made a mistake: numbers that
//! no run has, forms that are not known and sums that do not agree are refused, each with its place.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::{PeriodReport, SCHEMA};
use super::{agreeing, results};
use crate::policies::pack::Pack;
use crate::reports::results_json::ResultsDocument;
use crate::text::{SourceText, safe, shown};

/// The form of the results of a check.
const RESULTS: &str = "tickmark.results/1";
/// The greatest count that is taken for one. What a report adds up is far from what a number can hold, even if every count
/// of every document were this.
const GREATEST: u64 = 10_000_000_000;
/// Characters of what the reader of JSON says that are told: it may repeat a text of the document.
const LONGEST: usize = 200;

/// A document that can be joined.
#[derive(Clone, Debug)]
pub struct Told {
    /// The file, as it was named.
    pub file: String,
    /// What it says.
    pub report: PeriodReport,
    /// Whether it is the results of a check, which say less than a report.
    pub of_check: bool,
}

/// A document, or a run of one, that is no part of what is joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file, as it was named.
    pub file: String,
    /// Where in it: a JSON pointer, or line and column; nothing where it is about the whole file.
    pub place: Option<String>,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do about it.
    pub help: &'static str,
    /// Whether it could not be read. Otherwise it was read, and tells what another document tells already.
    pub unread: bool,
}

impl Refused {
    /// What could not be read.
    #[must_use]
    pub fn unread(file: &str, place: Option<String>, what: impl Into<String>, help: &'static str) -> Self {
        Self { file: file.to_owned(), place, what: what.into(), help, unread: true }
    }
}

impl fmt::Display for Refused {
    /// The file, the place and what is wrong, in one clean line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.as_ref().map_or_else(String::new, |place| format!(", {}", safe(place)));
        write!(formatter, "{}{place}: {}", safe(&self.file), safe(&self.what))
    }
}

/// The only field that every document has.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Option<String>,
}

/// Reads the text of a file. `pack` tells which rules are of which test, where a document does not.
///
/// # Errors
/// It is no JSON, neither of the two forms, of a newer one, or its numbers do not agree with each other.
pub fn read(file: &str, text: &str, pack: &Pack) -> Result<Told, Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let schema = parsed::<Head>(file, text)?.schema;
    counts(file, text)?;
    let told = match schema.as_deref() {
        Some(SCHEMA) => Told { file: file.to_owned(), report: parsed(file, text)?, of_check: false },
        Some(RESULTS) => {
            let document: ResultsDocument = parsed(file, text)?;
            agreeing::results(&document).map_err(|wrong| disagrees(file, wrong))?;
            Told { file: file.to_owned(), report: results::converted(document, pack), of_check: true }
        }
        other => return Err(unknown(file, other)),
    };
    agreeing::report(&told.report).map_err(|wrong| disagrees(file, wrong))?;
    Ok(told)
}

fn disagrees(file: &str, (place, what): (String, String)) -> Refused {
    Refused::unread(file, Some(place), what, "write the document again from its repository, and change nothing in it")
}

fn unknown(file: &str, schema: Option<&str>) -> Refused {
    let place = schema.map(|_| "/schema".to_owned());
    let make = "name what `tickmark report --format json` or `tickmark check --format json` printed";
    let Some(schema) = schema else {
        return Refused::unread(file, place, "this is no document of tickmark: it has no `schema`", make);
    };
    let newer = ["tickmark.report/", "tickmark.results/"].iter().any(|form| {
        let number = schema.strip_prefix(form).and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| number > 1)
    });
    if newer {
        let what = format!("the form {} is newer than this program, which reads the number 1", shown(schema));
        return Refused::unread(
            file,
            place,
            what,
            "join them with the version of tickmark that wrote it, or a later one",
        );
    }
    let what = format!("the form {} holds no results of tests: `{SCHEMA}` and `{RESULTS}` do", shown(schema));
    Refused::unread(file, place, what, make)
}

fn parsed<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Refused> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        let what: String = said.chars().take(LONGEST).collect();
        let what = if error.is_data() { what } else { format!("this is no JSON that can be read: {what}") };
        let place = format!("line {}, column {}", error.line(), error.column());
        let help = if error.is_eof() {
            "the file may have been cut off: write it again with `--output`, which writes it whole or not at all"
        } else {
            "write the document again with `tickmark report --format json --output FILE`"
        };
        Refused::unread(file, Some(place), what, help)
    })
}

/// That no whole number of a text that is JSON is greater than a count can be.
fn counts(file: &str, text: &str) -> Result<(), Refused> {
    let bytes = text.as_bytes();
    let is_of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let (mut at, mut quoted) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if quoted => at += 1,
            b'-' | b'0'..=b'9' if !quoted => {
                let long = bytes[at..].iter().take_while(|byte| is_of_number(byte)).count();
                let number = &text[at..at + long];
                let whole = number.trim_start_matches('-');
                let is_whole = whole.bytes().all(|byte| byte.is_ascii_digit());
                if is_whole && whole.parse::<u64>().map_or(true, |number| number > GREATEST) {
                    let position = SourceText::new(file, text).position(at);
                    let place = format!("line {}, column {}", position.line, position.column);
                    let what = format!("{} is more than anything of a run is counted to", shown(number));
                    return Err(Refused::unread(
                        file,
                        Some(place),
                        what,
                        "write the document again from its repository",
                    ));
                }
                at += long - 1;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_words_is_no_count() {
        assert_eq!(
            counts("a", r#"{"a\"": "99999999999999999999", "b": [10000000000, 0.99999999999999999999]}"#),
            Ok(())
        );
        let place = |text: &str| counts("a", text).err().and_then(|refused| refused.place);
        assert_eq!(place("{\n \"a\": 10000000001}").as_deref(), Some("line 2, column 7"));
        assert_eq!(place("[1, -99999999999999999999]").as_deref(), Some("line 1, column 5"));
    }
}
