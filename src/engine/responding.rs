//! Management responses: what they answer, and what is wrong with them.

mod matching;
mod remedy;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::approved::{self, Around, Named, Past};
use crate::checks::documents::responses::{Seen, answered, finding};
use crate::facts::document::control::Control;
use crate::facts::document::response::{Response, ResponseKind, ResponseText};
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::TestResult;
use crate::findings::response::Answer;
use crate::policies::responses::{self, FOLDER};
use crate::sources::commit::RawCommit;
use crate::sources::content::{self, State};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::tree_object::Entry;
use crate::sources::tree_walk;
use crate::text::{SourceText, decode_keeping_offsets, shown};
use matching::{Index, Matched};

/// What responses are held against.
pub(super) struct Answering<'a> {
    pub(super) around: &'a Around<'a>,
    /// What may have brought them.
    pub(super) past: &'a Past,
    /// The folder that holds them, where all of it is looked at: evidence is looked for there.
    pub(super) root: Option<&'a Path>,
    /// The results of the tests.
    pub(super) tests: &'a [TestResult],
    /// Whether everything was looked at, so that what is not found is not there.
    pub(super) whole: bool,
}

/// Gives findings the responses that answer them, and tells what is wrong with the others. A response with any fault answers
/// nothing.
pub(super) fn answer(answering: &Answering<'_>, all: &[Arc<Response>], findings: &mut [Finding]) -> Vec<Finding> {
    if all.is_empty() {
        return Vec::new();
    }
    let around = answering.around;
    let index = Index::of(findings, answering);
    let versions = Versions::default();
    let (mut told, mut held) = (Vec::new(), Vec::new());
    for response in all {
        let Some(matched) = index.matched(response) else { continue };
        told.extend(matched.told.iter().cloned());
        match sound(answering, response, &matched, (findings, &index, &versions)) {
            Some((rule, seen)) => told.extend(finding(around.pack, rule, response, seen)),
            None if matched.is_usable => held.push((response, matched.covered)),
            None => {}
        }
    }
    let mut of: FxHashMap<usize, Vec<&Arc<Response>>> = FxHashMap::default();
    for (response, covered) in &held {
        covered.iter().for_each(|at| of.entry(*at).or_default().push(response));
    }
    let doubled = of.iter().filter(|(_, several)| several.len() > 1).map(|(at, several)| (*at, several.clone()));
    let mut doubled: Vec<(usize, Vec<&Arc<Response>>)> = doubled.collect();
    doubled.sort_by_key(|(at, _)| *at);
    let without: FxHashSet<*const Response> =
        doubled.iter().flat_map(|(_, several)| several.iter().map(|response| Arc::as_ptr(response))).collect();
    told.extend(doubled.iter().filter_map(|(at, several)| twice(around, &findings[*at], several)));
    for (response, covered) in held.iter().filter(|(response, _)| !without.contains(&Arc::as_ptr(response))) {
        let answer = Arc::new(Answer::of(response));
        covered.iter().for_each(|at| findings[*at].response = Some(Arc::clone(&answer)));
    }
    told
}

/// A rule and what it finds.
type Wrong = Option<(&'static str, Seen)>;

/// What is wrong with a response, apart from what it matches.
fn sound(
    answering: &Answering<'_>,
    response: &Response,
    matched: &Matched,
    (findings, index, versions): (&[Finding], &Index<'_>, &Versions),
) -> Wrong {
    let first = matched.covered.first().and_then(|at| answered(&findings[*at], "what it answers"));
    let also = |mut seen: Seen| {
        seen.others.extend(first.clone());
        seen
    };
    if let Some(seen) = incomplete(answering, &response.text) {
        return Some(("documents/response-incomplete", also(seen)));
    }
    let today = answering.around.calendar.today();
    if let Some(until) = response.text.accepted_until.filter(|until| *until < today)
        && response.text.kind == ResponseKind::Accepted
    {
        let seen = Seen::at("accepted_until", "the last day").word("until", until.to_string());
        return Some(("documents/response-expired", also(seen)));
    }
    if let Some(seen) = not_there(answering, &response.text) {
        return Some(("documents/response-evidence", also(seen)));
    }
    let by = approver(answering, response, matched, (findings, versions));
    by.or_else(|| remedy::not_shown(answering, response, matched, (findings, index)))
}

/// What a response lacks for its kind.
fn incomplete(answering: &Answering<'_>, says: &ResponseText) -> Option<Seen> {
    let lacks = says.lacks();
    let both = !says.exceptions.is_empty() && says.rule.is_some();
    if both {
        let seen = Seen::at("rule", "beside exceptions");
        return Some(seen.word("what", "it names exceptions and a rule, which may be others"));
    }
    if let Some(period) = says.period.as_deref().filter(|period| matching::days(period, answering).is_none()) {
        let what = format!("its period, {}, is none", shown(period));
        return Some(Seen::at("period", "write 2026-H1 or 2026-01-01..2026-06-30").word("what", what));
    }
    if let Some(why) = says.item.as_deref().and_then(matching::no_glob) {
        return Some(Seen::at("item", why).word("what", "its item is no glob"));
    }
    let names: Vec<String> = lacks.iter().map(|key| key.replace('/', ".")).collect();
    let (last, before) = names.split_last()?;
    let named = match before {
        [] => last.clone(),
        before => format!("{} and no {last}", before.join(", no ")),
    };
    let seen = Seen { at: lacks.iter().map(|key| (*key).to_owned()).collect(), ..Seen::at("", format!("no {named}")) };
    Some(seen.word("what", format!("it says no {named}")))
}

/// Whether the evidence of a dispute is there.
fn not_there(answering: &Answering<'_>, says: &ResponseText) -> Option<Seen> {
    let evidence = says.evidence.as_ref().filter(|_| says.kind == ResponseKind::Disputed)?;
    if let Some(path) = &evidence.path {
        // A part of a file may be named behind its path, as in a link.
        let file = path.split('#').next().unwrap_or(path);
        let state = content::look(answering.root.unwrap_or(Path::new(".")), Path::new(file)).state;
        let why = match state {
            State::Outside => "it leads out of the repository",
            _ if answering.root.is_none() => return None,
            State::There | State::Pointer | State::TooLarge => return None,
            State::Empty => "it is empty, and shows nothing",
            State::Missing => "there is no such file",
            State::Link => "it is a link, and links are not followed",
            State::Folder => "it is a folder",
            State::Special | State::Unreadable => "it cannot be read",
        };
        return Some(Seen::at("evidence/path", why).word("what", format!("{}: {why}", shown(path))));
    }
    let commit = evidence.commit.as_deref()?.trim();
    let is_name = commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = is_name && answering.around.repo.resolve(commit).is_ok();
    let seen = || {
        let text = "no commit of this clone";
        Seen::at("evidence/commit", text).word("what", format!("{} is {text}", shown(commit)))
    };
    (!found).then(seen)
}

/// Whether whoever approved a response may.
fn approver(
    answering: &Answering<'_>,
    response: &Response,
    matched: &Matched,
    (findings, versions): (&[Finding], &Versions),
) -> Wrong {
    let (around, says) = (answering.around, &response.text);
    let by = says.approved_by.as_deref().filter(|by| !by.trim().is_empty())?;
    let refused = |why: &str| Seen::at("approved_by", "named as the approver").word("by", by).word("why", why);
    let owner = says.owner.as_deref().and_then(|owner| around.people.find(owner));
    if owner.is_some() && owner == around.people.find(by) {
        return Some(("documents/response-approver", refused("they answer for it themselves")));
    }
    let is_about = |control: &Control| {
        let of_it = |at: &usize| findings[*at].control.as_ref() == Some(&control.text.id);
        says.control.as_ref() == Some(&control.text.id) || matched.covered.iter().any(of_it)
    };
    let path = format!("{}{FOLDER}", around.below);
    let digest = says.digest();
    let holds = |repo: &Repo, folder: &Entry| versions.hold(repo, folder, &digest);
    let named = Named { by, is_about: &is_about, path: &path, holds: &holds, what: "response" };
    let (why, others) = approved::refusal(around, answering.past, &named)?;
    Some(("documents/response-approver", Seen { others, ..refused(&why) }))
}

/// What the files of the folder said in its versions: each file and each folder is read once.
#[derive(Default)]
struct Versions {
    files: RefCell<FxHashMap<Oid, Arc<Vec<String>>>>,
    folders: RefCell<FxHashMap<Oid, Arc<FxHashSet<String>>>>,
}

impl Versions {
    /// Whether a version of the folder has a response, by its digest, in whatever file; nothing if it cannot be read.
    fn hold(&self, repo: &Repo, folder: &Entry, digest: &str) -> Option<bool> {
        if !folder.is_tree() {
            return Some(false);
        }
        if let Some(known) = self.folders.borrow().get(&folder.id) {
            return Some(known.contains(digest));
        }
        let mut all = FxHashSet::default();
        for (_, file) in files(repo, folder.id)? {
            all.extend(self.read(repo, file)?.iter().cloned());
        }
        let holds = all.contains(digest);
        self.folders.borrow_mut().insert(folder.id, Arc::new(all));
        Some(holds)
    }

    fn read(&self, repo: &Repo, file: Oid) -> Option<Arc<Vec<String>>> {
        if let Some(known) = self.files.borrow().get(&file) {
            return Some(Arc::clone(known));
        }
        let text = repo.read(file, ObjectKind::Blob, decode_keeping_offsets).ok()?;
        let read = responses::parse(&SourceText::new("before", text));
        let digests = Arc::new(read.all.iter().map(|response| response.text.digest()).collect::<Vec<_>>());
        self.files.borrow_mut().insert(file, Arc::clone(&digests));
        Some(digests)
    }
}

/// The files of responses below a tree.
fn files(repo: &Repo, tree: Oid) -> Option<Vec<(String, Oid)>> {
    let mut found = Vec::new();
    let is_one = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
    let take = |path: &str, id: Oid| {
        if is_one(path) {
            found.push((path.to_owned(), id));
        }
        Ok(())
    };
    tree_walk::files(repo, tree, |_| true, take).ok()?;
    found.sort();
    Some(found)
}

/// The responses that stood in a commit; none where they cannot be read, which answers nothing.
pub(super) fn of_commit(repo: &Repo, commit: Option<Oid>, below: &str) -> Vec<Arc<Response>> {
    let read = || {
        let tree = repo.read(commit?, ObjectKind::Commit, |bytes| Some(RawCommit::parse(bytes)?.tree));
        let folder = repo.entry_at(tree.ok()??, &format!("{below}{FOLDER}")).ok()?.filter(Entry::is_tree)?;
        let mut all = Vec::new();
        for (path, file) in files(repo, folder.id)? {
            let text = repo.read(file, ObjectKind::Blob, decode_keeping_offsets).ok()?;
            all.extend(responses::parse(&SourceText::new(format!("{FOLDER}/{path}"), text)).all);
        }
        Some(all)
    };
    read().unwrap_or_default()
}

/// The finding of an exception that several responses answer.
fn twice(around: &Around<'_>, found: &Finding, several: &[&Arc<Response>]) -> Option<Finding> {
    let (last, first) = (several.last()?, several.first()?);
    let place = |response: &Response| response.document.entry_span("/kind").unwrap_or_default();
    let other = Label {
        place: Place::Text(Arc::clone(&first.document.source), place(first)),
        text: "the other response".to_owned(),
        primary: false,
    };
    let item = if found.item.is_empty() { found.rule.clone() } else { found.item.clone() };
    let name = fingerprint(found);
    let seen = Seen { others: vec![other], part: name.clone(), ..Seen::at("kind", "one response") };
    let seen = seen.word("name", name).word("item", item).word("rule", found.rule.clone());
    finding(around.pack, "documents/response-doubled", last, seen)
}
