//! Every text of a report, one by one, with what it is: what redaction walks over.
//!
//! Each type names all its fields, so that a new field does not compile until somebody has said what it holds.

use crate::report::model::{
    Boot, BootStep, Capture, Cause, Certificate, CertificateRequest, Chain, ChainCheck,
    ChainFailure, ChainLink, ChainViews, ClientHello, Configuration, CredentialField, Decryption,
    DnsQuestion, Evidence, Finding, Flow, FlowStep, Forecast, Input, Key, Log, MissingIssuer,
    NameCheck, NamedUrl, NearMiss, OtherName, PresentedName, PrivateKey, Problem, Record, Report,
    RevocationList, SeenIn, Server, ServerHello, SignedFile, Signer, Skipped, Store, Subject,
    SubjectAltNames, Summary, TimelineEvent, TlsAlert, TlsSession, Tool, TrafficServerNames,
    Transfer, TrustList, UnknownElement, Verification,
};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A device name.
    Device,
    /// A distinguished name.
    Name,
    /// The name of a file that the user gave.
    File,
    /// A host name or an address, with or without a port.
    Host,
    /// Anything.
    Text,
    /// The content of something nobody knows: it may hold every kind of name.
    Unknown,
}

/// Shown each text.
pub(super) type Visit<'v> = dyn FnMut(Kind, &mut String) + 'v;

/// A part of a report that holds texts.
pub(super) trait Texts {
    /// Shows each text to `visit`; `kind` is what the part as a whole is.
    fn texts(&mut self, kind: Kind, visit: &mut Visit<'_>);
}

impl Texts for String {
    fn texts(&mut self, kind: Kind, visit: &mut Visit<'_>) {
        visit(kind, self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn texts(&mut self, kind: Kind, visit: &mut Visit<'_>) {
        if let Some(part) = self {
            part.texts(kind, visit);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn texts(&mut self, kind: Kind, visit: &mut Visit<'_>) {
        for part in self {
            part.texts(kind, visit);
        }
    }
}

/// Fields by what they are. `keep`: numbers, words of ours, times, serials and digests, which redaction leaves as they are.
macro_rules! texts {
    ($($part:ident { $($kind:ident($($field:ident),*))* })*) => {$(
        impl Texts for $part {
            #[allow(unused_variables, reason = "some parts hold only what is kept, others nothing of that")]
            fn texts(&mut self, kind: Kind, visit: &mut Visit<'_>) {
                let Self { $($($field,)*)* } = self;
                $($(texts!(@ $kind, $field, visit);)*)*
            }
        }
    )*};
    (@ keep, $field:ident, $visit:ident) => {};
    (@ device, $field:ident, $visit:ident) => { $field.texts(Kind::Device, $visit) };
    (@ dn, $field:ident, $visit:ident) => { $field.texts(Kind::Name, $visit) };
    (@ file, $field:ident, $visit:ident) => { $field.texts(Kind::File, $visit) };
    (@ host, $field:ident, $visit:ident) => { $field.texts(Kind::Host, $visit) };
    (@ text, $field:ident, $visit:ident) => { $field.texts(Kind::Text, $visit) };
    (@ wipe, $field:ident, $visit:ident) => { $field.texts(Kind::Unknown, $visit) };
}

texts! {
    Boot { keep(more_steps) text(client, steps) device(device) }
    BootStep { keep(frame, last_frame, time, kind, outcome, bytes, input, flow) text(name, server, said) }
    Capture { keep(input, packets, first, last, truncated_packets, other_packets, limited, whole) text(flows, transfers, dns, boots, problems) }
    Cause { keep(code, finding, consequences, alternatives) text(sentence, decide) }
    Certificate { keep(sha256, sha1, md5, version, serial, ski, aki, not_before, not_after, signature, key_usage, extended_key_usage, ca, self_signed, bytes) text(key, san, seen_in, problems) dn(subject, issuer) }
    CertificateRequest { keep(input, offset, sha256, signature, key_usage, extended_key_usage, ca, certificates) text(key, verification, san, problems) dn(subject) }
    Chain { keep(certificate, profile, level, ok, code, depth, error) text(all, path, missing, views, names) }
    ChainCheck { keep(check, holds) text(values) }
    ChainFailure { keep(code, depth, error) }
    ChainLink { keep(certificate, depth, in_store) text(checks) }
    ChainViews { keep(by_names, by_key_identifiers, differ_at) }
    ClientHello { keep(frame, record_version, version, supported_versions, cipher_suites, alpn, ja3, ja4) host(sni) }
    Configuration { keep(input, load, full_config, encrypted_config, security_mode, certificate_hash, capf_auth_mode) text(call_managers, tvs_servers, capf_servers, urls, credentials) device(device) }
    CredentialField { keep(name, offset, length) }
    Decryption { keep(status, key_bits) text(reason) wipe(text) }
    DnsQuestion { keep(frame, time, r#type, rcode) text(client, server, answers) host(name) }
    Evidence { keep(input, frame, offset, line, record) text(text) }
    Finding { keep(code, severity, caused_by, refs) text(title, detail, remedy, do_not, evidence, about) }
    Flow { keep(id, transport, service, first_frame, first, last_frame, gaps, ended_by) text(client, server, steps, tls) }
    FlowStep { keep(step, from, frame, time) }
    Forecast { keep(port, certificate, trusted, named) text(log) host(address) }
    Input { keep(id, inside, bytes, md5, sha1, sha256, kind, role) file(name) }
    Key { keep(r#type, bits, curve) }
    Log { keep(input, format, lines, recognised) }
    MissingIssuer { keep(depth, key_identifier) dn(subject) }
    NameCheck { keep(kind, openssl, browser) text(traffic_server, matched_by, near_misses) host(address) }
    NamedUrl { keep(name) text(url) }
    NearMiss { keep(reason) text(name) }
    OtherName { keep(r#type) wipe(value) }
    PresentedName { keep(kind) text(value) }
    PrivateKey { keep(input, offset, r#type, bits, protection, certificates) }
    Problem { keep(at, field) text(message) }
    Record { keep(n, offset, length, role, function, serial, certificate, cert_hash, hash_algorithm, signed_this_file) text(ip_address, key, unknown_elements) host(dns_name) dn(subject, issuer) }
    Report { keep(schema, now, redacted, timeline_left_out) text(tool, summary, inputs, trust_lists, signed_files, configurations, certificates, certificate_requests, revocation_lists, private_keys, stores, chains, forecast, captures, logs, timeline, findings, skipped) }
    RevocationList { keep(input, offset, number, aki, this_update, next_update, signature, revoked) text(problems) dn(issuer) }
    SeenIn { keep(input, record, frame, offset, line, by_hash) }
    Server { keep(port) host(name) }
    ServerHello { keep(frame, version, cipher_suite) }
    SignedFile { keep(input, content, version, signer_version, header_length, body_length, timestamp, digest, signature_bits, encrypted) text(filename, signer, decryption, verification, unknown_elements, problems) }
    Signer { keep(serial) dn(name, issuer) }
    Skipped { keep(code, outcome) text(needs) }
    Store { keep(input, offset, protection, encryption, mac, certificates, keys) text(verification) }
    Subject { keep(kind) text(value) }
    SubjectAltNames { keep(registered_id) text(ip, uri, email, other) host(dns) dn(directory) }
    Summary { keep(verdict, errors, warnings) text(sentence, causes) }
    TimelineEvent { keep(time, input, line, frame, event, severity) text(text, server) device(device) }
    TlsAlert { keep(from, level, description, frame) }
    TlsSession { keep(resumed, certificates_visible, certificates_hidden_by, server_certificates, client_certificates) text(client_hello, server_hello, alerts) }
    Tool { keep(name, version) }
    TrafficServerNames { keep(v8_1, v9_0, v9_2) }
    Transfer { keep(protocol, operation, status, bytes, sha256, frame, time, last_frame, last, flow, input) text(client, server, name, error) }
    TrustList { keep(input, r#type, version, signer_version, header_length, digest, signature_bits, timestamp) text(filename, signer, unknown_elements, records, verification, problems) }
    UnknownElement { keep(tag, offset, length) wipe(value) }
    Verification { keep(status, by, role) text(reason) }
}
