//! What written policies say, read as quantities, and held against controls and against each other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

use serde::Deserialize;
use tickmark::facts::document::quantity::quantities;
use tickmark::sources::yaml;
use tickmark::text::SourceText;

#[derive(Deserialize, schemars::JsonSchema)]
struct Sentences(Vec<Sentence>);

#[derive(Deserialize, schemars::JsonSchema)]
struct Sentence {
    text: String,
    read: Vec<String>,
}

#[test]
fn sentences_are_read_as_people_read_them() {
    let source = SourceText::new("quantities.yaml", include_str!("statements/quantities.yaml"));
    let documents = yaml::parse(&source).unwrap();
    let Sentences(sentences) = yaml::read(&documents[0]).unwrap_or_else(|faults| panic!("{}", faults[0].message));
    let wrong: Vec<String> = sentences
        .iter()
        .filter_map(|sentence| {
            let read: Vec<String> = quantities(&sentence.text).iter().map(ToString::to_string).collect();
            (read != sentence.read).then(|| format!("{}\n  read {read:?}\n  not  {:?}", sentence.text, sentence.read))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(sentences.len() > 40);
}

#[test]
fn the_place_of_a_quantity_holds_its_words() {
    let text = "Access ends **within five (5)\n business days**, ü, or [quarterly].";
    let places: Vec<&str> =
        quantities(text).iter().map(|quantity| &text[quantity.span.start..quantity.span.end]).collect();
    assert_eq!(places, ["five (5)\n business days", "quarterly"]);
}
