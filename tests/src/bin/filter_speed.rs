//! What the filter costs Envoy: processor time of connections and requests with it and without, on one machine, in one run.
//! Prints one JSON object. Arguments: new connections, requests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tlvet_tests::envoy::{Envoy, Running, Started, server};
use tlvet_tests::origins::Origins;
use tlvet_tests::peers::Peers;
use tlvet_tests::trial::{Arrangement, configuration};

/// Clients at the same time.
const CLIENTS: u64 = 4;

/// Rounds of each side, in turns: what else the machine does meets both.
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut number = |otherwise| numbers.next().transpose().map(|one| one.unwrap_or(otherwise));
    let (connections, requests) = (number(3_000)?, number(40_000)?);
    let origins = Origins::make()?;
    let passthrough = passthrough(&origins, connections)?;
    let http = http(&origins, requests)?;
    println!("{}", json!({"passthrough": passthrough, "http": http}));
    Ok(())
}

/// New connections of TLS 1.2, each verified in full, before `openssl s_server`.
fn passthrough(origins: &Origins, connections: u64) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = server(&origin.chain, &origin.key, &["-tls1_2"])?;
    let policy = configuration(Arrangement::Passthrough, "enforce", origins, &json!({}))?;
    let with = running(Envoy::start("A-passthrough", &policy, server.port, &origins.trusted)?)?;
    let without = Envoy::without_filter("passthrough", server.port, &origins.trusted)?;
    let memory = (resident(with.process())?, resident(without.process())?);
    let act = |edge: SocketAddr| handshakes(edge, connections);
    let (filter, bare) = compare(&with, &without, connections, act)?;
    let statistics = with.statistics("tlvet_connections_total.result.passed")?;
    let verified: u64 = statistics.values().sum();
    ensure!(verified >= connections, "{verified} connections were verified, not {connections}");
    Ok(json!({
        "connections": connections * ROUNDS as u64, "filter_us": filter, "bare_us": bare,
        "ratio": filter / bare, "idle_kib": [memory.0, memory.1], "after_kib": resident(with.process())?,
    }))
}

/// Requests over pooled connections to an origin of TLS.
fn http(origins: &Origins, requests: u64) -> Result<Value> {
    let mut peers = Peers::start()?;
    let origin = origins.origin("good_rsa")?;
    peers.face("good", &origin.chain, &origin.key, "1.3")?;
    peers.show("good", &json!({"keep_alive": true}))?;
    let policy = configuration(Arrangement::UpstreamHttp, "enforce", origins, &json!({}))?;
    let file = Arrangement::UpstreamHttp.file();
    let with = running(Envoy::start(file, &policy, peers.port(), &origins.trusted)?)?;
    let without = Envoy::without_filter("validator", peers.port(), &origins.trusted)?;
    let act = |edge: SocketAddr| asked(edge, origin.asked, requests);
    let (filter, bare) = compare(&with, &without, requests, act)?;
    Ok(json!({
        "requests": requests * ROUNDS as u64, "filter_us": filter, "bare_us": bare, "ratio": filter / bare,
    }))
}

/// Microseconds of processor time for each unit, with and without: the medians of some rounds.
fn compare(
    with: &Envoy,
    without: &Envoy,
    units: u64,
    act: impl Fn(SocketAddr) -> Result<()>,
) -> Result<(f64, f64)> {
    let mut rounds = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (envoy, times) in [(with, &mut rounds.0), (without, &mut rounds.1)] {
            let before = processor_time(envoy.process())?;
            act(envoy.edge)?;
            times.push((processor_time(envoy.process())? - before) * 1e6 / units as f64);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().context("a round")
    };
    Ok((median(rounds.0)?, median(rounds.1)?))
}

/// New connections from a few clients at the same time.
fn handshakes(edge: SocketAddr, connections: u64) -> Result<()> {
    // `openssl s_time` counts seconds; connections that are counted come from Python.
    let script = "import socket, ssl, sys\n\
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n\
        context.check_hostname = False\n\
        context.verify_mode = ssl.CERT_NONE\n\
        context.maximum_version = ssl.TLSVersion.TLSv1_2\n\
        for _ in range(int(sys.argv[2])):\n\
        \x20   with socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=60) as plain:\n\
        \x20       with context.wrap_socket(plain, server_hostname='cucm.steven.lab'):\n\
        \x20           pass\n";
    let each = (connections / CLIENTS).to_string();
    let clients = (0..CLIENTS)
        .map(|_| {
            Command::new("python3")
                .args(["-c", script, &edge.port().to_string(), &each])
                .stdin(Stdio::null())
                .spawn()
                .map(Running)
        })
        .collect::<std::io::Result<Vec<Running>>>()?;
    for mut client in clients {
        ensure!(client.0.wait()?.success(), "a client failed");
    }
    Ok(())
}

/// Requests over connections that stay open.
fn asked(edge: SocketAddr, host: &str, requests: u64) -> Result<()> {
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut stream = TcpStream::connect(edge)?;
                    stream.set_nodelay(true)?;
                    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n");
                    let mut answers = BufReader::new(stream.try_clone()?);
                    while done.fetch_add(1, Ordering::Relaxed) < requests {
                        stream.write_all(request.as_bytes())?;
                        answer(&mut answers)?;
                    }
                    Ok(())
                })
            })
            .collect();
        for client in clients {
            match client.join() {
                Ok(asked) => asked?,
                Err(_) => bail!("a client panicked"),
            }
        }
        Ok(())
    })
}

/// Reads one answer of HTTP/1.1 with status 200 and a length.
fn answer(stream: &mut BufReader<TcpStream>) -> Result<()> {
    let mut length = 0_u64;
    let mut first = true;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if first {
            ensure!(line.starts_with("HTTP/1.1 200"), "{line}");
            first = false;
        }
        if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body)?;
    ensure!(body.len() as u64 == length, "an answer is cut");
    Ok(())
}

fn running(started: Started) -> Result<Box<Envoy>> {
    match started {
        Started::Running(envoy) => Ok(envoy),
        Started::Exited { log, .. } => bail!("Envoy ended:\n{}", log.join("\n")),
    }
}

/// Seconds of processor time that a process has taken (proc_pid_stat(5), fields 14 and 15).
fn processor_time(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"))?;
    let (_, fields) = text.rsplit_once(')').context("stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| -> Result<f64> { Ok(fields.get(at).context("stat")?.parse()?) };
    // Linux counts in hundredths of a second.
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// Resident memory of a process in KiB.
fn resident(process: u32) -> Result<u64> {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
