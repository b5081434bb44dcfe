//! Asks that the message of a change has the trailers that a control names.

use std::sync::Arc;

use super::tally::Tally;
use crate::checks::compose::{Exhibit, finding};
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::test::Test;
use crate::sources::trailers::Message;
use crate::text::{SourceText, shown};

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let missing = tally.trailers_missing.as_slice();
    let first = missing.first()?;
    let parameter = Some(("trailers", format!("each change has {}", listed(&tally.asked.trailers))));
    let text = format!("has no {}", shown(first));
    let labels = vec![Label { place: Place::Commit(tally.change.commit, None), text, primary: false }];
    Some(Exhibit { words: vec![("missing", listed(missing))], parameter, labels, ..Exhibit::default() })
}

/// Which of some trailers a message lacks. A key counts in any case of its letters, and only with something behind it; one
/// that was picked up from another commit does not count.
#[must_use]
pub fn lacking(wanted: &[String], message: &str) -> Vec<String> {
    let message = Message::parse(message);
    let has = |key: &str| {
        let own = message.trailers.iter().filter(|trailer| !trailer.inherited);
        let mut named = own.filter(|trailer| message.slice(trailer.key).eq_ignore_ascii_case(key));
        named.any(|trailer| !message.slice(trailer.value).trim().is_empty())
    };
    wanted.iter().filter(|key| !has(key.trim_end_matches(':'))).cloned().collect()
}

/// What is missing from the message of a commit that is about to be made.
#[must_use]
pub fn of_message(test: &Test, control: &Control, wanted: &[String], source: &Arc<SourceText>) -> Option<Finding> {
    let rule = test.rules.iter().find(|rule| rule.check == "trailers-given")?;
    let missing = lacking(wanted, source.text());
    let first = missing.first()?;
    let subject = Message::parse(source.text()).subject;
    let stated = Place::Text(Arc::clone(control.source()), control.parameter("trailers"));
    let labels = vec![
        Label { place: stated, text: format!("each change has {}", listed(wanted)), primary: true },
        Label {
            place: Place::Text(Arc::clone(source), subject),
            text: format!("has no {}", shown(first)),
            primary: false,
        },
    ];
    let change = source.text().get(subject.start..subject.end).unwrap_or_default().to_owned();
    let words = vec![("change", change), ("missing", listed(&missing))];
    // The message that was refused is kept there, and there is no commit yet that could be amended.
    let help = format!("git commit --edit --file=.git/COMMIT_EDITMSG --trailer \"{first}: ...\"");
    let found =
        finding(rule, Some(&control.text.id), "message", first, Exhibit { words, labels, ..Exhibit::default() });
    Some(Finding { help, ..found })
}

fn listed(keys: &[String]) -> String {
    keys.iter().map(|key| shown(key)).collect::<Vec<_>>().join(" and ")
}
