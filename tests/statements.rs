//! Sentences of written policies, and what they are read as: quantities, and the duties that they state.
//!
//! `tests/statements/*.yaml` hold the sentences. `BLESS=1` does not write them: what a sentence means is for people to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Debug;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tickmark::facts::document::quantity::{self, Bound, Form, Reading};
use tickmark::sources::yaml;
use tickmark::text::SourceText;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Quantities {
    /// Words, with every quantity that they hold.
    quantities: Vec<Words>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    words: String,
    reads: Vec<String>,
}

fn load<T: DeserializeOwned + schemars::JsonSchema + 'static>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements").join(name);
    let source = SourceText::new(name, std::fs::read_to_string(path).unwrap());
    let documents = yaml::parse(&source).unwrap_or_else(|faults| panic!("{faults:#?}"));
    yaml::read(&documents[0]).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A word for a variant: `AtLeast` is `at least`.
fn plain(value: impl Debug) -> String {
    let mut words = String::new();
    for letter in format!("{value:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// A reading as the files write it: `at most until 1 business day from termination, transfer`.
fn shown(reading: &Reading) -> String {
    let mut parts = Vec::new();
    if reading.bound != Bound::Stated {
        parts.push(plain(reading.bound));
    }
    if reading.form != Form::Plain {
        parts.push(plain(reading.form));
    }
    parts.push(reading.quantity.to_string());
    if !reading.clocks.is_empty() {
        let clocks: Vec<String> = reading.clocks.iter().map(plain).collect();
        parts.push(format!("from {}", clocks.join(", ")));
    }
    parts.join(" ")
}

#[test]
fn words_are_read_as_the_quantities_that_they_hold() {
    let table: Quantities = load("quantities.yaml");
    let wrong = table.quantities.iter().filter_map(|entry| {
        let reads: Vec<String> = quantity::read(&entry.words).iter().map(shown).collect();
        (reads != entry.reads)
            .then(|| format!("{}\n  is read as {reads:?},\n  not as     {:?}\n", entry.words, entry.reads))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_quantity_knows_its_place() {
    for (text, places) in [
        ("Ends within five (5) business days, über 24h.", &["five (5) business days", "24h"][..]),
        ("at least every six months; [Number, e.g., 24] hours", &["every six months", "[Number, e.g., 24] hours"]),
    ] {
        let found: Vec<&str> = quantity::read(text).into_iter().map(|reading| &text[reading.at]).collect();
        assert_eq!(found, places);
    }
}
