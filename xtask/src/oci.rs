//! `oci`: the filter as an OCI image, made without Docker: an image layout (OCI Image Layout 1.0.0) that `skopeo copy
//! oci:target/oci docker://…` or `crane push` sends to a registry, and Istio's `WasmPlugin` and Envoy Gateway's
//! `EnvoyExtensionPolicy` read from there.
//!
//! The form is the "compat" variant of the Wasm Image Specification: one layer, a gzipped tar with `plugin.wasm`, as
//! `FROM scratch` and `COPY plugin.wasm ./` would give. The same filter gives the same digests: no times, no owners.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{build, paths};

const CONFIGURATION: &str = "application/vnd.oci.image.config.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Bytes of a block of a tar.
const BLOCK: usize = 512;

/// Builds the filter, writes the layout to `target/oci` and says its digest.
///
/// # Errors
/// When the filter does not build, or a file cannot be written.
pub(crate) fn run() -> Result<()> {
    let filter = build::filter()?;
    let folder = paths::target().join("oci");
    let digest = write(&fs::read(&filter)?, &folder)?;
    println!("{} {digest}", folder.display());
    Ok(())
}

/// Writes the layout; gives the digest of its manifest, `sha256:…`, by which an image is named for good.
fn write(filter: &[u8], folder: &Path) -> Result<String> {
    match fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    }
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let blob = |bytes: &[u8], media_type: &str| -> Result<Value> {
        let digest = hex(&Sha256::digest(bytes));
        fs::write(blobs.join(&digest), bytes)?;
        Ok(json!({
            "mediaType": media_type,
            "digest": format!("sha256:{digest}"),
            "size": bytes.len(),
        }))
    };
    let tar = tar("plugin.wasm", filter)?;
    let layer = blob(&gzip(&tar)?, LAYER)?;
    let configuration = json!({
        "architecture": "wasm",
        "os": "wasi",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{}", hex(&Sha256::digest(&tar)))]},
    });
    let configuration = blob(&serde_json::to_vec(&configuration)?, CONFIGURATION)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": configuration,
        "layers": [layer],
        "annotations": {
            "module.wasm.image/variant": "compat",
            "org.opencontainers.image.title": "tlvet-filter",
            "org.opencontainers.image.version": env!("CARGO_PKG_VERSION"),
            "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
        },
    });
    let mut manifest = blob(&serde_json::to_vec(&manifest)?, MANIFEST)?;
    let digest = manifest.get("digest").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(manifest) = manifest.as_object_mut() {
        let name = json!({"org.opencontainers.image.ref.name": env!("CARGO_PKG_VERSION")});
        manifest.insert("annotations".to_owned(), name);
    }
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest]});
    fs::write(folder.join("index.json"), serde_json::to_vec(&index)?)?;
    fs::write(folder.join("oci-layout"), br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    Ok(digest)
}

/// A tar (POSIX.1-1988 ustar) with one file that everybody may read.
fn tar(name: &str, content: &[u8]) -> Result<Vec<u8>> {
    // Offset, width and text of each field; the checksum counts as blanks while it is computed.
    let size = format!("{:011o}", content.len());
    ensure!(size.len() == 11 && name.len() < 100, "too large for a tar");
    let mut head = vec![0_u8; BLOCK];
    for (offset, text) in [
        (0, name),
        (100, "0000644"),
        (108, "0000000"),
        (116, "0000000"),
        (124, size.as_str()),
        (136, "00000000000"),
        (148, "        "),
        (156, "0"),
        (257, "ustar\x0000"),
    ] {
        for (place, byte) in head.iter_mut().skip(offset).zip(text.bytes()) {
            *place = byte;
        }
    }
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in head.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *place = byte;
    }
    let mut tar = head;
    tar.extend_from_slice(content);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    // Two empty blocks end it.
    tar.resize(tar.len() + 2 * BLOCK, 0);
    Ok(tar)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // Without a time, so that the digest depends on the content alone.
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    /// What a registry's client does: from the index to the manifest to the blobs, each checked by digest and size.
    fn pull(folder: &Path, descriptor: &Value, media_type: &str) -> (PathBuf, Vec<u8>) {
        assert_eq!(descriptor["mediaType"], media_type);
        let digest = descriptor["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
        let path = folder.join("blobs/sha256").join(digest);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(hex(&Sha256::digest(&bytes)), digest);
        assert_eq!(descriptor["size"], bytes.len());
        (path, bytes)
    }

    #[test]
    fn the_layout_holds_the_filter_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let filter: Vec<u8> = (0..=255).cycle().take(100_001).collect();
        let digest = write(&filter, folder.path()).unwrap();
        let layout = fs::read(folder.path().join("oci-layout")).unwrap();
        assert_eq!(layout, br#"{"imageLayoutVersion":"1.0.0"}"#);
        let index: Value =
            serde_json::from_slice(&fs::read(folder.path().join("index.json")).unwrap()).unwrap();
        assert_eq!(index["manifests"].as_array().unwrap().len(), 1);
        assert_eq!(index["manifests"][0]["digest"], digest);
        let (_, manifest) = pull(folder.path(), &index["manifests"][0], MANIFEST);
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(manifest["annotations"]["module.wasm.image/variant"], "compat");
        assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
        let (layer, _) = pull(folder.path(), &manifest["layers"][0], LAYER);
        let (_, configuration) = pull(folder.path(), &manifest["config"], CONFIGURATION);
        // Unpacked by somebody else's tar and gzip.
        let tar = |options: &[&str]| {
            let output = Command::new("tar").args(options).arg(&layer).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        assert_eq!(tar(&["-tzf"]), b"plugin.wasm\n");
        assert!(tar(&["-xzOf"]) == filter);
        let unpacked = Command::new("gzip").arg("-dc").arg(&layer).output().unwrap().stdout;
        let configuration: Value = serde_json::from_slice(&configuration).unwrap();
        let whole = format!("sha256:{}", hex(&Sha256::digest(&unpacked)));
        assert_eq!(configuration["rootfs"]["diff_ids"], json!([whole]));
        assert_eq!(fs::read_dir(folder.path().join("blobs/sha256")).unwrap().count(), 3);
    }

    #[test]
    fn the_same_filter_has_the_same_digest() {
        let folder = tempfile::tempdir().unwrap();
        let first = write(b"\0asm one", folder.path()).unwrap();
        assert_eq!(write(b"\0asm one", folder.path()).unwrap(), first);
        assert_ne!(write(b"\0asm two", folder.path()).unwrap(), first);
    }
}
