//! The patterns of a `CODEOWNERS`: what each forge makes of them, and whether a path matches.

/// A pattern, made ready: a path matches if all of its parts do, from the first to the last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

/// What a part of a pattern takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// Any number of folders, also none.
    Any,
    /// One name, as it is written.
    Name(String),
    /// One name that fits.
    Fits(Vec<Token>),
}

/// A piece of a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    One(char),
    /// Any one character.
    Some,
    /// Any number of characters.
    Many,
    /// One of these characters, or none of them.
    Of(Vec<(char, char)>, bool),
}

/// By what a path leads to the patterns that it may match.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// It lies at or below this path.
    Below(String),
    /// One of its names is this.
    Name(String),
    /// One of its names has this behind its last dot.
    Ending(String),
    /// Every path may match.
    All,
}

impl Pattern {
    /// A pattern as GitHub reads it: as in a `.gitignore`, where a pattern with a slash in it begins at the root, except
    /// that `docs/*` takes only what lies directly in the folder.
    ///
    /// # Errors
    /// What GitHub does not allow, in words.
    pub(super) fn github(written: &str) -> Result<Self, &'static str> {
        if written.starts_with('!') {
            return Err("GitHub knows no pattern that takes paths out");
        }
        if written.starts_with("\\#") {
            return Err("on GitHub no pattern can begin with #");
        }
        if unescaped(written, &['[', ']']) {
            return Err("GitHub knows no ranges of characters");
        }
        if written.contains("***") {
            return Err("three stars in a row mean nothing");
        }
        let rooted = written.starts_with('/');
        let mut names: Vec<&str> = written.strip_prefix('/').unwrap_or(written).split('/').collect();
        let folder = names.len() > 1 && names.last() == Some(&"");
        if folder {
            names.pop();
        }
        let mut parts = Vec::new();
        if !rooted && names.len() == 1 {
            parts.push(Part::Any);
        }
        let last = names.len() - 1;
        for (at, name) in names.iter().enumerate() {
            match *name {
                "**" if at < last => parts.push(Part::Any),
                "**" => parts.extend([Part::something(), Part::Any]),
                "*" if at == last => parts.push(Part::something()),
                name => {
                    parts.push(Part::name(name, false));
                    // A pattern that ends with a name takes a file of that name, or all of a folder.
                    parts.extend((at == last && !folder).then_some(Part::Any));
                }
            }
        }
        if folder {
            parts.extend([Part::something(), Part::Any]);
        }
        Ok(Self { parts }.simplified())
    }

    /// A pattern as GitLab reads it: one that does not begin with a slash may begin in any folder, one that ends with a
    /// slash takes what lies below, and every other takes files only.
    pub(super) fn gitlab(written: &str) -> Self {
        if written == "*" {
            return Self { parts: vec![Part::Any] };
        }
        let mut parts = Vec::new();
        if !written.starts_with('/') {
            parts.push(Part::Any);
        }
        let names: Vec<&str> = written.strip_prefix('/').unwrap_or(written).split('/').collect();
        let last = names.len() - 1;
        for (at, name) in names.iter().enumerate() {
            match *name {
                "" if at == last => parts.extend([Part::Any, Part::something()]),
                "**" if at < last => parts.push(Part::Any),
                name => parts.push(Part::name(name, true)),
            }
        }
        Self { parts }.simplified()
    }

    /// The same without what is said twice.
    fn simplified(mut self) -> Self {
        self.parts.dedup_by(|one, other| *one == Part::Any && *other == Part::Any);
        self
    }

    /// Whether a path, in its parts, matches.
    pub(super) fn matches(&self, path: &[&str]) -> bool {
        wild(&self.parts, path, |part| *part == Part::Any, |part, name| part.takes(name))
    }

    /// By what the paths that may match are found.
    pub(super) fn key(&self) -> Key {
        let names: Vec<&str> = self.parts.iter().map_while(Part::written).collect();
        if !names.is_empty() {
            return Key::Below(names.join("/"));
        }
        match self.parts.get(1).filter(|_| self.parts.first() == Some(&Part::Any)) {
            Some(Part::Name(name)) => Key::Name(name.clone()),
            Some(Part::Fits(tokens)) => ending(tokens).map_or(Key::All, Key::Ending),
            _ => Key::All,
        }
    }
}

/// What stands behind the last dot, if it is written out to its end.
fn ending(tokens: &[Token]) -> Option<String> {
    let dot = tokens.iter().rposition(|token| *token == Token::One('.'))?;
    let letter = |token: &Token| match token {
        Token::One(letter) => Some(*letter),
        _ => None,
    };
    tokens[dot + 1..].iter().map(letter).collect()
}

impl Part {
    /// One name, whatever it is.
    fn something() -> Self {
        Self::Fits(vec![Token::Many])
    }

    fn name(written: &str, ranges: bool) -> Self {
        let tokens = tokens(written, ranges);
        let letter = |token: &Token| match token {
            Token::One(letter) => Some(*letter),
            _ => None,
        };
        tokens.iter().map(letter).collect::<Option<String>>().map_or(Self::Fits(tokens), Self::Name)
    }

    fn written(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    fn takes(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Name(written) => written == name,
            Self::Fits(tokens) => {
                let letters: Vec<char> = name.chars().collect();
                wild(tokens, &letters, |token| *token == Token::Many, |token, letter| token.takes(*letter))
            }
        }
    }
}

impl Token {
    fn takes(&self, letter: char) -> bool {
        match self {
            Self::One(one) => *one == letter,
            Self::Some | Self::Many => true,
            Self::Of(ranges, not) => ranges.iter().any(|(from, to)| *from <= letter && letter <= *to) != *not,
        }
    }
}

fn tokens(written: &str, ranges: bool) -> Vec<Token> {
    let letters: Vec<char> = written.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(letter) = letters.get(at) {
        at += 1;
        match letter {
            '\\' if at < letters.len() => {
                tokens.push(Token::One(letters[at]));
                at += 1;
            }
            '*' if tokens.last() == Some(&Token::Many) => {}
            '*' => tokens.push(Token::Many),
            '?' => tokens.push(Token::Some),
            '[' if ranges => match set(&letters[at..]) {
                Some((set, length)) => {
                    tokens.push(set);
                    at += length;
                }
                // What has no end takes nothing, and a slash is part of no name.
                None => return vec![Token::One('/')],
            },
            letter => tokens.push(Token::One(*letter)),
        }
    }
    tokens
}

/// A set of characters behind its bracket, and its length with the bracket that ends it.
fn set(letters: &[char]) -> Option<(Token, usize)> {
    let not = matches!(letters.first(), Some('!' | '^'));
    let mut at = usize::from(not);
    let mut ranges = Vec::new();
    loop {
        let from = *letters.get(at)?;
        if from == ']' && !ranges.is_empty() {
            return Some((Token::Of(ranges, not), at + 1));
        }
        let to = letters.get(at + 2).filter(|to| letters.get(at + 1) == Some(&'-') && **to != ']');
        ranges.push((from, *to.unwrap_or(&from)));
        at += if to.is_some() { 3 } else { 1 };
    }
}

/// Whether one of some characters stands in a text without a backslash before it.
fn unescaped(text: &str, wanted: &[char]) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if wanted.contains(&letter) {
            return true;
        }
    }
    false
}

/// Whether a row of items fits a row of parts, some of which take any number of items. Only the last of these is ever
/// tried again, so that the time is that of one row by the other.
fn wild<P, I>(parts: &[P], items: &[I], many: impl Fn(&P) -> bool, takes: impl Fn(&P, &I) -> bool) -> bool {
    let (mut part, mut item) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while item < items.len() {
        match parts.get(part) {
            Some(one) if many(one) => {
                again = Some((part, item));
                part += 1;
            }
            Some(one) if takes(one, &items[item]) => {
                part += 1;
                item += 1;
            }
            _ => {
                let Some((from, took)) = again else { return false };
                again = Some((from, took + 1));
                part = from + 1;
                item = took + 1;
            }
        }
    }
    parts[part..].iter().all(many)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn takes(pattern: &Pattern, path: &str) -> bool {
        pattern.matches(&path.split('/').collect::<Vec<_>>())
    }

    #[test]
    fn github_reads_patterns_as_it_documents_them() {
        for (pattern, yes, no) in [
            ("*", &["a", "a/b/c.rs"][..], &[][..]),
            ("*.js", &["a.js", "x/y/a.js"], &["a.jsx", "js"]),
            ("/build/logs/", &["build/logs/a", "build/logs/x/y"], &["build/logs", "x/build/logs/a"]),
            ("docs/*", &["docs/getting-started.md"], &["docs/build-app/troubleshooting.md", "x/docs/a"]),
            ("apps/", &["apps/a", "x/apps/a/b"], &["apps", "xapps/a"]),
            ("/docs/", &["docs/a", "docs/a/b"], &["x/docs/a"]),
            ("/scripts/", &["scripts/a"], &["x/scripts/a"]),
            ("**/logs", &["logs", "build/logs", "deeply/nested/logs/a"], &["logs2"]),
            ("/apps/github", &["apps/github", "apps/github/a"], &["apps/github2", "x/apps/github"]),
            ("src/a", &["src/a", "src/a/b"], &["x/src/a"]),
            ("README", &["README", "x/README", "README/x"], &["README.md"]),
            ("/a/**/b", &["a/b", "a/x/b", "a/x/y/b", "a/b/c"], &["b"]),
            ("/a/**", &["a/b", "a/b/c"], &["a", "b/a"]),
            ("**", &["a", "a/b"], &[]),
            ("/*", &["a"], &["a/b"]),
            ("/", &[], &["a", "a/b"]),
            ("/a/*/c.md", &["a/b/c.md"], &["a/c.md", "a/b/b/c.md"]),
            ("file?.txt", &["file1.txt", "x/file2.txt"], &["file.txt", "file12.txt"]),
            ("path\\ with\\ spaces/", &["path with spaces/a"], &["path"]),
            (".github/*.yml", &[".github/a.yml"], &[".github/x/a.yml"]),
        ] {
            let compiled = Pattern::github(pattern).unwrap();
            for path in yes {
                assert!(takes(&compiled, path), "{pattern} takes {path}");
            }
            for path in no {
                assert!(!takes(&compiled, path), "{pattern} does not take {path}");
            }
        }
        for pattern in ["!a", "\\#a", "a[bc]", "a***"] {
            assert!(Pattern::github(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn gitlab_reads_patterns_as_it_documents_them() {
        for (pattern, yes, no) in [
            ("*", &["a", "a/b"][..], &[][..]),
            ("README.md", &["README.md", "x/README.md"], &["README.md/x"]),
            ("internal/README.md", &["internal/README.md", "docs/internal/README.md"], &["internal/x/README.md"]),
            ("/docs/", &["docs/a", "docs/a/b"], &["docs", "x/docs/a"]),
            ("/docs/*", &["docs/a"], &["docs/a/b"]),
            ("/docs/**/*.md", &["docs/a.md", "docs/x/y/a.md"], &["docs/a.rb"]),
            ("/docs/**", &["docs/a"], &["docs/a/b"]),
            ("/docs", &["docs"], &["docs/a"]),
            ("lib/", &["lib/a", "x/lib/a/b"], &["lib"]),
            ("*.rb", &["a.rb", "x/y/.a.rb"], &["rb"]),
            ("\\#file.rb", &["#file.rb"], &["file.rb"]),
            ("/[a-c]?/x", &["a1/x", "cz/x"], &["d1/x", "a/x"]),
            ("/[!a]/x", &["b/x"], &["a/x"]),
            ("/[a/x", &[], &["a/x", "[a/x"]),
        ] {
            let compiled = Pattern::gitlab(pattern);
            for path in yes {
                assert!(takes(&compiled, path), "{pattern} takes {path}");
            }
            for path in no {
                assert!(!takes(&compiled, path), "{pattern} does not take {path}");
            }
        }
    }

    #[test]
    fn a_path_finds_the_patterns_that_it_may_match() {
        for (pattern, key) in [
            ("/a/b/*.rs", Key::Below("a/b".to_owned())),
            ("README.md", Key::Name("README.md".to_owned())),
            ("*.rs", Key::Ending("rs".to_owned())),
            ("*", Key::All),
            ("*.r*", Key::All),
        ] {
            assert_eq!(Pattern::github(pattern).unwrap().key(), key, "{pattern}");
        }
    }
}
