//! Reads the page as a browser does, and holds every number and every word of it against the document.

use std::collections::BTreeSet;

use html5ever::driver::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::{Attribute, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use tickmark::text::safe;

/// What was seen on a page.
#[derive(Default)]
pub(super) struct Seen {
    /// Pointers of all values that it shows.
    pub(super) pointers: BTreeSet<String>,
    ids: BTreeSet<String>,
    links: BTreeSet<String>,
    heading: u8,
    /// What is wrong with it.
    pub(super) wrong: Vec<String>,
}

/// The value of an attribute by its name.
type Attr<'a> = &'a dyn Fn(&str) -> Option<String>;
/// An element with its attributes.
type Element<'a> = (&'a Handle, Attr<'a>);

/// Reads a page over its document.
pub(super) fn read(page: &str, document: &Value) -> Seen {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    let mut seen = Seen::default();
    seen.wrong.extend(dom.errors.borrow().iter().take(5).map(|error| format!("not HTML: {error}")));
    node(&dom.document, document, "", &mut seen);
    let lost: Vec<&String> = seen.links.difference(&seen.ids).collect();
    assert!(lost.is_empty(), "links lead to nothing: {lost:?}");
    seen
}

fn node(of: &Handle, document: &Value, base: &str, seen: &mut Seen) {
    let children = || of.children.borrow().clone();
    match &of.data {
        NodeData::Text { contents } => {
            let text = contents.borrow();
            if text.chars().any(char::is_numeric) {
                seen.wrong.push(format!("a number that nothing says the place of: {}", text.trim()));
            }
        }
        NodeData::Element { name, attrs, .. } => {
            let (name, attrs) = (name.local.to_string(), attrs.borrow());
            let attr =
                |wanted: &str| attrs.iter().find(|attr| &*attr.name.local == wanted).map(|attr| attr.value.to_string());
            element(&name, &attrs, seen);
            structure(of, &name, &attr, seen);
            let base = attr("data-of").unwrap_or_else(|| base.to_owned());
            if let Some(at) = attr("data-at") {
                shown(&absolute(&base, &at), (of, &attr), document, seen);
            } else if let Some(parts) = attr("data-sum") {
                summed(&base, &parts, (of, &attr), document, seen);
            } else if name == "title" && of.parent_is("head") || name == "abbr" && text(of) == "SHA-256" {
            } else if name == "style" {
                style(&text(of), seen);
            } else {
                children().iter().for_each(|child| node(child, document, &base, seen));
            }
        }
        _ => children().iter().for_each(|child| node(child, document, base, seen)),
    }
}

trait Parent {
    fn parent_is(&self, name: &str) -> bool;
}

impl Parent for Handle {
    fn parent_is(&self, wanted: &str) -> bool {
        let parent = self.parent.take();
        let found = parent.as_ref().and_then(std::rc::Weak::upgrade);
        self.parent.set(parent);
        found.is_some_and(|found| matches!(&found.data, NodeData::Element { name, .. } if &*name.local == wanted))
    }
}

/// Nothing runs, and nothing is loaded.
fn element(name: &str, attrs: &[Attribute], seen: &mut Seen) {
    if ["script", "iframe", "object", "embed", "base", "form", "link", "img", "image", "use", "a:image"].contains(&name)
    {
        seen.wrong.push(format!("an element {name}"));
    }
    for attr in attrs {
        let (key, value) = (attr.name.local.to_string(), attr.value.to_string());
        if key.starts_with("on") || key == "style" || key == "srcset" || key == "action" {
            seen.wrong.push(format!("an attribute {key}"));
        }
        match key.as_str() {
            "href" | "src" => match value.strip_prefix('#') {
                Some(id) => drop(seen.links.insert(id.to_owned())),
                None => seen.wrong.push(format!("a link to {value}")),
            },
            "id" if !seen.ids.insert(value.clone()) => seen.wrong.push(format!("two elements of the id {value}")),
            _ => {}
        }
    }
}

/// Headings come in order, and tables say what they are.
fn structure(of: &Handle, name: &str, attr: Attr<'_>, seen: &mut Seen) {
    if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
        if level > seen.heading + 1 {
            seen.wrong.push(format!("a heading {name} below one of level {}", seen.heading));
        }
        seen.heading = level;
    }
    if name == "table" {
        let first = of.children.borrow().first().cloned();
        if !first
            .is_some_and(|first| matches!(&first.data, NodeData::Element { name, .. } if &*name.local == "caption"))
        {
            seen.wrong.push("a table without a caption".to_owned());
        }
    }
    if name == "th" && attr("scope").is_none() {
        seen.wrong.push("a head of a table without a scope".to_owned());
    }
    if name == "svg" && attr("role").is_none() && attr("aria-hidden").is_none() {
        seen.wrong.push("a drawing that is neither named nor hidden".to_owned());
    }
}

fn style(text: &str, seen: &mut Seen) {
    let loads = text.matches("url(").count() != text.matches("url(#").count();
    if loads || text.contains("@import") || text.contains("http") || text.contains('<') {
        seen.wrong.push("the style sheet loads something".to_owned());
    }
}

fn absolute(base: &str, at: &str) -> String {
    if at.starts_with('/') { at.to_owned() } else { format!("{base}/{at}") }
}

fn shown(pointer: &str, (of, attr): Element<'_>, document: &Value, seen: &mut Seen) {
    let Some(value) = document.pointer(pointer) else {
        seen.wrong.push(format!("{pointer} is not in the document"));
        return;
    };
    seen.pointers.insert(pointer.to_owned());
    let text = text(of);
    let held = ["value", "datetime", "data-value"].into_iter().find_map(attr);
    let told = held.clone().unwrap_or_else(|| text.clone());
    let agrees = match value {
        Value::Number(number) => told.parse::<f64>().ok() == number.as_f64(),
        Value::String(words) => {
            let words = safe(words);
            // A sentence begins with a capital letter, whatever the document writes.
            let sentence = attr("class").as_deref() == Some("sentence");
            told == words || sentence && told.to_lowercase() == words.to_lowercase()
        }
        _ => false,
    };
    if !agrees {
        seen.wrong.push(format!("{pointer} is {value}, and not {told:?}"));
    }
    // What is shown in another form than it is held shows no other numbers.
    if let Some(held) = held {
        let percentage = attr("class").as_deref() == Some("percentage");
        let numbers = text
            .split(|one: char| !one.is_ascii_hexdigit())
            .filter(|one| one.bytes().any(|byte| byte.is_ascii_digit()));
        for number in numbers.filter(|_| !percentage) {
            if !held.contains(number) {
                seen.wrong.push(format!("{pointer} is {held}, and shown as {text}"));
            }
        }
        let percent = || text.trim_end_matches(" %").parse::<f64>().ok().zip(held.parse::<f64>().ok());
        if percentage && percent().is_some_and(|(shown, held)| (shown - held * 100.0).abs() > 0.051) {
            seen.wrong.push(format!("{pointer} is {held}, and shown as {text}"));
        }
    }
}

fn summed(base: &str, parts: &str, (of, attr): Element<'_>, document: &Value, seen: &mut Seen) {
    let mut sum = 0;
    for part in parts.split(' ') {
        let pointer = absolute(base, part);
        match document.pointer(&pointer).and_then(Value::as_u64) {
            Some(number) => sum += number,
            None => seen.wrong.push(format!("{pointer} is no number of the document")),
        }
        seen.pointers.insert(pointer);
    }
    if text(of) != sum.to_string() || attr("value").is_some_and(|value| value != sum.to_string()) {
        seen.wrong.push(format!("{parts} is {sum} in sum, and not {}", text(of)));
    }
}

/// The text of a node with all that is in it.
fn text(of: &Handle) -> String {
    let mut out = String::new();
    let mut rest = vec![of.clone()];
    while let Some(node) = rest.pop() {
        if let NodeData::Text { contents } = &node.data {
            out.push_str(&contents.borrow());
        }
        rest.extend(node.children.borrow().iter().rev().cloned());
    }
    out
}
