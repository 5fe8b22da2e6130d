//! Which package may use which, see docs/ARCHITECTURE.md.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Complaint;
use crate::shell::{cargo, output};

/// Each package with the workspace packages that it may use. Tests may use more, but never `xtask`.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("tlvet-core", &[]),
    ("tlvet-web", &["tlvet-core"]),
    ("tlvet-filter", &["tlvet-core"]),
    ("tlvet-guest", &["tlvet-core"]),
    // Runs the guest and the filter, as wasm; it links neither.
    ("tlvet", &["tlvet-core"]),
    ("tlvet-tests", &["tlvet", "tlvet-core", "tlvet-filter"]),
    ("xtask", &["tlvet-core"]),
];

/// Complaints about every edge between packages of the workspace that is not allowed.
///
/// # Errors
/// When cargo does not describe the workspace.
pub(super) fn check() -> Result<Vec<Complaint>> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    complaints(&serde_json::from_str(&metadata)?)
}

fn complaints(metadata: &Value) -> Result<Vec<Complaint>> {
    let may_use = BTreeMap::from(MAY_USE);
    let mut complaints = Vec::new();
    for package in list(metadata, "packages")? {
        let name = text(package, "name")?;
        let manifest = format!("package {name}");
        let Some(allowed) = may_use.get(name) else {
            complaints.push(Complaint::new(&manifest, 0, "not in xtask/src/lints/packages.rs"));
            continue;
        };
        for dependency in list(package, "dependencies")? {
            let used = text(dependency, "name")?;
            let for_tests = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            let ok = allowed.contains(&used) || (for_tests && used == "tlvet-core");
            if may_use.contains_key(used) && !ok {
                complaints.push(Complaint::new(&manifest, 0, format!("may not use {used}")));
            }
        }
    }
    Ok(complaints)
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value
        .get(key)
        .and_then(Value::as_array)
        .with_context(|| format!("cargo metadata without {key}"))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("cargo metadata without {key}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn edges_against_the_direction_are_found() {
        let metadata = json!({"packages": [
            {"name": "tlvet-web", "dependencies": [{"name": "tlvet-core"}, {"name": "wasm-bindgen"}]},
            {"name": "tlvet-core", "dependencies": [{"name": "tlvet-web"}, {"name": "xtask", "kind": "dev"}]},
        ]});
        let found: Vec<_> =
            complaints(&metadata).unwrap().into_iter().map(|one| one.what).collect();
        assert_eq!(found, ["may not use tlvet-web", "may not use xtask"]);
    }

    #[test]
    fn a_new_package_must_be_placed() {
        let found =
            complaints(&json!({"packages": [{"name": "new", "dependencies": []}]})).unwrap();
        assert_eq!(found, [Complaint::new("package new", 0, "not in xtask/src/lints/packages.rs")]);
    }
}
