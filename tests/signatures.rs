//! Signatures, held against what `ssh-keygen` and `gpg` say of them. The keys and signatures lie in `tests/signatures`, whose
//! `make.sh` tells how they were made. Where a tool is missing, its part says that it was skipped.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tickmark::sources::signatures::{APPROVAL, GIT, Refusal, Signer, Signers};
use tickmark::text::SourceText;

type Verified = Result<Signer, Refusal>;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/signatures").join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A public key without its comment.
fn key(name: &str) -> String {
    text(&format!("keys/{name}.pub")).split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn seconds(time: &str) -> i64 {
    time.parse::<Timestamp>().unwrap().as_second()
}

fn signers(allowed: &str, revoked: Option<&str>) -> Signers {
    let none = || Signers::missing("there is none".to_owned(), "there is none".to_owned());
    let signers = none().with_ssh(SourceText::new("keys/allowed_signers", allowed), &TimeZone::UTC);
    match revoked {
        Some(list) => signers.with_revoked(SourceText::new("keys/revoked", list)),
        None => signers,
    }
}

/// The word for what was found.
fn word(verified: &Verified) -> &'static str {
    match verified {
        Ok(_) => "good",
        Err(Refusal::Broken(_)) => "broken",
        Err(Refusal::Unknown(..)) => "unknown",
        Err(Refusal::OutOfTime(..)) => "out of time",
        Err(Refusal::Revoked(..)) => "revoked",
        Err(Refusal::Untold(..)) => "untold",
    }
}

fn allowed_signers() -> String {
    let lines = [
        "# who may sign".to_owned(),
        String::new(),
        format!("tomas@acme.example,tomas@home.example namespaces=\"git,tickmark-*\" {} Tomás, office", key("tomas")),
        format!("\"mira@acme.example\" valid-after=\"20260101Z\",valid-before=\"202603010000Z\" {}", key("mira")),
        format!("mira@acme.example   valid-after=\"20260401Z\" {}", key("mira")),
        format!("*@acme.example,!sam@acme.example {}", key("ecdsa")),
        format!("\tlena@acme.example NAMESPACES=\"file\" {}", key("ecdsa-384")),
        format!("lena@acme.example {}", key("rsa")),
        format!("*@acme.example cert-authority {}", key("authority")),
    ];
    lines.join("\n") + "\n"
}

struct Case {
    name: &'static str,
    signature: &'static str,
    payload: &'static str,
    principal: &'static str,
    namespace: &'static str,
    time: &'static str,
    expected: &'static str,
}

/// A good signature, to be varied.
const GOOD: Case = Case {
    name: "good",
    signature: "tomas",
    payload: "payload",
    principal: "tomas@acme.example",
    namespace: GIT,
    time: "2026-03-11T10:00:00Z",
    expected: "good",
};

fn cases() -> Vec<Case> {
    let mira = Case { signature: "mira", principal: "mira@acme.example", ..GOOD };
    let ecdsa = Case { signature: "ecdsa", ..GOOD };
    vec![
        GOOD,
        Case { name: "another address of the same line", principal: "tomas@home.example", ..GOOD },
        Case { name: "another principal", principal: "sam@acme.example", expected: "not theirs", ..GOOD },
        Case { name: "tampered", payload: "other", expected: "broken", ..GOOD },
        Case { name: "made for another namespace", signature: "namespace", expected: "broken", ..GOOD },
        Case { name: "an approval", signature: "approval", namespace: APPROVAL, ..GOOD },
        Case { name: "an approval is no commit", signature: "approval", expected: "broken", ..GOOD },
        Case { name: "a key that nobody knows", signature: "stranger", expected: "unknown", ..GOOD },
        Case { name: "between two terms", expected: "out of time", ..mira },
        Case { name: "in the first term", time: "2026-02-28T23:59:59Z", expected: "good", ..mira },
        Case { name: "before the first term", time: "2025-12-31T23:59:59Z", expected: "out of time", ..mira },
        Case { name: "the last second of a term", time: "2026-03-01T00:00:00Z", expected: "good", ..mira },
        Case { name: "a second behind it", time: "2026-03-01T00:00:01Z", expected: "out of time", ..mira },
        Case { name: "the first second of a term", time: "2026-04-01T00:00:00Z", expected: "good", ..mira },
        Case { name: "a pattern", ..ecdsa },
        Case { name: "taken out of a pattern", principal: "sam@acme.example", expected: "not theirs", ..ecdsa },
        Case {
            name: "another use",
            signature: "ecdsa-384",
            principal: "lena@acme.example",
            expected: "unknown",
            ..GOOD
        },
        Case { name: "rsa", signature: "rsa", principal: "lena@acme.example", ..GOOD },
        Case { name: "rsa, tampered", signature: "rsa", payload: "other", expected: "broken", ..GOOD },
        Case { name: "a key without its certificate", signature: "certified", expected: "unknown", ..GOOD },
    ]
}

impl Case {
    fn verify(&self, signers: &Signers) -> Verified {
        let (payload, signature) = (text(self.payload), text(&format!("ssh/{}.sig", self.signature)));
        signers.verify(payload.as_bytes(), signature.as_bytes(), self.namespace, seconds(self.time))
    }

    /// Whether the tool accepts it; `None` where there is no such tool.
    fn tool(&self, folder: &Path, revoked: bool) -> Option<bool> {
        let time: String = self.time.chars().filter(|one| one.is_ascii_digit()).collect();
        let mut command = Command::new("ssh-keygen");
        command.args(["-Y", "verify", "-n", self.namespace, "-I", self.principal, "-f"]).arg(folder.join("allowed"));
        command.arg("-s").arg(at(&format!("ssh/{}.sig", self.signature))).arg(format!("-Overify-time={time}Z"));
        if revoked {
            command.arg("-r").arg(folder.join("revoked"));
        }
        let payload = File::open(at(self.payload)).unwrap();
        let run = command.stdin(payload).stdout(Stdio::null()).stderr(Stdio::null()).env("TZ", "UTC").status();
        run.ok().map(|status| status.success())
    }
}

/// What is found for a principal: a signature by a key that is not theirs is good for somebody else.
fn for_principal(verified: &Verified, principal: &str) -> &'static str {
    match verified {
        Ok(signer) if !signer.names.iter().any(|name| name == principal) && !signer.may_be(principal) => "not theirs",
        other => word(other),
    }
}

#[test]
fn ssh_signatures_are_judged_as_ssh_keygen_judges_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("allowed"), allowed_signers()).unwrap();
    let signers = signers(&allowed_signers(), None);
    let mut compared = 0;
    for case in cases() {
        let found = for_principal(&case.verify(&signers), case.principal);
        assert_eq!(found, case.expected, "{}", case.name);
        if let Some(accepted) = case.tool(folder.path(), false) {
            assert_eq!(accepted, found == "good", "{}: ssh-keygen says otherwise", case.name);
            compared += 1;
        }
    }
    if compared == 0 {
        eprintln!("skipped: there is no ssh-keygen to compare with");
    }
}

#[test]
fn revoked_keys_are_refused_as_ssh_keygen_refuses_them() {
    let folder = tempfile::tempdir().unwrap();
    let list = format!("# gone\n{} Tomás\n", key("tomas"));
    fs::write(folder.path().join("allowed"), allowed_signers()).unwrap();
    fs::write(folder.path().join("revoked"), &list).unwrap();
    let signers = signers(&allowed_signers(), Some(&list));
    let ecdsa = Case { signature: "ecdsa", name: "another key", ..GOOD };
    for (case, expected) in [(GOOD, "revoked"), (ecdsa, "good"), (Case { payload: "other", ..GOOD }, "broken")] {
        let verified = case.verify(&signers);
        assert_eq!(word(&verified), expected, "{}", case.name);
        if let Some(accepted) = case.tool(folder.path(), true) {
            assert_eq!(accepted, expected == "good", "{}: ssh-keygen says otherwise", case.name);
        }
        if let Err(Refusal::Revoked(signer, Some(place))) = verified {
            assert_eq!(signer.names, ["tomas@acme.example", "tomas@home.example"]);
            assert_eq!(place.source.position(place.span.start).line, 2);
        }
    }
}

#[test]
fn what_cannot_be_told_is_neither_good_nor_bad() {
    let broken_line = format!("{}dana@acme.example no-such-option {}\n", allowed_signers(), key("tomas"));
    let with = |allowed: &str, revoked: Option<&str>, case: Case| case.verify(&signers(allowed, revoked));
    let stranger = || Case { signature: "stranger", ..GOOD };
    // A key that is named elsewhere is known; one that is not may stand in the line that cannot be read.
    assert_eq!(word(&with(&broken_line, None, GOOD)), "good");
    let verified = with(&broken_line, None, stranger());
    assert!(matches!(&verified, Err(Refusal::Untold(why, _)) if why.contains("line 10")), "{verified:?}");
    for list in ["SSHKRL\n\0\0", "ssh-ed25519 AAAA\n", "tomas\n"] {
        assert_eq!(word(&with(&allowed_signers(), Some(list), GOOD)), "untold", "{list:?}");
    }
    let certificate = with(&allowed_signers(), None, Case { signature: "certificate", ..GOOD });
    assert!(matches!(&certificate, Err(Refusal::Untold(why, _)) if why.contains("cert-authority")), "{certificate:?}");
    let none = Signers::missing("there is none".to_owned(), "there is none".to_owned());
    assert_eq!(word(&GOOD.verify(&none)), "untold");
    let x509 = b"-----BEGIN SIGNED MESSAGE-----\nAAAA\n-----END SIGNED MESSAGE-----\n";
    assert_eq!(word(&none.verify(b"x", x509, GIT, 0)), "untold");
}

#[test]
fn lines_that_ssh_keygen_would_not_read_are_faults() {
    let key = key("tomas");
    for line in [
        key.clone(),
        format!("tomas@acme.example namespaces=git {key}"),
        format!("tomas@acme.example valid-after=\"2026-01-01\" {key}"),
        format!("tomas@acme.example valid-after=\"20260201\",valid-before=\"20260101\" {key}"),
        format!("tomas@acme.example namespaces=\"git\",namespaces=\"file\" {key}"),
        format!("tomas@acme.example cert-authority,no-touch {key}"),
        format!("\"tomas@acme.example {key}"),
        "tomas@acme.example ssh-ed25519".to_owned(),
        "tomas@acme.example ssh-ed25519 AAAA".to_owned(),
        format!("tomas@acme.example {}", key.replace("ssh-ed25519 ", "ssh-rsa ")),
    ] {
        let found = GOOD.verify(&signers(&line, None));
        assert_eq!(word(&found), "untold", "{line}");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("allowed"), &line).unwrap();
        assert_ne!(GOOD.tool(folder.path(), false), Some(true), "{line}");
    }
}

const OPENPGP: [(&str, &str, &str); 10] = [
    ("tomas", "2026-03-11T13:00:00Z", "good"),
    ("mira", "2026-03-11T13:00:00Z", "good"),
    ("pia-subkey", "2026-03-11T13:00:00Z", "good"),
    ("dana", "2026-06-01T13:00:00Z", "good"),
    ("sam-in-time", "2025-06-01T13:00:00Z", "good"),
    ("sam-too-late", "2026-03-11T13:00:00Z", "out of time"),
    ("lena", "2026-07-01T13:00:00Z", "revoked"),
    ("stranger", "2026-03-11T13:00:00Z", "unknown"),
    // The key was given up later, for no fault of what it had signed. Its owner says so, and `gpg` makes no difference.
    ("kai-before", "2026-07-01T13:00:00Z", "good"),
    ("tomas-tampered", "2026-03-11T13:00:00Z", "broken"),
];

fn openpgp(keyring: &[u8], name: &str, time: &str) -> Verified {
    let signers = Signers::missing(String::new(), String::new()).with_openpgp(keyring);
    let (name, payload) = name.strip_suffix("-tampered").map_or((name, "payload"), |name| (name, "other"));
    let signature = text(&format!("openpgp/{name}.asc"));
    signers.verify(text(payload).as_bytes(), signature.as_bytes(), GIT, seconds(time))
}

#[test]
fn openpgp_signatures_are_judged_as_gpg_judges_them() {
    let (armored, binary) =
        (fs::read(at("openpgp/keyring.asc")).unwrap(), fs::read(at("openpgp/keyring.gpg")).unwrap());
    let gpg = Gpg::new();
    for (name, time, expected) in OPENPGP {
        let verified = openpgp(&armored, name, time);
        assert_eq!(word(&verified), expected, "{name}: {verified:?}");
        assert_eq!(verified, openpgp(&binary, name, time), "{name}");
        if let Some(gpg) = &gpg {
            let accepted = gpg.accepts(name, time);
            assert_eq!(accepted, expected == "good" && name != "kai-before", "{name}: gpg says otherwise");
        }
    }
    let verified = openpgp(&armored, "pia-subkey", OPENPGP[2].1).unwrap();
    assert_eq!(verified.names, ["Pia Noor <pia@acme.example>"]);
    if gpg.is_none() {
        eprintln!("skipped: there is no gpg to compare with");
    }
}

/// `gpg` with the keyring, in a home of its own.
struct Gpg(tempfile::TempDir);

impl Gpg {
    fn new() -> Option<Self> {
        let gpg = Self(tempfile::tempdir().unwrap());
        let run = gpg.command().arg("--import").arg(at("openpgp/keyring.asc")).output().ok()?;
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        Some(gpg)
    }

    fn command(&self) -> Command {
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.0.path()).args(["--batch", "--quiet", "--no-tty", "--trust-model", "always"]);
        command
    }

    /// As Git asks it: one good signature, by a key that has neither ended nor been revoked.
    fn accepts(&self, name: &str, time: &str) -> bool {
        let (name, payload) = name.strip_suffix("-tampered").map_or((name, "payload"), |name| (name, "other"));
        let faked: String = time.chars().filter(|one| one.is_ascii_digit() || *one == 'T').collect();
        let mut command = self.command();
        command.arg("--faked-system-time").arg(format!("{faked}!")).args(["--status-fd", "1", "--verify"]);
        let run = command.arg(at(&format!("openpgp/{name}.asc"))).arg(at(payload)).output().unwrap();
        String::from_utf8_lossy(&run.stdout).contains("[GNUPG:] GOODSIG ")
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

#[test]
fn damaged_files_are_never_good_and_never_a_panic() {
    let keyring = fs::read(at("openpgp/keyring.gpg")).unwrap();
    let allowed = allowed_signers();
    let parts = [
        (fs::read(at("ssh/tomas.sig")).unwrap(), "ssh"),
        (fs::read(at("openpgp/tomas.asc")).unwrap(), "openpgp"),
        (fs::read(at("ssh/rsa.sig")).unwrap(), "ssh"),
    ];
    let payload = text("payload");
    let signers = signers(&allowed, None).with_openpgp(&keyring);
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    };
    for (signature, kind) in &parts {
        for _ in 0..600 {
            let mut bytes = signature.clone();
            let (from, to) = (bytes.len() / 8, bytes.len() - bytes.len() / 8);
            let place = from + next(to - from);
            match next(3) {
                0 => bytes[place] = b"ABCDwxyz0189+/="[next(15)],
                1 => drop(bytes.drain(place..(place + 1 + next(8)).min(to))),
                _ => bytes.insert(place, b'A'),
            }
            let verified = signers.verify(payload.as_bytes(), &bytes, GIT, seconds("2026-03-11T10:00:00Z"));
            // Some bits of the base64 and of what is not signed may differ; then it is by the same key as before.
            if let Ok(signer) = verified {
                assert!(signer.names.iter().any(|name| name.contains("tomas") || name.contains("lena")), "{kind}");
            }
        }
    }
    for _ in 0..150 {
        let mut bytes = keyring.clone();
        for _ in 0..=next(4) {
            let place = next(bytes.len());
            bytes[place] ^= 1 << next(8);
        }
        bytes.truncate(bytes.len() - next(200));
        let none = Signers::missing(String::new(), String::new()).with_openpgp(&bytes);
        let _ = none.verify(payload.as_bytes(), &parts[1].0, GIT, 0);
    }
}
