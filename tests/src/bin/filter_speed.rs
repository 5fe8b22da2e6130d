//! What the filter costs Envoy, with it and without, on one machine, in one run: processor time of connections and requests,
//! instructions of requests, or resident memory. Prints one JSON object.
//!
//! For processor time Envoy has a core for itself, the last that this program may use, and is never left without something to do.
//!
//! ```text
//! filter_speed [speed] [CONNECTIONS [REQUESTS]]  of each side
//! filter_speed memory [CONNECTIONS]...          ascending: resident memory when so many have been made
//! filter_speed count [REQUESTS]                 instructions of a request, as valgrind counts them
//! ```
//!
//! Times differ by a third from one run to the next on a machine that is not quiet, instructions by a hundredth.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tlvet_tests::envoy::{Envoy, Running, server};
use tlvet_tests::load::{Recorded, Requests};
use tlvet_tests::origins::Origins;
use tlvet_tests::trial::{Arrangement, configuration};

/// Clients that make connections at the same time.
const CLIENTS: u64 = 4;

/// Connections that requests share.
const POOLED: usize = 32;

/// Rounds of each side, short and in turns: what else the machine does meets all.
const ROUNDS: u64 = 40;

/// Workers whose memory is compared.
const WORKERS: [u32; 3] = [1, 2, 4];

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let what = arguments.first().filter(|word| word.parse::<u64>().is_err()).cloned();
    if what.is_some() {
        arguments.remove(0);
    }
    let numbers = arguments
        .iter()
        .map(|text| text.parse())
        .collect::<Result<Vec<u64>, _>>()
        .context("a number")?;
    let origins = Origins::make()?;
    let number = |at: usize, otherwise| numbers.get(at).copied().unwrap_or(otherwise);
    let result = match what.as_deref() {
        Some("memory") => {
            let counts = if numbers.is_empty() { &[20_000, 100_000, 200_000] } else { &*numbers };
            json!({"workers": by_workers(&origins)?, "connections": by_connections(&origins, counts)?})
        }
        Some("count") => count(&origins, number(0, 300))?,
        None | Some("speed") => {
            let (own, others) = cores()?;
            // Whatever is started from here on keeps away from Envoy's core.
            pin(std::process::id(), &others)?;
            json!({
                "passthrough": passthrough(&origins, &own, number(0, 8_000))?,
                "http": http(&origins, &own, number(1, 40_000))?,
                "http_by_connection": http_by_connection(&origins, &own, number(1, 40_000))?,
            })
        }
        Some(other) => bail!("{other}: speed, memory or count"),
    };
    println!("{result}");
    Ok(())
}

/// An arrangement of `plugin/deploy/envoy` twice, without the filter and with it in mode `enforce`, and a third Envoy. Each is
/// bound to the core `own`.
fn sides(
    arrangement: Arrangement,
    third: (Arrangement, Option<&str>),
    origins: &Origins,
    port: u16,
    own: &str,
) -> Result<[Box<Envoy>; 3]> {
    let enforce = configuration(arrangement, "enforce", origins, &json!({}))?;
    let start = |(arrangement, policy)| -> Result<Box<Envoy>> {
        let envoy = Envoy::measured(arrangement, policy, 1, port, &origins.trusted)?;
        pin(envoy.process(), own)?;
        Ok(envoy)
    };
    Ok([start((arrangement, None))?, start((arrangement, Some(&enforce)))?, start(third)?])
}

/// The filter in mode `off`, which shows what Envoy spends on any filter of this kind.
fn off(arrangement: Arrangement) -> String {
    json!({"role": arrangement.role(), "mode": "off"}).to_string()
}

/// Processor time of each unit of what is done to each side, in turns; its load does so many units and gives how many they
/// were. Microseconds of each side, by round.
fn rounds(
    sides: &[Box<Envoy>; 3],
    loads: &mut [impl FnMut(u64) -> Result<u64>],
    units: u64,
) -> Result<Vec<[f64; 3]>> {
    let mut rounds = Vec::new();
    let slice = units.div_ceil(ROUNDS);
    // Rounds that do not count: pools, caches and V8's compiler are cold.
    let cold = ROUNDS / 4;
    for round in 0..cold + ROUNDS {
        let mut times = [0.0; 3];
        for ((envoy, load), time) in sides.iter().zip(&mut *loads).zip(&mut times) {
            let before = processor_time(envoy.process())?;
            let made = load(slice)?;
            *time = (processor_time(envoy.process())? - before) * 1e6 / made as f64;
        }
        if round >= cold {
            rounds.push(times);
        }
    }
    Ok(rounds)
}

/// The medians of rounds, and of the ratios of neighbours in time: of the filter to the bare Envoy, and of the third side.
fn summary(rounds: &[[f64; 3]], third: &str, third_ratio: fn([f64; 3]) -> f64) -> Result<Value> {
    let of = |what: fn([f64; 3]) -> f64| quartiles(rounds.iter().map(|times| what(*times)));
    let median = |what| of(what).map(|[_, median, _]| median);
    let ratio: fn([f64; 3]) -> f64 = |[bare, filter, _]| filter / bare;
    let mut summary = json!({
        "rounds": rounds.len(),
        "bare_us": median(|[bare, _, _]| bare)?,
        "filter_us": median(|[_, filter, _]| filter)?,
        "ratio": median(ratio)?,
        "ratio_quartiles": of(ratio)?,
    });
    let object = summary.as_object_mut().context("an object")?;
    object.insert(format!("{third}_us"), json!(median(|[_, _, third]| third)?));
    object.insert(format!("{third}_ratio"), json!(median(third_ratio)?));
    object.insert(format!("{third}_ratio_quartiles"), json!(of(third_ratio)?));
    Ok(summary)
}

fn quartiles(numbers: impl Iterator<Item = f64>) -> Result<[f64; 3]> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        numbers.get(numbers.len().saturating_sub(1) * quarter / 4).copied().context("a round")
    };
    Ok([at(1)?, at(2)?, at(3)?])
}

/// The core that Envoy has for itself, and all others that this program may use (proc_pid_status(5)), both as taskset(1) names
/// them. On one core they are the same.
fn cores() -> Result<(String, String)> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let allowed = text
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
        .context("Cpus_allowed_list")?
        .trim();
    let (before, last) =
        allowed.rsplit_once(',').map_or(("", allowed), |(before, last)| (before, last));
    let (first, own) = last.split_once('-').map_or((None, last), |(first, own)| (Some(first), own));
    let mut others = before.to_owned();
    if let Some(first) = first {
        let next_to_last = own.parse::<u32>()?.saturating_sub(1);
        others.push_str(if before.is_empty() { "" } else { "," });
        others.push_str(&format!("{first}-{next_to_last}"));
    }
    Ok((own.to_owned(), if others.is_empty() { own.to_owned() } else { others }))
}

/// Binds all threads of a process to cores.
fn pin(process: u32, cores: &str) -> Result<()> {
    let done = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", cores, &process.to_string()])
        .output()
        .context("taskset")?;
    ensure!(done.status.success(), "taskset: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// New connections of TLS 1.2, each verified in full. They are what `openssl s_server` and a client said once: to the filter
/// each is a handshake, and nobody beside Envoy has arithmetic to do.
fn passthrough(origins: &Origins, own: &str, connections: u64) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = server(&origin.chain, &origin.key, &["-tls1_2"])?;
    let recorded = Recorded::listen(([127, 0, 0, 1], server.port).into(), |port| {
        handshakes(([127, 0, 0, 1], port).into(), 1)
    })?;
    let arrangement = Arrangement::Passthrough;
    let off = off(arrangement);
    let sides = sides(arrangement, (arrangement, Some(&off)), origins, recorded.port(), own)?;
    let recorded = &recorded;
    let mut loads = sides.each_ref().map(|envoy| move |count| recorded.make(envoy.edge, count));
    let rounds = rounds(&sides, &mut loads, connections)?;
    all_verified(&sides[1], "connections", connections)?;
    summary(&rounds, "off", |[bare, _, off]| off / bare)
}

/// Requests over pooled connections to an origin of TLS, each judged.
fn http(origins: &Origins, own: &str, requests: u64) -> Result<Value> {
    let arrangement = Arrangement::UpstreamHttp;
    let off = off(arrangement);
    let (rounds, filter) = pooled(arrangement, (arrangement, Some(&off)), origins, own, requests)?;
    all_verified(&filter, "requests", requests)?;
    summary(&rounds, "off", |[bare, _, off]| off / bare)
}

/// The same where each connection is judged; beside it an Envoy whose requests go to the origin directly, without an internal
/// listener between.
fn http_by_connection(origins: &Origins, own: &str, requests: u64) -> Result<Value> {
    let direct = (Arrangement::UpstreamHttp, None);
    let (rounds, filter) = pooled(Arrangement::HttpByConnection, direct, origins, own, requests)?;
    // Requests share them.
    all_verified(&filter, "connections", 1)?;
    summary(&rounds, "direct", |[_, filter, direct]| filter / direct)
}

/// Requests to an arrangement and a third Envoy; the Envoy with the filter.
fn pooled(
    arrangement: Arrangement,
    third: (Arrangement, Option<&str>),
    origins: &Origins,
    own: &str,
    requests: u64,
) -> Result<(Vec<[f64; 3]>, Box<Envoy>)> {
    let origin = origins.origin("good_rsa")?;
    let server = Envoy::origin(&origin.chain, &origin.key)?;
    let sides = sides(arrangement, third, origins, server.edge.port(), own)?;
    let text = request(origin.asked);
    let mut clients = sides
        .iter()
        .map(|envoy| Requests::connect(envoy.edge, POOLED, &text))
        .collect::<Result<Vec<_>>>()?;
    let mut loads: Vec<_> = clients.iter_mut().map(|clients| |count| clients.make(count)).collect();
    let rounds = rounds(&sides, &mut loads, requests)?;
    let [_, filter, _] = sides;
    Ok((rounds, filter))
}

/// Instructions of a request, and misses in a first cache of 32 KiB for instructions, of each arrangement for HTTP that decides
/// itself, without the filter, in mode `enforce` and in mode `off`: one connection of a client, one request after another, one Envoy after another.
fn count(origins: &Origins, requests: u64) -> Result<Value> {
    let origin = origins.origin("good_rsa")?;
    let server = Envoy::origin(&origin.chain, &origin.key)?;
    let (by_request, by_connection) = (Arrangement::UpstreamHttp, Arrangement::HttpByConnection);
    let configured =
        |arrangement| configuration(arrangement, "enforce", origins, &json!({})).map(Some);
    let mut counts = serde_json::Map::new();
    for (name, arrangement, policy) in [
        ("bare", by_request, None),
        ("enforce", by_request, configured(by_request)?),
        ("off", by_request, Some(off(by_request))),
        ("by_connection_bare", by_connection, None),
        ("by_connection_enforce", by_connection, configured(by_connection)?),
    ] {
        let folder = TempDir::new()?;
        let policy = policy.as_deref();
        let envoy = Envoy::in_valgrind(
            arrangement,
            policy,
            server.edge.port(),
            &origins.trusted,
            folder.path(),
        )?;
        let mut client = Requests::connect(envoy.edge, 1, &request(origin.asked))?;
        let control = |option: &str| -> Result<()> {
            let mut command = Command::new("callgrind_control");
            let done = command.args([option, &envoy.process().to_string()]).output()?;
            ensure!(done.status.success(), "callgrind_control {option} failed");
            Ok(())
        };
        // What is cold does not count.
        client.make(requests)?;
        control("--instr=on")?;
        client.make(requests)?;
        control("--zero")?;
        let made = client.make(requests)?;
        control("--dump")?;
        let [instructions, misses] = counted(folder.path())?;
        counts.insert(
            name.to_owned(),
            json!({"instructions": instructions / made, "instruction_misses": misses / made}),
        );
    }
    Ok(counts.into())
}

/// The first dump of callgrind in a folder: instructions, and misses of the first cache among them.
fn counted(folder: &Path) -> Result<[u64; 2]> {
    let dump = String::from_utf8_lossy(&std::fs::read(folder.join("counts.1"))?).into_owned();
    let words = |key: &str| {
        let line = dump.lines().find_map(|line| line.strip_prefix(key));
        line.map(str::split_whitespace).with_context(|| format!("{key} in callgrind's dump"))
    };
    let mut all = words("events:")?.zip(words("totals:").or_else(|_| words("summary:"))?);
    let mut of = |event: &str| -> Result<u64> {
        let (_, number) = all.find(|(name, _)| *name == event).context("an event")?;
        Ok(number.parse()?)
    };
    Ok([of("Ir")?, of("I1mr")?])
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
    let clients = CLIENTS.min(connections);
    let each = (connections / clients.max(1)).to_string();
    let clients = (0..clients)
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

/// Seconds of processor time that a process has taken: of all its threads, in nanoseconds (`sched-stats.rst` of the kernel's
/// documentation).
fn processor_time(process: u32) -> Result<f64> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir(Path::new("/proc").join(process.to_string()).join("task"))? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = text.split_whitespace().next().context("schedstat")?;
        nanoseconds += first.parse::<u64>()?;
    }
    Ok(nanoseconds as f64 / 1e9)
}

/// Resident memory of a process in KiB.
fn resident(process: u32) -> Result<u64> {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
