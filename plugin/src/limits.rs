//! Every cap of the filter, with the reason for its value.

/// Bytes of the configuration. A full public CA bundle is about 250 KB and a trust list below 2 MiB (2.8 MB in
/// base64); Envoy itself accepts far more, but the VM has no memory cap of its own.
pub const CONFIGURATION_BYTES: usize = 8 * 1024 * 1024;

/// Problems that are reported; the rest is counted.
pub const PROBLEMS: usize = 50;

/// Characters of an offending value that a message repeats: enough to find it, too few to spill a log.
pub const SHOWN_CHARACTERS: usize = 60;

/// Certificates in `trust.ca_pem`. Public bundles hold about 150, Expressway stores below 500.
pub const CA_CERTIFICATES: usize = 2_000;

/// Bytes of one certificate in `trust.ca_pem`; real ones stay below 16 KiB.
pub const CERTIFICATE_BYTES: usize = 64 * 1024;

/// Decoded bytes of `trust.itl_base64`: phones refuse trust lists above 2 MiB (formats.md 2.3).
pub const TRUST_LIST_BYTES: usize = 2 * 1024 * 1024;

/// Entries of `allow`, `exceptions` and `trust.leaf_sha256`: each is compared for each connection.
pub const LIST_ENTRIES: usize = 1_000;

/// Characters of a reason.
pub const REASON_CHARACTERS: usize = 500;

/// Allowed `limits.handshake_bytes`. Below 512 no server hello with a certificate fits; the upper end is half of
/// Envoy's default connection buffer (1 MiB): a filter that holds more gets no further callback, and hangs.
pub const HANDSHAKE_BYTES: core::ops::RangeInclusive<u64> = 512..=524_288;

/// `limits.handshake_bytes` when nothing is given.
pub const HANDSHAKE_BYTES_DEFAULT: u64 = 65_536;

/// Bytes of unfinished handshakes that one VM keeps for all its connections together. V8 gives a VM 1 GiB and kills it then, with
/// every connection of the worker; a vector that grows takes up to twice its bytes. Ordinary handshakes have 2 to 5 KB, so
/// these are thousands at the same moment.
pub const UNFINISHED_BYTES: usize = 32 * 1024 * 1024;

/// Allowed `limits.handshake_ms`. Ticks are milliseconds apart; a minute is longer than any client waits.
pub const HANDSHAKE_MS: core::ops::RangeInclusive<u64> = 10..=60_000;

/// `limits.handshake_ms` when nothing is given.
pub const HANDSHAKE_MS_DEFAULT: u64 = 5_000;

/// Certificates of one chain in a handshake. Traffic Server follows 7 between leaf and root; each may cost a signature,
/// and a worker serves nobody else meanwhile.
pub const CHAIN: usize = 32;

/// Alerts of level warning before the verdict; OpenSSL lets 5 in a row pass.
pub const WARNINGS: usize = 4;

/// Chains whose verdict a VM remembers, each with its bytes and a parsed certificate of about 10 KB.
pub const CHAINS_KNOWN: usize = 64;

/// Bytes of a chain that is remembered; larger ones are rare, and judged anew each time.
pub const CHAIN_KNOWN_BYTES: usize = 16 * 1024;

/// Connections with origins, in roles `http` and `upstream-http`, whose verdict a VM remembers; about 200 bytes each.
pub const CONNECTIONS_KNOWN: usize = 2_048;

/// Bytes of `host:port` as a client writes it that are kept: a name of 253, a final dot, a port. Envoy takes headers of 60 KB.
pub const ASKED: usize = 260;

/// Origins with a gauge of their own. A client chooses the name that is asked for, and Envoy keeps metrics for ever.
pub const GAUGES: usize = 256;

/// Values of the proxy's shared data that hold sessions. They are never deleted, only overwritten.
pub const SESSION_BUCKETS: u16 = 1_024;

/// Sessions in one of these values: with 41 bytes each, all together take 336 KB at most.
pub const SESSIONS_PER_BUCKET: usize = 8;

/// Seconds that a session is remembered (RFC 5246 appendix F.1.4 suggests a day as the upper limit).
pub const SESSION_SECONDS: i64 = 86_400;

/// Characters of the base64 in a mobile and remote access path: a domain and a name of 253 characters each, a port.
pub const PATH_CODE: usize = 700;

/// Milliseconds between ticks while a connection waits: a refused client hears the alert and, this much later, the close.
pub const TICK_MS: u32 = 20;

/// Milliseconds between ticks while a request waits for the handshake with its origin.
pub const TICK_HTTP_MS: u32 = 2;

/// Bytes that are fetched from the proxy at once to follow a connection. Of more, only the heads of records are: a call costs
/// about as much as the copy of a thousand bytes.
pub const FETCHED: usize = 1_024;
