//! Records an approval: who works here, whether they may approve the change, and the line that says so.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Request;
use crate::checks::change::approvers::{Approvers, Parameters};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::builtin;
use crate::facts::approval::line::{Line, REFERENCE, Statement};
use crate::facts::approval::matcher::Matcher;
use crate::facts::approval::trail::{Approval, Change};
use crate::facts::document::roster::Roster;
use crate::facts::forge::binding::Recorded;
use crate::facts::gather::{self, Range};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::policies::{registers, trails};
use crate::reports::approval::Approved;
use crate::sources::notes::{self, By};
use crate::sources::repo::Repo;
use crate::sources::settings::{self, Key};
use crate::sources::signatures::signing;
use crate::text::{safe, short};

/// What is approved, and how.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// A commit, a branch or a tag.
    pub revision: &'a str,
    /// The role in which it is approved.
    pub role: Option<&'a str>,
    /// The incident that the change was made for.
    pub incident: Option<&'a str>,
    /// Whether the approval is signed.
    pub sign: bool,
    /// The file of the key; that of Git's configuration if not given.
    pub key: Option<PathBuf>,
}

/// Records that whoever works here approves a change, as a line of the note on its commit.
///
/// # Errors
/// There is no such commit, its history cannot be read whole, Git does not know who works here, it is one of the authors or
/// may be, or a robot; or the line cannot be signed or written.
pub fn approve(request: &Request<'_>, asked: &Asked<'_>) -> Result<Approved> {
    let repo = Repo::open(&request.directory)?;
    let configured = super::configuration(request, &repo)?;
    let (mut dialects, mut faults) = trails::dialects(Some(&configured.root), &configured.config.trails)?;
    faults.extend(configured.faults.iter().cloned());
    let is_read = dialects.iter().any(|dialect| dialect.reference.as_deref() == Some(REFERENCE));
    if !is_read {
        dialects.extend(builtin::dialects()?.into_iter().filter(|own| own.reference.as_deref() == Some(REFERENCE)));
    }
    let places = (configured.root.as_path(), &configured.zone);
    let of = (&configured.config.registers, configured.source.as_ref());
    let (registers, _) = registers::read_some(places, of, &|_| false)?;
    usable(faults)?;
    let matcher = trails::matcher(dialects)?;
    // What is wrong with a register is told by a check, which also judges the approval once more.
    let recorded = super::trail::recorded(&repo, &configured, &mut Vec::new())?;
    let change = change(request, &repo, (&matcher, &recorded), asked.revision)?;
    let user = settings::user(&repo)?;
    let roster = Roster::of(&registers.people);
    let by = approver(&user, &change, &matcher, &roster)?;
    let at = now(request.now);
    let approved = |change, is_new, at| {
        let by = by.clone();
        Approved { change, by, at, is_new, is_signed: asked.sign, is_read }
    };
    if let Some(at) = standing(&change, &by, &roster, asked) {
        return Ok(approved(change, false, at));
    }
    let words = |word: Option<&str>| word.map(str::to_owned);
    let line = Line {
        role: words(asked.role),
        incident: words(asked.incident),
        ..Line::new(&by.signature(), at, (change.commit, change.trees.0))
    };
    let mut line = line.written().map_err(|wrong| {
        Error::new(Kind::Usage, format!("the approval cannot be written: {}", wrong.what))
            .hint("see who you are: git config user.name; git config user.email")
    })?;
    if asked.sign {
        line = Line::with_signature(&line, &signing::approval(line.as_bytes(), &key(&repo, asked)?)?);
        Statement::read(&line).map_err(|wrong| Error::new(Kind::Internal, wrong.what))?;
    }
    let writer = By { name: &user.0, email: &user.1, seconds: at.seconds, offset: at.offset };
    notes::append(&repo, REFERENCE, change.commit, &line, writer)?;
    Ok(approved(change, true, at))
}

/// Who wrote a change cannot be told where the configuration cannot be used.
fn usable(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let message = "nothing is approved, because the configuration cannot be used";
    Err(Error { faults, ..Error::new(Kind::Configuration, message) })
}

/// The change of a revision, read whole.
fn change(
    request: &Request<'_>,
    repo: &Repo,
    (matcher, recorded): (&Matcher, &Recorded),
    revision: &str,
) -> Result<Change> {
    if revision.contains("..") {
        return Err(Error::new(Kind::Usage, format!("`{}` is a range, and one change is approved", safe(revision)))
            .hint("name its commit: tickmark approve 3fa2c1e"));
    }
    let tip = repo.resolve(revision)?;
    let range = Range { only_tip: true, ..Range::whole(super::trail::branch_name(revision, repo), tip) };
    let trail = gather::trail(repo, matcher, (&range, recorded), request.progress)?.trail;
    let gap = trail.gaps.into_iter().next();
    let Some(change) = trail.changes.into_iter().next() else {
        return Err(Error::new(Kind::Internal, format!("{tip} is no change")));
    };
    let nobody = change.authors.is_empty() || change.authors.contains(&Person::default());
    match gap.or_else(|| change.unreadable.clone()) {
        Some(gap) => {
            let message = format!("who wrote {} cannot be told: {}", tip.short(), gap.what);
            Err(Error::new(Kind::Unreadable, message).hint(gap.mend))
        }
        None if nobody => Err(Error::new(Kind::Unreadable, format!("{} does not say who wrote it", tip.short()))
            .hint(format!("look at it: git cat-file -p {}", tip.short()))),
        None => Ok(change),
    }
}

/// Whoever works here, as `.mailmap` names them, if they may approve the change.
fn approver(user: &(String, String), change: &Change, matcher: &Matcher, roster: &Roster) -> Result<Person> {
    let (name, email) =
        change.mailmaps.first().map_or_else(|| user.clone(), |mailmap| mailmap.person(&user.0, &user.1));
    let by = Person::new(&name, &email);
    let what = format!("\"{}\" ({})", short(&change.subject), change.commit.short());
    let refused = |message: String, hint: String| Err(Error::new(Kind::Usage, message).hint(hint));
    if matcher.is_robot(&by) {
        let hint = "approve it as a person: git config user.name; git config user.email".to_owned();
        return refused(format!("{} is a robot, and no robot approves {what}", safe(&by.signature())), hint);
    }
    let parameters = Parameters::default();
    let (identity, who) = (change.identity(), Approvers::new(&parameters, roster, &[]));
    let own = |author: &&Person| who.same(&identity, author, &by) || who.may_be_one(&identity, author, &by);
    let Some(author) = change.authors.iter().find(own) else { return Ok(by) };
    let (one, other) = (safe(&by.signature()), safe(&author.signature()));
    if who.same(&identity, author, &by) {
        let known = if one == other { String::new() } else { format!(", who is {one}") };
        let hint = format!("ask somebody else to approve it: tickmark approve {}", change.commit.short());
        return refused(format!("{what} was written by {other}{known}: nobody approves a change of their own"), hint);
    }
    let hint =
        "if they are one person, ask somebody else; if they are two, add both to registers/people.yaml".to_owned();
    refused(format!("{what} was written by {other}, who has the name of {one} and may be the same person"), hint)
}

/// When an approval came that stands there already, and that the approver wrote with the same words.
fn standing(change: &Change, by: &Person, roster: &Roster, asked: &Asked<'_>) -> Option<Moment> {
    let parameters = Parameters::default();
    let (identity, who) = (change.identity(), Approvers::new(&parameters, roster, &[]));
    let is_own = |person: &Person| who.same(&identity, person, by);
    let is_same = |approval: &&Approval| {
        let noted = approval.noted.as_ref().filter(|_| approval.counts() && approval.commit == change.commit);
        noted.is_some_and(|noted| {
            is_own(&approval.by)
                && (noted.role.as_deref(), noted.incident.as_deref()) == (asked.role, asked.incident)
                && (!asked.sign || noted.signed.is_some())
                && noted.writers.as_deref().is_some_and(|writers| writers.iter().all(is_own))
        })
    };
    change.approvals.iter().find(is_same)?.at
}

/// The key that signs.
fn key(repo: &Repo, asked: &Asked<'_>) -> Result<Key> {
    let named = asked.key.clone().map(Key::File);
    named.map_or_else(|| settings::signing_key(repo), |key| Ok(Some(key)))?.ok_or_else(|| {
        Error::new(Kind::Usage, "there is no key to sign with: user.signingKey is not set")
            .hint("name the file of an SSH key: --key ~/.ssh/id_ed25519")
    })
}

/// An instant on the clock of this machine.
fn now(now: Timestamp) -> Moment {
    let offset = TimeZone::system().to_offset(now).seconds() / 60;
    Moment { seconds: now.as_second(), offset: i16::try_from(offset).unwrap_or_default() }
}
