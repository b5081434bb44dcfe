//! Files of evidence that are none, and files of owners that were made to take time.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use tickmark::sources::codeowners::CodeOwners;
use tickmark::sources::content::{self, State};
use tickmark::text::SourceText;

fn state(root: &Path, path: &str) -> State {
    let read = content::read(root, Path::new(path));
    assert_eq!(read.sha256.is_some(), matches!(read.state, State::There | State::Pointer), "{path}");
    read.state
}

#[test]
fn only_a_plain_file_of_the_repository_is_read() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = folder.path();
    fs::create_dir(root.join("evidence")).unwrap();
    fs::write(root.join("evidence/a.csv"), "id\n1\n2\n").unwrap();
    fs::write(root.join("evidence/empty"), "").unwrap();
    fs::write(root.join("evidence/lfs"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
        .unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    symlink(outside.path().join("secret"), root.join("evidence/link")).unwrap();
    symlink(outside.path(), root.join("elsewhere")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    let pipe = Command::new("mkfifo").arg(root.join("evidence/pipe")).status();
    for (path, expected) in [
        ("evidence/a.csv", State::There),
        ("evidence/empty", State::Empty),
        ("evidence/lfs", State::Pointer),
        ("evidence", State::Folder),
        ("evidence/none", State::Missing),
        ("evidence/a.csv/below", State::Missing),
        ("evidence/link", State::Link),
        ("elsewhere/secret", State::Link),
        ("loop", State::Link),
        ("../secret", State::Outside),
        ("evidence/../../secret", State::Outside),
        ("/etc/passwd", State::Outside),
        ("a\0b", State::Missing),
        ("", State::Folder),
    ] {
        assert_eq!(state(root, path), expected, "{path:?}");
    }
    if pipe.is_ok_and(|status| status.success()) {
        assert_eq!(state(root, "evidence/pipe"), State::Special);
    } else {
        eprintln!("skipped: there is no mkfifo");
    }
    assert_eq!(content::read(root, Path::new("evidence/a.csv")).rows, Some(2));
}

#[test]
fn a_file_that_may_not_be_read_or_is_too_large_is_told_apart_from_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let locked = folder.path().join("locked");
    fs::write(&locked, "x").unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
    // Whoever runs as root may read everything.
    if fs::read(&locked).is_err() {
        assert_eq!(state(folder.path(), "locked"), State::Unreadable);
    } else {
        eprintln!("skipped: this user may read everything");
    }
    let large = fs::File::create(folder.path().join("large.bin")).unwrap();
    large.set_len(content::MAX_BYTES + 1).unwrap();
    let read = content::read(folder.path(), Path::new("large.bin"));
    assert_eq!((read.state, read.bytes, read.sha256), (State::TooLarge, Some(content::MAX_BYTES + 1), None));
}

#[test]
fn no_file_of_owners_makes_a_path_take_long() {
    let slow = "a*".repeat(2_000) + "b @acme/x\n";
    let deep = "/a".repeat(20_000) + "/** @acme/x\n";
    let stars = "**/".repeat(5_000) + "z @acme/x\n";
    let many: String = (0..200_000).map(|at| format!("/{}/{at}/** @acme/x\n", at % 97)).collect();
    let sections: String = (0..20_000).map(|at| format!("[S{at}]\n* @acme/x\n")).collect();
    let long = "a".repeat(100_000);
    for text in [slow, deep, stars, many, sections] {
        let path = if text.starts_with('[') { ".gitlab/CODEOWNERS" } else { ".github/CODEOWNERS" };
        let file = CodeOwners::parse(SourceText::new(path, text), path);
        for at in 0..200 {
            file.of(&format!("{at}/{long}")).for_each(drop);
            file.of(&"a/".repeat(200)).for_each(drop);
        }
    }
}
