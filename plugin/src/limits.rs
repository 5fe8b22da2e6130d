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

/// Allowed `limits.handshake_ms`. Ticks are milliseconds apart; a minute is longer than any client waits.
pub const HANDSHAKE_MS: core::ops::RangeInclusive<u64> = 10..=60_000;

/// `limits.handshake_ms` when nothing is given.
pub const HANDSHAKE_MS_DEFAULT: u64 = 5_000;
