//! What a forge says about the requests that were merged: read from its exports, kept as records of the register
//! `changes`, and read again from there.

mod azure;
pub mod binding;
mod bitbucket;
mod decisive;
mod export;
mod gathered;
mod gerrit;
mod github;
mod gitlab;
mod node;
pub mod recorded;
pub mod sealed;
mod writers;
mod written;

use std::sync::Arc;

use jiff::Timestamp;

use crate::text::{SourceText, Span};

pub use export::{Export, read};
pub use gathered::Note;
pub use written::{Header, text};

/// A forge whose exports can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub: `gh pr list --json`, GraphQL, and the REST API's pull requests and reviews.
    GitHub,
    /// GitLab: merge requests, and their approvals.
    GitLab,
    /// Gerrit: `gerrit query --format=JSON`, and the REST API's changes.
    Gerrit,
    /// Azure DevOps: pull requests.
    AzureDevOps,
    /// Bitbucket Cloud: pull requests.
    Bitbucket,
}

impl Forge {
    /// What the forge is called, and the word for it in names of files.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::GitHub => ("GitHub", "github"),
            Self::GitLab => ("GitLab", "gitlab"),
            Self::Gerrit => ("Gerrit", "gerrit"),
            Self::AzureDevOps => ("Azure DevOps", "azure-devops"),
            Self::Bitbucket => ("Bitbucket Cloud", "bitbucket"),
        }
    }

    /// The path to the list of requests in a document that is no list itself. A document without it is one request.
    fn list(self, text: &str) -> &'static str {
        let graphql =
            || text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with("\"data\""));
        match self {
            Self::GitHub if graphql() => "data.repository.pullRequests.nodes",
            Self::GitHub | Self::GitLab => "items?",
            Self::Gerrit => "changes?",
            Self::AzureDevOps => "value?",
            Self::Bitbucket => "values?",
        }
    }
}

/// A request that was merged, as the forge tells of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// What names it among the requests of all projects: its address where the export has one.
    pub id: String,
    /// The project that it belongs to.
    pub project: String,
    /// Its number in the project.
    pub number: Option<i64>,
    /// Its title.
    pub title: String,
    /// Who opened it, by account or address.
    pub author: Option<String>,
    /// Everybody who wrote one of its commits, by account or address.
    pub authors: Vec<String>,
    /// When it was opened.
    pub created_at: Option<Timestamp>,
    /// What reviewers decided; `None` where the export does not tell of reviews at all.
    pub reviews: Option<Vec<Review>>,
    /// The branch that it was merged into.
    pub branch: Option<String>,
    /// The branch that its commits stood on.
    pub head_branch: Option<String>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// Who merged it.
    pub merged_by: Option<String>,
    /// The commit that it became on the branch.
    pub merge_sha: Option<String>,
    /// The commit that its commits were made into, where that one was merged.
    pub squash_sha: Option<String>,
    /// The last commit of the request itself.
    pub head_sha: Option<String>,
    /// What the export holds only a part of.
    pub cut_off: Vec<&'static str>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Where it is to be seen.
    pub url: Option<String>,
    /// The text of the export, and where the request stands in it.
    pub source: Arc<SourceText>,
    /// Where in that text.
    pub place: Span,
    /// What names it where its reviews stand apart from it.
    apart: String,
}

impl Request {
    /// A request that an object of the export tells of by its number, its project and its address. Where it has no address,
    /// `mark` stands between project and number, as the forge writes it.
    fn numbered(
        node: node::Node<'_>,
        look: &node::Look<'_>,
        (project, mark, number): (String, char, i64),
        (url, title): (&'static str, &'static str),
    ) -> Self {
        let url = node.at(url).owned();
        let id = url.clone().unwrap_or_else(|| format!("{project}{mark}{number}"));
        let title = node.at(title).owned().unwrap_or_default();
        Self { number: Some(number), url, title, ..Self::new(look.source, node.place(), id, project) }
    }

    /// A request of which nothing but its name and place is known.
    fn new(source: &Arc<SourceText>, place: Span, id: String, project: String) -> Self {
        Self {
            id,
            project,
            number: None,
            title: String::new(),
            author: None,
            authors: Vec::new(),
            created_at: None,
            reviews: None,
            branch: None,
            head_branch: None,
            merged_at: None,
            merged_by: None,
            merge_sha: None,
            squash_sha: None,
            head_sha: None,
            cut_off: Vec::new(),
            labels: Vec::new(),
            url: None,
            source: Arc::clone(source),
            place,
            apart: String::new(),
        }
    }

    /// What people call it: its number, or its name.
    #[must_use]
    pub fn called(&self) -> String {
        self.number.map_or_else(|| self.id.clone(), |number| format!("#{number}"))
    }
}

/// What a reviewer decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Who, by account or address; empty where the account is gone.
    pub by: String,
    /// When.
    pub at: Option<Timestamp>,
    /// The commit that they saw.
    pub sha: Option<String>,
    /// Whether the forge knew that commit once, and does not know it any more.
    pub is_lost: bool,
    /// What they said.
    pub said: Said,
}

/// What a reviewer said. What is only a comment decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// Approved.
    Approved,
    /// Asked for changes, or rejected it.
    ChangesRequested,
    /// What was said before was taken back.
    Dismissed,
}

impl Said {
    /// The word for it in the register of changes.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
            Self::Dismissed => "dismissed",
        }
    }

    /// What a word of the register of changes says; `None` of words that decide nothing.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Approved, Self::ChangesRequested, Self::Dismissed].into_iter().find(|said| said.word() == word)
    }
}
