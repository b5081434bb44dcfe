//! A look into one object of an export. What has another type than it should have is a fault at its place, and whoever
//! asked for it gets nothing.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::Fault;
use crate::sources::records::{Raw, RawField, RawValue};
use crate::text::{SourceText, Span, shown};

/// Instants beyond this many seconds are milliseconds: as seconds they lie 3,000 years ahead.
const MILLISECONDS: i64 = 100_000_000_000;
/// Digits of the shortest name of an object that an export may have. Bitbucket writes twelve.
const SHORTEST_NAME: usize = 7;

/// One file of an export, with what is wrong in it.
pub(super) struct Look<'a> {
    pub(super) source: &'a Arc<SourceText>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Look<'a> {
    pub(super) fn new(source: &'a Arc<SourceText>) -> Self {
        Self { source, faults: RefCell::default() }
    }

    /// Number of faults so far.
    pub(super) fn count(&self) -> usize {
        self.faults.borrow().len()
    }

    pub(super) fn faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    pub(super) fn fault(&self, rule: &'static str, place: Span, message: String, help: &str) {
        // What stands there may be long, and a label can underline a line.
        let words = self.source.slice(place);
        let line = words.split(['\n', '\r']).next().unwrap_or_default();
        let span = Span::new(place.start, place.start + line.len().min(200));
        let help = (!help.is_empty()).then(|| help.to_owned());
        let (label, source) = ("this value".to_owned(), Arc::clone(self.source));
        let span = self.source.clamp(span);
        self.faults.borrow_mut().push(Fault { rule, message, label, help, source, span, other: None });
    }
}

/// A part of an object, which may not be there.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    look: &'a Look<'a>,
    part: Part<'a>,
    /// The last key that led here.
    key: &'a str,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Object(Span, &'a [RawField]),
    List(&'a [RawValue]),
    Scalar(Span, &'a str),
    Null,
    Missing,
}

impl<'a> Node<'a> {
    /// The object that a record of the export is.
    pub(super) fn of(look: &'a Look<'a>, raw: &'a Raw) -> Self {
        Self { look, part: Part::Object(raw.place, &raw.fields), key: "this object" }
    }

    fn with(self, value: &'a RawValue, key: &'a str) -> Self {
        let part = match value {
            RawValue::Null(_) => Part::Null,
            RawValue::Scalar { place, text, .. } => Part::Scalar(*place, text),
            RawValue::List(_, items) => Part::List(items),
            RawValue::Map(place, fields) => Part::Object(*place, fields),
        };
        Self { part, key, ..self }
    }

    /// What a path of keys with dots between them leads to.
    pub(super) fn at(self, path: &'a str) -> Self {
        path.split('.').fold(self, |node, key| match node.part {
            Part::Object(_, fields) => match fields.iter().find(|field| *field.name == *key) {
                Some(field) => node.with(&field.value, key),
                None => Self { part: Part::Missing, key, ..node },
            },
            Part::Null | Part::Missing => Self { key, ..node },
            Part::List(_) | Part::Scalar(..) => {
                node.wrong("an object");
                Self { part: Part::Missing, key, ..node }
            }
        })
    }

    /// Whether the export has the key at all, also where nothing stands behind it.
    pub(super) fn is_told(self) -> bool {
        !matches!(self.part, Part::Missing)
    }

    /// Whether something stands there.
    pub(super) fn is_there(self) -> bool {
        !matches!(self.part, Part::Missing | Part::Null)
    }

    /// All of an object.
    pub(super) fn place(self) -> Span {
        match self.part {
            Part::Object(place, _) | Part::Scalar(place, _) => place,
            Part::List(items) => items.first().map(RawValue::place).unwrap_or_default(),
            Part::Null | Part::Missing => Span::default(),
        }
    }

    /// A text that is not empty.
    pub(super) fn text(self) -> Option<&'a str> {
        match self.part {
            Part::Scalar(_, text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Part::Null | Part::Missing => None,
            Part::Object(..) | Part::List(_) => {
                self.wrong("a text");
                None
            }
        }
    }

    pub(super) fn owned(self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    pub(super) fn integer(self) -> Option<i64> {
        let text = self.text()?;
        let read = text.parse().ok();
        if read.is_none() {
            self.wrong("a whole number");
        }
        read
    }

    pub(super) fn flag(self) -> bool {
        match self.text() {
            Some("true") => true,
            Some("false") | None => false,
            Some(_) => {
                self.wrong("true or false");
                false
            }
        }
    }

    /// An instant, to the second: RFC 3339, Gerrit's form without an offset, or seconds since 1970.
    pub(super) fn instant(self) -> Option<Timestamp> {
        let text = self.text()?;
        let read = match text.parse::<i64>() {
            Ok(number) if number.abs() > MILLISECONDS => Timestamp::from_second(number / 1000).ok(),
            Ok(number) => Timestamp::from_second(number).ok(),
            Err(_) => text.parse().ok().or_else(|| format!("{}Z", text.replacen(' ', "T", 1)).parse().ok()),
        };
        let read: Option<Timestamp> = read.and_then(|at: Timestamp| Timestamp::from_second(at.as_second()).ok());
        if read.is_none() {
            self.wrong("an instant");
        }
        read
    }

    /// The name of an object of Git, in small letters; it may be shortened.
    pub(super) fn object(self) -> Option<String> {
        let text = self.text()?;
        let is_name =
            text.len() >= SHORTEST_NAME && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_name {
            self.wrong("the name of a commit");
            return None;
        }
        Some(text.to_ascii_lowercase())
    }

    /// The items of a list. GraphQL has them below `nodes`.
    pub(super) fn items(self) -> impl Iterator<Item = Node<'a>> {
        let list = match self.part {
            Part::Object(..) => self.at("nodes"),
            _ => self,
        };
        let items = match list.part {
            Part::List(items) => items,
            Part::Null | Part::Missing => &[],
            Part::Object(..) | Part::Scalar(..) => {
                list.wrong("a list");
                &[]
            }
        };
        items.iter().map(move |item| list.with(item, list.key))
    }

    /// The keys of an object with what stands behind them.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let fields = match self.part {
            Part::Object(_, fields) => fields,
            Part::Null | Part::Missing => &[],
            Part::List(_) | Part::Scalar(..) => {
                self.wrong("an object");
                &[]
            }
        };
        fields.iter().map(move |field| (&*field.name, self.with(&field.value, &field.name)))
    }

    /// Whether the export shows that a list goes on behind what it holds: by what GraphQL says of the page, or because it
    /// has as many items as a page can have.
    pub(super) fn is_cut_off(self, page: usize) -> bool {
        let count = self.items().count();
        let info = self.part_of("pageInfo");
        let more = |key: &'static str| info.is_some_and(|info| info.at(key).flag());
        let total = self.part_of("totalCount").and_then(Node::integer);
        more("hasNextPage")
            || more("hasPreviousPage")
            || total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| total > count))
            || (info.is_none() && total.is_none() && count >= page)
    }

    fn part_of(self, key: &'a str) -> Option<Self> {
        let part = if matches!(self.part, Part::Object(..)) { self.at(key) } else { return None };
        part.is_there().then_some(part)
    }

    /// Notes that something else is expected here.
    pub(super) fn wrong(self, expected: &str) {
        let message = format!("{} is not {expected}", shown(self.key));
        let help = "export it again; nothing of this request was imported";
        self.look.fault("documents/wrong-type", self.place(), message, help);
    }
}
