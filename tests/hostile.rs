//! Repositories that are damaged, cut short or forged: the history that is read from them says so, and never hangs,
//! never ends early without a word, and never shows another history than the objects themselves.

mod evidence;
mod trees;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use git2::{ObjectType, Repository};
use tempfile::TempDir;
use tickmark::error::Kind;
use tickmark::facts::approval::matcher::Matcher;
use tickmark::facts::approval::robots::Robots;
use tickmark::facts::gap;
use tickmark::facts::landing::History;
use tickmark::sources::history::{Repos, walk};
use tickmark::sources::oid::Oid;
use tickmark::sources::repo::{Gaps, Repo, Unreadable};

const DANA: &str = "Dana Roe <dana@acme.example> 1772000000 +0100";

/// Longer than any of these takes by far; only a read that hangs gets there.
const PATIENCE: Duration = Duration::from_secs(30);

/// A repository in a temporary folder, written object by object, so that it can be wrong in any way.
struct Forge {
    folder: TempDir,
    git: Repository,
    tree: String,
}

impl Forge {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = Repository::init(folder.path()).unwrap();
        let tree = git.odb().unwrap().write(ObjectType::Tree, b"").unwrap().to_string();
        Self { folder, git, tree }
    }

    /// Writes a commit as given, whatever it says.
    fn raw(&self, bytes: &str) -> Oid {
        self.object(ObjectType::Commit, bytes)
    }

    fn object(&self, kind: ObjectType, bytes: impl AsRef<[u8]>) -> Oid {
        let id = self.git.odb().unwrap().write(kind, bytes.as_ref()).unwrap();
        Oid::parse(id.to_string().as_bytes()).unwrap()
    }

    fn commit(&self, parents: &[Oid], message: &str) -> Oid {
        let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
        self.raw(&format!("tree {}\n{parents}author {DANA}\ncommitter {DANA}\n\n{message}\n", self.tree))
    }

    /// Some commits in a row, oldest first.
    fn row(&self, length: usize) -> Vec<Oid> {
        let mut made: Vec<Oid> = Vec::new();
        for at in 0..length {
            made.push(self.commit(made.last().map_or(&[], std::slice::from_ref), &format!("change {at}")));
        }
        made
    }

    fn inside(&self, name: &str) -> PathBuf {
        self.git.path().join(name)
    }

    fn file_of(&self, id: Oid) -> PathBuf {
        let name = id.to_string();
        self.inside("objects").join(&name[..2]).join(&name[2..])
    }

    /// Replaces the file of a loose object.
    fn overwrite(&self, id: Oid, bytes: &[u8]) {
        let file = self.file_of(id);
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.inside(name).parent().unwrap()).unwrap();
        fs::write(self.inside(name), text).unwrap();
    }

    fn read(&self, tip: Oid) -> (History, Gaps) {
        read(self.folder.path(), tip)
    }
}

/// Reads in a thread of its own; a read that hangs fails here instead of holding everything up.
fn in_time<T: Send + 'static>(folder: &Path, read: impl FnOnce(Repo) -> T + Send + 'static) -> T {
    let (send, receive) = mpsc::channel();
    let folder = folder.to_owned();
    std::thread::spawn(move || send.send(read(Repo::open(&folder).unwrap())));
    receive.recv_timeout(PATIENCE).expect("the read hangs, or panicked above")
}

fn read(folder: &Path, tip: Oid) -> (History, Gaps) {
    in_time(folder, move |repo| {
        let matcher = Matcher::new(Vec::new(), Robots::default()).unwrap();
        let history = History::read(&Repos::open(&repo).unwrap(), &[tip], &matcher, |_| {});
        (history, repo.gaps())
    })
}

/// The commits that were read, sorted.
fn seen(history: &History) -> Vec<Oid> {
    let mut ids: Vec<Oid> = history.commits.iter().map(|commit| commit.id).collect();
    ids.sort();
    ids
}

fn sorted(mut ids: Vec<Oid>) -> Vec<Oid> {
    ids.sort();
    ids
}

/// The only failure: of which object, and why.
fn failure(history: &History) -> (Oid, Unreadable) {
    let [failure] = history.failures.as_slice() else { panic!("{:?}", history.failures) };
    (failure.id, failure.why.clone())
}

fn damaged(history: &History, id: Oid, words: &str) {
    match failure(history) {
        (found, Unreadable::Damaged(why)) => {
            assert_eq!(found, id);
            assert!(why.contains(words), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

fn why_unverifiable(forge: &Forge, tip: Oid) -> &'static str {
    let (history, _) = forge.read(tip);
    assert!(history.failures.is_empty(), "{:?}", history.failures);
    history.get(history.find(tip).unwrap()).unverifiable.expect("the commit is taken for a sound one")
}

#[test]
fn a_sound_history_has_neither_failures_nor_gaps() {
    let forge = Forge::new();
    let row = forge.row(300);
    let (history, gaps) = forge.read(row[299]);
    assert_eq!(seen(&history), sorted(row));
    assert!(history.failures.is_empty());
    assert!(history.commits.iter().all(|commit| commit.unverifiable.is_none()));
    assert!(gap::of_history(&gaps, &history.failures).is_empty());
    assert_eq!((gaps.shallow.len(), gaps.grafts.len(), gaps.replaced, gaps.promisor), (0, 0, 0, None));
}

#[test]
fn a_truncated_object_is_a_failure_and_no_hang() {
    let forge = Forge::new();
    let row = forge.row(3);
    let whole = fs::read(forge.file_of(row[1])).unwrap();
    for length in [0, 1, 2, 10, whole.len() / 2, whole.len() - 5] {
        forge.overwrite(row[1], &whole[..length]);
        let (history, gaps) = forge.read(row[2]);
        damaged(&history, row[1], "");
        assert_eq!(seen(&history), [row[2]], "cut to {length} bytes");
        let gap = &gap::of_history(&gaps, &history.failures)[0];
        assert!(gap.what.contains(&row[1].to_string()) && gap.mend.contains("git fsck"), "{gap:?}");
    }
}

#[test]
fn an_object_that_lies_about_its_size_is_a_failure() {
    let forge = Forge::new();
    let row = forge.row(3);
    for (declared, length) in [(10, 64 << 20), (200, 10), (u64::MAX, 10)] {
        let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
        write!(stream, "commit {declared}\0").unwrap();
        stream.write_all(&vec![b'a'; length]).unwrap();
        forge.overwrite(row[1], &stream.finish().unwrap());
        damaged(&forge.read(row[2]).0, row[1], "shorter or longer than its header says");
    }
}

#[test]
fn a_missing_commit_is_named_and_what_is_there_is_read() {
    let forge = Forge::new();
    let row = forge.row(4);
    fs::remove_file(forge.file_of(row[1])).unwrap();
    let (history, gaps) = forge.read(row[3]);
    assert_eq!(failure(&history), (row[1], Unreadable::Missing));
    assert_eq!(seen(&history), sorted(vec![row[2], row[3]]));
    let found = gap::of_history(&gaps, &history.failures);
    assert!(found[0].what.contains(&row[1].to_string()), "{found:?}");
}

#[test]
fn a_missing_tip_is_a_failure_of_a_history_without_commits() {
    let forge = Forge::new();
    let tip = Oid::parse(b"1111111111111111111111111111111111111111").unwrap();
    let (history, _) = forge.read(tip);
    assert_eq!(failure(&history), (tip, Unreadable::Missing));
    assert!(history.commits.is_empty() && history.landings(tip, &[]).is_empty());
}

#[test]
fn an_object_whose_content_is_not_its_name_is_a_failure() {
    let forge = Forge::new();
    let row = forge.row(3);
    let other = forge.commit(&[row[0]], "change 1\n\nReviewed-by: Eve <eve@acme.example>");
    forge.overwrite(row[1], &fs::read(forge.file_of(other)).unwrap());
    let (history, _) = forge.read(row[2]);
    damaged(&history, row[1], "does not have its name");
    assert_eq!(seen(&history), [row[2]]);
}

#[test]
fn a_parent_that_is_no_commit_is_a_failure() {
    let forge = Forge::new();
    let blob = forge.object(ObjectType::Blob, "no commit");
    damaged(&forge.read(forge.commit(&[blob], "on a blob")).0, blob, "it is a blob, not a commit");
    let words = forge.raw("no header at all\n");
    damaged(&forge.read(forge.commit(&[words], "on words")).0, words, "no header that Git would write");
}

#[test]
fn commits_that_readers_take_differently_are_unverifiable() {
    let forge = Forge::new();
    let tree = forge.tree.clone();
    let parent = forge.row(1)[0];
    let eve = DANA.replace("Dana Roe <dana", "Eve <eve");
    for (commit, words) in [
        (format!("tree {tree}\nauthor {DANA}\nauthor {eve}\ncommitter {DANA}\n\ntwo authors\n"), "exactly one author"),
        (format!("tree {tree}\nauthor {DANA}\ncommitter {DANA}\ncommitter {eve}\n\ntwo\n"), "exactly one author"),
        (format!("tree {tree}\nauthor {DANA}\n\nno committer\n"), "exactly one author"),
        (format!("tree {tree}\nauthor {DANA}\ncommitter {DANA}\n\nx\0\n\nReviewed-by: {eve}\n"), "NUL"),
        (format!("tree {tree}\nauthor {DANA}\ncommitter {DANA}\nparent {parent}\n\nlate\n"), "never writes one"),
        (format!("tree {tree}\nauthor A <a@x>x <b@x> 1 +0000\ncommitter {DANA}\n\ntwo addresses\n"), "broken"),
        (format!("tree {tree}\nauthor {DANA}\ncommitter {DANA}\nencoding UTF-7\n\n+AGE-\n"), "UTF-7"),
    ] {
        let why = why_unverifiable(&forge, forge.raw(&commit));
        assert!(why.contains(words), "{commit}: {why}");
    }
}

#[test]
fn grafts_are_told_and_change_nothing() {
    let forge = Forge::new();
    let row = forge.row(3);
    let other = forge.commit(&[], "another beginning");
    forge.write("info/grafts", &format!("{} {other}\n", row[2]));
    let (history, gaps) = forge.read(row[2]);
    assert_eq!(gaps.grafts, [row[2]]);
    assert_eq!(seen(&history), sorted(row));
    assert!(history.failures.is_empty());
    let found = gap::of_history(&gaps, &history.failures);
    assert!(found.len() == 1 && found[0].what.contains("info/grafts"), "{found:?}");
}

#[test]
fn a_grafts_file_that_cannot_be_read_is_an_error() {
    let forge = Forge::new();
    forge.row(1);
    forge.write("info/grafts", "not an object name\n");
    let Err(error) = Repo::open(forge.folder.path()) else { panic!("a broken info/grafts is taken for none") };
    assert!(error.kind == Kind::Source && error.message.contains("graft"), "{error}");
}

#[test]
fn a_forged_shallow_file_hides_nothing_and_is_told() {
    let forge = Forge::new();
    let row = forge.row(3);
    forge.write("shallow", &format!("{}\n", row[2]));
    let (history, gaps) = forge.read(row[2]);
    assert_eq!(gaps.shallow, [row[2]]);
    assert_eq!(seen(&history), sorted(row));
    let found = gap::of_history(&gaps, &history.failures);
    assert!(found.len() == 1 && found[0].what.contains("shallow"), "{found:?}");
}

#[test]
fn a_shallow_clone_lacks_what_it_says_that_it_lacks() {
    let forge = Forge::new();
    let row = forge.row(3);
    forge.write("shallow", &format!("{}\n", row[1]));
    fs::remove_file(forge.file_of(row[0])).unwrap();
    let (history, gaps) = forge.read(row[2]);
    assert_eq!(failure(&history), (row[0], Unreadable::Missing));
    assert_eq!(seen(&history), sorted(vec![row[1], row[2]]));
    let found = gap::of_history(&gaps, &history.failures);
    assert!(found.len() == 1 && found[0].mend.contains("--unshallow"), "{found:?}");
}

#[test]
fn replacements_are_counted_and_not_followed() {
    let forge = Forge::new();
    let row = forge.row(2);
    let other = forge.commit(&[row[0]], "change 1\n\nReviewed-by: Eve <eve@acme.example>");
    forge.write(&format!("refs/replace/{}", row[1]), &format!("{other}\n"));
    let (history, gaps) = forge.read(row[1]);
    assert_eq!(gaps.replaced, 1);
    assert_eq!(seen(&history), sorted(row));
}

#[test]
fn an_octopus_lands_all_that_its_arms_bring() {
    let forge = Forge::new();
    let base = forge.commit(&[], "base");
    let arms: Vec<Oid> = (0..12).map(|arm| forge.commit(&[base], &format!("arm {arm}"))).collect();
    let mut parents = vec![forge.commit(&[base], "main")];
    parents.extend(&arms);
    // A parent named twice is read, and landed, once.
    parents.push(arms[0]);
    let tip = forge.commit(&parents, "octopus");
    let (history, _) = forge.read(tip);
    assert!(history.failures.is_empty(), "{:?}", history.failures);
    assert_eq!(history.commits.len(), 15);
    let landings = history.landings(tip, &[]);
    assert_eq!(landings.len(), 3);
    let landed = landings[0].landed.iter().map(|at| history.get(*at).id).collect();
    assert_eq!(sorted(landed), sorted(arms));
}

#[test]
fn an_empty_repository_has_no_head_to_read() {
    let forge = Forge::new();
    let repo = Repo::open(forge.folder.path()).unwrap();
    let error = repo.head().unwrap_err();
    assert!(error.kind == Kind::Unreadable && error.to_string().contains("no commits yet"), "{error}");
    assert!(repo.resolve("HEAD").is_err());
    let repos = Repos::open(&repo).unwrap();
    let walked = walk(&repos, &[], |_| Some(Vec::new()), |batch| batch, |_| {});
    assert!(walked.commits.is_empty() && walked.failures.is_empty());
}

#[test]
fn a_folder_without_a_repository_is_an_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let Err(error) = Repo::open(folder.path()) else { panic!("there is no repository in {}", folder.path().display()) };
    assert_eq!(error.kind, Kind::Source);
}

#[test]
fn a_damaged_pack_is_a_failure_and_no_hang() {
    let forge = Forge::new();
    let row = forge.row(50);
    forge.write("refs/heads/main", &format!("{}\n", row[49]));
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(forge.folder.path()).args(["-c", "safe.directory=*", "repack", "-adq"]);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.status()
    };
    match git() {
        Err(error) => return eprintln!("SKIPPED a_damaged_pack_is_a_failure_and_no_hang: no git here ({error})"),
        Ok(status) => assert!(status.success()),
    }
    let packed = |end: &str| {
        let files = fs::read_dir(forge.inside("objects/pack")).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|file| file.extension().is_some_and(|found| found == end)).unwrap()
    };
    assert!(forge.read(row[49]).0.failures.is_empty());
    for id in &row {
        let _ = fs::remove_file(forge.file_of(*id));
    }
    let (pack, whole) = (packed("pack"), fs::read(packed("pack")).unwrap());
    for length in [0, 12, whole.len() / 4, whole.len() / 2, whole.len() - 21] {
        fs::remove_file(&pack).unwrap();
        fs::write(&pack, &whole[..length]).unwrap();
        let (history, _) = forge.read(row[49]);
        assert!(!history.failures.is_empty(), "cut to {length} of {} bytes", whole.len());
        assert!(history.commits.len() < row.len());
    }
    let mut turned = whole.clone();
    for at in (40..whole.len() - 20).step_by(97) {
        turned[at] ^= 0x40;
    }
    fs::write(&pack, &turned).unwrap();
    assert!(!forge.read(row[49]).0.failures.is_empty());
}

/// A register in which everything is wrong says so often enough, and not three hundred thousand times.
#[test]
fn a_register_of_faults_is_told_in_some_of_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("registers")).unwrap();
    let rows = "s,x,perhaps\n".repeat(300_000);
    std::fs::write(folder.path().join("registers/accounts.csv"), format!("system,account_id,enabled\n{rows}")).unwrap();
    let zone = jiff::tz::TimeZone::UTC;
    let read = tickmark::policies::registers::read(folder.path(), &zone, &std::collections::BTreeMap::new(), None);
    let (registers, faults) = read.unwrap();
    assert!(registers.get("accounts").unwrap().records.is_empty());
    assert_eq!(faults.len(), 201);
    assert_eq!(faults[200].message, "this file has 299800 more faults, which are not listed");
}
