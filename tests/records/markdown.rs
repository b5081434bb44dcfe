//! Pipe tables of Markdown.

use tickmark::sources::records::{Layout, MAX_FAULTS};

use super::File;

const PAGE: &str = "\u{feff}---\nowner: dana\n---\n# Vendors\r\n\nIntro | with a pipe\n\n## In use\n\n\
| Name | *Data* kept | Link |\n|:--|--:|---|\n| Acme | `a \\| b` | [report](https://acme.example/x) |\n\
| Zoë \\| Co | **all** of<br>it | <dana@acme.example> |\nBare | | x &amp; y\n\n\
### Old\n\n> | Name | Since |\n> |---|---|\n> | Odd | 2020 |\n\n## Left\n\n- | A |\n  |---|\n  | 1 |\n";

fn under(heading: &str) -> File {
    File::read("a.md", PAGE, &Layout { heading: Some(heading.to_owned()), ..Layout::default() })
}

#[test]
fn cells_give_their_words_and_places() {
    let file = File::of("a.md", PAGE);
    assert_eq!(
        file.shown(),
        [
            "Name=Acme, Data kept=a | b, Link=report",
            "Name=Zoë | Co, Data kept=all of it, Link=dana@acme.example",
            "Name=Bare, Data kept=-, Link=x & y",
            "Name=Odd, Since=2020",
            "A=1",
        ]
    );
    assert_eq!(file.slices(0), ["Acme", "`a \\| b`", "[report](https://acme.example/x)"]);
    assert_eq!(file.slices(1), ["Zoë \\| Co", "**all** of<br>it", "<dana@acme.example>"]);
    assert_eq!(file.slices(2), ["Bare", "", "x &amp; y"]);
    assert_eq!(file.source.slice(file.records[3].place), "| Odd | 2020 |");
    let columns = [("Name", "Name"), ("Data kept", "*Data* kept"), ("Link", "Link"), ("Since", "Since"), ("A", "A")];
    assert_eq!(file.columns(), columns);
    assert!(file.read.faults.is_empty());
}

#[test]
fn a_heading_names_the_tables_below_it() {
    for heading in ["In use", "in use", "in-use", "#in-use"] {
        assert_eq!(under(heading).records.len(), 4, "{heading}");
    }
    assert_eq!((under("vendors").records.len(), under("Old").records.len(), under("left").records.len()), (5, 1, 1));
    let file = under("Gone");
    assert_eq!((file.faults(), file.records.len()), (vec![("missing-key", 1, "")], 0));
    assert_eq!(file.help(0), "the headings are: `Vendors`, `In use`, `Old`, `Left`");
    let layout = Layout { heading: Some("B".to_owned()), ..Layout::default() };
    let file = File::read("a.md", "# A\n\n|a|\n|-|\n|1|\n\n# B\n\nNone.\n", &layout);
    assert_eq!(file.faults(), [("missing-key", 7, "# B")]);
    assert_eq!(File::of("a.md", "# A\n").message(0), "there is no table here");
    let text = "# X\n|a|\n|-|\n|1|\n# Y\n|a|\n|-|\n|2|\n# x\n|a|\n|-|\n|3|\n";
    let by = |heading: &str| {
        File::read("a.md", text, &Layout { heading: Some(heading.into()), ..Layout::default() }).shown()
    };
    assert_eq!(
        (by("X"), by("x"), by("x-1")),
        (vec!["a=1".into(), "a=3".into()], vec!["a=1".into()], vec!["a=3".into()])
    );
}

#[test]
fn a_row_that_does_not_fit_is_a_fault() {
    let text = "|a|b|c|\n|-|-|-|\n|1|2|\n|1|2|3|4|\n|1|2|3|\n|1||3| |\n| | | |\n|1|`x|y`|3|\n|4|5|6\n|x\n";
    let file = File::of("a.md", text);
    let rows = [(3, "|1|2|"), (4, "|1|2|3|4|"), (8, "|1|`x|y`|3|"), (10, "|x")];
    assert_eq!(file.faults(), rows.map(|(line, row)| ("invalid-table", line, row)));
    assert_eq!(file.message(0), "this row has 2 cells, and the header has 3");
    assert_eq!(file.message(1), "this row has 4 cells, and the header has 3");
    assert_eq!(file.shown(), ["a=1, b=2, c=3", "a=1, b=-, c=3", "a=4, b=5, c=6"]);
    let file = File::of("a.md", "|a||a|\n|-|-|-|\n|1||2|\n|3|x|4|\n");
    assert_eq!(file.faults(), [("invalid-table", 4, "x")]);
    assert_eq!(file.shown(), ["a=[1, 2]", "a=[3, 4]"]);
}

#[test]
fn hostile_pages_end_soon() {
    let rows = |head: usize, body: &str| "|a".repeat(head) + "\n" + &"|-".repeat(head) + "\n" + body;
    let wide = File::of("a.md", rows(10_000, &"|a\n".repeat(300_000)));
    assert_eq!(wide.records.len(), 0);
    assert!(!wide.read.faults.is_empty() && wide.read.faults.len() <= MAX_FAULTS + 1);
    let many = File::of("a.md", rows(2, &"|a|b\n".repeat(150_000)));
    assert_eq!(many.records.len(), 150_000);
    File::of("a.md", rows(2, &("|".repeat(500_000) + "\n")));
    File::of("a.md", rows(2, &("|a|".to_owned() + &"\\|".repeat(400_000))));
    File::of("a.md", "|a|\n|-|\n\n".repeat(100_000));
    File::of("a.md", "# a\n\n|a|\n|-|\n|1|\n".repeat(50_000));
    let layout = Layout { heading: Some("a".into()), ..Layout::default() };
    File::read("a.md", "# b\n\n# a\n\n|a|\n|-|\n".repeat(40_000), &layout);
    assert_eq!(File::of("a.md", ">".repeat(100_000)).faults()[0].0, "too-large");
    assert_eq!(File::of("a.md", "---\nowner: x\n").faults()[0].0, "invalid-front-matter");
    assert_eq!(File::of("a.md", "a\n".repeat(600_000)).faults()[0].0, "too-large");
}
