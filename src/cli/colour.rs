//! Whether what is printed has colours.

use std::ffi::OsString;

use super::Color;

/// What the option says; then `NO_COLOR`, then `CLICOLOR_FORCE`, each if it is not empty; then whether a terminal that can
/// show colours reads it.
#[must_use]
pub fn wanted(asked: Color, terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let dumb = variable("TERM").is_some_and(|name| name == "dumb");
    let forced = variable("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !set("NO_COLOR") && (forced || (terminal && !dumb)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(asked: Color, terminal: bool, set: &[(&str, &str)]) -> bool {
        wanted(asked, terminal, |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_option_wins_then_no_color_then_force_then_the_terminal() {
        let (no, force, dumb) = (("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "dumb"));
        assert!(with(Color::Always, false, &[no, dumb]) && !with(Color::Never, true, &[force]));
        assert!(!with(Color::Auto, true, &[no, force]));
        assert!(with(Color::Auto, false, &[force]) && with(Color::Auto, true, &[force, dumb]));
        assert!(with(Color::Auto, true, &[]) && !with(Color::Auto, false, &[]) && !with(Color::Auto, true, &[dumb]));
        assert!(with(Color::Auto, true, &[("NO_COLOR", "")]), "an empty one says nothing");
        assert!(!with(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]));
    }
}
