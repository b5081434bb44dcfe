//! What is missing from a clone never makes a run clean, and never ends it early.

use std::sync::mpsc;
use std::time::Duration;

use crate::cases::{self, Case, Damage, Expect, World};
use tickmark::engine;
use tickmark::error::Exit;

/// No run over a handful of commits takes nearly as long.
const LONGEST: Duration = Duration::from_secs(60);

fn silent() -> Vec<Case> {
    cases::all().into_iter().filter(|case| case.text.expect == Expect::Silent).collect()
}

/// Silent cases whose controls are tested on the history, and those whose controls are tested on records.
fn by_evidence() -> (Vec<Case>, Vec<Case>) {
    let says =
        |case: &Case, words: &str| std::fs::read_to_string(case.folder.join("history.yaml")).unwrap().contains(words);
    // Where nothing is tested there is no evidence to be taken away.
    let tested = || silent().into_iter().filter(|case| says(case, "  test: "));
    let of_changes = |case: &Case| says(case, "test: change-approval");
    let of_deployments = |case: &Case| says(case, "test: deployments");
    // Deployments are in the history, and may be told by records as well.
    let on_history = tested().filter(|case| of_changes(case) || of_deployments(case)).collect();
    let recorded = |case: &Case| !of_deployments(case) || says(case, "environments: [");
    (on_history, tested().filter(|case| !of_changes(case) && recorded(case)).collect())
}

fn case(name: &str) -> Case {
    cases::all().into_iter().find(|case| case.name == name).unwrap()
}

/// The exit status of a check, whether it ended with a ledger or with an error.
fn exit(case: &Case, world: &World) -> Exit {
    match case.check(world) {
        Ok(checked) => checked.ledger.exit(),
        Err(error) => error.exit(),
    }
}

fn never_clean_after(damage: Damage) {
    let clean = cases::each(&by_evidence().0, |case| {
        let world = case.sound();
        assert_eq!(exit(case, &world), case.text.exit(), "{}", case.name);
        world.damage(damage);
        (exit(case, &world) != Exit::Incomplete).then(|| case.name.clone())
    });
    let clean: Vec<String> = clean.into_iter().flatten().collect();
    assert!(clean.is_empty(), "after {damage:?} these do not tell that they are incomplete: {clean:#?}");
}

#[test]
fn no_silent_case_is_clean_without_its_oldest_commit() {
    never_clean_after(Damage::MissingCommit);
}

#[test]
fn no_silent_case_is_clean_in_a_shallow_clone() {
    never_clean_after(Damage::Shallow);
}

#[test]
fn no_silent_case_is_clean_under_a_graft() {
    never_clean_after(Damage::Graft);
}

/// A control that is tested on records is not tested without its registers, and not tested whole if one of their files
/// cannot be read.
#[test]
fn no_silent_case_is_clean_without_its_registers() {
    let (_, on_records) = by_evidence();
    assert!(on_records.len() > 50);
    let clean = cases::each(&on_records, |case| {
        let world = case.sound();
        assert_eq!(exit(case, &world), Exit::Clean, "{}", case.name);
        let root = world.folder.path();
        let files: Vec<_> = ["registers", "exports"]
            .iter()
            .flat_map(|folder| walkdir::WalkDir::new(root.join(folder)).into_iter().flatten())
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .collect();
        for file in &files {
            std::fs::write(file, b"\xff").unwrap();
        }
        let unreadable = exit(case, &world);
        for file in &files {
            std::fs::remove_file(file).unwrap();
        }
        let whole = (unreadable, exit(case, &world)) == (Exit::Incomplete, Exit::Incomplete);
        (!whole).then(|| case.name.clone())
    });
    let clean: Vec<String> = clean.into_iter().flatten().collect();
    assert!(clean.is_empty(), "without their registers these do not tell that they are incomplete: {clean:#?}");
}

/// Runs something on a thread of its own, and fails where it panics or does not end.
fn in_time(what: &str, run: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        run();
        done.send(()).unwrap();
    });
    match wait.recv_timeout(LONGEST) {
        Ok(()) => thread.join().unwrap(),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{what}: it panics"),
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: it does not end"),
    }
}

/// Takes each object away in turn, and runs everything.
fn without_each_object(name: &str) {
    let sound = case(name).sound();
    for object in sound.objects() {
        let whole = std::fs::read(sound.loose(object)).unwrap();
        for empty in [false, true] {
            sound.remove(object);
            if empty {
                std::fs::write(sound.loose(object), "").unwrap();
            }
            let folder = sound.folder.path().to_path_buf();
            in_time(&format!("{name} without {object}"), move || {
                let _ = cases::check(&folder, Some("2026-06-30"), None);
                let _ = engine::trail(&cases::request(&folder, None, None), None, true);
            });
            let _ = std::fs::remove_file(sound.loose(object));
            std::fs::write(sound.loose(object), &whole).unwrap();
        }
    }
    assert_eq!(exit(&case(name), &sound), Exit::Clean, "all is back");
}

#[test]
fn no_object_is_missed_with_a_panic() {
    without_each_object("change/weak-assurance/witnessed");
    without_each_object("change/self-approved/mailmap");
}

/// Without a commit or the files of one, a control with `paths` cannot know what it covers.
#[test]
fn a_control_with_paths_is_never_clean_without_a_commit_or_its_files() {
    for name in ["change/unapproved/outside-the-paths", "change/unapproved/exempt"] {
        let case = case(name);
        let sound = case.sound();
        for (commit, tree) in sound.main() {
            for object in [commit, tree] {
                let whole = std::fs::read(sound.loose(object)).unwrap();
                sound.remove(object);
                assert_ne!(exit(&case, &sound), Exit::Clean, "{name} without {object}, of the change {commit}");
                std::fs::write(sound.loose(object), whole).unwrap();
            }
        }
    }
}
