//! gittuf's code-review attestations: who approved which tree on top of which commit, in DSSE envelopes.
//!
//! The signatures are not verified here, so such an approval is witnessed at most, never signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Beside, Job, Missing, discounted, tip_of};
use crate::facts::approval::found::{Discount, GivenFor, Role};
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::sources::repo::Unreadable;
use crate::sources::tree_object::Entry;
use crate::sources::tree_walk;

const POLICY: &str = "refs/gittuf/policy";
/// The folder of the attestations in which the reviews stand.
const REVIEWS: &str = "code-review-approvals/refs";

#[derive(Deserialize)]
struct Envelope {
    payload: String,
}

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

/// Which approvers the attested policy trusts for the branch; `None` where no rule names any.
type Trusted = Option<FxHashSet<String>>;

pub(super) fn read(job: &Job<'_>, beside: &mut Beside) -> Result<(), Missing> {
    let trusted = trusted(job)?;
    let places = Places::of(job);
    for (path, attestation) in attestations(job)? {
        let Some((from, tree)) = Oid::parse(attestation.from.as_bytes()).zip(Oid::parse(attestation.tree.as_bytes()))
        else {
            continue;
        };
        let branch = attestation.target.trim_start_matches("refs/heads/");
        for (commit, elsewhere) in places.find(from, tree) {
            beside.records(job.dialect).add(commit, &path);
            let dismissed = attestation.dismissed.iter().flatten().map(|who| (who, Some(Discount::Dismissed)));
            for (who, discount) in attestation.approvers.iter().flatten().map(|who| (who, None)).chain(dismissed) {
                let person = Person::from_login(who.rsplit_once('+').map_or(who.as_str(), |(login, _)| login));
                let mut found = job.found(Role::Approval, Some(person), None, None);
                found.given_for = Some(GivenFor::Tree(tree));
                let outsider = trusted.as_ref().is_some_and(|trusted| !trusted.contains(who));
                let other_branch =
                    (branch != job.branch).then(|| Discount::Elsewhere(format!("the branch {branch}").into()));
                let why = discount
                    .or(other_branch)
                    .or_else(|| elsewhere.map(|why| Discount::Elsewhere(why.into())))
                    .or_else(|| outsider.then_some(Discount::Outsider));
                beside.add(commit, if let Some(why) = why { discounted(found, why) } else { found });
            }
        }
    }
    Ok(())
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

/// Every attestation of a review, with the path of its file.
fn attestations(job: &Job<'_>) -> Result<Vec<(String, Predicate)>, Missing> {
    let read = |why: Unreadable| (job.tree, why);
    let folder = job.repo.entry_at(job.tree, REVIEWS).map_err(read)?;
    let Some(folder) = folder.filter(Entry::is_tree) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    tree_walk::files(
        job.repo,
        folder.id,
        |_| true,
        |path, blob| {
            if let Some(Statement { predicate }) = open(&job.text(blob)?) {
                found.push((format!("{REVIEWS}/{path}"), predicate));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// The payload of a DSSE envelope; `None` for a file that is none, such as gittuf's own index.
fn open<T: DeserializeOwned>(text: &str) -> Option<T> {
    let envelope: Envelope = serde_json::from_str(text).ok()?;
    serde_json::from_slice(&STANDARD.decode(envelope.payload).ok()?).ok()
}

/// The forge identities of the principals whom a rule of the policy names for the branch.
fn trusted(job: &Job<'_>) -> Result<Trusted, Missing> {
    let Ok(Some((_, tree))) = tip_of(job.repo, POLICY) else { return Ok(None) };
    let entry = job.repo.entry_at(tree, "metadata/targets.json").map_err(|why| (tree, why))?;
    let Some(targets) = entry.map(|entry| job.text(entry.id)).transpose()?.and_then(|text| open::<Targets>(&text))
    else {
        return Ok(None);
    };
    let branch = format!("git:refs/heads/{}", job.branch);
    let protects = |rule: &&Rule| {
        rule.principals.as_ref().is_some_and(|principals| !principals.is_empty())
            && rule.paths.iter().any(|path| glob::Pattern::new(path).is_ok_and(|pattern| pattern.matches(&branch)))
    };
    let named: FxHashSet<&String> =
        targets.delegations.roles.iter().filter(protects).flat_map(|rule| rule.principals.iter().flatten()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let principals = targets.delegations.principals.iter().filter(|(id, _)| named.contains(id));
    Ok(Some(
        principals
            .flat_map(|(_, principal)| principal.identities.iter().flat_map(|map| map.values().cloned()))
            .collect(),
    ))
}
