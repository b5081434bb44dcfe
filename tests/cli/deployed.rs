//! `tickmark trail` without a name: everything since the last deployment.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Ran, commit, repository, run_in};

const REVIEW: &str = "\n\nReviewed-by: Lena Osei <lena@acme.example>";

/// A configuration and some records, in one reviewed commit.
fn files(day: u8, files: &Value) -> Value {
    let mut made = commit(&format!("Say where deployments are{REVIEW}"), day);
    made["commit"]["files"] = files.clone();
    made
}

fn tag(name: &str) -> Value {
    json!({ "tag": { "name": name, "on": "main" } })
}

fn trail(steps: &Value) -> (TempDir, Ran) {
    let shop = repository(steps);
    let ran = run_in(shop.path(), &["trail"]);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    (shop, ran)
}

#[test]
fn what_blocks_a_deployment_is_named() {
    let reviewed = commit(&format!("Count cups{REVIEW}"), 3);
    let pushed = commit("Count plates", 4);
    let (_shop, clean) = trail(&json!([commit("Start", 2), tag("v1.0"), reviewed]));
    assert_eq!(clean.status, 0, "{}", clean.out);
    assert!(
        clean.out.starts_with("v1.0..main: since v1.0, the newest tag that looks like a version\n"),
        "{}",
        clean.out
    );
    assert!(!clean.out.contains("Start") && !clean.out.contains("not approved"), "{}", clean.out);
    let (_shop, blocked) = trail(&json!([commit("Start", 2), tag("v1.0"), reviewed, pushed]));
    assert_eq!(blocked.status, 1, "{}", blocked.out);
    assert!(
        blocked.out.contains("\nnot approved: ") && blocked.out.contains("\nlook at one: git show "),
        "{}",
        blocked.out
    );
    let (_shop, tagged) = trail(&json!([commit("Start", 2), tag("v1.0"), reviewed, pushed, tag("v1.1")]));
    assert_eq!(tagged.status, 1, "what HEAD is called was not deployed before it: {}", tagged.out);
}

#[test]
fn the_configuration_says_where_deployments_are() {
    let pushed = commit("Count plates", 4);
    let by_tag = files(3, &json!({ "tickmark.yaml": "deployments: { tags: \"live-*\" }\n" }));
    let (_shop, ran) =
        trail(&json!([commit("Start", 2), by_tag, tag("live-1"), pushed, tag("v2.0"), commit("Count forks", 5)]));
    assert!(ran.out.starts_with("live-1..main: since live-1, the last deployment"), "{}", ran.out);
    assert!(ran.status == 1 && ran.out.contains("Count plates") && !ran.out.contains("Start"), "{}", ran.out);

    let by_branch = files(3, &json!({ "tickmark.yaml": "deployments: { branch: production }\n" }));
    let branch = json!({ "branch": { "name": "production", "from": "main" } });
    let (_shop, ran) = trail(&json!([commit("Start", 2), by_branch, branch, pushed]));
    assert!(ran.out.starts_with("production..main: since production at "), "{}", ran.out);
    assert!(ran.status == 1 && ran.out.contains("Count plates") && !ran.out.contains("Start"), "{}", ran.out);
    let (_shop, ran) = trail(&json!([commit("Start", 2), by_branch, pushed]));
    assert_eq!((ran.status, ran.out.as_str()), (3, ""), "a branch that is not there is no pass: {}", ran.err);
}

#[test]
fn a_register_says_what_was_deployed() {
    let config = "deployments: { environments: [production] }\n";
    let record = |id: &str, day: u8, more: &str| {
        format!("- {{ id: {id}, at: 2026-03-{day:02}T12:00:00Z, environment: production, {more} }}\n")
    };
    let with = |records: &str| {
        let registers = files(6, &json!({ "tickmark.yaml": config, "registers/deployments.yaml": records }));
        json!([
            commit("Start", 2),
            tag("one"),
            commit("Count cups", 3),
            tag("two"),
            commit("Count forks", 4),
            registers
        ])
    };
    let kept =
        record("D-1", 2, "tag: one") + &record("D-2", 3, "tag: two") + &record("D-3", 4, "tag: one, status: failed");
    let (_shop, ran) = trail(&with(&kept));
    assert!(ran.out.contains("since D-2 of 2026-03-03, the last deployment"), "{}", ran.out);
    assert!(ran.status == 1 && ran.out.contains("Count forks") && !ran.out.contains("Count cups"), "{}", ran.out);
    let (_shop, ran) = trail(&with(&(kept + &record("D-4", 5, "tag: gone"))));
    assert_eq!((ran.status, ran.out.as_str()), (3, ""), "the last deployment is not known: {}", ran.err);
    let (_shop, ran) = trail(&json!([commit("Start", 2), files(3, &json!({ "tickmark.yaml": config }))]));
    assert_eq!((ran.status, ran.out.as_str()), (3, ""), "the register is not there: {}", ran.err);
}

#[test]
fn where_nothing_was_deployed_everything_counts() {
    let (_shop, ran) = trail(&json!([commit("Start", 2), tag("v1.0-rc1"), commit("Count cups", 3)]));
    assert!(
        ran.status == 1 && ran.out.contains("Start") && ran.out.contains("the whole history of main"),
        "{}",
        ran.out
    );
    let period = files(4, &json!({ "tickmark.yaml": "period: { from: 2026-03-03, to: 2026-06-30 }\n" }));
    let (_shop, ran) = trail(&json!([commit("Start", 2), commit("Count cups", 3), period]));
    assert!(ran.status == 1 && ran.out.contains("main since 2026-03-03"), "{}", ran.out);
    assert!(ran.out.contains("Count cups") && !ran.out.contains("Start"), "{}", ran.out);
}
