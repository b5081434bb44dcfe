//! A repository as an organisation has it that documents much: a long line of approved changes to its services, and for
//! each control a policy that says the same. The same size always gives the same objects.

use std::io::{self, Write};

const PEOPLE: usize = 50;
const SERVICES: usize = 200;
const AREAS: [&str; 4] = ["access", "change", "vendor", "incident"];

/// Where a control lies.
pub(crate) fn control_path(number: usize) -> String {
    format!("controls/{}/cm-{number:04}.yaml", AREAS[number % AREAS.len()])
}

/// A control, with the title that is given.
pub(crate) fn control(number: usize, title: &str) -> String {
    let owner = address(number);
    format!(
        "id: CM-{number:04}
title: {title}
owner: {owner}
criteria: [CC8.1]
since: 2024-01-01
policy: ../../policies/policy-{number:04}.md#approval
test: change-approval
with:
  branches: [main]
  approvals: 1
  paths: [services/s{}/**]
",
        number % SERVICES
    )
}

/// Writes a stream for `git fast-import`: all documents with the first commit, and one file of a service with each.
pub(crate) fn history(out: &mut impl Write, commits: usize, controls: usize) -> io::Result<()> {
    for at in 0..commits {
        let message = format!("Change {at}\n\nReviewed-by: {}\n", person(at + 1));
        let (who, seconds) = (person(at), 1_700_000_000 + at * 600);
        writeln!(out, "commit refs/heads/main\nauthor {who} {seconds} +0000\ncommitter {who} {seconds} +0000")?;
        writeln!(out, "data {}\n{message}", message.len())?;
        if at == 0 {
            documents(out, controls)?;
        }
        file(out, &format!("services/s{}/f{}.txt", at % SERVICES, at % 1000), &format!("as of change {at}\n"))?;
    }
    Ok(())
}

fn documents(out: &mut impl Write, controls: usize) -> io::Result<()> {
    file(out, "tickmark.yaml", "branches: [main]\nperiod: { from: 2026-01-01, to: 2026-12-31 }\n")?;
    let mut people = "id,name,emails\n".to_owned();
    for at in 0..PEOPLE {
        people += &format!("p{at},Person {at},{}\n", address(at));
    }
    file(out, "registers/people.csv", &people)?;
    for number in 0..controls {
        let title = format!("Changes to service {number} are approved before they land");
        file(out, &control_path(number), &control(number, &title))?;
        file(out, &format!("policies/policy-{number:04}.md"), &policy(number))?;
    }
    Ok(())
}

fn policy(number: usize) -> String {
    let (owner, approver, control) = (address(number), address(number + 1), control_path(number));
    let prose = "Text that explains what is meant, with reasons and examples. ".repeat(30);
    format!(
        "---
title: Policy {number}
owner: {owner}
approved_on: 2026-01-10
approved_by: {approver}
---
# Policy {number}

## Approval

Every change has [one approval](../{control}#with.approvals) of a person who is not its author before it lands.

## Review

This policy is reviewed every year. {prose}
"
    )
}

fn file(out: &mut impl Write, path: &str, text: &str) -> io::Result<()> {
    writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len())
}

fn person(number: usize) -> String {
    format!("Person {} <{}>", number % PEOPLE, address(number))
}

fn address(number: usize) -> String {
    format!("person{}@acme.example", number % PEOPLE)
}
