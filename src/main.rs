//! scratch
use tickmark::facts::{approval::{dialect::Dialect, matcher::Matcher, robots::Robots}, gather};
use tickmark::{sources::repo::Repo, reports};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let d: Vec<Dialect> = std::fs::read_dir("/tmp/dial").unwrap().map(|e| serde_yaml::from_str(&std::fs::read_to_string(e.unwrap().path()).unwrap()).unwrap()).collect();
    let r = Robots::compile(&["GitLab Duo".into(), "Gopher Robot".into(), "Gobot Gobot".into(), ".*\\[bot\\]".into(), "bors".into()]).unwrap();
    let m = Matcher::new(d, r).unwrap();
    let repo = Repo::open(std::path::Path::new(&a[1])).unwrap();
    let t0 = std::time::Instant::now();
    let tip = repo.resolve(&a[2]).unwrap();
    let range = gather::Range { branch: a[2].clone(), tip, base: None, only_tip: false };
    let g = gather::trail(&repo, &m, &range, |_| {}).unwrap();
    eprintln!("gathered {:?}", t0.elapsed());
    let doc = reports::trail_json::TrailDocument::new(&g.trail, &m, repo.name(), a[2].clone(), (None, tip));
    let mut out = std::io::BufWriter::new(std::io::stdout());
    reports::json::write(&mut out, &doc).unwrap();
    eprintln!("{:?} {:?}", doc.summary, t0.elapsed());
}
