//! OpenSSH's file of allowed signers: which keys may sign as whom, for what, and from when until when.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use ssh_key::HashAlg;
use ssh_key::public::KeyData;

use super::{KeyPlace, Refusal, Signer, armor, patterns};
use crate::text::{SourceText, Span, short};

/// Lines that are read; the keys of a large company are some thousands.
const MAX_LINES: usize = 50_000;

/// Bytes of a line: a long RSA key has about three thousand.
const MAX_LINE: usize = 32 << 10;

/// A file of allowed signers, as it stood.
#[derive(Debug)]
pub(super) struct AllowedSigners {
    source: Arc<SourceText>,
    lines: Vec<Line>,
    /// Lines by the fingerprint of their key.
    by_key: FxHashMap<String, Vec<usize>>,
    /// The first line that cannot be read, and why.
    fault: Option<(Span, String)>,
}

/// One line.
#[derive(Debug)]
struct Line {
    span: Span,
    principals: Vec<String>,
    key: KeyData,
    options: Options,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Whether the key only signs certificates, which are not followed here.
    authority: bool,
    namespaces: Option<Vec<String>>,
    after: Option<(i64, String)>,
    before: Option<(i64, String)>,
}

impl AllowedSigners {
    /// Reads a file. Days without a zone begin in the zone that is given: `ssh-keygen` takes the machine's.
    pub(super) fn parse(source: Arc<SourceText>, zone: &TimeZone) -> Self {
        let mut read = Self { lines: Vec::new(), by_key: FxHashMap::default(), fault: None, source };
        let source = Arc::clone(&read.source);
        for (span, text) in lines(&source) {
            let parsed = if read.lines.len() >= MAX_LINES {
                Err(format!("there are more than {MAX_LINES} lines"))
            } else if text.len() > MAX_LINE {
                Err(format!("it has more than {MAX_LINE} bytes"))
            } else {
                line(text, zone)
            };
            match parsed {
                Ok((principals, key, options)) => {
                    read.by_key.entry(fingerprint(&key)).or_default().push(read.lines.len());
                    read.lines.push(Line { span, principals, key, options });
                }
                Err(why) => read.fault = read.fault.or(Some((span, why))),
            }
            if read.lines.len() >= MAX_LINES && read.fault.is_some() {
                break;
            }
        }
        read
    }

    /// Everybody whom the file gives a key to, for a namespace, at an instant.
    pub(super) fn signer(&self, key: &KeyData, namespace: &str, at: i64) -> Result<Signer, Refusal> {
        let print = fingerprint(key);
        let known = self.by_key.get(&print).into_iter().flatten().filter_map(|at| self.lines.get(*at));
        let lines: Vec<&Line> = known.filter(|line| line.key == *key).collect();
        let refused = |why: String, line: &Line| self.unless_faulty(Refusal::Unknown(why, Some(self.place(line.span))));
        let Some(any) = lines.first() else { return Err(self.missing(&print)) };
        let own: Vec<&Line> = lines.iter().copied().filter(|line| !line.options.authority).collect();
        if own.is_empty() {
            let why = format!("{print} is there to sign certificates (cert-authority), which are not followed here");
            return Err(refused(why, any));
        }
        let takes =
            |line: &&Line| line.options.namespaces.as_ref().is_none_or(|list| patterns::matches(list, namespace));
        let for_this: Vec<&Line> = own.into_iter().filter(takes).collect();
        let Some(first) = for_this.first() else {
            let allowed = lines.iter().find_map(|line| line.options.namespaces.as_ref()).map(|list| list.join(","));
            let allowed = short(&allowed.unwrap_or_default());
            let why = format!("{print} may sign for namespaces=\"{allowed}\" only, not for {namespace}");
            return Err(refused(why, any));
        };
        let in_time: Vec<&Line> = for_this.iter().copied().filter(|line| line.options.fault_at(at).is_none()).collect();
        if in_time.is_empty() {
            let why = first.options.fault_at(at).unwrap_or_default();
            return Err(Refusal::OutOfTime(Box::new(self.of(&for_this, print)), why));
        }
        Ok(self.of(&in_time, print))
    }

    /// That the file does not name a key.
    pub(super) fn missing(&self, key: &str) -> Refusal {
        self.unless_faulty(Refusal::Unknown(format!("{} does not name the key {key}", self.source.title()), None))
    }

    /// A refusal, unless whom it is about may stand in a line that cannot be read.
    fn unless_faulty(&self, refusal: Refusal) -> Refusal {
        match &self.fault {
            Some((span, fault)) => {
                let at = self.source.position(span.start).line;
                let why = format!("line {at} of {} cannot be read: {fault}", self.source.title());
                Refusal::Untold(why, Some(self.place(*span)))
            }
            None => refusal,
        }
    }

    /// The plain keys that may sign for a namespace, of which at most so many.
    pub(super) fn keys(&self, namespace: &str, most: usize) -> impl Iterator<Item = &KeyData> {
        let takes = move |line: &&Line| {
            let names = line.options.namespaces.as_ref();
            !line.options.authority && names.is_none_or(|list| patterns::matches(list, namespace))
        };
        self.lines.iter().filter(takes).map(|line| &line.key).take(most)
    }

    fn of(&self, lines: &[&Line], key: String) -> Signer {
        let mut signer = Signer { names: Vec::new(), patterns: Vec::new(), key, place: None };
        for principal in lines.iter().flat_map(|line| &line.principals) {
            let list = if patterns::is_open(principal) { &mut signer.patterns } else { &mut signer.names };
            if !list.contains(principal) {
                list.push(principal.clone());
            }
        }
        signer.place = lines.first().map(|line| self.place(line.span));
        signer
    }

    fn place(&self, span: Span) -> KeyPlace {
        KeyPlace { source: Arc::clone(&self.source), span }
    }
}

impl Options {
    /// Why the key was not valid at an instant.
    fn fault_at(&self, at: i64) -> Option<String> {
        match (&self.after, &self.before) {
            (Some((after, text)), _) if at < *after => Some(format!("the key is valid after {text} only")),
            (_, Some((before, text))) if at > *before => Some(format!("the key was valid before {text} only")),
            _ => None,
        }
    }
}

/// The lines that say something, with their places.
pub(super) fn lines(source: &SourceText) -> impl Iterator<Item = (Span, &str)> {
    let mut start = 0;
    source.text().split_inclusive('\n').filter_map(move |whole| {
        let from = start;
        start += whole.len();
        let text = whole.trim();
        let begin = from + (whole.len() - whole.trim_start().len());
        (!text.is_empty() && !text.starts_with('#')).then(|| (Span::new(begin, begin + text.len()), text))
    })
}

/// The fingerprint of a key, as `ssh-keygen -l` shows it.
pub(super) fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// A key as it stands in a line: its kind, then base64. A comment may follow.
pub(super) fn key(text: &str) -> Result<KeyData, String> {
    let mut words = text.split_ascii_whitespace();
    let (Some(kind), Some(base64)) = (words.next(), words.next()) else {
        return Err("a key is expected here: its kind, and base64 behind it".to_owned());
    };
    let bytes = armor::decode(base64.as_bytes()).ok_or("the key is no base64")?;
    if kind.contains("-cert-v01@") {
        return Err("this is a certificate, and certificates are not followed here; name the key itself".to_owned());
    }
    let key = ssh_key::PublicKey::from_bytes(&bytes).map_err(|error| format!("this is no key: {error}"))?;
    if key.algorithm().as_str() == kind {
        Ok(key.key_data().clone())
    } else {
        Err(format!("the key is of the kind {}, and not {}", short(key.algorithm().as_str()), short(kind)))
    }
}

/// Principals, options and key of a line.
fn line(text: &str, zone: &TimeZone) -> Result<(Vec<String>, KeyData, Options), String> {
    let (principals, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or("the quotation mark has no end")?,
        None => text.split_once([' ', '\t']).ok_or("there is no key behind the principals")?,
    };
    let principals: Vec<String> = principals.split(',').map(str::to_owned).collect();
    if principals.iter().any(String::is_empty) {
        return Err("one of the principals is empty".to_owned());
    }
    let rest = rest.trim_start();
    if is_key(rest) {
        return Ok((principals, key(rest)?, Options::default()));
    }
    let end = end_of_options(rest);
    let options = Options::parse(&rest[..end], zone)?;
    Ok((principals, key(rest[end..].trim_start())?, options))
}

/// Whether a text begins with the kind of a key, and not with options.
fn is_key(text: &str) -> bool {
    let word = text.split_ascii_whitespace().next().unwrap_or_default();
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-", "webauthn-"].iter().any(|kind| word.starts_with(kind))
}

/// Where the options end: at the first blank outside of quotation marks.
fn end_of_options(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b' ' | b'\t' if !quoted => return at,
            b'"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    text.len()
}

impl Options {
    fn parse(mut text: &str, zone: &TimeZone) -> Result<Self, String> {
        let mut options = Self::default();
        while !text.is_empty() {
            let end = text.find(['=', ',']).unwrap_or(text.len());
            let name = text[..end].to_ascii_lowercase();
            let value = match text[end..].strip_prefix('=') {
                Some(rest) => {
                    let (value, behind) = quoted(rest).ok_or("the value of an option stands in quotation marks")?;
                    text = behind;
                    Some(value)
                }
                None => {
                    text = &text[end..];
                    None
                }
            };
            options.set(&name, value, zone)?;
            text = match text.strip_prefix(',') {
                Some("") => return Err("an option is expected behind the comma".to_owned()),
                Some(more) => more,
                None if text.is_empty() => text,
                None => return Err("options are separated by commas, without blanks".to_owned()),
            };
        }
        match (&options.after, &options.before) {
            (Some((after, _)), Some((before, _))) if before <= after => Err("the key ends before it begins".to_owned()),
            _ => Ok(options),
        }
    }

    fn set(&mut self, name: &str, value: Option<String>, zone: &TimeZone) -> Result<(), String> {
        let instant = |text: String| match instant(&text, zone) {
            Some(at) => Ok((at, short(&text))),
            None => Err(format!("{name} is no time: write YYYYMMDD or YYYYMMDDHHMM, with a Z behind it for UTC")),
        };
        let new = match (name, value) {
            ("cert-authority", None) => !std::mem::replace(&mut self.authority, true),
            ("namespaces", Some(list)) => {
                self.namespaces.replace(list.split(',').map(str::to_owned).collect()).is_none()
            }
            ("valid-after", Some(text)) => self.after.replace(instant(text)?).is_none(),
            ("valid-before", Some(text)) => self.before.replace(instant(text)?).is_none(),
            _ => return Err(format!("there is no option `{}`, or it needs a value", short(name))),
        };
        if new { Ok(()) } else { Err(format!("{name} stands there twice")) }
    }
}

/// A value in quotation marks, in which a backslash stands before a quotation mark, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in inner.char_indices() {
        match character {
            '"' if escaped => {
                value.pop();
                value.push('"');
                escaped = false;
            }
            '"' => return Some((value, &inner[at + 1..])),
            _ => {
                value.push(character);
                escaped = character == '\\';
            }
        }
    }
    None
}

/// A time as OpenSSH writes it: `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, in UTC with a Z behind it.
fn instant(text: &str, zone: &TimeZone) -> Option<i64> {
    let utc = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("UTC"));
    let digits = utc.unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 8 | 12 | 14) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year: i16 = digits.get(..4)?.parse().ok()?;
    let (month, day, hour, minute, second) = (part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let zone = if utc.is_some() { TimeZone::UTC } else { zone.clone() };
    let at = zone.to_ambiguous_timestamp(time).compatible().ok()?.as_second();
    (at > 0).then_some(at)
}
