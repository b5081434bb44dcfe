//! One line of a `CODEOWNERS`.

use std::sync::Arc;

use super::pattern::Pattern;
use super::{Entry, Forge, Header, MAX_FAULTS, MAX_SECTIONS, Owner, Reading, fault};
use crate::text::{Span, shown};

impl Reading<'_> {
    /// Reads a line, which begins at a place of the text.
    pub(super) fn line(&mut self, line: &str, start: usize) {
        let begun = line.trim_start_matches('\u{feff}').trim_start();
        let (line, start) = (begun.trim_end(), start + line.len() - begun.len());
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if self.forge == Forge::GitLab
            && let Some(header) = self.header(line, start)
        {
            self.header = header;
            return;
        }
        let mut words = words(line, start, self.forge == Forge::GitHub);
        if words.is_empty() {
            return;
        }
        let (written, place) = words.remove(0);
        let Some(owners) = self.owners(words) else { return };
        let excluded = self.forge == Forge::GitLab && written.starts_with('!');
        let pattern = match self.forge {
            Forge::GitHub => Pattern::github(written),
            Forge::GitLab => Ok(Pattern::gitlab(written.strip_prefix('!').unwrap_or(written))),
        };
        let pattern = match pattern {
            Ok(pattern) => pattern,
            Err(why) => {
                let message = format!("{} is no pattern, so that this line says nothing: {why}", shown(written));
                return self.fault(place, message, "GitHub skips this line");
            }
        };
        let Header { number, name, optional, approvals, owners: of_section } = &self.header;
        let owners = if owners.is_empty() { Arc::clone(of_section) } else { owners.into() };
        let (section, optional, approvals) = (name.clone(), *optional, *approvals);
        if excluded {
            self.leaves.push((self.leaves.len(), *number, pattern));
        } else {
            self.takes.push((self.entries.len(), *number, pattern));
            self.entries.push(Entry { place, owners, approvals, section, optional });
        }
    }

    /// The heading of a section: `[Name]`, `^[Optional]`, `[Name][2] @owner`. `None` if the line is none.
    fn header(&mut self, line: &str, start: usize) -> Option<Header> {
        let (optional, rest) = line.strip_prefix('^').map_or((false, line), |rest| (true, rest));
        let (name, rest) = rest.strip_prefix('[')?.split_once(']')?;
        let name = name.trim();
        let number = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (approvals, rest) = number.map_or(("", rest), |(number, rest)| (number, rest));
        let place = Span::new(start, start + line.len());
        if name.is_empty() {
            self.fault(place, "a section has a name".to_owned(), "no name in the brackets");
        }
        let behind = start + line.len() - rest.len();
        let words = words(rest, behind, false);
        let owners = self.owners(words)?.into();
        let known = self.sections.len() + 1;
        let section = *self.sections.entry(name.to_lowercase()).or_insert(known);
        if section > MAX_SECTIONS {
            self.fault(place, format!("there are more than {MAX_SECTIONS} sections"), "this is one too many");
        }
        // What is no number, or nought, asks for one approval.
        let approvals = approvals.parse().unwrap_or(1).max(1);
        Some(Header { number: section.min(MAX_SECTIONS), name: Some(name.into()), optional, approvals, owners })
    }

    /// The owners of a line. `None` where one is none and the forge takes no notice of the line.
    fn owners(&mut self, words: Vec<(&str, Span)>) -> Option<Vec<Owner>> {
        let mut owners = Vec::with_capacity(words.len());
        let mut skipped = false;
        for (word, place) in words {
            if is_owner(word, self.forge) {
                owners.push(Owner { text: word.to_owned(), place });
                continue;
            }
            let (label, after) = match self.forge {
                Forge::GitHub => ("GitHub skips this line", ", so that this line says nothing"),
                Forge::GitLab => ("GitLab passes this over", ""),
            };
            skipped |= self.forge == Forge::GitHub;
            self.fault(place, format!("{} is no owner{after}", shown(word)), label);
        }
        (!skipped).then_some(owners)
    }

    fn fault(&mut self, place: Span, message: String, label: &str) {
        if self.faults.len() < MAX_FAULTS {
            let mut found = fault(self.source, place, message, label);
            found.help = Some("an owner is @login, @organisation/team or an address; a pattern is a path".to_owned());
            self.faults.push(found);
        }
    }
}

/// The words of a line with their places. A blank behind a backslash is part of a word; what begins with `#` is a
/// comment where the forge knows some at the end of a line.
fn words(line: &str, start: usize, comments: bool) -> Vec<(&str, Span)> {
    let mut words = Vec::new();
    let mut from: Option<usize> = None;
    let mut escaped = false;
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        let blank = letter.is_whitespace() && (!escaped || at == line.len());
        escaped = letter == '\\' && !escaped;
        match from {
            Some(begins) if blank => {
                words.push((&line[begins..at], Span::new(start + begins, start + at)));
                from = None;
            }
            None if comments && letter == '#' && !words.is_empty() => break,
            None if !blank => from = Some(at),
            _ => {}
        }
    }
    words
}

/// Whether a word names somebody: a login, a team, a role, or an address.
fn is_owner(word: &str, forge: Forge) -> bool {
    let of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let named = |name: &str| !name.is_empty() && name.chars().all(of_name);
    match (word.strip_prefix('@'), forge) {
        (Some(name), Forge::GitHub) => match name.split_once('/') {
            Some((organisation, team)) => named(organisation) && named(team),
            None => named(name),
        },
        (Some(name), Forge::GitLab) => name.strip_prefix('@').unwrap_or(name).split('/').all(named),
        (None, _) => match word.split_once('@') {
            Some((local, host)) => {
                !local.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.')
            }
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::codeowners::CodeOwners;
    use crate::text::SourceText;

    fn owners(file: &CodeOwners, path: &str) -> Vec<String> {
        let name = |entry: &Entry| entry.owners.iter().map(|owner| owner.text.clone()).collect::<Vec<_>>().join(" ");
        file.of(path).map(name).collect()
    }

    fn parse(path: &str, text: &str) -> CodeOwners {
        CodeOwners::parse(SourceText::new(path, text), path)
    }

    #[test]
    fn on_github_the_last_line_that_matches_counts() {
        let text =
            "# owners\n* @all\n\n*.js @js #inline\n/apps/ @octocat @acme/apps\n/apps/github\n/x.js docs@acme.example\n";
        let file = parse(".github/CODEOWNERS", text);
        assert!(file.faults.is_empty(), "{:?}", file.faults);
        assert_eq!(owners(&file, "a.txt"), ["@all"]);
        assert_eq!(owners(&file, "lib/a.js"), ["@js"]);
        assert_eq!(owners(&file, "apps/a.js"), ["@octocat @acme/apps"]);
        assert_eq!(owners(&file, "apps/github/a.js"), [""]);
        assert_eq!(owners(&file, "x.js"), ["docs@acme.example"]);
        assert_eq!(file.source.slice(file.entries[4].place), "/x.js");
    }

    #[test]
    fn github_skips_a_line_with_something_wrong() {
        let file = parse("CODEOWNERS", "* @all\n*.rs @a nobody\n!x @a\n/a[bc] @a\n/b @a\n");
        assert_eq!(file.faults.len(), 3);
        assert_eq!(file.source.slice(file.faults[0].span), "nobody");
        assert_eq!(owners(&file, "a.rs"), ["@all"]);
        assert_eq!(owners(&file, "b"), ["@a"]);
    }

    #[test]
    fn on_gitlab_each_section_has_its_own_answer() {
        let text = "* @general\n[Docs][2] @docs @acme/docs/team\ndocs/\n*.md @writers\n^[Data]\n*.sql @data\n\
                    [docs]\n!docs/generated/\n[Bad]\n/bad x @ok @@maintainer\n";
        let file = parse("CODEOWNERS", text);
        assert_eq!(file.forge, Forge::GitLab);
        assert_eq!(owners(&file, "docs/a.txt"), ["@general", "@docs @acme/docs/team"]);
        assert_eq!(owners(&file, "docs/a.md"), ["@general", "@writers"]);
        assert_eq!(owners(&file, "docs/generated/a.md"), ["@general"]);
        assert_eq!(owners(&file, "bad"), ["@general", "@ok @@maintainer"]);
        let of: Vec<_> = file.of("a.sql").map(|entry| (entry.optional, entry.approvals)).collect();
        assert_eq!(of, [(false, 1), (true, 1)]);
        assert_eq!(file.of("docs/a.md").last().map(|entry| entry.approvals), Some(2));
        assert_eq!(file.faults.len(), 1);
    }

    #[test]
    fn a_hundred_thousand_lines_are_no_matter() {
        let text: String = (0..100_000).map(|at| format!("/services/s{at}/ @acme/team-{at}\n")).collect();
        let file = parse("CODEOWNERS", &text);
        assert!(file.faults.is_empty());
        for at in (0..100_000).step_by(7) {
            assert_eq!(owners(&file, &format!("services/s{at}/src/main.rs")), [format!("@acme/team-{at}")]);
        }
        let alike: String = (0..100_000).map(|at| format!("*{at}* @acme/team\n")).collect();
        let file = parse("CODEOWNERS", &alike);
        assert_eq!((file.faults.len(), file.too_much), (1, true));
        assert!(owners(&file, "services/s7").is_empty());
    }
}
