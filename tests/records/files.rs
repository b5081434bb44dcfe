//! Files of registers: found by a glob, and read up to their own limit.

use std::fs;
use std::path::{Path, PathBuf};

use tickmark::sources::tree::{MAX_BYTES, MAX_REGISTER_BYTES, find, read, read_register};

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in ["a.csv", "x/a.csv", "x/y/b.csv", "x/b.json", ".git/c.csv", "x/.git/d.csv", ".hidden/e.csv", "x/.f.csv"]
    {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "id\n1\n").unwrap();
    }
    folder
}

fn found(root: &Path, glob: &str) -> Vec<String> {
    let found = find(root, glob);
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    found.files.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect()
}

#[test]
fn a_glob_matches_whole_paths_in_order() {
    let folder = folder();
    let found = |glob| found(folder.path(), glob);
    assert_eq!(found("**/*.csv"), ["a.csv", "x/a.csv", "x/y/b.csv"]);
    assert_eq!(found("*.csv"), ["a.csv"]);
    assert_eq!(found("./a.csv"), ["a.csv"]);
    assert_eq!(found("x/*"), ["x/a.csv", "x/b.json"]);
    assert_eq!(found("x/[ab].*"), ["x/a.csv", "x/b.json"]);
    assert_eq!(found(".hidden/*.csv"), [".hidden/e.csv"]);
    assert_eq!(found("x/.f.csv"), ["x/.f.csv"]);
    for none in ["gone/*.csv", "a.csv/*", "", "x", ".git/*.csv", "x/.git/d.csv", ".GIT/*"] {
        assert_eq!(found(none), [""; 0], "{none}");
    }
}

#[test]
fn nothing_outside_is_found() {
    let folder = folder();
    for (glob, rule) in [
        ("../*.csv", "documents/unreadable-file"),
        ("/etc/*", "documents/unreadable-file"),
        ("x/../../*", "documents/unreadable-file"),
        ("**/../*", "documents/unreadable-file"),
        ("[a", "documents/bad-value"),
        ("a***", "documents/bad-value"),
    ] {
        let found = find(folder.path(), glob);
        assert_eq!((found.files.len(), found.faults.len()), (0, 1), "{glob}");
        assert_eq!((found.faults[0].rule, found.faults[0].source.name()), (rule, glob));
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = folder();
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    link("x", "linked");
    link("a.csv", "also.csv");
    assert_eq!(found(folder.path(), "**/b.csv"), ["x/y/b.csv"]);
    assert_eq!(find(folder.path(), "linked/*.csv").faults[0].rule, "documents/unreadable-file");
    // A link that matches is not passed over without a word: reading it says what is wrong.
    assert_eq!(found(folder.path(), "also.*"), ["also.csv"]);
    for path in ["also.csv", "linked/a.csv", "linked", "../a.csv", "/etc/passwd", "x/../a.csv"] {
        let fault = read_register(folder.path(), Path::new(path)).unwrap_err();
        assert_eq!(fault.rule, "documents/unreadable-file", "{path}");
    }
    assert_eq!(read_register(folder.path(), Path::new("./x/a.csv")).unwrap().text(), "id\n1\n");
}

#[test]
fn a_register_may_be_larger_than_what_people_write() {
    let folder = folder();
    let path = PathBuf::from("large.csv");
    let file = fs::File::create(folder.path().join(&path)).unwrap();
    file.set_len(MAX_BYTES + 1).unwrap();
    assert_eq!(read(folder.path(), &path).unwrap_err().rule, "documents/too-large");
    assert_eq!(read_register(folder.path(), &path).unwrap().text().len() as u64, MAX_BYTES + 1);
    file.set_len(MAX_REGISTER_BYTES + 1).unwrap();
    assert_eq!(read_register(folder.path(), &path).unwrap_err().rule, "documents/too-large");
}
