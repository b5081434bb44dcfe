//! Trees that hold one another again and again: a few kilobytes with more paths than anybody can list.

use std::collections::BTreeSet;

use git2::ObjectType;
use tickmark::sources::history::Repos;
use tickmark::sources::notes;
use tickmark::sources::oid::Oid;
use tickmark::sources::repo::Unreadable;
use tickmark::sources::writers::writers;

use super::{DANA, Forge, in_time};

/// An entry of a tree.
fn entry(mode: &str, name: &str, id: Oid) -> Vec<u8> {
    [format!("{mode} {name}\0").as_bytes(), &id.0[..]].concat()
}

#[test]
fn a_folder_that_holds_one_tree_under_two_names_is_entered_once() {
    let forge = Forge::new();
    let mut root = forge.object(ObjectType::Tree, entry("100644", "f", forge.object(ObjectType::Blob, "note")));
    for _ in 0..39 {
        root = forge.object(ObjectType::Tree, [entry("40000", "A", root), entry("40000", "a", root)].concat());
    }
    let tip = forge.raw(&format!("tree {root}\nauthor {DANA}\ncommitter {DANA}\n\nnote\n"));
    let file = format!("{}f", "a".repeat(39));
    let count = in_time(forge.folder.path(), move |repo| {
        let (repos, wanted) = (Repos::open(&repo).unwrap(), BTreeSet::from([file.clone()]));
        let found = writers(&repos, tip, &wanted, |signature| Some(signature.email.to_vec())).unwrap();
        found.of(&file).map(<[u32]>::len)
    });
    assert_eq!(count, Some(1));
}

#[test]
fn notes_whose_folders_hold_each_other_again_and_again_are_a_failure_and_no_hang() {
    let forge = Forge::new();
    let mut root = forge.object(ObjectType::Tree, entry("100644", "f", forge.object(ObjectType::Blob, "note")));
    for _ in 0..30 {
        root = forge.object(ObjectType::Tree, [entry("40000", "aa", root), entry("40000", "ab", root)].concat());
    }
    let found = in_time(forge.folder.path(), move |repo| notes::list(&repo, root));
    assert!(
        matches!(&found, Err((_, Unreadable::Damaged(why))) if why.contains("more than 2000000 files")),
        "{found:?}"
    );
}
