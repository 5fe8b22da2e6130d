//! `xtask-docs findings|schema`: prints a document that is made from core.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use tlvet_core::findings::{Arguments, Check, REGISTRY};
use tlvet_core::i18n::Messages;
use tlvet_core::report::model::Report;

const INTRODUCTION: &str = "\
# Findings

Every finding that tlvet knows, by its code. Made from the code and its messages by `cargo xtask docs`; do not
edit. `{$name}` stands for a value of the case at hand; where a text depends on the case, its usual form is shown.
References such as A12 are the items of [coverage.md](coverage.md).
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let document = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["findings"] => findings(),
        ["schema"] => schema(),
        _ => {
            eprintln!("usage: xtask-docs findings|schema");
            return ExitCode::from(2);
        }
    };
    match document {
        Ok(document) => {
            println!("{}", document.trim_end());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn schema() -> Result<String> {
    Ok(serde_json::to_string_pretty(&schemars::schema_for!(Report))?)
}

fn findings() -> Result<String> {
    let messages = Messages::english();
    let mut text = INTRODUCTION.to_owned();
    for check in REGISTRY {
        finding(&mut text, check, &messages).with_context(|| format!("finding {}", check.code))?;
    }
    Ok(text)
}

fn finding(text: &mut String, check: &Check, messages: &Messages) -> Result<()> {
    let none = Arguments::new();
    let code = check.code;
    let title = messages.text(code, &none).context("no message")?;
    writeln!(text, "\n## `{code}`\n\n**{title}**\n")?;
    writeln!(text, "Severity: {}. References: {}.\n", severity(check)?, check.refs.join(", "))?;
    writeln!(text, "{}\n", rule(code)?)?;
    if let Some(detail) = messages.attribute(code, "detail", &none) {
        writeln!(text, "{detail}\n")?;
    }
    list(text, "What to do", &messages.with(&none).list(code, "remedy"))?;
    list(text, "What not to do", &messages.with(&none).list(code, "do-not"))?;
    if let Some(needs) = messages.attribute(code, "needs", &none) {
        writeln!(text, "Not decided without: {needs}.")?;
    }
    Ok(())
}

/// The severity as the report spells it.
fn severity(check: &Check) -> Result<String> {
    match serde_json::to_value(check.severity)? {
        serde_json::Value::String(word) => Ok(word),
        other => bail!("severity {other}"),
    }
}

/// What the check looks for: the first paragraph of its file.
fn rule(code: &str) -> Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("core/src/findings").join(code).with_extension("rs");
    let source = fs::read_to_string(&file).context("its file")?;
    let lines = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    if paragraph.is_empty() {
        bail!("its file does not begin with what it looks for");
    }
    Ok(paragraph.join(" "))
}

fn list(text: &mut String, title: &str, items: &[String]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(text, "{title}:\n")?;
    for item in items {
        writeln!(text, "- {}", item.replace('\n', " "))?;
    }
    writeln!(text)?;
    Ok(())
}
