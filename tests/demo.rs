//! The demo's repository: the same on every machine, sound, and complete.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tickmark::demo;
use tickmark::sources::commit::RawCommit;
use tickmark::sources::repo::{ObjectKind, Repo};
use tickmark::sources::script::{Content, Step};
use tickmark::sources::yaml;
use tickmark::text::SourceText;

/// First-parent commits of main, newest first: subject, number of parents, day in UTC seconds.
fn changes(folder: &Path) -> Vec<(String, usize, i64)> {
    let repo = Repo::open(folder).unwrap();
    let mut next = Some(repo.resolve("main").unwrap());
    let mut found = Vec::new();
    while let Some(id) = next {
        let read = |bytes: &[u8]| {
            let raw = RawCommit::parse(bytes).unwrap();
            let text = String::from_utf8_lossy(raw.message).into_owned();
            let subject = text.lines().next().unwrap_or_default().to_owned();
            (raw.parents.first().copied(), (subject, raw.parents.len(), raw.committer.seconds))
        };
        let (parent, change) = repo.read(id, ObjectKind::Commit, read).unwrap();
        found.push(change);
        next = parent;
    }
    found
}

#[test]
fn it_is_the_same_on_every_machine() {
    let folder = tempfile::tempdir().unwrap();
    let written = demo::write(folder.path()).unwrap();
    assert_eq!(written.head.unwrap().to_string(), "ffcffb8b2a2fa93bed688fd87a2099da83b57d45");
}

#[test]
fn thirty_two_changes_land_in_its_period_in_order() {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path()).unwrap();
    let changes = changes(folder.path());
    assert!(changes.windows(2).all(|pair| pair[0].2 > pair[1].2));
    let (start, end) = (1_767_222_000, 1_782_856_800); // 2026-01-01 and 2026-07-01 in Berlin
    let inside: Vec<_> = changes.iter().filter(|change| (start..end).contains(&change.2)).collect();
    assert_eq!((inside.len(), changes.len()), (32, 36));
    assert_eq!(inside.iter().filter(|change| change.1 == 2).count(), 22);
    let subjects: BTreeSet<&str> = inside.iter().map(|change| change.0.as_str()).collect();
    assert_eq!(subjects.len(), 32, "every change can be told by its subject");
}

#[test]
fn every_file_of_it_is_used_and_checked_out_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let (mut named, mut latest) = (BTreeSet::new(), BTreeMap::new());
    for step in demo::history().unwrap().steps {
        let files = match step {
            Step::Commit(commit) => commit.files,
            Step::Merge(merge) => merge.files,
            _ => continue,
        };
        for (path, content) in files {
            if let Content::From(file) = content {
                named.insert(root.join(&file.from));
                latest.insert(path, root.join(file.from));
            }
        }
    }
    for (path, file) in latest {
        assert_eq!(std::fs::read(folder.path().join(&path)).unwrap(), std::fs::read(file).unwrap(), "{path}");
    }
    let there = walkdir::WalkDir::new(root.join("files")).into_iter().map(Result::unwrap);
    let there: BTreeSet<_> =
        there.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    assert_eq!(named, there);
}

#[test]
fn its_documents_are_yaml() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    for entry in walkdir::WalkDir::new(root).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "yaml") {
            let source: Arc<SourceText> = SourceText::from_bytes("x", &std::fs::read(entry.path()).unwrap());
            // Only responses are kept several in one file.
            let several = entry.path().components().any(|part| part.as_os_str() == "responses");
            assert!(several || yaml::parse(&source).unwrap().len() == 1, "{}", entry.path().display());
        }
    }
}

#[test]
fn git_finds_nothing_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path()).unwrap();
    for arguments in [&["fsck", "--full", "--strict", "--no-dangling", "--no-progress"][..], &["status", "--porcelain"]]
    {
        let git = Command::new("git").arg("-C").arg(folder.path()).args(arguments).output();
        let Ok(out) = git else { return eprintln!("skipped: there is no git here") };
        assert!(out.status.success());
        assert_eq!(String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr), "", "{arguments:?}");
    }
}
