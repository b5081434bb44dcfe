//! Sentences of written policies, and what they are read as: quantities, and the duties that they state.
//!
//! `tests/statements/*.yaml` hold the sentences. `BLESS=1` does not write them: what a sentence means is for people to say.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tickmark::checks::documents::duties::{Spoken, disagreeing};
use tickmark::facts::document::about::About;
use tickmark::facts::document::duty::{Candidate, Duties, candidates};
use tickmark::facts::document::quantity::{self, Bound, Form, Reading};
use tickmark::facts::document::written::{Kind, Written};
use tickmark::policies::pack::Pack;
use tickmark::sources::{markdown, yaml};
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

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Sentences {
    /// Pages, with every duty that their sentences state.
    sentences: Vec<Page>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Page {
    page: String,
    states: Vec<String>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pairs {
    /// Two documents, and the duties on which they differ.
    pairs: Vec<Pair>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pair {
    one: String,
    two: String,
    #[serde(default)]
    differ: Vec<String>,
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

fn written(name: &str, text: &str) -> Written {
    let page = markdown::parse(&SourceText::new(name, text)).unwrap();
    Written {
        kind: Kind::Policy,
        key: "policy".to_owned(),
        set: Arc::from(""),
        about: About::default(),
        built: false,
        page,
    }
}

/// What a sentence states, as the files write it: `access-removal: at most until 1 business day (contractors)`.
fn stated(candidate: &Candidate<'_>) -> String {
    let scope: Vec<&str> = candidate.scope.severity.iter().chain(&candidate.scope.words).map(String::as_str).collect();
    let scope = if scope.is_empty() { String::new() } else { format!(" ({})", scope.join(", ")) };
    format!("{}: {}{scope}", candidate.duty.text.duty, shown(&candidate.reading))
}

#[test]
fn sentences_state_the_duties_that_a_careful_reader_finds_in_them() {
    let duties = Duties::builtin().unwrap();
    let table: Sentences = load("sentences.yaml");
    let wrong = table.sentences.iter().filter_map(|entry| {
        let document = written("page.md", &entry.page);
        let states: Vec<String> = candidates(duties, &document).iter().map(stated).collect();
        (states != entry.states).then(|| format!("{}\n  states {states:?},\n  not    {:?}\n", entry.page, entry.states))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn documents_differ_only_where_both_cannot_hold() {
    let (duties, pack) = (Duties::builtin().unwrap(), Pack::builtin().unwrap());
    let table: Pairs = load("pairs.yaml");
    let wrong = table.pairs.iter().filter_map(|pair| {
        let documents = [written("one.md", &pair.one), written("two.md", &pair.two)];
        let spoken: Vec<Spoken<'_>> = documents
            .iter()
            .flat_map(|document| {
                candidates(duties, document).into_iter().map(move |candidate| Spoken { document, candidate })
            })
            .collect();
        let differ: Vec<String> = disagreeing(&pack, &spoken).into_iter().map(|finding| finding.item).collect();
        (differ != pair.differ).then(|| {
            let read: Vec<String> = spoken.iter().map(|one| stated(&one.candidate)).collect();
            format!("{}\n{}\n  differ on {differ:?},\n  not on    {:?}\n  {read:?}\n", pair.one, pair.two, pair.differ)
        })
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pages_that_repeat_themselves_end() {
    let duties = Duties::builtin().unwrap();
    let many = |text: &str| text.repeat(100_000 / text.len());
    for (page, most) in [
        (many("Access is reviewed quarterly and "), 0),
        (many("Access is reviewed quarterly. "), 20_000),
        (many("## Access\n\nAccess is reviewed quarterly.\n\n"), 20_000),
        (format!("a. x\n\n{}", many("    i. Access is reviewed quarterly\n")), 20_000),
        (format!("| Severity | Vulnerabilities are fixed within |\n|-|-|\n{}", many("| Low | 7 days |\n")), 40_000),
        (many("[number] days "), 0),
        (many("[2](../controls/x.yaml#with.approvals) "), 0),
    ] {
        let found = candidates(duties, &written("page.md", &page)).len();
        assert!(found <= most && (most == 0) == (found == 0), "{found}: {}", &page[..60]);
    }
}
