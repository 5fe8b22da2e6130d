//! The real Envoy, with the filter loaded, between a client and a real origin (`openssl s_server`).

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use crate::peers::Peers;
use crate::scenario::{Outcome, Scenario, refusals};
use crate::trial::{Arrangement, Hosting, Observed, Trial, act, counter, difference};

/// How long anything may take before a test fails; a busy machine needs some seconds to start V8.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long Envoy may take to count a connection that is over.
const COUNTED: Duration = Duration::from_secs(10);

/// The name in the origin's certificate.
pub const ORIGIN_NAME: &str = "cucm.steven.lab";

/// The filter that both hosts run, as a file in `folder`: the WebAssembly that tlvet was built with.
///
/// # Errors
/// When it cannot be written.
pub fn filter(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("tlvet_filter.wasm");
    fs::write(&path, tlvet_host::engine::FILTER_WASM)?;
    Ok(path)
}

/// The Envoy program: `TLVET_ENVOY`, or that in `.venv`.
fn program() -> Result<PathBuf> {
    let path = match env::var_os("TLVET_ENVOY") {
        Some(path) => PathBuf::from(path),
        None => crate::repository().join(".venv/bin/envoy"),
    };
    ensure!(path.exists(), "Envoy is not there ({}): run `cargo xtask setup`", path.display());
    Ok(path)
}

fn openssl() -> Command {
    Command::new(env::var_os("TLVET_OPENSSL").unwrap_or_else(|| "openssl".into()))
}

/// The lines of a program's output, read by a thread of their own.
struct Lines(Receiver<String>);

impl Lines {
    fn of(source: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            // Ends with the program, or with the receiver.
            while source.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                let text = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
                line.clear();
                if sender.send(text).is_err() {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// Waits for the next line; `None` when the program has ended.
    fn next(&self, deadline: Instant) -> Result<Option<String>> {
        use std::sync::mpsc::RecvTimeoutError;
        match self.0.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => bail!("nothing more within {PATIENCE:?}"),
        }
    }

    /// Waits for a line with `text`; the lines before it.
    fn until(&self, text: &str) -> Result<Vec<String>> {
        let deadline = Instant::now() + PATIENCE;
        let mut lines = Vec::new();
        while let Some(line) = self.next(deadline)? {
            if line.contains(text) {
                return Ok(lines);
            }
            lines.push(line);
        }
        bail!("the program ended without {text:?}")
    }

    /// Waits for a line with `text`; what stands after it.
    fn after(&self, text: &str) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.next(deadline)? {
            if let Some((_, rest)) = line.split_once(text) {
                return Ok(rest.to_owned());
            }
        }
        bail!("the program ended without {text:?}")
    }
}

/// A program that ends with its owner.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended already is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An origin: `openssl s_server` with a fresh certificate for [`ORIGIN_NAME`].
pub struct Origin {
    folder: TempDir,
    server: Server,
}

/// A running `openssl s_server`.
pub struct Server {
    /// Its port on loopback.
    pub port: u16,
    output: Lines,
    running: Running,
}

impl Server {
    /// Waits until a client has said `text`, then types `line`; `r` asks for a renegotiation (openssl-s_server(1)).
    ///
    /// # Errors
    /// When the server ends, or nobody says it.
    pub fn type_after(&mut self, text: &str, line: &str) -> Result<()> {
        self.type_at(text, line).map(drop)
    }

    /// The same; gives what was said until then.
    ///
    /// # Errors
    /// When the server ends, or nobody says it.
    pub fn type_at(&mut self, text: &str, line: &str) -> Result<Vec<String>> {
        let heard = self.output.until(text)?;
        let input = self.running.0.stdin.as_mut().context("stdin")?;
        // In one piece: openssl takes a letter without its line feed for data.
        input.write_all(format!("{line}\n").as_bytes())?;
        input.flush()?;
        Ok(heard)
    }
}

/// `openssl s_client` of TLS 1.3 that resumes a session and sends data before the handshake is over.
pub struct EarlyClient {
    folder: TempDir,
}

impl EarlyClient {
    /// One that says `text`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(text: &str) -> Result<Self> {
        let folder = TempDir::new()?;
        fs::write(folder.path().join("early"), format!("{text}\n"))?;
        Ok(Self { folder })
    }

    fn command(&self, port: u16) -> Command {
        let mut command = openssl();
        command
            .current_dir(self.folder.path())
            .args(["s_client", "-tls1_3", "-servername", ORIGIN_NAME])
            .args(["-connect", &format!("127.0.0.1:{port}")]);
        command
    }

    /// Comes directly and gets a session; what the origin has said until then.
    ///
    /// # Errors
    /// When a program ends early.
    pub fn learns(&self, origin: &mut Server) -> Result<Vec<String>> {
        const ASKED: &str = "are you there";
        const ANSWERED: &str = "here I am";
        let mut child = self
            .command(origin.port)
            .args(["-quiet", "-no_ign_eof", "-sess_out", "session"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("openssl s_client")?;
        let output = Lines::of(child.stdout.take().context("stdout")?);
        let mut input = child.stdin.take().context("stdin")?;
        let mut running = Running(child);
        input.write_all(format!("{ASKED}\n").as_bytes())?;
        input.flush()?;
        let heard = origin.type_at(ASKED, ANSWERED)?;
        // What stands before the answer, the session, has come as well.
        output.after(ANSWERED)?;
        // The origin forgets the session of a client that breaks off.
        drop(input);
        ensure!(running.0.wait()?.success(), "openssl s_client failed");
        Ok(heard)
    }

    /// Resumes the session and sends its data at once; whether the origin has accepted it.
    ///
    /// # Errors
    /// When openssl does not start, or tells nothing.
    pub fn replays(&self, port: u16) -> Result<bool> {
        let output = self
            .command(port)
            .args(["-sess_in", "session", "-early_data", "early"])
            .stdin(Stdio::null())
            .output()
            .context("openssl s_client")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let accepted = said.contains("Early data was accepted");
        ensure!(accepted || !said.contains("Early data was not sent"), "nothing was sent: {said}");
        Ok(accepted)
    }
}

/// Starts `openssl s_server` with a chain and its key.
///
/// # Errors
/// When openssl does not start.
pub fn server(chain: &Path, key: &Path, options: &[&str]) -> Result<Server> {
    let folder = chain.parent().context("a folder")?;
    let file = chain.display().to_string();
    let chained = [&["-cert_chain", &file], options].concat();
    server_in(folder, chain, key, &chained)
}

fn server_in(folder: &Path, certificate: &Path, key: &Path, options: &[&str]) -> Result<Server> {
    let mut child = openssl()
        .current_dir(folder)
        .args(["s_server", "-accept", "127.0.0.1:0", "-cert"])
        .arg(certificate)
        .arg("-key")
        .arg(key)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("openssl s_server")?;
    let output = Lines::of(child.stdout.take().context("stdout")?);
    let running = Running(child);
    let port = output.after("ACCEPT 127.0.0.1:")?.parse()?;
    Ok(Server { port, output, running })
}

impl Origin {
    /// One that answers each line with the line reversed.
    ///
    /// # Errors
    /// When openssl does not start.
    pub fn reversing() -> Result<Self> {
        Self::start(&["-rev"], &[])
    }

    /// One that answers a request for `path` with `body`.
    ///
    /// # Errors
    /// When openssl does not start.
    pub fn serving(path: &str, body: &str) -> Result<Self> {
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        Self::start(&["-HTTP"], &[(path.trim_start_matches('/'), &response)])
    }

    fn start(options: &[&str], files: &[(&str, &str)]) -> Result<Self> {
        let folder = TempDir::new()?;
        for (name, text) in files {
            fs::write(folder.path().join(name), text)?;
        }
        let made = openssl()
            .current_dir(folder.path())
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ])
            .args([
                "-subj",
                &format!("/CN={ORIGIN_NAME}"),
                "-addext",
                &format!("subjectAltName=DNS:{ORIGIN_NAME}"),
            ])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .output()
            .context("openssl")?;
        ensure!(made.status.success(), "openssl req\n{}", String::from_utf8_lossy(&made.stderr));
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let server = server_in(folder.path(), &certificate, &key, options)?;
        Ok(Self { folder, server })
    }

    /// The certificate, PEM, which is its own CA.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Its port on loopback.
    pub fn port(&self) -> u16 {
        self.server.port
    }
}

/// A running Envoy.
pub struct Envoy {
    /// Where clients connect.
    pub edge: SocketAddr,
    admin: SocketAddr,
    log: Vec<String>,
    _folder: TempDir,
    output: Lines,
    running: Running,
}

/// What became of an Envoy that was started.
pub enum Started {
    /// It serves.
    Running(Box<Envoy>),
    /// It ended by itself.
    Exited {
        /// Its exit code, if any.
        code: Option<i32>,
        /// Its log.
        log: Vec<String>,
    },
}

impl Started {
    /// The Envoy that serves.
    ///
    /// # Errors
    /// When it ended; its log is in the error.
    pub fn running(self) -> Result<Box<Envoy>> {
        match self {
            Self::Running(envoy) => Ok(envoy),
            Self::Exited { log, .. } => bail!("Envoy ended:\n{}", log.join("\n")),
        }
    }
}

impl Envoy {
    /// Starts Envoy with one of `plugin/deploy/envoy`, the filter's configuration replaced.
    ///
    /// # Errors
    /// When it neither serves nor ends; its log is in the error.
    pub fn start(
        arrangement: &str,
        configuration: &str,
        origin: u16,
        ca: &Path,
    ) -> Result<Started> {
        let folder = TempDir::new()?;
        let text = arrangement_text(arrangement)?;
        let filter = filter(folder.path())?;
        // In mode monitor Envoy's validator has to let everything through, as C-http.yaml says.
        let text = if configuration.contains(r#""mode":"monitor""#) {
            text.replace(": VERIFY_TRUST_CHAIN", ": ACCEPT_UNTRUSTED")
        } else {
            text
        };
        let text = filled(&configured(&text, configuration)?, &filter, origin, ca)?;
        Self::launch(folder, &text, 1)
    }

    /// As [`Envoy::start`], with the access log in a file.
    ///
    /// # Errors
    /// When it does not serve, or the arrangement writes its access log elsewhere than to the standard output.
    pub fn with_access_log(
        arrangement: &str,
        configuration: &str,
        origin: u16,
        ca: &Path,
        access_log: &Path,
    ) -> Result<Box<Self>> {
        const STDOUT: &str = r#""@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"#;
        let folder = TempDir::new()?;
        let text = configured(&arrangement_text(arrangement)?, configuration)?;
        let line = text.lines().find(|line| line.trim() == STDOUT).context("an access log")?;
        let indent = " ".repeat(line.len() - line.trim_start().len());
        let file = format!(
            "{indent}\"@type\": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog\n\
             {indent}path: \"{}\"",
            access_log.display()
        );
        let text = text.replace(line, &file);
        let filter = filter(folder.path())?;
        Self::launch(folder, &filled(&text, &filter, origin, ca)?, 1)?.running()
    }

    /// Starts Envoy without the filter, with a file of `tests/data/envoy`, named without its suffix.
    ///
    /// # Errors
    /// When it does not serve.
    pub fn without_filter(file: &str, origin: u16, ca: &Path) -> Result<Box<Self>> {
        let file = crate::folder().join(format!("data/envoy/{file}.yaml"));
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        Self::launch(TempDir::new()?, &filled(&text, Path::new(""), origin, ca)?, 1)?.running()
    }

    /// As [`Envoy::start`], with so many workers; without a configuration the filter is cut out of the arrangement and nothing
    /// else: listeners, clusters and access log stay as they are.
    ///
    /// # Errors
    /// When it does not serve.
    pub fn measured(
        arrangement: Arrangement,
        configuration: Option<&str>,
        workers: u32,
        origin: u16,
        ca: &Path,
    ) -> Result<Box<Self>> {
        let folder = TempDir::new()?;
        let text = measured_text(arrangement, configuration, folder.path(), origin, ca)?;
        Self::launch(folder, &text, workers)?.running()
    }

    /// The same with one worker, inside valgrind, which counts once it is told to; dumps are `counts.1` and so on in a folder.
    ///
    /// # Errors
    /// As there, and where there is no valgrind.
    pub fn in_valgrind(
        arrangement: Arrangement,
        configuration: Option<&str>,
        origin: u16,
        ca: &Path,
        counts: &Path,
    ) -> Result<Box<Self>> {
        let folder = TempDir::new()?;
        let text = measured_text(arrangement, configuration, folder.path(), origin, ca)?;
        let mut valgrind = Command::new("valgrind");
        valgrind
            // V8 writes code while it runs.
            .args(["--tool=callgrind", "--smc-check=all-non-file", "--instr-atstart=no"])
            .args(["--cache-sim=yes", "--I1=32768,8,64", "--D1=32768,8,64", "--LL=524288,8,64"])
            .arg(format!("--callgrind-out-file={}", counts.join("counts").display()))
            // The program of the Python package is a script that becomes Envoy.
            .arg("--trace-children=yes")
            .arg(program()?);
        Self::launch_as(valgrind, folder, &text, 1)?.running()
    }

    /// In passthrough before two origins, that connections go to in turns.
    ///
    /// # Errors
    /// When it does not serve.
    pub fn in_turns(configuration: &str, origins: [u16; 2], ca: &Path) -> Result<Box<Self>> {
        let folder = TempDir::new()?;
        let filter = filter(folder.path())?;
        let text = configured(&arrangement_text("A-passthrough")?, configuration)?;
        let [first, second] = origins;
        let text = filled(&text, &filter, first, ca)?;
        let endpoint =
            text.lines().find(|line| line.contains("- endpoint:")).context("endpoint")?;
        let other = endpoint.replace(&first.to_string(), &second.to_string());
        let text = text.replace(endpoint, &format!("{endpoint}\n{other}"));
        Self::launch(folder, &text, 1)?.running()
    }

    /// Starts another Envoy that is an origin itself: it speaks TLS, any version, and answers every request with 4 KiB.
    ///
    /// # Errors
    /// When it does not serve.
    pub fn origin(chain: &Path, key: &Path) -> Result<Box<Self>> {
        let file = crate::folder().join("data/envoy/origin.yaml");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let text = text
            .replace("${CHAIN_FILE}", &chain.display().to_string())
            .replace("${KEY_FILE}", &key.display().to_string())
            // As large as an answer of this kind may be.
            .replace("${BODY}", &"x".repeat(4_096));
        Self::launch(TempDir::new()?, &filled(&text, Path::new(""), 0, Path::new(""))?, 1)?
            .running()
    }

    fn launch(folder: TempDir, text: &str, workers: u32) -> Result<Started> {
        Self::launch_as(Command::new(program()?), folder, text, workers)
    }

    fn launch_as(
        mut program: Command,
        folder: TempDir,
        text: &str,
        workers: u32,
    ) -> Result<Started> {
        let bootstrap = folder.path().join("envoy.yaml");
        fs::write(&bootstrap, text)?;
        let mut child = program
            .arg("--config-path")
            .arg(&bootstrap)
            // Several Envoys run at the same time: no shared memory.
            .args(["--concurrency", &workers.to_string()])
            .args(["--disable-hot-restart", "--log-level", "info"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("envoy")?;
        let output = Lines::of(child.stderr.take().context("stderr")?);
        let mut running = Running(child);
        let deadline = Instant::now() + PATIENCE;
        let (mut log, mut admin) = (Vec::new(), None);
        loop {
            let line = match output.next(deadline) {
                Ok(Some(line)) => line,
                Ok(None) => {
                    let code = running.0.wait()?.code();
                    return Ok(Started::Exited { code, log });
                }
                Err(error) => bail!("Envoy: {error}; its log:\n{}", log.join("\n")),
            };
            if let Some((_, address)) = line.split_once("admin address: ") {
                admin = Some(address.trim().parse::<SocketAddr>()?);
            }
            let serves = line.contains("starting main dispatch loop");
            log.push(line);
            if serves {
                break;
            }
        }
        let admin = admin
            .with_context(|| format!("Envoy's log names no admin address:\n{}", log.join("\n")))?;
        let listeners = request(admin, "/listeners", PATIENCE)?;
        let edge =
            listeners.lines().find_map(|line| line.strip_prefix("edge::")).with_context(|| {
                format!("no listener: {listeners:?}; Envoy's log:\n{}", log.join("\n"))
            })?;
        let edge = edge.parse()?;
        Ok(Started::Running(Box::new(Self { edge, admin, log, _folder: folder, output, running })))
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.running.0.id()
    }

    /// All statistics whose names contain `part`, histograms left out.
    ///
    /// # Errors
    /// When Envoy does not answer.
    pub fn statistics(&self, part: &str) -> Result<BTreeMap<String, u64>> {
        let text = request(self.admin, &format!("/stats?filter={part}"), PATIENCE)?;
        let pairs = text.lines().filter_map(|line| line.rsplit_once(": "));
        Ok(pairs
            .filter_map(|(name, value)| Some((name.to_owned(), value.trim().parse().ok()?)))
            .collect())
    }

    fn counted(&self) -> Result<BTreeMap<String, u64>> {
        let all = self.statistics("tlvet_connections_total")?;
        Ok(all.into_iter().filter_map(|(name, value)| Some((counter(&name)?, value))).collect())
    }

    /// The filter's lines of level warning and above since the last time, and everything else that Envoy logged. Where there
    /// has to be a line, it is waited for.
    pub fn take_log(&self, awaited: bool) -> (Vec<String>, Vec<String>) {
        let (mut lines, mut rest) = (Vec::new(), Vec::new());
        loop {
            // What Envoy has written is on its way through a pipe; all lines of one verdict are written at once.
            let patience = match (awaited, lines.is_empty()) {
                (true, true) => COUNTED,
                (true, false) => Duration::from_millis(200),
                (false, _) => Duration::from_millis(30),
            };
            let Ok(line) = self.output.0.recv_timeout(patience) else { break };
            let loud = ["[warning][wasm]", "[error][wasm]", "[critical][wasm]"]
                .iter()
                .any(|level| line.contains(level));
            let said = line.split_once("wasm log").and_then(|(_, rest)| rest.split_once(": "));
            match said {
                Some((_, text)) if loud => lines.push(text.to_owned()),
                _ => rest.push(line),
            }
        }
        (lines, rest)
    }

    /// The log until it served.
    pub fn log(&self) -> &[String] {
        &self.log
    }
}

impl Hosting for Envoy {
    fn play(&mut self, peers: &mut Peers, trial: &Trial<'_>) -> Result<Observed> {
        self.take_log(false);
        let before = self.counted()?;
        let (client, origin) = act(peers, trial, self.edge.port())?;
        // A connection is counted when it is judged or, where it ended before, when Envoy takes note of its end.
        let deadline = Instant::now() + COUNTED;
        let counted = loop {
            let counted = difference(&before, &self.counted()?);
            if !counted.is_empty() || Instant::now() > deadline {
                break counted;
            }
        };
        // Every fault has its line; an end before the verdict and what the configuration lets pass have none.
        let awaited = ["refused", "would_refuse", "excepted"]
            .iter()
            .any(|result| counted.keys().any(|name| name.starts_with(result)));
        let (lines, rest) = self.take_log(awaited);
        let died = rest.iter().find(|line| line.contains("Uncaught RuntimeError"));
        ensure!(died.is_none(), "the VM died: {died:?}");
        Ok(Observed { client, origin, lines, counted })
    }
}

/// A file of `plugin/deploy/envoy`, named without its suffix.
fn arrangement_text(arrangement: &str) -> Result<String> {
    let file = crate::repository().join(format!("plugin/deploy/envoy/{arrangement}.yaml"));
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}

/// An arrangement with the filter as it is configured, or without it; the filter's file is in `folder`.
fn measured_text(
    arrangement: Arrangement,
    configuration: Option<&str>,
    folder: &Path,
    origin: u16,
    ca: &Path,
) -> Result<String> {
    let text = arrangement_text(arrangement.file())?;
    let text = match configuration {
        Some(configuration) => configured(&text, configuration)?,
        None => without_filter(&text)?,
    };
    filled(&text, &filter(folder)?, origin, ca)
}

/// Cuts the filter out: the entry of a list that begins with its name, up to where the next entry or key begins.
fn without_filter(text: &str) -> Result<String> {
    const NAMES: [&str; 2] = ["- name: tlvet", "- name: envoy.filters.http.wasm"];
    let mut kept = Vec::new();
    let mut cut = None;
    let mut found = 0;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if cut.is_some_and(|depth| indent > depth || line.trim().is_empty()) {
            continue;
        }
        cut = NAMES.contains(&line.trim()).then_some(indent);
        if cut.is_some() {
            found += 1;
        } else {
            kept.push(line);
        }
    }
    ensure!(found == 1, "the arrangement holds {found} filters");
    Ok(kept.join("\n"))
}

/// Replaces the filter's configuration.
fn configured(text: &str, configuration: &str) -> Result<String> {
    let mut lines = Vec::new();
    let mut replaced = 0;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start() == "value: |" {
            // A double-quoted YAML scalar is a JSON string: any text fits.
            lines.push(format!(
                "{}value: {}",
                " ".repeat(indent),
                serde_json::to_string(configuration)?
            ));
        } else if line.trim_start().starts_with("{\"role\":") {
            replaced += 1;
        } else {
            lines.push(line.to_owned());
        }
    }
    ensure!(replaced == 1, "the arrangement holds {replaced} configurations of the filter");
    Ok(lines.join("\n"))
}

/// Fills the placeholders.
fn filled(text: &str, filter: &Path, origin: u16, ca: &Path) -> Result<String> {
    let mut text = text.to_owned();
    for (name, value) in [
        ("ADMIN_PORT", "0".to_owned()),
        ("CA_FILE", ca.display().to_string()),
        ("FILTER_WASM", filter.display().to_string()),
        ("LISTEN_PORT", "0".to_owned()),
        ("ORIGIN_ADDRESS", "127.0.0.1".to_owned()),
        ("ORIGIN_NAME", ORIGIN_NAME.to_owned()),
        ("ORIGIN_PORT", origin.to_string()),
    ] {
        text = text.replace(&format!("${{{name}}}"), &value);
    }
    let left = text.lines().find(|line| !line.trim_start().starts_with('#') && line.contains("${"));
    ensure!(left.is_none(), "a placeholder is not filled: {left:?}");
    Ok(text)
}

/// Asks for `path` over HTTP/1.1; the body of an answer 200.
fn request(address: SocketAddr, path: &str, patience: Duration) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(patience))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {ORIGIN_NAME}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8(answer)?;
    let (head, body) =
        answer.split_once("\r\n\r\n").with_context(|| format!("no headers: {answer:?}"))?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)
    } else {
        Ok(body.to_owned())
    }
}

fn unchunked(mut text: &str) -> Result<String> {
    let mut body = String::new();
    loop {
        let (length, rest) = text.split_once("\r\n").context("a chunk has a length")?;
        let length = usize::from_str_radix(length.trim(), 16)?;
        if length == 0 {
            return Ok(body);
        }
        body.push_str(rest.get(..length).context("a chunk is cut")?);
        text = rest.get(length + 2..).context("a chunk has an end")?;
    }
}

/// Plays a scenario in the real Envoy.
///
/// # Errors
/// When something does not arrive; Envoy's log is in the error.
pub fn play(scenario: &Scenario) -> Result<Outcome> {
    let (sent, answer) = match &scenario.expect {
        Outcome::Passes { to_origin, to_client } => (to_origin.as_str(), to_client.as_str()),
        Outcome::Refused(_) => ("/never-asked-for", ""),
    };
    let origin =
        if scenario.is_http() { Origin::serving(sent, answer)? } else { Origin::reversing()? };
    let started = Envoy::start(
        &scenario.arrangement,
        &scenario.configuration(),
        origin.port(),
        &origin.certificate(),
    )?;
    let envoy = match started {
        Started::Running(envoy) => envoy,
        Started::Exited { code, log } => {
            let reasons = refusals(log.iter().map(String::as_str));
            ensure!(
                code.is_some_and(|code| code != 0),
                "Envoy ended with {code:?}:\n{}",
                log.join("\n")
            );
            ensure!(
                !reasons.is_empty(),
                "Envoy ended without the filter's reason:\n{}",
                log.join("\n")
            );
            return Ok(Outcome::Refused(reasons));
        }
    };
    let passed = match scenario.arrangement.as_str() {
        "A-passthrough" => tls_line(envoy.edge, &origin, sent),
        "B-tcp" => plain_line(envoy.edge, sent),
        // The origin serves one file: the answer proves the path that it was asked for.
        _ => request(envoy.edge, sent, PATIENCE)
            .map(|body| Outcome::Passes { to_origin: sent.to_owned(), to_client: body }),
    };
    passed.with_context(|| format!("Envoy's log:\n{}", envoy.log().join("\n")))
}

/// Sends a line through a TLS session with the origin, which the client verifies itself.
fn tls_line(edge: SocketAddr, origin: &Origin, line: &str) -> Result<Outcome> {
    let mut child = openssl()
        .args(["s_client", "-quiet", "-verify_return_error", "-servername", ORIGIN_NAME])
        .args(["-verify_hostname", ORIGIN_NAME, "-connect", &edge.to_string(), "-CAfile"])
        .arg(origin.certificate())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("openssl s_client")?;
    let output = Lines::of(child.stdout.take().context("stdout")?);
    let mut input = child.stdin.take().context("stdin")?;
    let _running = Running(child);
    input.write_all(line.as_bytes())?;
    input.flush()?;
    let reply = output.next(Instant::now() + PATIENCE)?.context("no answer through TLS")?;
    Ok(reversed(&reply))
}

/// Sends a line in the clear.
fn plain_line(edge: SocketAddr, line: &str) -> Result<Outcome> {
    let mut stream = TcpStream::connect(edge)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(line.as_bytes())?;
    let mut reply = String::new();
    BufReader::new(stream).read_line(&mut reply)?;
    Ok(reversed(reply.trim_end_matches('\n')))
}

/// The origin has reversed what it got.
fn reversed(reply: &str) -> Outcome {
    let got: String = reply.chars().rev().collect();
    Outcome::Passes { to_origin: format!("{got}\n"), to_client: format!("{reply}\n") }
}
