//! Written documents as people and their tools keep them: where they are found, and what becomes of files that nobody
//! should trust.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tickmark::policies::written::{self, WrittenDocuments};

/// A document of strongdm/comply.
const COMPLY: &str = "name: Access\nacronym: A\nsatisfies:\n  TSC:\n    - CC6.1\n---\n# Access\n\nAt {{.Name}}.\n";
/// A page that says what a policy says, without front matter.
const PLAIN: &str = "# Access\n\n## 1. Purpose\n\nTo say who may enter.\n\n## 2. Scope\n\nEverybody.\n";
/// A page about software.
const SOFTWARE: &str = "# Retry policy\n\nRequests are retried as needed.\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let whole = root.join(path);
    fs::create_dir_all(whole.parent().unwrap()).unwrap();
    fs::write(whole, text).unwrap();
}

/// Set and name of every document.
fn found(read: &WrittenDocuments) -> Vec<(String, String)> {
    let one = |document: &tickmark::facts::document::written::Written| {
        (document.set.to_string(), document.source().name().to_owned())
    };
    read.documents.iter().map(one).collect()
}

fn names(read: &WrittenDocuments) -> Vec<String> {
    found(read).into_iter().map(|(_, name)| name).collect()
}

/// Rule and file of every fault, in order.
fn faults(read: &WrittenDocuments) -> Vec<(String, String)> {
    let mut faults: Vec<_> =
        read.faults.iter().map(|fault| (fault.rule.to_owned(), fault.source.name().to_owned())).collect();
    faults.sort();
    faults
}

fn pair(one: &str, two: &str) -> (String, String) {
    (one.to_owned(), two.to_owned())
}

#[test]
fn sets_are_found_at_any_depth_and_only_below_the_folder_that_is_named() {
    let folder = folder(&[
        ("example/policies/access.md", COMPLY),
        ("example/policies/README.md", "# About this folder\n"),
        ("example/narratives/control.md", "# Control\n"),
        ("example/standards/TSC.yml", "name: TSC\nCC6.1: { family: CC6, name: Access }\n"),
        ("themes/soc2/security_policies/access.markdown", PLAIN),
        ("docs/policies/retry.md", SOFTWARE),
        ("node_modules/policies/access.md", COMPLY),
        ("fixtures/policies/access.md", COMPLY),
        ("README.md", "# Read me\n\nsatisfies: nobody\n"),
    ]);
    let example = [pair("example", "example/narratives/control.md"), pair("example", "example/policies/access.md")];
    let read = written::read_foreign(folder.path(), Path::new(""));
    let theme = pair("themes/soc2", "themes/soc2/security_policies/access.markdown");
    assert_eq!(found(&read), [&example[..], &[theme]].concat());
    assert_eq!(faults(&read), []);
    assert_eq!(found(&written::read_foreign(folder.path(), Path::new("example"))), example);
    assert_eq!(found(&written::read_foreign(folder.path(), Path::new("docs"))), []);
}

#[test]
fn documents_elsewhere_say_that_they_are_some() {
    let folder = folder(&[
        ("access/index.md", "---\ntitle: Access\npolicy: true\n---\n# Access\n"),
        ("posts/news.md", "---\ntitle: News\nauthor: Dana\n---\n# News\n"),
        ("rfcs/1.md", "---\ntitle: A plan\napprover: Dana\n---\n# A plan\n"),
        ("broken.md", "---\nsatisfies: [\n---\n# Broken\n"),
    ]);
    let read = written::read_foreign(folder.path(), Path::new(""));
    assert_eq!(found(&read), [pair("", "access/index.md")]);
}

#[test]
fn templates_are_filled_in_by_a_tool() {
    let folder = folder(&[
        ("templates/policies/access.md.tmpl", "# Access\n\n## Policy Statements\n\n{{company}} must.\n"),
        ("templates/procedures/access.md.tmpl", "### Access\n\nAsk {{name}}.\n"),
        ("example/policies/access.md", COMPLY),
        ("example/comply.yml", "name: Acme\n"),
        ("plain/policies/access.md", COMPLY),
    ]);
    let read = written::read_foreign(folder.path(), Path::new(""));
    let built: Vec<bool> = read.documents.iter().map(|document| document.built).collect();
    assert_eq!(names(&read).len(), 4);
    assert_eq!(built, [true, false, true, true]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let folder = folder(&[
        ("policies/access.md", COMPLY),
        ("policies/open.md", "---\nname: Open\n\n# Open\n"),
        ("policies/twice.md", "name: Twice\nname: Twice\n---\n# Twice\n"),
    ]);
    let deep = ">".repeat(100_000);
    write(folder.path(), "policies/deep.md", deep);
    write(folder.path(), "policies/large.md", "a ".repeat(1 << 20));
    write(folder.path(), "policies/latin.md", b"# Zug\xe4nge\n");
    let expected = [
        pair("documents/duplicate-key", "policies/twice.md"),
        pair("documents/invalid-front-matter", "policies/open.md"),
        pair("documents/too-large", "policies/deep.md"),
        pair("documents/too-large", "policies/large.md"),
        pair("documents/unreadable-file", "policies/latin.md"),
    ];
    for read in [written::read_foreign(folder.path(), Path::new("")), written::read(folder.path(), &[])] {
        assert_eq!(faults(&read), expected);
        assert_eq!(names(&read), ["policies/access.md", "policies/twice.md"]);
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_repository_or_in_circles() {
    use std::os::unix::fs::symlink;

    let outside = folder(&[("secret.md", COMPLY), ("policies/secret.md", COMPLY)]);
    let folder = folder(&[("policies/access.md", COMPLY)]);
    symlink(outside.path().join("secret.md"), folder.path().join("policies/secret.md")).unwrap();
    symlink("..", folder.path().join("policies/up")).unwrap();
    symlink(outside.path().join("policies"), folder.path().join("procedures")).unwrap();
    fs::create_dir(folder.path().join("more")).unwrap();
    symlink(outside.path().join("policies"), folder.path().join("more/policies")).unwrap();
    for read in [written::read_foreign(folder.path(), Path::new("")), written::read(folder.path(), &[])] {
        assert_eq!(names(&read), ["policies/access.md"]);
        let secret = pair("documents/unreadable-file", "policies/secret.md");
        assert!(faults(&read).contains(&secret), "{:?}", faults(&read));
        assert!(!read.documents.iter().chain([]).any(|document| document.source().name().contains("secret")));
    }
    assert_eq!(found(&written::read_foreign(folder.path(), Path::new("more/policies"))), []);
}
