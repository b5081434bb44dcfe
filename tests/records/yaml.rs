//! YAML.

use tickmark::sources::yaml::MAX_REGISTER_BYTES;

use super::{File, fields};

#[test]
fn records_and_header_keep_their_places() {
    let text = "exported_at: 2026-01-02\nsource: \"tool\"\npeople:\n  - id: 1.10\n    name: 'Zoë'\n    none:\n    not: ~\n    \
                roles: [a, \"b\"]\n  - {id: 2, empty: ''}\n";
    let file = File::of("a.yaml", text);
    assert_eq!(file.shown(), ["id=1.10, name=\"Zoë\", none=-, not=-, roles=[a, \"b\"]", "id=2, empty=\"\""]);
    assert_eq!(fields(&file.read.header), "exported_at=2026-01-02, source=\"tool\"");
    assert_eq!(file.slices(0), ["1.10", "Zoë", "", "", "[a, \"b\"]"]);
    assert_eq!(file.source.slice(file.records[1].place), "{id: 2, empty: ''}");
    assert_eq!(file.source.slice(file.records[0].fields[1].name_place), "name");
    assert!(file.read.faults.is_empty());
}

#[test]
fn the_list_of_records_is_found() {
    assert_eq!(File::of("a.yaml", "- a: 1\n- a: 2\n").shown(), ["a=1", "a=2"]);
    assert_eq!(File::of("a.yaml", "a: 1\nb: [x]\n").shown(), ["a=1, b=[x]"]);
    assert_eq!(
        File::of("a.yaml", "a: 1\n---\na: 2\nl: [{b: 1}]\n---\n- a: 3\n").shown(),
        ["a=1", "a=2, l=[{b=1}]", "a=3"]
    );
    assert_eq!(File::of("a.yaml", "one: [{a: 1}]\ntwo: [{a: 1}]\n").faults(), [("missing-key", 2, "two")]);
    assert_eq!(File::picked("a.yaml", "x:\n  y: [{a: 1}]\nz: 1\n", "x.y").shown(), ["a=1"]);
    assert_eq!(File::of("a.yaml", "- a: 1\n- word\n-\n").faults(), [("wrong-type", 2, "word"), ("wrong-type", 3, "")]);
    assert_eq!(File::of("a.yaml", "word\n").faults(), [("wrong-type", 1, "word")]);
    for nothing in ["", "# nothing yet\n", "rows: []\n", "[]\n"] {
        let file = File::of("a.yaml", nothing);
        assert!(file.records.is_empty() && file.read.faults.is_empty());
    }
}

#[test]
fn faults_are_those_of_the_reader_of_yaml() {
    assert_eq!(File::of("a.yaml", "- a: 1\n  a: 2\n").faults(), [("duplicate-key", 2, "a")]);
    assert_eq!(File::of("a.yaml", "- a: [1\n").faults(), [("invalid-yaml", 1, "[")]);
    assert_eq!(File::of("a.yaml", "- a\u{0}b: 1\n").faults(), [("invalid-yaml", 1, "\u{0}")]);
    assert_eq!(File::of("a.yaml", "[".repeat(500_000)).read.faults[0].rule, "documents/too-large");
}

#[test]
fn a_register_may_be_large() {
    let record = "- id: VULN-1\n  severity: high\n  found: 2026-01-02\n";
    let file = File::of("a.yaml", record.repeat(40_000));
    assert_eq!((file.records.len(), file.read.faults.len()), (40_000, 0));
    let file = File::of("a.yaml", "a: 1\n".repeat(MAX_REGISTER_BYTES / 5 + 1));
    assert_eq!(file.read.faults[0].rule, "documents/too-large");
    assert!(file.help(0).contains("CSV"));
}
