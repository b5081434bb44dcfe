//! A repository with the registers of an organisation of some size, in which a few things are not as documented.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Files that have one size: configuration and controls.
const FILES: [(&str, &str); 5] = [
    (
        "tickmark.yaml",
        "organization: Acme
period: { from: 2026-01-01, to: 2026-06-30 }
registers:
  people:
    file: exports/people.csv
    columns: { id: id, name: name, emails: mail, type: type, episodes: [{ start: hired, end: left }] }
  accounts: { file: exports/accounts.csv, set: { system: shop, exported_at: 2026-06-30 } }
  training: { file: exports/training.csv }
  vulnerabilities: { file: exports/vulnerabilities.csv }
",
    ),
    (
        "controls/leavers.yaml",
        "id: C-01
title: Access ends when people leave
owner: p1@acme.example
criteria: [CC6.2]
test: leavers
with: { remove_within: 24h, clock: end }
",
    ),
    (
        "controls/accounts.yaml",
        "id: C-02
title: Accounts are protected
owner: p1@acme.example
criteria: [CC6.1]
test: accounts
with: { dormant_after: 90d }
",
    ),
    (
        "controls/training.yaml",
        "id: C-03
title: Everybody is trained
owner: p1@acme.example
criteria: [CC1.4]
test: security-training
with: { courses: [security], new_hire_within: 30d, repeat_every: 12mo, contractors: true }
",
    ),
    (
        "controls/vulnerabilities.yaml",
        "id: C-04
title: Vulnerabilities are mended in time
owner: p1@acme.example
criteria: [CC7.1]
test: remediation
with: { remediate_within: { high: 30d, low: 180d }, clock: detected }
",
    ),
];

/// Writes the repository, with nothing committed but its configuration.
pub(crate) fn write(folder: &Path, people: usize) -> io::Result<()> {
    for (name, text) in FILES {
        let path = folder.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)?;
    }
    fs::create_dir_all(folder.join("exports"))?;
    table(folder, "people", "id,name,mail,type,hired,left", people, &mut |out, at| {
        let left = if at % 100 == 7 { "2026-03-31" } else { "" };
        writeln!(out, "p{at},Person {at},p{at}@acme.example,employee,2024-0{}-01,{left}", 1 + at % 9)
    })?;
    table(folder, "training", "person,course,completed_at", people * 2, &mut |out, at| {
        let day = if at % 2 == 0 { "2025-02-10" } else { "2026-02-09" };
        writeln!(out, "p{}@acme.example,security,{day}", at / 2)
    })?;
    let accounts = "account_id,person,kind,enabled,created_at,disabled_at,last_login_at,mfa_enabled";
    table(folder, "accounts", accounts, people * 5, &mut |out, at| {
        let person = at / 5;
        let (enabled, disabled) = match (person % 100, at % 5) {
            (7, 0) => ("false", "2026-04-09"),
            (7, _) => ("false", "2026-03-31"),
            _ => ("true", ""),
        };
        let factor = at % 400 != 9;
        writeln!(out, "a{at},p{person}@acme.example,human,{enabled},2024-10-01,{disabled},2026-03-30,{factor}")
    })?;
    let vulnerabilities = "id,asset,severity,detected_at,fixed_at,status,owner";
    table(folder, "vulnerabilities", vulnerabilities, people * 20, &mut |out, at| {
        let severity = if at % 3 == 0 { "high" } else { "low" };
        let fixed = if at % 150 == 0 { "2026-05-30" } else { "2026-04-11" };
        let owner = at % people;
        writeln!(out, "V-{at},host-{},{severity},2026-04-01,{fixed},fixed,p{owner}@acme.example", at % 1000)
    })?;
    let repository = git2::Repository::init(folder).map_err(io::Error::other)?;
    commit(&repository).map_err(io::Error::other)
}

/// Writes one export, row by row.
fn table(
    folder: &Path,
    name: &str,
    header: &str,
    rows: usize,
    row: &mut dyn FnMut(&mut BufWriter<File>, usize) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(folder.join(format!("exports/{name}.csv")))?);
    writeln!(out, "{header}")?;
    for at in 0..rows {
        row(&mut out, at)?;
    }
    out.flush()
}

fn commit(repository: &git2::Repository) -> Result<(), git2::Error> {
    let mut index = repository.index()?;
    index.add_path(Path::new("tickmark.yaml"))?;
    let tree = repository.find_tree(index.write_tree()?)?;
    let time = git2::Time::new(1_767_225_600, 0);
    let who = git2::Signature::new("Person 1", "p1@acme.example", &time)?;
    repository.commit(Some("HEAD"), &who, &who, "Records of the half year", &tree, &[])?;
    Ok(())
}
