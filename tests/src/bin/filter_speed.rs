//! What the filter costs Envoy, with it and without, on one machine, in one run: processor time of connections and requests, or
//! resident memory. Prints one JSON object.
//!
//! ```text
//! filter_speed [speed] [CONNECTIONS [REQUESTS]]
//! filter_speed memory [CONNECTIONS]...          ascending: resident memory when so many have been made
//! ```

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tlvet_tests::envoy::{Envoy, Running, server};
use tlvet_tests::origins::Origins;
use tlvet_tests::trial::{Arrangement, configuration};

/// Clients that make connections at the same time.
const CLIENTS: u64 = 4;

/// Connections that requests share.
const POOLED: u64 = 16;

/// Rounds of each side, in turns: what else the machine does meets all.
const ROUNDS: usize = 5;

/// Workers whose memory is compared.
const WORKERS: [u32; 3] = [1, 2, 4];

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let memory = arguments.first().is_some_and(|word| word == "memory");
    arguments.retain(|word| word != "memory" && word != "speed");
    let numbers = arguments
        .iter()
        .map(|text| text.parse())
        .collect::<Result<Vec<u64>, _>>()
        .context("a number")?;
    let origins = Origins::make()?;
    let result = if memory {
        let counts = if numbers.is_empty() { vec![20_000, 100_000, 200_000] } else { numbers };
        json!({"workers": by_workers(&origins)?, "connections": by_connections(&origins, &counts)?})
    } else {
        let number = |at: usize, otherwise| numbers.get(at).copied().unwrap_or(otherwise);
        json!({
            "passthrough": passthrough(&origins, number(0, 2_000))?,
            "http": http(&origins, number(1, 40_000))?,
        })
    };
    println!("{result}");
    Ok(())
}

/// An arrangement of `plugin/deploy/envoy` three times: with the filter in mode `enforce`, without it, and with it in mode
/// `off`, which shows what Envoy spends on any filter of this kind.
struct Measured {
    with: Box<Envoy>,
    without: Box<Envoy>,
    off: Box<Envoy>,
}

impl Measured {
    fn start(arrangement: Arrangement, origins: &Origins, port: u16) -> Result<Self> {
        let enforce = configuration(arrangement, "enforce", origins, &json!({}))?;
        let off = json!({"role": arrangement.role(), "mode": "off"}).to_string();
        let start = |policy| Envoy::measured(arrangement, policy, 1, port, &origins.trusted);
        Ok(Self { with: start(Some(&enforce))?, without: start(None)?, off: start(Some(&off))? })
    }

    /// Processor time of each unit of what `act` does, in turns.
    fn compare(&self, units: u64, act: impl Fn(SocketAddr) -> Result<()>) -> Result<Value> {
        let sides = [&self.without, &self.with, &self.off];
        let mut rounds = Vec::new();
        // One round that does not count: pools, caches and V8's compiler are cold.
        for round in 0..=ROUNDS {
            let mut times = [0.0; 3];
            for (envoy, time) in sides.into_iter().zip(&mut times) {
                let before = processor_time(envoy.process())?;
                act(envoy.edge)?;
                *time = (processor_time(envoy.process())? - before) * 1e6 / units as f64;
            }
            if round > 0 {
                rounds.push(times);
            }
        }
        let of =
            |what: fn([f64; 3]) -> f64| median(rounds.iter().map(|times| what(*times)).collect());
        Ok(json!({
            "units": units, "rounds": ROUNDS,
            "bare_us": of(|[bare, _, _]| bare)?,
            "filter_us": of(|[_, filter, _]| filter)?,
            "off_us": of(|[_, _, off]| off)?,
            // Medians of the ratios of neighbours in time.
            "ratio": of(|[bare, filter, _]| filter / bare)?,
            "off_ratio": of(|[bare, _, off]| off / bare)?,
        }))
    }
}

fn median(mut numbers: Vec<f64>) -> Result<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().context("a round")
}

/// New connections of TLS 1.2, each verified in full, before `openssl s_server`.
fn passthrough(origins: &Origins, connections: u64) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = server(&origin.chain, &origin.key, &["-tls1_2"])?;
    let measured = Measured::start(Arrangement::Passthrough, origins, server.port)?;
    let result = measured.compare(connections, |edge| handshakes(edge, connections))?;
    all_verified(&measured.with, "connections", connections)?;
    Ok(result)
}

/// Requests over pooled connections to an origin of TLS.
fn http(origins: &Origins, requests: u64) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = Envoy::origin(&origin.chain, &origin.key)?;
    let measured = Measured::start(Arrangement::UpstreamHttp, origins, server.edge.port())?;
    let result = measured.compare(requests, |edge| asked(edge, origin.asked, requests))?;
    all_verified(&measured.with, "requests", requests)?;
    Ok(result)
}

fn all_verified(envoy: &Envoy, what: &str, count: u64) -> Result<()> {
    let verified: u64 = envoy
        .statistics(&format!("tlvet_{what}_total.result.passed.reason.verified"))?
        .values()
        .sum();
    ensure!(verified >= count, "{verified} {what} were verified, not {count}");
    Ok(())
}

/// Resident memory in KiB with and without the filter, idle, by the number of workers; each has a VM, and two more are there.
fn by_workers(origins: &Origins) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = server(&origin.chain, &origin.key, &["-tls1_2"])?;
    let arrangement = Arrangement::Passthrough;
    let policy = configuration(arrangement, "enforce", origins, &json!({}))?;
    let mut rows = Vec::new();
    for workers in WORKERS {
        let mut sides = Vec::new();
        for policy in [Some(policy.as_str()), None] {
            let envoy =
                Envoy::measured(arrangement, policy, workers, server.port, &origins.trusted)?;
            // Every worker has something to do.
            handshakes(envoy.edge, 200)?;
            sides.push(resident(envoy.process())?);
        }
        rows.push(
            json!({"workers": workers, "with_kib": sides.first(), "without_kib": sides.get(1)}),
        );
    }
    Ok(rows.into())
}

/// Resident memory in KiB of an Envoy with two workers when it has passed so many connections, with and without the filter.
fn by_connections(origins: &Origins, counts: &[u64]) -> Result<Value> {
    let origin = origins.origin("good")?;
    let server = server(&origin.chain, &origin.key, &["-tls1_2"])?;
    let arrangement = Arrangement::Passthrough;
    let policy = configuration(arrangement, "enforce", origins, &json!({}))?;
    let start = |policy| Envoy::measured(arrangement, policy, 2, server.port, &origins.trusted);
    let (with, without) = (start(Some(policy.as_str()))?, start(None)?);
    let (mut rows, mut made) = (Vec::new(), 0);
    for count in counts {
        for envoy in [&with, &without] {
            handshakes(envoy.edge, count.saturating_sub(made))?;
        }
        made = *count;
        rows.push(json!({
            "connections": count,
            "with_kib": resident(with.process())?, "without_kib": resident(without.process())?,
        }));
    }
    all_verified(&with, "connections", made)?;
    Ok(rows.into())
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

/// A request with the headers that a client of mobile and remote access sends.
fn request(host: &str) -> String {
    format!(
        "GET /cucm-uds/user/alice/devices?max=100 HTTP/1.1\r\nhost: {host}\r\n\
         user-agent: Jabber-Win-2119\r\naccept: application/xml\r\naccept-language: en-GB\r\n\
         authorization: Basic bm9ib2R5OmF0IGFsbA==\r\n\
         cookie: JSESSIONIDSSO=00112233445566778899AABBCCDDEEFF; JSESSIONID=FFEEDDCCBBAA99887766554433221100\r\n\
         cache-control: no-cache\r\ntrackingid: fos_00112233-4455-6677-8899-aabbccddeeff\r\n\r\n"
    )
}

/// Requests over connections that stay open.
fn asked(edge: SocketAddr, host: &str, requests: u64) -> Result<()> {
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..POOLED)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut stream = TcpStream::connect(edge)?;
                    stream.set_nodelay(true)?;
                    let request = request(host);
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
