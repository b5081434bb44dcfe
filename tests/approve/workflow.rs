//! The workflow of the starter: what it writes of the reviews of a request, run here as the runner would, with a forge that
//! answers out of a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use git2::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::starter::FILES;

use super::{DANA, approvals, commit, lines, shop};

/// Stands for the forge's command line: prints what it would.
const GH: &str = r#"#!/bin/bash
case "$*" in
  *git/commits/"$LANDED"*) echo "$TREE" ;;
  *pulls/12/reviews*) cat "$REVIEWS" ;;
  *) exit 1 ;;
esac
"#;

fn workflow() -> Value {
    let (_, text) = FILES.iter().find(|(path, _)| *path == ".github/workflows/approvals.yml").unwrap();
    serde_yaml::from_str(text).unwrap()
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn review(login: &str, state: &str, at: &str) -> Value {
    let commit = "0123456789012345678901234567890123456789";
    json!({ "user": { "login": login }, "state": state, "submitted_at": at, "commit_id": commit, "body": "$(touch x) `y`" })
}

/// A runner with the reviews that the forge tells, page by page.
struct Runner {
    folder: TempDir,
    remote: PathBuf,
}

impl Runner {
    fn new(remote: &Path, pages: &[Value]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let gh = folder.path().join("bin/gh");
        fs::create_dir(folder.path().join("bin")).unwrap();
        fs::write(&gh, GH).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&gh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let pages: String = pages.iter().map(Value::to_string).collect();
        fs::write(folder.path().join("answer.json"), pages).unwrap();
        Self { folder, remote: remote.to_path_buf() }
    }

    /// Runs both steps; whether they ended well.
    fn run(&self) -> bool {
        let work = self.folder.path().join("work");
        let _ = fs::remove_dir_all(&work);
        fs::create_dir(&work).unwrap();
        let repo = Repository::open(&self.remote).unwrap();
        let landed = repo.head().unwrap().peel_to_commit().unwrap();
        let path = format!("{}:{}", self.folder.path().join("bin").display(), std::env::var("PATH").unwrap());
        let (owner, name) = (self.remote.parent().unwrap(), self.remote.file_name().unwrap());
        workflow()["jobs"]["record"]["steps"].as_array().unwrap().iter().all(|step| {
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
            command.current_dir(&work).stdin(Stdio::null()).env("PATH", &path).env("HOME", self.folder.path());
            command.env("GITHUB_SERVER_URL", format!("file://{}", owner.display())).env("GITHUB_REPOSITORY", name);
            command.env("LANDED", landed.id().to_string()).env("TREE", landed.tree_id().to_string());
            command.env("NUMBER", "12").env("REVIEWS", self.folder.path().join("answer.json"));
            command.env_remove("GIT_DIR").output().unwrap().status.success()
        })
    }
}

/// A repository whose newest change was landed by a request of Dana's.
fn landed() -> TempDir {
    shop(&[commit("main", "dana", "Add tax (#12)", &json!({ "tax.txt": "19\n" }))], DANA)
}

#[test]
fn nothing_untrusted_stands_in_a_command_and_no_action_of_others_is_used() {
    let workflow = workflow();
    assert_eq!(workflow["permissions"], json!({}));
    let job = &workflow["jobs"]["record"];
    assert_eq!(job["permissions"], json!({ "contents": "write", "pull-requests": "read" }));
    for step in job["steps"].as_array().unwrap() {
        assert!(step.get("uses").is_none(), "{step}");
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
    }
    for (name, value) in job["env"].as_object().unwrap() {
        let known = [
            "${{ github.token }}",
            "${{ github.event.pull_request.merge_commit_sha }}",
            "${{ github.event.pull_request.number }}",
        ];
        assert!(known.contains(&value.as_str().unwrap()), "{name} is set by whoever made the request");
    }
}

#[test]
fn the_last_word_of_each_reviewer_is_recorded_once() {
    if !["bash", "git", "jq"].iter().all(|program| is_here(program)) {
        eprintln!("not run: bash, git or jq is not here");
        return;
    }
    let shop = landed();
    let pages = [
        json!([
            review("lena", "CHANGES_REQUESTED", "2026-03-03T10:00:00Z"),
            review("lena", "APPROVED", "2026-03-03T11:00:00Z"),
            review("lena", "COMMENTED", "2026-03-03T12:00:00Z"),
            review("sam", "APPROVED", "2026-03-03T11:00:00Z"),
            { "user": null, "state": "APPROVED", "submitted_at": "2026-03-03T11:00:00Z", "commit_id": null },
        ]),
        json!([
            review("sam", "CHANGES_REQUESTED", "2026-03-03T12:00:00Z"),
            review("ida", "DISMISSED", "2026-03-03T10:30:00Z"),
            review("renovate[bot]", "APPROVED", "2026-03-03T12:30:00Z"),
        ]),
    ];
    let runner = Runner::new(shop.path(), &pages);
    assert!(runner.run());
    let repo = Repository::open(shop.path()).unwrap();
    let head = repo.head().unwrap().peel_to_commit().unwrap();
    let line = |login: &str, at: &str| {
        format!(
            "{{\"approval\":1,\"login\":\"github:{login}\",\"at\":\"{at}\",\"commit\":\"{}\",\"tree\":\"{}\",\
             \"reviewed\":\"0123456789012345678901234567890123456789\",\"request\":\"12\"}}",
            head.id(),
            head.tree_id()
        )
    };
    let wanted = [line("lena", "2026-03-03T11:00:00Z"), line("renovate[bot]", "2026-03-03T12:30:00Z")];
    assert_eq!(lines(shop.path()), wanted);
    let found = approvals(shop.path());
    let told = |one: &Value| (one["by"]["login"].clone(), one["assurance"].clone(), one["independent"].clone());
    assert_eq!(
        told(&found[0]),
        (json!("lena"), json!("witnessed"), json!(true)),
        "the robot that wrote it is no author"
    );
    assert_eq!(found[1]["discounted"], "a robot is no person");
    assert_ne!(found[0]["at"], "2026-03-03T11:00:00Z", "it counts from when it came");
    let before = repo.find_reference("refs/notes/tickmark").unwrap().target();
    assert!(runner.run(), "once more");
    let repo = Repository::open(shop.path()).unwrap();
    assert_eq!(repo.find_reference("refs/notes/tickmark").unwrap().target(), before, "nothing is written twice");
}

#[test]
fn a_request_without_approvals_leaves_no_note() {
    if !["bash", "git", "jq"].iter().all(|program| is_here(program)) {
        eprintln!("not run: bash, git or jq is not here");
        return;
    }
    let shop = landed();
    for pages in [vec![], vec![json!([])], vec![json!([review("lena", "COMMENTED", "2026-03-03T10:00:00Z")])]] {
        assert!(Runner::new(shop.path(), &pages).run());
        assert!(Repository::open(shop.path()).unwrap().find_reference("refs/notes/tickmark").is_err());
    }
}

#[cfg(unix)]
#[test]
fn it_tries_again_where_the_notes_have_moved() {
    if !["bash", "git", "jq"].iter().all(|program| is_here(program)) {
        eprintln!("not run: bash, git or jq is not here");
        return;
    }
    let shop = landed();
    // The first push meets a line that somebody else wrote meanwhile.
    let hook = shop.path().join(".git/hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let moved = "#!/bin/bash\ntest -e moved && exit 0\ntouch moved\nunset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY \
                 GIT_ALTERNATE_OBJECT_DIRECTORIES\ngit -c user.name=Ida -c user.email=ida@acme.example notes \
                 --ref=tickmark add -m 'a line of hers' HEAD\nexit 1\n";
    fs::write(&hook, moved).unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let page = json!([review("lena", "APPROVED", "2026-03-03T11:00:00Z")]);
    assert!(Runner::new(shop.path(), &[page]).run());
    let lines = lines(shop.path());
    assert_eq!((lines.len(), lines[0].as_str()), (2, "a line of hers"), "{lines:?}");
}
