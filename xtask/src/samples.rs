//! The bundled samples, as `samples/manifest.json` describes them.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths;

/// One sample: what it shows, and how `tlvet check` is called for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) title: String,
    pub(crate) shows: String,
    /// Arguments of `tlvet check`: each file with the option for its role, relative to the top folder, and
    /// each address that clients use.
    pub(crate) arguments: Vec<String>,
}

/// Every sample, in the manifest's order.
///
/// # Errors
/// When the manifest cannot be read, is not of the known form, or names a file that does not exist.
pub(crate) fn stories() -> Result<Vec<Story>> {
    let file = paths::root().join("samples/manifest.json");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("reading {}", paths::shown(&file)))?;
    let stories = parse(&text).context("samples/manifest.json")?;
    for argument in stories.iter().flat_map(|story| &story.arguments) {
        if !argument.starts_with("--") && !paths::root().join(argument).is_file() {
            bail!("samples/manifest.json: {argument} does not exist");
        }
    }
    Ok(stories)
}

fn parse(manifest: &str) -> Result<Vec<Story>> {
    let manifest: Value = serde_json::from_str(manifest)?;
    let samples = manifest.get("samples").and_then(Value::as_array).context("no list `samples`")?;
    samples.iter().map(story).collect()
}

fn story(sample: &Value) -> Result<Story> {
    let mut arguments = Vec::new();
    for file in sample.get("files").and_then(Value::as_array).context("a sample without `files`")? {
        match text(file, "role")? {
            "observed" => {}
            role @ ("phone" | "trust" | "key") => arguments.push(format!("--{role}")),
            role => bail!("no such role: {role}"),
        }
        let path = Path::new("samples").join(text(file, "path")?);
        arguments.push(path.to_string_lossy().into_owned());
    }
    for address in sample.get("expected").and_then(Value::as_array).into_iter().flatten() {
        let address = address.as_str().context("an expected address that is no text")?;
        arguments.push(format!("--expect={}", placed(address, &arguments)?));
    }
    Ok(Story {
        title: text(sample, "title")?.to_owned(),
        shows: text(sample, "shows")?.to_owned(),
        arguments,
    })
}

/// `ADDRESS=FILE` with the file as the arguments before it name it.
fn placed(address: &str, arguments: &[String]) -> Result<String> {
    let Some((address, file)) = address.split_once('=') else { return Ok(address.to_owned()) };
    let named = |path: &&String| Path::new(path).file_name().is_some_and(|name| name == file);
    let path = arguments
        .iter()
        .find(named)
        .with_context(|| format!("{file} is not among the sample's files"))?;
    Ok(format!("{address}={path}"))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("no text `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_become_options() {
        let manifest = r#"{"samples": [{"id": "x", "title": "T", "shows": "S", "files": [
            {"path": "x/new.tlv", "role": "observed"}, {"path": "x/old.tlv", "role": "phone"}]}]}"#;
        let arguments =
            ["samples/x/new.tlv", "--phone", "samples/x/old.tlv"].map(str::to_owned).to_vec();
        assert_eq!(
            parse(manifest).unwrap(),
            [Story { title: "T".into(), shows: "S".into(), arguments }]
        );
    }

    #[test]
    fn addresses_name_the_file_by_its_path() {
        let manifest = r#"{"samples": [{"title": "T", "shows": "S", "files": [{"path": "x/a.pem", "role": "observed"}],
            "expected": ["cucm.lab", "10.0.0.1:8443=a.pem"]}]}"#;
        let arguments =
            ["samples/x/a.pem", "--expect=cucm.lab", "--expect=10.0.0.1:8443=samples/x/a.pem"]
                .map(str::to_owned)
                .to_vec();
        assert_eq!(parse(manifest).unwrap()[0].arguments, arguments);
        let missing = manifest.replace("=a.pem", "=b.pem");
        assert_eq!(
            parse(&missing).unwrap_err().to_string(),
            "b.pem is not among the sample's files"
        );
    }

    #[test]
    fn an_unknown_role_is_an_error() {
        let manifest = r#"{"samples": [{"title": "T", "shows": "", "files": [{"path": "x", "role": "friend"}]}]}"#;
        assert_eq!(parse(manifest).unwrap_err().to_string(), "no such role: friend");
    }

    #[test]
    fn the_bundled_manifest_is_sound() {
        let stories = stories().unwrap();
        assert!(stories.iter().all(|story| !story.arguments.is_empty()));
        assert!(!stories.is_empty());
    }
}
