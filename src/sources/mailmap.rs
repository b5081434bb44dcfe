//! `.mailmap`: which names and addresses stand for one person.

use rustc_hash::FxHashMap;

/// One version of a `.mailmap`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailmap {
    by_email: FxHashMap<String, Target>,
    by_name_and_email: FxHashMap<(String, String), Target>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Target {
    name: Option<String>,
    email: Option<String>,
}

impl Mailmap {
    /// Reads a `.mailmap`; lines that are not of one of Git's four forms say nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut map = Self::default();
        for line in text.lines() {
            let line = line.trim();
            if !line.starts_with('#') {
                map.add(line);
            }
        }
        map
    }

    fn add(&mut self, line: &str) {
        let Some((name, email, rest)) = person(line) else { return };
        let named = (!name.is_empty()).then(|| name.to_owned());
        match person(rest) {
            None => {
                let target = self.by_email.entry(email.to_lowercase()).or_default();
                target.name = named;
            }
            Some((old_name, old_email, _)) => {
                let target = Target { name: named, email: Some(email.to_owned()) };
                if old_name.is_empty() {
                    self.by_email.insert(old_email.to_lowercase(), target);
                } else {
                    self.by_name_and_email.insert((old_name.to_lowercase(), old_email.to_lowercase()), target);
                }
            }
        }
    }

    /// The address that stands for a person, in lower case, as `git log --use-mailmap` would find it.
    #[must_use]
    pub fn email(&self, name: &str, email: &str) -> String {
        let email = email.to_lowercase();
        if self.by_email.is_empty() && self.by_name_and_email.is_empty() {
            return email;
        }
        let key = (name.to_lowercase(), email);
        let target = self.by_name_and_email.get(&key).or_else(|| self.by_email.get(&key.1));
        target.and_then(|target| target.email.as_ref()).map_or(key.1, |email| email.to_lowercase())
    }

    /// Name and address that stand for a person, as `git log --use-mailmap` shows them.
    #[must_use]
    pub fn person(&self, name: &str, email: &str) -> (String, String) {
        let key = (name.to_lowercase(), email.to_lowercase());
        let target = self.by_name_and_email.get(&key).or_else(|| self.by_email.get(&key.1));
        let or = |found: Option<&String>, own: &str| found.map_or_else(|| own.to_owned(), Clone::clone);
        let (known_name, known_email) =
            (target.and_then(|to| to.name.as_ref()), target.and_then(|to| to.email.as_ref()));
        (or(known_name, name), or(known_email, email))
    }
}

/// `Name <address>` at the start of a text, and what is left behind it.
fn person(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('<')?;
    let close = open + text[open..].find('>')?;
    Some((text[..open].trim(), text[open + 1..close].trim(), text[close + 1..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_forms_map_as_git_maps_them() {
        let map = Mailmap::parse(
            "# people\nDana Roe <dana@acme.example>\n<dana@acme.example> <DR@old.example>\n\
             Sam Poe <sam@acme.example> <shared@acme.example>\nKim Lo <kim@acme.example> K <shared@acme.example>\n",
        );
        assert_eq!(map.email("x", "dr@OLD.example"), "dana@acme.example");
        assert_eq!(map.email("anyone", "shared@acme.example"), "sam@acme.example");
        assert_eq!(map.email("k", "Shared@acme.example"), "kim@acme.example");
        assert_eq!(map.email("Dana", "dana@acme.example"), "dana@acme.example");
        let shown = |name: &str, email: &str| map.person(name, email);
        assert_eq!(shown("x", "shared@acme.example"), ("Sam Poe".to_owned(), "sam@acme.example".to_owned()));
        assert_eq!(shown("Ann", "Ann@acme.example"), ("Ann".to_owned(), "Ann@acme.example".to_owned()));
    }
}
