//! Makes what the command embeds: the engine (`tlvet-guest`) and the filter (`tlvet-filter`), each
//! built to WebAssembly and compiled to machine code, and the files of the page where it was built.
//!
//! The inner `cargo build` has a target directory of its own, so that it never waits for the lock that
//! the outer one holds.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use config::Stopping;
use wasmtime::{Config, Engine};

#[path = "src/engine/config.rs"]
#[allow(unreachable_pub, reason = "public in the library, whose file this is")]
mod config;

#[path = "../plugin/exports.rs"]
#[allow(unreachable_pub, reason = "xtask takes the same file in")]
mod exports;

#[allow(unreachable_pub, reason = "public in the script alone")]
mod stops;

/// A package of this workspace that is built to WebAssembly.
struct Module {
    package: &'static str,
    artifact: &'static str,
    target: &'static str,
    /// The profile of what is handed out.
    profile: &'static str,
    /// The profile of a build that only tests run.
    test_profile: &'static str,
    /// Flags for rustc.
    flags: &'static [&'static str],
}

const GUEST: Module = Module {
    package: "tlvet-guest",
    artifact: "tlvet_guest.wasm",
    target: "wasm32-unknown-unknown",
    profile: "guest",
    test_profile: "guest-test",
    // Without wide-arithmetic: with it, a report took 200 ms instead of 10 ms in wasmtime 48. WebAssembly has no
    // product of 128 bits: big integers are twice as fast in words of 32 bits.
    flags: &["-Ctarget-feature=+simd128", "--cfg=cpubits=\"32\""],
};

// Envoy's own wasm runtime decides what the filter may use: nothing beyond the target's defaults.
const FILTER: Module = Module {
    package: "tlvet-filter",
    artifact: "tlvet_filter.wasm",
    target: "wasm32-wasip1",
    profile: "wasm",
    // Envoy is tested with the very filter that is handed out.
    test_profile: "wasm",
    flags: &["--cfg=cpubits=\"32\""],
};

/// What the build of a module depends on, besides the sources of core; relative to the workspace.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "core/Cargo.toml",
    "core/src",
    "host-runner/guest/Cargo.toml",
    "host-runner/guest/src",
    "plugin/Cargo.toml",
    "plugin/exports.rs",
    "plugin/src",
];

/// What this package itself gives to the build; relative to its folder.
const OWN_SOURCES: [&str; 5] =
    ["build.rs", "stops.rs", "src/engine/config.rs", "tests/hostile.wat", "tests/proxy.wat"];

fn main() -> Result<()> {
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let workspace = package.parent().context("the package lies in a workspace")?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    for source in SOURCES {
        watch(&workspace.join(source));
    }
    for source in OWN_SOURCES {
        watch(&package.join(source));
    }
    check_targets(&[GUEST.target, FILTER.target])?;

    // A page can be taken away from a running module where `src/engine/clock/page.rs` does so.
    let by_page = variable("CARGO_CFG_TARGET_OS")? == "linux";
    let stopping = if by_page { Stopping::Page } else { Stopping::Epochs };
    let engine = compiler(stopping)?;
    let proxies = compiler(Stopping::Epochs)?;
    let guest = build(&GUEST, workspace, &out)?;
    compile(&engine, &stoppable(guest, stopping)?, &out, "guest")?;
    let filter = build(&FILTER, workspace, &out)?;
    let filter = exports::with_exports_of_the_filter(&filter)
        .context("the filter does not export what plugin/exports.rs says")?;
    compile(&proxies, &filter, &out, "filter")?;
    let hostile = wat::parse_file(package.join("tests/hostile.wat"))?;
    compile(&engine, &stoppable(hostile, stopping)?, &out, "hostile")?;
    let proxy = wat::parse_file(package.join("tests/proxy.wat"))?;
    compile(&proxies, &proxy, &out, "proxy")?;

    embed_page(&workspace.join("www"), &out)
}

/// The module as it is compiled when it is to be stopped in this way.
fn stoppable(module: Vec<u8>, stopping: Stopping) -> Result<Vec<u8>> {
    match stopping {
        Stopping::Epochs => Ok(module),
        Stopping::Page => stops::with_stops(&module)
            .map_err(|error| anyhow::anyhow!("the page of stops: {error}")),
    }
}

fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("cargo sets {name}"))
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// Says which `rustup` command is missing, instead of "can't find crate for `core`".
fn check_targets(targets: &[&str]) -> Result<()> {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    for target in targets {
        let output = Command::new(&rustc)
            .args(["--print", "target-libdir", "--target", target])
            .output()
            .with_context(|| format!("{rustc} does not start"))?;
        let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || !Path::new(&folder).is_dir() {
            bail!(
                "the Rust target {target} is not installed; run: rustup target add {}",
                targets.join(" ")
            );
        }
    }
    Ok(())
}

/// Builds one module and returns its bytes.
fn build(module: &Module, workspace: &Path, out: &Path) -> Result<Vec<u8>> {
    let target_dir = inner_target_dir(out);
    let handed_out = variable("PROFILE")? == "release";
    let profile = if handed_out { module.profile } else { module.test_profile };
    let mut command = Command::new(variable("CARGO")?);
    for (name, _) in env::vars_os() {
        if is_of_outer_build(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
    command
        .current_dir(workspace)
        .args(["build", "--quiet", "--lib"])
        .args(["--package", module.package])
        .args(["--target", module.target])
        .args(["--profile", profile])
        .arg("--target-dir")
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(module, workspace));
    let output =
        command.output().with_context(|| format!("cargo does not start for {}", module.package))?;
    if !output.status.success() {
        bail!(
            "building {} for {} failed:\n{}",
            module.package,
            module.target,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let artifact = target_dir.join(module.target).join(profile).join(module.artifact);
    fs::read(&artifact).with_context(|| format!("{} was not built", artifact.display()))
}

/// Flags for rustc, separated by U+001F: the module's own, and none of this machine's folders in panic texts.
fn flags(module: &Module, workspace: &Path) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let remap = [(Some(workspace.to_owned()), ""), (home, "cargo")];
    let remap = remap.into_iter().filter_map(|(from, to)| {
        from.map(|from| format!("--remap-path-prefix={}={to}", from.display()))
    });
    module
        .flags
        .iter()
        .map(|flag| (*flag).to_owned())
        .chain(remap)
        .collect::<Vec<_>>()
        .join("\u{1f}")
}

/// One folder beside the outer build's profiles, so that debug, release and clippy share the modules;
/// the script's own folder where the layout is not the known one (`<target>/<profile>/build/<unit>/out`).
fn inner_target_dir(out: &Path) -> PathBuf {
    let known = out.ancestors().nth(2).filter(|build| build.ends_with("build"));
    match known.and_then(|build| build.ancestors().nth(2)) {
        Some(target) => target.join("tlvet-wasm"),
        None => out.join("tlvet-wasm"),
    }
}

/// Variables that belong to the outer build and would change the inner one.
fn is_of_outer_build(name: &str) -> bool {
    const PREFIXES: [&str; 9] = [
        "CARGO_BUILD_",
        "CARGO_CFG_",
        "CARGO_ENCODED_",
        "CARGO_FEATURE_",
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
        "CARGO_PRIMARY_",
        "CARGO_PROFILE_",
        "CARGO_TARGET_",
    ];
    const NAMES: [&str; 5] = [
        "CLIPPY_ARGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOCFLAGS",
        "RUSTFLAGS",
        "__CARGO_DEFAULT_LIB_METADATA",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name)
}

/// A compiler for the machine that the command will run on.
fn compiler(stopping: Stopping) -> Result<Engine> {
    let mut config: Config = config::config(stopping);
    config.target(&variable("TARGET")?).map_err(anyhow::Error::msg)?;
    if variable("CARGO_CFG_TARGET_ARCH")? == "x86_64" {
        // Naming a target turns off whatever this very machine has: a binary made here runs on any
        // x86-64 computer with the instructions of 2009 (x86-64-v2).
        for flag in ["has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt"] {
            // SAFETY: the flags exist for this architecture; wasmtime compares them with the
            // machine's features when the module is loaded and refuses a machine without them.
            #[allow(unsafe_code, reason = "the only way to name instruction set extensions")]
            unsafe {
                config.cranelift_flag_enable(flag);
            }
        }
    }
    Engine::new(&config).map_err(anyhow::Error::msg)
}

/// Writes `<name>.wasm` and `<name>.cwasm`; nothing when the last run wrote them from the same bytes.
fn compile(compiler: &Engine, wasm: &[u8], out: &Path, name: &str) -> Result<()> {
    let (source, compiled) =
        (out.join(name).with_extension("wasm"), out.join(name).with_extension("cwasm"));
    let stamp = out.join(name).with_extension("stamp");
    // Cargo gives this script a new time whenever it, wasmtime or the settings change.
    let script = fs::metadata(env::current_exe()?)?;
    let made_by = format!("{:?} {}", script.modified()?, script.len());
    let same = fs::read(&source).is_ok_and(|last| last == wasm)
        && fs::read_to_string(&stamp).is_ok_and(|last| last == made_by);
    if same && compiled.is_file() {
        return Ok(());
    }
    let code = compiler.precompile_module(wasm).map_err(anyhow::Error::msg);
    fs::write(&compiled, code.with_context(|| format!("compiling {name} to machine code"))?)?;
    fs::write(&source, wasm)?;
    Ok(fs::write(&stamp, made_by)?)
}

/// Writes `page.rs`: a table of the page's files, empty where the page has not been built.
fn embed_page(www: &Path, out: &Path) -> Result<()> {
    let dist = www.join("dist");
    if www.is_dir() && !dist.is_dir() {
        // Cargo runs the script again and again for a path that is not there; an empty folder is
        // watched as any other.
        let _ = fs::create_dir(&dist);
    }
    let mut files = BTreeMap::new();
    if dist.is_dir() {
        watch(&dist);
        collect(&dist, &dist, &mut files)?;
    }
    let mut table = String::from("pub(crate) static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        writeln!(table, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())?;
    }
    table.push_str("];\n");
    Ok(fs::write(out.join("page.rs"), table)?)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.insert(name, path);
        }
    }
    Ok(())
}
