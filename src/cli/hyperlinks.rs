//! Links in a terminal: the file at which something was found opens where the terminal knows how (OSC 8).

use std::fmt::Write;
use std::path::Path;

/// How miette begins the line that names a place.
const BEGINNINGS: [&str; 2] = ["╭─[", "├─["];

/// The same report, in which each file below a folder that is there is a link to it.
#[must_use]
pub fn linked(report: Vec<u8>, folder: &Path) -> Vec<u8> {
    match (String::from_utf8(report), folder.canonicalize()) {
        (Ok(report), Ok(folder)) => links(&report, &folder).into_bytes(),
        (Ok(report), Err(_)) => report.into_bytes(),
        (Err(report), _) => report.into_bytes(),
    }
}

fn links(report: &str, folder: &Path) -> String {
    let mut out = String::with_capacity(report.len() + report.len() / 8);
    for line in report.split_inclusive('\n') {
        match place(line).and_then(|(from, until)| Some((from, until, address(folder, &line[from..until])?))) {
            Some((from, until, address)) => {
                let (before, place, behind) = (&line[..from], &line[from..until], &line[until..]);
                let _ = write!(out, "{before}\u{1b}]8;;{address}\u{1b}\\{place}\u{1b}]8;;\u{1b}\\{behind}");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Where a line names a place, from the bracket to the bracket, without what colours it.
fn place(line: &str) -> Option<(usize, usize)> {
    let begin = BEGINNINGS.iter().find_map(|begin| Some(line.find(begin)? + begin.len()))?;
    // Before the frame there are only blanks and colours: a line of a file cannot draw one.
    let before = &line[..begin];
    if before.contains('│') || before.contains('·') {
        return None;
    }
    let from = if line[begin..].starts_with('\u{1b}') { begin + line[begin..].find('m')? + 1 } else { begin };
    let until = from + line[from..].find([']', '\u{1b}'])?;
    Some((from, until))
}

/// The address of the file that is named, with its line and column behind it; nothing if there is no such file there.
fn address(folder: &Path, place: &str) -> Option<String> {
    let mut parts = place.rsplitn(3, ':');
    let (_, _, name) = (parts.next()?, parts.next()?, parts.next()?);
    // What is named otherwise is no file of the working tree: a commit, a note, an older version.
    let path = folder.join(name).canonicalize().ok().filter(|path| path.starts_with(folder) && path.is_file())?;
    const AS_IT_IS: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let path = path.to_str()?.replace('\\', "/");
    Some(format!("file://{}", percent_encoding::utf8_percent_encode(&path, AS_IT_IS)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_are_there_are_links() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        std::fs::create_dir(top.join("controls")).unwrap();
        std::fs::write(top.join("controls/a b.yaml"), "").unwrap();
        let report = "  × x\n   ╭─[controls/a b.yaml:3:1]\n   ╭─[\u{1b}[36;1;4mcontrols/a b.yaml:3:1\u{1b}[0m]\n 1 │ ╭─[controls/a b.yaml:3:1]\n   ╭─[../passwd:1:1]\n";
        let linked = links(report, &top);
        let address = format!("file://{}/controls/a%20b.yaml", top.display());
        assert!(
            linked.contains(&format!("╭─[\u{1b}]8;;{address}\u{1b}\\controls/a b.yaml:3:1\u{1b}]8;;\u{1b}\\]")),
            "{linked:?}"
        );
        assert_eq!(linked.matches(&address).count(), 2, "{linked:?}");
        assert!(linked.contains("│ ╭─[controls/a b.yaml:3:1]") && linked.contains("╭─[../passwd:1:1]"), "{linked:?}");
        // Without the links it is the same.
        let mut plain = linked.replace("\u{1b}]8;;\u{1b}\\", "");
        plain = plain.replace(&format!("\u{1b}]8;;{address}\u{1b}\\"), "");
        assert_eq!(plain, report);
    }
}
