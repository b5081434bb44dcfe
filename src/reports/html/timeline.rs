//! The items of a test over time, as stacked bars. Each kind has a pattern of its own, so that the drawing is read without
//! colours as well. Widths are shares of the drawing and letters keep their size, so that it fits a phone and a page.

use maud::{Markup, PreEscaped, html};

use super::marked::{counted, day, number, sum};
use crate::facts::calendar::Day;
use crate::reports::period::timeline::{Stretch, Tallied, Timeline, Unit};

/// Height of the bars, in pixels.
const HIGH: f64 = 96.0;
/// Room above the bars for their numbers.
const ABOVE: f64 = 18.0;
/// Room below the bars for days and marks.
const BELOW: f64 = 34.0;
/// A bar is never so small that it cannot be seen.
const LEAST: f64 = 4.0;
/// Share of the drawing that a bar has at most, in percent.
const WIDEST: f64 = 8.0;
/// With more stretches than this, not each of them has a number and a name.
const NAMED: usize = 13;

/// What bars are made of: the field of the document, what it is called, and how many there are.
type Kind = (&'static str, &'static str, fn(&Tallied) -> usize);

/// The kinds of items, from the ground of a bar up.
const KINDS: [Kind; 5] = [
    ("exceptions", "exceptions", |of| of.exceptions),
    ("untestable", "could not be read", |of| of.untestable),
    ("unevidenced", "no evidence either way", |of| of.unevidenced),
    ("passed", "passed", |of| of.passed),
    ("pending", "not yet due", |of| of.pending),
];

/// The patterns that fill bars, once for the page.
pub(super) fn patterns() -> Markup {
    PreEscaped(
        r#"<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="fill-exceptions" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground exceptions" width="6" height="6"/><rect class="line exceptions" width="3" height="6"/></pattern>
<pattern id="fill-unevidenced" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground unevidenced" width="6" height="6"/><circle class="line unevidenced" cx="3" cy="3" r="1.6"/></pattern>
<pattern id="fill-untestable" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground untestable" width="6" height="6"/><rect class="line untestable" width="6" height="2"/></pattern>
</defs></svg>"#
            .to_owned(),
    )
}

/// The drawing, and its numbers in a table. Pointers begin at the test.
pub(super) fn drawn(of: &Timeline) -> Markup {
    let unit = match of.unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    };
    let (first, last) = (of.stretches.first(), of.stretches.last());
    html! {
        figure.timeline {
            figcaption {
                "By " (unit)
                @if let Some((first, last)) = first.zip(last) {
                    ", " (day("timeline/stretches/0/from", first.from)) " to "
                    (day(&format!("timeline/stretches/{}/to", of.stretches.len() - 1), last.to))
                }
                (legend(of))
            }
            svg role="img" width="100%" height=(ABOVE + HIGH + BELOW) {
                title { "Items by " (unit) }
                desc { "One bar for each " (unit) ", from the oldest on the left to the newest on the right, stacked by what was found. The table below the drawing has the numbers." }
                (bars(of))
            }
            (elsewhere(of))
            details.numbers { summary { "The numbers of this drawing" } (numbers(of)) }
        }
    }
}

fn legend(of: &Timeline) -> Markup {
    let occurs = |count: fn(&Tallied) -> usize| of.stretches.iter().any(|stretch| count(&stretch.tallied) > 0);
    html! {
        ul.legend {
            @for (kind, words, _) in KINDS.iter().filter(|(_, _, count)| occurs(*count)) {
                li { svg width="14" height="14" aria-hidden="true" { rect class={ "bar " (kind) } width="14" height="14" {} } " " (words) }
            }
        }
    }
}

fn all(of: &Tallied) -> usize {
    KINDS.iter().map(|(_, _, count)| count(of)).sum()
}

fn parts(at: usize) -> String {
    KINDS.map(|(kind, ..)| format!("timeline/stretches/{at}/{kind}")).join(" ")
}

fn bars(of: &Timeline) -> Markup {
    let most = of.stretches.iter().map(|stretch| all(&stretch.tallied)).max().unwrap_or_default().max(1);
    // Counts are far below the 2^53 up to which a float is exact.
    let wide = 100.0 / of.stretches.len().max(1) as f64;
    let bar_wide = (wide * 0.8).min(WIDEST);
    let every = of.stretches.len().div_ceil(if of.unit == Unit::Month { NAMED } else { 5 }).max(1);
    html! {
        line.axis x1="0" x2="100%" y1=(ABOVE + HIGH) y2=(ABOVE + HIGH) {}
        @for (at, stretch) in of.stretches.iter().enumerate() {
            @let left = wide * at as f64;
            @let middle = percent(left + wide / 2.0);
            (bar(&stretch.tallied, (left + (wide - bar_wide) / 2.0, bar_wide), most))
            @if of.stretches.len() <= NAMED && all(&stretch.tallied) > 0 {
                text.total x=(middle) y=(top(&stretch.tallied, most) - 4.0) text-anchor="middle" data-sum=(parts(at)) {
                    (all(&stretch.tallied))
                }
            }
            @if at % every == 0 { (name(of.unit, at, stretch, (left, wide))) }
            @if stretch.tallied.exceptions > 0 && of.stretches.len() <= 2 * NAMED {
                text.marked x=(middle) y=(ABOVE + HIGH + 29.0) text-anchor="middle" {
                    "✗" tspan data-at={ "timeline/stretches/" (at) "/exceptions" } { (stretch.tallied.exceptions) }
                }
            }
        }
    }
}

/// Heights of the parts of a bar, from the ground up.
fn heights(of: &Tallied, most: usize) -> impl Iterator<Item = (&'static str, f64)> {
    let share = HIGH / most as f64;
    let of = *of;
    KINDS.into_iter().filter_map(move |(kind, _, count)| {
        let count = count(&of);
        (count > 0).then(|| (kind, (share * count as f64).max(LEAST)))
    })
}

fn top(of: &Tallied, most: usize) -> f64 {
    let high: f64 = heights(of, most).map(|(_, high)| high).sum();
    (ABOVE + HIGH - high).max(ABOVE - 6.0)
}

fn bar(of: &Tallied, (left, wide): (f64, f64), most: usize) -> Markup {
    let parts = heights(of, most).scan(ABOVE + HIGH, |ground, (kind, high)| {
        *ground -= high;
        Some((kind, *ground, high))
    });
    html! {
        @for (kind, y, high) in parts {
            rect class={ "bar " (kind) } x=(percent(left)) width=(percent(wide)) y=(format!("{y:.1}")) height=(format!("{high:.1}")) {}
        }
    }
}

/// The name of a stretch below its bar: a month by its name, anything else by its first day.
fn name(unit: Unit, at: usize, stretch: &Stretch, (left, wide): (f64, f64)) -> Markup {
    let form = if unit == Unit::Month { "%b" } else { "%-d %b" };
    let name = stretch.from.0.strftime(form).to_string();
    let (x, anchor) = if unit == Unit::Month { (left + wide / 2.0, "middle") } else { (left, "start") };
    html! {
        text.name x=(percent(x)) y=(ABOVE + HIGH + 14.0) text-anchor=(anchor) data-at={ "timeline/stretches/" (at) "/from" }
            data-value=(stretch.from) { (name) }
    }
}

pub(super) fn percent(share: f64) -> String {
    format!("{share:.3}%")
}

/// Items that lie in no stretch.
fn elsewhere(of: &Timeline) -> Markup {
    let places = [
        ("before", &of.before, "of days before the period"),
        ("after", &of.after, "of days after it"),
        ("undated", &of.undated, "without a day"),
    ];
    let places: Vec<_> = places.into_iter().filter(|(_, tallied, _)| all(tallied) > 0).collect();
    html! {
        @if !places.is_empty() {
            p.note {
                "Not drawn: "
                @for (place, (name, tallied, words)) in places.iter().enumerate() {
                    @if place > 0 { ", " }
                    (sum(&KINDS.map(|(kind, ..)| format!("timeline/{name}/{kind}")).join(" "), all(tallied))) " " (words)
                    @if tallied.exceptions > 0 {
                        " (" (counted(&format!("timeline/{name}/exceptions"), tallied.exceptions, ("exception", "exceptions"))) ")"
                    }
                }
                "."
            }
        }
    }
}

fn numbers(of: &Timeline) -> Markup {
    let occurs = |count: fn(&Tallied) -> usize| of.stretches.iter().any(|stretch| count(&stretch.tallied) > 0);
    let kinds: Vec<_> = KINDS.into_iter().filter(|(_, _, count)| occurs(*count)).collect();
    html! {
        table.narrow {
            caption { "Items by what was found" }
            thead { tr { th scope="col" { "From" } @for (_, words, _) in &kinds { th scope="col" { (words) } } } }
            tbody {
                @for (at, stretch) in of.stretches.iter().enumerate() {
                    tr {
                        th scope="row" { (day(&format!("timeline/stretches/{at}/from"), Day(stretch.from.0))) }
                        @for (kind, _, count) in &kinds {
                            td { (number(&format!("timeline/stretches/{at}/{kind}"), count(&stretch.tallied))) }
                        }
                    }
                }
            }
        }
    }
}
