//! What proves an approval: the signatures of the commits or of the envelope that hold it. They are looked at only where a
//! control asks for signed approvals.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::dialect::Dialect;
use super::found::{DialectId, Noted, Sealed, Seen};
use super::signers::{SignerFiles, Versions};
use super::trail::{Approval, Change};
use crate::facts::gap;
use crate::sources::commit::RawCommit;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind};
use crate::sources::signatures::dsse::Envelope;
use crate::sources::signatures::{APPROVAL, GIT, Refusal, Signer, Signers, object};
use crate::sources::writers;
use crate::text::decode_keeping_offsets;

/// A signature that was looked at: whose it is, or why that says nothing.
pub type Verified = Result<Signer, Refusal>;

/// The signatures on what holds an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// What holds it is not signed, or not all of it.
    Unsigned,
    /// All of these are on it, one for each commit that gave it its content; none is enough alone.
    Every(Vec<Verified>),
    /// These are on an envelope; one of them is enough.
    Any(Vec<Verified>),
    /// It is signed by an application that speaks for those whom it names.
    Vouched,
}

/// What signatures are verified with.
pub struct Verifying<'a> {
    /// A repository for each thread.
    pub repos: &'a Repos,
    /// What the clone says that it lacks.
    pub clone: &'a Gaps,
    /// Where the files of signers lie in the repository.
    pub files: &'a SignerFiles,
    /// The time zone in which days begin.
    pub zone: &'a TimeZone,
}

/// The proof of every approval of some changes, in their order.
#[must_use]
pub fn of_changes<'d>(
    verifying: &Verifying<'_>,
    dialects: impl Iterator<Item = (DialectId, &'d Dialect)>,
    changes: &[&Change],
) -> Vec<Vec<Proof>> {
    let Verifying { repos, clone, files, zone } = *verifying;
    let origins = origins(repos, dialects, changes);
    let reader = Reader { verifying, versions: Versions::new(repos, clone, files, zone), origins };
    changes.par_iter().map(|change| reader.of(change)).collect()
}

/// The commits that gave the records of a reference their content, by the record; `None` where that cannot be read.
type Origins = Option<FxHashMap<String, Vec<Oid>>>;

/// Finds out which commits wrote the records that approve some changes, for each dialect that has any.
fn origins<'d>(
    repos: &Repos,
    dialects: impl Iterator<Item = (DialectId, &'d Dialect)>,
    changes: &[&Change],
) -> FxHashMap<DialectId, Origins> {
    let mut wanted: FxHashMap<DialectId, BTreeSet<String>> = FxHashMap::default();
    for approval in changes.iter().flat_map(|change| &change.approvals).filter(|one| one.envelope.is_none()) {
        if let Some(record) = &approval.files {
            wanted.entry(approval.dialect).or_default().extend(record.iter().cloned());
        }
    }
    let mut found = FxHashMap::default();
    for (id, dialect) in dialects {
        let (Some(wanted), Some(reference)) = (wanted.get(&id), dialect.reference.as_deref()) else { continue };
        let tip = repos.mine().reference(reference).ok().flatten();
        found.insert(id, tip.and_then(|tip| writers::origins(repos, tip, wanted)));
    }
    found
}

struct Reader<'a> {
    verifying: &'a Verifying<'a>,
    versions: Versions<'a>,
    origins: FxHashMap<DialectId, Origins>,
}

impl Reader<'_> {
    fn of(&self, change: &Change) -> Vec<Proof> {
        let base = change.trees.1;
        let signers = self.versions.in_tree(base);
        // The approvals of a change mostly stand in the same commit.
        let mut known: FxHashMap<Oid, Option<Verified>> = FxHashMap::default();
        let mut commit = |id: Oid| known.entry(id).or_insert_with(|| self.commit(id, &signers)).clone();
        let of = |approval: &Approval| match (approval.seen, approval.envelope) {
            (Seen::Beside, Some(envelope)) => self.envelope(envelope, change, &signers),
            (Seen::Beside, None) if let Some(noted) = &approval.noted => {
                self.noted((approval, noted), &signers, &mut commit)
            }
            (Seen::Beside, None) => self.record(approval, &mut commit),
            _ => commit(approval.commit).map_or(Proof::Unsigned, |verified| Proof::Every(vec![verified])),
        };
        change.approvals.iter().map(of).collect()
    }

    /// The signature of a commit; `None` if it has none.
    fn commit(&self, id: Oid, signers: &Result<Arc<Signers>, String>) -> Option<Verified> {
        let read = self.verifying.repos.mine().read(id, ObjectKind::Commit, |bytes| {
            let at = RawCommit::parse(bytes).filter(|raw| raw.unverifiable.is_none()).map(|raw| raw.committer.seconds);
            (object::commit(bytes), at)
        });
        let untold = |what: String| Some(Err(Refusal::untold(what)));
        match read {
            Err(why) => untold(gap::object(self.verifying.clone, id, &why, "a signature cannot be read").what),
            Ok((None, _)) => None,
            Ok((Some(_), None)) => untold(format!("commit {id} has a header that readers take differently")),
            Ok((Some(signed), _)) if signed.ambiguous => {
                Some(Err(Refusal::Broken("the commit has more than one signature".to_owned())))
            }
            Ok((Some(signed), Some(at))) => match signers {
                Ok(signers) => Some(signers.verify(&signed.payload, &signed.signature, GIT, at)),
                Err(what) => untold(what.clone()),
            },
        }
    }

    /// The signatures of every commit that gave a record its content: what is not signed is nobody's.
    fn record(&self, approval: &Approval, commit: &mut impl FnMut(Oid) -> Option<Verified>) -> Proof {
        let (Some(record), Some(origins)) = (&approval.files, self.origins.get(&approval.dialect)) else {
            return Proof::Unsigned;
        };
        let Some(origins) = origins else {
            let what = format!("who wrote {} cannot be read", approval.key);
            return Proof::Every(vec![Err(Refusal::untold(what))]);
        };
        let mut verified = Vec::new();
        for key in record.iter() {
            let Some(commits) = origins.get(key) else { return Proof::Unsigned };
            for id in commits {
                let Some(one) = commit(*id) else { return Proof::Unsigned };
                verified.push(one);
            }
        }
        if verified.is_empty() { Proof::Unsigned } else { Proof::Every(verified) }
    }

    /// The signature on a line of a note. One without counts by those of every commit that brought it.
    fn noted(
        &self,
        (approval, noted): (&Approval, &Noted),
        signers: &Result<Arc<Signers>, String>,
        commit: &mut impl FnMut(Oid) -> Option<Verified>,
    ) -> Proof {
        let unknown = || Err(Refusal::untold(format!("who wrote {}, and when, cannot be read", approval.key)));
        let Some(signed) = &noted.signed else {
            let all: Option<Vec<Verified>> = noted.commits.iter().map(|id| commit(*id)).collect();
            return match all {
                Some(all) if all.is_empty() => Proof::Every(vec![unknown()]),
                Some(all) => Proof::Every(all),
                None => Proof::Unsigned,
            };
        };
        // Whoever holds a key that has ended can write an older time into the line, and let somebody else bring it.
        let at = noted.came_at.map(|came| came.max(noted.said_at));
        Proof::Every(vec![match (signers, at) {
            (Err(what), _) => Err(Refusal::untold(what.clone())),
            (Ok(_), None) => unknown(),
            (Ok(signers), Some(at)) => {
                signers.verify(signed.payload.as_bytes(), signed.armored.as_bytes(), APPROVAL, at.seconds)
            }
        }])
    }

    /// The signatures of an envelope. It does not say when they were made, so keys are asked about the time of the change.
    fn envelope(&self, sealed: Sealed, change: &Change, signers: &Result<Arc<Signers>, String>) -> Proof {
        let id = sealed.blob;
        let untold = |what: String| Proof::Any(vec![Err(Refusal::untold(what))]);
        let signers = match signers {
            Ok(signers) => signers,
            Err(what) => return untold(what.clone()),
        };
        let text = self.verifying.repos.mine().read(id, ObjectKind::Blob, decode_keeping_offsets);
        let text = match text {
            Ok(text) => text,
            Err(why) => return untold(gap::object(self.verifying.clone, id, &why, "a signature cannot be read").what),
        };
        let Some(envelope) = Envelope::parse(&text) else {
            return untold(format!("the envelope {} cannot be read", id.short()));
        };
        let verified = envelope.verify(signers, change.landed_at.seconds);
        let applications = &self.verifying.files.applications;
        let speaks = |signer: &Signer| signer.names.iter().any(|name| applications.iter().any(|one| is_in(name, one)));
        if sealed.reported && verified.iter().flatten().any(speaks) {
            Proof::Vouched
        } else if verified.is_empty() {
            Proof::Unsigned
        } else {
            Proof::Any(verified)
        }
    }
}

/// Whether a principal or a user id is, or has, an address.
fn is_in(name: &str, address: &str) -> bool {
    name == address || name.split_once('<').is_some_and(|(_, rest)| rest.trim_end_matches('>') == address)
}
