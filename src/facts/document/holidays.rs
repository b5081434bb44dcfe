//! The holidays of an organisation, where they stand in a file of their own.

use std::path::Path;
use std::sync::Arc;

use crate::error::Fault;
use crate::facts::calendar::Day;
use crate::sources::tree;
use crate::sources::yaml::{self, MAX_FAULTS};
use crate::text::{SourceText, Span, shown};

/// Reads the holidays of a file inside a folder, in the order of the file. A file of YAML is a list of days; any other
/// file is a text with one day on each line, behind which its name may stand, and `#` begins a remark.
///
/// # Errors
/// The file cannot be read or lies outside the folder, or something in it is no day: `documents/bad-date`.
pub fn read(root: &Path, path: &Path) -> Result<Vec<Day>, Vec<Fault>> {
    let source = tree::read_inside(root, path).map_err(|fault| vec![fault])?;
    let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    if is_yaml { list(&source) } else { lines(&source) }
}

fn list(source: &Arc<SourceText>) -> Result<Vec<Day>, Vec<Fault>> {
    let (mut days, mut faults) = (Vec::new(), Vec::new());
    for document in yaml::parse(source)? {
        match yaml::read::<Vec<Day>>(&document) {
            Ok(more) => days.extend(more),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(days) } else { Err(faults) }
}

fn lines(source: &Arc<SourceText>) -> Result<Vec<Day>, Vec<Fault>> {
    let (mut days, mut faults) = (Vec::new(), Vec::new());
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let word = line.split_whitespace().next().filter(|word| !word.starts_with('#'));
        if let Some(word) = word {
            let at = start + (line.len() - line.trim_start().len());
            match day(word) {
                Some(day) => days.push(day),
                None if faults.len() < MAX_FAULTS => faults.push(no_day(source, word, at)),
                None => break,
            }
        }
        start += line.len();
    }
    if faults.is_empty() { Ok(days) } else { Err(faults) }
}

/// A day in its only form.
fn day(word: &str) -> Option<Day> {
    let shaped = word.len() == 10
        && word.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    word.parse().ok().filter(|_| shaped).map(Day)
}

fn no_day(source: &Arc<SourceText>, word: &str, at: usize) -> Fault {
    Fault {
        rule: "documents/bad-date",
        message: format!("{} is no day of the calendar", shown(word)),
        label: "no such day".to_owned(),
        help: Some(
            "begin each line with a day, such as `2026-12-25`; its name may follow, and `#` begins a remark".to_owned(),
        ),
        source: Arc::clone(source),
        span: Span::new(at, at + word.len()),
        other: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn read_as(name: &str, text: &str) -> Result<Vec<String>, Vec<(String, String)>> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        let read = read(folder.path(), Path::new(name));
        let place = |fault: Fault| (fault.rule.to_owned(), fault.source.slice(fault.span).to_owned());
        read.map(|days| days.iter().map(Day::to_string).collect())
            .map_err(|faults| faults.into_iter().map(place).collect())
    }

    #[test]
    fn days_stand_in_a_list_or_on_lines() {
        let days = Ok(vec!["2026-12-25".to_owned(), "2026-01-01".to_owned()]);
        assert_eq!(read_as("holidays.yaml", "# Office Berlin\n- 2026-12-25\n- 2026-01-01\n"), days);
        assert_eq!(read_as("holidays.yml", "[2026-12-25, '2026-01-01']"), days);
        let text = "# Office Berlin\r\n\r\n2026-12-25  Christmas\r\n\t2026-01-01 # New Year\n\n";
        assert_eq!(read_as("holidays.txt", text), days);
        assert_eq!(read_as("holidays", "2026-12-25\n2026-01-01"), days);
        assert_eq!(read_as("holidays.txt", "# none\n"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_day_is_told_at_its_place() {
        let bad = |text: &str| ("documents/bad-date".to_owned(), text.to_owned());
        let text = "2026-02-30 never\n2026-12-25\n  25.12.2026\n20261225\n２０２６-12-25\nChristmas\n";
        let words = ["2026-02-30", "25.12.2026", "20261225", "２０２６-12-25", "Christmas"];
        assert_eq!(read_as("holidays.txt", text), Err(words.map(bad).to_vec()));
        assert_eq!(read_as("holidays.yaml", "- 2026-12-25\n- 2026-02-30\n"), Err(vec![bad("2026-02-30")]));
        assert_eq!(read_as("holidays.yaml", "christmas: 2026-12-25\n").unwrap_err()[0].0, "documents/wrong-type");
        assert_eq!(read_as("holidays.txt", &"x\n".repeat(100_000)).unwrap_err().len(), MAX_FAULTS);
    }

    #[test]
    fn only_files_inside_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("repository");
        fs::create_dir_all(inside.join("config")).unwrap();
        fs::write(folder.path().join("secret"), "2026-12-25\n").unwrap();
        fs::write(inside.join("config/holidays"), "2026-12-25\n").unwrap();
        let rule = |path: &str| read(&inside, Path::new(path)).map_err(|faults| faults[0].rule);
        assert_eq!(rule("config/holidays").map(|days| days.len()), Ok(1));
        assert_eq!(rule("./config/holidays").map(|days| days.len()), Ok(1));
        let outside = folder.path().join("secret");
        for path in ["../secret", "config/../../secret", "config", "none", outside.to_str().unwrap(), ""] {
            assert_eq!(rule(path), Err("documents/unreadable-file"), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("repository");
        fs::create_dir(&inside).unwrap();
        fs::write(folder.path().join("secret"), "2026-12-25\n").unwrap();
        std::os::unix::fs::symlink(folder.path(), inside.join("up")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret"), inside.join("holidays")).unwrap();
        for path in ["up/secret", "holidays"] {
            assert!(read(&inside, Path::new(path)).is_err(), "{path}");
        }
    }
}
