//! Tables of text.

use tickmark::sources::records::{Layout, MAX_COLUMNS, MAX_FAULTS};

use super::File;

#[test]
fn cells_keep_their_places_whatever_ends_a_line() {
    let lines = ["id,name,note", "1, Zoë ,\"a, \"\"b\"\"\nc\"", "2,,", "", "3,x,\"\"  "];
    for end in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{feff}"] {
            for last in ["", end] {
                let file = File::of("a.csv", format!("{mark}{}{last}", lines.join(end)));
                assert_eq!(
                    file.shown(),
                    ["id=1, name=Zoë, note=\"a, \\\"b\\\"\\nc\"", "id=2, name=-, note=-", "id=3, name=x, note=-"]
                );
                assert_eq!(file.slices(0), ["1", "Zoë", "a, \"\"b\"\"\nc"]);
                assert_eq!(file.source.slice(file.records[1].place), "2,,");
                assert_eq!(file.columns(), [("id", "id"), ("name", "name"), ("note", "note")]);
                assert!(file.read.faults.is_empty());
            }
        }
    }
}

#[test]
fn the_delimiter_is_found_in_the_header_or_told() {
    let tables = [
        ("a.csv", "a;\"b,c,d\";e\n1;2,5;3\n"),
        ("a.csv", "a\t\"b,c,d\"\te\n1\t2,5\t3\n"),
        ("a.csv", "a,\"b,c,d\",e\n1,\"2,5\",3\n"),
        ("a.tsv", "a\t\"b,c,d\"\te\n1\t2,5\t3\n"),
        ("a.TSV", "a\t\"b,c,d\"\te\n1\t\"2,5\"\t3\n"),
    ];
    for (name, text) in tables {
        let file = File::of(name, text);
        assert_eq!(file.columns().iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a", "b,c,d", "e"], "{text}");
        assert_eq!(file.slices(0), ["1", "2,5", "3"]);
    }
    assert_eq!(File::of("a.csv", "only\n1;2\n").shown(), ["only=1;2"]);
    // A tab at the end of a row is a cell, not a blank behind the one before.
    assert_eq!(File::of("a.tsv", "a\tb\n\"1\"\t\n").shown(), ["a=\"1\", b=-"]);
    let told = |delimiter| Layout { delimiter: Some(delimiter), ..Layout::default() };
    assert_eq!(File::read("a.csv", "a¦b\n1,5¦§2\n", &told('¦')).shown(), ["a=1,5, b=§2"]);
    assert_eq!(File::read("a.tsv", "a|b\n1|2\n", &told('|')).shown(), ["a=1, b=2"]);
    for wrong in ['"', '\n', '\r', '\0'] {
        assert_eq!(File::read("a.csv", "a,b\n", &told(wrong)).faults(), [("bad-value", 1, "")]);
    }
}

#[test]
fn preambles_and_headers_of_several_rows() {
    let text = "Report \"of\r\n\r\nDetails,,\r\nid,name\r\n1,x\r\n";
    let layout = Layout { skip_rows: 2, header_rows: 2, ..Layout::default() };
    assert_eq!(File::read("a.csv", text, &layout).shown(), ["id=1, name=x"]);
    let layout = Layout { header_rows: 0, ..Layout::default() };
    assert_eq!(File::read("a.csv", "\n1,x\n2,y\n", &layout).shown(), ["1=1, 2=x", "1=2, 2=y"]);
    for (text, skip_rows) in [("", 0), ("\n\n", 0), (",,\n", 0), ("a,b\n1,2\n", 9), ("a,b\n1,2", u32::MAX)] {
        let file = File::read("a.csv", text, &Layout { skip_rows, ..Layout::default() });
        assert_eq!(file.message(0), "this table has no header");
        assert!(file.records.is_empty());
    }
    let file = File::read("a.csv", "a,b\n1,2\n", &Layout { header_rows: u32::MAX, ..Layout::default() });
    assert_eq!(file.message(0), "this table has no header");
}

#[test]
fn columns_of_one_name_are_a_list() {
    let file = File::of("a.csv", "key,Label,other,Label,Label\n1,a,x,,\"b\"\n2,,,,\n");
    assert_eq!(file.shown(), ["key=1, Label=[a, \"b\"], other=x", "key=2, Label=-, other=-"]);
    assert_eq!(file.slices(0), ["1", "a,x,,\"b", "x"]);
    assert_eq!(file.columns(), [("key", "key"), ("Label", "Label"), ("other", "other")]);
}

#[test]
fn a_column_without_a_name_holds_nothing() {
    let file = File::of("a.csv", "id,,name,\n1,,x,\n2,,y\n");
    assert_eq!(file.shown(), ["id=1, name=x", "id=2, name=y"]);
    assert!(file.read.faults.is_empty());
    let file = File::of("a.csv", "id,,name,\n1,here,x,\n2,again,y,\"and\nhere\"\n");
    assert_eq!(file.faults(), [("invalid-csv", 2, "here"), ("invalid-csv", 3, "and")]);
    assert_eq!(file.shown(), ["id=1, name=x", "id=2, name=y"]);
}

#[test]
fn a_row_that_does_not_fit_is_named_with_both_counts() {
    let file = File::of("a.csv", "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n  \n,,,,,\n4,5,6\n");
    assert_eq!(file.faults(), [("invalid-csv", 2, "1,2"), ("invalid-csv", 3, "1,2,3,4")]);
    assert_eq!(file.message(0), "this row has 2 cells, and the header has 3");
    assert_eq!(file.message(1), "this row has 4 cells, and the header has 3");
    assert_eq!(file.shown(), ["a=1, b=2, c=3", "a=4, b=5, c=6"]);
}

#[test]
fn a_stray_quote_costs_its_row_only() {
    let rows = [
        ("2,5\" disk,x", "\""),
        ("2,\"he said \"no\" to it\",x", "\""),
        ("2, \"blank before\",x", "\""),
        ("2,a\u{0}b,x", "\u{0}"),
        ("2,\"a\u{0}b\",x", "\u{0}"),
    ];
    for (row, at) in rows {
        for end in ["\n", "\r\n"] {
            let file = File::of("a.csv", ["a,b,c", "1,2,3", row, "4,5,6", ""].join(end));
            assert_eq!(file.faults(), [("invalid-csv", 3, at)], "{row}");
            assert_eq!(file.shown(), ["a=1, b=2, c=3", "a=4, b=5, c=6"]);
        }
    }
    let file = File::of("a.csv", "a,b\n1,\"x \"y\" z\"\n");
    assert_eq!(file.read.faults[0].span.start, "a,b\n1,\"x ".len());
    let header = File::of("a.csv", "a,\"b\nc,d\n1,2\n");
    assert_eq!((header.faults(), header.records.len()), (vec![("invalid-csv", 1, "\"")], 0));
    assert!(header.help(0).contains("nothing behind it was read"));
}

/// A table of so many rows, with one of them exchanged.
fn table(rows: usize, at: usize, odd: &str) -> String {
    let mut text = String::from("id,name,note\n");
    for row in 0..rows {
        if row == at { text.push_str(odd) } else { text.push_str(&format!("{row},Ada Okafor,\"nothing, to say\"\n")) }
    }
    text
}

#[test]
fn an_open_quote_does_not_swallow_three_hundred_thousand_rows() {
    const ROWS: usize = 300_000;
    assert_eq!(File::of("a.csv", table(ROWS, ROWS, "")).records.len(), ROWS);
    // It meets the quotes of the next row.
    let odd = "x,\"Ada,y\n";
    let file = File::of("a.csv", table(ROWS, 4, odd));
    assert_eq!((file.faults(), file.records.len()), (vec![("invalid-csv", 6, "\"")], ROWS - 1));
    let place = file.read.faults[0].span;
    assert_eq!(file.source.slice(tickmark::text::Span::new(place.start, place.start + 6)), "\"Ada,y");
    // It meets no other to the end.
    let mut text = String::from("id,name\n1,\"Ada\n");
    (2..ROWS).for_each(|row| text.push_str(&format!("{row},\"\"\n")));
    let file = File::of("a.csv", text);
    assert_eq!((file.faults(), file.records.len()), (vec![("invalid-csv", 2, "\"")], ROWS - 2));
    // It is closed, by chance, where a cell could end: the row does not fit, and what it swallowed is read again.
    let file = File::of("a.csv", format!("{}9,\",\",z\n", table(1_000, 4, odd).replace(",\"nothing, to say\"", ",z")));
    assert_eq!((file.faults(), file.records.len()), (vec![("invalid-csv", 6, "\"")], 1_000));
}

#[test]
fn quotes_in_any_order_cost_linear_time() {
    let lines =
        ["a,\"b\n", "a,\"\"\"\n", "\",\"\n", "\",\",\"\n", "\"\"\"\"\n", "\"\n", "a,\"b\nc,\"\"\n", "\"a\"\"\nb\",\n"];
    for line in lines {
        for first in ["a,b\n", "a\n", "a,b\n1,\"\n"] {
            let file = File::of("a.csv", first.to_owned() + &line.repeat(1_000_000 / line.len()));
            assert!(file.read.faults.len() <= MAX_FAULTS + 1);
        }
    }
}

#[test]
fn faults_and_columns_have_an_end() {
    let file = File::of("a.csv", "a,b\n".to_owned() + &"1\n".repeat(5_000) + "1,2\n");
    assert_eq!((file.read.faults.len(), file.records.len()), (MAX_FAULTS + 1, 1));
    assert_eq!(file.message(MAX_FAULTS), "this file has more than 1000 faults; the rest is not listed");
    for text in [
        ",".repeat(3_000_000),
        "a,".repeat(1_000_000),
        "\n".repeat(3_000_000),
        "a\n".to_owned() + &",".repeat(3_000_000),
    ] {
        assert!(File::of("a.csv", text).records.is_empty());
    }
    let file = File::of("a.csv", "a,".repeat(MAX_COLUMNS) + "b\n");
    assert_eq!(file.faults(), [("too-large", 1, "b")]);
    let wide = File::of("a.csv", "a,b\n1,2".to_owned() + &",x".repeat(MAX_COLUMNS * 2) + "\n3,4\n");
    assert_eq!((wide.read.faults.len(), wide.shown()), (1, vec!["a=3, b=4".to_owned()]));
}

#[test]
fn names_are_shown_safely_and_every_byte_is_survived() {
    let all: String = (0..0x3000).filter_map(char::from_u32).collect();
    for cut in (0..all.len()).step_by(97).filter(|cut| all.is_char_boundary(*cut)) {
        let text = &all[cut..];
        for name in ["a.csv", "a.json", "a.jsonl", "a.yaml", "a.md"] {
            let file = File::of(name, text.chars().take(300).collect::<String>());
            let words = file.read.faults.iter().flat_map(|fault| [&fault.message, &fault.label]);
            words.for_each(|words| assert!(!words.chars().any(tickmark::text::is_unsafe_to_show), "{words:?}"));
        }
    }
}
