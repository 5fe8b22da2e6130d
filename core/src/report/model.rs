//! The report, `tlvet-report/1`: plain data, the contract of page, CLI and other programs.
//!
//! The JSON Schema in `docs/report.schema.json` and the page's TypeScript types are generated from
//! these types. Times are RFC 3339 in UTC; offsets are 0-based, lines, frames and record numbers
//! 1-based; serials are lower-case hex of the magnitude; digests are lower-case hex.

use serde::Serialize;

use crate::error::ParseError;

/// Name and version of this schema.
pub const SCHEMA: &str = "tlvet-report/1";

/// Everything tlvet has to say about the inputs of one run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always `tlvet-report/1`.
    pub schema: String,
    /// What wrote the report.
    pub tool: Tool,
    /// The time that validity was judged at.
    pub now: String,
    /// Names and addresses are aliases.
    pub redacted: bool,
    /// The verdict in one word and the counts behind it.
    pub summary: Summary,
    /// Every input, in the order in which it was given.
    pub inputs: Vec<Input>,
    /// Trust lists (ITL, CTL).
    pub trust_lists: Vec<TrustList>,
    /// Signed files (`.sgn`, `.enc.sgn`, signed firmware).
    pub signed_files: Vec<SignedFile>,
    /// Phone configurations, read from XML or from the body of a signed file.
    pub configurations: Vec<Configuration>,
    /// Every distinct certificate, with all places where it was seen.
    pub certificates: Vec<Certificate>,
    /// Certificate requests (PKCS#10).
    pub certificate_requests: Vec<CertificateRequest>,
    /// Certificate revocation lists.
    pub revocation_lists: Vec<RevocationList>,
    /// Private keys: what they are and whose, never the keys.
    pub private_keys: Vec<PrivateKey>,
    /// PKCS#12 containers.
    pub stores: Vec<Store>,
    /// Certificates of origins, judged with the trust store that was given as Expressway's traffic server judges them.
    pub chains: Vec<Chain>,
    /// What the traffic server will do with each address that clients use.
    pub forecast: Vec<Forecast>,
    /// Packet captures.
    pub captures: Vec<Capture>,
    /// Logs and listings.
    pub logs: Vec<Log>,
    /// Events of all inputs: dated ones by time, then those whose date is not known, as their inputs have them.
    pub timeline: Vec<TimelineEvent>,
    /// Events that are not listed, because there are too many; the least severe ones.
    pub timeline_left_out: usize,
    /// What is wrong, or right, with evidence; the most severe first.
    pub findings: Vec<Finding>,
    /// Checks that were not made, and what they would need.
    pub skipped: Vec<Skipped>,
}

/// What wrote the report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tool {
    /// `tlvet`.
    pub name: String,
    /// Version of the engine.
    pub version: String,
}

/// The verdict in one word and the counts behind it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Any error: fail; else a check that the inputs call for lacks evidence: inconclusive; else any
    /// warning: warn; else pass.
    pub verdict: Verdict,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// What an experienced engineer would say first: the cause, or that nothing was found.
    pub sentence: String,
    /// What is behind the findings, the first to repair first. Several are separate faults, or, where they name each
    /// other as alternatives, explanations of the same one.
    pub causes: Vec<Cause>,
}

/// A finding that explains others, or that nothing explains.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// Its code.
    pub code: String,
    /// Its index in `findings`, where evidence and the next commands stand.
    pub finding: usize,
    /// It in one sentence.
    pub sentence: String,
    /// Indices in `findings` of what follows from it, directly or not.
    pub consequences: Vec<usize>,
    /// Indices in `findings` of other causes that would explain the same consequences.
    pub alternatives: Vec<usize>,
    /// What would decide between it and the alternatives; only where there are some.
    pub decide: Option<String>,
}

/// The verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At least one error.
    Fail,
    /// No error, but a check that the inputs call for lacks evidence.
    Inconclusive,
    /// Neither errors nor warnings.
    Pass,
    /// Warnings, no error.
    Warn,
}

/// One input: a file, or a file found inside another.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Input {
    /// Number of the input, from 0.
    pub id: u32,
    /// Its name as given; never used to tell what it is.
    pub name: String,
    /// The input it was found in.
    pub inside: Option<u32>,
    /// Length in bytes.
    pub bytes: u64,
    /// MD5 of the bytes; empty when they could not be read, and for large captures, logs and archives.
    pub md5: String,
    /// SHA-1 of the bytes; empty when they could not be read, and for large captures, logs and archives.
    pub sha1: String,
    /// SHA-256 of the bytes; empty when they could not be read, and for large captures, logs and archives.
    pub sha256: String,
    /// What it was taken for, by content.
    pub kind: InputKind,
    /// What the user named it as.
    pub role: InputRole,
}

/// What an input was taken for, by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// zip, tar or gzip; its members are inputs of their own.
    Archive,
    /// pcap or pcapng.
    Capture,
    /// PEM, DER or PKCS#7.
    Certificate,
    /// PKCS#10: a certificate signing request.
    CertificateRequest,
    /// Phone configuration XML.
    Configuration,
    /// A certificate revocation list.
    Crl,
    /// 0 bytes.
    Empty,
    /// A TLS key log: secrets of sessions; never copied into a report.
    KeyLog,
    /// PKCS#12: certificates and keys under a password.
    Pkcs12,
    /// A private key; never copied into a report.
    PrivateKey,
    /// `.sgn`, `.enc.sgn` or signed firmware.
    SignedFile,
    /// Logs and listings; `logs` says which.
    Text,
    /// ITL or CTL.
    TrustList,
    /// None of the known kinds.
    Unknown,
    /// It could not be read; its length and digests are not known.
    Unreadable,
}

/// What the user named an input as.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InputRole {
    /// A private key for decryption (`--key`).
    Key,
    /// Seen on a server, on the wire, or simply dropped.
    #[default]
    Observed,
    /// A trust list that the phone held before the events (`--phone`).
    Phone,
    /// A trust anchor (`--trust`).
    Trust,
}

/// A trust list: header, records, verification.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrustList {
    /// The input it stands in.
    pub input: u32,
    /// `itl` or `ctl`.
    pub r#type: TrustListType,
    /// Version of the format, `major.minor`.
    pub version: Option<String>,
    /// Signer version (tag 28), `major.minor`.
    pub signer_version: Option<String>,
    /// Offset of the first record.
    pub header_length: Option<u64>,
    /// Digest of the signature: `sha1`, `sha256`, `sha512`, or the code that is none of these.
    pub digest: Option<String>,
    /// Bits of the signature block.
    pub signature_bits: Option<u64>,
    /// FILENAME of the header.
    pub filename: Option<String>,
    /// TIMESTAMP of the header.
    pub timestamp: Option<String>,
    /// Who signed, by the header's word.
    pub signer: Option<Signer>,
    /// Header elements that the format does not name.
    pub unknown_elements: Vec<UnknownElement>,
    /// The records in file order.
    pub records: Vec<Record>,
    /// Does the list's own signature hold, by the signer record it carries?
    pub verification: Verification,
    /// What could not be read, or is odd.
    pub problems: Vec<Problem>,
}

/// `itl` or `ctl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TrustListType {
    /// Certificate trust list.
    Ctl,
    /// Identity trust list.
    Itl,
}

/// Signer name, issuer and serial, as a header names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signer {
    /// Subject of the signer's certificate in the file's own rendering.
    pub name: String,
    /// Issuer of the signer's certificate.
    pub issuer: String,
    /// Serial as stored.
    pub serial: String,
}

/// A TLV element that the format does not name, kept and shown.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnknownElement {
    /// Tag.
    pub tag: u8,
    /// Offset of the tag.
    pub offset: u64,
    /// Length of the value.
    pub length: u64,
    /// The value's first bytes, hex.
    pub value: String,
}

/// One record of a trust list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Number of the record, from 1.
    pub n: u32,
    /// Offset of its first byte in the file; for a listing, in the file that it is of.
    pub offset: u64,
    /// RECORDLENGTH.
    pub length: u64,
    /// FUNCTION as a number.
    pub role: Option<u16>,
    /// FUNCTION in the words of `show itl`.
    pub function: String,
    /// DNSNAME.
    pub dns_name: String,
    /// SUBJECTNAME in the file's own rendering.
    pub subject: String,
    /// ISSUERNAME in the file's own rendering.
    pub issuer: String,
    /// SERIALNUMBER as stored.
    pub serial: Option<String>,
    /// SHA-256 of the certificate that the record carries.
    pub certificate: Option<String>,
    /// CERTHASH, hex.
    pub cert_hash: Option<String>,
    /// Name of the hash: `sha1`, or by the length of the value where the file does not say.
    pub hash_algorithm: Option<String>,
    /// IPADDRESS.
    pub ip_address: Option<String>,
    /// Type and size of PUBLICKEY.
    pub key: Option<Key>,
    /// The header names this record as the signer, and it is a System Administrator Security Token.
    pub signed_this_file: bool,
    /// Elements that the format does not name.
    pub unknown_elements: Vec<UnknownElement>,
}

/// Outcome of a check of trust.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verification {
    /// The outcome in one word.
    pub status: VerificationStatus,
    /// SHA-256 of the certificate that it was verified with.
    pub by: Option<String>,
    /// The role that the signer holds, where a trust list names it.
    pub role: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
}

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum VerificationStatus {
    /// Checked, and does not hold.
    Failed,
    /// Could not be checked; the reason says what is missing.
    Unverifiable,
    /// Checked, and holds.
    Verified,
}

/// What could not be read, or is odd, with its place.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Offset in the input.
    pub at: u64,
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl From<&ParseError> for Problem {
    fn from(error: &ParseError) -> Self {
        Self { at: error.at, field: error.field.clone(), message: error.kind.to_string() }
    }
}

/// A signed file: header, signer, what the body is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedFile {
    /// The input it stands in.
    pub input: u32,
    /// What the body is: `configuration`, `encrypted`, `firmware`, `other`.
    pub content: SignedContent,
    /// Version of the format, `major.minor`.
    pub version: Option<String>,
    /// Signer version (tag 28), `major.minor`.
    pub signer_version: Option<String>,
    /// Offset of the body.
    pub header_length: Option<u64>,
    /// Length of the body.
    pub body_length: u64,
    /// FILENAME of the header.
    pub filename: Option<String>,
    /// TIMESTAMP of the header.
    pub timestamp: Option<String>,
    /// Who signed, by the header's word.
    pub signer: Option<Signer>,
    /// Digest of the signature.
    pub digest: Option<String>,
    /// Bits of the signature block.
    pub signature_bits: Option<u64>,
    /// The body is encrypted for one phone.
    pub encrypted: bool,
    /// What became of the encrypted body.
    pub decryption: Option<Decryption>,
    /// Does the signature hold, and by whom?
    pub verification: Verification,
    /// Header elements that the format does not name.
    pub unknown_elements: Vec<UnknownElement>,
    /// What could not be read, or is odd.
    pub problems: Vec<Problem>,
}

/// What the body of a signed file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignedContent {
    /// Phone configuration XML.
    Configuration,
    /// Encrypted for one phone.
    Encrypted,
    /// A firmware image; its signing rule is not public.
    Firmware,
    /// Anything else: tones, pictures, dial plans, archives.
    Other,
}

/// What became of an encrypted body.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decryption {
    /// The outcome in one word.
    pub status: DecryptionStatus,
    /// Bits of the wrapped key.
    pub key_bits: Option<u16>,
    /// Why, in one sentence.
    pub reason: String,
    /// The configuration in clear as text, credentials masked; only when decrypted.
    pub text: Option<String>,
}

/// What became of an encrypted body, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DecryptionStatus {
    /// Decrypted; the digest of the header matches.
    Decrypted,
    /// A key was given, and it does not fit or the content is damaged.
    Failed,
    /// No private key was given.
    NoKey,
}

/// What a phone configuration says about trust.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Configuration {
    /// The input it stands in.
    pub input: u32,
    /// Device name, where the file name in the header or the XML gives it.
    pub device: Option<String>,
    /// Load (firmware) that the phone should run.
    pub load: Option<String>,
    /// `fullConfig`: false in the short file that points to the encrypted one.
    pub full_config: Option<bool>,
    /// `encrConfig`: an encrypted configuration stands beside this one.
    pub encrypted_config: Option<bool>,
    /// `deviceSecurityMode` as a number: 1 non-secure, 2 authenticated, 3 encrypted.
    pub security_mode: Option<u8>,
    /// `certHash`: MD5 of the device certificate that the encrypted file was made for.
    pub certificate_hash: Option<String>,
    /// `capfAuthMode`.
    pub capf_auth_mode: Option<String>,
    /// CallManager group in order of priority.
    pub call_managers: Vec<Server>,
    /// TVS servers.
    pub tvs_servers: Vec<Server>,
    /// CAPF servers.
    pub capf_servers: Vec<Server>,
    /// URLs by element name.
    pub urls: Vec<NamedUrl>,
    /// Names of elements that hold credentials; the values are never copied.
    pub credentials: Vec<CredentialField>,
}

/// A server in a phone configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Server {
    /// Name or address.
    pub name: String,
    /// Port, where one is given.
    pub port: Option<u16>,
}

/// A URL in a phone configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedUrl {
    /// Element name, for example `secureAuthenticationURL`.
    pub name: String,
    /// The URL, user information masked.
    pub url: String,
}

/// An element that holds a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialField {
    /// Element name.
    pub name: String,
    /// Offset of the element in the input; in a decrypted body, offset in the body.
    pub offset: u64,
    /// Length of the value in characters.
    pub length: usize,
}

/// A certificate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Certificate {
    /// SHA-256 of the DER.
    pub sha256: String,
    /// SHA-1 of the DER.
    pub sha1: String,
    /// MD5 of the DER.
    pub md5: String,
    /// X.509 version, from 1.
    pub version: u32,
    /// Subject, in certificate order.
    pub subject: String,
    /// Issuer, in certificate order.
    pub issuer: String,
    /// Serial.
    pub serial: String,
    /// Subject key identifier.
    pub ski: Option<String>,
    /// Key identifier of the authority key identifier.
    pub aki: Option<String>,
    /// First second of validity; the raw text where it is no date.
    pub not_before: String,
    /// Last second of validity; the raw text where it is no date.
    pub not_after: String,
    /// Public key.
    pub key: Key,
    /// Signature algorithm as OpenSSL names it.
    pub signature: String,
    /// Names of the subjectAltName extension.
    pub san: SubjectAltNames,
    /// Key usage, in the order of the bits.
    pub key_usage: Vec<String>,
    /// Extended key usage.
    pub extended_key_usage: Vec<String>,
    /// basicConstraints says CA.
    pub ca: bool,
    /// Subject and issuer are the same and the signature verifies with its own key.
    pub self_signed: bool,
    /// Length of the DER.
    pub bytes: usize,
    /// Every place it was seen.
    pub seen_in: Vec<SeenIn>,
    /// What could not be read, or is odd; offsets in the DER.
    pub problems: Vec<Problem>,
}

/// A certificate request: what a product asks a CA to certify.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CertificateRequest {
    /// The input it stands in.
    pub input: u32,
    /// Offset in the input.
    pub offset: u64,
    /// SHA-256 of the DER.
    pub sha256: String,
    /// Subject, in the order of the request.
    pub subject: String,
    /// Public key.
    pub key: Key,
    /// Signature algorithm as OpenSSL names it.
    pub signature: String,
    /// Does its signature hold with its own key?
    pub verification: Verification,
    /// Names that the subjectAltName extension asks for.
    pub san: SubjectAltNames,
    /// Key usage that it asks for, in the order of the bits.
    pub key_usage: Vec<String>,
    /// Extended key usage that it asks for.
    pub extended_key_usage: Vec<String>,
    /// It asks for a CA certificate.
    pub ca: bool,
    /// SHA-256 of the certificates with the same public key.
    pub certificates: Vec<String>,
    /// What could not be read, or is odd; offsets in the DER.
    pub problems: Vec<Problem>,
}

/// A private key. Its bytes are never copied.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrivateKey {
    /// The input it stands in.
    pub input: u32,
    /// Offset in the input; of the whole container for PKCS#12.
    pub offset: u64,
    /// `rsa`, `ec`, `ed25519`, `dsa`, the object identifier, or `unknown`.
    pub r#type: String,
    /// Size in bits; 0 when not known.
    pub bits: u32,
    /// The password it is under.
    pub protection: Protection,
    /// SHA-256 of the certificates with its public key.
    pub certificates: Vec<String>,
}

/// A PKCS#12 container: certificates and keys under a password.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Store {
    /// The input it stands in.
    pub input: u32,
    /// Offset in the input.
    pub offset: u64,
    /// The password it is under.
    pub protection: Protection,
    /// What its parts are encrypted with, as OpenSSL names it.
    pub encryption: Vec<String>,
    /// What tells that it was changed; absent where nothing does.
    pub mac: Option<String>,
    /// Is the content what its maker put in? `verified`: the MAC holds with the password.
    pub verification: Verification,
    /// Certificates that were read in it.
    pub certificates: usize,
    /// Private keys that stand in it, opened or not.
    pub keys: usize,
}

/// What a password protects, and whether it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// It is under no password, or under the empty one.
    Clear,
    /// No password was given.
    NeedsPassword,
    /// A password that was given opened it.
    Opened,
    /// It was not opened, for a reason that is no password's.
    Unsupported,
    /// None of the passwords that were given opens it, or it was changed.
    WrongPassword,
}

/// A certificate revocation list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevocationList {
    /// The input it stands in.
    pub input: u32,
    /// Offset in the input.
    pub offset: u64,
    /// Issuer, in the order of the list.
    pub issuer: String,
    /// Number of the list, lower-case hex.
    pub number: Option<String>,
    /// Key identifier of the authority key identifier.
    pub aki: Option<String>,
    /// When it was made; the raw text where it is no date.
    pub this_update: String,
    /// When the next one is due; the raw text where it is no date.
    pub next_update: Option<String>,
    /// Signature algorithm as OpenSSL names it.
    pub signature: String,
    /// Certificates that it revokes.
    pub revoked: usize,
    /// What could not be read, or is odd; offsets in the DER.
    pub problems: Vec<Problem>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Key {
    /// `rsa`, `ec`, `ed25519`, or the object identifier.
    pub r#type: String,
    /// Size in bits; 0 when not known.
    pub bits: u32,
    /// Curve, for EC keys.
    pub curve: Option<String>,
}

/// Names of a subjectAltName extension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubjectAltNames {
    /// dNSName.
    pub dns: Vec<String>,
    /// iPAddress.
    pub ip: Vec<String>,
    /// uniformResourceIdentifier.
    pub uri: Vec<String>,
    /// rfc822Name.
    pub email: Vec<String>,
    /// directoryName, in certificate order.
    pub directory: Vec<String>,
    /// registeredID, dotted.
    pub registered_id: Vec<String>,
    /// otherName.
    pub other: Vec<OtherName>,
}

/// An otherName of a subjectAltName extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherName {
    /// What it is, as OpenSSL names it (`msUPN`), else the dotted object identifier.
    pub r#type: String,
    /// Its text; `#` and the hex of the first bytes of its DER where it is none.
    pub value: String,
}

/// What three judges say about one address that clients use for the owner of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NameCheck {
    /// As it was given.
    pub address: String,
    /// What kind of address it is.
    pub kind: NameKind,
    /// OpenSSL: `X509_check_ip` for an IP address, else `X509_check_host` without flags.
    pub openssl: bool,
    /// Traffic Server's own comparison.
    pub traffic_server: TrafficServerNames,
    /// A browser; without the public suffix list.
    pub browser: bool,
    /// The name that matches: OpenSSL's, else the browser's, else Traffic Server's.
    pub matched_by: Option<PresentedName>,
    /// Names that come close, where not everyone accepts the address.
    pub near_misses: Vec<NearMiss>,
}

/// Kind of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A name with a dot.
    Fqdn,
    /// A name without a dot.
    Short,
    /// An IP address.
    Ip,
}

/// What the releases of Traffic Server say about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrafficServerNames {
    /// 8.1.
    pub v8_1: NameMatch,
    /// 9.0.
    pub v9_0: NameMatch,
    /// 9.2.
    pub v9_2: NameMatch,
}

/// Whether a name matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Accepted without a comparison: the common name cannot be converted to UTF-8.
    Unread,
}

/// A name that a certificate holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresentedName {
    /// Where it stands.
    pub kind: PresentedKind,
    /// Its text, hidden characters made visible.
    pub value: String,
}

/// Where a name stands in a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PresentedKind {
    /// dNSName.
    Dns,
    /// iPAddress.
    IpAddress,
    /// rfc822Name.
    Email,
    /// SmtpUTF8Mailbox, an otherName.
    Mailbox,
    /// commonName of the subject.
    CommonName,
    /// emailAddress of the subject.
    EmailAddress,
}

/// A name that comes close to the one asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NearMiss {
    /// The name.
    pub name: PresentedName,
    /// Why it does not count for everyone.
    pub reason: NearMissReason,
}

/// Why a name does not count for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NearMissReason {
    /// The common name would match, but there is a dNSName: only Traffic Server still looks at it.
    CommonNameBesideDns,
    /// The common name matches, but browsers never look at it.
    CommonNameForBrowser,
    /// The iPAddress matches, but Traffic Server never looks at it.
    AddressForTrafficServer,
    /// The address stands there as a name: only Traffic Server looks at it.
    AddressAsText,
    /// Only the dot at the end differs: browsers ignore it, the others do not.
    TrailingDot,
    /// The same host, once with its domain and once without.
    ShortName,
    /// The same host in another domain.
    OtherDomain,
    /// Another host of the same domain.
    OtherHost,
    /// The wildcard covers one label, and the name has more or fewer.
    WildcardOtherDepth,
    /// Of the judges, only Traffic Server from 9.0 on and browsers let a wildcard cover an underscore.
    WildcardUnderscore,
    /// The wildcard would cover the name, but not every judge takes a `*` at this place.
    WildcardForm,
}

/// A place where a certificate was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenIn {
    /// The input.
    pub input: u32,
    /// Record of a trust list.
    pub record: Option<u32>,
    /// Frame of a capture.
    pub frame: Option<u64>,
    /// Offset in the input.
    pub offset: Option<u64>,
    /// Line of a text.
    pub line: Option<u64>,
    /// True where only the certificate's hash stands, not the certificate.
    pub by_hash: bool,
}

/// The certificate of an origin, and what a traffic server with the given trust store makes of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Chain {
    /// SHA-256 of the certificate that the origin presents.
    pub certificate: String,
    /// Whose rules and words: a profile of `tlvet chain`.
    pub profile: String,
    /// Security level, 0 to 2.
    pub level: u8,
    /// It is accepted, names apart; absent when no trust store was given.
    pub ok: Option<bool>,
    /// Number of the first error as OpenSSL numbers it; 0 when there is none.
    pub code: u32,
    /// Depth of the first error: 0 is the origin's certificate.
    pub depth: u32,
    /// The first error in the words of the profile's version; `ok` when there is none.
    pub error: String,
    /// Every error, the first one included: the product stops at the first.
    pub all: Vec<ChainFailure>,
    /// The certificates from the origin's upward, as far as the chain goes.
    pub path: Vec<ChainLink>,
    /// The issuer that is not there.
    pub missing: Option<MissingIssuer>,
    /// Two ways to link the same certificates.
    pub views: ChainViews,
    /// The addresses tried: those that clients use, else the usual spellings of the node's own name.
    pub names: Vec<NameCheck>,
}

/// An error of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainFailure {
    /// Number as OpenSSL numbers it.
    pub code: u32,
    /// Depth; 0 is the origin's certificate.
    pub depth: u32,
    /// In the words of the profile's version.
    pub error: String,
}

/// A certificate of a chain, and what holds between it and the one above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainLink {
    /// SHA-256 of the certificate.
    pub certificate: String,
    /// Depth; 0 is the origin's certificate.
    pub depth: u32,
    /// It stands in the trust store.
    pub in_store: bool,
    /// What was checked on it and on its link to the certificate above.
    pub checks: Vec<ChainCheck>,
}

/// One check on a certificate of a chain or on its link to the certificate above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainCheck {
    /// What was checked.
    pub check: ChainCheckKind,
    /// Whether it holds.
    pub holds: bool,
    /// The values that were compared.
    pub values: Vec<String>,
}

/// What is checked on a certificate of a chain or on its link to the certificate above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChainCheckKind {
    /// The certificate above may issue: basicConstraints and keyUsage.
    IssuerIsCa,
    /// The authority key identifier is the subject key identifier above; left out where either is absent.
    KeyIdentifiers,
    /// The issuer's name is the subject's name above.
    Names,
    /// The signature verifies with the key above.
    Signature,
    /// Within its validity at the time of judgement.
    Validity,
}

/// The issuer that a chain lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingIssuer {
    /// Depth at which it would stand.
    pub depth: u32,
    /// Its subject: the issuer's name in the certificate below.
    pub subject: String,
    /// Its subject key identifier: the authority key identifier in the certificate below.
    pub key_identifier: Option<String>,
}

/// The same certificates linked in two ways: by names as in a listing, by key identifiers as CUCM does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainViews {
    /// SHA-256 of the certificates by issuer and subject name, the origin's first.
    pub by_names: Vec<String>,
    /// SHA-256 of the certificates by authority and subject key identifier, the origin's first.
    pub by_key_identifiers: Vec<String>,
    /// Depth at which the two part.
    pub differ_at: Option<u32>,
}

/// What Expressway's traffic server (X14.2 and newer) will do with a request to an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Forecast {
    /// The address that clients use.
    pub address: String,
    /// The port, where one was given.
    pub port: Option<u16>,
    /// SHA-256 of the certificate presented there; absent when none of the inputs can be it.
    pub certificate: Option<String>,
    /// The chain is accepted; absent when no trust store was given.
    pub trusted: Option<bool>,
    /// The address stands in the certificate, by Traffic Server's rule; absent when it is not known which is presented.
    pub named: Option<bool>,
    /// What the traffic server will log, line by line; it stops at the first fault, so the second line is seen only
    /// after the first is cured.
    pub log: Vec<String>,
}

/// A packet capture.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capture {
    /// The input it stands in.
    pub input: u32,
    /// Packets, a cut last one included.
    pub packets: u64,
    /// Time of the earliest packet.
    pub first: Option<String>,
    /// Time of the latest packet.
    pub last: Option<String>,
    /// Packets of which the file has not all bytes.
    pub truncated_packets: u64,
    /// Packets that are no IP, or of link types that are not read.
    pub other_packets: u64,
    /// A cap was met: something that might have been told is missing.
    pub limited: bool,
    /// The file was read to its end; false when reading was stopped before.
    pub whole: bool,
    /// Connections in the order in which they began.
    pub flows: Vec<Flow>,
    /// Files that were asked for.
    pub transfers: Vec<Transfer>,
    /// Names that were asked for.
    pub dns: Vec<DnsQuestion>,
    /// What phones did while they booted, one entry for each phone, by address.
    pub boots: Vec<Boot>,
    /// What is wrong or odd with the file.
    pub problems: Vec<Problem>,
}

/// What a capture has shown while it is being read: how much of everything until now, and what came since it was last asked for.
#[derive(Clone, Debug, Serialize)]
pub struct CaptureSoFar {
    /// Packets until now.
    pub packets: u64,
    /// Time of the latest packet.
    pub last: Option<String>,
    /// Connections that have ended.
    pub connections: usize,
    /// Those of them that somebody refused: by an alert, by a reset, or by an end in place of an answer.
    pub refused: usize,
    /// The latest connections that ended since this was last asked for, at most [`crate::limits::FLOWS_SO_FAR`].
    pub flows: Vec<Flow>,
    /// Files whose transfer has ended.
    pub transfers: usize,
    /// Transfers that did not come whole.
    pub failed: usize,
    /// Names that were answered.
    pub names: usize,
    /// Names without an answer that helps.
    pub unknown: usize,
    /// Certificates of connections that were not told before.
    pub certificates: Vec<CertificateSoFar>,
}

/// A certificate in a capture that is being read.
#[derive(Clone, Debug, Serialize)]
pub struct CertificateSoFar {
    /// SHA-256 of its DER.
    pub sha256: String,
    /// Subject, in certificate order; empty where it cannot be read.
    pub subject: String,
}

/// A connection in a capture.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flow {
    /// From 1, in the order of first packets; TCP and UDP count for themselves.
    pub id: u64,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Who called: `10.48.36.46:31576`, `[2001:db8::1]:31576`.
    pub client: String,
    /// Who was called.
    pub server: String,
    /// What the server's port stands for in this field.
    pub service: Option<String>,
    /// Its first packet.
    pub first_frame: u64,
    /// Time of its first packet.
    pub first: String,
    /// Its last packet.
    pub last_frame: u64,
    /// Holes in both streams.
    pub gaps: u64,
    /// What happened on it, by frame: what a ladder diagram shows.
    pub steps: Vec<FlowStep>,
    /// What TLS or DTLS tells.
    pub tls: Option<TlsSession>,
    /// `fin`, `rst` or `none`.
    pub ended_by: String,
}

/// Something that happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlowStep {
    /// What.
    pub step: FlowStepKind,
    /// `client` or `server`.
    pub from: String,
    /// The packet; the one that completes it where it takes several.
    pub frame: u64,
    /// Time of that packet.
    pub time: String,
}

/// What happens on a connection. Details of hellos, certificates and alerts stand in [`TlsSession`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FlowStepKind {
    /// TCP: a side opens its direction.
    Syn,
    /// The client offers.
    ClientHello,
    /// The server asks for another offer.
    RetryRequest,
    /// The server chooses.
    ServerHello,
    /// A side shows its certificates.
    Certificate,
    /// The server asks for a certificate.
    CertificateRequest,
    /// The client was asked for a certificate and has none.
    NoCertificate,
    /// First encrypted record of a side.
    Encrypted,
    /// An alert; in the order of [`TlsSession::alerts`].
    Alert,
    /// TCP: a side has nothing more to say.
    Fin,
    /// TCP: a side refuses or breaks off.
    Rst,
}

/// What TLS or DTLS tells of a connection.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TlsSession {
    /// What the client offers.
    pub client_hello: Option<ClientHello>,
    /// What the server chose.
    pub server_hello: Option<ServerHello>,
    /// An earlier session is resumed: no certificates are sent.
    pub resumed: bool,
    /// The server's certificates can be seen.
    pub certificates_visible: bool,
    /// Why not: `resumed`, `hidden` by TLS 1.3, `not_captured`, `not_sent`; absent when they can.
    pub certificates_hidden_by: Option<String>,
    /// SHA-256 of the certificates that the server showed, its own first.
    pub server_certificates: Vec<String>,
    /// SHA-256 of the certificates that the client showed, its own first.
    pub client_certificates: Vec<String>,
    /// Alerts in their order.
    pub alerts: Vec<TlsAlert>,
}

/// What a client offers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientHello {
    /// The packet that completes it.
    pub frame: u64,
    /// Version of the record, `0x0301`.
    pub record_version: String,
    /// Version in the message, `0x0303`.
    pub version: String,
    /// Versions of the extension of TLS 1.3.
    pub supported_versions: Vec<String>,
    /// Name of the server that is asked for.
    pub sni: Option<String>,
    /// Cipher suites in the client's order, `0xc02c`.
    pub cipher_suites: Vec<String>,
    /// Application protocols.
    pub alpn: Vec<String>,
    /// Salesforce's JA3.
    pub ja3: String,
    /// FoxIO's JA4.
    pub ja4: String,
}

/// What a server chose.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServerHello {
    /// The packet that completes it.
    pub frame: u64,
    /// The version that is spoken.
    pub version: String,
    /// The suite that is spoken.
    pub cipher_suite: String,
}

/// An alert.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TlsAlert {
    /// `client` or `server`.
    pub from: String,
    /// `warning`, `fatal`, or the number; `encrypted` when it cannot be read.
    pub level: String,
    /// Its name (`unknown_ca`), or the number; empty when it cannot be read.
    pub description: String,
    /// The packet that completes it.
    pub frame: u64,
}

/// A file that was asked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transfer {
    /// `tftp` or `http`.
    pub protocol: String,
    /// `read` or `write`.
    pub operation: String,
    /// Who asked.
    pub client: Option<String>,
    /// Who was asked.
    pub server: Option<String>,
    /// Name as asked for.
    pub name: String,
    /// How far it went.
    pub status: TransferStatus,
    /// What the side that said no said: code and words.
    pub error: Option<String>,
    /// Bytes that were carried.
    pub bytes: u64,
    /// SHA-256 of the whole file.
    pub sha256: Option<String>,
    /// The request, or the first packet of the answer.
    pub frame: u64,
    /// Time of that packet.
    pub time: String,
    /// The last packet that told something of it.
    pub last_frame: u64,
    /// Time of that packet.
    pub last: String,
    /// The TCP connection that carried it; absent for TFTP.
    pub flow: Option<u64>,
    /// The input that the file is.
    pub input: Option<u32>,
}

/// How far a transfer went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TransferStatus {
    /// Every byte is there.
    Complete,
    /// A side said no.
    Error,
    /// Bytes are missing, or the end was not seen.
    Incomplete,
}

/// A name that was asked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsQuestion {
    /// The answer, or the last question.
    pub frame: u64,
    /// Time of that packet.
    pub time: String,
    /// Who asked.
    pub client: String,
    /// Who was asked.
    pub server: String,
    /// The name.
    pub name: String,
    /// `A`, `AAAA`, `SRV`.
    pub r#type: String,
    /// `NOERROR`, `NXDOMAIN`; absent when no answer is in the capture.
    pub rcode: Option<String>,
    /// Data of the answers.
    pub answers: Vec<String>,
}

/// What one phone did in a capture, in the order of first packets: files, names, TVS and CAPF. A phone is an address that
/// asked for a trust list or a configuration.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Boot {
    /// The phone's address.
    pub client: String,
    /// Its device name, where the names of its files tell it: `SEP001122334455`.
    pub device: Option<String>,
    /// In the order of their first packets.
    pub steps: Vec<BootStep>,
    /// Steps beyond those listed.
    pub more_steps: usize,
}

/// One thing that a phone did.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BootStep {
    /// Its first packet; of a name, the answer or the last question.
    pub frame: u64,
    /// Its last packet.
    pub last_frame: u64,
    /// When it began, in UTC, to the microsecond.
    pub time: String,
    /// What it was.
    pub kind: BootStepKind,
    /// File, name, or address of the service.
    pub name: String,
    /// Who was asked.
    pub server: Option<String>,
    /// What became of it.
    pub outcome: BootOutcome,
    /// What a side that said no said: `404 Not Found`, `NXDOMAIN`, `unknown_ca`.
    pub said: Option<String>,
    /// Bytes of the file that came.
    pub bytes: Option<u64>,
    /// The input that the file is.
    pub input: Option<u32>,
    /// Index of the connection in `flows`, for services.
    pub flow: Option<usize>,
}

/// What a phone did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BootStepKind {
    /// A connection to CAPF.
    Capf,
    /// A configuration was asked for.
    Configuration,
    /// A CTL was asked for.
    Ctl,
    /// Another file was asked for.
    File,
    /// An ITL was asked for.
    Itl,
    /// A name was asked for.
    Name,
    /// A connection to TVS.
    Tvs,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BootOutcome {
    /// The server does not have it.
    Absent,
    /// It ended before it was done, and nothing readable says why.
    Broken,
    /// The file came whole, the name has an answer, TLS came up.
    Done,
    /// Part of the file came.
    Incomplete,
    /// A side said no.
    Refused,
    /// Nothing came back.
    Unanswered,
    /// The capture does not tell.
    Unknown,
}

/// A log or listing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Log {
    /// The input it stands in.
    pub input: u32,
    /// What its lines were understood as: one entry for each format in the input.
    pub format: String,
    /// Lines of the input.
    pub lines: u64,
    /// Lines of this format.
    pub recognised: u64,
}

/// A dated event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEvent {
    /// When: RFC 3339 in UTC; as the log prints it where it prints no year or no zone and no event of a dated input is
    /// shared.
    pub time: String,
    /// The input it comes from.
    pub input: u32,
    /// Line of a log.
    pub line: Option<u64>,
    /// Frame of a capture.
    pub frame: Option<u64>,
    /// Kind of event: `transfer`, `tls-refused`, `origin-refused`, `phone`.
    pub event: String,
    /// The event in words, or the line of the log.
    pub text: String,
    /// The phone that it is about, where the input tells.
    pub device: Option<String>,
    /// The server that it is about: name or address, with its port where that is known.
    pub server: Option<String>,
    /// Whether something failed (`warning`) or just happened (`info`).
    pub severity: Severity,
}

/// What is wrong, or right.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Stable code; also the name of its source file, its message and its test folder.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What is wrong and why we know.
    pub detail: String,
    /// What to do, in order.
    pub remedy: Vec<String>,
    /// What not to do.
    pub do_not: Vec<String>,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
    /// What it is about, as far as its values name it.
    pub about: Vec<Subject>,
    /// Indices in `findings` of what directly led to it.
    pub caused_by: Vec<usize>,
    /// Domain items and public references.
    pub refs: Vec<String>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Device name in upper case, address, host name in lower case, SHA-256.
    pub value: String,
}

/// Kind of what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// An IP address.
    Address,
    /// A certificate, by its SHA-256.
    Certificate,
    /// A phone or another endpoint.
    Device,
    /// A host name.
    Host,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something fails, or will.
    Error,
    /// Something is weak or will fail later.
    Warning,
    /// Worth knowing.
    Info,
    /// Checked and sound.
    Good,
}

/// Where a finding stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The input.
    pub input: u32,
    /// Frame of a capture.
    pub frame: Option<u64>,
    /// Offset in the input.
    pub offset: Option<u64>,
    /// Line of a text.
    pub line: Option<u64>,
    /// Record of a trust list.
    pub record: Option<u32>,
    /// The line itself, or its beginning, where it is one of a log.
    pub text: Option<String>,
}

/// A check that was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skipped {
    /// The finding's code.
    pub code: String,
    /// Why it was not made.
    pub outcome: SkipOutcome,
    /// What it would need.
    pub needs: String,
}

/// Why a check was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SkipOutcome {
    /// The inputs do not call for it.
    NotApplicable,
    /// The inputs call for it, but do not decide it; the verdict cannot be `pass`.
    NotEnoughEvidence,
}
