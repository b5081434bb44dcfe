//! How the export of a tool becomes records of a register: columns, words, and what stands for nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the records of a file are read. A ready one is a file of `policies/mappings/`; `tickmark.yaml` names it, changes
/// it, or describes its own.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "tickmark mapping")]
pub struct Mapping {
    /// The file, or a glob of files, from the folder of the configuration; the register's own place if not given.
    pub file: Option<String>,
    /// The ready mapping that it begins with, by name; what else is said here stands in place of what that one says.
    pub tool: Option<String>,
    /// What separates the columns of a text table; found out from its header if not given.
    pub delimiter: Option<char>,
    /// Rows of the header; the last one names the columns. 1 if not given.
    pub header_rows: Option<u32>,
    /// Lines above the header.
    pub skip_rows: Option<u32>,
    /// Path to the list of records inside JSON or YAML, such as `value` or `runs.results`.
    pub pick: Option<String>,
    /// Whether the last key of `pick` may be missing where there is nothing to list.
    pub optional: bool,
    /// Keys by which a file of the tool is known: where all of them are there, the list that `pick` leads to may be
    /// missing, as some tools leave it out where there is nothing to tell.
    pub known_by: Vec<String>,
    /// Single values of what stands around the list under `pick`, such as `Target`, which every record of it gets unless
    /// it has a value of that name itself.
    pub above: Vec<String>,
    /// The Markdown heading under which the table stands.
    pub heading: Option<String>,
    /// Where each field of the register comes from. Without columns, the file has the register's own names. Beside
    /// `tool`, a field that has nothing but `values` here adds them to those of the ready mapping.
    pub columns: BTreeMap<String, Column>,
    /// Fields that are the same for the whole file.
    pub set: BTreeMap<String, String>,
    /// Words that stand for nothing, such as `N/A`.
    pub nulls: Vec<String>,
    /// How dates are written, such as `DD/MM/YYYY`; what is unambiguous is read without being told.
    pub dates: Vec<String>,
    /// The time zone of times that name none; the organisation's if not given.
    pub timezone: Option<String>,
    /// Only records whose column holds one of these words are read.
    pub keep: BTreeMap<String, Vec<String>>,
    /// Records whose column holds one of these words are left out.
    pub drop: BTreeMap<String, Vec<String>>,
    /// Columns that together tell one record from another: of several in one file that have the same in all of them,
    /// only the first is read.
    pub once: Vec<String>,
}

/// The files of one register.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Sources {
    /// One file, or files of one kind.
    One(Box<Mapping>),
    /// Several kinds of files, such as the exports of two systems.
    Several(Vec<Mapping>),
}

impl Sources {
    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Mapping] {
        match self {
            Self::One(mapping) => std::slice::from_ref(mapping),
            Self::Several(mappings) => mappings,
        }
    }
}

/// Where a field comes from.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Column {
    /// A column, or a path through JSON such as `profile.login`. Behind a list, a number takes one element of it, and a
    /// name takes what all elements have under that name, as a list.
    Name(String),
    /// The first of these columns that holds something.
    First(Vec<String>),
    /// Records, each put together from columns.
    Records(Vec<BTreeMap<String, Field>>),
    /// A record for each element of a list.
    Each(Each),
    /// A column with more to say about it.
    Rule(Box<Rule>),
}

/// Where a field of a record inside another comes from.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Field {
    /// A column, or a path.
    Name(String),
    /// A column with more to say about it.
    Rule(Box<Rule>),
}

/// Records that are the elements of a list.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// Path to the list.
    pub each: String,
    /// Where the fields of each record come from, beginning at the element.
    pub fields: BTreeMap<String, Field>,
}

/// A column with more to say about it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// The column, or several of which the first that holds something counts.
    pub from: Option<Names>,
    /// Columns whose texts are put together with spaces, also those of a list.
    pub join: Vec<String>,
    /// An element of a list, told by what it holds.
    pub among: Option<Among>,
    /// A text that is the same in every record.
    pub text: Option<String>,
    /// Takes the date in the file's name, where no column holds one.
    pub file_date: bool,
    /// Counts only where each of these columns holds one of its words, and is nothing elsewhere. An empty word stands for
    /// a column that holds nothing; of a list, one element with one of the words is enough.
    pub when: BTreeMap<String, Vec<String>>,
    /// What stands between the parts of a list.
    pub split: Option<String>,
    /// What a word of the tool means here; `*` stands for every other word, `CVE-*` for those that begin so, `KEEP` for
    /// the word as it is, `null` for nothing. A word that is not listed is an error.
    pub values: BTreeMap<String, Option<String>>,
    /// What it is where all of this comes to nothing: a text, or another rule.
    pub otherwise: Option<Otherwise>,
}

/// An element of a list, told by what it holds.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Among {
    /// Path to the list.
    pub list: String,
    /// Each of these paths, from the element, leads to one of its words. Where several elements have that, the value is a
    /// list.
    pub when: BTreeMap<String, Vec<String>>,
    /// Path to the value, from the element.
    pub take: String,
}

/// What stands in the place of nothing.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Otherwise {
    /// A text that is always the same.
    Text(String),
    /// What another rule says.
    Rule(Box<Rule>),
}

/// One name or several.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Names {
    /// The names in order.
    #[must_use]
    pub fn list(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

impl Mapping {
    /// This mapping with what another one says in place of its own.
    #[must_use]
    pub fn with(mut self, over: Self) -> Self {
        self.delimiter = over.delimiter.or(self.delimiter);
        self.header_rows = over.header_rows.or(self.header_rows);
        self.skip_rows = over.skip_rows.or(self.skip_rows);
        self.pick = over.pick.or(self.pick);
        self.heading = over.heading.or(self.heading);
        self.optional |= over.optional;
        if !over.known_by.is_empty() {
            self.known_by = over.known_by;
        }
        self.above.extend(over.above);
        if !over.once.is_empty() {
            self.once = over.once;
        }
        self.timezone = over.timezone.or(self.timezone);
        for (field, column) in over.columns {
            let column = match (self.columns.remove(&field), column) {
                (Some(known), Column::Rule(words)) if words.is_words_alone() => known.with_words(words.values),
                (_, column) => column,
            };
            self.columns.insert(field, column);
        }
        self.set.extend(over.set);
        self.nulls.extend(over.nulls);
        self.dates.extend(over.dates);
        self.keep.extend(over.keep);
        self.drop.extend(over.drop);
        self
    }

    /// Every field that comes from columns, with those that it may come from.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.columns.iter().filter_map(|(field, column)| {
            let names: Vec<&str> = match column {
                Column::Name(name) => vec![name],
                Column::First(names) => names.iter().map(String::as_str).collect(),
                Column::Rule(rule) => rule.columns(),
                Column::Records(_) | Column::Each(_) => return None,
            };
            (!names.is_empty()).then_some((field.as_str(), names))
        })
    }

    /// Fields that only the date in the file's name can tell, as nothing else says them.
    pub fn dated_by_file(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|(field, column)| match column {
            Column::Rule(rule) if rule.file_date && rule.columns().is_empty() && !self.set.contains_key(field) => {
                Some(field.as_str())
            }
            _ => None,
        })
    }
}

impl Column {
    /// This column with the meanings of more words.
    fn with_words(self, values: BTreeMap<String, Option<String>>) -> Self {
        let from = |from: Names| Box::new(Rule { from: Some(from), ..Rule::default() });
        let mut rule = match self {
            Self::Name(name) => from(Names::One(name)),
            Self::First(names) => from(Names::Several(names)),
            Self::Rule(rule) => rule,
            other @ (Self::Records(_) | Self::Each(_)) => return other,
        };
        rule.values.extend(values);
        Self::Rule(rule)
    }
}

impl Rule {
    /// Whether it says what words mean, and nothing else.
    fn is_words_alone(&self) -> bool {
        let silent = self.from.is_none() && self.among.is_none() && self.text.is_none() && self.otherwise.is_none();
        silent && !self.file_date && self.join.is_empty() && self.when.is_empty() && self.split.is_none()
    }

    /// The columns that it may take its value from.
    fn columns(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.from.iter().flat_map(Names::list).chain(&self.join).map(String::as_str).collect();
        if let Some(Otherwise::Rule(other)) = &self.otherwise {
            names.extend(other.columns());
        }
        names
    }
}
