//! Every cap of the engine, with the reason for its value.
//!
//! Numbers taken from a file are compared with these before memory is reserved or work begins.

/// A file that is parsed as a whole (trust list, signed file, certificates, text) is kept in memory up to this
/// size; longer input is hashed, but not parsed. Phones refuse trust lists above 2 MiB
/// (formats.md 2.3); the largest signed firmware is below 32 MiB.
pub const BUFFERED_INPUT: usize = 64 * 1024 * 1024;

/// Inputs of one session. A directory of one file for each phone of a large cluster fits.
pub const INPUTS: usize = 200_000;

/// TLV elements of one header: 27 tags are known; the rest is room for unknown ones and padding.
pub const HEADER_ELEMENTS: usize = 256;

/// TLV elements of one record: 12 tags are known.
pub const RECORD_ELEMENTS: usize = 64;

/// Records of one trust list. A record takes at least 5 bytes; phones hold a few dozen.
pub const TRUST_LIST_RECORDS: usize = 16_384;

/// Problems kept for one input; the count goes on, the texts stop.
pub const PROBLEMS_PER_INPUT: usize = 64;

/// Certificates taken from one container. Public CA bundles hold about 150, Expressway stores below 500.
pub const CERTIFICATES_PER_INPUT: usize = 10_000;

/// Bytes of one certificate. The largest known in practice (hundreds of names) stay below 100 KiB.
pub const CERTIFICATE_BYTES: usize = 1024 * 1024;

/// Elements of indefinite length inside each other. PKCS#7 and PKCS#12 nest about ten; each level is one more
/// walk over what it holds.
pub const BER_DEPTH: usize = 32;

/// Bytes of one certificate revocation list. The largest public ones are below 16 MiB.
pub const REVOCATION_LIST_BYTES: usize = 32 * 1024 * 1024;

/// Entries of one certificate revocation list that are read. The largest public ones hold about 300,000; an
/// entry takes about 80 bytes of memory.
pub const REVOKED_CERTIFICATES: usize = 500_000;

/// Extensions of one certificate, and usages in its extendedKeyUsage, that are read. Real certificates
/// hold about ten; looking for repeated ones takes the square of this.
pub const CERTIFICATE_EXTENSIONS: usize = 256;

/// Certificates, or requests, with one public key that are named beside a key or a request. Real keys have one
/// or two; the product of equal keys and equal certificates stays linear.
pub const KEY_MATCHES: usize = 16;

/// Attributes of one distinguished name that are read. Real names hold about six.
pub const NAME_ATTRIBUTES: usize = 256;

/// Names in one subjectAltName extension that are kept.
pub const SUBJECT_ALT_NAMES: usize = 10_000;

/// Bytes of an otherName that is no text that are shown; real ones are texts.
pub const OTHER_NAME_BYTES: usize = 64;

/// Names of a certificate that are shown as close to the one asked for; more would hide the point.
pub const NEAR_MISSES: usize = 8;

/// Passwords of one session. A user has one, rarely two.
pub const PASSWORDS: usize = 8;

/// Bytes of a password, and of a salt beside it. Real ones have 8 to 64.
pub const PASSWORD_BYTES: usize = 1024;

/// Rounds of key derivation that are spent on the passwords of one input. OpenSSL writes 2,048 for each of three
/// parts, Java 10,000 (100,000 before), NSS 600,000; five million take some seconds in a browser.
pub const PASSWORD_ROUNDS: u64 = 5_000_000;

/// Bytes of a PKCS#12 container. Stores with hundreds of certificates are below 1 MiB; each part is copied when it
/// is decrypted.
pub const PKCS12_BYTES: usize = 16 * 1024 * 1024;

/// Parts of a PKCS#12 container, and its bags inside each other. Real ones have two parts, and no bag in a bag.
pub const PKCS12_PARTS: usize = 64;

/// RSA keys in bits that signatures are checked with: 512 is the smallest in old trust lists, 8192
/// bounds the time that one hostile key can take.
pub const RSA_BITS: core::ops::RangeInclusive<usize> = 512..=8192;

/// Bytes of a phone configuration that are parsed as XML; the largest real ones are below 100 KiB.
pub const CONFIGURATION_BYTES: usize = 4 * 1024 * 1024;

/// XML nodes of one configuration; real ones have a few thousand.
pub const CONFIGURATION_NODES: u32 = 200_000;

/// Servers, URLs or credentials kept of one configuration; real ones have a few dozen.
pub const CONFIGURATION_ENTRIES: usize = 1_000;

/// Findings of one code in one report; the rest is counted in a note.
pub const FINDINGS_PER_CODE: usize = 1_000;

/// Causes that the summary of a report names: a reader who has repaired these asks again.
pub const CAUSES: usize = 16;

/// Things that one finding is said to be about, and direct causes of one finding.
pub const SUBJECTS_PER_FINDING: usize = 32;

/// Pieces of evidence of one finding.
pub const EVIDENCE_PER_FINDING: usize = 64;

/// Certificates with one serial that are tried as the signer of a file. Real serials are unique; a few
/// roles and renewals share one.
pub const SIGNER_CANDIDATES: usize = 64;

/// Different lists of one type that servers offer and that every phone's lists are held against. A cluster has
/// one for each TFTP node, a few at most; the product with the number of phones stays linear.
pub const SERVER_LISTS: usize = 16;

/// Bytes of one packet of a capture that are kept. Wireshark's own limit for Ethernet; a packet that claims more
/// is read up to here and stepped over.
pub const CAPTURE_PACKET_BYTES: usize = 262_144;

/// Interfaces of one pcapng section. A machine has a few; a container host has hundreds.
pub const CAPTURE_INTERFACES: usize = 4_096;

/// Bytes of one pcapng block that is no packet (interface, secrets) that are kept. A key log of 10,000 sessions
/// has about 2 MiB.
pub const CAPTURE_BLOCK_BYTES: usize = 4 * 1024 * 1024;

/// Headers inside headers (VLAN tags, labels, IPv6 extension headers, tunnels) of one packet. Real ones stack five.
pub const CAPTURE_LAYERS: usize = 16;

/// Elements of one NFLOG header before the packet; Linux writes about ten.
pub const CAPTURE_NFLOG_ELEMENTS: usize = 64;

/// Bytes of one IP packet put together from fragments: what the fields can say (RFC 791).
pub const CAPTURE_IP_PACKET: usize = 65_535;

/// Fragments of one packet. The largest packet on links of 576 bytes has 119.
pub const CAPTURE_FRAGMENTS: usize = 256;

/// Packets whose fragments are awaited at one time.
pub const CAPTURE_FRAGMENTED_PACKETS: usize = 1_024;

/// Bytes of fragments that wait, all together.
pub const CAPTURE_FRAGMENT_BYTES: usize = 4 * 1024 * 1024;

/// How much larger than its compressed file a capture may become, once it is larger than a megabyte. Real
/// captures shrink to a fifth, repeated silence to a hundredth; the format itself ends at 1,032.
pub const CAPTURE_INFLATION: u64 = 256;

/// How far a sequence number may lie from those seen before it belongs to another connection. Windows of real peers
/// stay below 16 MiB; the rest is room for losses.
pub const CAPTURE_SEQUENCE_WINDOW: u64 = 64 * 1024 * 1024;

/// Bytes that wait behind a hole in one side of a connection. A hole this far behind will not be filled.
pub const CAPTURE_WAITING_BYTES_PER_SIDE: usize = 1024 * 1024;

/// Bytes that wait behind holes, all connections together.
pub const CAPTURE_WAITING_BYTES: usize = 8 * 1024 * 1024;

/// Connections that are followed at one time; for one more, the one that was silent for longest is given up.
pub const CAPTURE_FLOWS: usize = 16_384;

/// Bytes that readers of streams and datagrams hold, all together; above, the connections that were silent for
/// longest are given up.
pub const CAPTURE_HELD_BYTES: usize = 16 * 1024 * 1024;

/// Looks at certificates and names that judging one chain may take. A store of 1,000 certificates and a chain of
/// 100 take 100,000; the largest name constraints that OpenSSL accepts take 1,048,576 for each pair.
pub const CHAIN_WORK: usize = 4_000_000;

/// Signatures that are verified for one chain: OpenSSL's own limit is a depth of 100 unless the user asks for more.
pub const CHAIN_SIGNATURES: usize = 128;

/// Certificates that are named as almost the missing issuer.
pub const CHAIN_NEAR_MISSES: usize = 16;

/// Entries of each map of the cache of chains; a certificate takes about 4 KiB in it.
pub const CHAIN_CACHE: usize = 16_384;

/// Bytes of one TLS record behind its head: 2^14, and 2,048 for what encryption adds (RFC 5246 section 6.2.3).
pub const TLS_RECORD: usize = 16_384 + 2_048;

/// Bytes of one TLS handshake message that is put together; a longer one is counted and skipped. OpenSSL takes
/// chains of at most 100 KiB and a ClientHello of at most 128 KiB.
pub const TLS_HANDSHAKE_MESSAGE: usize = 256 * 1024;

/// Bytes of one side of a stream in which the beginning of TLS is looked for: a STARTTLS dialogue takes a few
/// hundred; behind a gap the next record begins within one record's length.
pub const TLS_SEARCH: usize = 64 * 1024;

/// Certificates of one chain, and of one side of a connection, that are kept; verifiers stop at a depth of 100.
pub const TLS_CHAIN: usize = 100;

/// Cipher suites, extensions, groups and the like that are kept of one hello. Real ones have below 100; fingerprints
/// are made over all.
pub const TLS_HELLO_ENTRIES: usize = 512;

/// Bytes of a server name or protocol name that are kept; a host name has at most 255.
pub const TLS_NAME: usize = 255;

/// Alerts and problems kept of one connection; real ones end at their first fatal alert.
pub const TLS_ALERTS: usize = 32;

/// Encrypted records that may be lost in one hole of a stream: so many numbers are tried for the next one.
pub const TLS_LOST_RECORDS: u64 = 32;

/// Encrypted records in a row that do not open with a known secret, until no more are tried.
pub const TLS_FAILED_RECORDS: u32 = 8;

/// Bytes in front of TLS that are kept to tell which protocol turned it on.
pub const TLS_PREAMBLE: usize = 4 * 1024;

/// Connections whose secrets are taken from key logs: about 400 bytes each, 20 MB in all.
pub const KEY_LOG_CONNECTIONS: usize = 50_000;

/// Key logs whose digests are kept, to tell later which captures were read with them.
pub const KEY_LOGS: usize = 64;

/// Private keys that are tried on a connection: each try takes milliseconds, and users hand over a few.
pub const TLS_PRIVATE_KEYS: usize = 16;

/// Handshake messages of DTLS that may be ahead of the one that is read next: a flight has about five.
pub const DTLS_MESSAGES: usize = 16;

/// Separate fragments of one handshake message of DTLS.
pub const DTLS_FRAGMENTS: usize = 256;
/// Addresses that clients use (`--expect`). A large cluster with Unity and IM and Presence has about 40 nodes, each with
/// three spellings and two ports; each address is tried with every origin certificate that may be meant.
pub const EXPECTED_ADDRESSES: usize = 1_000;

/// Certificates of servers that are judged in one report. The largest clusters have some dozens of nodes with a handful
/// of certificates each; a folder of thousands of certificates is a survey, not a deployment.
pub const ORIGINS: usize = 2_000;

/// Certificates of a chain linked by names or key identifiers for showing. OpenSSL's default depth is 100, Traffic
/// Server's 7.
pub const CHAIN_VIEW: usize = 16;

/// iPAddress entries of a server's certificate that are tried as its address when nobody said which clients use.
pub const OWN_ADDRESSES: usize = 8;

/// TFTP transfers that are followed at once; the oldest is given up. A cluster's phones boot by the thousand, and
/// each has one or two open.
pub const TFTP_TRANSFERS: usize = 8_192;

/// Blocks of one TFTP transfer that may wait for one before them: windows are small (RFC 7440).
pub const TFTP_BLOCKS_AHEAD: usize = 64;

/// Bytes of blocks that wait, of all TFTP transfers.
pub const TFTP_AHEAD: usize = 4 * 1024 * 1024;

/// Names and values of options in one TFTP packet.
pub const TFTP_OPTIONS: usize = 32;

/// Bytes of a file's name, target or error message that are kept.
pub const TRANSFER_NAME: usize = 1_024;

/// Answers of one DNS message that are kept.
pub const DNS_ANSWERS: usize = 64;

/// Bytes of one HTTP head, or of one line between chunks. Servers take 8 to 64 KiB.
pub const HTTP_HEAD: usize = 64 * 1024;

/// Header fields of one HTTP head; real ones have below 50.
pub const HTTP_HEADERS: usize = 128;

/// HTTP requests of one connection that may wait for their answers.
pub const HTTP_PIPELINE: usize = 64;

/// Connections of a capture that are listed; those without TLS up to half of it. A gigabyte of a phone system's traffic
/// holds about 8,000.
pub const CAPTURE_FLOWS_LISTED: usize = 10_000;

/// Archives inside each other. A bundle that somebody zipped again has three.
pub const ARCHIVE_DEPTH: u8 = 8;

/// Members of an archive and of those inside it. A bundle of traces of a large cluster has some ten thousand files.
pub const ARCHIVE_MEMBERS: usize = 50_000;

/// How much larger than its file all that comes out of an archive may become, once it is larger than
/// [`ARCHIVE_INFLATION_FREE`]. Logs shrink to a tenth, those of one repeated line to a hundredth; zip itself ends at 1,032,
/// and archives inside each other know no end.
pub const ARCHIVE_INFLATION: u64 = 256;

/// Below this size inflation is of no concern.
pub const ARCHIVE_INFLATION_FREE: u64 = 16 * 1024 * 1024;

/// Bytes that come out of an archive and of those inside it: what a machine reads in some minutes.
pub const ARCHIVE_BYTES: u64 = 64 * 1024 * 1024 * 1024;

/// Characters of a member's name that are kept.
pub const ARCHIVE_NAME: usize = 1_024;

/// Bytes of a header about a member's name (GNU tar, pax) that are read.
pub const ARCHIVE_HEADER: usize = 64 * 1024;

/// Bytes of a packed file after which it is decided what comes out of it: a gzip header may hold a name and a comment, real ones
/// have a hundred bytes.
pub const ARCHIVE_PACKED_HEAD: usize = 64 * 1024;

/// Events of the timeline. A report is read by people; each takes about 500 bytes of it.
pub const TIMELINE_EVENTS: usize = 20_000;

/// Events of the logs of one archive, all together: what [`TEXT_EVENTS`] is for one, for the nodes of a cluster.
pub const ARCHIVE_EVENTS: usize = 400_000;

/// An input that is read as it comes (capture, log, archive) is hashed up to this size as other inputs are. In WebAssembly,
/// which has no instructions for it, the three digests take ten times as long as finding everything that a capture shows; and
/// nobody compares captures or logs by them.
pub const STREAM_DIGEST_BYTES: u64 = 16 * 1024 * 1024;

/// Connections that are told of a capture at each look while it is read, the latest ones: more pass faster than anybody reads.
pub const FLOWS_SO_FAR: usize = 100;

/// Transfers of a capture that are listed.
pub const CAPTURE_TRANSFERS: usize = 20_000;

/// Files that are carried at one time.
pub const CAPTURE_FILES_COMING: usize = 4_096;

/// Bytes of one carried file that is kept. Phones refuse trust lists above 2 MiB (formats.md 2.3); configurations are
/// smaller.
pub const CAPTURE_FILE_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of all carried files that are kept until they are handed out.
pub const CAPTURE_FILES_BYTES: usize = 16 * 1024 * 1024;

/// DNS answers of a capture that are listed.
pub const CAPTURE_NAMES: usize = 20_000;

/// DNS questions that wait for their answer.
pub const CAPTURE_QUESTIONS: usize = 4_096;

/// HTTP exchanges of a capture that are listed.
pub const CAPTURE_EXCHANGES: usize = 10_000;

/// TVS and CAPF messages of a capture that are listed.
pub const CAPTURE_MESSAGES: usize = 10_000;

/// ICMP messages of a capture that are listed.
pub const CAPTURE_UNDELIVERED: usize = 1_000;

/// Places where one certificate was shown that are listed. A service shows its certificate to every phone.
pub const CAPTURE_SIGHTINGS: usize = 1_000;

/// DTLS connections that are followed at one time.
pub const CAPTURE_ASSOCIATIONS: usize = 1_024;

/// Bytes that the readers of DTLS connections hold, all together.
pub const CAPTURE_ASSOCIATIONS_HELD: usize = 4 * 1024 * 1024;

/// Phones whose boot is put in order, for each capture. A capture on a TFTP server shows a site coming up.
pub const BOOTS: usize = 2_000;

/// Steps of one boot that are listed: a boot has about 30, a phone that retries for hours has thousands alike.
pub const BOOT_STEPS: usize = 200;

/// Bytes of one side of a connection that are handed out to be played again. A filter holds at most 512 KiB of a
/// handshake; behind this only application data is left.
pub const STREAM_PLAYED: u64 = 1024 * 1024;

/// Bytes of a connection in which its ClientHello must be whole to be played again. Real ones stay below 4 KiB.
pub const STREAM_BEGINNING: usize = 64 * 1024;

/// Bytes of one listing of a trust list. A CTL of 50 records prints about 60 KiB; a whole one may stand in one line.
pub const LISTING_BYTES: usize = 1024 * 1024;

/// Rows of certificate lists in one text, of each kind. The list of a node with all its trust stores has some hundreds.
pub const TEXT_CERTIFICATES: usize = 20_000;

/// Listings of all inputs that are compared with lists and with each other. A cluster prints 40; ten clusters are a survey.
pub const LISTINGS_JUDGED: usize = 1_000;

/// Listings in one text: a cluster of 20 nodes prints 40.
pub const TEXT_LISTINGS: usize = 256;

/// Bytes of one line of a text that are read. A whole `show itl` that lost its line ends has about 40 KiB, a packet
/// dumped into a log about 200 KiB.
pub const TEXT_LINE_BYTES: usize = 512 * 1024;

/// Bytes of a text that are kept to tell whether it is something else (certificates between lines of text, a configuration);
/// a longer text is read as it comes. Public CA bundles have 250 KiB.
pub const TEXT_BUFFERED: usize = 8 * 1024 * 1024;

/// Events of one text. A trace of an hour of a cluster's TVS has about 50,000 that matter; each takes about 300 bytes.
pub const TEXT_EVENTS: usize = 200_000;

/// Lines that one entry of a log was broken into by a terminal or a mail program. Expressway's longest records have about 2,000 columns.
pub const TEXT_WRAPPED_PIECES: u64 = 64;

/// Characters of a line that an event shows.
pub const TEXT_EXCERPT: usize = 400;

/// Inputs carried inside one text: certificates in hexadecimal dumps.
pub const TEXT_CARRIED: usize = 1_000;

/// Bytes of one of them: a TVS message has at most 64 KiB.
pub const TEXT_CARRIED_BYTES: usize = 64 * 1024;

/// Requests of an Expressway's log that are followed at one time. A traffic server has some hundreds under way.
pub const EXPRESSWAY_OPEN: usize = 4_096;

/// Requests to one server that wait for its answer at one time, and are told apart by their ports.
pub const EXPRESSWAY_WAITING: usize = 32;

/// Servers whose first answer is kept, for each log.
pub const EXPRESSWAY_SERVERS: usize = 10_000;

/// Pieces of a line of Traffic Server that a copy cut: the web page with the most makes six of one.
pub const EXPRESSWAY_PIECES: usize = 12;

/// Lines of one message of HTTP in an Expressway's log; a request has about 20.
pub const EXPRESSWAY_MESSAGE_LINES: usize = 500;

/// Groups of lines of Expressways that say the same, of each kind. A cluster has some dozens of servers, each with one fault
/// or two.
pub const EXPRESSWAY_GROUPS: usize = 500;

/// Errors of Expressways that name neither server nor request, which are tied to what stands before them.
pub const EXPRESSWAY_NAMELESS: usize = 10_000;

/// Registry keys of one text that are kept. The SCHANNEL key of a server has about 60 below it.
pub const TEXT_REGISTRY_KEYS: usize = 2_000;

/// Values of one registry key that are kept; the keys of protocols have two.
pub const TEXT_REGISTRY_VALUES: usize = 64;

/// Lines of a pasted packet list, and details of packets, that are kept. Nobody pastes more.
pub const TEXT_PACKETS: usize = 50_000;

/// Bytes of one line of a packet list that are read: what matters stands in front.
pub const TEXT_PACKET_LINE: usize = 4096;

/// Lines that a row of a certificate list was broken into, or a setting of an Expressway; one has about 300 columns.
pub const TEXT_ROW_PIECES: u64 = 12;

/// Settings of one Expressway that are kept. One with 1,000 zones has some thousands that bear on trust.
pub const XCONFIGURATION_SETTINGS: usize = 10_000;

/// Bytes of a document of settings in XML. That of a cluster with 1,000 zones has about 3 MiB.
pub const XCONFIGURATION_XML: usize = 8 * 1024 * 1024;

/// Elements, attributes and texts of such a document.
pub const XCONFIGURATION_NODES: u32 = 400_000;

/// Steps of a path to a setting; the longest has ten.
pub const XCONFIGURATION_DEPTH: usize = 32;

/// Bytes of one tag of it; the root's has about 200.
pub const XCONFIGURATION_TAG: usize = 2_048;

/// Nodes whose certificate lists are asked for a plan. A cluster has at most 21.
pub const PLAN_NODES: usize = 32;

/// Certificates that a plan names to be uploaded: two for each TFTP node, and the recovery certificates.
pub const PLAN_CERTIFICATES: usize = 64;
