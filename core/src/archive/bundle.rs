//! Names in the diagnostic archive of an Expressway (domain.md 2.7): which node they come from, and what they hold.

/// What a file of such an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `ethN_diagnostic_logging_tcpdumpX_…`: packets.
    Capture,
    /// `xconf_dump_…`: what is configured.
    Configuration,
    /// `loggingsnapshot_…`: the log.
    Log,
    /// `server_…pem`: the node's own certificate.
    ServerCertificate,
    /// `xstat_dump_…`: what runs.
    Status,
    /// `ca_…pem`: what the node trusts.
    TrustStore,
}

/// The node that a file comes from, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node<'a> {
    /// Its name as it writes it.
    pub host: &'a str,
    /// Date and time, as they stand in the name.
    pub time: &'a str,
}

/// Reads the last part of a path: `loggingsnapshot_<host>_<time>.txt` and the like. The host may hold underscores, the time does
/// between date and clock.
pub fn part(path: &str) -> Option<(Part, Node<'_>)> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let (part, rest) = [
        ("xconf_dump_", Part::Configuration),
        ("xstat_dump_", Part::Status),
        ("loggingsnapshot_", Part::Log),
        ("server_", Part::ServerCertificate),
        ("ca_", Part::TrustStore),
    ]
    .iter()
    .find_map(|(prefix, part)| Some((*part, name.strip_prefix(prefix)?)))
    .or_else(|| Some((Part::Capture, capture(name)?)))?;
    let (stem, ending) = rest
        .split_once(".txt")
        .or_else(|| rest.rsplit_once('.'))
        .map(|(stem, _)| (stem, rest.get(stem.len()..).unwrap_or_default()))?;
    let fits = match part {
        Part::ServerCertificate | Part::TrustStore => ending == ".pem",
        Part::Capture => ending.starts_with(".pcap") || ending.starts_with(".cap"),
        Part::Log => ending.starts_with(".txt") || ending == ".log",
        Part::Configuration | Part::Status => matches!(ending, ".txt" | ".xml"),
    };
    let (host, time) = host_and_time(stem)?;
    fits.then_some((part, Node { host, time }))
}

/// What follows `ethN_diagnostic_logging_tcpdumpX_`.
fn capture(name: &str) -> Option<&str> {
    let (interface, rest) = name.split_once("_diagnostic_logging_tcpdump")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    interface.starts_with("eth").then_some(())?;
    rest.get(digits..)?.strip_prefix('_')
}

/// Splits at the underscore behind which only digits, underscores and dashes follow, at least eight digits of them.
fn host_and_time(stem: &str) -> Option<(&str, &str)> {
    let is_time = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b':' | b'T'))
            && text.bytes().filter(u8::is_ascii_digit).count() >= 8
    };
    stem.match_indices('_').find_map(|(at, _)| {
        let (host, time) = (stem.get(..at)?, stem.get(at + 1..)?);
        (!host.is_empty() && is_time(time)).then_some((host, time))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_their_names() {
        let node = Node { host: "exp_e-1", time: "2022-07-11_16_55_26" };
        for (name, expected) in [
            ("loggingsnapshot_exp_e-1_2022-07-11_16_55_26.txt", Some(Part::Log)),
            ("a/b/xconf_dump_exp_e-1_2022-07-11_16_55_26.xml", Some(Part::Configuration)),
            ("xstat_dump_exp_e-1_2022-07-11_16_55_26.txt", Some(Part::Status)),
            ("ca_exp_e-1_2022-07-11_16_55_26.pem", Some(Part::TrustStore)),
            ("server_exp_e-1_2022-07-11_16_55_26.pem", Some(Part::ServerCertificate)),
            (
                "eth0_diagnostic_logging_tcpdump00_exp_e-1_2022-07-11_16_55_26.pcap",
                Some(Part::Capture),
            ),
            ("ca_exp_e-1_2022-07-11_16_55_26.txt", None),
            ("ca_exp.pem", None),
            ("ca__20220711.pem", None),
            ("server_.pem", None),
        ] {
            assert_eq!(part(name), expected.map(|part| (part, node)), "{name}");
        }
    }
}
