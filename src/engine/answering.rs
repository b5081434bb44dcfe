//! Beginning a management response: a file with all that its kind needs, to be filled in.

use super::{Checked, Request, check};
use crate::error::{Error, Kind, Result};
use crate::facts::document::response::ResponseKind;
use crate::findings::finding::Finding;
use crate::findings::fingerprint::fingerprint;
use crate::findings::response::Answer;
use crate::policies::responses::{self, FOLDER};
use crate::sources::create;
use crate::text::{safe, shown};

/// Digits of a fingerprint that are enough where no other one begins with them.
const LEAST: usize = 6;
/// Characters of a file's name that are taken from the item.
const OF_ITEM: usize = 40;

/// A response that was begun.
pub struct Begun {
    /// The file, from the folder that holds `responses`.
    pub path: String,
    /// The keys that have to be filled in.
    pub needed: Vec<&'static str>,
}

/// Writes the beginning of a response to what is found. `name` is its fingerprint, or the first digits of it.
///
/// # Errors
/// Nothing or more than one thing is found as that, it cannot be answered or is answered already, or the file is there.
pub fn begin_response(request: &Request<'_>, name: &str, kind: ResponseKind) -> Result<Begun> {
    let checked = check(request)?;
    if checked.ledger.misconfigured {
        return Err(Error::new(Kind::Configuration, "the configuration cannot be used, so that nothing was tested")
            .hint("see what is wrong with it: tickmark check"));
    }
    let (found, name) = named(&checked, name)?;
    let pack = &checked.texts.pack;
    if found.is_untestable() || pack.is_about_reading(&found.rule) || pack.is_about_answers(&found.rule) {
        let what = format!("{} says what has to be put right, and no response answers it", found.rule);
        return Err(Error::new(Kind::Usage, what).hint(safe(&found.help)));
    }
    let root = &checked.texts.root;
    // One that has a fault has no effect, and is there all the same.
    let begun = responses::read(root).all.into_iter().find(|one| one.text.exceptions.contains(&name));
    let answer = found.response.as_deref().cloned().or_else(|| begun.map(|one| Answer::of(&one)));
    if let Some(answer) = answer {
        let what = format!("{name} has a response in {}:{}", safe(&answer.source), answer.line);
        return Err(Error::new(Kind::Usage, what).hint("say more in that one"));
    }
    let path = path(found, &name, |path| create::is_there(root, path));
    create::create_whole(root, &path, &text(&checked, found, (&name, kind)))?;
    Ok(Begun { path, needed: needed(kind) })
}

/// The finding of a fingerprint, or of the first digits of one.
fn named<'c>(checked: &'c Checked, digits: &str) -> Result<(&'c Finding, String)> {
    let digits = digits.trim().to_ascii_lowercase();
    if digits.len() < LEAST || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let what = format!("{} is no fingerprint: write {LEAST} to 16 digits from 0 to f", shown(&digits));
        return Err(Error::new(Kind::Usage, what).hint("see them: tickmark check --verbose"));
    }
    let names: Vec<(String, &Finding)> =
        checked.ledger.findings.iter().map(|found| (fingerprint(found), found)).collect();
    let mut same = names.iter().filter(|(name, _)| name.starts_with(&digits));
    match (same.next(), same.count()) {
        (Some((name, found)), 0) => Ok((found, name.clone())),
        (Some(_), more) => {
            let what = format!("{} things are found as {digits}", more + 1);
            Err(Error::new(Kind::Usage, what).hint("write more digits, as tickmark check --verbose shows them"))
        }
        (None, _) => {
            let distance = |name: &str| strsim::osa_distance(&name[..digits.len()], &digits);
            let near = names.iter().map(|(name, _)| name).min_by_key(|name| distance(name));
            let near = near.filter(|name| distance(name) <= 2);
            let hint = match near {
                Some(near) => format!("did you mean {near}?"),
                None => "see what is found: tickmark check --verbose".to_owned(),
            };
            Err(Error::new(Kind::Usage, format!("nothing is found as {digits}")).hint(hint))
        }
    }
}

/// The file of a response: named after the rule and the item, and after the fingerprint where there is one already.
fn path(found: &Finding, name: &str, is_there: impl Fn(&str) -> bool) -> String {
    let plain = |text: &str| {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        let all: String = text.chars().map(letter).take(OF_ITEM).collect();
        all.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    let parts = [plain(&found.rule), plain(&found.item)];
    let stem = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-");
    let first = format!("{FOLDER}/{stem}.yaml");
    if is_there(&first) { format!("{FOLDER}/{stem}-{}.yaml", name.get(..LEAST).unwrap_or(name)) } else { first }
}

/// What a response of a kind needs to be filled in.
fn needed(kind: ResponseKind) -> Vec<&'static str> {
    match kind {
        ResponseKind::Remedied => vec!["cause", "corrective_action", "implemented_on", "owner"],
        ResponseKind::Accepted => vec!["cause", "owner", "approved_by", "accepted_until"],
        ResponseKind::Disputed => vec!["cause", "owner", "evidence"],
    }
}

fn text(checked: &Checked, found: &Finding, (name, kind): (&str, ResponseKind)) -> String {
    // In a comment nothing of what was found can be taken for more than that.
    let line = |text: &str| safe(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let control = found.control.as_ref().map_or_else(String::new, |control| format!(" of {}", line(control)));
    let mut out = format!("# {}{control}: {}\n", line(&found.rule), line(&found.message));
    out += &format!("exceptions: [{name}]\n");
    if let (Some(from), Some(to)) = (checked.calendar.period.from, checked.calendar.period.to) {
        out += &format!("period: {from}..{to}\n");
    }
    let (word, rest) = match kind {
        ResponseKind::Remedied => ("remedied", REMEDIED),
        ResponseKind::Accepted => ("accepted", ACCEPTED),
        ResponseKind::Disputed => ("disputed", DISPUTED),
    };
    format!("{out}kind: {word}\n{rest}")
}

const REMEDIED: &str = "\
cause:              # why it came to it
corrective_action:  # what was done so that it does not happen again
implemented_on:     # the day since which that is done, such as 2026-05-20
owner:              # who answers for it
impact:             # what followed from it; may stay empty
approved_by:        # who approved this response; may stay empty
";
const ACCEPTED: &str = "\
cause:              # why it came to it
corrective_action:  # what will be done; may stay empty
due:                # the day by which that will be done; may stay empty
owner:              # who answers for it
impact:             # what followed from it; may stay empty
approved_by:        # who accepts it: neither the owner of the control or of this, nor an author of this
accepted_until:     # the last day on which it is accepted, such as 2026-12-31
";
const DISPUTED: &str = "\
cause:              # why it was found all the same
owner:              # who answers for it
impact:             # what followed from it; may stay empty
approved_by:        # who approved this response; may stay empty
evidence:
  misread:          # what was misread
  path:             # the file of this repository that shows it; or commit:
  says:             # what it says
";
