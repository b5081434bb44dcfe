//! The trails of a commit, of a range, or of everything since the last deployment.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::deployed::{commit_of, tags_of};
use super::{Request, configuration};
use crate::config::Configured;
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::matcher::Matcher;
use crate::facts::calendar::When;
use crate::facts::deployment::{self, Deployment, Where, looks_like_version, of_records};
use crate::facts::forge::binding::Recorded;
use crate::facts::forge::recorded;
use crate::facts::gather::{self, Gathered, Range};
use crate::facts::register::value::{Record, Value};
use crate::policies::{registers, trails};
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::sources::tags::{Tag, tags};
use crate::text::shown;

/// The trails of a range.
pub struct Trailed {
    /// The history and its trails.
    pub gathered: Gathered,
    /// The dialects that they were read in.
    pub matcher: Matcher,
    /// Name of the repository.
    pub repository: String,
    /// The range.
    pub range: Range,
    /// The range in words.
    pub words: String,
    /// What is wrong with the configuration or with the repository's own dialects.
    pub faults: Vec<Fault>,
}

/// Reads the trails of a commit, of a range, or of everything since the last deployment.
///
/// # Errors
/// There is no repository, no commit yet, or nothing of the name that the user gave.
pub fn trail(request: &Request<'_>, revision: Option<&str>, all: bool) -> Result<Trailed> {
    for (option, given) in [("--period", &request.period), ("--as-of", &request.as_of)] {
        if given.is_some() {
            return Err(Error::new(
                Kind::Usage,
                format!("trail reads a range of commits, and {option} does not limit it"),
            )
            .hint("name the range: tickmark trail v1.0..v1.1; or ask tickmark check, which counts by days"));
        }
    }
    let repo = Repo::open(&request.directory)?;
    let configured = configuration(request, &repo)?;
    let (dialects, mut faults) = trails::dialects(Some(&configured.root), &configured.config.trails)?;
    let matcher = trails::matcher(dialects)?;
    let (mut range, asked) = match revision {
        Some(revision) => named(&repo, revision, all)?,
        None if all => {
            let (branch, tip) = repo.head()?;
            let words = format!("the whole history of {branch}");
            (Range::whole(branch, tip), Asked::Named(words))
        }
        None => since_deployed(&repo, &configured)?,
    };
    let recorded = recorded(&repo, &configured, &mut faults)?;
    faults.extend(configured.faults.iter().cloned());
    let gathered = gather::trail(&repo, &matcher, (&range, &recorded), request.progress)?;
    let words = match asked {
        Asked::Named(words) => words,
        Asked::Since(since) => since.words(&mut range, &gathered),
    };
    Ok(Trailed { gathered, matcher, repository: repo.name(), range, words, faults })
}

/// The records of the register of changes of a repository that has a configuration; none of any other.
pub(super) fn recorded(repo: &Repo, configured: &Configured, faults: &mut Vec<Fault>) -> Result<Recorded> {
    let Some(source) = configured.source.as_ref() else { return Ok(Recorded::default()) };
    let (root, zone) = (configured.root.as_path(), &configured.zone);
    let of = (&configured.config.registers, Some(source));
    let (registers, wrong) = registers::read_some((root, zone), of, &|name| name == recorded::REGISTER)?;
    // What is wrong with other registers is no business of a trail.
    let of_people = registers.get(registers::PEOPLE).map(|people| &people.files[..]).unwrap_or_default();
    let is_of_changes = |fault: &Fault| {
        !of_people.iter().any(|file| file.name() == fault.source.name())
            && !fault.source.name().starts_with("policies/")
    };
    faults.extend(wrong.into_iter().filter(is_of_changes));
    Ok(Recorded::of(&registers, super::below(repo, root), zone))
}

/// What is asked for, in words as far as they are known.
enum Asked {
    Named(String),
    Since(Since),
}

/// Everything since the last of some tags.
struct Since {
    /// Their names by their commits.
    tags: FxHashMap<Oid, String>,
    /// The globs that the configuration gives; none if a tag only has to look like a version.
    globs: Option<Vec<String>>,
    /// The whole line, in words.
    line: String,
}

impl Since {
    /// What was found, in words; it also becomes the base of the range.
    fn words(&self, range: &mut Range, gathered: &Gathered) -> String {
        let names: Vec<&str> = gathered.since.iter().filter_map(|id| self.tags.get(id)).map(String::as_str).collect();
        let Some((first, others)) = names.split_first() else {
            return match &self.globs {
                None => format!("{}: no tag on it looks like a version", self.line),
                Some(globs) => format!("{}: no deployment yet, no tag {} on it", self.line, globs.join(" or ")),
            };
        };
        range.base = gathered.since.first().copied();
        let what =
            if self.globs.is_some() { "the last deployment" } else { "the newest tag that looks like a version" };
        let more = match others {
            [] => String::new(),
            [other] => format!(" and {other}"),
            several => format!(" and {} more", several.len()),
        };
        format!("{first}..{}: since {first}{more}, {what}", range.branch)
    }
}

/// Everything since the last deployment, as the configuration says where that is; since the newest tag that looks like a
/// version, where it says nothing; where nothing was deployed yet, everything of the period.
fn since_deployed(repo: &Repo, configured: &Configured) -> Result<(Range, Asked)> {
    let (branch, tip) = repo.head()?;
    let found = configured.config.deployments.clone().unwrap_or_default();
    let from = configured.config.period.from.and_then(|day| {
        let begins = day.0.to_zoned_datetime(configured.zone.clone()).ok()?;
        Some((day, begins.timestamp().as_second()))
    });
    let line = match from {
        Some((day, _)) => format!("{branch} since {day}, the first day of the period"),
        None => format!("the whole history of {branch}"),
    };
    let range = Range { from: from.map(|(_, seconds)| seconds), ..Range::whole(branch.clone(), tip) };
    let last = match &found.branch {
        Some(name) => {
            let base = super::branch(repo, name)?.ok_or_else(|| {
                let what = format!("the deployment branch {} is not in this clone", shown(name));
                Error::new(Kind::Unreadable, what).hint(format!("git fetch origin {0}:{0}", shown(name)))
            })?;
            Some((base, format!("{name}..{branch}: since {name} at {}, the last deployment", base.short())))
        }
        None if !found.environments.is_empty() => {
            let Some(last) = last_recorded(repo, configured, &found)? else {
                let environments = found.environments.join(", ");
                let words = format!("{line}: no deployment to {environments} is recorded");
                return Ok((range, Asked::Named(words)));
            };
            let (commit, name, day) = (last.commit, &last.name, last.day());
            Some((commit, format!("{}..{branch}: since {name} of {day}, the last deployment", commit.short())))
        }
        None => None,
    };
    if let Some((base, words)) = last {
        return Ok((Range { base: Some(base), ..range }, Asked::Named(words)));
    }
    let globs = (!found.tags.is_empty()).then_some(found.tags);
    let tags = deployed_tags(repo, globs.as_deref())?;
    // What HEAD itself is called was not deployed before it.
    let deployed: FxHashSet<Oid> = tags.keys().copied().filter(|id| *id != tip).collect();
    Ok((Range { deployed, ..range }, Asked::Since(Since { tags, globs, line })))
}

/// The tags that are deployments, by their commits. One that cannot be read is left out, which only lengthens the range.
fn deployed_tags(repo: &Repo, globs: Option<&[String]>) -> Result<FxHashMap<Oid, String>> {
    let patterns = globs.map(|globs| deployment::patterns(globs, "tags")).transpose()?;
    let wanted = |name: &str| match &patterns {
        Some(patterns) => patterns.iter().any(|pattern| pattern.matches(name)),
        None => looks_like_version(name),
    };
    Ok(tags(repo, wanted).0.into_iter().map(|Tag { name, commit, .. }| (commit, name)).collect())
}

/// The last record of a deployment that stayed, in one of some environments.
fn last_recorded(repo: &Repo, configured: &Configured, found: &Where) -> Result<Option<Deployment>> {
    let config = &configured.config;
    let (registers, faults) =
        registers::read(&configured.root, &configured.zone, &config.registers, configured.source.as_ref())?;
    let Some(register) = registers.get(deployment::REGISTER).filter(|register| register.is_there()) else {
        let what = "tickmark.yaml says that deployments are recorded, and there is no register `deployments`";
        return Err(
            Error::new(Kind::Unreadable, what).hint("write registers/deployments.yaml: tickmark schema deployments")
        );
    };
    if register.faults > 0 {
        let what = "the register `deployments` cannot be read whole, so the last deployment is not known";
        return Err(Error { faults, ..Error::new(Kind::Unreadable, what).hint("tickmark check") });
    }
    let of_environment = |record: &&Arc<Record>| deployment::is_of(record, &found.environments);
    let records = || register.records.iter().filter(of_environment);
    let tags = tags_of(repo, records());
    let recorded = of_records(records(), |sha| commit_of(repo, sha), |tag| tags.get(tag).copied());
    let stayed = recorded.deployments.into_iter().filter(Deployment::stayed);
    let last = stayed.max_by(|one, other| one.at.order(&other.at));
    // What failed left nothing behind, wherever its commit is.
    let lost = recorded.lost.iter().map(|(record, _)| record).filter(|record| deployment::is_kept(record));
    let lost = lost.rev().find(|record| {
        let later = |at: &When| last.as_ref().is_none_or(|last| last.at.order(at).is_lt());
        matches!(record.get("at"), Value::When(at) if later(at))
    });
    if let Some(record) = lost {
        let id = match record.get("id") {
            Value::Text(id) => id.to_string(),
            _ => String::new(),
        };
        let what = format!("the commit of the last deployment, {}, is not in this clone", shown(&id));
        return Err(Error::new(Kind::Unreadable, what).hint("git fetch --tags origin, or correct its sha and tag"));
    }
    Ok(last)
}

/// The range that a revision names, and the same in words.
fn named(repo: &Repo, text: &str, all: bool) -> Result<(Range, Asked)> {
    if text.contains("...") {
        return Err(Error::new(Kind::Usage, format!("`{text}` has three dots, and a range has two"))
            .hint(format!("write tickmark trail {}", text.replacen("...", "..", 1))));
    }
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (if from.is_empty() { "HEAD" } else { from }, if to.is_empty() { "HEAD" } else { to });
        let (base, tip) = (repo.resolve(from)?, repo.resolve(to)?);
        let range = Range { base: Some(base), ..Range::whole(branch_name(to, repo), tip) };
        return Ok((range, Asked::Named(format!("{from}..{to}"))));
    }
    let (branch, tip) = (branch_name(text, repo), repo.resolve(text)?);
    let words = if all { format!("the whole history of {branch}") } else { format!("the change {}", tip.short()) };
    Ok((Range { only_tip: !all, ..Range::whole(branch, tip) }, Asked::Named(words)))
}

/// Name of the branch that a revision stands for: its own, or the one that is checked out.
pub(super) fn branch_name(revision: &str, repo: &Repo) -> String {
    let name = revision.trim_start_matches("refs/heads/").trim_start_matches("origin/");
    match repo.reference(&format!("refs/heads/{name}")) {
        Ok(Some(_)) => name.to_owned(),
        _ => repo.head().map_or_else(|_| name.to_owned(), |(branch, _)| branch),
    }
}
