//! Every commit that can be reached from some tips, each read once, by all threads.
//!
//! The walk follows the parents that the objects themselves name, so neither a graft nor a shallow file can shorten
//! it: what is not there is reported as not there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashSet;

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use crate::error::Result;

/// Commits handed to the reader at once: enough that threads seldom meet, few enough that all have work.
const BATCH: usize = 128;

/// Commits still to be visited that are worth waking another thread for.
const WORTH_SHARING: usize = 32;

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
    let walker = Walker {
        repos,
        parents,
        read,
        progress,
        seen: (0..64).map(|_| Mutex::new(FxHashSet::default())).collect(),
        shared: Shared::default(),
    };
    let start: Vec<Oid> = tips.iter().copied().filter(|tip| walker.is_new(*tip)).collect();
    lock(&walker.shared.work).queue.push(Work::Walk(start));
    let parts = rayon::broadcast(|_| walker.run());
    let mut walk = Walk { commits: Vec::new(), failures: Vec::new() };
    for (commits, failures) in parts {
        walk.commits.extend(commits);
        walk.failures.extend(failures);
    }
    walk.failures.sort_by_key(|failure| failure.id);
    walk
}

/// Something that one thread can do for another.
enum Work {
    /// Read these commits and whatever they lead to.
    Walk(Vec<Oid>),
    /// Make something of commits that have been read.
    Digest(Vec<(Oid, Vec<u8>)>),
}

/// Work that is offered to threads without any. Nobody offers unless somebody waits, so a busy thread keeps its own
/// stack to itself and takes no lock for it.
#[derive(Default)]
struct Shared {
    work: Mutex<Offered>,
    changed: Condvar,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Offered {
    queue: Vec<Work>,
    waiting: usize,
}

struct Walker<'r, P, R, N> {
    repos: &'r Repos,
    parents: P,
    read: R,
    progress: N,
    /// Commits that somebody has taken on, in shards by their first byte.
    seen: Vec<Mutex<FxHashSet<Oid>>>,
    shared: Shared,
}

impl<T, P, R, N> Walker<'_, P, R, N>
where
    T: Send,
    P: Fn(&[u8]) -> Option<Vec<Oid>> + Sync,
    R: Fn(Vec<(Oid, Vec<u8>)>) -> Vec<T> + Sync,
    N: Fn(usize) + Sync,
{
    fn is_new(&self, id: Oid) -> bool {
        lock(&self.seen[usize::from(id.0[0]) % self.seen.len()]).insert(id)
    }

    /// One thread's part: its own stack first, then whatever others offer, until nobody has anything.
    fn run(&self) -> (Vec<T>, Vec<Failure>) {
        let repo = self.repos.mine();
        let (mut made, mut failures) = (Vec::new(), Vec::new());
        let (mut stack, mut batch) = (Vec::new(), Vec::new());
        loop {
            while let Some(id) = stack.pop() {
                match self.visit(&repo, id, &mut stack) {
                    Ok(bytes) => batch.push((id, bytes)),
                    Err(why) => failures.push(Failure { id, why }),
                }
                if batch.len() >= BATCH {
                    let full = std::mem::take(&mut batch);
                    made.extend(self.share(full, &mut stack));
                }
            }
            made.extend(self.digest(std::mem::take(&mut batch)));
            match self.take() {
                Some(Work::Walk(more)) => stack = more,
                Some(Work::Digest(more)) => made.extend(self.digest(more)),
                None => return (made, failures),
            }
        }
    }

    fn visit(&self, repo: &Repo, id: Oid, stack: &mut Vec<Oid>) -> std::result::Result<Vec<u8>, Unreadable> {
        let bytes = repo.read(id, ObjectKind::Commit, <[u8]>::to_vec)?;
        let damaged = || Unreadable::Damaged("it has no header that Git would write".to_owned());
        let parents = (self.parents)(&bytes).ok_or_else(damaged)?;
        // The first parent comes last and so is followed first: what other parents lead to piles up meanwhile, enough
        // of it to be worth another thread's waking.
        stack.extend(parents.into_iter().rev().filter(|parent| self.is_new(*parent)));
        if stack.len() >= WORTH_SHARING && self.shared.waiting.load(Ordering::Relaxed) > 0 {
            let half = stack.drain(..stack.len() / 2).collect();
            self.offer(Work::Walk(half));
        }
        Ok(bytes)
    }

    /// Hands a full batch to a waiting thread, or makes something of it here. On a history without merges that is
    /// all that a second thread can do.
    fn share(&self, batch: Vec<(Oid, Vec<u8>)>, stack: &mut [Oid]) -> Vec<T> {
        if !stack.is_empty() && self.shared.waiting.load(Ordering::Relaxed) > 0 {
            self.offer(Work::Digest(batch));
            return Vec::new();
        }
        self.digest(batch)
    }

    fn digest(&self, batch: Vec<(Oid, Vec<u8>)>) -> Vec<T> {
        let count = batch.len();
        let made = if count == 0 { Vec::new() } else { (self.read)(batch) };
        (self.progress)(count);
        made
    }

    fn offer(&self, work: Work) {
        lock(&self.shared.work).queue.push(work);
        self.shared.changed.notify_one();
    }

    /// Waits for work; `None` once every thread waits, which means that there is none left anywhere.
    fn take(&self) -> Option<Work> {
        let mut offered = lock(&self.shared.work);
        offered.waiting += 1;
        self.shared.waiting.store(offered.waiting, Ordering::Relaxed);
        loop {
            if let Some(work) = offered.queue.pop() {
                offered.waiting -= 1;
                self.shared.waiting.store(offered.waiting, Ordering::Relaxed);
                return Some(work);
            }
            if offered.waiting >= rayon::current_num_threads() {
                self.shared.changed.notify_all();
                return None;
            }
            offered = self.shared.changed.wait(offered).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A panic elsewhere leaves these collections whole, so a poisoned lock is still good to use.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
