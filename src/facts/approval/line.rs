//! One line of the notes that `tickmark approve` writes: who approved which commit, in JSON, and the signature on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::text::{is_unsafe_to_show, short};

/// Where the lines stand, beside the commits that they approve.
pub const REFERENCE: &str = "refs/notes/tickmark";

/// The version of the format that is written, and the only one that is read.
const VERSION: u8 = 1;
/// Bytes of a line that are read; a signature by the longest RSA key has not a tenth of them.
const LONGEST: usize = 32 << 10;
/// Characters of a name, a role or an incident that are read.
const LONGEST_WORD: usize = 200;
/// What stands before the signature, which is the last member of a line.
const BEFORE_SIGNATURE: &str = r#","signature":"#;

/// One approval, in one line of a note under refs/notes/tickmark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark approval")]
pub struct Line {
    /// Version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub approval: u8,
    /// The approver, as `Name <address>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The approver's account, as `forge:name`; beside or instead of `by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z0-9-]+:[^\\s]+$"))]
    pub login: Option<String>,
    /// When it was given, with the offset from UTC. It counts from when the line arrived, if that is later.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// The commit that is approved: the one that the note is on. For any other the line does not count.
    #[schemars(regex(pattern = "^[0-9a-f]{40}$"))]
    pub commit: String,
    /// The tree of that commit.
    #[schemars(regex(pattern = "^[0-9a-f]{40}$"))]
    pub tree: String,
    /// The commit that the approver looked at, where that is another one: the last one of a request that a merge or a
    /// squash landed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{40}$"))]
    pub reviewed: Option<String>,
    /// Number of the request that it was given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The role in which it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The incident that the change was made for in an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// An armored signature over the bytes of the line without this member, in the namespace `tickmark-approval`. It
    /// stands last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The approver.
    pub by: Person,
    /// When it was given, as whoever wrote the line says.
    pub at: Moment,
    /// The commit that is approved.
    pub commit: Oid,
    /// Its tree.
    pub tree: Oid,
    /// The commit that the approver looked at, where that is another one.
    pub reviewed: Option<Oid>,
    /// Number of the request that it was given to.
    pub request: Option<Box<str>>,
    /// The role in which it was given.
    pub role: Option<Box<str>>,
    /// The incident that the change was made for.
    pub incident: Option<Box<str>>,
    /// The signature on it.
    pub signed: Option<Box<Signed>>,
}

/// A signature with what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The line without the signature.
    pub payload: String,
    /// The signature, in its armor.
    pub armored: String,
}

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong, in a few words that are safe to show.
    pub what: String,
    /// The column, in bytes from 0.
    pub at: usize,
}

impl Line {
    /// The approval of a commit with its tree, given at an instant.
    #[must_use]
    pub fn new(by: &str, at: Moment, (commit, tree): (Oid, Oid)) -> Self {
        Self {
            approval: VERSION,
            by: Some(by.to_owned()),
            at: at.rfc3339(),
            commit: commit.to_string(),
            tree: tree.to_string(),
            ..Self::default()
        }
    }

    /// The line without a line break; its signature, if it has one, stands last.
    ///
    /// # Errors
    /// What [`Statement::read`] would find wrong with it.
    pub fn written(&self) -> Result<String, Wrong> {
        let text = serde_json::to_string(self).map_err(|error| wrong(error.to_string(), 0))?;
        Statement::read(&text).map(|_| text)
    }

    /// A line that was [`Line::written`], with an armored signature over it.
    #[must_use]
    pub fn with_signature(written: &str, armored: &str) -> String {
        let members = written.strip_suffix('}').unwrap_or(written);
        format!("{members}{BEFORE_SIGNATURE}{}}}", serde_json::Value::String(armored.to_owned()))
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        serde_json::from_str(text).map_err(|error| unreadable(&error))
    }
}

impl Statement {
    /// Reads a line without blanks around it. What is signed is read without the signature, so that nothing counts which
    /// the signature does not cover.
    ///
    /// # Errors
    /// It is no JSON, or of another version, or says something else than an approval does.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            return Err(wrong(format!("it has {} bytes, more than the {LONGEST} that are read", text.len()), 0));
        }
        // A list of values in the order of the members would be read as well.
        if !text.starts_with('{') {
            return Err(wrong("it is no object in JSON".to_owned(), 0));
        }
        version(text)?;
        let whole = Line::parse(text)?;
        let Some(armored) = whole.signature.clone() else { return Self::of(&whole, text) };
        let Some(at) = text.rfind(BEFORE_SIGNATURE) else {
            return Err(wrong("its signature does not stand last, without blanks".to_owned(), 0));
        };
        let payload = format!("{}}}", &text[..at]);
        match Line::parse(&payload) {
            Ok(line) if (Line { signature: None, ..whole }) == line => {
                let signed = Some(Box::new(Signed { payload, armored }));
                Ok(Self { signed, ..Self::of(&line, text)? })
            }
            _ => Err(wrong("its signature does not stand last, without blanks".to_owned(), at)),
        }
    }

    fn of(line: &Line, text: &str) -> Result<Self, Wrong> {
        let place = |key: &str| text.find(&format!("\"{key}\"")).unwrap_or_default();
        let word = |key: &str, value: &Option<String>| match value.as_deref() {
            Some(word) if word.trim().is_empty() => Err(wrong(format!("`{key}` is empty"), place(key))),
            Some(word) if word.chars().any(|character| character == '\n' || is_unsafe_to_show(character)) => {
                Err(wrong(format!("`{key}` has characters that cannot be shown"), place(key)))
            }
            Some(word) if word.chars().count() > LONGEST_WORD => {
                Err(wrong(format!("`{key}` has more than {LONGEST_WORD} characters"), place(key)))
            }
            word => Ok(word.map(Into::into)),
        };
        let id = |key: &str, value: &str| {
            let no_name = || wrong(format!("`{key}` is no object name of forty digits"), place(key));
            Oid::parse(value.as_bytes()).ok_or_else(no_name)
        };
        let at = Moment::parse(&line.at);
        let (by, login): (Option<Box<str>>, Option<Box<str>>) = (word("by", &line.by)?, word("login", &line.login)?);
        let mut person = match by.as_deref().map(person) {
            Some(None) => return Err(wrong("`by` is not a name and an address".to_owned(), place("by"))),
            Some(Some(person)) => person,
            None => Person::default(),
        };
        match login.as_deref().map(account) {
            Some(None) => return Err(wrong("`login` is not a forge and a name".to_owned(), place("login"))),
            Some(Some(name)) => person.login = Some(name.into()),
            None if by.is_none() => return Err(wrong("it does not say by whom".to_owned(), 0)),
            None => {}
        }
        Ok(Self {
            by: person,
            at: at.ok_or_else(|| wrong("`at` is no date with time and offset".to_owned(), place("at")))?,
            commit: id("commit", &line.commit)?,
            tree: id("tree", &line.tree)?,
            reviewed: line.reviewed.as_deref().map(|value| id("reviewed", value)).transpose()?,
            request: word("request", &line.request)?,
            role: word("role", &line.role)?,
            incident: word("incident", &line.incident)?,
            signed: None,
        })
    }
}

/// The person of `Name <address>`.
#[must_use]
pub fn person(text: &str) -> Option<Person> {
    let (name, rest) = text.split_once('<')?;
    let email = rest.strip_suffix('>')?;
    let is_address = email.contains('@') && !email.contains(['<', '>']) && !email.contains(char::is_whitespace);
    let name = name.trim();
    (is_address && !name.is_empty() && !name.contains('>')).then(|| Person::new(name, email))
}

/// The name of `forge:name`.
fn account(text: &str) -> Option<&str> {
    let (forge, name) = text.split_once(':')?;
    let is_forge = !forge.is_empty()
        && forge.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (is_forge && !name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// That a line is of the version that is read; a later one may have members that are not known here.
fn version(text: &str) -> Result<(), Wrong> {
    #[derive(Deserialize)]
    struct Versioned {
        approval: u64,
    }
    match serde_json::from_str::<Versioned>(text) {
        Ok(Versioned { approval }) if approval != u64::from(VERSION) => {
            Err(wrong(format!("it is of version {approval}, and version {VERSION} is read"), 0))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &serde_json::Error) -> Wrong {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    // The schema says which members there are.
    let what = what.split_once(", expected one of ").map_or(what, |(what, _)| what);
    let at = error.column().saturating_sub(1);
    match error.classify() {
        serde_json::error::Category::Data => wrong(short(what), at),
        _ => wrong(format!("it is no JSON: {}", short(what)), at),
    }
}

const fn wrong(what: String, at: usize) -> Wrong {
    Wrong { what, at }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const ID: &str = "3fa2c1e3fa2c1e3fa2c1e3fa2c1e3fa2c1e3fa2c";

    fn line(members: &str) -> String {
        format!(r#"{{"approval":1,{members}"at":"2026-03-12T10:00:00+01:00","commit":"{ID}","tree":"{ID}"}}"#)
    }

    #[test]
    fn a_line_says_who_and_what() {
        let text = line(r#""by":"Tomás Vega <tomas@acme.example>","login":"github:tvega","#);
        let read = Statement::read(&text).unwrap();
        assert_eq!(read.by.signature(), "Tomás Vega <tomas@acme.example>");
        assert_eq!(read.by.login.as_deref(), Some("tvega"));
        assert_eq!(read.at.rfc3339(), "2026-03-12T10:00:00+01:00");
        let id = Oid::parse(ID.as_bytes()).unwrap();
        let written = Line::new("Tomás Vega <tomas@acme.example>", read.at, (id, id)).written().unwrap();
        assert_eq!(written, text.replace(r#","login":"github:tvega""#, ""));
    }

    #[test]
    fn what_is_signed_is_the_line_without_its_last_member() {
        let unsigned = line(r#""by":"Tom <tom@acme.example>","#);
        let signed = unsigned.replace("\"}", "\",\"signature\":\"-----BEGIN,\\\"signature\\\":\"}");
        let read = Statement::read(&signed).unwrap();
        let of = read.signed.unwrap();
        assert_eq!((of.payload, of.armored.as_str()), (unsigned, "-----BEGIN,\"signature\":"));
        for moved in [
            line(r#""signature":"x","by":"Tom <tom@acme.example>","#),
            line(r#""by":"Tom <tom@acme.example>","#).replace("\"}", "\", \"signature\": \"x\"}"),
        ] {
            assert_eq!(Statement::read(&moved).unwrap_err().what, "its signature does not stand last, without blanks");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let good = line(r#""by":"Tom <tom@acme.example>","#);
        for (text, what) in [
            ("approved", "it is no object in JSON"),
            ("{approved}", "it is no JSON: key must be a string"),
            ("[1]", "it is no object in JSON"),
            ("{}", "missing field `approval`"),
            (r#"{"approval":2,"who":"x"}"#, "it is of version 2, and version 1 is read"),
            (r#"{"approval":"1"}"#, "invalid type: string \"1\", expected u64"),
            (&good.replace("{", "{\"approval\":1,"), "duplicate field `approval`"),
            (&good.replace("\"by\"", "\"bei\""), "unknown field `bei`"),
            (&good.replace("\"by\"", "\"\\u001b[2J\""), "unknown field `\\u{1b}[2J`"),
            (&good.replace("<tom@acme.example>", ""), "`by` is not a name and an address"),
            (&good.replace("Tom", "T\\u202eom"), "`by` has characters that cannot be shown"),
            (&good.replace("Tom", &"x".repeat(300)), "`by` has more than 200 characters"),
            (&good.replace("+01:00", ""), "`at` is no date with time and offset"),
            (&good.replacen(ID, "3fa2c1e", 1), "`commit` is no object name of forty digits"),
            (&line(""), "it does not say by whom"),
            (&line(r#""login":"tvega","#), "`login` is not a forge and a name"),
            (&"x".repeat(40_000), "it has 40000 bytes, more than the 32768 that are read"),
        ] {
            assert_eq!(Statement::read(text).unwrap_err().what, what, "{}", &text[..text.len().min(200)]);
        }
    }
}
