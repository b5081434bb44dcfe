//! JSON and JSON lines.

use tickmark::sources::records::{Layout, MAX_ABOVE, MAX_DEPTH, MAX_FAULTS, MAX_VALUES};

use super::{File, fields};

#[test]
fn values_keep_their_text_and_place() {
    let text = "\u{feff}[ {\"id\": 1.10, \"big\" : 123456789012345678901234567890, \"e\":-0.5E+7, \"n\":null, \"t\":true,\r\n\
                \"s\":\"a\\\"\\u00e9\\ud83d\\ude00\\n\\/\", \"é\":\"\", \"l\":[1,\"x\",null,{}], \"m\":{\"k\\u0041\":[]}} ]\n";
    let file = File::of("a.json", text);
    assert_eq!(
        file.shown(),
        ["id=1.10, big=123456789012345678901234567890, e=-0.5E+7, n=-, t=true, s=\"a\\\"é😀\\n/\", é=\"\", \
          l=[1, \"x\", -, {}], m={kA=[]}"]
    );
    assert_eq!(
        file.slices(0),
        [
            "1.10",
            "123456789012345678901234567890",
            "-0.5E+7",
            "",
            "true",
            "a\\\"\\u00e9\\ud83d\\ude00\\n\\/",
            "\"\"",
            "[1,\"x\",null,{}]",
            "{\"k\\u0041\":[]}"
        ]
    );
    assert_eq!(file.source.slice(file.records[0].fields[6].name_place), "é");
    assert!(file.columns().is_empty());
    assert!(file.source.slice(file.records[0].place).starts_with("{\"id\": 1.10"));
}

#[test]
fn the_list_of_records_is_found() {
    let header = |file: &File| fields(&file.read.header);
    let file = File::of("a.json", r#"{"at":"2026-01-01","none":null,"tags":[1],"rows":[{"a":1},{"a":2}],"m":{}}"#);
    assert_eq!((file.shown(), header(&file)), (vec!["a=1".into(), "a=2".into()], "at=\"2026-01-01\", none=-".into()));
    let file = File::of("a.json", r#"{"id":1,"tags":[],"m":{"x":2}}"#);
    assert_eq!((file.shown(), header(&file)), (vec!["id=1, tags=[], m={x=2}".into()], String::new()));
    let file = File::of("a.json", r#"{"rows":[]}"#);
    assert!(file.records.is_empty() && file.read.faults.is_empty());
    let file = File::of("a.json", r#"{"one":[{}],"two":[{}]}"#);
    assert_eq!((file.faults(), file.records.len()), (vec![("missing-key", 1, "two")], 0));
    assert!(file.help(0).contains("`pick: one`"));
    let file = File::picked("a.json", r#"{"one":[{"a":1}],"two":[{}]}"#, ".");
    assert_eq!(file.shown(), ["one=[{a=1}], two=[{}]"]);
    let file = File::of("a.json", "[{\"a\":1},\n2,\n[{}]]");
    assert_eq!(file.faults(), [("wrong-type", 2, "2"), ("wrong-type", 3, "[{}]")]);
    assert_eq!(file.shown(), ["a=1"]);
    assert_eq!(File::of("a.json", "\"x\"").faults(), [("wrong-type", 1, "x")]);
}

#[test]
fn records_get_what_stands_above_them() {
    let layout = |pick: &str, optional| Layout {
        pick: Some(pick.to_owned()),
        optional,
        above: vec!["target".to_owned(), "tool.name".to_owned(), "list".to_owned()],
        ..Layout::default()
    };
    let text = r#"{"target":"all","tool":{"name":"x"},"list":[1],"runs":[{"target":"one","results":[{"a":1},{"a":2,"target":"own"}]},
        {"tool":{"name":"y"},"results":[{"a":3}]},{"tool":"z"}]}"#;
    let file = File::read("a.json", text, &layout("runs.results", false));
    assert_eq!(
        file.shown(),
        [
            r#"a=1, target="one", tool.name="x""#,
            r#"a=2, target="own", tool.name="x""#,
            r#"a=3, tool.name="y", target="all""#
        ]
    );
    assert!(file.read.faults.is_empty());
    let long = format!(r#"{{"target":"{}","runs":[{{"results":[{{"a":1}}]}}]}}"#, "x".repeat(MAX_ABOVE + 1));
    let file = File::read("a.json", long, &layout("runs.results", false));
    assert_eq!((file.shown(), file.faults()), (vec!["a=1".to_owned()], vec![("too-large", 1, "x")]));
    let yaml = "target: all\nruns:\n- tool: {name: x}\n  results:\n  - a: 1\n";
    assert_eq!(File::read("a.yaml", yaml, &layout("runs.results", false)).shown(), ["a=1, tool.name=x, target=all"]);
}

#[test]
fn only_the_last_key_of_a_path_may_be_missing() {
    let read = |text: &str, optional| {
        let layout = Layout { pick: Some("runs.results".to_owned()), optional, ..Layout::default() };
        let file = File::read("a.json", text, &layout);
        (file.records.len(), file.read.faults.len())
    };
    assert_eq!(read(r#"{"runs":[{"target":"one"}]}"#, true), (0, 0));
    assert_eq!(read(r#"{"runs":[{"target":"one"}]}"#, false), (0, 1));
    assert_eq!(read(r#"{"report":[{"results":[{}]}]}"#, true), (0, 1));
    assert_eq!(read(r#"{"report":"of another tool"}"#, true), (0, 1));
}

#[test]
fn a_path_leads_through_lists() {
    let text = r#"{"v":1,"runs":[{"results":[{"a":1}]},{},{"results":null},{"results":[[{"a":2}]]}]}"#;
    let file = File::picked("a.json", text, "runs.results");
    assert_eq!((file.shown(), fields(&file.read.header)), (vec!["a=1".into(), "a=2".into()], "v=1".into()));
    assert!(file.read.faults.is_empty());
    let file = File::picked("a.json", r#"{"a.b":{"c.d":[{"x":1}]}}"#, "a.b.c.d");
    assert_eq!(file.shown(), ["x=1"]);
    assert_eq!(File::picked("a.json", r#"[{"x":{"y":1}}]"#, "x").shown(), ["y=1"]);
    assert_eq!(
        File::picked("a.jsonl", "{\"x\":[{\"y\":1}]}\n{\"x\":[]}\n{\"x\":{\"y\":2}}\n", "x").shown(),
        ["y=1", "y=2"]
    );
    let file = File::picked("a.json", "{\n\"runs\":[\n{\"result\":[]}]}", "runs.results");
    assert_eq!(file.faults(), [("missing-key", 3, "{\"result\":[]}")]);
    assert_eq!(file.help(0), "the keys are: `result`");
    let file = File::picked("a.json", r#"{"runs":5}"#, "runs.results");
    assert_eq!(file.faults(), [("wrong-type", 1, "5")]);
    for pick in ["", "...", "a..b", "\u{0}"] {
        assert_eq!(File::picked("a.json", "{\"b\":[]}", pick).read.faults.len(), 1, "{pick:?}");
    }
}

#[test]
fn each_line_is_a_document() {
    let file = File::of("a.jsonl", "\u{feff}{\"a\":1,\"l\":[{}]}\r\n\r\n{\"a\":}\n[{\"a\":2}]\n\"x\n{\"a\":3}");
    assert_eq!(file.shown(), ["a=1, l=[{}]", "a=2", "a=3"]);
    assert_eq!(file.faults(), [("invalid-json", 3, "}"), ("invalid-json", 5, "\"")]);
    assert_eq!(file.source.slice(file.records[0].fields[0].name_place), "a");
    assert!(File::of("a.ndjson", "").read.faults.is_empty());
}

#[test]
fn what_is_not_json_is_shown_at_its_character() {
    let texts = [
        ("", ""),
        ("[{\"a\":1},]", "]"),
        ("[{\"a\":1,}]", "}"),
        ("[{\"a\":1}", "["),
        ("[{\"a\":", "{"),
        ("[{\"a\"", "{"),
        ("[{", "{"),
        ("[}", "}"),
        ("{]", "]"),
        ("[{\"a\":1]]", "]"),
        ("[{\"a\" 1}]", "1"),
        ("[{é:1}]", "é"),
        ("[{'a':1}]", "'"),
        ("[é]", "é"),
        ("[1 2]", "2"),
        ("[{}] []", "["),
        ("[True]", "True"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "-Infinity"),
        ("[01]", "01"),
        ("[1.]", "1."),
        ("[.5]", ".5"),
        ("[+1]", "+1"),
        ("[1e]", "1e"),
        ("[0x1F]", "0x1F"),
        ("[-]", "-"),
        ("[\"a\tb\"]", "\t"),
        ("[\"a\nb\"]", "\""),
        ("[\"a", "\""),
        ("[\"a\\", "\""),
        ("[\"a\\\"", "\""),
        ("[\"\\x\"]", "\\x"),
        ("[\"\\é\"]", "\\é"),
        ("[\"\\u12é4\"]", "\\u"),
        ("[\"\\u+123\"]", "\\u"),
        ("[\"\\u12", "\\u"),
        ("[\"\\ud800\"]", "\\ud800"),
        ("[\"\\ud800\\n\"]", "\\ud800"),
        ("[\"\\ud800\\ud800\"]", "\\ud800"),
        ("[\"\\udc00\\ud800\"]", "\\udc00"),
        ("[1]\u{0}", "\u{0}"),
        ("[\"\u{0}\"]", "\u{0}"),
        ("// no\n[]", "/"),
        ("[1,\u{a0}2]", "\u{a0}"),
    ];
    for (text, at) in texts {
        let file = File::of("a.json", text);
        assert_eq!(file.faults(), [("invalid-json", 1, at)], "{text:?}");
        assert!(file.records.is_empty());
    }
}

#[test]
fn a_key_that_stands_twice_costs_its_record() {
    let file =
        File::of("a.json", "[{\"a\":1},\n{\"a\":1,\n\"b\":2,\"\\u0061\":3},\n{\"x\":[{\"b\":1,\"b\":2,\"b\":3}]}]");
    assert_eq!(file.shown(), ["a=1"]);
    assert_eq!(file.faults(), [("duplicate-key", 3, "\\u0061"), ("duplicate-key", 4, "b"), ("duplicate-key", 4, "b")]);
    assert_eq!(file.message(0), "the key `a` is written twice; the first is on line 2");
    let file = File::of("a.json", r#"{"v":[{}],"v":[{}]}"#);
    assert_eq!((file.faults(), file.records.len()), (vec![("duplicate-key", 1, "v")], 0));
    let file = File::picked("a.json", r#"{"v":[{}],"v":[{}]}"#, "v");
    assert_eq!((file.faults(), file.records.len()), (vec![("duplicate-key", 1, "v")], 0));
    let file = File::picked("a.json", r#"{"r":{"v":[{}],"v":[{}]}}"#, "r.v");
    assert_eq!((file.faults(), file.records.len()), (vec![("duplicate-key", 1, "v")], 0));
}

#[test]
fn bombs_are_refused() {
    for deep in ["[", "{\"a\":", "[{\"a\":"] {
        let file = File::of("a.json", deep.repeat(400_000));
        assert_eq!(file.read.faults[0].rule, "documents/too-large");
        assert_eq!(file.source.slice(file.read.faults[0].span).len(), 1);
    }
    let fits = "[".repeat(MAX_DEPTH - 1) + "{}" + &"]".repeat(MAX_DEPTH - 1);
    assert_eq!(File::picked("a.json", &format!("{{\"x\":{}}}", &fits[1..fits.len() - 1]), "x").records.len(), 1);
    assert_eq!(File::of("a.json", format!("[{fits}]")).faults(), [("too-large", 1, "{")]);
    let file = File::of("a.json", format!("[{{\"a\":[{}1]}},{{\"a\":2}}]", "1,".repeat(MAX_VALUES)));
    assert_eq!((file.faults(), file.shown()), (vec![("too-large", 1, "1")], vec!["a=2".to_owned()]));
    let wide: Vec<String> = (0..=MAX_VALUES).map(|at| format!("\"k{at}\":[]")).collect();
    assert_eq!(File::of("a.json", format!("{{{}}}", wide.join(","))).read.faults[0].rule, "documents/too-large");
    let file = File::of("a.json", format!("[{}{{}}]", "{\"a\":1,\"a\":2},".repeat(20_000)));
    assert_eq!((file.read.faults.len(), file.records.len()), (MAX_FAULTS + 1, 1));
    let same = format!("[{{{}\"b\":1}}]", "\"a\":1,".repeat(200_000));
    assert_eq!(File::of("a.json", same).read.faults.len(), MAX_FAULTS + 1);
    assert!(File::of("a.json", format!("[{{\"a\":\"{}\"}}]", "\\u0041".repeat(300_000))).read.faults.is_empty());
    assert_eq!(File::of("a.json", "\\".repeat(1_000_000)).read.faults.len(), 1);
}

#[test]
fn many_records_are_read() {
    let record = r#"{"id":"VULN-1","severity":"high","found":"2026-01-02T03:04:05Z","tags":["a","b"]},"#;
    let text = format!("{{\"exported_at\":\"2026-02-01\",\"items\":[{}{{\"id\":1}}]}}", record.repeat(100_000));
    let file = File::of("a.json", text);
    assert_eq!((file.records.len(), file.read.header.len()), (100_001, 1));
}
