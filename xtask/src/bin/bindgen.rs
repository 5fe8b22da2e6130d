//! `xtask-bindgen MODULE.wasm DIRECTORY`: what wasm-bindgen's own CLI does with `--target web`, by its
//! library, so that its version stands once, in the workspace's manifest.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, directory] = arguments.as_slice() else {
        eprintln!("usage: xtask-bindgen MODULE.wasm DIRECTORY");
        return ExitCode::from(2);
    };
    match generate(module, directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{module}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(module: &str, directory: &str) -> anyhow::Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(directory)
}
