//! Every commit that can be reached from some tips, each read once, by all threads.
//!
//! The walk follows the parents that the objects themselves name, so neither a graft nor a shallow file can shorten
//! it: what is not there is reported as not there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::Scope;
use rustc_hash::FxHashSet;

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use crate::error::Result;

/// Commits handed to the reader at once: enough that threads seldom meet, few enough that all have work.
const BATCH: usize = 128;

/// One opened repository for each thread of the pool.
pub struct Repos {
    each: Vec<Mutex<Repo>>,
}

impl Repos {
    /// Opens the repository once for each thread.
    ///
    /// # Errors
    /// It cannot be opened again.
    pub fn open(repo: &Repo) -> Result<Self> {
        let threads = rayon::current_num_threads().max(1);
        let each = (0..threads).map(|_| repo.another().map(Mutex::new)).collect::<Result<_>>()?;
        Ok(Self { each })
    }

    /// The calling thread's repository.
    pub fn mine(&self) -> MutexGuard<'_, Repo> {
        let at = rayon::current_thread_index().unwrap_or(0) % self.each.len();
        lock(&self.each[at])
    }
}

/// A commit that could not be read, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The commit.
    pub id: Oid,
    /// Why it could not be read.
    pub why: Unreadable,
}

/// What a walk found.
#[derive(Debug)]
pub struct Walk<T> {
    /// What was made of each commit, in no particular order.
    pub commits: Vec<T>,
    /// Commits that are named as parents, but could not be read. Empty if and only if the walk is complete.
    pub failures: Vec<Failure>,
}

/// Reads every commit reachable from `tips` once. `parents` names the parents of a raw commit, `None` if it is
/// damaged; `read` makes something of a batch of commits. `progress` is told how many more have been read.
pub fn walk<T: Send>(
    repos: &Repos,
    tips: &[Oid],
    parents: impl Fn(&[u8]) -> Option<Vec<Oid>> + Sync,
    read: impl Fn(Vec<(Oid, Vec<u8>)>) -> Vec<T> + Sync,
    progress: impl Fn(usize) + Sync,
) -> Walk<T> {
    let job = Job {
        repos,
        parents,
        read,
        progress,
        seen: (0..64).map(|_| Mutex::new(FxHashSet::default())).collect(),
        pending: repos.each.iter().map(|_| Mutex::new(Vec::new())).collect(),
        done: Mutex::new(Vec::new()),
        failures: Mutex::new(Vec::new()),
    };
    rayon::scope(|scope| {
        for &tip in tips {
            if job.is_new(tip) {
                job.spawn_branch(scope, tip);
            }
        }
    });
    // What never filled a batch.
    for pending in &job.pending {
        let rest = std::mem::take(&mut *lock(pending));
        job.digest(rest);
    }
    let mut failures = job.failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    failures.sort_by_key(|failure| failure.id);
    Walk { commits: job.done.into_inner().unwrap_or_else(PoisonError::into_inner), failures }
}

struct Job<'r, T, P, R, N> {
    repos: &'r Repos,
    parents: P,
    read: R,
    progress: N,
    /// Commits that somebody has taken on, in shards by their first byte.
    seen: Vec<Mutex<FxHashSet<Oid>>>,
    /// Commits read, but not yet handed to `read`, of each thread.
    pending: Vec<Mutex<Vec<(Oid, Vec<u8>)>>>,
    done: Mutex<Vec<T>>,
    failures: Mutex<Vec<Failure>>,
}

impl<T, P, R, N> Job<'_, T, P, R, N>
where
    T: Send,
    P: Fn(&[u8]) -> Option<Vec<Oid>> + Sync,
    R: Fn(Vec<(Oid, Vec<u8>)>) -> Vec<T> + Sync,
    N: Fn(usize) + Sync,
{
    fn is_new(&self, id: Oid) -> bool {
        lock(&self.seen[usize::from(id.0[0]) % self.seen.len()]).insert(id)
    }

    fn spawn_branch<'s>(&'s self, scope: &Scope<'s>, tip: Oid) {
        scope.spawn(move |scope| self.branch(scope, tip));
    }

    /// Follows first parents; every other parent becomes a task that an idle thread can take.
    fn branch<'s>(&'s self, scope: &Scope<'s>, tip: Oid) {
        let repo = self.repos.mine();
        let mut next = Some(tip);
        while let Some(id) = next.take() {
            let bytes = match repo.read(id, ObjectKind::Commit, <[u8]>::to_vec) {
                Ok(bytes) => bytes,
                Err(why) => {
                    lock(&self.failures).push(Failure { id, why });
                    return;
                }
            };
            let Some(parents) = (self.parents)(&bytes) else {
                let why = Unreadable::Damaged("it has no header that Git would write".to_owned());
                lock(&self.failures).push(Failure { id, why });
                return;
            };
            for (at, &parent) in parents.iter().enumerate() {
                if self.is_new(parent) {
                    if at == 0 {
                        next = Some(parent);
                    } else {
                        self.spawn_branch(scope, parent);
                    }
                }
            }
            self.hand_over(scope, id, bytes);
        }
    }

    fn hand_over<'s>(&'s self, scope: &Scope<'s>, id: Oid, bytes: Vec<u8>) {
        let mut pending = lock(&self.pending[rayon::current_thread_index().unwrap_or(0) % self.pending.len()]);
        pending.push((id, bytes));
        if pending.len() >= BATCH {
            let batch = std::mem::take(&mut *pending);
            drop(pending);
            scope.spawn(move |_| self.digest(batch));
        }
    }

    fn digest(&self, batch: Vec<(Oid, Vec<u8>)>) {
        let count = batch.len();
        let made = (self.read)(batch);
        lock(&self.done).extend(made);
        (self.progress)(count);
    }
}

/// A panic elsewhere leaves these collections whole, so a poisoned lock is still good to use.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
