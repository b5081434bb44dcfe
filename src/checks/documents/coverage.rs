//! The categories in scope: each of their criteria has a control, and each control serves one of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::facts::document::control::Control;
use crate::facts::document::criteria::{self, Category};
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::{SourceText, Span};

/// The configuration, and where it says which categories are in scope.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The categories, as the configuration names them; the common criteria belong to every scope.
    pub categories: &'a [Category],
    /// The configuration.
    pub source: &'a Arc<SourceText>,
    /// Where it names them.
    pub span: Span,
}

/// Criteria in scope without a control, and controls that serve no criterion in scope. Nothing is said where no scope is.
#[must_use]
pub fn findings<'c>(
    pack: &Pack,
    scope: Scope<'_>,
    controls: impl Iterator<Item = &'c Control> + Clone,
) -> Vec<Finding> {
    if scope.categories.is_empty() {
        return Vec::new();
    }
    let categories: BTreeSet<Category> = scope.categories.iter().copied().chain([Category::Security]).collect();
    let cited = |control: &'c Control| control.text.criteria.iter().filter_map(|id| criteria::named(id));
    let covered: BTreeSet<&str> = controls.clone().flat_map(cited).collect();
    let within: BTreeSet<&str> = categories.iter().flat_map(|category| category.ids()).collect();
    let mut found: Vec<Finding> =
        categories.iter().filter_map(|category| uncovered(pack, scope, *category, &covered)).collect();
    // A control that serves a criterion which does not exist is told of elsewhere.
    let outside = |control: &&'c Control| {
        let mut ids = cited(control).peekable();
        ids.peek().is_some() && !ids.any(|id| within.contains(id))
    };
    found.extend(controls.filter(outside).filter_map(|control| out_of_scope(pack, scope, control)));
    found
}

fn uncovered(pack: &Pack, scope: Scope<'_>, category: Category, covered: &BTreeSet<&str>) -> Option<Finding> {
    let missing: Vec<&str> = category.ids().filter(|id| !covered.contains(id)).collect();
    let (_, rule) = pack.rule("documents/uncovered-criterion").filter(|_| !missing.is_empty())?;
    let (name, all) = (category.name(), category.ids().count());
    let what = match missing.len() {
        number if number == all => format!("none of its {all} criteria has a control"),
        1 => format!("one of its {all} criteria has no control"),
        number => format!("{number} of its {all} criteria have no control"),
    };
    let words = vec![("category", name.to_owned()), ("what", what), ("ids", missing.join(", "))];
    let text = if scope.categories.contains(&category) { "the scope" } else { "security belongs to every scope" };
    let labels = vec![label(scope.source, scope.span, text, true)];
    Some(compose::finding(rule, None, name, name, Exhibit { words, labels, ..Exhibit::default() }))
}

fn out_of_scope(pack: &Pack, scope: Scope<'_>, control: &Control) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/criteria-out-of-scope")?;
    let id = &control.text.id;
    let labels = vec![
        label(control.source(), control.entry("criteria"), "none of these is in scope", true),
        label(scope.source, scope.span, "the scope", false),
    ];
    let words = vec![("item", id.clone())];
    Some(compose::finding(rule, None, id, id, Exhibit { words, labels, ..Exhibit::default() }))
}

fn label(source: &Arc<SourceText>, span: Span, text: &str, primary: bool) -> Label {
    Label { place: Place::Text(Arc::clone(source), span), text: text.to_owned(), primary }
}
