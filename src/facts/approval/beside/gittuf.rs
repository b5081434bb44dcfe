//! gittuf's attestations: who approved which tree on top of which commit, in DSSE envelopes.
//!
//! A code review names its approvers, and is signed by the application that saw them. An authorization is signed by whoever
//! gives it, and names nobody: the policy says whose the keys are. Signatures are looked at only where a control asks.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Beside, Job, Missing, discounted, tip_of};
use crate::facts::approval::found::{Discount, GivenFor, Role, Sealed};
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::sources::repo::Unreadable;
use crate::sources::signatures::dsse::Envelope;
use crate::sources::tree_object::Entry;
use crate::sources::tree_walk;

const POLICY: &str = "refs/gittuf/policy";
/// What the payload of every envelope is.
const PAYLOAD: &str = "application/vnd.gittuf+json";
/// The folders of the attestations in which reviews and authorizations stand.
const REVIEWS: &str = "code-review-approvals/refs";
const AUTHORIZATIONS: &str = "reference-authorizations/refs";

#[derive(Deserialize)]
struct Statement {
    predicate: Predicate,
}

/// The keys of both versions in use.
#[derive(Deserialize)]
struct Predicate {
    #[serde(default)]
    approvers: Option<Vec<String>>,
    #[serde(default, rename = "dismissedApprovers")]
    dismissed: Option<Vec<String>>,
    #[serde(rename = "targetRef")]
    target: String,
    #[serde(rename = "fromRevisionID", alias = "fromID")]
    from: String,
    #[serde(rename = "targetTreeID", alias = "targetID")]
    tree: String,
}

#[derive(Deserialize)]
struct Targets {
    delegations: Delegations,
}

#[derive(Deserialize)]
struct Delegations {
    #[serde(default)]
    principals: FxHashMap<String, Principal>,
    #[serde(default)]
    roles: Vec<Rule>,
}

#[derive(Deserialize)]
struct Principal {
    /// Name of a person; a principal without one is a bare key.
    #[serde(default, rename = "personID")]
    person: Option<String>,
    #[serde(default)]
    keys: Option<FxHashMap<String, serde::de::IgnoredAny>>,
    #[serde(default, rename = "associatedIdentities")]
    identities: Option<FxHashMap<String, String>>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default, rename = "principalIDs")]
    principals: Option<Vec<String>>,
}

/// What the attested policy says.
#[derive(Default)]
struct Policy {
    /// Forge identities and persons whom it trusts for the branch; `None` where no rule names any.
    trusted: Option<FxHashSet<String>>,
    /// The person whom it gives each key to, by the name of the key.
    holders: FxHashMap<String, String>,
}

/// An attestation with the file that holds it.
struct Attestation {
    path: String,
    blob: Oid,
    predicate: Predicate,
    /// The keys that its signatures name.
    keys: Vec<String>,
}

/// Somebody whom an attestation names, and why that does not count.
type Named<'a> = (&'a str, Person, Option<Discount>);

pub(super) fn read(job: &Job<'_>, beside: &mut Beside) -> Result<(), Missing> {
    let policy = policy(job)?;
    let places = Places::of(job);
    let mut all = attestations(job, REVIEWS)?;
    let reviews = all.len();
    all.extend(attestations(job, AUTHORIZATIONS)?);
    for (at, attestation) in all.iter().enumerate() {
        let Predicate { target, from, tree, .. } = &attestation.predicate;
        let Some((from, tree)) = Oid::parse(from.as_bytes()).zip(Oid::parse(tree.as_bytes())) else { continue };
        let branch = target.trim_start_matches("refs/heads/");
        let named = if at < reviews { attestation.reviewers() } else { attestation.signers(&policy) };
        for (commit, elsewhere) in places.find(from, tree) {
            beside.records(job.dialect).add(commit, &attestation.path);
            for (who, person, discount) in &named {
                let mut found = job.found(Role::Approval, Some(person.clone()), None, None);
                found.envelope = Some(Box::new(Sealed { blob: attestation.blob, reported: at < reviews }));
                found.given_for = Some(GivenFor::Tree(tree));
                let outsider = policy.trusted.as_ref().is_some_and(|trusted| !trusted.contains(*who));
                let other_branch =
                    (branch != job.branch).then(|| Discount::Elsewhere(format!("the branch {branch}").into()));
                let why = discount
                    .clone()
                    .or(other_branch)
                    .or_else(|| elsewhere.map(|why| Discount::Elsewhere(why.into())))
                    .or_else(|| outsider.then_some(Discount::Outsider));
                beside.add(commit, if let Some(why) = why { discounted(found, why) } else { found });
            }
        }
    }
    Ok(())
}

impl Attestation {
    /// Everybody whom a code review names.
    fn reviewers(&self) -> Vec<Named<'_>> {
        let named = |who: &'_ String| Person::from_login(who.rsplit_once('+').map_or(who.as_str(), |(login, _)| login));
        let given = self.predicate.approvers.iter().flatten().map(|who| (who.as_str(), named(who), None));
        let dismissed = self.predicate.dismissed.iter().flatten();
        given.chain(dismissed.map(|who| (who.as_str(), named(who), Some(Discount::Dismissed)))).collect()
    }

    /// Everybody whom the policy gives a key to that an authorization says it is signed with.
    fn signers<'a>(&'a self, policy: &'a Policy) -> Vec<Named<'a>> {
        let holder = |key: &String| policy.holders.get(key).map(|who| (who.as_str(), holder(who), None));
        self.keys.iter().filter_map(holder).collect()
    }
}

/// The person whom the policy names by an address or a login.
fn holder(name: &str) -> Person {
    if name.contains('@') { Person::new("", name) } else { Person::from_login(name) }
}

/// The changes of the branch, found by what an attestation names.
struct Places {
    exact: FxHashMap<(Oid, Oid), Vec<Oid>>,
    by_base: FxHashMap<Oid, Vec<Oid>>,
    by_tree: FxHashMap<Oid, Vec<Oid>>,
}

impl Places {
    fn of(job: &Job<'_>) -> Self {
        let mut places =
            Self { exact: FxHashMap::default(), by_base: FxHashMap::default(), by_tree: FxHashMap::default() };
        for landing in job.landings {
            let commit = job.history.get(landing.tip);
            let base = commit.parents.first().copied().unwrap_or(Oid::ZERO);
            places.exact.entry((base, commit.tree)).or_default().push(commit.id);
            places.by_base.entry(base).or_default().push(commit.id);
            places.by_tree.entry(commit.tree).or_default().push(commit.id);
        }
        places
    }

    /// The changes that an attestation covers exactly; else those that it nearly names, with what differs.
    fn find(&self, from: Oid, tree: Oid) -> Vec<(Oid, Option<&'static str>)> {
        if let Some(exact) = self.exact.get(&(from, tree)) {
            return exact.iter().map(|id| (*id, None)).collect();
        }
        let near = [
            (self.by_base.get(&from), "other content on the same base"),
            (self.by_tree.get(&tree), "the same content on another base"),
        ];
        near.into_iter().flat_map(|(ids, why)| ids.into_iter().flatten().map(move |id| (*id, Some(why)))).collect()
    }
}

/// Every attestation below a folder.
fn attestations(job: &Job<'_>, folder: &str) -> Result<Vec<Attestation>, Missing> {
    let read = |why: Unreadable| (job.tree, why);
    let entry = job.repo.entry_at(job.tree, folder).map_err(read)?;
    let Some(entry) = entry.filter(Entry::is_tree) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    tree_walk::files(
        job.repo,
        entry.id,
        |_| true,
        |path, blob| {
            if let Some((Statement { predicate }, envelope)) = open(&job.text(blob)?) {
                let (path, keys) = (format!("{folder}/{path}"), envelope.keys().map(str::to_owned).collect());
                found.push(Attestation { path, blob, predicate, keys });
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// The payload of a DSSE envelope, and the envelope; `None` for a file that is none, such as gittuf's own index.
fn open<T: DeserializeOwned>(text: &str) -> Option<(T, Envelope)> {
    let envelope = Envelope::parse(text).filter(|envelope| envelope.payload_type == PAYLOAD)?;
    Some((serde_json::from_slice(&envelope.payload).ok()?, envelope))
}

/// Whom the policy trusts for the branch, and whom it gives keys to.
fn policy(job: &Job<'_>) -> Result<Policy, Missing> {
    let Ok(Some((_, tree))) = tip_of(job.repo, POLICY) else { return Ok(Policy::default()) };
    let entry = job.repo.entry_at(tree, "metadata/targets.json").map_err(|why| (tree, why))?;
    let text = entry.map(|entry| job.text(entry.id)).transpose()?;
    let Some((Targets { delegations }, _)) = text.and_then(|text| open(&text)) else { return Ok(Policy::default()) };
    let branch = format!("git:refs/heads/{}", job.branch);
    let protects = |rule: &&Rule| {
        rule.principals.as_ref().is_some_and(|principals| !principals.is_empty())
            && rule.paths.iter().any(|path| glob::Pattern::new(path).is_ok_and(|pattern| pattern.matches(&branch)))
    };
    let named: FxHashSet<&String> =
        delegations.roles.iter().filter(protects).flat_map(|rule| rule.principals.iter().flatten()).collect();
    let principals = delegations.principals.iter().filter(|(id, _)| named.contains(id)).map(|(_, one)| one);
    let identities = |one: &Principal| one.identities.iter().flat_map(|map| map.values().cloned()).collect::<Vec<_>>();
    let trusted = principals.flat_map(|one| identities(one).into_iter().chain(one.person.clone())).collect();
    let mut holders = FxHashMap::default();
    for principal in delegations.principals.values() {
        let keys = principal.keys.iter().flat_map(FxHashMap::keys);
        holders.extend(keys.filter_map(|key| Some((key.clone(), principal.person.clone()?))));
    }
    Ok(Policy { trusted: (!named.is_empty()).then_some(trusted), holders })
}
