//! Chains of certificates: the engine beside rustls-webpki, both natively and with the same arithmetic.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell::{cargo, output};

/// Chains of one run.
const CHAINS: usize = 1_000;

/// The rows, from what `chain_speed` prints.
pub(super) fn rows(text: &mut String) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "-p", "tlvet-tests", "--no-default-features"]);
    let printed = output(command.args(["--bin", "chain_speed", "--"]).arg(CHAINS.to_string()))?;
    let result: Value = serde_json::from_str(&printed).context("chain_speed")?;
    let number = |key: &str| {
        result.get(key).and_then(Value::as_f64).with_context(|| format!("{key} in {printed}"))
    };
    let (apart, together, webpki) =
        (number("apart_us")?, number("together_us")?, number("webpki_us")?);
    writeln!(
        text,
        "| a chain of RSA-2048 leaf, intermediate and root, natively, nothing remembered | {apart:.0} µs; \
         rustls-webpki with the same arithmetic {webpki:.0} µs, {:.2} times as long | at most 2 times as long |",
        apart / webpki
    )?;
    writeln!(
        text,
        "| the same among {CHAINS} of one intermediate | {together:.0} µs, {:.0} chains/s | |",
        1e6 / together
    )
    .context("writing a row")
}
