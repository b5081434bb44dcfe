//! The versions of files and folders along the first-parent line of a branch.

use tickmark::sources::history::Repos;
use tickmark::sources::line::{Line, versions};
use tickmark::sources::repo::Repo;
use tickmark::sources::script;
use tickmark::text::SourceText;

const SCRIPT: &str = r#"
people: { dana: Dana Roe <dana@acme.example> }
steps:
  - commit: { on: main, by: dana, at: 2026-01-01T10:00:00Z, message: One, files: { README.md: "Shop\n" } }
  - commit: { on: main, by: dana, at: 2026-01-02T10:00:00Z, message: Two, files: { controls/a/x.yaml: "two\n" } }
  - commit: { on: main, by: dana, at: 2026-01-03T10:00:00Z, message: Three, files: { README.md: "The shop\n" } }
  - branch: { name: side, from: main }
  - commit: { on: side, by: dana, at: 2026-01-04T10:00:00Z, message: Side, files: { controls/a/x.yaml: "side\n" } }
  - commit: { on: side, by: dana, at: 2026-01-05T10:00:00Z, message: Again, files: { controls/a/x.yaml: "four\n" } }
  - merge: { into: main, from: [side], by: dana, at: 2026-01-06T10:00:00Z, message: Four }
  - commit: { on: main, by: dana, at: 2026-01-07T10:00:00Z, message: Five, remove: [controls/a/x.yaml] }
  - commit: { on: main, by: dana, at: 2026-01-08T10:00:00Z, message: Six, files: { controls/a/x.yaml: "four\n" } }
"#;

#[test]
fn each_version_on_the_line_is_told_also_one_that_came_back() {
    let folder = tempfile::tempdir().unwrap();
    script::write(&script::parse(&SourceText::new("history.yaml", SCRIPT)).unwrap(), folder.path(), true).unwrap();
    let repo = Repo::open(folder.path()).unwrap();
    let line = Line::read(&repo, repo.head().unwrap().1);
    assert_eq!((line.steps.len(), &line.gap), (6, &None));
    let found = versions(&Repos::open(&repo).unwrap(), &line, &["controls/a/x.yaml", "README.md", "none"]).unwrap();
    let shape = |at: usize| -> Vec<(usize, usize, bool)> {
        found[at].iter().map(|version| (version.newest, version.oldest, version.entry.is_some())).collect()
    };
    // What a branch had before it was merged was never in force.
    assert_eq!(shape(0), [(0, 0, true), (1, 1, false), (2, 2, true), (3, 4, true), (5, 5, false)]);
    assert_eq!(found[0][0].entry, found[0][2].entry);
    assert_eq!(shape(1), [(0, 3, true), (4, 5, true)]);
    assert_eq!(shape(2), [(0, 5, false)]);
    // Each path has its own versions, whichever others are asked for with it, and the line begins with a folder.
    let paths = ["controls", "controls/a", "controls/a/x.yaml", "controls/a/none", "README.md/x.yaml", ""];
    let together = versions(&Repos::open(&repo).unwrap(), &line, &paths).unwrap();
    for (path, versions_of) in paths.iter().zip(&together) {
        let line = Line::read(&repo, repo.head().unwrap().1);
        assert_eq!(&versions(&Repos::open(&repo).unwrap(), &line, &[path]).unwrap()[0], versions_of, "{path}");
    }
    assert_eq!(together[2], found[0]);
    let is_there = |at: usize| together[at].iter().map(|version| version.entry.is_some()).collect::<Vec<_>>();
    assert_eq!(
        [is_there(1), is_there(3), is_there(4)],
        [vec![true, false, true, true, false], vec![false], vec![false]]
    );
    assert_eq!((together[5].len(), is_there(5)), (6, vec![true; 6]));
    let times: Vec<i64> = line.steps.iter().map(|step| step.seconds).collect();
    assert!(times.is_sorted_by(|newer, older| newer > older));
}
