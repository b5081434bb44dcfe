//! Attestations of gittuf, where a control asks for signed approvals: who signed an envelope, what it is bound to, and for
//! whom an application may speak.

use crate::cases::{check, root};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ssh_key::{HashAlg, LineEnding, PrivateKey};
use tickmark::error::Exit;
use tickmark::sources::repo::{ObjectKind, Repo};
use tickmark::sources::script::{self, Script};

const CONTROL: &str = "id: CM-01\ntitle: Changes are approved by others\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
                       since: 2026-01-01\ntest: change-approval\nwith:\n  branches: [main]\n  approvals: 1\n  assurance: signed\n";

fn key(name: &str) -> PrivateKey {
    PrivateKey::read_openssh_file(&root().join("tests/signatures/keys").join(name)).unwrap()
}

fn print(name: &str) -> String {
    key(name).public_key().fingerprint(HashAlg::Sha256).to_string()
}

fn line(principal: &str, name: &str) -> String {
    let mut public = key(name).public_key().clone();
    public.set_comment("");
    format!("{principal} {}\n", public.to_openssh().unwrap())
}

/// How an envelope is signed.
#[derive(Clone, Copy)]
enum Signing {
    /// As gittuf does it, with SSH.
    Ssh,
    /// With bare Ed25519.
    Plain,
}

/// An envelope with one signature by a key, which names a key.
fn envelope(statement: &Value, (by, named): (&str, &str), how: Signing) -> String {
    let kind = "application/vnd.gittuf+json";
    let payload = statement.to_string();
    let signed = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
    let signature = match how {
        Signing::Ssh => {
            let made = key(by).sign("git", HashAlg::Sha512, signed.as_bytes()).unwrap();
            made.to_pem(LineEnding::LF).unwrap().into_bytes()
        }
        Signing::Plain => {
            let made: ssh_key::Signature = signature::Signer::try_sign(&key(by), signed.as_bytes()).unwrap();
            made.as_bytes().to_vec()
        }
    };
    let (payload, sig) = (STANDARD.encode(payload), STANDARD.encode(signature));
    let envelope = json!({
        "payload": payload,
        "payloadType": kind,
        "signatures": [{ "keyid": print(named), "sig": sig }],
    });
    envelope.to_string()
}

/// The content of an attestation, by the base and the tree of the change.
type Attest = Box<dyn Fn(&str, &str) -> String>;

/// A change of Mira's and the attestation beside it, with the folder that it lies in.
struct World {
    folder: &'static str,
    attestation: Attest,
    applications: &'static str,
}

impl World {
    fn script(&self, ids: Option<(&str, &str)>) -> Script {
        let config = format!("signers: {{ ssh: keys/allowed_signers{} }}\n", self.applications);
        let allowed = line("tomas@acme.example", "tomas") + &line("mira@acme.example", "mira") + &line("app", "dana");
        let at = |hour: u8| format!("2026-03-11T{hour:02}:00:00+01:00");
        let start = json!({
            "tickmark.yaml": config, "keys/allowed_signers": allowed, "controls/change-approval.yaml": CONTROL,
        });
        let mut steps = vec![
            json!({ "commit": { "on": "main", "by": "dana", "at": "2025-12-01T09:00:00+01:00", "message": "Start the shop",
                                "files": start, "name": "start" } }),
            json!({ "commit": { "on": "main", "by": "mira", "at": at(10), "message": "Count cups",
                                "files": { "cart.txt": "three cups\n" }, "name": "change" } }),
        ];
        if let Some((from, tree)) = ids {
            let path = format!("{}/refs/heads/main/{from}-{tree}", self.folder);
            let path = if self.folder.starts_with("code") { path + "/github/YXBw" } else { path };
            let person =
                |name: &str| json!({ "personID": name, "keys": {}, "associatedIdentities": { "app": "tomas+7" } });
            let mut principals = json!({ "tomas@acme.example": person("tomas@acme.example") });
            principals["tomas@acme.example"]["keys"][print("tomas")] = json!({ "keyid": print("tomas") });
            let rule = json!({ "paths": ["git:refs/heads/main"], "principalIDs": ["tomas@acme.example"] });
            let targets = json!({ "delegations": { "principals": principals, "roles": [rule] } });
            let policy = envelope(&targets, ("dana", "dana"), Signing::Ssh);
            steps.extend([
                json!({ "commit": { "on": "notes", "by": "mira", "at": at(11), "message": "Attest",
                                    "files": { path: (self.attestation)(from, tree) }, "name": "attested" } }),
                json!({ "commit": { "on": "rules", "by": "dana", "at": at(11), "message": "Rules",
                                    "files": { "metadata/targets.json": policy }, "name": "ruled" } }),
                json!({ "ref": { "name": "refs/gittuf/attestations", "to": "attested" } }),
                json!({ "ref": { "name": "refs/gittuf/policy", "to": "ruled" } }),
            ]);
        }
        let people = json!({
            "dana": "Dana Roe <dana@acme.example>",
            "mira": "Mira Sand <mira@acme.example>",
        });
        serde_json::from_value(json!({ "people": people, "steps": steps })).unwrap()
    }

    /// The rules that find something, and how the run ends.
    fn found(&self) -> (Vec<String>, Exit) {
        let first = tempfile::tempdir().unwrap();
        let written = script::write(&self.script(None), first.path(), false).unwrap();
        let repo = Repo::open(first.path()).unwrap();
        let tree = |bytes: &[u8]| String::from_utf8_lossy(&bytes[5..45]).into_owned();
        let tree = repo.read(written.names["change"], ObjectKind::Commit, tree).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let from = written.names["start"].to_string();
        script::write(&self.script(Some((&from, &tree))), folder.path(), false).unwrap();
        let checked = check(folder.path(), Some("2026-06-30"), None).unwrap();
        let rules = checked.ledger.findings.iter().map(|finding| finding.rule.clone());
        (rules.filter(|rule| rule.starts_with("change/")).collect(), checked.ledger.exit())
    }
}

fn authorization(from: &str, tree: &str) -> Value {
    json!({
        "type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "gitTree": tree } }],
        "predicate_type": "https://gittuf.dev/reference-authorization/v0.2",
        "predicate": { "targetRef": "refs/heads/main", "fromID": from, "targetID": tree },
    })
}

fn authorized(by: (&'static str, &'static str), how: Signing) -> World {
    let attestation = move |from: &str, tree: &str| envelope(&authorization(from, tree), by, how);
    World { folder: "reference-authorizations", attestation: Box::new(attestation), applications: "" }
}

fn reviewed(applications: &'static str) -> World {
    let attestation = |from: &str, tree: &str| {
        let mut statement = authorization(from, tree);
        statement["predicate"]["approvers"] = json!(["tomas+7"]);
        envelope(&statement, ("dana", "dana"), Signing::Ssh)
    };
    World { folder: "code-review-approvals", attestation: Box::new(attestation), applications }
}

#[test]
fn an_authorization_that_its_giver_signed_is_a_signed_approval() {
    for how in [Signing::Ssh, Signing::Plain] {
        assert_eq!(authorized(("tomas", "tomas"), how).found(), (Vec::new(), Exit::Clean));
    }
}

#[test]
fn an_authorization_that_somebody_else_signed_is_none() {
    let by_author = authorized(("mira", "tomas"), Signing::Ssh).found();
    assert_eq!(by_author, (vec!["change/signer-not-approver".to_owned()], Exit::Exceptions));
    let plain = authorized(("mira", "tomas"), Signing::Plain).found();
    assert_eq!(plain, (vec!["change/signature-broken".to_owned()], Exit::Exceptions));
    let by_stranger = authorized(("stranger", "tomas"), Signing::Ssh).found();
    assert_eq!(by_stranger, (vec!["change/signer-unknown".to_owned()], Exit::Exceptions));
    // Whoever names a key that the policy gives to nobody has approved nothing.
    let unnamed = authorized(("stranger", "stranger"), Signing::Ssh).found();
    assert_eq!(unnamed, (vec!["change/unapproved".to_owned()], Exit::Exceptions));
}

#[test]
fn an_authorization_holds_for_what_was_signed_and_nothing_else() {
    let altered = |from: &str, tree: &str| {
        let signed = envelope(&authorization(from, &"0".repeat(40)), ("tomas", "tomas"), Signing::Ssh);
        let mut envelope: Value = serde_json::from_str(&signed).unwrap();
        envelope["payload"] = json!(STANDARD.encode(authorization(from, tree).to_string()));
        envelope.to_string()
    };
    let folder = "reference-authorizations";
    let world = World { folder, attestation: Box::new(altered), applications: "" };
    assert_eq!(world.found(), (vec!["change/signature-broken".to_owned()], Exit::Exceptions));
    let elsewhere =
        |from: &str, _: &str| envelope(&authorization(from, &"1".repeat(40)), ("tomas", "tomas"), Signing::Ssh);
    let world = World { folder, attestation: Box::new(elsewhere), applications: "" };
    assert_eq!(world.found(), (vec!["change/unapproved".to_owned()], Exit::Exceptions));
}

#[test]
fn an_application_speaks_for_reviewers_only_where_it_is_named() {
    assert_eq!(reviewed(", applications: [app]").found(), (Vec::new(), Exit::Clean));
    assert_eq!(reviewed("").found(), (vec!["change/signer-not-approver".to_owned()], Exit::Exceptions));
    // An application that is named does not speak for authorizations, which people give themselves.
    let mut world = authorized(("dana", "tomas"), Signing::Ssh);
    world.applications = ", applications: [app]";
    assert_eq!(world.found(), (vec!["change/signer-not-approver".to_owned()], Exit::Exceptions));
}
