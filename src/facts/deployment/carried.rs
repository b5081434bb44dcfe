//! Which deployment carried each commit first.

use crate::facts::landing::History;

/// For each commit of a history the first of some deployments that has it, as its place in `deployed`: their commits in the
/// order of time. Each commit is looked at once.
#[must_use]
pub fn first(history: &History, deployed: impl Iterator<Item = u32>) -> Vec<Option<usize>> {
    let mut first = vec![None; history.commits.len()];
    let mut stack = Vec::new();
    for (place, from) in deployed.enumerate() {
        stack.push(from);
        while let Some(at) = stack.pop() {
            // Whatever has a place has given it to all that it contains.
            if first[at as usize].is_none() {
                first[at as usize] = Some(place);
                stack.extend(history.get(at).parents.iter().filter_map(|parent| history.find(*parent)));
            }
        }
    }
    first
}
