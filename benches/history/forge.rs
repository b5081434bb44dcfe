//! A history as projects have it: direct changes and merges, people who write and review, messages with trailers.
//! The same size always gives the same objects.

use std::fmt::Write as _;
use std::io::{self, Write};

const PEOPLE: &[&str] = &[
    "Dana Roe",
    "Eve Okafor",
    "Jürgen Weiß",
    "Mei Tanaka",
    "Amir Haddad",
    "Zoë Martin",
    "Łukasz Nowak",
    "Priya Nair",
    "Tom Becker",
    "Inês Costa",
    "Sam Lee",
    "Olga Ivanova",
    "Kofi Mensah",
    "Ana Ruiz",
    "Finn Larsen",
    "Noor Aziz",
];

const WORDS: &[&str] = &[
    "the", "ledger", "a", "report", "when", "reading", "of", "parser", "and", "retries", "after", "timeout", "in",
    "payments", "without", "locks", "because", "clients", "see", "stale", "rows", "now", "keeps", "order", "for",
    "every", "account", "so", "that", "tests", "no", "longer", "depend", "on", "time",
];

const VERBS: &[&str] = &["Fix", "Add", "Remove", "Rename", "Speed up", "Document", "Test", "Move"];

const FILES: u64 = 400;

/// Writes a stream for `git fast-import` with as many first-parent changes as asked for: half of them merges that
/// bring one to seven commits, three commits a change on the whole.
pub(crate) fn history(out: &mut impl Write, changes: usize) -> io::Result<()> {
    let mut forge = Forge { out, dice: Dice(0x9E37_79B9_7F4A_7C15), marks: 0, seconds: 1_500_000_000 };
    let mut tip = forge.commit("refs/heads/main", &[], "Begin\n")?;
    for number in 1..changes {
        tip = if forge.dice.roll(2) == 0 { forge.direct(tip, number)? } else { forge.merge(tip, number)? };
    }
    Ok(())
}

struct Forge<'o, W> {
    out: &'o mut W,
    dice: Dice,
    marks: usize,
    seconds: u64,
}

impl<W: Write> Forge<'_, W> {
    fn direct(&mut self, tip: usize, number: usize) -> io::Result<usize> {
        let mut message = self.message();
        match self.dice.roll(3) {
            0 => self.squashed(&mut message, number),
            1 => self.gerrit(&mut message, number),
            _ => self.signed_off(&mut message),
        }
        self.commit("refs/heads/main", &[tip], &message)
    }

    fn merge(&mut self, tip: usize, number: usize) -> io::Result<usize> {
        let mut arm = tip;
        for _ in 0..=self.dice.roll(7) {
            let mut message = self.message();
            if self.dice.roll(2) == 0 {
                self.signed_off(&mut message);
            }
            arm = self.commit("refs/heads/work", &[arm], &message)?;
        }
        let title = self.title();
        let message = if self.dice.roll(2) == 0 {
            format!("Merge pull request #{number} from somebody/branch-{number}\n\n{title}\n")
        } else {
            let approver = self.person();
            format!(
                "Merge branch 'branch-{number}' into 'main'\n\n{title}\n\nSee merge request acme/ledger!{number}\nApproved-by: {approver}\n"
            )
        };
        self.commit("refs/heads/main", &[tip, arm], &message)
    }

    fn squashed(&mut self, message: &mut String, number: usize) {
        let end = message.find('\n').unwrap_or(message.len());
        message.insert_str(end, &format!(" (#{number})"));
        let _ = write!(message, "\nCo-authored-by: {}\n", self.person());
    }

    fn gerrit(&mut self, message: &mut String, number: usize) {
        let (id, rest) = (self.dice.next(), self.dice.next());
        let _ = write!(message, "\nChange-Id: I{id:016x}{rest:016x}{number:08x}\n");
        let _ = writeln!(message, "Reviewed-on: https://review.acme.example/c/ledger/+/{number}");
        let _ = writeln!(message, "Reviewed-by: {}", self.person());
        message.push_str("Tested-by: CI Bot <ci@acme.example>\n");
    }

    fn signed_off(&mut self, message: &mut String) {
        let _ = write!(message, "\nSigned-off-by: {}\n", self.person());
        for key in ["Reviewed-by", "Acked-by", "Tested-by"] {
            if self.dice.roll(3) == 0 {
                let _ = writeln!(message, "{key}: {}", self.person());
            }
        }
    }

    fn commit(&mut self, branch: &str, parents: &[usize], message: &str) -> io::Result<usize> {
        self.marks += 1;
        self.seconds += 600 + self.dice.roll(7_200);
        let (mark, seconds) = (self.marks, self.seconds);
        let (author, committer) = (self.person(), self.person());
        writeln!(self.out, "commit {branch}\nmark :{mark}\nauthor {author} {seconds} +0100")?;
        writeln!(self.out, "committer {committer} {seconds} +0100\ndata {}\n{message}", message.len())?;
        for (at, parent) in parents.iter().enumerate() {
            writeln!(self.out, "{} :{parent}", if at == 0 { "from" } else { "merge" })?;
        }
        let (file, content) = (self.dice.roll(FILES), format!("as of change {mark}\n"));
        let (folder, name) = (file / 20, file % 20);
        writeln!(self.out, "M 100644 inline src/room{folder}/file{name}.txt\ndata {}\n{content}", content.len())?;
        Ok(mark)
    }

    fn message(&mut self) -> String {
        let mut message = self.title();
        message.push('\n');
        for line in 0..self.dice.roll(8) {
            message.push_str(if line == 0 { "\n" } else { "" });
            let words: Vec<&str> = (0..11).map(|_| self.dice.pick(WORDS)).collect();
            let _ = writeln!(message, "{}", words.join(" "));
        }
        message
    }

    fn title(&mut self) -> String {
        let words: Vec<&str> = (0..5).map(|_| self.dice.pick(WORDS)).collect();
        format!("{} {}", self.dice.pick(VERBS), words.join(" "))
    }

    fn person(&mut self) -> String {
        let (name, team) = (self.dice.pick(PEOPLE), self.dice.roll(12));
        let login = name.split(' ').next().unwrap_or(name).to_lowercase();
        format!("{name} <{login}@team{team}.acme.example>")
    }
}

/// A generator of numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn roll(&mut self, sides: u64) -> u64 {
        (self.next() >> 16) % sides
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.roll(from.len() as u64) as usize]
    }
}
