//! `tickmark approve`: what it writes, when it refuses, and what `trail` makes of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use git2::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::facts::approval::line::REFERENCE;
use tickmark::sources::script::{self, Script};

mod workflow;

struct Ran {
    status: i32,
    out: String,
    err: String,
}

/// Runs the program in a folder, where nobody is configured but in the repository.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("COLUMNS", "80");
    command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("TZ", "Europe/Berlin");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "GIT_DIR", "GIT_WORK_TREE", "SSH_AUTH_SOCK"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

const DANA: (&str, &str) = ("Dana Roe", "dana@acme.example");
const LENA: (&str, &str) = ("Lena Osei", "lena@acme.example");
const TOMAS: (&str, &str) = ("Tomás Vega", "tomas@acme.example");

fn commit(on: &str, by: &str, message: &str, files: &Value) -> Value {
    json!({ "commit": { "on": on, "by": by, "at": "2026-03-02T10:00:00Z", "message": message, "files": files } })
}

/// A repository with a change of Dana's on main, and with whoever works in it.
fn shop(more: &[Value], user: (&str, &str)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let people = json!({
        "dana": "Dana Roe <dana@acme.example>", "home": "Dana R. <dana@home.example>",
        "lena": "Lena Osei <lena@acme.example>", "robot": "renovate[bot] <bot@renovateapp.com>",
    });
    let first = commit("main", "dana", "Add prices", &json!({ "prices.txt": "one\n" }));
    let steps: Vec<&Value> = std::iter::once(&first).chain(more).collect();
    let script: Script = serde_json::from_value(json!({ "people": people, "steps": steps })).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    works_here(folder.path(), user);
    folder
}

fn works_here(folder: &Path, (name, email): (&str, &str)) {
    let mut config = Repository::open(folder).unwrap().config().unwrap();
    config.set_str("user.name", name).unwrap();
    config.set_str("user.email", email).unwrap();
}

/// The lines of the note on the newest commit of main.
fn lines(folder: &Path) -> Vec<String> {
    let repo = Repository::open(folder).unwrap();
    let head = repo.head().unwrap().target().unwrap();
    let note = repo.find_note(Some(REFERENCE), head);
    note.map(|note| note.message().unwrap().lines().map(str::to_owned).collect()).unwrap_or_default()
}

fn approvals(folder: &Path) -> Vec<Value> {
    let ran = run(folder, &["trail", "HEAD", "--format", "json"]);
    assert_eq!(ran.err, "");
    let trail: Value = serde_json::from_str(&ran.out).unwrap();
    trail["changes"][0]["approvals"].as_array().unwrap().clone()
}

#[test]
fn an_approval_is_a_line_that_its_approver_wrote() {
    let shop = shop(&[], LENA);
    let ran = run(shop.path(), &["approve", "main", "--role", "release manager", "--incident", "INC-7"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    let repo = Repository::open(shop.path()).unwrap();
    let head = repo.head().unwrap().peel_to_commit().unwrap();
    let short = &head.id().to_string()[..7];
    assert!(ran.out.starts_with(&format!("approved  {short} \"Add prices\" by Dana Roe\n")), "{}", ran.out);
    assert!(ran.out.contains("Lena Osei <lena@acme.example>, "), "{}", ran.out);
    assert!(ran.out.ends_with("Push it:\n\n  git push origin refs/notes/tickmark\n"), "{}", ran.out);
    let [line] = lines(shop.path()).try_into().unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<&String> = said.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["approval", "by", "at", "commit", "tree", "role", "incident"],
        "nothing that is not known is written"
    );
    assert_eq!((&said["approval"], &said["by"]), (&json!(1), &json!("Lena Osei <lena@acme.example>")));
    assert_eq!((&said["commit"], &said["tree"]), (&json!(head.id().to_string()), &json!(head.tree_id().to_string())));
    let written = repo.find_reference(REFERENCE).unwrap().peel_to_commit().unwrap();
    assert_eq!(
        (written.author().email(), written.committer().email()),
        (Ok("lena@acme.example"), Ok("lena@acme.example"))
    );
    let at = said["at"].as_str().unwrap();
    assert_eq!(at.parse::<jiff::Timestamp>().unwrap().as_second(), written.time().seconds(), "to the second");
    assert!(at.ends_with("+01:00") || at.ends_with("+02:00"), "{at} has the offset of the machine");
    let [found] = approvals(shop.path()).try_into().unwrap();
    assert_eq!((&found["assurance"], &found["independent"]), (&json!("witnessed"), &json!(true)), "{found}");
    assert_eq!(
        (&found["at"], &found["role"], &found["incident"]),
        (&json!(at), &json!("release manager"), &json!("INC-7"))
    );
}

#[test]
fn the_same_approval_is_not_written_twice_and_others_stay() {
    let shop = shop(&[], LENA);
    assert_eq!(run(shop.path(), &["approve", "HEAD"]).status, 0);
    let first = lines(shop.path());
    let again = run(shop.path(), &["approve", "HEAD"]);
    assert_eq!((again.status, again.err.as_str()), (0, ""));
    assert!(again.out.starts_with("approved already  ") && again.out.contains("nothing was changed"), "{}", again.out);
    assert_eq!(lines(shop.path()), first);
    assert_eq!(
        run(shop.path(), &["approve", "HEAD", "--role", "engineer"]).status,
        0,
        "another role says something new"
    );
    works_here(shop.path(), TOMAS);
    assert_eq!(run(shop.path(), &["approve", "HEAD"]).status, 0);
    let all = lines(shop.path());
    assert_eq!((all.len(), &all[0]), (3, &first[0]), "what stood there stays as it was");
    let by: Vec<Value> = approvals(shop.path()).iter().map(|one| one["by"]["name"].clone()).collect();
    assert_eq!(by, ["Lena Osei", "Lena Osei", "Tomás Vega"]);
}

#[test]
fn a_line_that_somebody_else_wrote_in_the_name_of_the_approver_does_not_stand_for_the_approval() {
    let line = "{\"approval\":1,\"by\":\"Lena Osei <lena@acme.example>\",\"at\":\"2026-03-03T10:00:00Z\",\
                \"commit\":\"${new}\",\"tree\":\"${new.tree}\"}";
    let mut new = commit("main", "dana", "Add tax", &json!({ "tax.txt": "19\n" }));
    new["commit"]["name"] = json!("new");
    let note =
        json!({ "note": { "ref": REFERENCE, "on": "new", "by": "dana", "at": "2026-03-03T10:00:00Z", "text": line } });
    let shop = shop(&[new, note], LENA);
    let ran = run(shop.path(), &["approve", "HEAD"]);
    assert!(ran.out.starts_with("approved  "), "{}{}", ran.out, ran.err);
    let found: Vec<Value> = approvals(shop.path()).iter().map(|one| one["assurance"].clone()).collect();
    assert_eq!(found, ["claimed", "witnessed"]);
}

#[test]
fn an_approval_counts_from_when_its_line_came_unless_it_says_later() {
    let line = |at: &str| {
        format!(
            "{{\"approval\":1,\"by\":\"Lena Osei <lena@acme.example>\",\"at\":\"{at}\",\"commit\":\"${{new}}\",\
             \"tree\":\"${{new.tree}}\"}}"
        )
    };
    let note = |at: &str, text: &str| json!({ "note": { "ref": REFERENCE, "on": "new", "by": "lena", "at": at, "append": true, "text": text } });
    let mut new = commit("main", "dana", "Add tax", &json!({ "tax.txt": "19\n" }));
    new["commit"]["name"] = json!("new");
    let (early, late) = (line("2026-03-02T10:00:00Z"), line("2026-03-09T12:00:00+02:00"));
    let steps = [new, note("2026-03-05T10:00:07+01:00", &early), note("2026-03-06T10:00:00Z", &late)];
    let at: Vec<Value> = approvals(shop(&steps, LENA).path()).iter().map(|one| one["at"].clone()).collect();
    assert_eq!(at, ["2026-03-05T10:00:07+01:00", "2026-03-09T12:00:00+02:00"]);
}

#[test]
fn what_nobody_can_read_is_told_and_steers_nothing() {
    let good = "{\"approval\":1,\"by\":\"Lena Osei <lena@acme.example>\",\"at\":\"2026-03-03T10:00:00Z\",\
                \"commit\":\"${new}\",\"tree\":\"${new.tree}\"}";
    let mut new = commit("main", "dana", "Add tax", &json!({ "tax.txt": "19\n" }));
    new["commit"]["name"] = json!("new");
    let long = "x".repeat(100_000);
    let deep = "[".repeat(10_000);
    let bad = ["\u{1b}[2J\u{202e}", "::error::x", "##[stop-commands]x", "null", "{\"approval\":1e999}", &long, &deep];
    let text = format!("{}\n\n{good}\n{}", bad.join("\n"), "{}\n".repeat(1_000));
    let note =
        json!({ "note": { "ref": REFERENCE, "on": "new", "by": "lena", "at": "2026-03-03T10:00:00Z", "text": text } });
    let shop = shop(&[new, note], LENA);
    let ran = run(shop.path(), &["trail", "HEAD", "--format", "json"]);
    assert_eq!(ran.status, 3, "what could not be read may be an approval");
    let trail: Value = serde_json::from_str(&ran.out).unwrap();
    let approvals = trail["changes"][0]["approvals"].as_array().unwrap();
    assert_eq!((approvals.len(), &approvals[0]["at"]), (1, &json!("2026-03-03T10:00:00+00:00")));
    assert_eq!(ran.err.matches("evidence/approval-unreadable").count(), bad.len() + 2, "{}", ran.err);
    assert!(ran.err.contains("more than 1000 lines"), "{}", ran.err);
    assert!(!ran.err.contains(['\u{1b}', '\u{202e}']) && !ran.err.contains("##["), "{}", ran.err);
    assert!(!ran.err.lines().any(|line| line.trim_start().starts_with("::")), "{}", ran.err);
    assert!(ran.err.lines().all(|line| line.chars().count() <= 100), "{}", ran.err);
}

#[test]
fn authors_do_not_approve_their_own_change() {
    let trailer =
        commit("main", "dana", "Add tax\n\nCo-authored-by: Lena Osei <lena@acme.example>", &json!({ "a": "1" }));
    let people = "- { id: dana, name: Dana Roe, emails: [dana@acme.example, droe@acme.example] }\n";
    let register = commit(
        "main",
        "dana",
        "Say who is here",
        &json!({
            "tickmark.yaml": "organization: Acme\n", "registers/people.yaml": people,
        }),
    );
    let mailmap = commit(
        "main",
        "home",
        "Work from home",
        &json!({
            ".mailmap": "Dana Roe <dana@acme.example> <dana@home.example>\n",
        }),
    );
    let merge = [
        json!({ "branch": { "name": "topic", "from": "main" } }),
        commit("topic", "lena", "Add cups", &json!({ "cups.txt": "three\n" })),
        json!({ "merge": { "into": "main", "from": ["topic"], "by": "dana", "at": "2026-03-03T10:00:00Z", "message": "Merge" } }),
    ];
    for (steps, user, says) in [
        (&[][..], DANA, "Dana Roe <dana@acme.example>: nobody approves a change of their own"),
        (&[], ("D. Roe", "DANA@acme.example"), "nobody approves a change of their own"),
        (&[], ("Dana Roe", "dana@elsewhere.example"), "may be the same person"),
        (&[trailer], LENA, "was written by Lena Osei <lena@acme.example>"),
        (&[register], ("D", "droe@acme.example"), "who is D <droe@acme.example>: nobody approves"),
        (&[mailmap], DANA, "was written by Dana R. <dana@home.example>, who is Dana Roe <dana@acme.example>"),
        (&merge, LENA, "was written by Lena Osei"),
        (&[], ("renovate[bot]", "bot@renovateapp.com"), "no robot approves"),
    ] {
        let shop = shop(steps, user);
        let ran = run(shop.path(), &["approve", "HEAD"]);
        let err = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{err}");
        assert!(err.contains(says) && err.contains("help:"), "{says}: {err}");
        assert!(Repository::open(shop.path()).unwrap().find_reference(REFERENCE).is_err(), "nothing is written");
    }
    let shop = shop(&merge, DANA);
    let ran = run(shop.path(), &["approve", "HEAD"]);
    assert_eq!(ran.status, 0, "who only merges wrote nothing: {}", ran.err);
}

#[test]
fn what_cannot_be_approved_is_said() {
    let shop = shop(&[], LENA);
    for (arguments, status, says) in [
        (&["approve", "nowhere"][..], 3, "is not in this clone"),
        (&["approve", "HEAD~1..HEAD"], 2, "is a range"),
        (&["approve", "HEAD", "--role", "a\u{202e}b"], 2, "has characters that cannot be shown"),
        (&["approve", "HEAD", "--incident", " "], 2, "`incident` is empty"),
        (&["approve", "HEAD", "--as-of", "2026-03-01"], 2, "knows no other day"),
        (&["approve", "HEAD", "--format", "json"], 2, "prints no JSON"),
        (&["approve", "HEAD", "--key", "x"], 2, "--sign"),
        (&["approve", "HEAD", "--sign"], 2, "user.signingKey is not set"),
        (&["approve", "HEAD", "--sign", "--key", "nowhere"], 2, "there is no key nowhere"),
        (&["approve"], 2, "<REV>"),
    ] {
        let ran = run(shop.path(), arguments);
        let err = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert_eq!((ran.status, ran.out.as_str()), (status, ""), "{arguments:?}: {err}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
    assert!(lines(shop.path()).is_empty());
    let repo = Repository::open(shop.path()).unwrap();
    repo.config().unwrap().remove("user.email").unwrap();
    let ran = run(shop.path(), &["approve", "HEAD"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("user.email is not set") && ran.err.contains("git config --global"), "{}", ran.err);
    works_here(shop.path(), LENA);
    fs::write(shop.path().join(".git/shallow"), format!("{}\n", repo.head().unwrap().target().unwrap())).unwrap();
    let ran = run(shop.path(), &["approve", "HEAD"]);
    assert_eq!((ran.status, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("shallow"), "{}", ran.err);
    let nothing = tempfile::tempdir().unwrap();
    assert_eq!(run(nothing.path(), &["approve", "HEAD"]).status, 2);
}

#[test]
fn a_signed_approval_verifies_and_counts_as_signed() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        eprintln!("not run: ssh-keygen is not here");
        return;
    }
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/signatures/keys");
    let public = fs::read_to_string(keys.join("tomas.pub")).unwrap();
    let control = "id: CM-01\ntitle: Changes are approved\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
                   since: 2026-03-15\ntest: change-approval\nwith: { approvals: 1, assurance: signed }\n";
    let setup = commit(
        "main",
        "dana",
        "Start",
        &json!({
            "tickmark.yaml": "signers: { ssh: keys/allowed }\n", "controls/approval.yaml": control,
            "keys/allowed": format!("tomas@acme.example namespaces=\"tickmark-approval\" {public}"),
        }),
    );
    let mut new = commit("main", "lena", "Add tax", &json!({ "tax.txt": "19\n" }));
    // What is approved before it lands is no emergency, and the clock of this machine is the one that approves.
    new["commit"]["at"] = json!("2099-04-01T10:00:00Z");
    let shop = shop(&[setup, new], TOMAS);
    let key = shop.path().join(".git/key");
    fs::copy(keys.join("tomas"), &key).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(run(shop.path(), &["approve", "HEAD"]).status, 0);
    let missing = run(shop.path(), &["check", "--as-of", "2099-12-31"]);
    assert!(missing.out.contains("change/weak-assurance"), "{}", missing.out);
    Repository::open(shop.path()).unwrap().config().unwrap().set_str("user.signingkey", key.to_str().unwrap()).unwrap();
    let ran = run(shop.path(), &["approve", "HEAD", "--sign"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains(", signed\n"), "{}", ran.out);
    let last = lines(shop.path()).pop().unwrap();
    assert!(last.contains(",\"signature\":\"-----BEGIN SSH SIGNATURE-----\\n") && last.ends_with("\"}"), "{last}");
    assert!(run(shop.path(), &["approve", "HEAD", "--sign"]).out.starts_with("approved already"));
    let done = run(shop.path(), &["check", "--as-of", "2099-12-31"]);
    assert!(!done.out.contains("change/"), "{}", done.out);
}

#[test]
fn many_approve_at_once_and_no_line_is_lost() {
    let shop = shop(&[], LENA);
    let all: Vec<_> = (0..6)
        .map(|number| {
            let folder = shop.path().to_path_buf();
            std::thread::spawn(move || run(&folder, &["approve", "HEAD", "--role", &format!("role {number}")]).status)
        })
        .collect();
    let statuses: Vec<i32> = all.into_iter().map(|one| one.join().unwrap()).collect();
    assert_eq!(statuses, [0; 6]);
    assert_eq!(lines(shop.path()).len(), 6);
}

#[test]
fn notes_that_are_spread_over_folders_stay_so() {
    let shop = shop(&[], LENA);
    let repo = Repository::open(shop.path()).unwrap();
    let head = repo.head().unwrap().target().unwrap().to_string();
    let dana = git2::Signature::new(DANA.0, DANA.1, &git2::Time::new(1_772_400_000, 0)).unwrap();
    let blob = repo.blob(b"{}").unwrap();
    let empty = repo.find_tree(repo.treebuilder(None).unwrap().write().unwrap()).unwrap();
    let mut update = git2::build::TreeUpdateBuilder::new();
    let other = if head.starts_with("00") { "11" } else { "00" };
    update.upsert(format!("{other}/{}", &head[2..]), blob, git2::FileMode::Blob);
    let tree = repo.find_tree(update.create_updated(&repo, &empty).unwrap()).unwrap();
    repo.commit(Some(REFERENCE), &dana, &dana, "Notes", &tree, &[]).unwrap();
    for role in ["engineer", "manager"] {
        assert_eq!(run(shop.path(), &["approve", "HEAD", "--role", role]).status, 0);
    }
    let tree = repo.find_reference(REFERENCE).unwrap().peel_to_tree().unwrap();
    assert_eq!(tree.len(), 2, "a folder beside the one that is there");
    assert!(tree.get_path(Path::new(&format!("{}/{}", &head[..2], &head[2..]))).is_ok());
    assert_eq!(lines(shop.path()).len(), 2);
}
