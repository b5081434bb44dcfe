//! Turns the YAML files that come with the program into JSON, which takes a tenth of the time to read at every start.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folder of the files that are taken into the program.
const FOLDER: &str = "policies";

fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("cargo sets no {name}"));
    let (top, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed={FOLDER}");
    folder(&top, &out, Path::new(FOLDER))
}

fn folder(top: &Path, out: &Path, below: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out.join(below))?;
    for entry in fs::read_dir(top.join(below))? {
        let path = below.join(entry?.file_name());
        if top.join(&path).is_dir() {
            folder(top, out, &path)?;
        } else if path.extension().is_some_and(|end| end == "yaml") {
            let text = fs::read_to_string(top.join(&path))?;
            let value: serde_yaml::Value =
                serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            fs::write(out.join(path.with_extension("yaml.json")), serde_json::to_vec(&value)?)?;
        }
    }
    Ok(())
}
