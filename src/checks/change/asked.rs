//! Which rules of changes a control asks at all.

use serde_json::Value;

/// Whether a control that states this for its test asks something.
type Condition = fn(&Value) -> bool;

/// Checks that are asked only of a control that states something, each with what that is.
pub(super) const CONDITIONS: &[(&str, Condition)] = &[
    ("signature-verifies", signed),
    ("signer-known", signed),
    ("key-in-time", signed),
    ("key-not-revoked", signed),
    ("signed-by-approver", signed),
    ("signatures-readable", signed),
    ("code-owners-approved", |with| states(with, "code_owners")),
    ("code-owners-resolved", |with| states(with, "code_owners")),
    ("landed-as-approved", covered),
    ("merged-as-given", covered),
    ("conflicts-settled", covered),
    ("content-replayed", covered),
    ("exempt-as-said", |with| states(with, "exempt")),
    ("recorded", |with| states(with, "recorded_within")),
    ("trailers-given", |with| states(with, "trailers")),
    ("approver-allowed", |with| {
        ["approvers", "approver_roles", "approvers_seen_in"].iter().any(|key| states(with, key))
    }),
    ("emergency-approved", emergency),
    ("emergency-approved-in-time", emergency),
    ("emergency-hour-known", emergency),
    ("emergency-approved-by-another", emergency),
    ("emergency-justified", emergency),
    ("emergency-has-incident", emergency),
    ("emergencies-rare", emergency),
];

/// Whether a control that states this for its test asks what a check looks at. A rule that is not asked finds nothing,
/// which shows nothing.
#[must_use]
pub fn is_asked(check: &str, with: &Value) -> bool {
    CONDITIONS.iter().find(|(name, _)| *name == check).is_none_or(|(_, asks)| asks(with))
}

fn signed(with: &Value) -> bool {
    with["assurance"] == "signed"
}

fn covered(with: &Value) -> bool {
    states(with, "content_covered")
}

fn emergency(with: &Value) -> bool {
    states(with, "emergency")
}

fn states(with: &Value, key: &str) -> bool {
    match with.get(key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}
