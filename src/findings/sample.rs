//! A sample of a population that anybody can draw again: the same seed and the same items give the same sample.

use super::population::{Member, Population};
use crate::sources::content::sha256;

/// An item that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn<'a> {
    /// Its rank: SHA-256 of the seed, a line feed and its name in the population, in hexadecimal digits.
    pub rank: String,
    /// The item.
    pub member: &'a Member,
}

/// As many items as are asked for, or all: those of the lowest ranks, in their order. An item that is not yet due is not
/// drawn. No generator of random numbers is needed to draw the same: `printf 'SEED\nKEY' | sha256sum` gives each rank.
#[must_use]
pub fn draw<'a>(population: &'a Population, seed: &str, size: usize) -> Vec<Drawn<'a>> {
    let tested = population.members.iter().filter(|member| !member.pending);
    let mut drawn: Vec<Drawn<'a>> =
        tested.map(|member| Drawn { rank: sha256(format!("{seed}\n{}", member.line()).as_bytes()), member }).collect();
    drawn.sort_by(|one, other| one.rank.cmp(&other.rank));
    drawn.truncate(size);
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(keys: &[&str]) -> Population {
        let mut population = Population::default();
        keys.iter().for_each(|key| population.tested(Member::new(*key, *key, None)));
        population
    }

    fn keys(drawn: &[Drawn<'_>]) -> Vec<String> {
        drawn.iter().map(|drawn| drawn.member.key.clone()).collect()
    }

    #[test]
    fn a_sample_does_not_depend_on_the_order_of_the_items() {
        let (one, other) = (population(&["a", "b", "c", "d"]), population(&["d", "b", "a", "c"]));
        assert_eq!(keys(&draw(&one, "2026", 2)), keys(&draw(&other, "2026", 2)));
        assert_eq!(one.digest(), other.digest());
        assert_ne!(one.digest(), population(&["a", "b", "c"]).digest());
        let all = draw(&one, "2026", 9);
        assert_eq!(all.len(), 4, "a sample that is larger than the population is all of it");
        assert_eq!(keys(&all)[..2], keys(&draw(&one, "2026", 2)), "a larger sample holds the smaller one");
    }

    #[test]
    fn another_seed_is_another_sample_and_what_waits_is_not_drawn() {
        let letters: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        let mut all = population(&letters);
        assert_ne!(keys(&draw(&all, "one", 25)), keys(&draw(&all, "two", 25)));
        all.waits(Member::new("later", "later", None));
        assert_eq!(draw(&all, "one", 500).len(), 200);
    }
}
