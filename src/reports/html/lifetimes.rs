//! How long items took, or have been open: a bar from the first day to the day on which it was done.

use maud::{Markup, html};

use super::marked::sum;
use super::timeline::percent;
use crate::reports::period::timeline::{ItemStanding, Lifetime, Lifetimes};
use crate::text::{safe, short};

/// Height of an item with its name, in pixels.
const ROW: usize = 34;
/// Room for the days below the bars.
const BELOW: usize = 20;

/// The drawing. Pointers begin at the test.
pub(super) fn drawn(of: &Lifetimes) -> Markup {
    let Some((first, last)) = span(of) else { return html! {} };
    let high = ROW * of.items.len();
    let open = of.items.iter().any(|one| one.to.is_none());
    html! {
        figure.lifetimes {
            figcaption { "How long each took: " (legend(of, open)) }
            svg role="img" width="100%" height=(high + BELOW) {
                title { "How long items took" }
                desc { "One bar for each item, from its first day to the day on which it was done. A bar with an open end is not done. Each has its name, its days and what was found beside it." }
                @for (at, one) in of.items.iter().enumerate() { (row(at, one, (first, last))) }
                line.axis x1="0" x2="100%" y1=(high) y2=(high) {}
                (edge(of, high))
            }
            @if of.left_out > 0 {
                p.note { (sum("lifetimes/left_out", of.left_out)) " more are not drawn; those with findings are drawn first." }
            }
        }
    }
}

/// The first and the last day that is drawn, as days from the first one of the items.
fn span(of: &Lifetimes) -> Option<(crate::facts::calendar::Day, f64)> {
    let first = of.items.iter().map(|one| one.from).min()?;
    let last = of.items.iter().map(|one| first.days_until(one.from) + i64::from(one.days)).max()?;
    Some((first, last.max(1) as f64))
}

fn legend(of: &Lifetimes, open: bool) -> Markup {
    let mut kinds: Vec<(&str, &str)> = of.items.iter().map(|one| kind(one.standing)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    html! {
        ul.legend {
            @for (class, words) in kinds {
                li { svg width="14" height="14" aria-hidden="true" { rect class={ "bar " (class) } width="14" height="14" {} } " " (words) }
            }
            @if open { li { b { "▸" } " not done yet" } }
        }
    }
}

const fn kind(standing: ItemStanding) -> (&'static str, &'static str) {
    match standing {
        ItemStanding::Passed => ("passed", "passed"),
        ItemStanding::Exception => ("exceptions", "exception"),
        ItemStanding::Unevidenced => ("unevidenced", "no evidence either way"),
        ItemStanding::Untestable => ("untestable", "could not be read"),
        ItemStanding::Pending => ("pending", "not yet due"),
    }
}

fn row(at: usize, one: &Lifetime, (first, last): (crate::facts::calendar::Day, f64)) -> Markup {
    let of = |name: &str| format!("lifetimes/items/{at}/{name}");
    let y = ROW * at;
    let share = |days: f64| 96.0 * days / last;
    let left = share(first.days_until(one.from) as f64);
    let wide = share(f64::from(one.days)).max(1.6);
    let (class, words) = kind(one.standing);
    let passed = one.standing == ItemStanding::Passed;
    html! {
        text.name x="0" y=(y + 13) data-at=(of("item")) data-value=(safe(&one.item)) { (short(&one.item)) }
        text.days x="100%" y=(y + 13) text-anchor="end" {
            tspan data-at=(of("days")) { (one.days) } (if one.days == 1 { " day" } else { " days" })
            @if one.to.is_none() { ", open" }
            @if !passed { " · " (words) }
        }
        rect class={ "bar " (class) } x=(percent(left)) width=(percent(wide)) y=(y + 19) height="9" {}
        @if one.to.is_none() { text.open x=(percent(left + wide)) y=(y + 28) { "▸" } }
    }
}

/// The first day at the left, and the last one at the right.
fn edge(of: &Lifetimes, high: usize) -> Markup {
    let first = of.items.iter().enumerate().min_by_key(|(_, one)| one.from);
    let last = of.items.iter().enumerate().filter_map(|(at, one)| Some((at, one.to?))).max_by_key(|(_, to)| *to);
    let open = of.items.iter().any(|one| one.to.is_none());
    html! {
        @if let Some((at, one)) = first {
            text.name x="0" y=(high + 15) data-at={ "lifetimes/items/" (at) "/from" } { (one.from) }
        }
        @if open { text.name x="100%" y=(high + 15) text-anchor="end" { "the day that is asked about" } }
        @else if let Some((at, to)) = last {
            text.name x="100%" y=(high + 15) text-anchor="end" data-at={ "lifetimes/items/" (at) "/to" } { (to) }
        }
    }
}
