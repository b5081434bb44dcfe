//! A dialect: one way in which a forge or a project writes its approval trail into Git. Data, not code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One dialect, as its YAML file describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark dialect")]
pub struct Dialect {
    /// Name of the dialect; also the name of its file.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"))]
    pub dialect: String,
    /// Name of the forge, tool or project.
    pub title: String,
    /// What the trail shows, what it does not, and what is easily taken for an approval.
    pub about: String,
    /// Where the trail stands.
    #[serde(default)]
    pub reads: Reads,
    /// The reference that holds the trail, where it is not in the commit itself.
    #[serde(default)]
    pub reference: Option<String>,
    /// Order among dialects that see the same words: the lowest names the approval and the request. 50 if not given.
    #[serde(default = "middle")]
    pub rank: u8,
    /// Least share of the commits read, in percent, that must follow the dialect before `trails: [auto]` applies it.
    /// For words that occur in other projects' messages by chance.
    #[serde(default)]
    pub auto_share: f64,
    /// Conditions that a commit must meet before anything of the dialect is looked for in it.
    #[serde(default)]
    pub when: When,
    /// Where the request (a pull request, a review) is named; the capture `id` is its number.
    #[serde(default)]
    pub request: Vec<Clue>,
    /// Where an approver is named; the capture `by` is the person, else the whole value is. An alternative of the
    /// expression without that capture passes over words that must not be read. The capture `commit` is the name of the
    /// commit that the approver saw, or its beginning: the approval was given for that one.
    #[serde(default)]
    pub approvals: Vec<Clue>,
    /// Where an earlier commit is named that the author of this one approves; the capture `commit` is its name, or the
    /// beginning of it.
    #[serde(default)]
    pub later: Vec<Clue>,
    /// Where somebody is named who wrote the change beside the commit's author; the capture `by` is the person.
    #[serde(default)]
    pub authors: Vec<Clue>,
    /// Whether the commit's own author is only the one who landed it, so that `authors` alone name who wrote it.
    #[serde(default)]
    pub author_is_lander: bool,
    /// Where people are named who were only asked, who tested, or who pressed the button: never approvers, also where
    /// a dialect of higher rank would take the same trailer for an approval.
    #[serde(default)]
    pub not_approvals: Vec<Clue>,
    /// Who brought the change onto the branch.
    #[serde(default)]
    pub lander: Lander,
    /// Regular expressions of names or addresses of this project's robots, beside those that every project shares.
    #[serde(default)]
    pub robots: Vec<String>,
    /// Regular expression of a token that names a group instead of a person.
    #[serde(default)]
    pub groups: Option<String>,
    /// Regular expression of tokens that stand where a person would, but are none. It is held against the token before
    /// and after `strip`, so that a remark such as `(implicit)` can be told.
    #[serde(default)]
    pub not_people: Option<String>,
}

/// Where a dialect's trail stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// In the commit itself.
    #[default]
    Message,
    /// In notes of one `Label+2: Name <address>` a line, as Gerrit's reviewnotes plugin writes them.
    ReviewNotes,
    /// In the notes of git-appraise.
    AppraiseNotes,
    /// In notes of one approval a line, as `tickmark approve` writes them.
    TickmarkNotes,
    /// In gittuf's attestations.
    GittufAttestations,
    /// In records of the register `changes`.
    ForgeRecords,
}

/// Who brought a change onto the branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lander {
    /// The author of a merge, the committer of any other commit.
    #[default]
    Usual,
    /// The author of the landing commit.
    Author,
    /// Its committer.
    Committer,
}

/// Number of parents that a landing commit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Parents {
    /// At most one.
    One,
    /// Two or more: a merge.
    Many,
}

/// Conditions on a commit; all that are given must hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// How many parents it has.
    #[serde(default)]
    pub parents: Option<Parents>,
    /// Regular expression over the author, `Name <address>`.
    #[serde(default)]
    pub author: Option<String>,
    /// Regular expression over the committer, `Name <address>`.
    #[serde(default)]
    pub committer: Option<String>,
    /// Regular expression over author and committer, of which one must match.
    #[serde(default)]
    pub either: Option<String>,
    /// Clues of which every one must be found.
    #[serde(default)]
    pub all: Vec<Clue>,
    /// Clues of which at least one must be found.
    #[serde(default)]
    pub any: Vec<Clue>,
    /// Clues of which none may be found.
    #[serde(default)]
    pub none: Vec<Clue>,
}

/// One place of a message to look at: a trailer's key, or a regular expression over the lines of the
/// body, over the subject, or over both.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clue {
    /// Key of a trailer, in any case.
    #[serde(default)]
    pub trailer: Option<String>,
    /// Regular expression that the trailer's value must match.
    #[serde(default)]
    pub matches: Option<String>,
    /// Regular expression over the lines of the body.
    #[serde(default)]
    pub line: Option<String>,
    /// Regular expression over the subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// Regular expression over subject and body together, for prose that runs on from the one into the other.
    #[serde(default)]
    pub message: Option<String>,
    /// How a person is written there.
    #[serde(default)]
    pub people: Grammar,
    /// Regular expression between several persons; a comma if not given.
    #[serde(default)]
    pub split: Option<String>,
    /// Regular expression of decoration that is taken off a token before it is read.
    #[serde(default)]
    pub strip: Option<String>,
    /// Whether the request number `id` must also stand in the subject.
    #[serde(default)]
    pub id_in_subject: bool,
}

/// How a person is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grammar {
    /// `Name <address>`, with the variations that occur: no brackets, ` <at> `, a comment behind it, a name alone.
    #[default]
    Mail,
    /// An account name, with or without `@`; an address or a name in full where somebody writes one instead.
    Login,
    /// A name in prose.
    Name,
}

const fn middle() -> u8 {
    50
}
