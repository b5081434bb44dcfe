//! Every dialect against messages as they occur: what it must see, and what it must not take for an approval.
//!
//! A case is `tests/dialects/<dialect>/<case>.yaml`. All dialects read its message, so that a case also shows which of
//! them the words belong to.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tickmark::facts::approval::dialect::Reads;
use tickmark::facts::approval::found::{Discount, Found, GivenFor, Role, Seen, approvals};
use tickmark::facts::approval::matcher::{Commit, Matcher};
use tickmark::sources::trailers::Message;

/// A commit, and what is to be found in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows, where its name does not say it.
    #[serde(default, rename = "about")]
    _about: Option<String>,
    author: String,
    committer: String,
    parents: usize,
    message: String,
    expect: Expected,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The requests, in order of the dialects' ranks.
    #[serde(default)]
    requests: Vec<Request>,
    /// The approvals, each once, whether they count or not.
    #[serde(default)]
    approvals: Vec<Approval>,
    /// The earlier commits that it approves.
    #[serde(default)]
    later: Vec<String>,
    /// Whom the message names as authors beside the commit's own.
    #[serde(default)]
    authors: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    dialect: String,
    id: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    by: String,
    seen: String,
    /// Why it does not count.
    #[serde(default)]
    discount: Option<String>,
    /// The dialect it belongs to; that of the folder if not given.
    #[serde(default)]
    dialect: Option<String>,
    /// The commit that it was given for.
    #[serde(default)]
    commit: Option<String>,
}

fn seen(seen: Seen) -> &'static str {
    match seen {
        Seen::Strict => "strict",
        Seen::Lenient => "lenient",
        Seen::Text => "text",
        Seen::Beside => "beside",
    }
}

fn discount(discount: &Discount) -> &'static str {
    match discount {
        Discount::Robot => "robot",
        Discount::Group => "group",
        Discount::NotAPerson => "not-a-person",
        Discount::Inherited => "inherited",
        Discount::Dismissed => "dismissed",
        Discount::Outsider => "outsider",
        Discount::Elsewhere(_) => "elsewhere",
        Discount::Stale(..) => "stale",
        Discount::Untied(_) => "untied",
        Discount::Late(_) => "late",
    }
}

/// The commit that something was given for, as it is written.
fn given_for(found: &Found) -> Option<String> {
    match &found.given_for {
        Some(GivenFor::Named(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// What the dialects find in the message of a case.
fn read(matcher: &Matcher, case: &Case) -> Expected {
    let message = Message::parse(&case.message);
    let commit = Commit { author: &case.author, committer: &case.committer, parents: case.parents, message: &message };
    let found = matcher.read(commit);
    let name = |found: &Found| matcher.dialect(found.dialect).dialect.clone();
    let who = |found: &Found| found.person.as_ref().map(|person| person.signature()).unwrap_or_default();
    let mut read = Expected::default();
    for one in &found {
        match one.role {
            Role::Request => {
                let request = Request { dialect: name(one), id: one.id.as_deref().unwrap_or_default().to_owned() };
                if !read.requests.contains(&request) {
                    read.requests.push(request);
                }
            }
            Role::Author if !read.authors.contains(&who(one)) => read.authors.push(who(one)),
            Role::Later => read.later.extend(given_for(one)),
            Role::Author | Role::Approval | Role::NotApproval => {}
        }
    }
    read.approvals = approvals(found.iter())
        .into_iter()
        .map(|one| Approval {
            by: who(one),
            seen: seen(one.seen).to_owned(),
            discount: one.discount.as_ref().map(|why| discount(why).to_owned()),
            dialect: Some(name(one)),
            commit: given_for(one),
        })
        .collect();
    read
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects")
}

/// The folder that a case stands in, its file, and itself.
type Filed = (String, String, Case);

fn cases() -> Result<Vec<Filed>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(folder()).min_depth(2).sort_by_file_name() {
        let entry = entry?;
        let dialect = entry.path().parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let file = format!("{dialect}/{}", entry.file_name().to_string_lossy());
        let mut case: Case = serde_yaml::from_str(&std::fs::read_to_string(entry.path())?)
            .map_err(|error| format!("{file}: {error}"))?;
        for approval in &mut case.expect.approvals {
            approval.dialect.get_or_insert_with(|| dialect.clone().into_owned());
        }
        cases.push((dialect.into_owned(), file, case));
    }
    Ok(cases)
}

#[test]
fn every_message_is_read_as_expected() -> Result<(), Box<dyn Error>> {
    let matcher = Matcher::builtin()?;
    let mut wrong = Vec::new();
    for (_, file, case) in cases()? {
        let read = read(&matcher, &case);
        if read != case.expect {
            wrong.push(format!("{file}\n  expected {:?}\n  read     {read:?}", case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_dialect_has_a_case_in_which_it_sees_something() -> Result<(), Box<dyn Error>> {
    let matcher = Matcher::builtin()?;
    let known: BTreeSet<String> = matcher.dialects().map(|(_, dialect)| dialect.dialect.clone()).collect();
    let mut shown = BTreeSet::new();
    for (dialect, file, case) in cases()? {
        assert!(known.contains(&dialect), "{file}: there is no dialect of that name");
        let requests = case.expect.requests.iter().any(|request| request.dialect == dialect);
        let approvals =
            case.expect.approvals.iter().any(|one| one.dialect.as_ref() == Some(&dialect) && one.discount.is_none());
        let authors = dialect == "git" && !case.expect.authors.is_empty();
        let later = dialect == "later-approval" && !case.expect.later.is_empty();
        if requests || approvals || authors || later {
            shown.insert(dialect);
        }
    }
    let read_elsewhere = |name: &String| {
        matcher.dialects().any(|(_, dialect)| dialect.dialect == *name && dialect.reads != Reads::Message)
    };
    let missing: Vec<_> = known.difference(&shown).filter(|name| !read_elsewhere(name)).collect();
    assert!(missing.is_empty(), "dialects without a case in which they see something: {missing:?}");
    Ok(())
}
