//! The peers of the filter's tests, `tests/peers/peers.py`: an origin that changes its face on demand, and clients.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// The running program.
pub struct Peers {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    port: u16,
    other_port: u16,
}

/// What an origin got on one connection.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Seen {
    /// The handshake came to its end.
    pub handshake: bool,
    /// Application data, decrypted.
    pub data: String,
    /// Bytes on the wire.
    pub raw: u64,
}

/// What a client got.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Client {
    /// Bytes on the wire.
    pub raw: u64,
    /// Level and description of an alert in clear.
    pub alert: Option<(u8, u8)>,
    /// The handshake came to its end.
    pub handshake: bool,
    /// It resumed an earlier session.
    pub resumed: bool,
    /// Application data, decrypted; of a client without TLS whatever came.
    pub data: String,
    /// The connection was closed in time.
    pub closed: bool,
    /// The exception that ended it.
    #[serde(default)]
    pub error: Option<String>,
}

/// What came of a handshake with the origin.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Dialled {
    /// The origin's certificate, PEM; `None` when the handshake failed.
    pub certificate: Option<String>,
    /// Its SHA-256, hexadecimal.
    #[serde(default)]
    pub sha256: String,
    /// The version as OpenSSL names it.
    #[serde(default)]
    pub version: String,
}

/// An answer of HTTP.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: Option<String>,
    /// Its body.
    pub body: String,
}

impl Peers {
    /// Starts the program.
    ///
    /// # Errors
    /// When `python3` is not there.
    pub fn start() -> Result<Self> {
        let mut child = Command::new("python3")
            .arg(crate::folder().join("peers/peers.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3")?;
        let orders = child.stdin.take().context("stdin")?;
        let answers = BufReader::new(child.stdout.take().context("stdout")?);
        let mut peers = Self { child, orders, answers, port: 0, other_port: 0 };
        let answer = peers.answer()?;
        let port = |key: &str| -> Result<u16> {
            Ok(u16::try_from(answer.get(key).and_then(Value::as_u64).context("a port")?)?)
        };
        (peers.port, peers.other_port) = (port("port")?, port("other_port")?);
        Ok(peers)
    }

    /// The origin's port on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Another origin's port, with the same faces: it resumes the first one's sessions.
    pub fn other_port(&self) -> u16 {
        self.other_port
    }

    /// Gives the origin a face: a chain, its key, and the version of TLS, `1.2` or `1.3`.
    ///
    /// # Errors
    /// When the files do not fit each other.
    pub fn face(&mut self, name: &str, chain: &Path, key: &Path, version: &str) -> Result<()> {
        let order =
            json!({"do": "face", "name": name, "chain": chain, "key": key, "version": version});
        self.order(&order).map(drop).with_context(|| format!("face {name}"))
    }

    /// Connections that come from now on see this face, in this manner (see `peers.py`).
    ///
    /// # Errors
    /// When the program has ended.
    pub fn show(&mut self, name: &str, manner: &Value) -> Result<()> {
        self.order(&json!({"do": "show", "name": name, "manner": manner})).map(drop)
    }

    /// What the origin got since the last time, when all its connections are over.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn seen(&mut self) -> Result<Vec<Seen>> {
        let mut answer = self.order(&json!({"do": "seen"}))?;
        let connections = answer.get_mut("connections").context("connections")?;
        Ok(serde_json::from_value(connections.take())?)
    }

    /// A client that speaks TLS, asks for `name` and sends `send`.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn client(
        &mut self,
        port: u16,
        name: Option<&str>,
        version: &str,
        send: &str,
        manner: &Value,
    ) -> Result<Client> {
        let order = json!({
            "do": "client", "port": port, "name": name, "version": version, "send": send, "manner": manner,
        });
        Ok(serde_json::from_value(self.order(&order)?)?)
    }

    /// A client in clear: what it got.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn plain(&mut self, port: u16, send: &str) -> Result<String> {
        let answer = self.order(&json!({"do": "plain", "port": port, "send": send}))?;
        Ok(answer.get("data").and_then(Value::as_str).context("data")?.to_owned())
    }

    /// A request over HTTP/1.1 in clear.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn http(&mut self, port: u16, path: &str, host: &str) -> Result<Answer> {
        self.http_with(port, path, host, "")
    }

    /// As [`Peers::http`], with more lines of headers, each ended by CR LF.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn http_with(&mut self, port: u16, path: &str, host: &str, more: &str) -> Result<Answer> {
        let order = json!({"do": "http", "port": port, "path": path, "host": host, "more": more});
        Ok(serde_json::from_value(self.order(&order)?)?)
    }

    /// A handshake with the origin, on behalf of a host without TLS; the connection stays open. Who does not `accept` the
    /// certificate breaks off there.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn dial(&mut self, name: Option<&str>, accept: bool) -> Result<Dialled> {
        let order = json!({"do": "dial", "name": name, "accept": accept});
        Ok(serde_json::from_value(self.order(&order)?)?)
    }

    /// Says something on the dialled connection; what the origin answers.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn say(&mut self, send: &[u8]) -> Result<Vec<u8>> {
        let answer = self.order(&json!({"do": "say", "send": STANDARD.encode(send)}))?;
        Ok(STANDARD.decode(answer.get("send").and_then(Value::as_str).context("send")?)?)
    }

    /// Closes the dialled connection.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn hang_up(&mut self) -> Result<()> {
        self.order(&json!({"do": "hang_up"})).map(drop)
    }

    fn order(&mut self, order: &Value) -> Result<Value> {
        writeln!(self.orders, "{order}")?;
        self.orders.flush()?;
        self.answer().with_context(|| format!("peers.py: {order}"))
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        ensure!(self.answers.read_line(&mut line)? > 0, "peers.py has ended");
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        // A program that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
