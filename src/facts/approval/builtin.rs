//! The dialects and robots that come with the program, taken into it when it is built.

use super::compile::BadDialect;
use super::dialect::Dialect;
use super::matcher::Matcher;
use super::robots::{RobotList, Robots};
use crate::error::{Error, Kind, Result};
use crate::sources::embedded::{self, File, embedded};

const ROBOTS: &[File] = embedded! { "policies/", ".yaml": "robots" };

/// Every dialect that comes with the program: the path of its file, and the text.
#[must_use]
pub fn sources() -> &'static [File] {
    embedded! { "policies/dialects/", ".yaml":
        "apache"
        "azure-devops"
        "bitbucket-cloud"
        "bitcoin"
        "bors-homu"
        "bors-ng"
        "forge-records"
        "freebsd"
        "gerrit-notes"
        "gerrit-trailers"
        "git"
        "git-appraise"
        "gitea"
        "github-merge"
        "github-merge-queue"
        "github-squash"
        "gitlab-marge"
        "gitlab-merge"
        "gittuf"
        "kernel"
        "later-approval"
        "mozilla"
        "node"
        "openbsd"
        "openssl"
        "phabricator"
        "postgresql"
        "prow"
        "rietveld"
        "shipit"
        "tickmark-notes"
        "zuul"
    }
}

/// The dialects that come with the program.
///
/// # Errors
/// One of the files is not a dialect: a mistake of this program.
pub fn dialects() -> Result<Vec<Dialect>> {
    embedded::read(sources())
}

/// The robots that every project shares.
///
/// # Errors
/// The file is not a list of robots: a mistake of this program.
pub fn robots() -> Result<Robots> {
    let robots: Vec<String> = embedded::read::<RobotList>(ROBOTS)?.into_iter().flat_map(|list| list.robots).collect();
    Robots::compile(&robots).map_err(|message| wrong("the list of robots", &message))
}

/// The error of a dialect that cannot be compiled.
#[must_use]
pub fn unusable(bad: &BadDialect) -> Error {
    wrong(&bad.dialect, &format!("{}: {}", bad.message, bad.words))
}

impl Matcher {
    /// The dialects that come with the program, compiled.
    ///
    /// # Errors
    /// One of the files is not a dialect: a mistake of this program.
    pub fn builtin() -> Result<Self> {
        Self::new(dialects()?, robots()?).map_err(|bad| unusable(&bad))
    }
}

fn wrong(place: &str, message: &str) -> Error {
    Error::new(Kind::Internal, format!("{place}, which comes with this program, cannot be used: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::person::Person;

    #[test]
    fn the_list_is_the_content_of_the_folder() -> std::io::Result<()> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/dialects");
        let mut files: Vec<String> = std::fs::read_dir(folder)?
            .map(|entry| Ok(format!("policies/dialects/{}", entry?.file_name().to_string_lossy())))
            .collect::<std::io::Result<_>>()?;
        files.sort();
        let mut listed: Vec<&str> = sources().iter().map(|file| file.path).collect();
        listed.sort_unstable();
        assert_eq!(files, listed);
        Ok(())
    }

    #[test]
    fn every_file_is_named_after_its_dialect_and_compiles() -> Result<()> {
        embedded::hold::<serde_json::Value>(ROBOTS)?;
        for file in sources() {
            embedded::hold::<serde_json::Value>(&[*file])?;
            let dialect: Dialect = file.read()?;
            assert_eq!(file.path, format!("policies/dialects/{}.yaml", dialect.dialect));
        }
        assert_eq!(Matcher::builtin()?.dialects().count(), sources().len());
        Ok(())
    }

    #[test]
    fn robots_are_told_from_people_with_similar_names() -> Result<()> {
        let matcher = Matcher::builtin()?;
        let robot = |name: &str, email: &str| matcher.is_robot(&Person::new(name, email));
        for (name, email) in [
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
            ("renovate[bot]", "bot@renovateapp.com"),
            ("GitHub", "noreply@github.com"),
            ("GitLab", "noreply@gitlab.com"),
            ("GitLab Duo", "gitlab-duo@acme.example"),
            ("Kubernetes Prow Robot", "robot@acme.example"),
            ("Prow", "20407524+k8s-ci-robot@users.noreply.github.com"),
            ("Prow", "k8s.ci.robot@gmail.com"),
            ("Gopher Robot", "gobot@golang.org"),
            ("Gobot Gobot", "gobot@acme.example"),
            ("bors", "bors@rust-lang.org"),
            ("bors[bot]", "bors[bot]@users.noreply.github.com"),
            ("homu", "homu@acme.example"),
            ("Jenkins", "jenkins@acme.example"),
            ("Zuul", "zuul@review.opendev.org"),
            ("Commit Bot", "commit-bot@chromium.org"),
            ("commit-bot", "commit-bot@acme.example"),
            ("Crashpad LUCI CQ", "crashpad-scoped@luci-project-accounts.iam.gserviceaccount.com"),
            ("LUCI", "acme-scoped@luci-project-accounts.iam.gserviceaccount.com"),
            ("Facebook GitHub Bot", "facebook-github-bot@users.noreply.github.com"),
            ("meta-codesync[bot]", "meta@acme.example"),
            ("googlebot", "googlebot@google.com"),
            ("Copilot", "223556219+Copilot@users.noreply.github.com"),
            ("Claude", "noreply@anthropic.com"),
        ] {
            assert!(robot(name, email), "{name} <{email}>");
        }
        for (name, email) in [
            ("Dana Luciani", "dana@acme.example"),
            ("Luci Roe", "luci@acme.example"),
            ("Luci", "luci.roe@acme.example"),
            ("Jan Bot", "jan.bot@acme.example"),
            ("Bo Robot", "bo.robot@acme.example"),
            ("Claude", "claude@acme.example"),
            ("Travis Roe", "travis@acme.example"),
            ("Marge Lind", "marge@acme.example"),
            ("Dana Roe", "12345+danar@users.noreply.github.com"),
        ] {
            assert!(!robot(name, email), "{name} <{email}>");
        }
        Ok(())
    }
}
