//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::engine::{Asked, Between, Scope};
use crate::error::Result;
use crate::facts::document::response::ResponseKind;
use crate::facts::forge::Forge;
use crate::reports::people::Detail;
use crate::sources::event::Event;

pub mod colour;
pub mod commands;
pub mod examples;
pub mod format;
pub mod hook;
pub mod hyperlinks;
pub mod list;
pub mod output;
pub mod settling;
pub mod shipped;
pub mod terminal;

pub use format::Format;
pub use settling::Settling;

/// Holds what an organisation documents against what its repository shows it did.
#[derive(Debug, Parser)]
#[command(name = "tickmark", version, about, max_term_width = 100)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Read this configuration instead of tickmark.yaml; its folder then holds controls/ and policies/
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Ask the question as of this date or instant (RFC 3339); what is done after it does not count
    #[arg(long, value_name = "DATE", global = true)]
    pub as_of: Option<String>,
    /// Observation period, both days inclusive; either side may be left out
    #[arg(long, value_name = "FROM..TO", global = true)]
    pub period: Option<String>,
    /// When to colour what is printed
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", global = true)]
    pub color: Color,
    /// Form of what is printed; all but text and json are forms of a check, csv also of a trail; a report has json-lines, html, markdown and csv
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT", global = true)]
    pub format: Format,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", global = true)]
    pub output: Option<PathBuf>,
    /// For check and demo: print nothing but what was found
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// For check and demo: print fingerprints, tests and what is not yet due as well
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Exit with 0 whatever was found; for adoption only
    #[arg(long, global = true)]
    pub exit_zero: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set; elsewhere, if CLICOLOR_FORCE is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the documents, then every control over the period; or only what a range brings
    Check(Check),
    /// What a Git hook calls: check what is about to be committed or pushed
    #[command(subcommand)]
    Hook(hook::Hook),
    /// Run the cases of this repository's own tests, which stand in policies/tests/
    Test {
        /// Files or folders of cases, or files of tests; all cases if left out
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Show who approved each change
    Trail {
        /// A commit, a tag, a range A..B; everything since the last deployment if left out
        revision: Option<String>,
        /// The whole first-parent history of the revision
        #[arg(long)]
        all: bool,
    },
    /// Bring the export of a forge into the register of changes, as sealed records
    Import {
        /// The forge that the export is of
        #[arg(value_enum)]
        forge: ForgeName,
        /// The export; several files are read as one, such as requests and their reviews
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Approve a change: add a line to the note on its commit, in refs/notes/tickmark
    Approve(Approve),
    /// Begin a management response to what is found: write a file in responses/ with all that it needs
    Respond(Respond),
    /// Report the period: each control, the test applied, exceptions with k of n, and whether they recur
    Report {
        /// How many earlier periods to look at for what recurs; as the configuration says, or two, if left out
        #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(..=12))]
        earlier: Option<u8>,
        /// Join reports of many repositories instead: what report or check --format json wrote. Needs no repository
        #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "earlier")]
        merge: Vec<PathBuf>,
    },
    /// Draw a sample of what a control was tested on, which anybody can draw again
    Sample(Sample),
    /// Show what every owner has to do next, and by when
    Due {
        /// Only what is due within this time, such as 30d or 2w
        #[arg(long, value_name = "LENGTH")]
        within: Option<String>,
        /// Print a calendar (iCalendar) that other programs import
        #[arg(long, conflicts_with = "format")]
        ics: bool,
        /// Only what this person has to do, by id, address, account or name; may be given several times
        #[arg(long, value_name = "WHO")]
        owner: Vec<String>,
    },
    /// Explain a rule, a dialect or a ready mapping: what it tests, why, how to mend what it finds
    Explain {
        /// Name of the rule, such as change/self-approved; all rules if left out, also those of this repository
        rule: Option<String>,
    },
    /// List the controls of this repository, the tests, or the rules
    List(list::List),
    /// Serve an editor over standard input and output (Language Server Protocol): findings as you type
    Lsp,
    /// Print the JSON schema of a file or of a document, for editors and other programs
    Schema {
        /// Name of the schema, such as control or accounts; the names of all if left out
        name: Option<String>,
    },
    /// Write a starter: controls, policies, empty registers and a configuration, to make your own
    Init {
        /// Folder to write to; the current one if left out. What is there already is left alone
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// List what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Write a small organisation's repository with real commits, and check it
    Demo {
        /// Folder to write it to; a temporary one if left out
        directory: Option<PathBuf>,
    },
    /// Print what completes commands and options in a shell
    Completions {
        /// The shell that it is for
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write the manual pages, one for each command
    Man {
        /// Folder to write them to
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Command {
    /// Whether it prints what it has in this form.
    #[must_use]
    pub const fn prints(&self, format: Format) -> bool {
        match format {
            Format::Text | Format::Json => true,
            _ if format.is_of_a_report() => matches!(self, Self::Report { .. }),
            Format::JsonLines | Format::Markdown => {
                matches!(self, Self::Check(_) | Self::Demo { .. } | Self::Report { .. })
            }
            Format::Csv => matches!(
                self,
                Self::Check(_) | Self::Demo { .. } | Self::Trail { .. } | Self::Sample(_) | Self::Report { .. }
            ),
            _ => matches!(self, Self::Check(_) | Self::Demo { .. }),
        }
    }
}

/// What a sample is drawn of. The rank of an item is the SHA-256 of the seed, a line feed and the item's key; the lowest
/// ranks are drawn.
#[derive(Clone, Debug, Args)]
pub struct Sample {
    /// The control
    #[arg(value_name = "CONTROL")]
    pub control: String,
    /// Any words; the same words draw the same sample: printf 'SEED\nKEY' | sha256sum is an item's rank
    #[arg(long, value_name = "TEXT")]
    pub seed: String,
    /// How many items to draw; all of them, if there are no more
    #[arg(long, value_name = "NUMBER", default_value_t = 25)]
    pub size: usize,
    /// The test, where it is not the control's own
    #[arg(long, value_name = "NAME")]
    pub test: Option<String>,
    /// The other repository whose items are meant, by its name in tickmark.yaml
    #[arg(long, value_name = "NAME")]
    pub repository: Option<String>,
}

/// What is checked.
#[derive(Clone, Debug, Default, Args)]
pub struct Check {
    /// Only what this range of commits brings: its changes, and the documents that changed in it
    #[arg(value_name = "A..B", conflicts_with_all = ["staged", "from", "to"])]
    pub range: Option<String>,
    /// Only the documents that changed in the index, as the next commit will hold them
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub staged: bool,
    /// The commit before the range; HEAD if only the other end is given
    #[arg(long, value_name = "REV")]
    pub from: Option<String>,
    /// The last commit of the range; HEAD if left out
    #[arg(long, value_name = "REV")]
    pub to: Option<String>,
    /// What the event of a workflow runner (GitHub, GitLab) is about; all of the period if that is about no commits
    #[arg(long, conflicts_with_all = ["staged", "range", "from", "to"])]
    pub event: bool,
    /// What is told, and what fails the run.
    #[command(flatten)]
    pub settling: Settling,
}

impl Check {
    /// The same, as the engine takes it. `index` is the index that Git names to its hooks.
    ///
    /// # Errors
    /// What is given as a range is none, or the event of the runner cannot be read.
    pub fn scope(&self, index: Option<PathBuf>) -> Result<Scope> {
        if self.staged {
            return Ok(Scope::Staged(index));
        }
        if self.event {
            return Event::read(&|name| std::env::var_os(name)).map(Scope::Event);
        }
        let (from, to) = (self.from.as_deref(), self.to.as_deref());
        match &self.range {
            Some(range) => Between::parse(range).map(Scope::Between),
            None if from.is_none() && to.is_none() => Ok(Scope::Whole),
            None => {
                let range = format!("{}..{}", from.unwrap_or_default(), to.unwrap_or_default());
                Between::parse(&range).map(Scope::Between)
            }
        }
    }
}

/// A forge whose exports are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ForgeName {
    /// gh pr list --json, GraphQL, or pull requests and reviews of the REST API.
    Github,
    /// Merge requests and their approvals.
    Gitlab,
    /// gerrit query --format=JSON, or changes of the REST API.
    Gerrit,
    /// Pull requests of Azure DevOps.
    AzureDevops,
    /// Pull requests of Bitbucket Cloud.
    Bitbucket,
}

impl Global {
    /// How much a check prints for people.
    #[must_use]
    pub const fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Findings,
            (_, true) => Detail::All,
            _ => Detail::Usual,
        }
    }
}

impl From<ForgeName> for Forge {
    fn from(name: ForgeName) -> Self {
        match name {
            ForgeName::Github => Self::GitHub,
            ForgeName::Gitlab => Self::GitLab,
            ForgeName::Gerrit => Self::Gerrit,
            ForgeName::AzureDevops => Self::AzureDevOps,
            ForgeName::Bitbucket => Self::Bitbucket,
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, Args)]
pub struct Respond {
    /// The fingerprint of what is found, as check --verbose shows it; six digits or more are enough
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// What the response says of it
    #[arg(long, value_enum, default_value_t = Answered::Remedied)]
    pub kind: Answered,
}

/// What a response says of what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answered {
    /// It was put right.
    Remedied,
    /// It is accepted for a time.
    Accepted,
    /// It is none: something was misread.
    Disputed,
}

impl From<Answered> for ResponseKind {
    fn from(kind: Answered) -> Self {
        match kind {
            Answered::Remedied => Self::Remedied,
            Answered::Accepted => Self::Accepted,
            Answered::Disputed => Self::Disputed,
        }
    }
}

/// What is approved, and how.
#[derive(Clone, Debug, Args)]
pub struct Approve {
    /// A commit, a branch or a tag; of a merge, all that it brings is approved
    #[arg(value_name = "REV")]
    pub revision: String,
    /// The role in which you approve it
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// The incident that the change was made for, in an emergency
    #[arg(long, value_name = "ID")]
    pub incident: Option<String>,
    /// Sign the approval with your SSH key; ssh-keygen is run for that
    #[arg(long)]
    pub sign: bool,
    /// The file of the key; the one under user.signingKey if left out
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub key: Option<PathBuf>,
}

impl Approve {
    /// The same, as the engine takes it.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        let (role, incident) = (self.role.as_deref(), self.incident.as_deref());
        Asked { revision: &self.revision, role, incident, sign: self.sign, key: self.key.clone() }
    }
}
