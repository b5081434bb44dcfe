//! `tickmark.sample/1`: a sample of a population, for an auditor who draws the same one and compares.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::entry::word;
use super::findings_csv::written;
use super::period::recurrence::days;
use super::period::run::Found;
use super::period::timeline::ItemStanding;
use crate::error::Result;
use crate::facts::calendar::{Calendar, Day, Period};
use crate::findings::sample;
use crate::text::safe;

/// The columns of the table.
const COLUMNS: [&str; 5] = ["rank", "key", "item", "on", "found"];

/// The document that `tickmark sample --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "tickmark sample")]
pub struct SampleDocument {
    /// `tickmark.sample/1`.
    #[schemars(extend("const" = "tickmark.sample/1"))]
    pub schema: &'static str,
    /// The control.
    pub control: String,
    /// The test.
    pub test: String,
    /// The other repository that the items come from; `null` for this one.
    pub repository: Option<String>,
    /// What an item is called, in the plural.
    pub items: String,
    /// The period.
    pub period: Period,
    /// The instant at which the question was asked (RFC 3339).
    pub as_of: String,
    /// Number of items that were tested, from which the sample is drawn.
    pub population: usize,
    /// Number of items that are not yet due, and are not drawn.
    pub pending: usize,
    /// SHA-256 over the keys of all items, those that wait among them, sorted, each with a line feed behind it.
    pub digest: String,
    /// Whether everything that the test needed could be read.
    pub complete: bool,
    /// The seed.
    pub seed: String,
    /// The sample, in the order of the ranks.
    pub drawn: Vec<DrawnEntry>,
}

/// An item that was drawn.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DrawnEntry {
    /// SHA-256 of the seed, a line feed and the key, in hexadecimal digits. The lowest ranks are drawn.
    pub rank: String,
    /// What identifies the item for good.
    pub key: String,
    /// How people name it.
    pub item: String,
    /// The day on which it happened or began; `null` where it has none.
    pub on: Option<Day>,
    /// What this program says of it.
    pub found: ItemStanding,
}

impl SampleDocument {
    /// A sample of the population of a test.
    #[must_use]
    pub fn of(found: &Found<'_>, calendar: &Calendar, seed: &str, size: usize) -> Self {
        let (result, standing) = (found.result, found.standings());
        let entry = |drawn: sample::Drawn<'_>| DrawnEntry {
            rank: drawn.rank,
            key: drawn.member.line(),
            item: drawn.member.name.clone(),
            on: drawn.member.on,
            found: standing(drawn.member),
        };
        Self {
            schema: "tickmark.sample/1",
            control: result.control.clone(),
            test: result.test.clone(),
            repository: result.repository.clone(),
            items: result.items.clone(),
            period: calendar.period,
            as_of: calendar.as_of.to_string(),
            population: result.population.size,
            pending: result.population.pending,
            digest: result.population.digest(),
            complete: found.is_complete(),
            seed: seed.to_owned(),
            drawn: sample::draw(&result.population, seed, size).into_iter().map(entry).collect(),
        }
    }

    /// The sample for people.
    #[must_use]
    pub fn text(&self) -> String {
        let of = self.repository.as_ref().map_or_else(String::new, |name| format!(" in {}", safe(name)));
        let mut out = format!(
            "{} of {} {} that {} tests by {}{of}, {}\n",
            self.drawn.len(),
            self.population,
            safe(&self.items),
            safe(&self.control),
            safe(&self.test),
            days(self.period)
        );
        let _ = writeln!(out, "as of {}, seed {}", self.as_of, safe(&self.seed));
        let _ = writeln!(out, "population sha256:{}", self.digest);
        if !self.complete {
            out.push_str("not everything could be read, so that items may be missing: tickmark check says what\n");
        }
        out.push('\n');
        for drawn in &self.drawn {
            let on = drawn.on.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let _ = writeln!(out, "{:<10}  {:<11}  {}", on, word(drawn.found), safe(&drawn.item));
        }
        out
    }

    /// The sample as a table for spreadsheets.
    ///
    /// # Errors
    /// It cannot be written, which memory excludes.
    pub fn table(&self) -> Result<Vec<u8>> {
        let on = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
        let row = |drawn: &DrawnEntry| {
            [drawn.rank.clone(), drawn.key.clone(), safe(&drawn.item), on(drawn.on), word(drawn.found)]
        };
        written(&COLUMNS, self.drawn.iter().map(row))
    }
}
