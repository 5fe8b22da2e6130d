//! What is done with the filter, told once and played in two hosts: the real Envoy and tlvet's own.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use tlvet_host::engine::Engine;
use tlvet_host::envoy_abi::{Headers, Host, Limits, LogLine, Properties, Vm};

/// What stands before each reason for which a configuration is refused.
pub const REFUSED: &str = "tlvet: configuration refused: ";

/// One scenario: a file in `tests/data/filter`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows.
    pub about: String,
    /// The file in `plugin/deploy/envoy`, without its suffix.
    pub arrangement: String,
    /// The filter's configuration: JSON, or a text that is given as it is.
    pub configuration: serde_json::Value,
    /// What has to happen.
    pub expect: Outcome,
}

/// What happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The host refused to start; the reasons that the filter gave.
    Refused(Vec<String>),
    /// The host started, and this arrived.
    Passes {
        /// A line, or for the HTTP arrangements the path that was asked for.
        to_origin: String,
        /// A line, or the body of the answer.
        to_client: String,
    },
}

impl Scenario {
    /// The configuration as it is given to the filter, in one line where it is JSON.
    pub fn configuration(&self) -> String {
        match &self.configuration {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Whether the filter sees requests.
    pub fn is_http(&self) -> bool {
        self.arrangement.contains("http")
    }
}

/// All scenarios by file name.
///
/// # Errors
/// When there is none, or a file is not one.
pub fn scenarios() -> Result<Vec<(String, Scenario)>> {
    let mut scenarios = Vec::new();
    for path in crate::files_below(&crate::folder().join("data/filter"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
        scenarios.push((name.clone(), serde_json::from_str(&text).context(name)?));
    }
    ensure!(!scenarios.is_empty(), "no scenario in tests/data/filter");
    Ok(scenarios)
}

/// tlvet's own host with the filter that it embeds; the same module as [`crate::envoy::filter`] gives to Envoy.
///
/// # Errors
/// When the filter does not load on this machine.
pub fn host() -> Result<Host> {
    let engine = Engine::filter().map_err(anyhow::Error::msg)?;
    // The engine's clock runs as long as the engine lives; the module keeps it alive.
    Ok(Host::new(engine.module(), Limits::default()))
}

/// Plays a scenario in tlvet's own host.
///
/// # Errors
/// When the filter traps.
pub fn play(scenario: &Scenario) -> Result<Outcome> {
    let mut vm = match host()?.start(scenario.configuration().as_bytes()) {
        Ok(vm) => vm,
        Err(error) => {
            return Ok(Outcome::Refused(refusals(error.log.iter().map(|line| line.text.as_str()))));
        }
    };
    let (sent, answer) = match &scenario.expect {
        Outcome::Passes { to_origin, to_client } => (to_origin.clone(), to_client.clone()),
        Outcome::Refused(_) => (String::new(), String::new()),
    };
    if scenario.is_http() {
        exchange(&mut vm, &sent, &answer)
    } else {
        connection(&mut vm, &sent, &answer)
    }
}

/// The reasons for a refusal in the lines of a log.
pub fn refusals<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines
        .filter_map(|line| line.split_once(REFUSED))
        .map(|(_, reason)| reason.trim_end().to_owned())
        .collect()
}

/// The texts of log lines.
pub fn texts(log: &[LogLine]) -> Vec<&str> {
    log.iter().map(|line| line.text.as_str()).collect()
}

fn connection(vm: &mut Vm, sent: &str, answer: &str) -> Result<Outcome> {
    let id = vm.connect(Properties::new())?;
    vm.client_sends(id, sent.as_bytes(), false)?;
    vm.origin_sends(id, answer.as_bytes(), false)?;
    vm.client_sends(id, b"", true)?;
    vm.origin_sends(id, b"", true)?;
    let connection = vm.forget(id)?.context("the connection is known")?;
    ensure!(connection.to_origin_ended && connection.to_client_ended, "an end of stream was lost");
    Ok(Outcome::Passes {
        to_origin: String::from_utf8(connection.to_origin)?,
        to_client: String::from_utf8(connection.to_client)?,
    })
}

fn exchange(vm: &mut Vm, path: &str, body: &str) -> Result<Outcome> {
    let id = vm.open_exchange(Properties::new())?;
    let request =
        Headers::new(&[(":method", "GET"), (":path", path), (":authority", "cucm.steven.lab")]);
    vm.request_headers(id, request.clone(), true)?;
    let response = Headers::new(&[(":status", "200"), ("content-type", "text/plain")]);
    vm.response_headers(id, response.clone(), false)?;
    let (first, second) = body.split_at(body.len() / 2);
    vm.response_body(id, first.as_bytes(), false)?;
    vm.response_body(id, second.as_bytes(), true)?;
    let exchange = vm.finish_exchange(id)?.context("the exchange is known")?;
    let passed = exchange.request().context("no request passed")?;
    ensure!(passed.headers == request && passed.ended, "the request was changed: {passed:?}");
    let answered = exchange.response().context("no response passed")?;
    ensure!(
        answered.headers == response && answered.ended,
        "the response was changed: {answered:?}"
    );
    Ok(Outcome::Passes {
        to_origin: String::from_utf8(passed.headers.value(b":path").unwrap_or_default())?,
        to_client: String::from_utf8(answered.body.clone())?,
    })
}
